import {Args, Flags} from '@oclif/core';
import {allowInconclusiveFlag, configFlag, countFlag, placeFlag, runsFlag, seedFlag} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Replay extends TandemCommand {
  static override summary = 'a capture through both systems: parity, latency, CPU, memory, verdict';
  static override description = 'Feeds a recorded capture to legacy, candidate and (with --twin) a second legacy, pairs their outputs by cause and judges them.';
  static override args = {capture: Args.string({description: 'a capture folder or file, as tandem record leaves it', required: true})};
  static override flags = {
    config: configFlag, runs: runsFlag, seed: seedFlag, 'allow-inconclusive': allowInconclusiveFlag,
    speed: Flags.string({description: 'max; 1 = as recorded, 10 = ten times faster; or a fixed rate such as 5k/s', default: 'max'}),
    from: placeFlag('from', 'first input: a position, or a time after the first message such as 30s'),
    to: placeFlag('to', 'last input, in the same way'),
    messages: countFlag('messages', 'at most so many messages')(),
    twin: Flags.boolean({description: 'run a second legacy as the floor', default: true, allowNo: true}),
    keep: Flags.string({description: 'outputs to keep in the run folder', options: ['all', 'differing', 'none'], default: 'differing'}),
    only: Flags.string({description: 'only inputs about this key: their partition, their id or one of their entities', helpValue: 'key'}),
    step: Flags.boolean({description: 'stand still before each input; on stdin: Enter = one more, a position = up to there, q = end', default: false}),
    until: Flags.integer({description: 'with --step: first feed up to this position', min: 1, dependsOn: ['step']}),
  };

  protected override async work(): Promise<number> {
    const {replayWork} = await import('../work/replay-work.ts');
    return replayWork(this.workContext(), this.given<never, {capture: string}>().args.capture);
  }
}
