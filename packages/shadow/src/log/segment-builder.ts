import {createHash} from 'node:crypto';
import {crc32} from 'node:zlib';
import {LOG_FORMAT, type GapRecord} from '@tandem/contract';
import type {ChannelState, ChunkBlock} from './chunk-builder.ts';
import {MCAP_MAGIC, OP} from './mcap-layout.ts';
import {channelCrc, channelRecord, gapPairs, headerRecord, metadataRecord, RecordBuffer} from './mcap-records.ts';

/** What one segment holds of one stream. */
export interface SegmentStream {
  messages: number;
  firstSeq: number;
  lastSeq: number;
  firstMonoNs: number;
  lastMonoNs: number;
}

/** What a finished segment turned out to be. */
export interface SegmentResult {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly messages: number;
  readonly gaps: number;
  readonly streams: ReadonlyMap<string, SegmentStream>;
}

/** Keeps the books of one MCAP file that is only ever appended to: offsets, checksums, indexes. Does no I/O. */
export class SegmentBuilder {
  offset = 0;
  messages = 0;
  chunks = 0;
  gaps = 0;
  readonly streams = new Map<string, SegmentStream>();
  readonly #channels = new Map<string, ChannelState>();
  /** those of the last message: the next one is mostly of the same stream */
  #lastName = '';
  #lastChannel: ChannelState | null = null;
  #countedName = '';
  #lastStream: SegmentStream | null = null;
  readonly #hash = createHash('sha256');
  #dataCrc = 0;
  #startNs = Infinity;
  #endNs = 0;
  readonly #chunkIndexes = new RecordBuffer();
  readonly #metadataIndexes = new RecordBuffer();
  #metadata = 0;

  /** The first octets of the file. */
  start(about: Readonly<Record<string, string>>): Buffer {
    const about2 = Object.keys(about).length === 0 ? Buffer.alloc(0) : this.#metadataAt('tandem.about', about, MCAP_MAGIC.length + headerRecord().length);
    return this.#append(Buffer.concat([MCAP_MAGIC, headerRecord(), about2]));
  }

  channel(stream: string): ChannelState {
    if (this.#lastChannel !== null && this.#lastName === stream) return this.#lastChannel;
    let channel = this.#channels.get(stream);
    if (channel === undefined) {
      const id = this.#channels.size + 1;
      channel = {id, streamCrc: channelCrc(id, stream), record: channelRecord(id, stream), announced: false, index: new DataView(new ArrayBuffer(1024)), indexCount: 0, lastSeq: 0};
      this.#channels.set(stream, channel);
    }
    this.#lastName = stream;
    this.#lastChannel = channel;
    return channel;
  }

  get streamCount(): number {
    return this.#channels.size;
  }

  /** Enters a message that went into the open chunk. */
  count(stream: string, seq: number, tMonoNs: number): void {
    const known = this.#lastStream !== null && this.#countedName === stream ? this.#lastStream : this.#counted(stream, seq, tMonoNs);
    known.messages += 1;
    known.lastSeq = seq;
    known.lastMonoNs = tMonoNs;
  }

  #counted(name: string, seq: number, tMonoNs: number): SegmentStream {
    let stream = this.streams.get(name);
    if (stream === undefined) {
      stream = {messages: 0, firstSeq: seq, lastSeq: seq, firstMonoNs: tMonoNs, lastMonoNs: tMonoNs};
      this.streams.set(name, stream);
    }
    this.#countedName = name;
    this.#lastStream = stream;
    return stream;
  }

  chunk(block: ChunkBlock): Buffer {
    const start = this.offset;
    this.messages += block.messages;
    this.chunks += 1;
    if (block.startNs < this.#startNs) this.#startNs = block.startNs;
    if (block.endNs > this.#endNs) this.#endNs = block.endNs;
    this.#chunkIndexes.record(OP.chunkIndex, (out) => {
      out.u64(block.startNs).u64(block.endNs).u64(start).u64(block.chunkSize);
      out.u32(block.channels.length * 10);
      for (const channel of block.channels) out.u16(channel.id).u64(channel.indexOffset);
      const recordsSize = block.chunkSize - 49;
      out.u64(block.size - block.chunkSize).text('').u64(recordsSize).u64(recordsSize);
    });
    return this.#append(block.octets.bytes.subarray(0, block.size));
  }

  gap(gap: GapRecord): Buffer {
    this.gaps += 1;
    return this.#append(this.#metadataAt(LOG_FORMAT.gapMetadata, gapPairs(gap, this.offset), this.offset));
  }

  /** DataEnd, summary, footer and magic: what makes the file complete. */
  finish(): Buffer {
    const dataEnd = new RecordBuffer().record(OP.dataEnd, (out) => out.u32(this.#dataCrc)).take();
    const summaryStart = this.offset + dataEnd.length;
    const summary = new RecordBuffer();
    const groups: {opcode: number; start: number; length: number}[] = [];
    const group = (opcode: number, write: () => void): void => {
      const start = summary.length;
      write();
      if (summary.length > start) groups.push({opcode, start: summaryStart + start, length: summary.length - start});
    };
    group(OP.channel, () => {
      for (const channel of this.#channels.values()) summary.raw(channel.record);
    });
    group(OP.statistics, () => this.#statistics(summary));
    group(OP.chunkIndex, () => summary.raw(this.#chunkIndexes.take()));
    group(OP.metadataIndex, () => summary.raw(this.#metadataIndexes.take()));
    const offsetStart = summaryStart + summary.length;
    for (const {opcode, start, length} of groups) {
      summary.record(OP.summaryOffset, (out) => out.raw(Uint8Array.of(opcode)).u64(start).u64(length));
    }
    const footer = new RecordBuffer().record(OP.footer, (out) => out.u64(summaryStart).u64(offsetStart).u32(0)).take();
    // The summary's checksum covers the footer up to the checksum itself.
    const covered = crc32(footer.subarray(0, footer.length - 4), crc32(summary.take()));
    footer.writeUInt32LE(covered, footer.length - 4);
    return this.#append(Buffer.concat([dataEnd, summary.take(), footer, MCAP_MAGIC]));
  }

  result(): SegmentResult {
    return {sizeBytes: this.offset, sha256: this.#hash.copy().digest('hex'), messages: this.messages, gaps: this.gaps, streams: this.streams};
  }

  #statistics(summary: RecordBuffer): void {
    summary.record(OP.statistics, (out) => {
      out.u64(this.messages).u16(0).u32(this.#channels.size).u32(0).u32(this.#metadata).u32(this.chunks);
      out.u64(this.chunks === 0 ? 0 : this.#startNs).u64(this.#endNs);
      out.u32(this.#channels.size * 10);
      for (const [stream, channel] of this.#channels) out.u16(channel.id).u64(this.streams.get(stream)?.messages ?? 0);
    });
  }

  #metadataAt(name: string, pairs: Readonly<Record<string, string>>, offset: number): Buffer {
    const record = metadataRecord(name, pairs);
    this.#metadata += 1;
    this.#metadataIndexes.record(OP.metadataIndex, (out) => out.u64(offset).u64(record.length).text(name));
    return record;
  }

  #append(bytes: Buffer): Buffer {
    this.offset += bytes.length;
    this.#dataCrc = crc32(bytes, this.#dataCrc);
    this.#hash.update(bytes);
    return bytes;
  }
}
