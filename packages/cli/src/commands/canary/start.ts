import {Flags} from '@oclif/core';
import {configFlag, countFlag, runsFlag, seedFlag} from '../../flag-shapes.ts';
import {TandemCommand} from '../../tandem-command.ts';

export default class CanaryStart extends TandemCommand {
  static override summary = 'move ownership of outputs from legacy to candidate, stage by stage';
  static override flags = {config: configFlag, runs: runsFlag, seed: seedFlag,
    capture: Flags.string({description: 'inputs from this capture instead of seeded traffic'}),
    rate: countFlag('rate', 'inputs per second', '2k')({default: 2000}),
    orders: countFlag('orders', 'new orders of seeded traffic', '20k')({default: 20_000}),
    downstream: Flags.string({description: 'where released outputs go; without it a recording sink is started', helpValue: 'tcp://127.0.0.1:5599'})};

  protected override async work(): Promise<number> {
    const {canaryStartWork} = await import('../../work/canary-work.ts');
    return canaryStartWork(this.workContext());
  }
}
