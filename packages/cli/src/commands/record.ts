import {Flags} from '@oclif/core';
import {configFlag, countFlag, durationFlag, seedFlag} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Record extends TandemCommand {
  static override summary = 'tap live traffic into a capture';
  static override description = 'Adds one passive subscriber to a live publisher and writes every message to an MCAP log. Other patterns are refused with the reason.';
  static override flags = {
    config: configFlag,
    out: Flags.string({char: 'o', description: 'folder of the capture; must not exist', default: 'captures/capture', env: 'TANDEM_RECORD_OUT'}),
    endpoint: Flags.string({description: 'live publisher, instead of the inputs of the migration file', helpValue: 'tcp://127.0.0.1:5555'}),
    topic: Flags.string({description: 'subscription prefix', multiple: true, default: ['']}),
    for: durationFlag('for', 'stop after this time')(),
    messages: countFlag('messages', 'stop after so many messages')(),
    traffic: countFlag('traffic', 'no live system: record this many new orders of seeded traffic around recorded quotes', '100k')(),
    seed: seedFlag,
  };

  protected override async work(): Promise<number> {
    const {recordWork} = await import('../work/record-work.ts');
    return recordWork(this.workContext());
  }
}
