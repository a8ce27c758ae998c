import {CodecError} from '../codec-error.ts';
import {OctetCursor} from '../octet-cursor.ts';
import type {OctetWriter} from '../octet-codec.ts';
import {CONTAINER_STEPS} from './container-steps.ts';
import {OBJECT_STEPS} from './object-steps.ts';
import {PickleMachine, type PickleStep} from './pickle-machine.ts';
import {PickleText} from './pickle-text.ts';
import type {PyValue} from './pickle-value.ts';
import {SCALAR_STEPS} from './scalar-steps.ts';

const PROTOCOL_MAX = 5;
const STOP = 0x2e;

const STEPS: (PickleStep | undefined)[] = Array.from({length: 256}, (_, opcode) => SCALAR_STEPS[opcode] ?? CONTAINER_STEPS[opcode] ?? OBJECT_STEPS[opcode]);
STEPS[STOP] = (m) => { m.stop(); };
STEPS[0x80] = (m) => {
  if (m.cursor.u8() > PROTOCOL_MAX) throw new CodecError('opcode', m.cursor.at - 1);
};
// A frame says how much may be read ahead; nothing depends on it but that it fits.
STEPS[0x95] = (m) => { m.cursor.length64(true); };

/**
 * Python pickles, protocols 0 to 5, read as data. Persistent ids, extension codes and out-of-band buffers mean something only to the
 * program that wrote them: they are faults, and so is everything behind the end.
 */
export function pickleWriter(keys: 'strict' | 'text'): OctetWriter {
  return (octets, out) => { new PickleText(out, keys).write(readPickle(octets)); };
}

/** The one value of a pickle. Throws CodecError. */
export function readPickle(octets: Uint8Array): PyValue {
  const machine = new PickleMachine(new OctetCursor(octets));
  const {cursor} = machine;
  while (machine.result === undefined) stepOf(cursor)(machine);
  if (cursor.left > 0) throw new CodecError('trailing', cursor.at);
  return machine.result;
}

/** The step of the opcode that comes next, which is passed over. */
export function stepOf(cursor: OctetCursor): PickleStep {
  const step = STEPS[cursor.u8()];
  if (step === undefined) throw new CodecError('opcode', cursor.at - 1);
  return step;
}
