import type {Evidence, LaneName, Migration} from '@tandem/contract';
import type {FeedInput} from './flow/feed-input.ts';
import type {Schedule} from './flow/schedule.ts';

/** The inputs of a session: a log on disk that every lane reads by itself. */
export interface SessionInputs {
  /** how many there are; null while the log still grows */
  readonly total: number | null;
  /** a reader of its own for each lane, from the first input */
  open(signal: AbortSignal): AsyncIterable<readonly FeedInput[]>;
  /** log files -> SHA-256, for the manifest */
  capture(): Readonly<Record<string, string>>;
  /** messages that the log says it does not have */
  gaps(): Evidence['gaps'];
  /** when input 0 is due on this clock, ns; null: soon */
  readonly startNs: number | null;
  /** the rule that decides which input comes before which, in words; absent when there is nothing to decide */
  readonly order?: string;
}

/** Everything that a session needs; nothing is looked up later. */
export interface SessionPlan {
  readonly kind: 'replay' | 'shadow' | 'bench';
  readonly migration: Migration;
  readonly inputs: SessionInputs;
  readonly schedule: Schedule;
  /** inputs at the beginning that are fed as fast as possible and count for parity only: they build the state that a day has */
  readonly historyInputs: number;
  /** null: all lanes at once. Else one lane at a time in turns, so that none disturbs another's latency */
  readonly turns: {readonly rounds: number; readonly inputsPerTurn: number} | null;
  readonly runsRoot: string;
  readonly seed: number;
  readonly command: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  /** in turns: `auto` keeps each lane alone on its cores while it has its turn, where that can be done; default `off` */
  readonly pin?: 'auto' | 'off';
  /** which outputs stay in the run folder */
  readonly keep: 'all' | 'differing' | 'none';
  /** outputs kept of one lane, bytes */
  readonly keepBytesMax: number;
  /** ISO date against which waivers expire */
  readonly today: string;
  /** each of the two spins of the noise gate, ms; 0 = none (then latency is never judged as steady) */
  readonly spinMs: number;
  readonly notes: readonly string[];
  /** asked when the inputs have ended: why there are fewer than were wanted; null when there are not */
  readonly endedEarly?: () => string | null;
  /** asked at the end: what else a reader of the run should know about how it ended */
  readonly endNotes?: () => readonly string[];
}

/** How far a session is; offered about ten times a second. */
export interface SessionProgress {
  readonly phase: 'starting' | 'feeding' | 'draining' | 'judging';
  readonly elapsedMs: number;
  readonly total: number | null;
  readonly fed: number;
  readonly compared: number;
  readonly differences: number;
  readonly groups: number;
  readonly lanes: readonly {readonly lane: LaneName; readonly label: string; readonly sent: number; readonly settled: number}[];
}
