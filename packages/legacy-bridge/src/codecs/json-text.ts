import {CodecError} from './codec-error.ts';

/** What the reader of the text accepts at most; a codec that writes more would only be refused later. */
export const TEXT_LIMITS = {bytesMax: 1024 * 1024, depthMax: 64, keysMax: 10_000, stringBytesMax: 256 * 1024} as const;

/** Writes one JSON value under limits. Commas are its business, the order of calls is the caller's. */
export class JsonText {
  #text = '';
  #comma = false;
  #depth: number;
  /** keys of the open objects, null for arrays */
  readonly #keys: (OpenKeys | null)[] = [];

  /** @param depth how deep the place is at which this text will stand */
  constructor(depth = 0) {
    if (depth > TEXT_LIMITS.depthMax) throw new CodecError('depth');
    this.#depth = depth;
  }

  beginObject(): void {
    this.#open('{', new OpenKeys());
  }

  endObject(): void {
    this.#close('}');
  }

  beginArray(): void {
    this.#open('[', null);
  }

  endArray(): void {
    this.#close(']');
  }

  /** A key that the codec itself gives a meaning to, such as `$class`. */
  ownKey(key: string): void {
    const keys = this.#keys[this.#depth - 1];
    if (keys !== null && keys !== undefined) {
      if (!keys.add(key)) throw new CodecError('duplicate-key');
      if (keys.size > TEXT_LIMITS.keysMax) throw new CodecError('keys');
    }
    this.#put(`${quoted(key)}:`);
    this.#comma = false;
  }

  /** A key of the data: `$` at its beginning is doubled, so that data never looks like one of our own keys. */
  key(key: string): void {
    this.ownKey(key.startsWith('$') ? `$${key}` : key);
  }

  string(value: string): void {
    this.#put(quoted(value));
  }

  /** `null`, `true`, `false` or a number's text; the caller vouches for it. */
  literal(text: string): void {
    this.#put(text);
  }

  /** One whole JSON value that has been checked. */
  value(text: string): void {
    this.#put(text);
  }

  bytes(octets: Uint8Array): void {
    if (octets.length > TEXT_LIMITS.stringBytesMax / 4 * 3) throw new CodecError('size');
    this.beginObject();
    this.ownKey('$bytes');
    this.string(Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('base64'));
    this.endObject();
  }

  /** The text as UTF-8. */
  take(): Uint8Array {
    const octets = Buffer.from(this.#text, 'utf8');
    if (octets.length > TEXT_LIMITS.bytesMax) throw new CodecError('size');
    return new Uint8Array(octets.buffer, octets.byteOffset, octets.length);
  }

  get depth(): number {
    return this.#depth;
  }

  #open(mark: string, keys: OpenKeys | null): void {
    if (this.#depth >= TEXT_LIMITS.depthMax) throw new CodecError('depth');
    this.#put(mark);
    this.#keys[this.#depth] = keys;
    this.#depth += 1;
    this.#comma = false;
  }

  #close(mark: string): void {
    this.#depth -= 1;
    this.#text += mark;
    this.#comma = true;
  }

  #put(text: string): void {
    this.#text += this.#comma ? `,${text}` : text;
    this.#comma = true;
    if (this.#text.length > TEXT_LIMITS.bytesMax) throw new CodecError('size');
  }
}

const FEW = 12;

/** The keys of one object: a list while they are few, for making a set costs more than looking through them. */
class OpenKeys {
  size = 0;
  #few: string[] = [];
  #many: Set<string> | null = null;

  /** False when it is there already. */
  add(key: string): boolean {
    if (this.#many === null && this.#few.length === FEW) this.#many = new Set(this.#few);
    if (this.#many === null) {
      if (this.#few.includes(key)) return false;
      this.#few.push(key);
      this.size += 1;
      return true;
    }
    const before = this.#many.size;
    this.#many.add(key);
    this.size = this.#many.size;
    return this.size > before;
  }
}

/** nothing that JSON has to escape, and no surrogate */
const PLAIN = /^[\u0020\u0021\u0023-\u005b\u005d-\ud7ff\ue000-\uffff]*$/;

function quoted(value: string): string {
  if (value.length <= 64 && PLAIN.test(value)) return `"${value}"`;
  if (value.length * 3 > TEXT_LIMITS.stringBytesMax && Buffer.byteLength(JSON.stringify(value)) - 2 > TEXT_LIMITS.stringBytesMax) throw new CodecError('size');
  if (!value.isWellFormed()) throw new CodecError('text');
  return JSON.stringify(value);
}
