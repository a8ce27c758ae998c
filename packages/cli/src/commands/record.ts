import {Flags} from '@oclif/core';
import {configFlag, countFlag, durationFlag, seedFlag, sizeFlag} from '../flag-shapes.ts';
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
    'keep-size': sizeFlag('keep-size', 'keep at most so much of the capture: whole segments go, oldest first, and the capture says which', '10GiB')(),
    'keep-age': durationFlag('keep-age', 'keep segments at most so long after they were finished', '24h')(),
    'segment-size': sizeFlag('segment-size', 'a new segment after so many octets (default 256MiB)', '64MiB')(),
    'segment-time': durationFlag('segment-time', 'a new segment after this time', '10m')(),
    traffic: countFlag('traffic', 'no live system: record this many new orders of seeded traffic around recorded quotes', '100k')(),
    seed: seedFlag,
  };

  protected override async work(): Promise<number> {
    const {recordWork} = await import('../work/record-work.ts');
    return recordWork(this.workContext());
  }
}
