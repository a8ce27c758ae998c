import {TandemError, type LaunchLane, type Owner} from '@tandem/contract';
import {INPUT_BYTES_MAX, inputBytes, type FeedInput} from '../flow/feed-input.ts';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {LaneWatermark} from '../flow/lane-watermark.ts';
import type {LaneLife, TaggedEffect} from '../flow/ownership-output.ts';
import type {CanaryJudge, CanaryLane, CanaryOptions, CanaryParts, CanaryRelay} from './canary-options.ts';
import {EffectTagger, InputCauses} from './effect-tagger.ts';
import type {InputPace} from './input-pace.ts';
import {LaneEnds} from './lane-ends.ts';

const SLICE_INPUTS = 64;
const IDLE_BARRIER_MS = 5;
const IN_FLIGHT_MAX = 4096;
/** outputs that the gate has not settled: beyond this the lane is not fed (what was fed is still taken) */
const UNSETTLED_BYTES_MAX = 64 * 1024 * 1024;
const UNSETTLED_ITEMS_MAX = 200_000;
const FINISH_MS = 10_000;

export interface LaneKeeperOptions {
  readonly owner: Owner;
  readonly spec: LaunchLane;
  readonly token: string;
  readonly canary: Pick<CanaryOptions, 'input' | 'cause' | 'outputKind'>;
  readonly judge: CanaryJudge;
  readonly relay: CanaryRelay;
  readonly startLane: CanaryParts['startLane'];
  readonly pace: InputPace;
  readonly onLife: (owner: Owner, life: LaneLife, reason: string) => void;
  /** an output that has no place among the lane's effects, the first one of a lane */
  readonly onWrong: (owner: Owner, error: TandemError) => void;
  /** an input that no lane is given */
  readonly onOversized: (input: FeedInput) => void;
}

const fits = (input: FeedInput): boolean => inputBytes(input) <= INPUT_BYTES_MAX;

/** One lane over all its processes: feeds it the log, tags what it answers, starts it again when it dies. */
export class LaneKeeper {
  readonly #options: LaneKeeperOptions;
  #lane: CanaryLane | null = null;
  #stopping = false;
  /** furthest input that the running process has answered for */
  #replayed = 0;
  /** where its predecessor stood; null when it stands there */
  #catchUp: {readonly through: number; readonly sinceMs: number} | null = null;
  #incarnation = 0;
  readonly #ends = new LaneEnds();
  #restart: NodeJS.Timeout | null = null;
  #starting: Promise<void> | null = null;
  #isWrong = false;
  #roomWaiter: (() => void) | null = null;
  #outputsJudged = 0;
  #watermarkJudged = 0;
  life: LaneLife = 'down';
  /** highest cause fed; highest watermark, in causes */
  fedCause = 0;
  watermark = 0;
  fed = 0;
  restarts = 0;
  untagged = 0;
  /** every input was fed to the present process and answered for */
  finished = false;

  constructor(options: LaneKeeperOptions) {
    this.#options = options;
  }

  get pid(): number | null {
    return this.#lane?.pid ?? null;
  }

  /** Inputs that this process has still to answer again before it stands where its predecessor stood. */
  get behind(): number {
    return this.#catchUp === null ? 0 : Math.max(0, this.#catchUp.through - this.#replayed);
  }

