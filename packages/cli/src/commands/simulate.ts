import {Args, Flags} from '@oclif/core';
import {countFlag, durationFlag} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Simulate extends TandemCommand {
  static override summary = 'a strategy over recorded ticks, through a cursor that only advances: orders, positions, PnL';
  static override description = 'Orders fill whole at the first tick after the latency, moved against them by the slippage, and pay the fee; there is no queue and no market impact. A run that was stopped or killed goes on with --resume.';
  static override args = {ticks: Args.string({description: 'a tick store (.ticks), a capture of live ticks, or recordings; without it, the market excerpt of this repository', required: false})};
  static override flags = {
    with: Flags.string({description: 'more recordings, merged by time', multiple: true, helpValue: 'file'}),
    model: Flags.string({description: 'a model file; without it nothing is decided', helpValue: 'file'}),
    world: Flags.string({description: 'a module of your own that exports openWorld(modelFile)', helpValue: 'module'}),
    bar: durationFlag('bar', 'a step for each bar of this length; without it, for each tick', '1m')(),
    enter: Flags.string({description: 'signal above which to be long, below its negative short', default: '0'}),
    exit: Flags.string({description: 'signal within which to be flat', default: '0'}),
    size: Flags.string({description: 'position to hold', default: '1'}),
    latency: durationFlag('latency', 'from decision to fill', '1ms')({default: 1}),
    'slippage-bps': Flags.string({description: 'hundredths of a percent against each order', default: '0'}),
    'fee-bps': Flags.string({description: 'hundredths of a percent of the notional', default: '0'}),
    count: countFlag('count', 'at most so many ticks')(),
    out: Flags.string({description: 'folder for result, orders and signal log', default: 'runs/simulation', helpValue: 'folder'}),
    'snapshot-every': durationFlag('snapshot-every', 'time between two snapshots', '5s')({default: 5000}),
    resume: Flags.boolean({description: 'go on from the last snapshot in --out'}),
    import: Flags.string({description: 'only write the ticks as a tick store', helpValue: 'file.ticks'}),
  };

  protected override async work(): Promise<number> {
    const {simulateWork} = await import('../work/simulate-work.ts');
    const {args: {ticks}, flags} = this.given<{with?: string[]}, {ticks?: string}>();
    return await simulateWork(this.workContext(), [...(ticks === undefined ? [] : [ticks]), ...flags.with ?? []]);
  }
}
