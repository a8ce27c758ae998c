/** Octets that every output may need at most, with room for copies of eight octets at a time. */
export const OUTPUT_BYTES_MAX = 1024;

const ZERO = 0x30;
const HUNDRED_MILLION = 100_000_000;

/** the two digits of 0..99 as one little-endian word */
const PAIRS = Uint16Array.from({length: 100}, (_, i) => (ZERO + Math.floor(i / 10)) | ((ZERO + (i % 10)) << 8));

/** Constant texts as words of eight octets, so that one is written in a few stores; what hangs over is overwritten by what follows. */
export class Fragments {
  readonly words: Float64Array;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;

  /** @param texts ASCII; a fragment is called by its position */
  constructor(texts: readonly string[]) {
    const wordCounts = texts.map((text) => Math.max(1, Math.ceil(text.length / 8)));
    const octets = new Uint8Array(wordCounts.reduce((sum, count) => sum + count, 0) * 8);
    this.starts = new Int32Array(texts.length);
    this.lengths = Int32Array.from(texts, (text) => text.length);
    let word = 0;
    texts.forEach((text, i) => {
      this.starts[i] = word;
      for (let at = 0; at < text.length; at++) octets[word * 8 + at] = text.charCodeAt(at);
      word += wordCounts[i]!;
    });
    this.words = new Float64Array(octets.buffer);
  }
}

/** Collects the constant pieces of an encoder: each is written by its number. */
export class Pieces {
  private readonly texts: string[] = [];

  piece(text: string): number {
    return this.texts.push(text) - 1;
  }

  done(): Fragments {
    return new Fragments(this.texts);
  }
}

/** Names in quotes, by position. */
export const quoted = (names: readonly string[]): Fragments => new Fragments(names.map((name) => `"${name}"`));

/** Writes ASCII into one buffer, forwards only. Never checks for room: the owner keeps OUTPUT_BYTES_MAX free before each output. */
export class JsonWriter {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  private view: DataView = new DataView(new ArrayBuffer(0));

  /** From now on into this buffer. */
  use(bytes: Uint8Array, at: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.at = at;
  }

  fragment(fragments: Fragments, i: number): void {
    const {view} = this;
    const {words} = fragments;
    let at = this.at;
    const end = at + fragments.lengths[i]!;
    let word = fragments.starts[i]!;
    do {
      view.setFloat64(at, words[word++]!, true);
      at += 8;
    } while (at < end);
    this.at = end;
  }

  octet(code: number): void {
    this.bytes[this.at++] = code;
  }

  copy(from: Uint8Array, start: number, length: number): void {
    const {bytes} = this;
    let at = this.at;
    for (let i = start; i < start + length; i++) bytes[at++] = from[i]!;
    this.at = at;
  }

  /** An integer 0..2^53-1 that stands at `numbers[i]`. */
  integer(numbers: Float64Array, i: number): void {
    const value = numbers[i]!;
    if (value < HUNDRED_MILLION) {
      this.small(value | 0);
      return;
    }
    const high = Math.floor(value / HUNDRED_MILLION) | 0;
    this.small(high);
    this.padded((value - high * HUNDRED_MILLION) | 0, 8);
  }

  /** An integer 0..99,999,999 without leading zeros. */
  small(value: number): void {
    let digits = 1;
    for (let bound = 10; digits < 8 && value >= bound; bound *= 10) digits++;
    this.padded(value, digits);
  }

  /** The last `digits` (0..9) digits of an integer below 10^9, with leading zeros. */
  padded(value: number, digits: number): void {
    const {bytes, view} = this;
    let rest = value;
    let at = this.at + digits;
    this.at = at;
    let left = digits;
    while (left >= 2) {
      const next = (rest / 100) | 0;
      at -= 2;
      view.setUint16(at, PAIRS[rest - next * 100]!, true);
      rest = next;
      left -= 2;
    }
    if (left === 1) bytes[at - 1] = ZERO + (rest % 10);
  }
}
