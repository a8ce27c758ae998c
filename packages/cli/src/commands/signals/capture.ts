import {Args, Flags} from '@oclif/core';
import {countFlag} from '../../flag-shapes.ts';
import {TandemCommand} from '../../tandem-command.ts';

export default class SignalsCapture extends TandemCommand {
  static override summary = 'recorded ticks as a capture, as if they had come over ZeroMQ';
  static override args = {ticks: Args.string({description: 'recorded ticks; without it, the market excerpt of this repository', required: false})};
  static override flags = {
    out: Flags.string({description: 'folder of the capture', default: 'captures/signals', helpValue: 'folder'}),
    count: countFlag('count', 'at most so many ticks', '4k')(),
  };

  protected override async work(): Promise<number> {
    const {captureWork} = await import('../../work/signal-capture.ts');
    return await captureWork(this.workContext(), this.given<never, {ticks?: string}>().args.ticks ?? null);
  }
}
