import {CodecError} from '../codec-error.ts';
import {floatText, INTEGER_BYTES_MAX, integerText} from '../python-number.ts';
import {decodeRawUnicode, readStringLiteral} from './old-text.ts';
import type {PickleMachine, PickleSteps} from './pickle-machine.ts';
import {PyBytes, PyNumber, PyText} from './pickle-value.ts';

const DIGITS_MAX = INTEGER_BYTES_MAX * 2;
const whole = (text: string): PyNumber => new PyNumber(text, true);

/** Numbers, texts, bytes and the three constants. */
export const SCALAR_STEPS: PickleSteps = {
  0x4e: (m) => { m.push(null); },
  0x88: (m) => { m.push(true); },
  0x89: (m) => { m.push(false); },
  0x49: (m) => {
    const text = m.line();
    if (text === '00' || text === '01') m.push(text === '01');
    else m.push(whole(integerLine(text, m)));
  },
  0x4c: (m) => { m.push(whole(integerLine(m.line().replace(/L$/u, ''), m))); },
  0x4a: (m) => { m.push(whole(String(m.cursor.view.getInt32(m.cursor.skip(4), true)))); },
  0x4b: (m) => { m.push(whole(String(m.cursor.u8()))); },
  0x4d: (m) => { m.push(whole(String(m.cursor.view.getUint16(m.cursor.skip(2), true)))); },
  0x8a: (m) => { m.push(whole(integerText(m.cursor.take(m.cursor.u8()), m.cursor.at))); },
  0x8b: (m) => { m.push(whole(integerText(m.cursor.take(length32(m)), m.cursor.at))); },
  0x46: (m) => { m.push(new PyNumber(floatLine(m.line(), m), false)); },
  0x47: (m) => { m.push(new PyNumber(floatText(m.cursor.view.getFloat64(m.cursor.skip(8))), false)); },
  0x53: (m) => { m.push(readStringLiteral(m.line(), m.cursor.at)); },
  0x54: (m) => { m.push(oldText(m.cursor.take(length32(m)))); },
  0x55: (m) => { m.push(oldText(m.cursor.take(m.cursor.u8()))); },
  0x56: (m) => { m.push(new PyText(decodeRawUnicode(rawLine(m), m.cursor.at))); },
  0x58: (m) => { m.push(new PyText(m.cursor.text(length32(m)))); },
  0x8c: (m) => { m.push(new PyText(m.cursor.text(m.cursor.u8()))); },
  0x8d: (m) => { m.push(new PyText(m.cursor.text(m.cursor.length64(true)))); },
  0x42: (m) => { m.push(new PyBytes(m.cursor.take(length32(m)))); },
  0x43: (m) => { m.push(new PyBytes(m.cursor.take(m.cursor.u8()))); },
  0x8e: (m) => { m.push(new PyBytes(m.cursor.take(m.cursor.length64(true)))); },
  0x96: (m) => { m.push(new PyBytes(m.cursor.take(m.cursor.length64(true)), true)); },
};

export function length32({cursor}: PickleMachine): number {
  return cursor.view.getUint32(cursor.skip(4), true);
}

/** A string of Python 2, which may be text or bytes: ASCII is taken for text, as Python 3 does. */
function oldText(octets: Uint8Array): PyText | PyBytes {
  return octets.every((octet) => octet < 0x80) ? new PyText(Buffer.from(octets).toString('latin1')) : new PyBytes(octets);
}

function rawLine({cursor}: PickleMachine): Uint8Array {
  const end = cursor.octets.indexOf(0x0a, cursor.at);
  if (end < 0) throw new CodecError('truncated', cursor.octets.length);
  const octets = cursor.take(end - cursor.at);
  cursor.at = end + 1;
  return octets;
}

function integerLine(text: string, {cursor}: PickleMachine): string {
  if (!/^[-+]?\d+$/u.test(text) || text.length > DIGITS_MAX) throw new CodecError('number', cursor.at);
  return String(BigInt(text.replace('+', '')));
}

function floatLine(text: string, {cursor}: PickleMachine): string {
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/u.test(text)) return floatText(Number(text));
  const special = /^([-+]?)(nan|inf)$/u.exec(text);
  if (special === null) throw new CodecError('number', cursor.at);
  return special[2] === 'nan' ? 'NaN' : special[1] === '-' ? '-Infinity' : 'Infinity';
}
