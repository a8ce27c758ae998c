import {Args} from '@oclif/core';
import {configFlag, runFlag, runsFlag} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Explain extends TandemCommand {
  static override summary = 'one message: input, both outputs, the deciding rule, how to repeat it';
  static override args = {what: Args.string({description: 'a position in the log, or the fingerprint of a group of tandem diff', required: true})};
  static override flags = {run: runFlag, runs: runsFlag, config: configFlag};

  protected override async work(): Promise<number> {
    const {explainWork} = await import('../work/explain-work.ts');
    return explainWork(this.workContext(), this.given<never, {what: string}>().args.what);
  }
}
