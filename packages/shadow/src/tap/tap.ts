import type {CapturedMessage, ErrorDetail, GapRecord} from '@tandem/contract';
import type {PackedMessage} from '../flow/packed-message.ts';

/** The first message that was captured: comparison starts here, never before. */
export interface TapReady {
  readonly stream: string;
  readonly epoch: number;
  /** position in our log */
  readonly seq: number;
  /** the publisher's own number of it, null when it has none */
  readonly sourceSeq: number | null;
  readonly tMonoNs: number;
}

export interface TapStats {
  readonly stream: string;
  readonly messages: number;
  readonly bytes: number;
  readonly lastSeq: number;
  readonly epoch: number;
  readonly lastSourceSeq: number | null;
  readonly gaps: number;
  /** messages that are known to be lost, and holes of unknown size */
  readonly gapMessages: number;
  readonly gapUnknown: number;
  /** messages dropped here because they had too many parts; each is in a gap */
  readonly refused: number;
  /** messages whose publisher number could not be read; no gap can be seen there */
  readonly withoutSourceSeq: number;
  /** messages that repeat the publisher number before them */
  readonly repeated: number;
  /** null before the first message */
  readonly lastMessageMonoNs: number | null;
  readonly connected: number;
  readonly ready: number;
  readonly handshakeFailed: number;
  readonly disconnected: number;
  readonly retries: number;
}

/** Something a person should know while the tap runs; shaped like an error, but nothing has failed yet. */
export interface TapNotice {
  readonly kind: 'silent' | 'reconnected' | 'handshake-failed';
  readonly detail: ErrorDetail;
}

/** Where what is captured goes. Called in the order of the traffic. */
export interface TapSink {
  /** must return quickly; a promise holds back further reading, then the publisher drops for this tap only */
  onMessages(messages: readonly CapturedMessage[]): void | Promise<void>;
  /** For taps whose messages lie in memory that they use again: taken instead of `onMessages`, one by one, copied at once. Absent: whole messages are wanted. */
  onPacked?(message: PackedMessage): void;
  onGap(gap: GapRecord): void;
  /** null, or what to wait for before more is handed over; for taps that can wait without losing count */
  room?(): Promise<void> | null;
  /** whether `room` would be waited for: asked before each packed message, which may be long */
  isPressed?(): boolean;
  onNotice?(notice: TapNotice): void;
}

/** One running tap, however it gets at the traffic. */
export interface Tap {
  /** settles with the first captured message; rejects when the tap ends before one came */
  readonly ready: Promise<TapReady>;
  /** settles when the tap has ended; rejects when it ended by itself */
  readonly done: Promise<void>;
  stats(): TapStats;
  /** ends the tap; what was taken from the socket has been handed over when it resolves (it waits a second for a slow sink) */
  stop(): Promise<TapStats>;
}