  /** Starts the program; throws when the very first one does not come up. */
  start(): Promise<void> {
    this.#starting = this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    const {owner, spec, token, canary, relay, startLane} = this.#options;
    const incarnation = this.#incarnation;
    const tagger = new EffectTagger(canary.cause, canary.outputKind);
    const isCurrent = (): boolean => this.#incarnation === incarnation && this.life === 'up' && !this.#stopping;
    const state = {outputs: 0, lastCause: -1};
    this.#replayed = 0;
    this.#catchUp = {through: this.watermark, sinceMs: performance.now()};
    let early: Error | null = null;
    const lane = await startLane(spec, {
      token: `${token}${incarnation % 1000}`, idleBarrierMs: IDLE_BARRIER_MS, stateHashEvery: 0, inFlightMax: IN_FLIGHT_MAX,
      onOutputs: (outputs) => {
        if (!isCurrent()) return;
        for (const output of outputs) {
          const effect = tagger.tag(output.payload, this.fedCause);
          this.#output(output, {effect, wrong: tagger.wrong}, state);
          if (!isCurrent()) return;
        }
      },
      onWatermark: (mark) => {
        if (isCurrent()) this.#watermark(mark);
      },
      onFault: (fault) => {
        if (isCurrent()) this.#died(fault.error.message);
        else early = fault.error;
      },
    });
    if (early !== null || this.#stopping) {
      await lane.stop();
      if (early !== null) throw early as Error;
      return;
    }
    this.#lane = lane;
    this.life = 'up';
    this.finished = false;
    relay.life(owner, 'up', incarnation);
    this.#options.onLife(owner, 'up', incarnation === 0 ? 'started' : `started again (${incarnation})`);
    void this.#feed(lane, incarnation);
  }

  /** The gate settled something. */
  roomAgain(): void {
    if (this.#hasRoom()) {
      this.#roomWaiter?.();
      this.#roomWaiter = null;
    }
  }

  /** Ends the program. One that is just being started is waited for, or left to end itself once it is ready. */
  async stop(waitsForStart: boolean): Promise<void> {
    this.#stopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    this.#roomWaiter?.();
    if (waitsForStart) await this.#starting?.catch(() => undefined);
    await this.#lane?.stop();
  }

  // ---- inputs

  async #feed(lane: CanaryLane, incarnation: number): Promise<void> {
    const {owner, canary, relay, pace, judge} = this.#options;
    const causes = new InputCauses(canary.cause);
    const isCurrent = (): boolean => this.#incarnation === incarnation && this.life === 'up' && !this.#stopping && !pace.ended;
    let index = 0;
    try {
      for await (const batch of canary.input) {
        for (let from = 0; from < batch.length && isCurrent();) {
          const count = Math.min(SLICE_INPUTS, batch.length - from, await pace.due(index));
          await this.#room();
          if (!isCurrent()) return;
          const slice = batch.slice(from, from + count);
          for (const [offset, input] of slice.entries()) this.#noteInput(input, causes, index + offset + 1, judge);
          relay.fed(owner, this.fedCause);
          const fit = slice.every(fits) ? slice : slice.filter(fits);
          await lane.send(fit, fit.map(() => null));
          from += count;
          index += count;
          this.fed = Math.max(this.fed, index);
        }
        if (!isCurrent()) break;
      }
      if (this.#incarnation !== incarnation || this.#stopping) return;
      const report = await lane.finish(FINISH_MS);
      this.finished = report.settled && this.#incarnation === incarnation;
    } catch (error) {
      // The lane's own fault is told by onFault; anything else is the input's.
      if (this.#incarnation === incarnation && this.life === 'up' && !this.#stopping) this.#died((error as Error).message);
    }
  }

  #noteInput(input: FeedInput, causes: InputCauses, position: number, judge: CanaryJudge): void {
    this.fedCause = Math.max(this.fedCause, causes.causeOf(input.inputSeq, input.payload));
    // Whichever lane is ahead tells the judge, once.
    if (!this.#options.pace.isFirst(position)) return;
    if (!fits(input)) this.#options.onOversized(input);
    judge.input?.(input);
  }

  #hasRoom(): boolean {
    const {items, sizeBytes} = this.#options.relay.lane(this.#options.owner);
    return items < UNSETTLED_ITEMS_MAX && sizeBytes < UNSETTLED_BYTES_MAX;
  }

  async #room(): Promise<void> {
    if (this.#hasRoom()) return;
    await new Promise<void>((resolve) => {
      this.#roomWaiter = resolve;
    });
  }

  // ---- outputs

