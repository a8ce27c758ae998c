import {CodecError} from './codec-error.ts';
import type {JsonText} from './json-text.ts';
import {OctetCursor} from './octet-cursor.ts';
import type {OctetWriter} from './octet-codec.ts';
import {floatText} from './python-number.ts';

/** MessagePack: one value, nothing behind it. Extensions become `{"$ext": type, "$bytes": ...}`, timestamps `{"$timestamp": seconds}`. */
export function msgpackWriter(keys: 'strict' | 'text'): OctetWriter {
  return (octets, out) => {
    const reader = new MsgpackReader(new OctetCursor(octets), out, keys);
    reader.value();
    if (reader.cursor.left > 0) throw new CodecError('trailing', reader.cursor.at);
  };
}

class MsgpackReader {
  readonly cursor: OctetCursor;
  readonly #out: JsonText;
  readonly #keys: 'strict' | 'text';

  constructor(cursor: OctetCursor, out: JsonText, keys: 'strict' | 'text') {
    this.cursor = cursor;
    this.#out = out;
    this.#keys = keys;
  }

  value(): void {
    const mark = this.cursor.u8();
    if (mark < 0x80 || mark >= 0xe0) this.#out.literal(String(mark < 0x80 ? mark : mark - 256));
    else if (mark < 0x90) this.#map(mark & 0x0f);
    else if (mark < 0xa0) this.#array(mark & 0x0f);
    else if (mark < 0xc0) this.#out.string(this.cursor.text(mark & 0x1f));
    else if (mark >= 0xca && mark <= 0xd3) this.#out.literal(numberAt(this.cursor, mark));
    else this.#other(mark);
  }

  #other(mark: number): void {
    switch (mark) {
      case 0xc0: this.#out.literal('null'); return;
      case 0xc2: this.#out.literal('false'); return;
      case 0xc3: this.#out.literal('true'); return;
      case 0xc4: case 0xc5: case 0xc6: this.#out.bytes(this.cursor.take(lengthAt(this.cursor, mark - 0xc4))); return;
      case 0xc7: case 0xc8: case 0xc9: this.#extension(lengthAt(this.cursor, mark - 0xc7)); return;
      case 0xd4: case 0xd5: case 0xd6: case 0xd7: case 0xd8: this.#extension(1 << (mark - 0xd4)); return;
      case 0xd9: case 0xda: case 0xdb: this.#out.string(this.cursor.text(lengthAt(this.cursor, mark - 0xd9))); return;
      case 0xdc: case 0xdd: this.#array(lengthAt(this.cursor, mark - 0xdb)); return;
      case 0xde: case 0xdf: this.#map(lengthAt(this.cursor, mark - 0xdd)); return;
      default: throw new CodecError('opcode', this.cursor.at - 1);
    }
  }

  #array(count: number): void {
    // each element takes an octet at least, so a forged count ends here
    if (count > this.cursor.left) throw new CodecError('truncated', this.cursor.at);
    this.#out.beginArray();
    for (let index = 0; index < count; index += 1) this.value();
    this.#out.endArray();
  }

  #map(count: number): void {
    const {cursor} = this;
    if (count * 2 > cursor.left) throw new CodecError('truncated', cursor.at);
    const from = cursor.at;
    if (!hasTextKeys(cursor, count, this.#keys)) {
      cursor.at = from;
      this.#pairs(count);
      return;
    }
    cursor.at = from;
    this.#out.beginObject();
    for (let index = 0; index < count; index += 1) {
      this.#out.key(keyAt(cursor, this.#keys));
      this.value();
    }
    this.#out.endObject();
  }

  #pairs(count: number): void {
    this.#out.beginObject();
    this.#out.ownKey('$map');
    this.#out.beginArray();
    for (let index = 0; index < count; index += 1) {
      this.#out.beginArray();
      this.value();
      this.value();
      this.#out.endArray();
    }
    this.#out.endArray();
    this.#out.endObject();
  }

  #extension(count: number): void {
    const {cursor, cursor: {view}} = this;
    const type = view.getInt8(cursor.skip(1));
    const from = cursor.at;
    const octets = cursor.take(count);
    this.#out.beginObject();
    if (type === -1 && (count === 4 || count === 8 || count === 12)) {
      this.#out.ownKey('$timestamp');
      this.#out.literal(timestampText(view, from, count));
    } else {
      this.#out.ownKey('$ext');
      this.#out.literal(String(type));
      this.#out.ownKey('$bytes');
      this.#out.string(Buffer.from(octets).toString('base64'));
    }
    this.#out.endObject();
  }
}

