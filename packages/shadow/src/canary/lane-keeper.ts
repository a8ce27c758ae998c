import type {LaunchLane, Owner, TandemError} from '@tandem/contract';
import {INPUT_BYTES_MAX, inputBytes, type FeedInput} from '../flow/feed-input.ts';
import type {LaneLife} from '../flow/ownership-output.ts';
import type {CanaryJudge, CanaryLane, CanaryOptions, CanaryParts, CanaryRelay} from './canary-options.ts';
import {InputCauses} from './effect-tagger.ts';
import type {InputPace} from './input-pace.ts';
import {LaneAnswers} from './lane-answers.ts';
import {LaneEnds} from './lane-ends.ts';
import {LaneMemory, type LanePlace} from './lane-memory.ts';

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
  readonly socketBase: string;
  /** where it keeps snapshots of its state, when it can; null: it cannot */
  readonly snapshotFolder: string | null;
  /** causes up to here may have left before this canary was taken up again; 0 for a new one */
  readonly resumeCause: number;
  readonly onLife: (owner: Owner, life: LaneLife, reason: string) => void;
  /** an output that has no place among the lane's effects, the first one of a lane */
  readonly onWrong: (owner: Owner, error: TandemError) => void;
  /** an input that no lane is given */
  readonly onOversized: (input: FeedInput) => void;
}

function howItBegins(refused: number, {inputSeq}: LanePlace): string {
  const untrusted = refused === 0 ? '' : `, ${refused} snapshots not trusted`;
  return `${inputSeq === 0 ? '' : ` from its snapshot at input ${inputSeq}`}${untrusted}`;
}

const fits = (input: FeedInput): boolean => inputBytes(input) <= INPUT_BYTES_MAX;

/** One lane over all its processes: feeds it the log, tags what it answers, starts it again when it dies. */
export class LaneKeeper {
  readonly #options: LaneKeeperOptions;
  #lane: CanaryLane | null = null;
  #stopping = false;
  #incarnation = 0;
  readonly #ends = new LaneEnds();
  readonly #memory: LaneMemory;
  readonly #answers: LaneAnswers;
  #restart: NodeJS.Timeout | null = null;
  #starting: Promise<void> | null = null;
  #roomWaiter: (() => void) | null = null;
  life: LaneLife = 'down';
  /** highest cause fed */
  fedCause = 0;
  fed = 0;
  restarts = 0;
  snapshotsRefused = 0;
  /** every input was fed to the present process and answered for */
  finished = false;

  constructor(options: LaneKeeperOptions) {
    this.#options = options;
    const {owner, spec, canary, judge, relay, resumeCause, onWrong} = options;
    this.#memory = new LaneMemory(options.snapshotFolder);
    this.#answers = new LaneAnswers({
      owner, spec, canary, judge, relay, resumeCause, onWrong, memory: this.#memory,
      onCaughtUp: (words) => options.onLife(owner, 'up', words), acknowledge: (causeSeq) => this.#lane?.acknowledge(causeSeq),
    });
  }

  get pid(): number | null {
    return this.#lane?.pid ?? null;
  }

  /** Inputs that this process has still to answer again before it stands where its predecessor stood. */
  get behind(): number {
    return this.#answers.behind;
  }

  /** highest cause settled */
  get watermark(): number {
    return this.#answers.watermark;
  }

  get untagged(): number {
    return this.#answers.untagged;
  }

  /** Starts the program; throws when the very first one does not come up. */
  start(): Promise<void> {
    this.#starting = this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    const {owner, spec, token, relay, startLane} = this.#options;
    const incarnation = this.#incarnation;
    const isCurrent = (): boolean => this.#incarnation === incarnation && this.life === 'up' && !this.#stopping;
    let early: Error | null = null;
    this.#memory.sift();
    const lane = await startLane(spec, {
      token: `${token}${incarnation % 1000}`, idleBarrierMs: IDLE_BARRIER_MS, stateHashEvery: 0, inFlightMax: IN_FLIGHT_MAX, socketBase: this.#options.socketBase,
      ...(this.#memory.folder === null ? {} : {snapshotFolder: this.#memory.folder}),
      onOutputs: (outputs) => {
        if (!isCurrent()) return;
        for (const output of outputs) {
          const wrong = this.#answers.output(output, this.fedCause);
          if (wrong !== null) this.#died(`it sent ${wrong}`, 'it answers what cannot be released');
          if (!isCurrent()) return;
        }
      },
      onWatermark: (mark) => {
        if (isCurrent()) this.#answers.mark(mark, this.fedCause);
      },
      onFault: (fault) => {
        if (isCurrent()) this.#died(fault.error.message);
        else early = fault.error;
      },
    });
    const place = this.#memory.begin(lane.snapshot.restored);
    if (place === null) {
      this.#memory.forget();
      early ??= new Error(`it went on from a snapshot that is not its own: ${lane.snapshot.restored}`);
    }
    if (early !== null || place === null || this.#stopping) {
      await lane.stop();
      if (early !== null) throw early as Error;
      return;
    }
    this.#answers.begin(place);
    this.snapshotsRefused += lane.snapshot.refused;
    this.#lane = lane;
    this.life = 'up';
    this.finished = false;
    relay.life(owner, 'up', incarnation);
    this.#options.onLife(owner, 'up', incarnation === 0 ? 'started' : `started again (${incarnation})${howItBegins(lane.snapshot.refused, place)}`);
    void this.#feed(lane, incarnation, place.inputSeq);
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

  /** `from`: the last input that its snapshot holds already. */
  async #feed(lane: CanaryLane, incarnation: number, from: number): Promise<void> {
    const {owner, canary, relay, pace, judge, resumeCause} = this.#options;
    const causes = new InputCauses(canary.cause);
    const isCurrent = (): boolean => this.#incarnation === incarnation && this.life === 'up' && !this.#stopping && !pace.ended;
    let index = 0;
    try {
      for await (const batch of canary.input) {
        for (let at = 0; at < batch.length && isCurrent();) {
          const known = (batch[at] as FeedInput).inputSeq <= from || this.fedCause < resumeCause;
          const count = Math.min(SLICE_INPUTS, batch.length - at, known ? SLICE_INPUTS : await pace.due(index));
          await this.#room();
          if (!isCurrent()) return;
          const slice = batch.slice(at, at + count);
          for (const [offset, input] of slice.entries()) this.#noteInput(input, causes, index + offset + 1, judge);
          relay.fed(owner, this.fedCause);
          const fit = slice.filter((input) => input.inputSeq > from && fits(input));
          if (fit.length > 0) await lane.send(fit, fit.map(() => null));
          at += count;
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
    const cause = causes.causeOf(input.inputSeq, input.payload);
    // at its first time: a lane that is started again hears everything again
    if (cause < this.fedCause && position > this.fed) this.#answers.noteBehind(input.inputSeq, this.fedCause);
    this.fedCause = Math.max(this.fedCause, cause);
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
