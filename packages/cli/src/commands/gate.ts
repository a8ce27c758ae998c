import {Flags} from '@oclif/core';
import {allowInconclusiveFlag, configFlag, runFlag, runsFlag} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Gate extends TandemCommand {
  static override summary = 'judge a run again: 0 pass, 10 fail, 11 inconclusive';
  static override description = 'Reads evidence from the run folder and judges it with the gates of the migration as they stand now. Writes result.json, and JUnit or Markdown when asked.';
  static override flags = {run: runFlag, runs: runsFlag, config: configFlag, 'allow-inconclusive': allowInconclusiveFlag,
    format: Flags.string({description: 'also write', options: ['junit', 'md', 'ctrf'], multiple: true, default: []})};

  protected override async work(): Promise<number> {
    const {gateWork} = await import('../work/gate-work.ts');
    return gateWork(this.workContext());
  }
}
