/** four pages of memory */
const CHUNK_WORDS = 4096;
const WORDS_MAX = 2 ** 31 - 2 * CHUNK_WORDS;
const NONE = -1;

/**
 * Records of different lengths, first in, first out, in chunks of one buffer: a chunk whose records are all dropped is used again, so that only
 * as much memory is ever touched as records are kept at once. The buffer is reserved for the longest records; pages never touched cost nothing.
 */
export class RecordRing {
  declare readonly words: Int32Array;
  private declare readonly next: Int32Array;
  /** index behind the last record of a chunk that is full */
  private declare readonly end: Int32Array;
  private free = NONE;
  private untouched = 1;
  private touchedTo = 1;
  private headChunk = 0;
  private head = 0;
  private tailChunk = 0;
  private tail = 0;

  /**
   * @param records kept at once, at most
   * @throws RangeError when their memory cannot be had
   */
  constructor(records: number, recordWordsMax: number) {
    const chunks = Math.ceil((records * recordWordsMax) / (CHUNK_WORDS - recordWordsMax)) + 2;
    if (chunks * CHUNK_WORDS > WORDS_MAX) throw new RangeError(`${records} records are more than can be named`);
    this.words = new Int32Array(chunks * CHUNK_WORDS);
    this.next = new Int32Array(chunks);
    this.end = new Int32Array(chunks);
  }

  /** Room for a record of so many words behind all others. @returns index of its first word; what stands there is anything */
  append(size: number): number {
    if (this.tail + size > (this.tailChunk + 1) * CHUNK_WORDS) this.leaveChunk();
    const record = this.tail;
    this.tail += size;
    return record;
  }

  private leaveChunk(): void {
    let chunk = this.free;
    if (chunk === NONE) chunk = this.untouched++;
    else this.free = this.next[chunk]!;
    this.end[this.tailChunk] = this.tail;
    this.next[this.tailChunk] = chunk;
    this.tailChunk = chunk;
    this.tail = chunk * CHUNK_WORDS;
  }

  /** Index of the first word of the oldest record; there is one. */
  oldest(): number {
    if (this.headChunk !== this.tailChunk && this.head === this.end[this.headChunk]) {
      const chunk = this.headChunk;
      this.headChunk = this.next[chunk]!;
      this.head = this.headChunk * CHUNK_WORDS;
      this.next[chunk] = this.free;
      this.free = chunk;
    }
    return this.head;
  }

  /** @param size of the record that `oldest` gave */
  dropOldest(size: number): void {
    this.head += size;
  }

  /** Touches the pages of the chunk that comes next, if it was never used. */
  touchAhead(): void {
    if (this.free !== NONE || this.touchedTo > this.untouched || (this.untouched + 1) * CHUNK_WORDS > this.words.length) return;
    for (let word = this.untouched * CHUNK_WORDS; word < (this.untouched + 1) * CHUNK_WORDS; word += 1024) this.words[word] = 0;
    this.touchedTo = this.untouched + 1;
  }
}