  #output(output: LaneOutput, {effect, wrong}: {effect: TaggedEffect | null; wrong: string | null}, state: {outputs: number; lastCause: number}): void {
    const {owner, relay, judge, spec, canary} = this.#options;
    state.outputs += 1;
    // A process that was started again answers what the judge has seen already.
    if (state.outputs > this.#outputsJudged) {
      this.#outputsJudged = state.outputs;
      if (effect === null) this.untagged += 1;
      judge.output({...output, index: state.outputs - 1}, effect);
    }
    if (wrong !== null) this.#noteWrong(wrong);
    // Legacy answers, in the place of a candidate that is gone, whatever this one should have answered; in the place of legacy nobody does.
    if (wrong !== null && owner === 'candidate') return this.#died(`it sent ${wrong}`, 'it answers what cannot be released');
    if (effect === null) return;
    relay.output(owner, effect);
    if (spec.watermark.kind !== 'in-order' || effect.causeSeq <= state.lastCause) return;
    state.lastCause = effect.causeSeq;
    this.#settle(effect.causeSeq - 1);
    if (canary.cause.input === null) this.#lane?.acknowledge(effect.causeSeq - 1);
  }

  #noteWrong(wrong: string): void {
    if (this.#isWrong) return;
    this.#isWrong = true;
    const {owner, spec} = this.#options;
    this.#options.onWrong(owner, new TandemError({
      id: 'TDM-E258', kind: 'lane', what: `The ${owner} lane answered what cannot be released.`, where: `${owner} (${spec.label})`, seen: wrong,
      fix: 'let every output name the input that it answers, in the order of inputs; tandem shadow and replay compare whatever a lane sends',
    }));
  }

  #watermark(mark: LaneWatermark): void {
    const {canary, judge} = this.#options;
    const causeSeq = canary.cause.input === null ? mark.inputSeq : mark.refSeq ?? (mark.by === 'silence' ? this.fedCause : -1);
    if (causeSeq >= 0) this.#settle(causeSeq);
    if (mark.inputSeq <= this.#watermarkJudged) return;
    this.#watermarkJudged = mark.inputSeq;
    judge.watermark(mark);
  }

  #settle(causeSeq: number): void {
    this.watermark = Math.max(this.watermark, causeSeq);
    this.#replayed = Math.max(this.#replayed, causeSeq);
    if (this.#catchUp !== null && this.behind === 0) {
      const {through, sinceMs} = this.#catchUp;
      this.#catchUp = null;
      const seconds = (performance.now() - sinceMs) / 1000;
      if (through > 0) this.#options.onLife(this.#options.owner, 'up', `caught up with ${through} inputs in ${seconds.toFixed(1)} s, ${Math.round(through / seconds)} a second`);
    }
    this.#options.relay.watermark(this.#options.owner, causeSeq);
  }

  // ---- life

  /** `forever`: why it is not started again, when that is known already. */
  #died(reason: string, forever: string | null = null): void {
    if (this.#stopping) return;
    const {owner, relay, judge, onLife} = this.#options;
    const nowMs = performance.now();
    const why = this.#ends.note(this.watermark, nowMs) ?? forever;
    const loops = why !== null;
    this.life = loops ? 'ended' : 'down';
    relay.life(owner, this.life, this.#incarnation);
    const lane = this.#lane;
    this.#lane = null;
    this.#roomWaiter?.();
    onLife(owner, this.life, loops ? `${reason} (${why}: not started again)` : reason);
    const gone = lane?.stop() ?? Promise.resolve();
    if (loops) {
      judge.laneEnded?.(owner, reason);
      return;
    }
    this.#incarnation += 1;
    this.restarts += 1;
    this.#restart = setTimeout(() => {
      void gone.catch(() => undefined).then(() => (this.#stopping ? undefined : this.start())).catch((error: unknown) => this.#died((error as Error).message));
    }, this.#ends.backOffMs(nowMs));
  }
}
