import {fileURLToPath} from 'node:url';
import {Worker} from 'node:worker_threads';
import {TandemError, type ErrorDetail} from '@tandem/contract';
import {columnBytes, columnsOver, type TickColumns} from '../tick-store/tick-columns.ts';
import type {SweepBackend} from './sweep-backend.ts';
import {resultHash, type JobResult, type SweepGround, type SweepJob} from './sweep-job.ts';

/** What a worker is started with. All that is large is shared. */
export interface WorkerStart {
  readonly buffer: SharedArrayBuffer;
  readonly count: number;
  readonly symbols: readonly string[];
  readonly ground: SweepGround;
  readonly jobs: readonly SweepJob[];
  /** [next job, stop] */
  readonly counter: Int32Array<SharedArrayBuffer>;
  /** ticks done, one slot a worker */
  readonly ticksDone: BigInt64Array<SharedArrayBuffer>;
  readonly slot: number;
  /** module that exports `openWorld`, as a URL, and what it is given */
  readonly worldModule: string;
  readonly worldOptions: unknown;
}

/** What was thrown in a worker; `detail` of an error that is told already. */
export interface WorkerFailure {
  readonly kind: 'failed';
  readonly what: string;
  readonly stack: string;
  readonly detail: ErrorDetail | null;
}

export type WorkerMessage = {readonly kind: 'done'; readonly at: number; readonly result: JobResult} | {readonly kind: 'end'} | WorkerFailure
  /** what the worker loaded is not what the jobs are named by */
  | {readonly kind: 'other-ground'; readonly what: string};

export interface SweepProgress {
  readonly jobsDone: number;
  readonly jobs: number;
  readonly ticksDone: number;
}

export interface SweepRun {
  readonly columns: TickColumns;
  /** what the jobs are named by: a worker that loads other features or another model does none of them */
  readonly ground: SweepGround;
  readonly backend: SweepBackend;
  /** jobs taken from the backend at once */
  readonly leaseCount: number;
  readonly workers: number;
  readonly worldModule: string;
  readonly worldOptions: unknown;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: SweepProgress) => void;
}

const PROGRESS_MS = 200;

/** Ticks in memory that threads can share; copied only when they are not yet. */
const shared = (columns: TickColumns): SharedArrayBuffer => {
  if (columns.buffer instanceof SharedArrayBuffer) return columns.buffer;
  const buffer = new SharedArrayBuffer(columnBytes(columns.count));
  new Uint8Array(buffer).set(new Uint8Array(columns.buffer, 0, columnBytes(columns.count)));
  return columnsOver(buffer, columns.count, columns.symbols).buffer as SharedArrayBuffer;
};

/**
 * Does the jobs that a backend has, on so many threads over one copy of the ticks. Each job starts from nothing, so neither the number of
 * workers nor the order of jobs can be seen in a result. A stop lets jobs in hand end.
 * @throws TandemError TDM-E438 when a worker fails (its cause is what was thrown there), TDM-E446 when it loads other features or another model than the jobs are named by
 */
export const runSweep = async (run: SweepRun): Promise<number> => {
  const buffer = shared(run.columns);
  let done = 0;
  for (;;) {
    const leases = run.signal.aborted ? [] : await run.backend.lease(run.leaseCount);
    if (leases.length === 0) return done;
    done += await runJobs(run, buffer, leases.map(({job}) => job), done);
    if (run.signal.aborted) return done;
  }
};

const runJobs = async (run: SweepRun, buffer: SharedArrayBuffer, jobs: readonly SweepJob[], before: number): Promise<number> => {
  const counter = new Int32Array(new SharedArrayBuffer(8));
  const ticksDone = new BigInt64Array(new SharedArrayBuffer(8 * run.workers));
  let done = 0;
  const report = (): void => { run.onProgress({jobsDone: before + done, jobs: before + jobs.length, ticksDone: Number(ticksDone.reduce((sum, ticks) => sum + ticks, 0n))}); };
  const stop = (): void => { Atomics.store(counter, 1, 1); };
  run.signal.addEventListener('abort', stop, {once: true});
  const timer = setInterval(report, PROGRESS_MS);
  const workers = Array.from({length: Math.min(run.workers, jobs.length)}, (_, slot) => new Worker(fileURLToPath(new URL('./sweep-worker.ts', import.meta.url)), {
    workerData: {buffer, count: run.columns.count, symbols: run.columns.symbols, ground: run.ground, jobs, counter, ticksDone, slot, worldModule: run.worldModule, worldOptions: run.worldOptions} satisfies WorkerStart,
  }));
  try {
    await Promise.all(workers.map((worker) => ended(worker, async (at, result) => {
      await run.backend.complete(jobs[at]!, resultHash(result), result);
      done++;
      report();
    })));
  } finally {
    clearInterval(timer);
    run.signal.removeEventListener('abort', stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  report();
  return done;
};

const ended = (worker: Worker, onDone: (at: number, result: JobResult) => Promise<void>): Promise<void> => new Promise((resolve, reject) => {
  const fail = (seen: string, cause?: unknown): void => { reject(new TandemError({id: 'TDM-E438', kind: 'invariant', what: 'a worker of the sweep failed', seen, fix: 'report it with the parameters of the sweep'}, {cause})); };
  let writing = Promise.resolve();
  let isEnded = false;
  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'failed' && message.detail !== null) reject(new TandemError(message.detail));
    else if (message.kind === 'failed') fail(message.what, Object.assign(new Error(message.what), {stack: message.stack}));
    else if (message.kind === 'other-ground') reject(new TandemError({id: 'TDM-E446', kind: 'usage', what: 'features or model changed after the sweep was named', seen: message.what, fix: 'start it again with another --out: its results would stand under a wrong name'}));
    else if (message.kind === 'done') writing = writing.then(() => onDone(message.at, message.result));
    else {
      isEnded = true;
      writing.then(resolve, reject);
    }
  });
  worker.on('error', (error: Error) => { fail(error.message, error); });
  worker.on('exit', (code) => { if (!isEnded) fail(`it ended with ${code}`); });
});
