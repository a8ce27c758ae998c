import {Flags} from '@oclif/core';
import {runFlag, runsFlag} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Diff extends TandemCommand {
  static override summary = 'differences of a run by cause, biggest first';
  static override flags = {run: runFlag, runs: runsFlag, top: Flags.integer({description: 'so many groups', default: 20, min: 1, max: 1000}),
    floor: Flags.boolean({description: 'legacy against itself instead'})};

  protected override async work(): Promise<number> {
    const {diffWork} = await import('../work/diff-work.ts');
    return diffWork(this.workContext());
  }
}
