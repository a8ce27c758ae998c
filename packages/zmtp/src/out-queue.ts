import type {OutMessage} from './batch-writer.ts';

/** Messages that wait for a peer with room: bounded in number and in octets, first in first out. */
export class OutQueue {
  readonly #messagesMax: number;
  readonly #bytesMax: number;
  #messages: OutMessage[] = [];
  /** those before it are gone; the array is cut when they are half of it */
  #first = 0;
  #bytes = 0;

  constructor(messagesMax: number, bytesMax: number) {
    this.#messagesMax = messagesMax;
    this.#bytesMax = bytesMax;
  }

  get length(): number {
    return this.#messages.length - this.#first;
  }

  get isFull(): boolean {
    return this.length >= this.#messagesMax || this.#bytes >= this.#bytesMax;
  }

  /** False when there is no room: nothing was taken. A message longer than the room that is left may go over the limit of octets once. */
  push(message: OutMessage): boolean {
    if (this.isFull) return false;
    this.#messages.push(message);
    this.#bytes += sizeBytes(message);
    return true;
  }

  /** The first one; only while there is one. */
  shift(): OutMessage {
    const message = this.#messages[this.#first]!;
    this.#first += 1;
    this.#bytes -= sizeBytes(message);
    if (this.#first * 2 > this.#messages.length) {
      this.#messages = this.#messages.slice(this.#first);
      this.#first = 0;
    }
    return message;
  }

  /** Forgets all; how many there were. */
  clear(): number {
    const {length} = this;
    this.#messages = [];
    this.#first = 0;
    this.#bytes = 0;
    return length;
  }
}

function sizeBytes(message: OutMessage): number {
  return message instanceof Uint8Array ? message.length : message.reduce((sum, part) => sum + part.length, 0);
}
