import type {GapRecord} from '@tandem/contract';

/** What one message means for the numbering. */
export interface Numbered {
  readonly seq: number;
  readonly epoch: number;
  /** the hole right before this message, or null */
  readonly gap: GapRecord | null;
}

/**
 * Numbers a stream from 1 and finds what is missing. With a publisher's own numbers every loss is counted exactly, also the one
 * during a reconnect; without them a reconnect is a hole of unknown size and other losses cannot be seen at all.
 */
export class SequenceTracker {
  epoch = 0;
  lastSeq = 0;
  lastSourceSeq: number | null = null;
  repeated = 0;
  withoutSourceSeq = 0;
  readonly #stream: string;
  #broken: string | null = null;

  constructor(stream: string) {
    this.#stream = stream;
  }

  /** The link was lost: the next message starts a new epoch. */
  linkLost(reason: string): void {
    this.#broken ??= reason;
  }

  /** Numbers the next message. `sourceSeq` null: it has none that can be read. */
  next(sourceSeq: number | null, tMonoNs: number): Numbered {
    const hole = this.#hole(sourceSeq);
    if (sourceSeq === null) this.withoutSourceSeq += 1;
    const gap = hole === null ? null : this.#gap(hole, tMonoNs);
    this.lastSeq += 1 + (hole?.count ?? 0);
    if (sourceSeq !== null) this.lastSourceSeq = sourceSeq;
    return {seq: this.lastSeq, epoch: this.epoch, gap};
  }

  /** Messages that were seen and dropped here: positions that stay empty. */
  skip(count: number, reason: string, tMonoNs: number): GapRecord {
    const gap = this.#gap({count, reason}, tMonoNs);
    this.lastSeq += count;
    return gap;
  }

  #gap(hole: {count: number | null; reason: string}, tMonoNs: number): GapRecord {
    return {stream: this.#stream, epoch: this.epoch, afterSeq: this.lastSeq, count: hole.count, reason: hole.reason, tMonoNs};
  }

  #hole(sourceSeq: number | null): {count: number | null; reason: string} | null {
    const before = this.lastSourceSeq;
    const broken = this.#broken;
    this.#broken = null;
    if (broken !== null && this.lastSeq > 0) this.epoch += 1;
    if (sourceSeq === null || before === null) return broken === null || this.lastSeq === 0 ? null : {count: null, reason: broken};
    if (sourceSeq === before) {
      this.repeated += 1;
      return null;
    }
    if (sourceSeq < before) {
      // It counts anew: how many it had sent before it stopped is not known.
      if (broken === null) this.epoch += 1;
      return {count: null, reason: 'publisher started again'};
    }
    const missing = sourceSeq - before - 1;
    return missing === 0 ? null : {count: missing, reason: broken ?? 'publisher numbers jumped'};
  }
}
