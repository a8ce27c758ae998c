/** Longest id on the wire, octets. */
export const ID_BYTES = 36;
/** words of a key: hash, account * 64 + length, up to nine words of text (the last one zero-filled; behind it stands anything), one spare */
export const KEY_WORDS = 12;
export const KEY_HASH = 0;
export const KEY_HEAD = 1;
export const KEY_TEXT = 2;

/**
 * One (account, id) loaded from the wire into aligned words, so that tables compare and copy four octets at a time and hash once.
 * The seed comes from outside: with a secret one nobody can prepare ids that collide. It never shows in any output.
 */
export class IdKey {
  readonly words: Int32Array = new Int32Array(KEY_WORDS);
  /** number of words in use */
  end = KEY_TEXT;
  private declare readonly seed: number;

  constructor(seed: number) {
    this.seed = seed | 0;
  }

  /** @param length 1..ID_BYTES, checked by the codec */
  load(bytes: Uint8Array, start: number, length: number, account: number): void {
    const words = this.words;
    const head = account * 64 + length;
    let hash = Math.imul(this.seed ^ head, 0x9e3779b1);
    let word = KEY_TEXT;
    let at = start;
    for (const end = start + (length & ~3); at < end; at += 4) {
      const four = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      words[word++] = four;
      hash = Math.imul(hash ^ four, 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    if ((length & 3) !== 0) {
      let rest = bytes[at]!;
      if ((length & 3) > 1) rest |= bytes[at + 1]! << 8;
      if ((length & 3) > 2) rest |= bytes[at + 2]! << 16;
      words[word++] = rest;
      hash = Math.imul(hash ^ rest, 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash, 0xc2b2ae35);
    words[KEY_HASH] = hash ^ (hash >>> 16);
    words[KEY_HEAD] = head;
    this.end = word;
  }

  get length(): number {
    return this.words[KEY_HEAD]! & 63;
  }
}

/** Smallest power of two that is >= count and >= 8. */
export const tableSize = (count: number): number => {
  let size = 8;
  while (size < count) size *= 2;
  return size;
};

/** Places of a table for so many entries: when all are there, `loadPercent` of it are taken. */
export const placesFor = (entries: number, loadPercent: number): number => Math.ceil((entries * 100) / loadPercent) + 8;

/** Where a hash belongs in a table of any size: by its upper bits, so that the lower ones can tell neighbours apart. */
export const placeOf = (hash: number, size: number): number => ((hash >>> 0) * size / 0x1_0000_0000) | 0;
