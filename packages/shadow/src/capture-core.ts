import {existsSync} from 'node:fs';
import {rm, rmdir} from 'node:fs/promises';
import {join} from 'node:path';
import {LOG_FORMAT, type ErrorDetail, type TandemError} from '@tandem/contract';
import type {PackedMessage} from './flow/packed-message.ts';
import {openLogWriter, type LogWriter, type LogWriterOptions} from './log/log-writer.ts';
import type {LogSeal} from './log/log-seal.ts';
import type {RedactMessage} from './log/redact/redact-messages.ts';
import type {SessionInputs} from './session-plan.ts';
import {sumStats} from './tap/sum-stats.ts';
import type {Tap, TapReady, TapSink, TapStats} from './tap/tap.ts';

export interface CaptureCoreOptions {
  /** folder of the log; must hold none */
  readonly folder: string;
  /** how the log is cut and how much of it stays */
  readonly log?: Pick<LogWriterOptions, 'segmentBytes' | 'segmentMs' | 'retention' | 'sync' | 'chunkBytes' | 'chunkRecords' | 'commitMs'>;
  /** hides what must not reach a disk, before the log sees a message; absent: nothing is hidden */
  readonly redact?: RedactMessage;
  /** inputs to keep; answers of the observed system do not count */
  readonly messages: number | null;
  readonly durationMs: number | null;
  readonly signal: AbortSignal;
  readonly onNotice: (line: string) => void;
}

/** stands at the head of every segment of a log whose messages are not as they were live */
const HIDDEN = {hidden: 'yes'};

/** Taps that write one log. */
export interface TapCapture {
  /** settles with the first message of any tap; rejects when all ended before one came */
  readonly ready: Promise<TapReady>;
  readonly done: Promise<{readonly seal: LogSeal; readonly stats: TapStats; readonly streams: readonly TapStats[]; /** how far the link got, as the tap of the first input said it; empty when something came */ readonly lastWords: Partial<Pick<ErrorDetail, 'seen' | 'likely' | 'fix'>>}>;
  readonly ending: CaptureEnding;
  stats(): TapStats;
}

/**
 * Joins taps and log. Stops by itself after `messages`, after `durationMs`, or when the disk can take no more; whatever ends it, the log keeps
 * every whole message and is sealed.
 */
export const captureTaps = async (options: CaptureCoreOptions, startTaps: (sink: TapSink) => Promise<readonly Tap[]>): Promise<TapCapture> => {
  const {folder, messages, durationMs, signal, redact} = options;
  const ending = new CaptureEnding();
  const log: LogWriter = await openLogWriter(folder, {...options.log, ...(redact === undefined ? {} : {about: HIDDEN}), onFault: (error) => { ending.fail(error); }});
  let count = 0;
  const limit = messages ?? Infinity;
  const taps = await startTaps({
    onMessages: (captured) => {
      for (const message of captured) {
        if (count >= limit) break;
        if (!message.stream.startsWith('out/')) count += 1;
        log.append(redact === undefined ? message : redact(message));
      }
      if (count >= limit) ending.stop();
    },
    // what is to be hidden is looked at as a whole message
    ...(redact !== undefined ? {} : {onPacked: (message: PackedMessage) => {
      if (count >= limit) return;
      if (!message.stream.startsWith('out/')) count += 1;
      log.appendPacked(message);
      if (count >= limit) ending.stop();
    }}),
    isPressed: () => log.pressed,
    room: () => (log.pressed ? log.room() : null),
    onGap: (gap) => { log.appendGap(gap); },
    onNotice: ({detail}) => { options.onNotice([detail.what, detail.seen, detail.likely].filter(Boolean).join('; ')); },
  }).catch(async (error: unknown) => {
    await log.close().then(() => discardEmpty(folder), () => undefined);
    throw error;
  });
  for (const tap of taps) tap.done.catch((error: unknown) => { ending.fail(error as TandemError); });
  const timer = durationMs === null ? null : setTimeout(() => { ending.stop(); }, durationMs);
  signal.addEventListener('abort', () => { ending.stop(); }, {once: true});
  // one that came while the log was opened gives no event any more
  if (signal.aborted) ending.stop();
  let lastWords: Partial<Pick<ErrorDetail, 'seen' | 'likely' | 'fix'>> = {};
  taps[0]?.ready.catch((error: unknown) => { const {seen, likely, fix} = (error as TandemError).detail;
    lastWords = seen === undefined ? {} : {seen, likely, fix};
  });
  const finish = async (): ReturnType<() => TapCapture['done']> => {
    await ending.reached;
    if (timer !== null) clearTimeout(timer);
    const streams = await Promise.all(taps.map((tap) => tap.stop()));
    const seal = await log.close().catch((error: unknown) => {
      ending.fail(error as TandemError);
      // without a seal nobody who follows would ever learn that it is over
      if (!existsSync(join(folder, LOG_FORMAT.seal))) ending.giveUp();
      throw error;
    });
    if (ending.failure !== null) throw ending.failure;
    if (seal.messages === 0 && seal.gaps === 0) await discardEmpty(folder);
    return {seal, stats: sumStats(streams), streams, lastWords};
  };
  const done = finish();
  done.catch(() => undefined);
  const ready = firstReady(taps);
  return {ready, done, ending, stats: () => sumStats(taps.map((tap) => tap.stats()))};
};

const firstReady = async (taps: readonly Tap[]): Promise<TapReady> => {
  const first = Promise.any(taps.map((tap) => tap.ready)).catch((error: unknown) => { throw (error as AggregateError).errors[0]; });
  first.catch(() => undefined);
  return await first;
};

/** A log in which nothing is would only stand in the way of the next try. Takes away what the writer made and nothing else. */
export const discardEmpty = async (folder: string): Promise<void> => {
  for (const name of [LOG_FORMAT.segmentName(1), LOG_FORMAT.seal, LOG_FORMAT.manifest]) await rm(join(folder, name), {force: true});
  await rmdir(folder).catch(() => undefined);
};

/** Readers end when the log is sealed, or when the disk takes not even the seal; what a failed capture did not keep is a gap. */
export const followed = (inputs: SessionInputs, ending: CaptureEnding): SessionInputs => ({
  ...inputs,
  open: (signal) => inputs.open(AbortSignal.any([signal, ending.failed])),
  gaps: () => {
    const {records, messages, unknown, reasons = []} = inputs.gaps();
    return ending.failure === null ? {records, messages, unknown, reasons} : {records, messages, unknown: unknown + 1, reasons: [`the capture had to stop: ${ending.failure.detail.seen ?? ending.failure.detail.what}`, ...reasons]};
  },
});

/** The one moment at which a capture ends, and why. */
export class CaptureEnding {
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
