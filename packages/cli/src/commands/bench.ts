import {Flags} from '@oclif/core';
import {allowInconclusiveFlag, configFlag, countFlag, durationFlag, runsFlag, seedFlag} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Bench extends TandemCommand {
  static override summary = 'open-loop load on both, interleaved, up to the highest rate that legacy holds';
  static override flags = {
    config: configFlag, runs: runsFlag, seed: seedFlag, 'allow-inconclusive': allowInconclusiveFlag,
    rate: countFlag('rate', 'messages per second; without it the highest that legacy holds is searched', '10k')(),
    slice: durationFlag('slice', 'length of one turn of one lane', '5s')({default: 5000}),
    rounds: Flags.integer({description: 'turns of each lane, interleaved ABBA', default: 4, min: 1, max: 100}),
    history: countFlag('history', 'orders that both systems know before measuring starts', '200k', 0)({default: 0}),
    pin: Flags.string({description: 'auto: each lane alone on its cores in its turns, all else on another (Linux, two cores and more); off: as the system places them', options: ['auto', 'off'], default: 'auto'}),
    capture: Flags.string({description: 'messages from this capture instead of seeded traffic'}),
  };

  protected override async work(): Promise<number> {
    const {benchWork} = await import('../work/bench-work.ts');
    return benchWork(this.workContext());
  }
}
