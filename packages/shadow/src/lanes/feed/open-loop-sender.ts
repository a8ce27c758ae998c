import {TandemError, type LaneName} from '@tandem/contract';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {FeedInput} from '../../flow/feed-input.ts';
import {plannedTimes, type PlannedTime, type Schedule} from '../../flow/schedule.ts';
import type {Lane} from '../lane.ts';
import {monoNs} from '../monotonic-clock.ts';
import {DelayCounts} from './delay-counts.ts';
import {LeadLimit} from './lead-limit.ts';
import {untilDue} from './until-due.ts';
import {WakeThread} from './wake-thread.ts';

/** Inputs sent to one lane before the event loop turns: more would delay the other lanes' plans. */
const BURST_MAX = 32;
/** A send this long after its plan counts as late, ns. */
const LATE_NS = 1e6;
const START_IN_NS = 20e6;

/** One lane and its own reader of the inputs, in batches. Readers are separate: a slow lane must not hold another's input. */
export interface Feed {
  readonly lane: Lane;
  readonly source: Iterable<readonly FeedInput[]> | AsyncIterable<readonly FeedInput[]>;
}

export interface FeedOptions {
  readonly schedule: Schedule;
  /** when input 0 is due, CLOCK_MONOTONIC ns; default 20 ms from now */
  readonly startNs?: number;
  /** only without a schedule: how far a lane may run ahead of the slowest, in inputs */
  readonly leadMax?: number;
  /** wait for due times on a busy core: exact to microseconds, but only where a core is to spare; default false */
  readonly isBusy?: boolean;
  /** who wakes us, when it stands already and is to stand afterwards; default: one of its own, for this feeding */
  readonly alarm?: WakeThread;
  readonly signal?: AbortSignal;
}

/** How well one lane was fed. */
export interface FeedReport {
  readonly lane: LaneName;
  readonly sent: number;
  /** sends with a plan; what follows is about them */
  readonly planned: number;
  /** later than 1 ms: because this process was late, or because the lane did not take more */
  readonly lateOwn: number;
  readonly lateHeld: number;
  /** send time minus planned time of the inputs that no lane held up, ns */
  readonly sendErrorNs: {readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number};
  readonly firstNs: number;
  readonly lastNs: number;
  /** why it ended early: the lane's fault or a cancel; null when it got everything */
  readonly error: TandemError | null;
}

/**
 * Feeds every lane by the same plan, each at its own pace: planned times come from position and recording alone, so a slow
 * lane is late by itself. Never throws for a lane's failure; throws what a source throws.
 */
export async function feedLanes(feeds: readonly Feed[], options: FeedOptions): Promise<readonly FeedReport[]> {
  const lead = options.schedule.kind === 'max' ? new LeadLimit(feeds.map(({lane}) => lane), options.leadMax ?? 10_000) : null;
  const alarm = lead !== null || options.isBusy === true ? null : options.alarm ?? new WakeThread();
  try {
    await alarm?.ready;
    const startNs = options.startNs ?? monoNs() + START_IN_NS;
    const pumps = feeds.map((feed) => new Pump(feed, {...options, startNs, lead, alarm}));
    return await Promise.all(pumps.map((pump) => pump.run()));
  } finally {
    if (alarm !== options.alarm) await alarm?.close();
  }
}

type PumpOptions = Omit<FeedOptions, 'alarm'> & {readonly startNs: number; readonly lead: LeadLimit | null; readonly alarm: WakeThread | null};

class Pump {
  readonly #feed: Feed;
  readonly #options: PumpOptions;
  readonly #errors = new DelayCounts();
  #plan: PlannedTime | null = null;
  #sent = 0;
  #planned = 0;
  #lateOwn = 0;
  #lateHeld = 0;
  #isHeld = false;
  #firstNs = 0;
  #lastNs = 0;

  constructor(feed: Feed, options: PumpOptions) {
    this.#feed = feed;
    this.#options = options;
  }

  async run(): Promise<FeedReport> {
    let error: TandemError | null = null;
    try {
      for await (const batch of this.#feed.source) {
        await this.#sendBatch(batch);
        if (this.#options.signal?.aborted === true) {
          throw new TandemError({id: 'TDM-E231', kind: 'cancel', what: 'Feeding was stopped.', seen: `after ${this.#sent} inputs`});
        }
      }
    } catch (reason) {
      if (!(reason instanceof TandemError) || (reason.detail.kind !== 'lane' && reason.detail.kind !== 'cancel')) throw reason;
      error = reason;
    } finally {
      this.#options.lead?.done(this.#feed.lane);
    }
    return this.#report(error);
  }

  async #sendBatch(batch: readonly FeedInput[]): Promise<void> {
    const first = batch[0];
    if (first === undefined) return;
    this.#plan ??= plannedTimes(this.#options.schedule, this.#options.startNs, first.recordedNs);
    for (let next = 0; next < batch.length && this.#options.signal?.aborted !== true;) {
      next += await this.#sendGroup(batch, next, this.#plan);
    }
  }

  /** Sends what is due from `start` on, at most a burst; returns how many. */
  async #sendGroup(batch: readonly FeedInput[], start: number, plan: PlannedTime): Promise<number> {
    const group: FeedInput[] = [];
    const planned: (number | null)[] = [];
    let nowNs = monoNs();
    for (let index = start; index < batch.length && group.length < BURST_MAX; index++) {
      const input = batch[index];
      if (input === undefined) break;
      const dueNs = plan(this.#sent + group.length, input.recordedNs);
      if (dueNs !== null && dueNs > nowNs) {
        if (group.length > 0) break;
        await untilDue(dueNs, this.#options.alarm, this.#options.signal);
        nowNs = monoNs();
      }
      group.push(input);
      planned.push(dueNs);
    }
    await this.#options.lead?.room(this.#sent + group.length);
    const heldBefore = this.#feed.lane.heldCount;
    const sent = await this.#feed.lane.send(group, planned);
    if (this.#feed.lane.heldCount !== heldBefore) this.#isHeld = true;
    this.#sent += sent.length;
    if (this.#firstNs === 0) this.#firstNs = sent[0]?.sentNs ?? 0;
    this.#lastNs = sent.at(-1)?.sentNs ?? this.#lastNs;
    if (planned[0] !== null) for (const {plannedNs, sentNs} of sent) this.#judge(sentNs - plannedNs);
    if (group.length === BURST_MAX) await nextTurn();
    return group.length;
  }

  #judge(delayNs: number): void {
    this.#planned += 1;
    const isLate = delayNs > LATE_NS;
    // After a lane held us up everything is late until the plan is met again: that is the lane's doing, not ours.
    if (!isLate) this.#isHeld = false;
    if (this.#isHeld) {
      this.#lateHeld += 1;
      return;
    }
    if (isLate) this.#lateOwn += 1;
    this.#errors.add(delayNs);
  }

  #report(error: TandemError | null): FeedReport {
    const quantile = (share: number): number => this.#errors.quantileNs(share);
    return {
      lane: this.#feed.lane.name, sent: this.#sent, planned: this.#planned, lateOwn: this.#lateOwn, lateHeld: this.#lateHeld,
      sendErrorNs: {p50: quantile(0.5), p99: quantile(0.99), p999: quantile(0.999), max: this.#errors.maxNs},
      firstNs: this.#firstNs, lastNs: this.#lastNs, error,
    };
  }
}
