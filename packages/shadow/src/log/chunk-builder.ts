import {crc32} from 'node:zlib';
import type {CapturedMessage} from '@tandem/contract';
import type {PackedMessage} from '../flow/packed-message.ts';
import {octetsOf, recordCrc, type Octets} from './record-crc.ts';
import {messageSeed} from './mcap-records.ts';
import {CHUNK_FIELDS, CHUNK_HEAD, CRC_BYTES, DATA_HEAD, DATA_VERSION, MESSAGE_HEAD, OP, putU64, RECORD_HEAD} from './mcap-layout.ts';

const INDEX_ENTRY = 16;
const TWO_32 = 0x1_0000_0000;

/** One stream of one segment, and what its messages of the open chunk need. */
export interface ChannelState {
  readonly id: number;
  readonly record: Buffer;
  readonly streamCrc: number;
  /** its record is in this segment already */
  announced: boolean;
  /** (log time, offset) of each message of the open chunk */
  index: DataView;
  indexCount: number;
  lastSeq: number;
}

/** A finished chunk with its message indexes, ready to be appended to the file. */
export interface ChunkBlock {
  readonly octets: Octets;
  /** octets used: chunk record and the index records behind it */
  readonly size: number;
  readonly chunkSize: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly messages: number;
  /** channel, offset of its index record in the file, last sequence number in this chunk */
  readonly channels: readonly {readonly id: number; readonly indexOffset: number; readonly lastSeq: number}[];
}

export interface ChunkLimits {
  readonly chunkBytes: number;
  readonly chunkRecords: number;
}

/** Octets that a message takes in a chunk. */
export function recordSize(frames: readonly Uint8Array[], identityBytes: number): number {
  let size = MESSAGE_HEAD + DATA_HEAD + identityBytes + CRC_BYTES + 4 * frames.length;
  for (const frame of frames) size += frame.byteLength;
  return size;
}

export function packedSize(message: PackedMessage): number {
  return MESSAGE_HEAD + DATA_HEAD + message.sizeBytes + CRC_BYTES;
}

/** Fills one chunk in place: no object and no allocation per message. */
export class ChunkBuilder {
  messages = 0;
  readonly #octets: Octets;
  readonly #fileOffset: number;
  readonly #capacity: number;
  #at = CHUNK_HEAD;
  #startNs = Infinity;
  #endNs = 0;
  readonly #channels: ChannelState[] = [];

  /** `memory` may be reused from an earlier chunk; `fileOffset` is where the chunk will stand. */
  constructor(memory: Octets, fileOffset: number, chunkRecords: number) {
    this.#octets = memory;
    this.#fileOffset = fileOffset;
    // Room for the index records stays reserved: an entry a message and a head for each of its streams.
    this.#capacity = memory.bytes.length - INDEX_ENTRY * chunkRecords;
  }

  get size(): number {
    return this.#at;
  }

