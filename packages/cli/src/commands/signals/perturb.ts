import {Args, Flags} from '@oclif/core';
import {countFlag, seedFlag} from '../../flag-shapes.ts';
import {TandemCommand} from '../../tandem-command.ts';

export default class SignalsPerturb extends TandemCommand {
  static override summary = 'prove that features do not look ahead: change the future, and see whether the past notices';
  static override description = 'A module (.ts .mts .mjs .js) exports makeFeatures(symbols) or compute(table); a Python module exports compute(frame) -> frame. Exit 10 names each feature that leaks and how far it sees.';
  static override args = {module: Args.string({description: 'a module with features; without it, the features of this repository', required: false})};
  static override flags = {
    ticks: Flags.string({description: 'recorded ticks to try it on; without it, a seeded walk', multiple: true, helpValue: 'file'}),
    count: countFlag('count', 'ticks of the seeded walk, or of the recording at most', '8k', 100)(),
    cuts: Flags.integer({description: 'places at which the future is changed', default: 4, min: 1, max: 100}),
    seed: seedFlag,
  };

  protected override async work(): Promise<number> {
    const {perturbWork} = await import('../../work/signal-perturb.ts');
    return await perturbWork(this.workContext(), this.given<never, {module?: string}>().args.module ?? null);
  }
}
