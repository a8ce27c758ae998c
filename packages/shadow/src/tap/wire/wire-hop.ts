import {monitorEventLoopDelay} from 'node:perf_hooks';
import {setTimeout as delay} from 'node:timers/promises';
import {Worker} from 'node:worker_threads';
import {TandemError} from '@tandem/contract';
import {monoNowNs} from '../../endpoint/mono-clock.ts';
import {sumStats} from '../sum-stats.ts';
import type {TapStats} from '../tap.ts';
import {ringMemory, RingWriter} from './observation-ring.ts';
import {tapFault} from './tap-fault.ts';
import {TappedInput} from './tapped-input.ts';
import {WIRE_BUDGET, WireWatch, type WireSecond} from './wire-budget.ts';
import {Keeper, type Kept} from './wire-keeper.ts';
import type {WireEnd, WireReport, WireSettings} from './wire-settings.ts';

/** What may wait for the log: octets, and so at most a fortieth as many messages. */
const RING_BYTES = 32 * 1024 * 1024;
const TICK_MS = 1000;
/** what the limit of the loop's delay is held against; each look wakes the thread that forwards */
const LOOP_LOOK_MS = 20;
const STATS_MS = 250;
const SETTLE_MS = 20;
/** nothing passed for so long: a moment in which connections can be ended */
const QUIET_MS = 250;
const LEAVE_MS = 1000;

/** What the thread of the log says. */
export type ThreadReport = Extract<WireReport, {kind: 'ready' | 'notice'}> | {readonly kind: 'started'} | {readonly kind: 'over'} | {readonly kind: 'stats'; readonly stats: TapStats}
  | {readonly kind: 'sealed'; readonly stats: TapStats; readonly lastWords: string; readonly hiding: string} | {readonly kind: 'failed'; readonly detail: TandemError['detail']};
export interface ThreadData {
  readonly memory: SharedArrayBuffer;
  readonly streams: readonly string[];
  readonly settings: WireSettings;
}

/** The life of a tap's process: listen, observe, step aside when it costs too much, seal the log, and let live go on without it. */
export class WireHop {
  readonly #settings: WireSettings;
  readonly #say: (report: WireReport, isNeeded?: boolean) => void;
  readonly #ring: RingWriter;
  readonly #memory = ringMemory(RING_BYTES);
  readonly #inputs: TappedInput[] = [];
  #thread: Worker | null = null;
  #keeper: Keeper | null = null;
  #threadStats: TapStats | null = null;
  /** as it stood when the last message was kept */
  #ends: readonly WireEnd[] | null = null;
  #stopping: Promise<void> | null = null;
  #left: () => void = () => undefined;
  readonly #leaving = new Promise<void>((done) => { this.#left = done; });
  #sealed: () => void = () => undefined;
  readonly #isSealed = new Promise<void>((done) => { this.#sealed = done; });

  constructor(settings: WireSettings, say: (report: WireReport, isNeeded?: boolean) => void) {
    this.#settings = settings;
    this.#say = say;
    this.#ring = new RingWriter(this.#memory);
  }