  fits(channel: ChannelState, size: number): boolean {
    const firstOfChannel = channel.indexCount === 0;
    const heads = (this.#channels.length + 1) * (RECORD_HEAD + 6);
    return this.#at + size + (firstOfChannel ? 2 * channel.record.length : 0) + heads <= this.#capacity;
  }

  add(channel: ChannelState, message: CapturedMessage | PackedMessage, size: number): void {
    const {bytes, view} = this.#octets;
    if (channel.indexCount === 0) {
      // Twice at first: without it no message of the stream can be told apart, and it may stand where the damage is.
      this.#announce(channel);
      if (!channel.announced) this.#announce(channel);
      channel.announced = true;
      this.#channels.push(channel);
    }
    const start = this.#at;
    const {seq, tMonoNs} = message;
    if (tMonoNs < this.#startNs) this.#startNs = tMonoNs;
    if (tMonoNs > this.#endNs) this.#endNs = tMonoNs;
    bytes[start] = OP.message;
    putU64(view, start + 1, size - RECORD_HEAD);
    view.setUint16(start + 9, channel.id, true);
    view.setUint32(start + 11, seq >>> 0, true);
    putU64(view, start + 15, tMonoNs);
    view.setUint32(start + MESSAGE_HEAD + 4, message.epoch, true);
    view.setUint32(start + MESSAGE_HEAD + 8, (seq / TWO_32) >>> 0, true);
    const at = 'frames' in message ? this.#whole(start, message) : this.#packed(start, message);
    view.setUint32(at, recordCrc(this.#octets, start, at, messageSeed(this.#fileOffset + start, channel.streamCrc)), true);
    this.#index(channel, tMonoNs, start - CHUNK_HEAD);
    channel.lastSeq = seq;
    this.#at = at + CRC_BYTES;
    this.messages += 1;
  }

  /** What differs by how the message lies in memory; where its checksum goes. */
  #packed(start: number, {tWallHigh, tWallLow, partCount, identityBytes, octets, at, sizeBytes}: PackedMessage): number {
    const {bytes, view} = this.#octets;
    view.setUint32(start + 23, tWallLow, true);
    view.setUint32(start + 27, tWallHigh, true);
    view.setUint32(start + MESSAGE_HEAD, DATA_VERSION | (partCount << 8) | (identityBytes << 16), true);
    octets.copy(bytes, start + MESSAGE_HEAD + DATA_HEAD, at, at + sizeBytes);
    return start + MESSAGE_HEAD + DATA_HEAD + sizeBytes;
  }

  #whole(start: number, {tWallNs, frames, identity}: CapturedMessage): number {
    const {bytes, view} = this.#octets;
    view.setBigUint64(start + 23, tWallNs, true);
    view.setUint32(start + MESSAGE_HEAD, DATA_VERSION | (frames.length << 8), true);
    let at = start + MESSAGE_HEAD + DATA_HEAD;
    for (let index = 0; index < frames.length; index += 1, at += 4) view.setUint32(at, frames[index]!.byteLength, true);
    if (identity !== '') {
      const written = bytes.write(identity, at);
      view.setUint16(start + MESSAGE_HEAD + 2, written, true);
      at += written;
    }
    for (let index = 0; index < frames.length; index += 1) {
      const frame = frames[index]!;
      bytes.set(frame, at);
      at += frame.byteLength;
    }
    return at;
  }

  #announce(channel: ChannelState): void {
    this.#octets.bytes.set(channel.record, this.#at);
    this.#at += channel.record.length;
  }

  #index(channel: ChannelState, tMonoNs: number, offset: number): void {
    const at = channel.indexCount * INDEX_ENTRY;
    if (at + INDEX_ENTRY > channel.index.byteLength) {
      const grown = new Uint8Array(Math.max(1024, channel.index.byteLength * 2));
      grown.set(new Uint8Array(channel.index.buffer));
      channel.index = new DataView(grown.buffer);
    }
    putU64(channel.index, at, tMonoNs);
    putU64(channel.index, at + 8, offset);
    channel.indexCount += 1;
  }

  /** Writes the chunk's head and the index records; the builder must not be used afterwards. */
  finish(): ChunkBlock {
    const {bytes, view} = this.#octets;
    const chunkSize = this.#at;
    const recordsSize = chunkSize - CHUNK_HEAD;
    bytes[0] = OP.chunk;
    putU64(view, 1, recordsSize + CHUNK_FIELDS);
    putU64(view, 9, this.#startNs);
    putU64(view, 17, this.#endNs);
    putU64(view, 25, recordsSize);
    view.setUint32(33, crc32(bytes.subarray(CHUNK_HEAD, chunkSize)), true);
    view.setUint32(37, 0, true);
    putU64(view, 41, recordsSize);
    const channels = this.#channels.map((channel) => this.#finishIndex(channel));
    return {octets: this.#octets, size: this.#at, chunkSize, startNs: this.#startNs, endNs: this.#endNs, messages: this.messages, channels};
  }

  #finishIndex(channel: ChannelState): ChunkBlock['channels'][number] {
    const {bytes, view} = this.#octets;
    const at = this.#at;
    const entries = channel.indexCount * INDEX_ENTRY;
    bytes[at] = OP.messageIndex;
    putU64(view, at + 1, 6 + entries);
    view.setUint16(at + 9, channel.id, true);
    view.setUint32(at + 11, entries, true);
    bytes.set(new Uint8Array(channel.index.buffer, 0, entries), at + 15);
    channel.indexCount = 0;
    this.#at = at + 15 + entries;
    return {id: channel.id, indexOffset: this.#fileOffset + at, lastSeq: channel.lastSeq};
  }
}

/** Memory for chunks within the limits, and for one message that exceeds them. */
export function chunkMemory(limits: ChunkLimits, sizeBytes = 0): Octets {
  return octetsOf(Buffer.allocUnsafeSlow(chunkMemoryBytes(limits) + (sizeBytes > limits.chunkBytes ? sizeBytes : 0)));
}

export function chunkMemoryBytes(limits: ChunkLimits): number {
  return CHUNK_HEAD + limits.chunkBytes + INDEX_ENTRY * limits.chunkRecords + 4096;
}
