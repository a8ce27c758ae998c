/** Bytes that may stand in a string as themselves: printable ASCII but quote and backslash. */
const PLAIN = new Uint8Array(256).fill(1, 0x20, 0x7f);
PLAIN[0x22] = 0;
PLAIN[0x5c] = 0;

const TABLE_SIZE = 256;
const TABLE_MASK = TABLE_SIZE - 1;
const KEYS_MAX = 128;
const STRING_BYTES_MAX = 4096;

/** Hash of a key, one byte on. Cheap on purpose: a collision only costs a decoding, equality of keys never rests on it. */
function hashStep(hash: number, code: number): number {
  return ((hash << 2) + hash + code) | 0;
}

/**
 * One pass over the bytes of a flat JSON object with ASCII text: finds the wanted keys and proves that the rest is well formed, without
 * making anything. Whatever it does not know at a glance (nesting, escapes, other white space than single blanks, non-ASCII, more than
 * 128 keys, two keys with one hash) it declines, and the caller decodes.
 */
export class FlatObjectScan {
  /** per wanted key: where its value starts and ends (strings: between the quotes), -1 when absent */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly isString: Uint8Array;
  /** number of members of the last object */
  members = 0;
  /** of the sequence of keys; the same keys in the same order give the same value */
  shapeHash = 0;
  readonly #wanted: readonly Uint8Array[];
  readonly #wantedHashes: Int32Array;
  readonly #hashes = new Int32Array(TABLE_SIZE);
  readonly #stamps = new Int32Array(TABLE_SIZE);
  #stamp = 0;

  constructor(keys: readonly string[]) {
    this.#wanted = keys.map((key) => new TextEncoder().encode(key));
    this.#wantedHashes = Int32Array.from(this.#wanted, (key) => key.reduce(hashStep, 0));
    this.starts = new Int32Array(keys.length);
    this.ends = new Int32Array(keys.length);
    this.isString = new Uint8Array(keys.length);
  }

  /**
   * With `untilFound` it stops at the last wanted key and says nothing about what follows; otherwise true means that a decoder
   * would accept the message.
   */
  scan(bytes: Uint8Array, untilFound: boolean): boolean {
    let missing = untilFound ? this.#wanted.length : -1;
    this.starts.fill(-1);
    this.members = 0;
    this.shapeHash = 0;
    this.#stamp = (this.#stamp + 1) | 0;
    const end = bytes.length - 1;
    if (end < 1 || bytes[0] !== 0x7b || bytes[end] !== 0x7d) return false;
    if (end === 1) return true;
    let at = 1;
    for (;;) {
      if (bytes[at] !== 0x22) return false;
      const keyAt = at + 1;
      let hash = 0;
      let code = bytes[at = keyAt] as number;
      while (PLAIN[code] === 1) {
        hash = hashStep(hash, code);
        code = bytes[at += 1] as number;
      }
      if (code !== 0x22 || bytes[at + 1] !== 0x3a || !this.#isNew(hash)) return false;
      const wanted = this.#whichWanted(bytes, keyAt, at, hash);
      at += bytes[at + 2] === 0x20 ? 3 : 2;
      const valueAt = at;
      at = scanValue(bytes, at);
      if (at < 0) return false;
      // what follows a value says whether it was read to its end
      code = bytes[at] as number;
      if (code !== 0x7d && code !== 0x2c) return false;
      if (wanted >= 0) {
        this.#note(wanted, valueAt, at, bytes[valueAt] === 0x22);
        missing -= 1;
        if (missing === 0) return true;
      }
      if (code === 0x7d) return at === end;
      at += bytes[at + 1] === 0x20 ? 2 : 1;
    }
  }

  #note(wanted: number, from: number, to: number, quoted: boolean): void {
    this.starts[wanted] = quoted ? from + 1 : from;
    this.ends[wanted] = quoted ? to - 1 : to;
    this.isString[wanted] = quoted ? 1 : 0;
  }

  /** False when a key with this hash stood in the object already: a duplicate, or a collision that the decoder must look at. */
  #isNew(hash: number): boolean {
    this.members += 1;
    this.shapeHash = (Math.imul(this.shapeHash, 31) + hash) | 0;
    let slot = (hash ^ (hash >>> 15)) & TABLE_MASK;
    while (this.#stamps[slot] === this.#stamp) {
      if (this.#hashes[slot] === hash) return false;
      slot = (slot + 1) & TABLE_MASK;
    }
    this.#stamps[slot] = this.#stamp;
    this.#hashes[slot] = hash;
    return this.members <= KEYS_MAX;
  }

  #whichWanted(bytes: Uint8Array, from: number, to: number, hash: number): number {
    for (let index = 0; index < this.#wantedHashes.length; index += 1) {
      if (this.#wantedHashes[index] === hash && sameBytes(bytes, from, to, this.#wanted[index] as Uint8Array)) return index;
    }
    return -1;
  }
}

/** The position after the scalar at `at`, -1 when it is no plain scalar. */
function scanValue(bytes: Uint8Array, from: number): number {
  let at = from;
  let code = bytes[at] as number;
  if (code === 0x22) {
    do code = bytes[at += 1] as number; while (PLAIN[code] === 1);
    return code === 0x22 && at - from <= STRING_BYTES_MAX ? at + 1 : -1;
  }
  if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return scanInteger(bytes, at);
  const word = code === 0x6e ? 'null' : code === 0x74 ? 'true' : code === 0x66 ? 'false' : '';
  if (word === '') return -1;
  for (let index = 0; index < word.length; index += 1, at += 1) {
    if (bytes[at] !== word.charCodeAt(index)) return -1;
  }
  return at;
}

/** A number without exponent. */
function scanInteger(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === 0x2d ? from + 1 : from;
  const first = at;
  while (isDigit(bytes[at])) at += 1;
  if (at === first || (bytes[first] === 0x30 && at > first + 1)) return -1;
  if (bytes[at] !== 0x2e) return at;
  const fraction = at += 1;
  while (isDigit(bytes[at])) at += 1;
  return at === fraction ? -1 : at;
}

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 0x30 && code <= 0x39;
}

function sameBytes(bytes: Uint8Array, from: number, to: number, key: Uint8Array): boolean {
  if (to - from !== key.length) return false;
  for (let index = 0; index < key.length; index += 1) {
    if (bytes[from + index] !== key[index]) return false;
  }
  return true;
}
