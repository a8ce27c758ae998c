import {statfs} from 'node:fs/promises';
import {TandemError, type CauseSelector, type ErrorDetail, type InputSpec} from '@tandem/contract';
import type {InputOrder} from './canary/input-order.ts';
import {captureTaps, followed, type TapCapture} from './capture-core.ts';
import {IntakeAdmission} from './intake-admission.ts';
import {logInputs} from './log-inputs.ts';
import type {SessionInputs} from './session-plan.ts';
import {startPullTap} from './tap/pull-tap.ts';
import {startTap} from './tap/start-tap.ts';
import type {Tap, TapReady, TapSink, TapStats} from './tap/tap.ts';

/** what a full disk would take from what is on its way: below this the intake asks for its end while it can still write */
const FREE_BYTES_MIN = 64 * 1024 * 1024;
const LOOK_MS = 250;
/** bounds what is lost when this process is killed: one group, and what the kernel holds of it */
const LOG = {sync: 'group', commitMs: 5, chunkBytes: 65_536, chunkRecords: 256, bufferBytesMax: 4 * 1024 * 1024} as const;

export interface LiveIntakeOptions {
  /** publications are subscribed to; of PUSH the intake takes the place of the PULL, at `listen` when there is one */
  readonly inputs: readonly InputSpec[];
  /** folder of the log; must hold none */
  readonly folder: string;
  readonly cause: CauseSelector;
  /** knows the numbers of what came before */
  readonly order: InputOrder;
  /** position of the last input before the first live one */
  readonly after: number;
  readonly freeBytesMin?: number;
  readonly onNotice: (line: string) => void;
  /** it cannot go on; nothing more is given to lanes, and whoever runs it has to end */
  readonly onEnd: (why: ErrorDetail) => void;
}

export interface IntakeEnd {
  readonly stats: TapStats;
  /** inputs in the log that were given to lanes */
  readonly logged: number;
  /** taken behind the last that lanes were given; they lie in the log as `out/withheld` */
  readonly withheld: number;
  /** said again by a producer, and left out */
  readonly repeated: number;
  /** inputs in the log whose numbers are not above those before */
  readonly behind: number;
  readonly gaps: {readonly records: number; readonly messages: number; readonly unknown: number};
  /** nothing came: how far the link got */
  readonly silence: ErrorDetail | null;
}

/** Live inputs on their way into a log from which lanes are fed. */
export interface LiveIntake {
  /** where producers connect, or where it subscribed */
  readonly places: readonly string[];
  readonly ready: Promise<TapReady>;
  /** Takes nothing more; producers that PUSH wait with what they have. Rejects when the log had to stop. */
  stop(): Promise<IntakeEnd>;
  stats(): TapStats;
  /** What comes from now on is given to no lane; `onEnd` is told, once. */
  close(why: ErrorDetail): void;
  inputs(): Promise<SessionInputs>;
}

/**
 * What a canary can be fed with. A REQ or DEALER wants its answer over the same socket, where no gate stands.
 * @throws TandemError TDM-E124
 */
export const assertCanaryInputs = (inputs: readonly InputSpec[], cause: CauseSelector, where: string): void => {
  const refuse = (seen: string, likely: string, fix: string): never => {
    throw new TandemError({id: 'TDM-E124', kind: 'usage', what: 'a canary cannot be fed with these live inputs', where, seen, likely, fix});
  };
  const asking = inputs.find(({pattern}) => pattern === 'req-rep' || pattern === 'dealer-router');
  if (asking !== undefined) refuse(`${asking.stream}: ${asking.pattern}`, 'who asks wants the answer over the same socket, past the gate', 'let inputs come by PUB or PUSH; shadow, record and replay take every pattern');
  if (inputs.length > 1 && cause.input !== null) refuse(`${inputs.length} inputs, and one number ${cause.input} that rises over all of them`, 'nothing keeps two sockets in the order of one number', 'let one socket bring all inputs of the canary');
};

export const startLiveIntake = async (options: LiveIntakeOptions): Promise<LiveIntake> => {
  const {inputs, folder, order, onNotice, cause} = options;
  const admission = new IntakeAdmission({...options, isNumbered: cause.input !== null});
  const places = inputs.map(placeOf);
  const capture = await captureTaps({folder, log: LOG, messages: null, durationMs: null, signal: new AbortController().signal, onNotice}, async (sink) => {
    const own = admission.before(sink);
    const taps: Tap[] = [];
    try {
      for (const input of inputs) taps.push(await tapOf(input, own, order));
    } catch (error) {
      await Promise.all(taps.map((tap) => tap.stop()));
      throw error;
    }
    return taps;
  });
  const timer = watchDisk(options, admission);
  capture.ready.catch(() => undefined);
  capture.done.catch((error: unknown) => { if (error instanceof TandemError) admission.end(error.detail); });
  return {
    places, ready: capture.ready, stats: () => capture.stats(), close: (why) => { admission.end(why); },
    stop: async () => {
      clearInterval(timer);
      return await endOf(capture, admission, order);
    },
    inputs: async () => {
      const grown = await logInputs(folder, {follow: true, ranked: inputs.length > 1});
      return followed({...grown, open: (signal) => shifted(grown.open(signal), options.after)}, capture.ending);
    },
  };
};

const placeOf = ({pattern, listen, endpoint}: InputSpec): string => (pattern === 'push-pull' ? listen ?? endpoint : endpoint);

const tapOf = async (input: InputSpec, sink: TapSink, order: InputOrder): Promise<Tap> => {
  if (input.pattern === 'push-pull') return await startPullTap({...sink, endpoint: placeOf(input), stream: input.stream, isKnown: (payload) => order.noteRepeated(payload)});
  const {listen: _, ...plain} = input;
  return await startTap(plain, sink);
};

const endOf = async (capture: TapCapture, admission: IntakeAdmission, order: InputOrder): Promise<IntakeEnd> => {
  capture.ending.stop();
  const {stats, lastWords} = await capture.done;
  const silence: ErrorDetail | null = stats.messages > 0 ? null : {id: 'TDM-E282', kind: 'environment', what: 'No live input came.', where: stats.stream, ...lastWords};
  return {stats, logged: admission.logged, withheld: admission.withheld, repeated: order.repeated, behind: order.behind, gaps: {...admission.gaps}, silence};
};

async function* shifted<T extends {readonly inputSeq: number}>(batches: AsyncIterable<readonly T[]>, by: number): AsyncGenerator<readonly T[]> {
  for await (const batch of batches) yield by === 0 ? batch : batch.map((input) => ({...input, inputSeq: input.inputSeq + by}));
}

const watchDisk = ({folder, freeBytesMin = FREE_BYTES_MIN}: LiveIntakeOptions, admission: IntakeAdmission): NodeJS.Timeout => setInterval(() => {
  void statfs(folder).then(({bavail, bsize}) => {
    if (bavail * bsize >= freeBytesMin) return;
    admission.end({id: 'TDM-E266', kind: 'environment', what: 'The disk of the live log is nearly full, so the canary ended while it could still write.', where: folder, seen: `${Math.floor(bavail * bsize / 1024 ** 2)} MiB are free`,
      likely: 'the log of a canary holds every input until it ends', fix: 'make room, or name another disk with --log; then start again with this log as --capture'});
  }, () => undefined);
}, LOOK_MS).unref();
