import {join} from 'node:path';
import {LOG_FORMAT, TandemError, type CapturedMessage, type GapRecord} from '@tandem/contract';
import type {PackedMessage} from '../flow/packed-message.ts';
import {AppendFile, type SyncMode} from './append-file.ts';
import {ChunkBuilder, chunkMemory, chunkMemoryBytes} from './chunk-builder.ts';
import {faultOf} from './log-fault.ts';
import type {LogSeal} from './log-seal.ts';
import {SegmentShelf, type Retention} from './segment-shelf.ts';
import type {LogCounts, LogWriter} from './writer-port.ts';
import {STREAMS_MAX} from './mcap-layout.ts';
import {sizeOf, sizeOfPacked} from './message-limits.ts';
import {RefusedMessages} from './refused-messages.ts';
import type {Octets} from './record-crc.ts';
import {SegmentBuilder} from './segment-builder.ts';
import {sealedSegment} from './seal-summary.ts';

const CHUNKS_PER_SEGMENT_MAX = 65_536;

/** Options of a writer, all decided. */
export interface WriterSettings {
  readonly commitMs: number;
  readonly chunkBytes: number;
  readonly chunkRecords: number;
  readonly segmentBytes: number;
  /** a segment ends at the first commit after this time */
  readonly segmentMs: number;
  readonly retention: Retention;
  readonly bufferBytesMax: number;
  readonly sync: SyncMode;
  readonly about: Readonly<Record<string, string>>;
}

/** The writer behind `openLogWriter`: decides what goes where; AppendFile does the I/O. */
export class SegmentedWriter implements LogWriter {
  readonly #folder: string;
  readonly #settings: WriterSettings;
  readonly #onFault: (error: TandemError) => void;
  readonly #file: AppendFile;
  readonly #refused = new RefusedMessages();
  readonly #shelf: SegmentShelf;
  #segmentStartedMs = 0;
  readonly #ageTimer: NodeJS.Timeout | null;
  #segment = new SegmentBuilder();
  #segmentNumber = 0;
  #chunk: ChunkBuilder | null = null;
  #memory: Octets | null = null;
  #pool: Octets[] = [];
  #timer: NodeJS.Timeout | null = null;
  #waiters: (() => void)[] = [];
  #messages = 0;
  #gaps = 0;
  #closing: Promise<LogSeal> | null = null;
  #fault: Promise<TandemError> | null = null;

  constructor(folder: string, settings: WriterSettings, onFault: (error: TandemError) => void) {
    this.#folder = folder;
    this.#settings = settings;
    this.#onFault = onFault;
    this.#file = new AppendFile(settings.sync, () => this.#progress());
    this.#shelf = new SegmentShelf(folder, settings.retention, () => this.#segment.offset);
    const {ageMsMax} = settings.retention;
    // a log that gets nothing any more grows old all the same
    this.#ageTimer = ageMsMax === null ? null : setInterval(() => { if (this.#shelf.overdue) this.#shelf.update(); }, Math.min(60_000, Math.max(10, ageMsMax / 4))).unref();
    this.#startSegment();
  }

