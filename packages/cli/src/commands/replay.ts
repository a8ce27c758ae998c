import {Args, Flags} from '@oclif/core';
import {allowInconclusiveFlag, configFlag, countFlag, runsFlag, seedFlag} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Replay extends TandemCommand {
  static override summary = 'a capture through both systems: parity, latency, CPU, memory, verdict';
  static override description = 'Feeds a recorded capture to legacy, candidate and (with --twin) a second legacy, pairs their outputs by cause and judges them.';
  static override args = {capture: Args.string({description: 'a capture folder or file, as tandem record leaves it', required: true})};
  static override flags = {
    config: configFlag, runs: runsFlag, seed: seedFlag, 'allow-inconclusive': allowInconclusiveFlag,
    speed: Flags.string({description: 'max; 1 = as recorded, 10 = ten times faster; or a fixed rate such as 5k/s', default: 'max'}),
    from: Flags.integer({description: 'first position', min: 1}),
    to: Flags.integer({description: 'last position', min: 1}),
    messages: countFlag('messages', 'at most so many messages')(),
    twin: Flags.boolean({description: 'run a second legacy as the floor', default: true, allowNo: true}),
    keep: Flags.string({description: 'outputs to keep in the run folder', options: ['all', 'differing', 'none'], default: 'differing'}),
    only: Flags.string({description: 'only this partition or key', helpValue: 'key'}),
  };

  protected override async work(): Promise<number> {
    const {replayWork} = await import('../work/replay-work.ts');
    return replayWork(this.workContext(), this.given<never, {capture: string}>().args.capture);
  }
}
