import {Flags} from '@oclif/core';
import {configFlag, countFlag, detachFlag, durationFlag, seedFlag, sizeFlag, tapFlags} from '../flag-shapes.ts';
import {TandemCommand} from '../tandem-command.ts';

export default class Record extends TandemCommand {
  static override summary = 'tap live traffic into a capture';
  static override description = 'Writes every message of a live system to an MCAP log: publications as one more passive subscriber (--endpoint), every pattern on the wire (--pattern, --listen, --upstream), where a process of its own forwards every octet unchanged and steps aside before it holds live up.';
  static override flags = {
    config: configFlag,
    out: Flags.string({char: 'o', description: 'folder of the capture; must not exist', default: 'captures/capture', env: 'TANDEM_RECORD_OUT'}),
    ...tapFlags, detach: detachFlag(),
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
