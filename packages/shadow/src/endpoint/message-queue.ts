/** One frame, or the frames of a multipart message. */
export type Outgoing = Uint8Array | readonly Uint8Array[];

/** A queue bounded in messages and in bytes. Taking from the front is O(1). */
export class MessageQueue {
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  #items: (Outgoing | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  constructor(maxMessages: number, maxBytes: number) {
    this.#maxMessages = maxMessages;
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  get sizeBytes(): number {
    return this.#bytes;
  }

  get full(): boolean {
    return this.length >= this.#maxMessages || this.#bytes >= this.#maxBytes;
  }

  /** False when it is full; the last message taken may exceed the byte bound by its own size. */
  push(message: Outgoing): boolean {
    if (this.full) return false;
    this.#items.push(message);
    this.#bytes += sizeOf(message);
    return true;
  }

  /** Puts a message back at the front; always taken, since it was counted before. */
  unshift(message: Outgoing): void {
    this.#bytes += sizeOf(message);
    if (this.#head > 0) {
      this.#head -= 1;
      this.#items[this.#head] = message;
    } else {
      this.#items.unshift(message);
    }
  }

  peek(): Outgoing | undefined {
    return this.#items[this.#head];
  }

  shift(): Outgoing | undefined {
    const message = this.#items[this.#head];
    if (message === undefined) return undefined;
    this.#items[this.#head] = undefined;
    this.#head += 1;
    this.#bytes -= sizeOf(message);
    if (this.#head === this.#items.length) {
      this.#items.length = 0;
      this.#head = 0;
    } else if (this.#head >= 1024 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }

  /** Forgets all and says how many that were. */
  clear(): number {
    const count = this.length;
    this.#items = [];
    this.#head = 0;
    this.#bytes = 0;
    return count;
  }
}

function sizeOf(message: Outgoing): number {
  if (message instanceof Uint8Array) return message.byteLength;
  let sum = 0;
  for (const frame of message) sum += frame.byteLength;
  return sum;
}
