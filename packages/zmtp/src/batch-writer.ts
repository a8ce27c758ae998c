import type {Socket} from 'node:net';
import {FLAG_MORE, HEADER_BYTES_MAX, writeHeader} from './frame-header.ts';

const SLAB_BYTES = 64 * 1024;

/** A message to send: one part, or all its parts. Its memory must not change afterwards: it may be sent from where it lies. */
export type OutMessage = Uint8Array | readonly Uint8Array[];

/** Packs messages into few writes: what is appended goes out with the next `flush`, or when a slab is full. */
export class BatchWriter {
  readonly #socket: Socket;
  readonly #backlogBytesMax: number;
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #start = 0;
  #end = 0;
  #isFinished = false;
  /** what the stream held after the last write */
  #heldBytes = 0;
  /** messages appended so far */
  messages = 0;
  /** More octets than the limit wait in this process for the peer to read; until the socket's next 'drain'. */
  isFull = false;

  constructor(socket: Socket, backlogBytesMax: number) {
    this.#socket = socket;
    // below this mark the stream would not announce that it drained
    this.#backlogBytesMax = Math.max(backlogBytesMax, socket.writableHighWaterMark);
  }

  /** Octets that the system has not taken; of a stream that broke: at most so many. */
  get unsentBytes(): number {
    // a broken stream has thrown away what it held, and no longer knows how much that was
    const held = this.#socket.errored === null && !this.#socket.destroyed ? this.#socket.writableLength : this.#heldBytes;
    return this.#end - this.#start + held;
  }

  append(message: OutMessage): void {
    this.messages += 1;
    if (message instanceof Uint8Array) {
      this.#appendFrame(message, 0);
      return;
    }
    const last = message.length - 1;
    for (let index = 0; index <= last; index++) this.#appendFrame(message[index]!, index < last ? FLAG_MORE : 0);
  }

  flush(): void {
    if (this.#end === this.#start) return;
    this.#write(this.#slab.subarray(this.#start, this.#end));
    // all with the system already: the slab is free again
    if (this.#socket.writableLength === 0) this.#end = 0;
    this.#start = this.#end;
  }

  drained(): void {
    this.#heldBytes = 0;
    if (!this.#isFinished) this.isFull = false;
  }

  /** What was appended goes out, then nothing more: full from now on. `sent`: called when the system has taken all, or the stream broke. */
  finish(sent: () => void): void {
    this.flush();
    this.#isFinished = true;
    this.isFull = true;
    this.#socket.end((error?: Error | null) => {
      if (error == null) this.#heldBytes = 0;
      sent();
    });
  }

  #appendFrame(frame: Uint8Array, flags: number): void {
    const size = frame.length;
    if (this.#end + HEADER_BYTES_MAX + size > SLAB_BYTES) this.#turnOver();
    this.#end += writeHeader(this.#slab, this.#end, size, flags);
    if (this.#end + size > SLAB_BYTES) {
      // longer than a slab: out by itself, after its header
      this.#turnOver();
      this.#write(frame);
      return;
    }
    this.#slab.set(frame, this.#end);
    this.#end += size;
  }

  /** What the system has not taken yet may not be written over: a new slab then. */
  #turnOver(): void {
    this.flush();
    if (this.#end === 0) return;
    this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    this.#start = 0;
    this.#end = 0;
  }

  #write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
    this.#heldBytes = this.#socket.writableLength;
    if (this.#heldBytes > this.#backlogBytesMax) this.isFull = true;
  }
}
