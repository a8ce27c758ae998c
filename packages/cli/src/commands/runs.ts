import {Flags} from '@oclif/core';
import {runsFlag} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Runs extends TandemCommand {
  static override summary = 'the runs that there are, latest first: kind, verdict, messages compared';
  static override flags = {runs: runsFlag, top: Flags.integer({description: 'so many runs', default: 20, min: 1, max: 10_000})};

  protected override async work(): Promise<number> {
    const {runsWork} = await import('../work/runs-work.ts');
    return await runsWork(this.workContext());
  }
}