/** The text of the number that `mark` begins. */
export function numberAt(cursor: OctetCursor, mark: number): string {
  const {view} = cursor;
  switch (mark) {
    case 0xca: return floatText(view.getFloat32(cursor.skip(4)));
    case 0xcb: return floatText(view.getFloat64(cursor.skip(8)));
    case 0xcc: return String(cursor.u8());
    case 0xcd: return String(view.getUint16(cursor.skip(2)));
    case 0xce: return String(view.getUint32(cursor.skip(4)));
    case 0xcf: return String(view.getBigUint64(cursor.skip(8)));
    case 0xd0: return String(view.getInt8(cursor.skip(1)));
    case 0xd1: return String(view.getInt16(cursor.skip(2)));
    case 0xd2: return String(view.getInt32(cursor.skip(4)));
    default: return String(view.getBigInt64(cursor.skip(8)));
  }
}

/** A length of 1, 2 or 4 octets for width 0, 1, 2. */
export function lengthAt(cursor: OctetCursor, width: number): number {
  return width === 0 ? cursor.u8() : width === 1 ? cursor.view.getUint16(cursor.skip(2)) : cursor.view.getUint32(cursor.skip(4));
}

/** Whether every key of a map can stand as a JSON key; passes over its values. */
export function hasTextKeys(cursor: OctetCursor, count: number, keys: 'strict' | 'text'): boolean {
  if (keys === 'text') return true;
  for (let index = 0; index < count; index += 1) {
    const mark = cursor.octets[cursor.at];
    if (mark === undefined || !isText(mark)) return mark === undefined;
    skipValue(cursor);
    skipValue(cursor);
  }
  return true;
}

/** A key as text; what is none ends the payload. */
export function keyAt(cursor: OctetCursor, keys: 'strict' | 'text'): string {
  const mark = cursor.u8();
  if (mark >= 0xa0 && mark < 0xc0) return cursor.text(mark & 0x1f);
  if (mark >= 0xd9 && mark <= 0xdb) return cursor.text(lengthAt(cursor, mark - 0xd9));
  if (keys === 'text') {
    if (mark < 0x80 || mark >= 0xe0) return String(mark < 0x80 ? mark : mark - 256);
    if (mark >= 0xca && mark <= 0xd3) return numberAt(cursor, mark);
    if (mark === 0xc2 || mark === 0xc3) return mark === 0xc3 ? 'true' : 'false';
    if (mark === 0xc0) return 'null';
  }
  throw new CodecError('shape', cursor.at - 1);
}

/** Moves behind one value of any depth. */
function skipValue(cursor: OctetCursor): void {
  for (let pending = 1; pending > 0; pending -= 1) {
    const mark = cursor.u8();
    if (mark < 0x80 || mark >= 0xe0) continue;
    if (mark < 0x90) pending += (mark & 0x0f) * 2;
    else if (mark < 0xa0) pending += mark & 0x0f;
    else if (mark < 0xc0) cursor.skip(mark & 0x1f);
    else pending += skipLong(cursor, mark);
    // every value still owed takes an octet
    if (pending - 1 > cursor.left) throw new CodecError('truncated', cursor.at);
  }
}

/** octets behind 0xc0..0xdf, or how many octets their length has as a negative number */
const BEHIND = [0, 0, 0, 0, -1, -2, -4, -1, -2, -4, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17, -1, -2, -4, -2, -4, -2, -4];

/** The same for marks from 0xc0 on; gives how many values follow. */
function skipLong(cursor: OctetCursor, mark: number): number {
  const behind = BEHIND[mark - 0xc0] as number;
  if (behind >= 0) {
    cursor.skip(behind);
    return 0;
  }
  const {view} = cursor;
  const length = behind === -1 ? cursor.u8() : behind === -2 ? view.getUint16(cursor.skip(2)) : view.getUint32(cursor.skip(4));
  if (mark >= 0xde) return length * 2;
  if (mark >= 0xdc) return length;
  cursor.skip(length + (mark >= 0xc7 && mark <= 0xc9 ? 1 : 0));
  return 0;
}

export const isText = (mark: number): boolean => (mark >= 0xa0 && mark < 0xc0) || (mark >= 0xd9 && mark <= 0xdb);

/** Seconds since 1970 with as many decimals as are not zero. */
export function timestampText(view: DataView, from: number, count: number): string {
  if (count === 4) return String(view.getUint32(from));
  const nanos = count === 8 ? view.getUint32(from) >>> 2 : view.getUint32(from);
  const seconds = count === 8 ? BigInt(view.getUint32(from) & 3) * 4_294_967_296n + BigInt(view.getUint32(from + 4)) : view.getBigInt64(from + 4);
  if (nanos >= 1_000_000_000) throw new CodecError('number', from);
  if (nanos === 0) return String(seconds);
  const total = seconds * 1_000_000_000n + BigInt(nanos);
  const size = total < 0n ? -total : total;
  const digits = String(size).padStart(10, '0');
  return `${total < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9).replace(/0+$/u, '')}`;
}
