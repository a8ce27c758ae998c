import type {Hiding, HidingPlace} from '@tandem/contract';
import {CodecError} from '../codec-error.ts';
import {TEXT_LIMITS} from '../json-text.ts';
import {hasTextKeys, keyAt, lengthAt, numberAt, timestampText} from '../msgpack-codec.ts';
import {OctetCursor} from '../octet-cursor.ts';
import {utf8, type FrameRewriter} from './frame-rewriter.ts';
import {OctetSplice} from './octet-splice.ts';

/** MessagePack: hidden texts, numbers and timestamps become strings, octets and extensions keep their type. */
export function msgpackRewriter(keys: 'strict' | 'text'): FrameRewriter {
  return {
    whole: (tag, sizeBytes) => new Uint8Array(Buffer.concat([Uint8Array.of(0x82), string('$redacted'), string(tag), string('$octets'), Uint8Array.of(0xce, sizeBytes >>> 24, sizeBytes >>> 16, sizeBytes >>> 8, sizeBytes)])),
    rewrite: (octets, place, hiding) => {
      const walk = new MsgpackWalk(octets, keys, hiding);
      walk.value(place, 0);
      if (walk.cursor.left > 0) throw new CodecError('trailing', walk.cursor.at);
      return walk.splice.result();
    },
  };
}

class MsgpackWalk {
  readonly cursor: OctetCursor;
  readonly splice: OctetSplice;
  readonly #keys: 'strict' | 'text';
  readonly #hiding: Hiding;

  constructor(octets: Uint8Array, keys: 'strict' | 'text', hiding: Hiding) {
    this.cursor = new OctetCursor(octets);
    this.splice = new OctetSplice(octets);
    this.#keys = keys;
    this.#hiding = hiding;
  }

  value(place: HidingPlace, depth: number): void {
    const {cursor} = this;
    const from = cursor.at;
    const mark = cursor.u8();
    if (mark < 0x80 || mark >= 0xe0) this.#put(from, this.#hiding.number(place, String(mark < 0x80 ? mark : mark - 256)));
    else if (mark < 0x90) this.#map(mark & 0x0f, place, depth);
    else if (mark < 0xa0) this.#array(mark & 0x0f, place, depth);
    else if (mark < 0xc0) this.#text(from, mark & 0x1f, place);
    else if (mark >= 0xd9 && mark <= 0xdb) this.#text(from, lengthAt(cursor, mark - 0xd9), place);
    else if (mark >= 0xca && mark <= 0xd3) this.#number(from, mark, place);
    else if (mark >= 0xdc && mark <= 0xdd) this.#array(lengthAt(cursor, mark - 0xdb), place, depth);
    else if (mark >= 0xde) this.#map(lengthAt(cursor, mark - 0xdd), place, depth);
    else if (mark >= 0xc4) this.#octets(from, mark, place);
    else if (mark === 0xc1) throw new CodecError('opcode', from);
  }

  /** What was read since `from` becomes this tag. */
  #put(from: number, tag: string | null): void {
    if (tag !== null) this.splice.replace(from, this.cursor.at, string(tag));
  }

  #text(from: number, count: number, place: HidingPlace): void {
    this.#put(from, this.#hiding.text(place, this.cursor.text(count)));
  }

  #number(from: number, mark: number, place: HidingPlace): void {
    const text = numberAt(this.cursor, mark);
    // NaN and Infinity say nothing about anybody
    if (/\d/u.test(text)) this.#put(from, this.#hiding.number(place, text));
  }

  /** bin, or an extension: its type stays, and what is no timestamp any more is text. */
  #octets(from: number, mark: number, place: HidingPlace): void {
    const {cursor} = this;
    const count = mark >= 0xd4 ? 1 << (mark - 0xd4) : lengthAt(cursor, mark < 0xc7 ? mark - 0xc4 : mark - 0xc7);
    const type = mark < 0xc7 ? null : cursor.u8();
    const at = cursor.at;
    const octets = cursor.take(count);
    if (type === 0xff && (count === 4 || count === 8 || count === 12)) {
      this.#put(from, this.#hiding.number(place.member('$timestamp'), timestampText(cursor.view, at, count)));
      return;
    }
    const tag = this.#hiding.octets(place.member('$bytes'), octets);
    if (tag === null) return;
    const text = utf8(tag);
    this.splice.replace(from, cursor.at, new Uint8Array(Buffer.concat([type === null ? Uint8Array.of(0xc4, text.length) : Uint8Array.of(0xc7, text.length, type), text])));
  }

  #array(count: number, place: HidingPlace, depth: number): void {
    this.#enter(count, depth);
    for (let index = 0; index < count; index += 1) this.value(place.element(index), depth + 1);
  }

  #map(count: number, place: HidingPlace, depth: number): void {
    this.#enter(count * 2, depth);
    const {cursor} = this;
    const from = cursor.at;
    const isObject = hasTextKeys(cursor, count, this.#keys);
    cursor.at = from;
    for (let index = 0; index < count; index += 1) {
      if (isObject) this.#member(place, depth);
      else {
        const pair = place.member('$map').element(index);
        this.#key(pair.element(0), depth + 3);
        this.value(pair.element(1), depth + 3);
      }
    }
  }

  #member(place: HidingPlace, depth: number): void {
    const from = this.cursor.at;
    const key = keyAt(this.cursor, this.#keys);
    this.#put(from, this.#hiding.key(key));
    this.value(place.member(key.startsWith('$') ? `$${key}` : key), depth + 1);
  }

  /** A key that is no text. 1 and "1" must not become one tag, for the second would be lost. */
  #key(place: HidingPlace, depth: number): void {
    const {cursor} = this;
    const from = cursor.at;
    const mark = cursor.u8();
    const text = mark < 0x80 || mark >= 0xe0 ? String(mark < 0x80 ? mark : mark - 256) : mark >= 0xca && mark <= 0xd3 ? numberAt(cursor, mark) : null;
    if (text === null) {
      cursor.at = from;
      this.value(place, depth);
    } else this.#put(from, this.#hiding.text(place, `number ${text}`));
  }

  #enter(count: number, depth: number): void {
    if (count > this.cursor.left) throw new CodecError('truncated', this.cursor.at);
    if (depth >= TEXT_LIMITS.depthMax) throw new CodecError('depth');
  }
}

/** Of fewer than 32 octets. */
function string(text: string): Uint8Array {
  const octets = utf8(text);
  return new Uint8Array(Buffer.concat([Uint8Array.of(0xa0 | octets.length), octets]));
}
