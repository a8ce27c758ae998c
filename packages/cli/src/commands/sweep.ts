import {Args, Flags} from '@oclif/core';
import {TandemCommand} from '../tandem-command.ts';

export default class Sweep extends TandemCommand {
  static override summary = 'simulations of a whole grid of parameters over all cores, with results that do not depend on their number';
  static override description = 'A grid is a JSON file: {"barMs": [null], "enter": [0.1, 0.2], "exit": [0], "size": [1], "latencyMs": [1], "slippageBps": [1], "feeBps": [2]}. A sweep that was stopped or killed goes on in the same --out.';
  static override args = {ticks: Args.string({description: 'a tick store (.ticks), a capture of live ticks, or a recording', required: true})};
  static override flags = {
    grid: Flags.string({description: 'values to try', required: true, helpValue: 'file'}),
    model: Flags.string({description: 'a model file', helpValue: 'file'}),
    world: Flags.string({description: 'a module of your own that exports openWorld(modelFile)', helpValue: 'module'}),
    workers: Flags.integer({description: 'threads; without it, one a core', min: 1, max: 256}),
    shard: Flags.string({description: 'only every n-th job: 1/4 is the first quarter; for several machines', helpValue: 'k/n'}),
    out: Flags.string({description: 'folder of the sweep', default: 'runs/sweep', helpValue: 'folder'}),
    top: Flags.integer({description: 'print so many of the best', default: 10, min: 0, max: 10_000}),
  };

  protected override async work(): Promise<number> {
    const {sweepWork} = await import('../work/sweep-work.ts');
    return await sweepWork(this.workContext(), this.given<never, {ticks: string}>().args.ticks);
  }
}
