import type {ErrorDetail, InputSpec, PayloadCodec, RedactPlan} from '@tandem/contract';
import type {CaptureCoreOptions} from './capture-core.ts';
import type {RewriterSource} from './log/redact/load-rewriters.ts';
import type {LogSeal} from './log/log-seal.ts';
import type {SessionInputs} from './session-plan.ts';
import type {TapReady, TapStats} from './tap/tap.ts';
import type {CaptureProof} from './tap/wire/wire-proof.ts';
import type {WireEnd} from './tap/wire/wire-settings.ts';

/** What is hidden, and by which key. */
export interface Redaction {
  readonly plan: RedactPlan;
  readonly key: Uint8Array;
  /** what rewrites payloads; absent or null: they are JSON */
  readonly rewriters?: RewriterSource | null;
}

export interface LiveCaptureOptions extends Omit<CaptureCoreOptions, 'redact'> {
  /** those with a place for their peers (`listen`) are tapped on the wire by a process of its own; without `sequence` losses of the others cannot be seen */
  readonly inputs: readonly InputSpec[];
  /** what reads the payload for the sender's own number; null or absent: it is JSON */
  readonly codec?: PayloadCodec | null;
  readonly redaction?: Redaction;
  /** how long a wire tap may go on forwarding after the end; null or absent: as long as its connections, over tcp until it is ended */
  readonly detachMs?: number | null;
}

/** How a capture ended. */
export interface CaptureEnd {
  readonly seal: Pick<LogSeal, 'messages' | 'gaps'>;
  /** all inputs as one */
  readonly stats: TapStats;
  readonly streams: readonly TapStats[];
  /** nothing came: how far the link got, what that usually means and what to do; else null */
  readonly silence: ErrorDetail | null;
  readonly proof: CaptureProof;
  /** empty without a wire tap */
  readonly wires: readonly WireEnd[];
  /** the process through which live passes; null without one */
  readonly tapPid: number | null;
}

/** Taps that write a log which others read while it grows. */
export interface LiveCapture {
  /** settles when the first message is in the log */
  readonly ready: Promise<TapReady>;
  /** settles when the capture ended and the log is sealed; rejects when a tap or the disk failed */
  readonly done: Promise<CaptureEnd>;
  stats(): TapStats;
  /** ends the capture in order */
  stop(): void;
  /** the growing log as inputs, in the distances in which they came; readers end when it is sealed */
  inputs(): Promise<SessionInputs>;
}
