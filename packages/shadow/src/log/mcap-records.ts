import {crc32} from 'node:zlib';
import {LOG_FORMAT, type GapRecord} from '@tandem/contract';
import {getU64, OP, putU64, RECORD_HEAD} from './mcap-layout.ts';

/** A growing buffer for the small records of a segment (not the messages). */
export class RecordBuffer {
  #bytes = Buffer.alloc(4096);
  #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
  length = 0;

  take(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.length));
  }

  clear(): void {
    this.length = 0;
  }

  u16(value: number): this {
    // Room first: it may replace the view.
    const at = this.#room(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    const at = this.#room(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  u64(value: number): this {
    const at = this.#room(8);
    putU64(this.#view, at, value);
    return this;
  }

  raw(bytes: Uint8Array): this {
    const at = this.#room(bytes.byteLength);
    this.#bytes.set(bytes, at);
    return this;
  }

  text(value: string): this {
    const bytes = Buffer.from(value);
    return this.u32(bytes.byteLength).raw(bytes);
  }

  /** map<string, string>: its length in octets, then the pairs */
  map(pairs: Readonly<Record<string, string>>): this {
    const inner = new RecordBuffer();
    for (const [key, value] of Object.entries(pairs)) inner.text(key).text(value);
    return this.u32(inner.length).raw(inner.take());
  }

  /** One record: opcode, length, and what `body` writes. */
  record(opcode: number, body: (buffer: this) => void): this {
    const at = this.#room(RECORD_HEAD);
    this.#bytes[at] = opcode;
    body(this);
    putU64(this.#view, at + 1, this.length - at - RECORD_HEAD);
    return this;
  }

  #room(count: number): number {
    const at = this.length;
    if (at + count > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(this.#bytes.length * 2, at + count));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer, grown.byteOffset, grown.byteLength);
    }
    this.length = at + count;
    return at;
  }
}

/** A channel is repeated in every chunk that uses it; its own CRC lets it be trusted when the chunk cannot be. */
export function channelRecord(id: number, stream: string): Buffer {
  return new RecordBuffer().record(OP.channel, (out) => {
    out.u16(id).u16(0).text(stream).text(LOG_FORMAT.messageEncoding).map({crc32: hex(channelCrc(id, stream))});
  }).take();
}

/** Covers id and name of a channel. */
export function channelCrc(id: number, stream: string): number {
  return crc32(`${id}\n${stream}`);
}

export function channelCrcHolds(id: number, stream: string, text: string | undefined): boolean {
  return text === hex(channelCrc(id, stream));
}

/**
 * What a message's checksum starts from: its place in the file and the stream that it belongs to. So neither a capture inside a
 * captured message, nor a block copied to another place, nor a wrong channel record can pass for a message of this log.
 */
export function messageSeed(fileOffset: number, streamCrc: number): number {
  return (fileOffset + streamCrc) >>> 0;
}

export function headerRecord(): Buffer {
  return new RecordBuffer().record(OP.header, (out) => out.text(LOG_FORMAT.profile).text(LOG_FORMAT.library)).take();
}

export function metadataRecord(name: string, pairs: Readonly<Record<string, string>>): Buffer {
  return new RecordBuffer().record(OP.metadata, (out) => out.text(name).map(pairs)).take();
}

/**
 * A gap as metadata pairs. `crc32` covers the others, since MCAP has no checksum for metadata; `offset` is the record's own
 * place in the file, so that a gap inside a captured message is not taken for one of this log.
 */
export function gapPairs(gap: GapRecord, offset: number): Readonly<Record<string, string>> {
  const pairs = {
    stream: gap.stream, epoch: String(gap.epoch), afterSeq: String(gap.afterSeq), count: gap.count === null ? '' : String(gap.count),
    reason: gap.reason.slice(0, 200), tMonoNs: String(gap.tMonoNs), offset: String(offset),
  };
  return {...pairs, crc32: pairsCrc(pairs)};
}

function pairsCrc(pairs: Readonly<Record<string, string>>): string {
  return hex(crc32(Object.entries(pairs).map(([key, value]) => `${key}=${value}`).join('\n')));
}

const GAP_KEYS = ['stream', 'epoch', 'afterSeq', 'count', 'reason', 'tMonoNs', 'offset'] as const;

/** The gap that a record at `offset` states, or null when it does not carry a valid one for this place. */
export function gapFromPairs(pairs: ReadonlyMap<string, string>, offset: number): GapRecord | null {
  const known: Record<string, string> = {};
  for (const key of GAP_KEYS) {
    const value = pairs.get(key);
    if (value === undefined) return null;
    known[key] = value;
  }
  if (pairs.get('crc32') !== pairsCrc(known) || known['offset'] !== String(offset)) return null;
  const count = known['count'] === '' ? null : Number(known['count']);
  const numbers = [Number(known['epoch']), Number(known['afterSeq']), Number(known['tMonoNs']), count ?? 0];
  if (!numbers.every((value) => Number.isSafeInteger(value) && value >= 0)) return null;
  return {stream: known['stream'] ?? '', epoch: numbers[0] ?? 0, afterSeq: numbers[1] ?? 0, count, reason: known['reason'] ?? '', tMonoNs: numbers[2] ?? 0};
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}

/** A text field: its octets are checked against `end` before they are touched. Null when they do not fit. */
export function readText(bytes: Buffer, at: number, end: number): {readonly text: string; readonly next: number} | null {
  if (at + 4 > end) return null;
  const size = bytes.readUInt32LE(at);
  if (size > end - at - 4) return null;
  return {text: bytes.toString('utf8', at + 4, at + 4 + size), next: at + 4 + size};
}

/** map<string, string> between `at` and `end`, at most 64 pairs; null when malformed. */
export function readPairs(bytes: Buffer, at: number, end: number): ReadonlyMap<string, string> | null {
  if (at + 4 > end || bytes.readUInt32LE(at) !== end - at - 4) return null;
  const pairs = new Map<string, string>();
  for (let next = at + 4; next < end;) {
    const key = readText(bytes, next, end);
    const value = key === null ? null : readText(bytes, key.next, end);
    if (key === null || value === null || pairs.size >= 64) return null;
    pairs.set(key.text, value.text);
    next = value.next;
  }
  return pairs;
}

/** Length field of a record at `at`; callers have made sure that nine octets are there. */
export function recordLength(view: DataView, at: number): number {
  return getU64(view, at + 1);
}
