import type {CauseSelector, Owner} from '@tandem/contract';
import type {CanaryEvidence, CanaryJudge, CanaryRelay} from './canary/canary-options.ts';
import {InputCauses} from './canary/effect-tagger.ts';
import type {InputOrder} from './canary/input-order.ts';
import type {FeedInput} from './flow/feed-input.ts';
import type {SessionInputs} from './session-plan.ts';

/** how far one lane may be ahead of the other in what is only read to build state: what waits to be compared is bounded */
const LEAD_MAX = 8000;
const WAIT_MS = 2;

/** What both systems have behind them before the first live input. */
export interface History {
  readonly inputs: SessionInputs | null;
  readonly count: number;
  /** position of its last input; 0 without history */
  readonly lastSeq: number;
  /** highest number among its inputs, which outputs repeat; -1 without history */
  readonly lastCause: number;
}

export const NO_HISTORY: History = {inputs: null, count: 0, lastSeq: 0, lastCause: -1};

/** Reads the capture once: where it ends, and which numbers it used. */
export const readHistory = async (inputs: SessionInputs, order: InputOrder, {cause, signal}: {cause: CauseSelector; signal: AbortSignal}): Promise<History> => {
  const causes = new InputCauses(cause);
  let count = 0, lastSeq = 0, lastCause = -1;
  for await (const batch of inputs.open(signal)) {
    for (const {inputSeq, payload} of batch) {
      count += 1;
      lastSeq = Math.max(lastSeq, inputSeq);
      lastCause = Math.max(lastCause, causes.causeOf(inputSeq, payload));
      order.admit(payload);
    }
  }
  order.repeated = 0;
  order.behind = 0;
  return {inputs, count, lastSeq, lastCause};
};

/** The history, then what is live: one sequence for every reader. */
export const behindHistory = (history: History, live: SessionInputs): SessionInputs => {
  const {inputs} = history;
  if (inputs === null) return live;
  const lead = new Lead();
  return {
    ...live, capture: () => ({...inputs.capture(), ...live.capture()}),
    open: async function* open(signal) {
      yield* lead.held(inputs.open(signal), signal);
      yield* live.open(signal);
    },
  };
};

/** The first readers, one for each lane, keep together; whoever reads again later (a lane that was started again) is not held and holds nobody. */
class Lead {
  readonly #positions = new Map<number, number>();
  #opened = 0;

  async *held(batches: AsyncIterable<readonly FeedInput[]>, signal: AbortSignal): AsyncGenerator<readonly FeedInput[]> {
    const reader = this.#opened++;
    if (reader < 2) this.#positions.set(reader, 0);
    try {
      let taken = 0;
      for await (const batch of batches) {
        while (this.#isAhead(reader, taken) && !signal.aborted) await new Promise((go) => setTimeout(go, WAIT_MS));
        yield batch;
        taken += batch.length;
        if (this.#positions.has(reader)) this.#positions.set(reader, taken);
      }
    } finally {
      this.#positions.delete(reader);
    }
  }

  #isAhead(reader: number, taken: number): boolean {
    if (!this.#positions.has(reader)) return false;
    const least = this.#opened < 2 ? 0 : Math.min(...this.#positions.values());
    return taken - least > LEAD_MAX;
  }
}

/** Effects of causes up to `through` left long ago, by whoever was live then: they are compared and go no further. */
export const withoutEffectsThrough = (relay: CanaryRelay, through: number): CanaryRelay => {
  if (through < 0) return relay;
  return {
    get session() { return relay.session; },
    lane: (owner) => relay.lane(owner),
    fed: (owner, seq) => { relay.fed(owner, seq); },
    output: (owner, effect) => { if (effect.causeSeq > through) relay.output(owner, effect); },
    watermark: (owner, causeSeq) => { relay.watermark(owner, causeSeq); },
    life: (owner, life, incarnation) => { relay.life(owner, life, incarnation); },
    greet: () => { relay.greet(); },
    close: () => { relay.close(); },
  };
};

/** Says nothing for a step forward until both lanes have the history behind them, and counts from there: a stage bakes on live inputs. */
export class LiveJudge implements CanaryJudge {
  readonly #judge: CanaryJudge;
  readonly #history: History;
  readonly #onReady: () => void;
  readonly #marks: Record<Owner, number> = {legacy: 0, candidate: 0};
  #isReady: boolean;
  #before = 0;

  /** `onReady`: once, when both stand at the end of the history */
  constructor(judge: CanaryJudge, history: History, onReady: () => void) {
    this.#judge = judge;
    this.#history = history;
    this.#onReady = onReady;
    this.#isReady = history.count === 0;
  }

  input(input: FeedInput): void {
    this.#judge.input?.(input);
  }

  output(...given: Parameters<CanaryJudge['output']>): void {
    this.#judge.output(...given);
  }

  watermark(mark: Parameters<CanaryJudge['watermark']>[0]): void {
    this.#judge.watermark(mark);
    if (this.#isReady || mark.lane === 'twin') return;
    this.#marks[mark.lane] = mark.inputSeq;
    if (this.#marks.legacy < this.#history.lastSeq || this.#marks.candidate < this.#history.lastSeq) return;
    this.#isReady = true;
    this.#before = this.#judge.evidence()?.messages ?? 0;
    this.#onReady();
  }

  laneEnded(lane: Owner, reason: string): void {
    this.#judge.laneEnded?.(lane, reason);
  }

  evidence(): CanaryEvidence | null {
    const seen = this.#judge.evidence();
    if (seen === null || !this.#isReady) return null;
    return {...seen, messages: Math.max(0, seen.messages - this.#before)};
  }
}
