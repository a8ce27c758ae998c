import {existsSync} from 'node:fs';
import {rm, rmdir} from 'node:fs/promises';
import {join} from 'node:path';
import {LOG_FORMAT, type ErrorDetail, type InputSpec, type PayloadCodec, type TandemError} from '@tandem/contract';
import {logInputs} from './log-inputs.ts';
import {openLogWriter, type LogWriter, type LogWriterOptions} from './log/log-writer.ts';
import type {LogSeal} from './log/log-seal.ts';
import type {RedactMessage} from './log/redact/redact-messages.ts';
import type {SessionInputs} from './session-plan.ts';
import {silenceNotice} from './tap/silence-notice.ts';
import {sequenceAtPointer} from './tap/source-sequence.ts';
import {startTap} from './tap/start-tap.ts';
import type {Tap, TapReady, TapStats} from './tap/tap.ts';

export interface LiveCaptureOptions {
  readonly input: InputSpec;
  /** folder of the log; must hold none */
  readonly folder: string;
  /** pointer to the publisher's own sequence number; null: losses cannot be seen and completeness is unproven */
  readonly sourceSequence: string | null;
  /** what reads the payload for that; null or absent: it is JSON */
  readonly codec?: PayloadCodec | null;
  /** how the log is cut and how much of it stays */
  readonly log?: Pick<LogWriterOptions, 'segmentBytes' | 'segmentMs' | 'retention' | 'sync'>;
  /** hides what must not reach a disk, before the log sees a message; absent: nothing is hidden */
  readonly redact?: RedactMessage;
  readonly messages: number | null;
  readonly durationMs: number | null;
  readonly signal: AbortSignal;
  readonly onNotice: (line: string) => void;
}

/** How a capture ended. */
export interface CaptureEnd {
  readonly seal: LogSeal;
  readonly stats: TapStats;
  /** nothing came: how far the link got, what that usually means and what to do; else null */
  readonly silence: ErrorDetail | null;
}

/** A tap that writes a log which others read while it grows. */
export interface LiveCapture {
  /** settles when the first message is in the log */
  readonly ready: Promise<TapReady>;
  /** settles when the capture ended and the log is sealed; rejects when the tap or the disk failed */
  readonly done: Promise<CaptureEnd>;
  stats(): TapStats;
  /** ends the capture in order */
  stop(): void;
  /** the growing log as inputs, in the distances in which they came; readers end when it is sealed */
  inputs(): Promise<SessionInputs>;
}

/**
 * Joins tap and log. Stops by itself after `messages`, after `durationMs`, or when the disk can take no more; whatever ends it, the log keeps
 * every whole message and is sealed.
 */
export const startLiveCapture = async (options: LiveCaptureOptions): Promise<LiveCapture> => {
  const {input, folder, messages, durationMs, signal, redact = (message) => message} = options;
  const ending = new Ending();
  const log: LogWriter = await openLogWriter(folder, {...options.log, onFault: (error) => { ending.fail(error); }});
  let count = 0;
  const limit = messages ?? Infinity;
  const tap: Tap = await startTap(input, {
    ...(options.sourceSequence === null ? {} : {sourceSeq: sequenceAtPointer(options.sourceSequence, options.codec)}),
    onMessages: (captured) => {
      for (const message of captured) {
        if (count >= limit) break;
        count += 1;
        log.append(redact(message));
      }
      if (count >= limit) ending.stop();
    },
    onGap: (gap) => { log.appendGap(gap); },
    onNotice: ({detail}) => { options.onNotice([detail.what, detail.seen, detail.likely].filter(Boolean).join('; ')); },
  }).catch(async (error: unknown) => {
    await log.close().then(() => discardEmpty(folder), () => undefined);
    throw error;
  });
  tap.done.catch((error: unknown) => { ending.fail(error as TandemError); });
  const timer = durationMs === null ? null : setTimeout(() => { ending.stop(); }, durationMs);
  signal.addEventListener('abort', () => { ending.stop(); }, {once: true});
  // one that came while the log was opened gives no event any more
  if (signal.aborted) ending.stop();
  const startedMs = performance.now();
  let lastWords = '';
  tap.ready.catch((error: unknown) => { lastWords = (error as TandemError).detail.seen ?? ''; });
  const finish = async (): Promise<CaptureEnd> => {
    await ending.reached;
    if (timer !== null) clearTimeout(timer);
    const stats = await tap.stop();
    const seal = await log.close().catch((error: unknown) => {
      ending.fail(error as TandemError);
      // without a seal nobody who follows would ever learn that it is over
      if (!existsSync(join(folder, LOG_FORMAT.seal))) ending.giveUp();
      throw error;
    });
    if (ending.failure !== null) throw ending.failure;
    if (seal.messages === 0 && seal.gaps === 0) await discardEmpty(folder);
    const silence = stats.messages > 0 ? null : silenceNotice({...stats, endpoint: input.endpoint, topics: input.topics, silentMs: performance.now() - startedMs, lastFailure: ''}).detail;
    return {seal, stats, silence: silence === null || lastWords === '' ? silence : {...silence, seen: lastWords}};
  };
  const done = finish();
  done.catch(() => undefined);
  return {ready: tap.ready, done, stats: () => tap.stats(), stop: () => { ending.stop(); }, inputs: async () => followed(await logInputs(folder, {follow: true}), ending)};
};

/** A log in which nothing is would only stand in the way of the next try. Takes away what the writer made and nothing else. */
const discardEmpty = async (folder: string): Promise<void> => {
  for (const name of [LOG_FORMAT.segmentName(1), LOG_FORMAT.seal]) await rm(join(folder, name), {force: true});
  await rmdir(folder).catch(() => undefined);
};

/** Readers end when the log is sealed, or when the disk takes not even the seal; what a failed capture did not keep is a gap. */
const followed = (inputs: SessionInputs, ending: Ending): SessionInputs => ({
  ...inputs,
  open: (signal) => inputs.open(AbortSignal.any([signal, ending.failed])),
  gaps: () => {
    const {records, messages, unknown, reasons = []} = inputs.gaps();
    return ending.failure === null ? {records, messages, unknown, reasons} : {records, messages, unknown: unknown + 1, reasons: [`the capture had to stop: ${ending.failure.detail.seen ?? ending.failure.detail.what}`, ...reasons]};
  },
});

/** The one moment at which a capture ends, and why. */
class Ending {
  readonly reached: Promise<void>;
  failure: TandemError | null = null;
  readonly #failed = new AbortController();
  #reach: () => void = () => undefined;

  constructor() {
    this.reached = new Promise((done) => { this.#reach = done; });
  }

  stop(): void {
    this.#reach();
  }

  /** aborted when nothing can be read any more that was not read already */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  giveUp(): void {
    this.#failed.abort();
  }

  fail(error: TandemError): void {
    this.failure ??= error;
    this.#reach();
  }
}
