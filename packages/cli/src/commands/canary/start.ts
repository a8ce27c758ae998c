import {Flags} from '@oclif/core';
import {configFlag, countFlag, durationFlag, runsFlag, seedFlag} from '../../flag-shapes.ts';
import {TandemCommand} from '../../tandem-command.ts';

export default class CanaryStart extends TandemCommand {
  static override summary = 'move ownership of outputs from legacy to candidate, stage by stage';
  static override flags = {config: configFlag, runs: runsFlag, seed: seedFlag,
    capture: Flags.string({description: 'inputs from this capture instead of seeded traffic; with --live the history that both systems have behind them'}),
    live: Flags.boolean({description: 'inputs as they come: it takes the place of the PULL, or subscribes, as the migration file says'}),
    log: Flags.string({description: 'folder of the live log; must not exist (default: inputs in the run folder)', helpValue: 'folder'}),
    for: durationFlag('for', 'end a live canary after this time', '30m')(),
    'release-from': countFlag('release-from', 'effects are released from the input with this number on; before it the legacy of today has answered (default: behind the capture)', '120001')(),
    rate: countFlag('rate', 'inputs per second', '2k')({default: 2000}),
    orders: countFlag('orders', 'new orders of seeded traffic', '20k')({default: 20_000}),
    downstream: Flags.string({description: 'where released outputs go; without it a recording sink is started', helpValue: 'tcp://127.0.0.1:5599'})};

  protected override async work(): Promise<number> {
    const {canaryStartWork} = await import('../../work/canary-work.ts');
    return canaryStartWork(this.workContext());
  }
}
