import type {CapturedMessage, GapRecord} from '@tandem/contract';
import type {Damage, DamageList} from './log-damage.ts';
import type {LogPlace} from './log-place.ts';

export interface StreamSummary {
  readonly stream: string;
  readonly messages: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly firstMonoNs: number;
  readonly lastMonoNs: number;
  readonly lastEpoch: number;
  /** positions between first and last that are neither there nor covered by a gap record */
  readonly missing: number;
  /** messages whose position is not above the one before */
  readonly disorder: number;
}

export interface LogSummary {
  readonly segments: number;
  readonly sizeBytes: number;
  readonly messages: number;
  readonly streams: readonly StreamSummary[];
  /** at most 1000, `gapCount` counts all */
  readonly gaps: readonly GapRecord[];
  readonly gapCount: number;
  /** messages that gap records state as lost, and records that do not know how many */
  readonly gapMessages: number;
  readonly gapUnknown: number;
  /** at most 1000, `damageCount` counts all */
  readonly damage: readonly Damage[];
  readonly damageCount: number;
  readonly bytesLost: number;
  /** a seal is there and says that the writer ended well */
  readonly sealed: boolean;
  /** sealed, nothing damaged, nothing missing: gaps are stated and therefore allowed */
  readonly whole: boolean;
}

interface Counting {
  messages: number;
  firstSeq: number;
  lastSeq: number;
  firstMonoNs: number;
  lastMonoNs: number;
  lastEpoch: number;
  missing: number;
  disorder: number;
  /** positions that gap records since the last message explain */
  excused: number;
}

const GAPS_LISTED_MAX = 1000;

/** Adds up one pass over a log. */
export class SummaryBuilder {
  readonly #streams = new Map<string, Counting>();
  readonly #gaps: GapRecord[] = [];
  #gapCount = 0;
  #gapMessages = 0;
  #gapUnknown = 0;
  #messages = 0;

  messages(batch: readonly CapturedMessage[]): void {
    this.#messages += batch.length;
    for (const message of batch) this.#message(message);
  }

  gap(gap: GapRecord): void {
    this.#gapCount += 1;
    if (gap.count === null) this.#gapUnknown += 1;
    else this.#gapMessages += gap.count;
    if (this.#gaps.length < GAPS_LISTED_MAX) this.#gaps.push(gap);
    const known = this.#streams.get(gap.stream);
    if (known !== undefined) known.excused += gap.count ?? Infinity;
  }

  summary(place: LogPlace, damage: DamageList): LogSummary {
    const streams = [...this.#streams].map(([stream, counting]) => streamSummary(stream, counting));
    const sealed = place.seal?.complete === true;
    return {
      segments: place.files.length, sizeBytes: place.files.reduce((total, file) => total + file.sizeBytes, 0), messages: this.#messages, streams,
      gaps: this.#gaps, gapCount: this.#gapCount, gapMessages: this.#gapMessages, gapUnknown: this.#gapUnknown,
      damage: damage.items, damageCount: damage.count, bytesLost: damage.bytesLost, sealed,
      whole: sealed && damage.count === 0 && streams.every((stream) => stream.missing === 0),
    };
  }

  #message({stream, seq, tMonoNs, epoch}: CapturedMessage): void {
    const known = this.#streams.get(stream);
    if (known === undefined) {
      this.#streams.set(stream, {
        messages: 1, firstSeq: seq, lastSeq: seq, firstMonoNs: tMonoNs, lastMonoNs: tMonoNs, lastEpoch: epoch, missing: 0, disorder: 0, excused: 0,
      });
      return;
    }
    const hole = seq - known.lastSeq - 1;
    if (hole < 0) known.disorder += 1;
    else if (hole > 0) known.missing += Math.max(0, hole - known.excused);
    known.excused = 0;
    known.messages += 1;
    known.lastSeq = seq;
    known.lastMonoNs = tMonoNs;
    known.lastEpoch = epoch;
  }
}

function streamSummary(stream: string, counting: Counting): StreamSummary {
  const {excused: _excused, ...rest} = counting;
  return {stream, ...rest};
}
