import {Flags} from '@oclif/core';
import {countFlag, runsFlag, seedFlag} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Demo extends TandemCommand {
  static override summary = 'a Python order gateway, its TypeScript twin, shadowing and a report, on loopback';
  static override description = 'First with two planted bugs in the candidate, so that you see how they are found; with --fixed it turns green and runs a short canary to 100 %; with --fault a bug wakes during the canary and everything returns to legacy by itself.';
  static override flags = {
    fixed: Flags.boolean({description: 'the candidate without the planted bugs, then a canary', exclusive: ['fault']}),
    fault: Flags.boolean({description: 'a canary in which the candidate goes wrong', exclusive: ['fixed']}),
    orders: countFlag('orders', 'new orders', '20k')({default: 9_000}),
    runs: runsFlag, seed: seedFlag,
    open: Flags.boolean({description: 'open the report in the browser'}),
  };

  protected override async work(): Promise<number> {
    const {demoWork} = await import('../work/demo-work.ts');
    return demoWork(this.workContext());
  }
}
