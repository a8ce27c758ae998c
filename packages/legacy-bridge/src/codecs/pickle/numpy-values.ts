import {CodecError} from '../codec-error.ts';
import {floatText} from '../python-number.ts';
import {PyBytes, PyNumber, PyObject, PySequence, PyText, type PyValue} from './pickle-value.ts';

/** more than a text within the limits can hold */
const VALUES_MAX = 300_000;

/** Kind, octets and byte order of a pickled dtype; null when it is not a plain number. */
interface NumberType {
  readonly kind: string;
  readonly sizeBytes: number;
  readonly little: boolean;
}

/** A numpy scalar of a plain number type as that number; null leaves it an object. */
export function numpyScalar([dtype, octets]: readonly PyValue[]): PyValue | null {
  const type = numberType(dtype);
  if (type === null && octets instanceof PyBytes && dtype instanceof PyObject && isText(dtype)) return wideText(octets.octets);
  if (type === null || !(octets instanceof PyBytes) || octets.octets.length !== type.sizeBytes) return null;
  return numbersOf(type, octets.octets)[0] ?? null;
}

/** An array of plain numbers: its values in the order in which they lie in memory; null when it is not such an array. */
export function numpyArray(array: PyObject): {readonly shape: PyValue; readonly type: string; readonly values: readonly PyValue[]} | null {
  const {shape, dtype, octets} = partsOf(array) ?? {};
  const type = numberType(dtype);
  if (shape === undefined || type === null || !(octets instanceof PyBytes) || octets.octets.length % type.sizeBytes !== 0) return null;
  return {shape, type: `${type.little ? '<' : '>'}${type.kind}${type.sizeBytes}`, values: numbersOf(type, octets.octets)};
}

/** Row by row only: the other order would need the shape to be believed. Protocol 5 has a form of its own. */
function partsOf({name, args, state}: PyObject): {readonly shape: PyValue | undefined; readonly dtype: PyValue | undefined; readonly octets: PyValue | undefined} | null {
  const [, module, what] = /^numpy\.(_?core\.(?:multiarray|numeric))\.(\w+)$/u.exec(name) ?? [];
  if (module !== undefined && what === '_reconstruct' && state instanceof PySequence && state.items.length === 5) {
    const [, shape, dtype, fortran, octets] = state.items;
    return fortran === false ? {shape, dtype, octets} : null;
  }
  if (module === undefined || what !== '_frombuffer' || args.length !== 4) return null;
  const [octets, dtype, shape, order] = args;
  return order instanceof PyText && order.text === 'C' ? {shape, dtype, octets} : null;
}

/** numpy's own text: four octets a character, little endian, filled up with zeros. */
function isText(dtype: PyObject): boolean {
  const [name] = dtype.args;
  const order = dtype.state instanceof PySequence ? dtype.state.items[1] : null;
  return dtype.name === 'numpy.dtype' && name instanceof PyText && /^U\d+$/u.test(name.text) && order instanceof PyText && order.text === '<';
}

function wideText(octets: Uint8Array): PyText | null {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  let text = '';
  for (let at = 0; at + 4 <= octets.length; at += 4) {
    const code = view.getUint32(at, true);
    if (code > 0x10ffff) return null;
    text += String.fromCodePoint(code);
  }
  return octets.length % 4 === 0 ? new PyText(text.replace(/\0+$/u, '')) : null;
}

function numberType(dtype: PyValue | undefined): NumberType | null {
  if (!(dtype instanceof PyObject) || dtype.name !== 'numpy.dtype') return null;
  const name = dtype.args[0];
  const match = name instanceof PyText ? /^([fiub])([1248])$/u.exec(name.text) : null;
  const given = dtype.state instanceof PySequence ? dtype.state.items[1] : null;
  const order = dtype.state instanceof PySequence ? (given instanceof PyText ? given.text : null) : '|';
  if (match === null || order === null || !'<>|='.includes(order)) return null;
  const [, kind, size] = match as unknown as [string, string, string];
  if ((kind === 'f' && Number(size) < 4) || (kind === 'b' && size !== '1')) return null;
  return {kind, sizeBytes: Number(size), little: order !== '>'};
}

function numbersOf({kind, sizeBytes, little}: NumberType, octets: Uint8Array): PyValue[] {
  if (octets.length / sizeBytes > VALUES_MAX) throw new CodecError('size');
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const values: PyValue[] = [];
  for (let at = 0; at < octets.length; at += sizeBytes) {
    if (kind === 'b') values.push(view.getUint8(at) !== 0);
    else if (kind === 'f') values.push(new PyNumber(floatText(sizeBytes === 4 ? view.getFloat32(at, little) : view.getFloat64(at, little)), false));
    else values.push(new PyNumber(String(integerAt(view, at, {sizeBytes, little, signed: kind === 'i'})), true));
  }
  return values;
}

function integerAt(view: DataView, at: number, {sizeBytes, little, signed}: {sizeBytes: number; little: boolean; signed: boolean}): bigint | number {
  switch (sizeBytes) {
    case 1: return signed ? view.getInt8(at) : view.getUint8(at);
    case 2: return signed ? view.getInt16(at, little) : view.getUint16(at, little);
    case 4: return signed ? view.getInt32(at, little) : view.getUint32(at, little);
    default: return signed ? view.getBigInt64(at, little) : view.getBigUint64(at, little);
  }
}
