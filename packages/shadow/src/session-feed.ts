import type {LaneName} from '@tandem/contract';
import {INPUT_BYTES_MAX, inputBytes, type FeedInput} from './flow/feed-input.ts';
import type {LiveLane} from './live-lane.ts';
import {abbaPlan} from './lanes/feed/abba-plan.ts';
import {feedLanes, type Feed, type FeedReport} from './lanes/feed/open-loop-sender.ts';
import {WakeThread} from './lanes/feed/wake-thread.ts';
import {noInput} from './no-input.ts';
import type {SessionPlan} from './session-plan.ts';

/** Everything that feeding needs from the session. */
export interface FeedJob {
  readonly plan: SessionPlan;
  readonly lanes: readonly LiveLane[];
  readonly signal: AbortSignal;
  /** an input is about to go to a lane, or is too long for any; the first lane that comes to it makes it known to the matchers */
  readonly onInput: (input: FeedInput) => void;
  /** history is done and every lane has answered for it: what follows are turns */
  readonly onTurns: () => Promise<void>;
  /** from here on everything is measured */
  readonly onMeasure: () => Promise<void>;
  /** a lane's turn begins, and ends: it has answered for all it was sent */
  readonly onTurn: (live: LiveLane, turn: {readonly isBegun: boolean; readonly isMeasured: boolean}) => Promise<void>;
}

const DRAIN_MS = 120_000;
const LEAD_MAX = 8000;
/** inputs made known at once while a schedule runs: more would be a pause of our own in the open loop */
const SCHEDULED_PORTION = 32;
/** Paced, as measured turns are, and not measured: what runs for the first time is compiled, on both sides and on our own. */
const WARM_UP_S = 4;

/** Feeds history, then the rest together or in turns; each turn ends with a digest of the lane's state. Each lane reads the log by itself. */
export const feedSession = async (job: FeedJob): Promise<readonly FeedReport[]> => {
  const {plan, lanes} = job;
  const readers = new Map(lanes.map((live) => [live.name, new InputReader(plan.inputs.open(job.signal), job.onInput, plan.schedule.kind === 'max' ? Infinity : SCHEDULED_PORTION)]));
  const readerOf = (live: LiveLane): InputReader => readers.get(live.name) as InputReader;
  try {
    const warmUp = warmUpInputs(plan);
    if (plan.historyInputs > 0) {
      await feedLanes(lanes.map((live) => ({lane: live.lane, source: readerOf(live).take(plan.historyInputs - warmUp)})), {schedule: {kind: 'max'}, leadMax: LEAD_MAX, signal: job.signal});
      await drained(lanes);
    }
    if (plan.turns !== null) return await feedInTurns(job, plan.turns, {warmUp, readerOf});
    await job.onMeasure();
    return await feedLanes(lanes.map((live) => ({lane: live.lane, source: readerOf(live).take(Infinity)})), {
      schedule: plan.schedule, leadMax: LEAD_MAX, signal: job.signal, ...(plan.inputs.startNs === null ? {} : {startNs: plan.inputs.startNs})});
  } finally {
    for (const reader of readers.values()) await reader.close();
  }
};

const feedInTurns = async (job: FeedJob, turns: NonNullable<SessionPlan['turns']>, {warmUp, readerOf}: {warmUp: number; readerOf: (live: LiveLane) => InputReader}): Promise<readonly FeedReport[]> => {
  const reports: FeedReport[] = [];
  const byName = new Map<LaneName, LiveLane>(job.lanes.map((live) => [live.name, live]));
  await job.onTurns();
  // one for all turns: to start a thread is work, just where a turn begins
  const alarm = new WakeThread();
  try {
    if (warmUp > 0) for (const live of job.lanes) await feedTurn(job, live, {alarm, source: readerOf(live).take(warmUp), isMeasured: false});
    await job.onMeasure();
    for (const turn of abbaPlan([...byName.keys()], turns.rounds, job.plan.seed)) {
      const live = byName.get(turn.lane) as LiveLane;
      reports.push(...await feedTurn(job, live, {alarm, source: readerOf(live).take(turns.inputsPerTurn), isMeasured: true}));
      if (job.signal.aborted) break;
    }
  } finally {
    await alarm.close();
  }
  return reports;
};

const feedTurn = async (job: FeedJob, live: LiveLane, {alarm, source, isMeasured}: {alarm: WakeThread; source: Feed['source']; isMeasured: boolean}): Promise<readonly FeedReport[]> => {
  await job.onTurn(live, {isBegun: true, isMeasured});
  const reports = await feedLanes([{lane: live.lane, source}], {schedule: job.plan.schedule, signal: job.signal, alarm});
  await drained([live]);
  await job.onTurn(live, {isBegun: false, isMeasured});
  return reports;
};

/** The end of the history, fed as the turns are; at most half of it. */
const warmUpInputs = ({turns, schedule, historyInputs}: SessionPlan): number =>
  (turns === null || schedule.kind !== 'rate' ? 0 : Math.min(turns.inputsPerTurn, Math.floor(historyInputs / 2), Math.ceil(schedule.ratePerSecond * WARM_UP_S)));

/** Waits, within a limit, until the lanes have answered for all they were sent, and asks each for the digest of its state. */
const drained = async (lanes: readonly LiveLane[]): Promise<void> => {
  await Promise.all(lanes.map(async ({lane}) => lane.finish(DRAIN_MS)));
};

/** A lane's own place in the inputs, taken in portions. */
class InputReader {
  readonly #batches: AsyncIterator<readonly FeedInput[]>;
  readonly #onInput: (input: FeedInput) => void;
  readonly #portion: number;
  #rest: readonly FeedInput[] = [];
  #ended = false;

  constructor(batches: AsyncIterable<readonly FeedInput[]>, onInput: (input: FeedInput) => void, portion: number) {
    this.#portion = portion;
    this.#batches = batches[Symbol.asyncIterator]();
    this.#onInput = onInput;
  }

  async *take(count: number): AsyncGenerator<readonly FeedInput[]> {
    let left = count;
    while (left > 0) {
      if (this.#rest.length === 0) await this.#refill();
      if (this.#rest.length === 0) return;
      const size = Math.min(left, this.#portion, this.#rest.length);
      const batch = size === this.#rest.length ? this.#rest : this.#rest.slice(0, size);
      this.#rest = this.#rest.slice(size);
      left -= batch.length;
      for (const input of batch) this.#onInput(input);
      const fed = batch.every((input) => inputBytes(input) <= INPUT_BYTES_MAX) ? batch : batch.filter((input) => inputBytes(input) <= INPUT_BYTES_MAX);
      if (fed.length > 0) yield fed;
    }
  }

  async close(): Promise<void> {
    if (!this.#ended) await this.#batches.return?.();
  }

  async #refill(): Promise<void> {
    if (this.#ended) return;
    const next = await this.#batches.next();
    if (next.done === true) this.#ended = true;
    else this.#rest = next.value;
  }
}

/** A session without inputs proves nothing; said before anything is started. */
export const assertInputs = (total: number | null): void => {
  if (total === 0) throw noInput({seen: 'no message'});
};
