import {FLAG_COMMAND, FLAG_LONG, FLAG_MORE, FLAGS_RESERVED} from './zmtp-words.ts';

/** What a reader tells. Views lie in the chunk that was fed: keep them as long as you like, nobody writes there again. */
export interface FrameSink {
  message(payload: Uint8Array, frames: readonly Uint8Array[] | null): void;
  command(body: Uint8Array): void;
}

export interface FrameLimits {
  readonly messageBytesMax: number;
  readonly partsMax: number;
}

const EMPTY = Buffer.alloc(0);

/**
 * Cuts a byte stream of ZMTP frames (after the greeting) into messages, in place where a frame lies in one chunk. Returns what
 * is wrong with the stream, or null; after that nothing more is read. Memory is bounded by the message limit.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #limits: FrameLimits;
  /** start of a frame whose rest has not come yet: its header, or a body being filled */
  #rest: Buffer = EMPTY;
  #body: Buffer | null = null;
  #bodyFlags = 0;
  #filled = 0;
  #parts: Uint8Array[] = [];
  #partsBytes = 0;
  #fault: string | null = null;

  constructor(sink: FrameSink, limits: FrameLimits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  feed(chunk: Buffer): string | null {
    if (this.#fault !== null) return this.#fault;
    let at = 0;
    if (this.#body !== null) at = this.#fill(chunk);
    let bytes = chunk;
    if (this.#rest.length > 0) {
      bytes = Buffer.concat([this.#rest, chunk.subarray(at)]); // at most 8 octets of a header come before
      this.#rest = EMPTY;
      at = 0;
    }
    while (at < bytes.length && this.#fault === null) {
      const next = this.#frame(bytes, at);
      if (next === null) break;
      at = next;
    }
    return this.#fault;
  }

  /** Reads one frame; returns where the next one starts, or null when more octets are needed (what is there was kept). */
  #frame(bytes: Buffer, at: number): number | null {
    const flags = bytes[at] ?? 0;
    const headerBytes = (flags & FLAG_LONG) === 0 ? 2 : 9;
    if ((flags & FLAGS_RESERVED) !== 0 || (flags & (FLAG_COMMAND | FLAG_MORE)) === (FLAG_COMMAND | FLAG_MORE)) return this.#stop(`a frame with flags ${flags}`);
    if (bytes.length - at < headerBytes) {
      this.#rest = Buffer.from(bytes.subarray(at));
      return null;
    }
    const size = headerBytes === 2 ? bytes[at + 1] ?? 0 : bytes.readUInt32BE(at + 1) * 2 ** 32 + bytes.readUInt32BE(at + 5);
    if (this.#partsBytes + size > this.#limits.messageBytesMax) return this.#stop(`a message above ${this.#limits.messageBytesMax} bytes`);
    const start = at + headerBytes;
    if (bytes.length - start >= size) {
      this.#whole(flags, bytes.subarray(start, start + size));
      return start + size;
    }
    this.#body = Buffer.allocUnsafeSlow(size);
    this.#bodyFlags = flags;
    this.#filled = bytes.copy(this.#body, 0, start);
    return null;
  }

  #fill(chunk: Buffer): number {
    const body = this.#body ?? EMPTY;
    const taken = chunk.copy(body, this.#filled);
    this.#filled += taken;
    if (this.#filled === body.length) {
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

  #stop(fault: string): null {
    this.#fault = fault;
    this.#parts = [];
    return null;
  }
}