  async started(): Promise<void> {
    await this.#file.idle();
    if (this.#fault !== null) throw await this.#fault;
  }

  append(message: CapturedMessage): boolean {
    return this.#keep(message, sizeOf(message));
  }

  appendPacked(message: PackedMessage): boolean {
    return this.#keep(message, sizeOfPacked(message));
  }

  #keep(message: CapturedMessage | PackedMessage, sizeBytes: number): boolean {
    const {streamCount, streams} = this.#segment;
    const size = streamCount >= STREAMS_MAX && !streams.has(message.stream) ? 0 : sizeBytes;
    if (size === 0 || this.#closing !== null || this.#fault !== null) return this.#refuse(message, size === 0 ? 'not within the limits of the log' : 'log stopped');
    if (this.#file.queuedBytes + size > this.#settings.bufferBytesMax) return this.#refuse(message, 'log buffer full');
    if (this.#refused.pending) this.#writeRefused(message.stream);
    const segment = this.#segment;
    const channel = segment.channel(message.stream);
    let chunk = this.#chunk;
    if (chunk !== null && !chunk.fits(channel, size)) {
      this.#commit();
      return this.#keep(message, sizeBytes);
    }
    chunk ??= this.#startChunk(size);
    chunk.add(channel, message, size);
    segment.count(message.stream, message.seq, message.tMonoNs);
    this.#messages += 1;
    if (chunk.messages >= this.#settings.chunkRecords || chunk.size >= this.#settings.chunkBytes) this.#commit();
    return true;
  }

  appendGap(gap: GapRecord): void {
    if (this.#closing !== null || this.#fault !== null) return;
    this.#writeGap(gap);
  }

  get pressed(): boolean {
    // a log that stopped takes nothing any more: nobody should wait for it
    return this.#fault === null && this.#file.queuedBytes * 2 > this.#settings.bufferBytesMax;
  }

  async room(): Promise<void> {
    while (this.pressed) await this.#turn();
  }

  async flush(): Promise<void> {
    this.#commit();
    await this.#file.idle();
    if (this.#fault !== null) throw await this.#fault;
    if (this.#settings.sync !== 'never') await this.#file.sync();
  }

  async close(): Promise<LogSeal> {
    this.#closing ??= this.#close();
    return await this.#closing;
  }

  counts(): LogCounts {
    return {
      messages: this.#messages, gaps: this.#gaps, dropped: this.#refused.total, segments: this.#segmentNumber,
      bufferedBytes: this.#file.queuedBytes + (this.#chunk?.size ?? 0),
    };
  }

  async #close(): Promise<LogSeal> {
    // Runs up to the first await before `#closing` is set, so these still count as open.
    if (this.#fault === null) {
      this.#shelf.close();
      for (const gap of this.#refused.take()) this.#writeGap(gap);
      this.#finishSegment();
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#ageTimer !== null) clearInterval(this.#ageTimer);
    await this.#file.idle();
    await this.#shelf.idle();
    const fault = this.#fault === null ? null : await this.#fault;
    if (fault !== null) {
      // The disk may have no room for it; the segments tell the same, only more slowly.
      await this.#shelf.seal(this.#refused.total, fault.detail).catch(() => undefined);
      throw fault;
    }
    return await this.#shelf.seal(this.#refused.total, null).catch((error: unknown) => {
      throw new TandemError({
        id: 'TDM-E273', kind: 'environment', what: 'The log could not be sealed; its segments are complete.', where: this.#folder,
        seen: error instanceof Error ? error.message : String(error), fix: 'make room and rights; the capture can be replayed, but nothing proves that its end is its end',
      }, {cause: error});
    });
  }

  #refuse(message: CapturedMessage | PackedMessage, reason: string): false {
    this.#refused.add(message, reason);
    return false;
  }

  #writeRefused(stream: string): void {
    const gap = this.#refused.takeOf(stream);
    if (gap !== null) this.#writeGap(gap);
  }

  #writeGap(gap: GapRecord): void {
    // Between chunks: the order of the file is the order of events.
    this.#commit();
    this.#gaps += 1;
    this.#file.push({kind: 'bytes', bytes: this.#segment.gap(gap)});
  }

  #startChunk(size: number): ChunkBuilder {
    const {chunkBytes, chunkRecords, commitMs} = this.#settings;
    const pooled = size + 1024 <= chunkBytes;
    this.#memory = (pooled ? this.#pool.pop() : undefined) ?? chunkMemory({chunkBytes, chunkRecords}, pooled ? 0 : size + 1024);
    this.#chunk = new ChunkBuilder(this.#memory, this.#segment.offset, chunkRecords);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#commit();
    }, commitMs);
    return this.#chunk;
  }

  #commit(): void {
    const chunk = this.#chunk;
    const memory = this.#memory;
    if (chunk === null || memory === null || chunk.messages === 0) return;
    this.#chunk = null;
    this.#memory = null;
    const bytes = this.#segment.chunk(chunk.finish());
    this.#file.push({kind: 'bytes', bytes, written: () => this.#recycle(memory)});
    const {segmentBytes, segmentMs} = this.#settings;
    if (this.#segment.offset >= segmentBytes || this.#segment.chunks >= CHUNKS_PER_SEGMENT_MAX || performance.now() - this.#segmentStartedMs >= segmentMs) {
      this.#finishSegment();
      this.#startSegment();
    }
  }

  #recycle(memory: Octets): void {
    // As many as the buffer can hold at once: memory that comes and goes with the collector would not be bounded by it.
    const usual = chunkMemoryBytes(this.#settings);
    if (memory.bytes.length === usual && this.#pool.length * usual < this.#settings.bufferBytesMax) this.#pool.push(memory);
  }

  #startSegment(): void {
    this.#segment = new SegmentBuilder();
    this.#segmentNumber += 1;
    this.#segmentStartedMs = performance.now();
    this.#file.push({kind: 'open', path: this.#path(this.#segmentNumber)});
    this.#file.push({kind: 'bytes', bytes: this.#segment.start(this.#settings.about)});
  }

  #finishSegment(): void {
    this.#commit();
    const segment = this.#segment;
    this.#file.push({kind: 'bytes', bytes: segment.finish()});
    const sealed = sealedSegment(LOG_FORMAT.segmentName(this.#segmentNumber), segment.result());
    this.#file.push({kind: 'finish', done: () => { this.#shelf.add(sealed); }});
  }

  #path(number: number): string {
    return join(this.#folder, LOG_FORMAT.segmentName(number));
  }

  #progress(): void {
    const failure = this.#file.failure;
    if (failure !== null && this.#fault === null) {
      this.#fault = faultOf(failure, this.#shelf.kept);
      void this.#fault.then((error) => this.#onFault(error));
    }
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }

  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }
}
