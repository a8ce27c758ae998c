const HEAD = 0;
const TAIL = 1;
const CLOSED = 2;
/** octets before the data: head, tail and the flag, each in a cache line of its own */
const DATA_AT = 192;
const LINE_INTS = 16;
const LENGTH_BYTES = 4;
/** in the place of a length: the next record stands at the beginning */
const WRAPS = 0xffff_ffff;

/** The least that a ring can be made of, octets. */
export const RING_BYTES_MIN = 64 * 1024;

const aligned = (bytes: number): number => (bytes + LENGTH_BYTES + 7) & ~7;

/** Memory for a ring that two threads share; `dataBytes` is a power of two. */
export const ringMemory = (dataBytes: number): SharedArrayBuffer => {
  if (dataBytes < RING_BYTES_MIN || dataBytes > 2 ** 30 || (dataBytes & (dataBytes - 1)) !== 0) throw new RangeError(`a ring of ${dataBytes} octets`);
  return new SharedArrayBuffer(DATA_AT + dataBytes);
};

/** What both ends know: where the records lie, and how far each end is. Positions grow for ever and are taken modulo the size. */
class RingEnd {
  /** the data; records lie in it in one piece */
  readonly octets: Buffer<ArrayBufferLike>;
  readonly view: DataView;
  readonly sizeBytes: number;
  protected readonly words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.sizeBytes = memory.byteLength - DATA_AT;
    this.words = new Int32Array(memory, 0, DATA_AT / 4);
    this.octets = Buffer.from(memory, DATA_AT);
    this.view = new DataView(memory, DATA_AT);
  }

  /** octets that are written and not yet read */
  get usedBytes(): number {
    return (Atomics.load(this.words, TAIL * LINE_INTS) - Atomics.load(this.words, HEAD * LINE_INTS)) >>> 0;
  }

  get isClosed(): boolean {
    return Atomics.load(this.words, CLOSED * LINE_INTS) !== 0;
  }

  close(): void {
    Atomics.store(this.words, CLOSED * LINE_INTS, 1);
  }
}

/** The end that writes; never waits. */
export class RingWriter extends RingEnd {
  #tail = 0;
  #next = 0;
  /** how far the reader was when it was last looked at */
  #head = 0;

  /** Where a record of so many octets may be written, in `octets`; -1: there is no room, now or ever. `commit` makes it known. */
  reserve(bytes: number): number {
    const wanted = aligned(bytes);
    const at = this.#tail & (this.sizeBytes - 1);
    const toEnd = this.sizeBytes - at;
    const skipped = wanted <= toEnd ? 0 : toEnd;
    if (bytes > this.sizeBytes / 4 || !this.#hasRoom(skipped + wanted)) return -1;
    if (skipped > 0) this.view.setUint32(at, WRAPS, true);
    const start = skipped > 0 ? 0 : at;
    this.view.setUint32(start, bytes, true);
    this.#next = (this.#tail + skipped + wanted) | 0;
    return start + LENGTH_BYTES;
  }

  #hasRoom(bytes: number): boolean {
    if (((this.#tail - this.#head) >>> 0) + bytes <= this.sizeBytes) return true;
    this.#head = Atomics.load(this.words, HEAD * LINE_INTS);
    return ((this.#tail - this.#head) >>> 0) + bytes <= this.sizeBytes;
  }

  commit(): void {
    this.#tail = this.#next;
    Atomics.store(this.words, TAIL * LINE_INTS, this.#tail);
  }
}

/** The end that reads, record by record. */
export class RingReader extends RingEnd {
  #head = 0;
  /** how far the writer was when it was last looked at */
  #tail = 0;
  /** where the record lies in `octets` */
  at = 0;
  bytes = 0;

  /** Goes to the next record: `at` and `bytes`; false when there is none. It stays valid until `release`. */
  next(): boolean {
    if (this.#head === this.#tail) this.#tail = Atomics.load(this.words, TAIL * LINE_INTS);
    if (this.#head === this.#tail) return false;
    let start = this.#head & (this.sizeBytes - 1);
    if (this.view.getUint32(start, true) === WRAPS) {
      this.#head = (this.#head + this.sizeBytes - start) | 0;
      start = 0;
    }
    this.bytes = this.view.getUint32(start, true);
    this.at = start + LENGTH_BYTES;
    this.#head = (this.#head + aligned(this.bytes)) | 0;
    return true;
  }

  /** Everything that was read may be written over. */
  release(): void {
    Atomics.store(this.words, HEAD * LINE_INTS, this.#head);
  }
}
