import type {CodecSpec, ErrorDetail, InputSpec, RedactPlan} from '@tandem/contract';
import type {WireMode, WireTraffic} from '@tandem/zmtp';
import type {TapReady, TapStats} from '../tap.ts';
import type {RecorderCounts} from './wire-recorder.ts';

/** An input with a place for its live peers. */
export type WireInput = InputSpec & {readonly listen: string};

/** What the tap's process is told, as one line; a key in it never stands in arguments or environment. */
export interface WireSettings {
  readonly wires: readonly WireInput[];
  /** inputs that are watched as one more subscriber, by the thread that writes the log */
  readonly subscriptions: readonly InputSpec[];
  readonly log: WireLogSettings;
  /** looks at nothing and writes no log: the hop alone */
  readonly spliceOnly: boolean;
  /** how long connections may go on after the end; null: as long as they like, over tcp for new ones too */
  readonly detachMs: number | null;
}

/** What the thread that writes the log needs. Infinite times are left out. */
export interface WireLogSettings {
  readonly folder: string;
  readonly segmentBytes?: number;
  readonly segmentMs?: number;
  readonly sync?: 'group' | 'close' | 'never';
  readonly retention?: {readonly bytesMax?: number | null; readonly ageMsMax?: number | null};
  /** the key in hexadecimal; `rewriters`: the module that rewrites payloads, null for JSON */
  readonly redaction: {readonly plan: RedactPlan; readonly keyHex: string; readonly rewriters: {readonly module: string; readonly input: CodecSpec; readonly answers: CodecSpec} | null} | null;
  readonly messages: number | null;
  readonly durationMs: number | null;
}

/** One tapped input, how it stands or how it ended. */
export interface WireEnd {
  readonly stream: string;
  readonly listen: string;
  readonly upstream: string;
  readonly mode: WireMode;
  /** why it looks at less, oldest first */
  readonly steps: readonly string[];
  readonly opened: number;
  readonly open: number;
  readonly upstreamAbsent: number;
  readonly up: WireTraffic;
  readonly down: WireTraffic;
  readonly seen: RecorderCounts;
  /** of the connections that have ended, the last ones; octets both ways */
  readonly closed: readonly ClosedConnection[];
}

export interface ClosedConnection {
  readonly connection: number;
  readonly how: string;
  readonly takenBytes: number;
  readonly passedBytes: number;
  readonly readBytes: number;
  readonly messages: number;
}

/** What the tap's process says, a line each. */
export type WireReport =
  /** `keeperPid`: who takes the place when nobody else does; null = nobody */
  | {readonly kind: 'listening'; readonly endpoints: readonly string[]; readonly keeperPid: number | null}
  | {readonly kind: 'ready'; readonly ready: TapReady}
  | {readonly kind: 'notice'; readonly line: string}
  | {readonly kind: 'stats'; readonly stats: TapStats; readonly wires: readonly WireEnd[]}
  | {readonly kind: 'sealed'; readonly stats: TapStats; readonly lastWords: string; readonly hiding: string; readonly wires: readonly WireEnd[]}
  | {readonly kind: 'failed'; readonly detail: ErrorDetail; readonly wires: readonly WireEnd[]};
