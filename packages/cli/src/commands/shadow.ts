import {Flags} from '@oclif/core';
import {allowInconclusiveFlag, configFlag, countFlag, detachFlag, durationFlag, runsFlag, seedFlag, tapFlags} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Shadow extends TandemCommand {
  static override summary = 'live traffic through both systems until Ctrl-C, --for or --messages';
  static override flags = {
    config: configFlag, runs: runsFlag, seed: seedFlag, 'allow-inconclusive': allowInconclusiveFlag, ...tapFlags, detach: detachFlag(),
    for: durationFlag('for', 'stop after this time', '10m')(),
    messages: countFlag('messages', 'stop after so many messages', '1M')(),
    twin: Flags.boolean({description: 'run a second legacy as the floor', default: false, allowNo: true}),
    keep: Flags.string({description: 'outputs to keep in the run folder', options: ['all', 'differing', 'none'], default: 'all'}),
  };

  protected override async work(): Promise<number> {
    const {shadowWork} = await import('../work/shadow-work.ts');
    return shadowWork(this.workContext());
  }
}