  /** Settles when nothing passes through this process any more. */
  async run(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      this.#say({kind: 'failed', detail: tapFault(error), wires: []});
      for (const input of this.#inputs) input.leaveFront();
      return;
    }
    const watch = this.#watch();
    const stats = setInterval(() => { this.#sayStats(); }, STATS_MS);
    const {durationMs} = this.#settings.log;
    const end = durationMs === null ? null : setTimeout(() => { void this.stop('the time is over'); }, durationMs);
    await this.#isSealed;
    clearInterval(stats);
    if (end !== null) clearTimeout(end);
    await this.#detach();
    this.#keeper?.left();
    clearInterval(watch);
  }

  /** The log ends; live goes on. */
  stop(reason: string): Promise<void> {
    this.#stopping ??= this.#finish(reason);
    return this.#stopping;
  }

  /** Ends the hop at once, behind what was taken. */
  leave(): void {
    void this.stop('ended by a signal');
    this.#left();
  }

  async #start(): Promise<void> {
    const {wires, spliceOnly} = this.#settings;
    const streams = wires.flatMap(({stream}) => [stream, `out/live/${stream}`]);
    // first the log: a tap that cannot write has no reason to stand in the way
    if (!spliceOnly) await this.#startThread(streams);
    for (const [index, input] of wires.entries()) {
      this.#inputs.push(await TappedInput.start(input, {
        ring: this.#ring, streams: {input: 2 * index, replies: 2 * index + 1}, mode: spliceOnly ? 'splice' : 'observe', onNotice: (line) => { this.#say({kind: 'notice', line}, false); },
      }));
    }
    this.#keeper = Keeper.start(this.#kept());
    if (this.#keeper === null && !spliceOnly) {
      this.#say({kind: 'notice', line: 'there is no shell to keep the place: when tap and harness are killed in the same moment nothing listens there any more'}, false);
    }
    this.#say({kind: 'listening', endpoints: this.#inputs.map(({endpoint}) => endpoint), keeperPid: this.#keeper?.pid ?? null});
  }

  /** What is to be done when this process and the harness die. What was put in their place once is not replaced again: somebody wants it gone. */
  #kept(): Kept {
    const {spliceOnly, log} = this.#settings;
    const alone = this.#inputs.filter(({front}) => front === null).map(({input, endpoint}) => ({...input, listen: endpoint}));
    const settings: WireSettings = {wires: alone, subscriptions: [], log: {folder: log.folder, redaction: null, messages: null, durationMs: null}, spliceOnly: true, detachMs: null};
    return {
      fronts: this.#inputs.flatMap(({front, input}) => (front === null ? [] : [{front, realPath: input.endpoint.slice('ipc://'.length)}])),
      forwarder: alone.length === 0 || spliceOnly ? null : {command: [process.execPath, ...process.execArgv, process.argv[1] ?? ''], settings, harnessPid: process.ppid},
    };
  }

  async #startThread(streams: readonly string[]): Promise<void> {
    const data: ThreadData = {memory: this.#memory, streams, settings: this.#settings};
    const thread = new Worker(new URL('../../wire-log-thread.ts', import.meta.url), {workerData: data});
    this.#thread = thread;
    await new Promise<void>((started, failed) => {
      const fail = (detail: TandemError['detail']): void => {
        failed(new TandemError(detail));
        this.#threadFailed(detail);
      };
      thread.on('message', (report: ThreadReport) => {
        if (report.kind === 'started') started();
        else if (report.kind === 'over') void this.stop('the log has what was asked for');
        else if (report.kind === 'stats') this.#threadStats = report.stats;
        else if (report.kind === 'failed') fail(report.detail);
        else if (report.kind === 'sealed') this.#threadSealed(report);
        else this.#say(report, report.kind === 'ready');
      });
      thread.on('error', (error: unknown) => { fail(tapFault(error)); });
    });
  }

  #threadSealed({stats, lastWords, hiding}: Extract<ThreadReport, {kind: 'sealed'}>): void {
    this.#say({kind: 'sealed', stats, lastWords, hiding, wires: this.#ends ?? this.#inputs.map((input) => input.end())});
    this.#sealed();
  }

  /** The log is over before its time: the tap forwards and looks at nothing. */
  #threadFailed(detail: TandemError['detail']): void {
    for (const input of this.#inputs) input.step('splice', 'the log had to stop');
    this.#say({kind: 'failed', detail, wires: this.#inputs.map((input) => input.end())});
    this.#sealed();
  }

  async #finish(reason: string): Promise<void> {
    const ends = this.#inputs.map((input) => ({input, isSettled: false}));
    for (const end of ends) end.isSettled = end.input.finish(monoNowNs());
    this.#ends = this.#inputs.map((input) => input.end());
    for (const {input} of ends) input.step('splice', reason);
    // the ring may be full of what the log has not taken yet
    while (ends.some(({isSettled}) => !isSettled)) {
      await delay(SETTLE_MS);
      for (const end of ends) end.isSettled ||= end.input.finish(monoNowNs());
    }
    this.#ring.close();
    if (this.#thread === null) this.#sealed();
    else this.#thread.postMessage('stop');
  }

  /** Connections go on until they end by themselves. New ones meet the real endpoint; over tcp nobody else could accept them. */
  async #detach(): Promise<void> {
    const {detachMs} = this.#settings;
    for (const input of this.#inputs) input.leaveFront();
    const endsMs = detachMs === null ? Infinity : performance.now() + detachMs;
    const mustStay = (): boolean => this.#inputs.some(({front, openConnections}) => openConnections > 0 || (front === null && detachMs === null));
    while (mustStay() && performance.now() < endsMs && !await this.#hasLeft(QUIET_MS)) { /* they go on */ }
    for (let tries = 0; tries * QUIET_MS < LEAVE_MS * 5 && mustStay(); tries += 1) {
      const before = this.#passedBytes();
      if (await this.#hasLeft(QUIET_MS) || this.#passedBytes() === before) break;
    }
    await Promise.all(this.#inputs.map((input) => input.close(0)));
  }

  #passedBytes(): number {
    return this.#inputs.reduce((sum, {passedBytes}) => sum + passedBytes, 0);
  }

  async #hasLeft(withinMs: number): Promise<boolean> {
    return await Promise.race([this.#leaving.then(() => true), delay(withinMs, false)]);
  }

  #sayStats(): void {
    // also where no log is written: whoever hears nothing takes the process for hung
    this.#say({kind: 'stats', stats: this.#threadStats ?? sumStats([]), wires: this.#inputs.map((input) => input.end())}, false);
  }

  #watch(): NodeJS.Timeout {
    const loop = monitorEventLoopDelay({resolution: LOOP_LOOK_MS});
    loop.enable();
    const watches = this.#inputs.map(() => new WireWatch(WIRE_BUDGET));
    const before = {cpuUs: cpuUs(), lost: this.#inputs.map(() => 0)};
    return setInterval(() => {
      const usedUs = cpuUs();
      const common = {loopDelayMs: loop.max / 1e6, rssBytes: process.memoryUsage.rss(), cpuShare: (usedUs - before.cpuUs) / (TICK_MS * 1000)};
      before.cpuUs = usedUs;
      loop.reset();
      for (const [index, input] of this.#inputs.entries()) {
        const {lost} = input.recorder.counts();
        const second: WireSecond = {...common, lost: lost - (before.lost[index] ?? 0)};
        before.lost[index] = lost;
        const step = watches[index]?.second(input.mode, second) ?? null;
        if (step !== null) input.step(step.mode, step.reason);
      }
    }, TICK_MS);
  }
}

/** Of the thread that forwards, where the system tells it. */
const cpuUs = (): number => {
  const own = (process as {threadCpuUsage?: () => NodeJS.CpuUsage}).threadCpuUsage?.() ?? process.cpuUsage();
  return own.user + own.system;
};
