import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {LOG_FORMAT, type ErrorDetail} from '@tandem/contract';
import {CHAIN_START, chainOf} from './segment-chain.ts';
import {writeManifest, writeSeal, type ForgottenSegments, type LogSeal, type SealedSegment, type SealedStream} from './log-seal.ts';
import {addStream, sealedStreams, sum} from './seal-summary.ts';
import type {SegmentStream} from './segment-builder.ts';

/** How much of a log is kept; null = all. Only whole finished segments go, oldest first. */
export interface Retention {
  /** octets of the log as a whole, the open segment included */
  readonly bytesMax: number | null;
  /** since a segment was finished */
  readonly ageMsMax: number | null;
}

/** removed segments that are listed one by one; older ones are added up */
const LISTED_MAX = 1024;

/**
 * The finished segments of a log that is being written. What is gone is stated in the manifest first and taken away then, so that
 * a reader finds a segment, or the statement that it is gone, or both.
 */
export class SegmentShelf {
  readonly kept: SealedSegment[] = [];
  readonly #folder: string;
  readonly #retention: Retention;
  readonly #finishedMs: number[] = [];
  #removed: SealedSegment[] = [];
  #forgotten: ForgottenSegments | null = null;
  #chain = CHAIN_START;
  readonly #openBytes: () => number;
  #work: Promise<void> | null = null;
  #again = false;
  #closed = false;

  constructor(folder: string, retention: Retention, openBytes: () => number) {
    this.#folder = folder;
    this.#retention = retention;
    this.#openBytes = openBytes;
  }

  add(segment: SealedSegment): void {
    this.#chain = chainOf(this.#chain, segment);
    this.kept.push({...segment, chain: this.#chain});
    this.#finishedMs.push(performance.now());
    this.update();
  }

  /** The log ends: the seal will say everything, so nothing more is said or taken before it. */
  close(): void {
    this.#closed = true;
  }

  /** Brings folder and manifest up to date in the background; never throws. */
  update(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#work ??= this.#run().finally(() => (this.#work = null));
  }

  async idle(): Promise<void> {
    while (this.#work !== null) await this.#work;
  }

  /** Whether a segment has become too old; cheap enough for a timer. */
  get overdue(): boolean {
    const [oldestMs] = this.#finishedMs;
    return this.#retention.ageMsMax !== null && oldestMs !== undefined && performance.now() - oldestMs > this.#retention.ageMsMax;
  }

  /** Seals the log with what is kept. */
  async seal(dropped: number, fault: ErrorDetail | null): Promise<LogSeal> {
    const seal = this.sealAs(dropped, fault);
    await writeSeal(this.#folder, seal);
    await rm(join(this.#folder, LOG_FORMAT.manifest), {force: true});
    return seal;
  }

  sealAs(dropped: number, fault: ErrorDetail | null): LogSeal {
    const totals = new Map<string, SegmentStream>();
    const {kept} = this;
    for (const stream of this.#forgotten?.streams ?? []) addStream(totals, stream);
    for (const segment of [...this.#removed, ...kept]) for (const stream of segment.streams) addStream(totals, stream);
    const all = [...this.#removed, ...kept];
    return {
      formatVersion: '1.0', library: LOG_FORMAT.library, complete: fault === null, fault, segments: [...kept], streams: sealedStreams(totals),
      messages: sum(all, (segment) => segment.messages) + (this.#forgotten?.messages ?? 0), gaps: sum(kept, (segment) => segment.gaps), dropped,
      removed: [...this.#removed], forgotten: this.#forgotten, chain: this.#chain,
    };
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      const goes = this.#surplus();
      this.#state(goes);
      // a manifest that cannot be written states nothing, so then nothing may go
      const stated = await writeManifest(this.#folder, this.sealAs(0, null)).then(() => true, () => false);
      if (!stated) {
        this.#takeBack(goes);
        return;
      }
      for (const {file} of goes) await rm(join(this.#folder, file), {force: true}).catch(() => undefined);
    }
  }

  /** How many of the oldest are too many or too old. */
  #surplus(): SealedSegment[] {
    const {bytesMax, ageMsMax} = this.#retention;
    let bytes = sum(this.kept, (segment) => segment.sizeBytes) + this.#openBytes();
    const nowMs = performance.now();
    let count = 0;
    for (const [index, segment] of this.kept.entries()) {
      const tooMany = bytesMax !== null && bytes > bytesMax;
      const tooOld = ageMsMax !== null && nowMs - (this.#finishedMs[index] ?? nowMs) > ageMsMax;
      if (!tooMany && !tooOld) break;
      bytes -= segment.sizeBytes;
      count += 1;
    }
    return this.kept.slice(0, count);
  }

  #state(goes: readonly SealedSegment[]): void {
    this.kept.splice(0, goes.length);
    this.#finishedMs.splice(0, goes.length);
    this.#removed.push(...goes);
    const old = this.#removed.splice(0, Math.max(0, this.#removed.length - LISTED_MAX));
    for (const segment of old) this.#forgotten = forget(this.#forgotten, segment);
  }

  #takeBack(goes: readonly SealedSegment[]): void {
    this.#removed.splice(this.#removed.length - goes.length, goes.length);
    this.kept.unshift(...goes);
    this.#finishedMs.unshift(...goes.map(() => performance.now()));
  }
}

function forget(known: ForgottenSegments | null, segment: SealedSegment): ForgottenSegments {
  const totals = new Map<string, SegmentStream>();
  for (const stream of [...known?.streams ?? [], ...segment.streams]) addStream(totals, stream);
  const streams: SealedStream[] = sealedStreams(totals);
  return {throughFile: segment.file, segments: (known?.segments ?? 0) + 1, messages: (known?.messages ?? 0) + segment.messages, streams, chain: segment.chain ?? CHAIN_START};
}
