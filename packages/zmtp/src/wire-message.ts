/** `up`: from the peer that connected to the tap to the real endpoint; `down`: back. */
export type WireDirection = 'up' | 'down';

/**
 * One message as it lay on the wire. Valid only during the call: the same object tells the next message, and its octets lie in buffers that are
 * being forwarded. Copy what you keep, and never write there.
 */
export interface WireMessage {
  /** numbers the tap's connections from 1 */
  readonly connection: number;
  /** numbers the connections of one identity (or of all peers without one) from 1 */
  readonly epoch: number;
  readonly direction: WireDirection;
  /** numbers the messages of this connection and direction from 1, those not handed out too: a hole is what was not observed */
  readonly seq: number;
  /** CLOCK_MONOTONIC in ns, when the chunk with its last octet was taken from the system; messages of one chunk share it */
  readonly tMonoNs: number;
  /** parts that can be read here */
  readonly partCount: number;
  /** parts that the message had */
  readonly partsTotal: number;
  /** octets of all parts by their headers */
  readonly sizeBytes: number;
  /** some octets or parts were not kept, because the message is longer than the tap's limits */
  readonly isTruncated: boolean;
  /** octets of a part that can be read here */
  partBytes(index: number): number;
  /** A view of a part; makes an object each time. */
  part(index: number): Uint8Array;
  /** Copies a part; how many octets that were. The cheapest way to keep one. */
  copyPart(index: number, target: Uint8Array, at: number): number;
  /** views of all parts */
  readonly parts: readonly Uint8Array[];
}

const EMPTY: Buffer = Buffer.alloc(0);

/** The message in progress of one direction. */
export class MessageView implements WireMessage {
  readonly connection: number;
  readonly direction: WireDirection;
  readonly #partsMax: number;
  readonly #bytesMax: number;
  epoch = 0;
  seq = 0;
  tMonoNs = 0;
  partCount = 0;
  partsTotal = 0;
  sizeBytes = 0;
  isTruncated = false;
  /** octets kept so far */
  keptBytes = 0;
  readonly #bytes: Buffer[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  /** parts before it lie in memory of our own */
  #owned = 0;

  constructor(connection: number, direction: WireDirection, limits: {readonly partsMax: number; readonly messageBytesMax: number}) {
    this.connection = connection;
    this.direction = direction;
    this.#partsMax = limits.partsMax;
    this.#bytesMax = limits.messageBytesMax;
  }

  get parts(): readonly Uint8Array[] {
    return Array.from({length: this.partCount}, (_, index) => this.part(index));
  }

  /** octets that may still be kept of this message */
  get roomBytes(): number {
    return this.partCount < this.#partsMax ? this.#bytesMax - this.keptBytes : 0;
  }

  partBytes(index: number): number {
    return this.#ends[index]! - this.#starts[index]!;
  }

  part(index: number): Uint8Array {
    return this.#bytes[index]!.subarray(this.#starts[index], this.#ends[index]);
  }

  copyPart(index: number, target: Uint8Array, at: number): number {
    return this.#bytes[index]!.copy(target, at, this.#starts[index], this.#ends[index]);
  }

  /** The octet at the very beginning; -1 when there is none. */
  get firstOctet(): number {
    return this.partCount > 0 && this.#ends[0]! > this.#starts[0]! ? this.#bytes[0]![this.#starts[0]!]! : -1;
  }

  add(bytes: Buffer, start: number, end: number, sizeBytes: number): void {
    this.partsTotal += 1;
    this.sizeBytes += sizeBytes;
    const at = this.partCount;
    if (at >= this.#partsMax) {
      this.isTruncated = true;
      return;
    }
    const kept = Math.min(end - start, this.#bytesMax - this.keptBytes);
    if (kept < sizeBytes) this.isTruncated = true;
    this.#bytes[at] = bytes;
    this.#starts[at] = start;
    this.#ends[at] = start + kept;
    this.keptBytes += kept;
    this.partCount = at + 1;
  }

  /** A part whose octets are not kept. */
  skip(sizeBytes: number): void {
    this.partsTotal += 1;
    this.sizeBytes += sizeBytes;
    this.isTruncated = true;
  }

  /** Copies parts of a chunk that wait for the rest of their message, so that they do not hold it. */
  own(chunk: Buffer): void {
    for (; this.#owned < this.partCount; this.#owned++) {
      const at = this.#owned;
      if (this.#bytes[at] !== chunk) continue;
      this.#bytes[at] = Buffer.from(this.part(at));
      this.#ends[at]! -= this.#starts[at]!;
      this.#starts[at] = 0;
    }
  }

  reset(): void {
    if (this.#owned > 0) this.#bytes.fill(EMPTY);
    this.#owned = 0;
    this.partCount = 0;
    this.partsTotal = 0;
    this.sizeBytes = 0;
    this.keptBytes = 0;
    this.isTruncated = false;
  }
}
