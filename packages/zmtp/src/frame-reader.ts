import {FLAG_COMMAND, FLAG_LONG, FLAG_MORE, FLAGS_RESERVED, HEADER_BYTES_MAX} from './frame-header.ts';

/** What a reader tells. Views lie in the chunk that was fed: keep them as long as you like, nobody writes there again. */
export interface FrameSink {
  /** The last part, and all parts when there are several. */
  message(payload: Uint8Array, frames: readonly Uint8Array[] | null): void;
  command(body: Uint8Array): void;
}

export interface FrameLimits {
  /** all parts of a message together */
  readonly messageBytesMax: number;
  readonly partsMax: number;
}

/** A command carries a few short properties. */
const COMMAND_BYTES_MAX = 4096;
const EMPTY: Buffer = Buffer.alloc(0);

/**
 * Cuts a byte stream of ZMTP frames (after the greeting) into messages, in place where a frame lies in one chunk. Returns what
 * is wrong with the stream, or null; after that nothing more is read. Memory is bounded by the message limit. Work is linear in the octets
 * however they are cut: what lies across chunks is copied once. `hold` stops it between two messages, also from within the sink;
 * whoever holds feeds nothing more until `release`.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #limits: FrameLimits;
  /** start of a header whose rest has not come yet */
  readonly #head = Buffer.alloc(HEADER_BYTES_MAX);
  #headFilled = 0;
  /** body whose rest has not come yet */
  #body: Buffer | null = null;
  #bodyFlags = 0;
  #bodyFilled = 0;
  #parts: Uint8Array[] = [];
  #partsBytes = 0;
  #fault: string | null = null;
  #isHeld = false;
  #kept = EMPTY;

  constructor(sink: FrameSink, limits: FrameLimits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  /** Octets wait for `release`. */
  get isHolding(): boolean {
    return this.#kept.length > 0;
  }

  hold(): void {
    this.#isHeld = true;
  }

  /** Goes on with what was kept; may be held again on the way. */
  release(): string | null {
    this.#isHeld = false;
    const kept = this.#kept;
    this.#kept = EMPTY;
    return kept.length === 0 ? this.#fault : this.feed(kept);
  }

  feed(chunk: Buffer): string | null {
    const end = chunk.length;
    let at = 0;
    while (at < end && this.#fault === null) {
      if (this.#isHeld) {
        this.#kept = this.#kept.length === 0 ? chunk.subarray(at) : Buffer.concat([this.#kept, chunk.subarray(at)]);
        break;
      }
      if (this.#body !== null) {
        at += this.#fill(this.#body, chunk, at);
        continue;
      }
      const flags = this.#headFilled === 0 ? chunk[at]! : this.#head[0]!;
      const headerBytes = (flags & FLAG_LONG) === 0 ? 2 : HEADER_BYTES_MAX;
      if (this.#headFilled === 0 && end - at >= headerBytes) {
        const size = this.#sizeOf(chunk, at, flags);
        at += headerBytes;
        if (size < 0) break;
        if (end - at >= size) {
          this.#whole(flags, chunk.subarray(at, at + size));
          at += size;
        } else this.#begin(flags, size);
      } else {
        this.#head[this.#headFilled] = chunk[at]!;
        this.#headFilled += 1;
        at += 1;
        if (this.#headFilled === 1 && !this.#flagsAreLegal(flags)) break;
        if (this.#headFilled < headerBytes) continue;
        this.#headFilled = 0;
        const size = this.#sizeOf(this.#head, 0, flags);
        if (size === 0) this.#whole(flags, EMPTY);
        else if (size > 0) this.#begin(flags, size);
      }
    }
    return this.#fault;
  }

  #flagsAreLegal(flags: number): boolean {
    if ((flags & FLAGS_RESERVED) === 0 && (flags & (FLAG_COMMAND | FLAG_MORE)) !== (FLAG_COMMAND | FLAG_MORE)) return true;
    this.#stop(`a frame with flags ${flags}`);
    return false;
  }

  /** Size of the body behind a whole header; -1 when it is refused, before any memory is taken. */
  #sizeOf(bytes: Buffer, at: number, flags: number): number {
    if (!this.#flagsAreLegal(flags)) return -1;
    const size = (flags & FLAG_LONG) === 0 ? bytes[at + 1]! : bytes.readUInt32BE(at + 1) * 2 ** 32 + bytes.readUInt32BE(at + 5);
    if ((flags & FLAG_COMMAND) !== 0) {
      if (size <= COMMAND_BYTES_MAX) return size;
      this.#stop(`a command above ${COMMAND_BYTES_MAX} bytes`);
      return -1;
    }
    if (this.#partsBytes + size <= this.#limits.messageBytesMax) return size;
    this.#stop(`a message above ${this.#limits.messageBytesMax} bytes`);
    return -1;
  }

  #begin(flags: number, sizeBytes: number): void {
    this.#body = Buffer.allocUnsafe(sizeBytes); // small ones share Node's pool, which is never written twice either
    this.#bodyFlags = flags;
    this.#bodyFilled = 0;
  }

  #fill(body: Buffer, chunk: Buffer, at: number): number {
    const taken = chunk.copy(body, this.#bodyFilled, at);
    this.#bodyFilled += taken;
    if (this.#bodyFilled === body.length) {
      this.#body = null;
      this.#whole(this.#bodyFlags, body);
    }
    return taken;
  }

  #whole(flags: number, body: Buffer): void {
    if ((flags & FLAG_COMMAND) !== 0) return this.#sink.command(body);
    if ((flags & FLAG_MORE) === 0 && this.#parts.length === 0) return this.#sink.message(body, null);
    this.#parts.push(body);
    this.#partsBytes += body.length;
    if (this.#parts.length > this.#limits.partsMax) {
      this.#stop(`a message of more than ${this.#limits.partsMax} parts`);
    } else if ((flags & FLAG_MORE) === 0) {
      const parts = this.#parts;
      this.#parts = [];
      this.#partsBytes = 0;
      this.#sink.message(body, parts);
    }
  }

  /** Reads nothing more: the stream is at fault, or its owner gave it up. */
  stop(fault: string): void {
    this.#stop(fault);
  }

  #stop(fault: string): void {
    this.#fault ??= fault;
    this.#parts = [];
    this.#body = null;
    this.#kept = EMPTY;
  }
}
