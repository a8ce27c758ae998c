import type {Socket} from 'node:net';
import {FLAG_MORE, writeHeader} from './zmtp-words.ts';

const SLAB_BYTES = 64 * 1024;
const HEADER_BYTES_MAX = 9;
/** Octets that may wait in this process for the peer to read. */
const BACKLOG_BYTES_MAX = 1024 * 1024;

/** Packs messages into few writes: what is appended goes out with the next `flush`, or when a slab is full. */
export class BatchWriter {
  readonly #socket: Socket;
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #start = 0;
  #end = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  get isFull(): boolean {
    return this.#socket.writableLength > BACKLOG_BYTES_MAX;
  }

  append(frames: readonly Uint8Array[]): void {
    for (const [index, frame] of frames.entries()) this.appendFrame(frame, index < frames.length - 1 ? FLAG_MORE : 0);
  }

  appendFrame(frame: Uint8Array, flags: number): void {
    if (this.#end + HEADER_BYTES_MAX + frame.length > SLAB_BYTES) this.#turnOver();
    this.#end += writeHeader(this.#slab, this.#end, frame.length, flags);
    if (this.#end + frame.length > SLAB_BYTES) {
      // longer than a slab: out by itself, after its header
      this.#turnOver();
      this.#socket.write(frame);
      return;
    }
    this.#slab.set(frame, this.#end);
    this.#end += frame.length;
  }

  flush(): void {
    if (this.#end === this.#start) return;
    this.#socket.write(this.#slab.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }

  /** A slab is never written twice: the kernel may not have taken it yet. */
  #turnOver(): void {
    this.flush();
    this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    this.#start = 0;
    this.#end = 0;
  }
}
