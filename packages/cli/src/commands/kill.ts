import {Flags} from '@oclif/core';
import {runFlag, runsFlag} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Kill extends TandemCommand {
  static override summary = 'the kill switch: everything back to legacy at once, or halt';
  static override description = 'Talks to the egress gate itself, so it works when the controller is dead. Needs no confirmation; asking twice changes nothing.';
  static override flags = {run: runFlag, runs: runsFlag, halt: Flags.boolean({description: 'release nothing at all instead of returning to legacy'})};

  protected override async work(): Promise<number> {
    const {killWork} = await import('../work/canary-work.ts');
    return killWork(this.workContext());
  }
}
