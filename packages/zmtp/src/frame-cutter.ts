import {FLAG_COMMAND, FLAG_LONG, FLAG_MORE, FLAGS_RESERVED, HEADER_BYTES_MAX} from './frame-header.ts';

/** Where the frames of one direction go. */
export interface FrameTaker {
  /**
   * One whole frame. The octets of its body that were kept lie in `bytes` from `start` to `end`; `sizeBytes` is what its header says. Valid only
   * during the call.
   */
  frame(flags: number, bytes: Buffer, start: number, end: number, sizeBytes: number): void;
}

/** READY with a few properties, or a PING; longer ones are cut, which their reader notices. */
const COMMAND_BYTES_KEPT = 4096;
const FIRST_BYTES = 4096;
const EMPTY: Buffer = Buffer.alloc(0);

/**
 * Cuts the octets behind a greeting into frames without judging what they carry: in place where a body lies in one chunk, else copied once up to a
 * limit. Memory grows with the octets that came, never with what a header promises. Reports what is no frame, and then reads nothing more.
 */
export class FrameCutter {
  readonly #taker: FrameTaker;
  /** octets of the next message body to keep when it spans chunks; 0: headers only */
  keepBytes = 0;
  readonly #head = Buffer.alloc(HEADER_BYTES_MAX);
  #headFilled = 0;
  #flags = 0;
  #sizeBytes = 0;
  /** octets of a body that spans chunks, still to come */
  #leftBytes = 0;
  #kept = EMPTY;
  #keptBytes = 0;
  #keptBytesMax = 0;
  #fault: string | null = null;

  constructor(taker: FrameTaker) {
    this.#taker = taker;
  }

  /** Reads the chunk from `at`; what is wrong with the stream, or null. */
  feed(chunk: Buffer, from: number): string | null {
    const end = chunk.length;
    let at = from;
    while (at < end && this.#fault === null) {
      if (this.#leftBytes > 0) {
        at += this.#gather(chunk, at, end);
        continue;
      }
      let flags = chunk[at]!;
      let size: number;
      if (this.#headFilled === 0 && (flags & ~FLAG_MORE) === 0 && end - at >= 2) {
        size = chunk[at + 1]!;
        at += 2;
      } else if (this.#headFilled === 0 && (flags & FLAG_LONG) !== 0 && end - at >= HEADER_BYTES_MAX) {
        if (!this.#isLegal(flags)) break;
        size = this.#longSize(chunk, at + 1);
        if (size < 0) break;
        at += HEADER_BYTES_MAX;
      } else {
        at += 1;
        size = this.#headOctet(flags);
        if (size < 0) continue;
        flags = this.#head[0]!;
      }
      if (end - at >= size) {
        this.#taker.frame(flags, chunk, at, at + size, size);
        at += size;
      } else this.#begin(flags, size);
    }
    return this.#fault;
  }

  /** Reads nothing more. */
  stop(fault: string): void {
    this.#fault ??= fault;
    this.#kept = EMPTY;
    this.#leftBytes = 0;
  }

  /** One octet of a header that comes in pieces; its body's size when it was the last one, else -1. */
  #headOctet(octet: number): number {
    this.#head[this.#headFilled] = octet;
    this.#headFilled += 1;
    const flags = this.#head[0]!;
    if (this.#headFilled === 1 && !this.#isLegal(flags)) return -1;
    if (this.#headFilled < ((flags & FLAG_LONG) === 0 ? 2 : HEADER_BYTES_MAX)) return -1;
    this.#headFilled = 0;
    return (flags & FLAG_LONG) === 0 ? this.#head[1]! : this.#longSize(this.#head, 1);
  }

  #isLegal(flags: number): boolean {
    if ((flags & FLAGS_RESERVED) === 0 && (flags & (FLAG_COMMAND | FLAG_MORE)) !== (FLAG_COMMAND | FLAG_MORE)) return true;
    this.stop(`a frame with flags ${flags}`);
    return false;
  }

  #longSize(bytes: Buffer, at: number): number {
    const high = bytes.readUInt32BE(at);
    if (high <= 0x1f_ffff) return high * 2 ** 32 + bytes.readUInt32BE(at + 4);
    this.stop('a frame of 2^53 octets or more');
    return -1;
  }

  #begin(flags: number, sizeBytes: number): void {
    this.#flags = flags;
    this.#sizeBytes = sizeBytes;
    this.#leftBytes = sizeBytes;
    this.#keptBytes = 0;
    // as it is now: a body kept from its middle on would be another body
    this.#keptBytesMax = Math.min(sizeBytes, (flags & FLAG_COMMAND) === 0 ? this.keepBytes : COMMAND_BYTES_KEPT);
  }

  /** Takes what the chunk has of the body; how many octets that were. */
  #gather(chunk: Buffer, at: number, end: number): number {
    const taken = Math.min(this.#leftBytes, end - at);
    const keep = Math.min(taken, this.#keptBytesMax - this.#keptBytes);
    if (keep > 0) {
      const needed = this.#keptBytes + keep;
      if (needed > this.#kept.length) this.#grow(Math.min(this.#keptBytesMax, Math.max(needed, 2 * this.#kept.length, FIRST_BYTES)));
      chunk.copy(this.#kept, this.#keptBytes, at, at + keep);
      this.#keptBytes = needed;
    }
    this.#leftBytes -= taken;
    if (this.#leftBytes === 0) {
      const body = this.#kept;
      this.#kept = EMPTY;
      this.#taker.frame(this.#flags, body, 0, this.#keptBytes, this.#sizeBytes);
    }
    return taken;
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(bytes);
    this.#kept.copy(larger, 0, 0, this.#keptBytes);
    this.#kept = larger;
  }
}
