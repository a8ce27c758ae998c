import {TandemError} from '@tandem/contract';
import type {CauseSelector, Conservation, LaneName} from '@tandem/contract';
import {textOfOutput} from '../flow/lane-output.ts';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {SettledCause} from '../flow/settled-cause.ts';
import type {StrayOutput} from '../flow/stray-output.ts';
import {CauseReader} from './cause-reader.ts';
import {ConservationLedger} from './conservation-ledger.ts';
import {Departures} from './departures.ts';
import {EarlyOutputs} from './early-outputs.ts';
import {InputRegister} from './input-register.ts';
import {JoinWindow} from './join-window.ts';
import type {JoinWindowLimits} from './join-window.ts';
import {LaneProgress} from './lane-progress.ts';
import type {LaneTally} from './lane-progress.ts';
import type {OpenInput} from './open-input.ts';

export interface MatcherOptions {
  readonly expected: LaneName;
  readonly actual: LaneName;
  readonly cause: CauseSelector;
  /** lanes without barriers that are single-threaded and in order: an output for an input settles all inputs before it */
  readonly inOrder: readonly LaneName[];
  readonly window: JoinWindowLimits;
  /** how many inputs later an output may still find its input, when both are tapped on different ways; 0 where the harness sends the inputs itself */
  readonly earlyInputsMax?: number;
}

/** Reference limits of the join window; a session that holds a faster lane back needs no more. */
export const JOIN_WINDOW: JoinWindowLimits = {messagesMax: 10_000, bytesMax: 64 * 1024 * 1024};

/** Inputs remembered after they left the window, so that a late output is told apart from one without cause. */
const MEMORY_MAX = 65_536;

export function createMatcher(options: MatcherOptions): Matcher {
  return new Matcher(options);
}

/**
 * Pairs the outputs of two lanes by the input that caused them. An input is settled when both lanes are known to be done with it and
 * their outputs have arrived; then it is taken in log order. Never looks at a clock: how far a lane is, its watermark says.
 */
export class Matcher {
  readonly #lanes: readonly [LaneProgress, LaneProgress];
  readonly #reader: CauseReader;
  readonly #window: JoinWindow;
  readonly #inputs: InputRegister;
  readonly #early: EarlyOutputs;
  readonly #ledger = new ConservationLedger();
  readonly #departures: Departures;
  #waivedThrough = 0;
  #finished = false;
  foreignOutputs = 0;

  constructor(options: MatcherOptions) {
    this.#lanes = [
      new LaneProgress(options.expected, options.inOrder.includes(options.expected)),
      new LaneProgress(options.actual, options.inOrder.includes(options.actual)),
    ];
    this.#reader = new CauseReader(options.cause);
    this.#window = new JoinWindow(options.window);
    this.#inputs = new InputRegister(this.#reader, this.#window);
    this.#departures = new Departures(this.#lanes, this.#ledger, Math.max(1, Math.min(options.window.messagesMax, MEMORY_MAX)));
    this.#early = new EarlyOutputs(options.earlyInputsMax ?? 0);
  }

  /** An input went into the log. Positions rise. Both lanes get it. */
  input(inputSeq: number, payload: Uint8Array): void {
    const input = this.#inputs.add(inputSeq, payload);
    this.#ledger.came();
    input.waived = inputSeq <= this.#waivedThrough;
    input.lostReason = this.#lanes[0].endedReason ?? this.#lanes[1].endedReason;
    this.#shrink();
    if (this.#early.size > 0 && !input.left) this.#welcome(input);
    if (input.lostReason !== null) this.#settle();
  }

  /**
   * A message of one of the two lanes; control answers (to the harness's own barriers) are not for here.
   * Answers the position of the input that it belongs to, null when that is not known (any more).
   */
  output(output: LaneOutput): number | null {
    const side = this.#sideOf(output.lane);
    if (side === -1) {
      this.foreignOutputs += 1;
      return null;
    }
    const lane = this.#lanes[side];
    lane.outputs += 1;
    const cause = this.#reader.output(textOfOutput(output));
    if (cause === null) {
      if (lane.homeless.keep(output, lane.latestSeq)) return null;
      lane.unreadable += 1;
      this.#departures.stray({kind: 'unreadable', output, cause: '', inputSeq: lane.latestSeq});
      return null;
    }
    const input = this.#inputs.find(cause);
    if (input === undefined) {
      this.#withoutInput(side, output, cause);
      return null;
    }
    this.#attach(input, side, output);
    return input.inputSeq;
  }

  /** The lane is done with the input that has this id and with all before it, and their outputs have been handed in. */
  watermark(lane: LaneName, causeSeq: number): void {
    const progress = this.#progressOf(lane);
    const input = this.#inputs.find(causeSeq);
    if (input !== undefined) this.watermarkAt(lane, input.inputSeq);
    else if (this.#inputs.neverSeen(causeSeq)) progress.badWatermarks += 1;
  }

  /** The same by position in the log: what a barrier says that was sent after this input, or a silent lane that has been fed up to here. */
  watermarkAt(lane: LaneName, inputSeq: number): void {
    const progress = this.#progressOf(lane);
    progress.doneSeq = Math.max(progress.doneSeq, Math.min(inputSeq, this.#inputs.lastSeq));
    this.#settle();
  }

  /** The lane answers no more: what it has not dealt with is lost for this reason, and so is every later input. */
  laneEnded(lane: LaneName, reason: string): void {
    const progress = this.#progressOf(lane);
    if (progress.endedReason !== null) return;
    progress.endedReason = reason;
    this.#loseOpen(progress.doneSeq, reason);
    this.#settle();
  }

  /** The lane is back; inputs from now on count again. */
  laneResumed(lane: LaneName): void {
    const progress = this.#progressOf(lane);
    progress.endedReason = null;
    progress.doneSeq = this.#inputs.lastSeq;
  }

  /** Outputs of a lane were lost on the way to us: what it has not yet been done with cannot be compared. */
  outputGap(lane: LaneName, reason: string): void {
    this.#loseOpen(this.#progressOf(lane).doneSeq, reason);
    this.#settle();
  }

  /** Inputs that the log does not have. */
  inputGap(count: number, reason: string): void {
    this.#ledger.came(count);
    this.#ledger.lost(reason, count);
  }

  /** Inputs up to this position are answered but not compared. */
  waiveThrough(inputSeq: number): void {
    this.#waivedThrough = Math.max(this.#waivedThrough, inputSeq);
    for (const input of this.#window) if (input.inputSeq <= inputSeq) input.waived = true;
  }

  /** No input and no output will come any more. What is not settled now stays in flight. */
  finish(): void {
    this.#finished = true;
    this.#settle();
    for (const lane of this.#lanes) this.#departures.stray(...lane.unclaimed(Number.POSITIVE_INFINITY));
    this.#giveUpEarly(Number.POSITIVE_INFINITY);
  }

  /** Settled inputs since the last call, in log order. */
  take(): readonly SettledCause[] {
    return this.#departures.take();
  }

  /** Outputs without an open input since the last call. */
  takeStrays(): readonly StrayOutput[] {
    return this.#departures.takeStrays();
  }

  conservation(): Conservation {
    let inFlight = this.#departures.waiting;
    for (const input of this.#window) if (input.counted) inFlight += 1;
    return this.#ledger.balance(inFlight);
  }

  /** How full the window is; hold the lane that is ahead back before it overruns. */
  occupancy(): {readonly messages: number; readonly bytes: number} {
    return {messages: this.#window.size, bytes: this.#window.bytes};
  }

  tally(lane: LaneName): LaneTally {
    return this.#progressOf(lane).tally();
  }

  /** Outputs that were here before their input. */
  #welcome(input: OpenInput): void {
    for (const {output, side} of this.#early.claim(input.cause)) {
      this.#reader.output(textOfOutput(output));
      this.#attach(input, side, output);
    }
    this.#giveUpEarly(input.inputSeq);
  }

  #giveUpEarly(lastSeq: number): void {
    for (const {output, side, cause} of this.#early.release(lastSeq)) this.#departures.unknownCause(this.#lanes[side], output, cause);
  }

  #attach(input: OpenInput, side: 0 | 1, output: LaneOutput): void {
    const lane = this.#lanes[side];
    lane.latestSeq = input.inputSeq;
    if (lane.homeless.size > 0) lane.homeless.followedBy(input.inputSeq);
    if (lane.order.note(this.#reader.partition, input.inputSeq)) input.inverted[side] += 1;
    if (input.lostReason !== null || input.waived) lane.outputsOfLost += 1;
    else {
      if (input.inputSeq < lane.doneSeq && !lane.inOrder && this.#inputs.headBetween(input, lane.doneSeq)) input.late[side] += 1;
      this.#window.hold(input, side, output);
      this.#shrink();
    }
    if (lane.inOrder && input.inputSeq - 1 > lane.doneSeq) {
      lane.doneSeq = input.inputSeq - 1;
      this.#settle();
    }
  }

  #withoutInput(side: 0 | 1, output: LaneOutput, cause: string | number): void {
    const lane = this.#lanes[side];
    if (this.#departures.knows(cause) || !this.#inputs.neverSeen(cause)) this.#departures.tooLate(lane, output, cause);
    else if (!this.#early.keep({output, side, cause, cameAfterSeq: this.#inputs.lastSeq})) this.#departures.unknownCause(lane, output, cause);
  }

  /** Takes out of the window what both lanes are done with. */
  #settle(): void {
    const doneSeq = Math.min(this.#lanes[0].awaitedThrough, this.#lanes[1].awaitedThrough);
    const limitSeq = this.#finished || doneSeq === Number.POSITIVE_INFINITY ? doneSeq : this.#inputs.closedThrough(doneSeq);
    for (;;) {
      const front = this.#window.front();
      if (front === undefined || front.inputSeq > limitSeq || front.lastMemberSeq > doneSeq) return;
      this.#window.shift();
      this.#leave(front, false);
    }
  }

  #leave(input: OpenInput, overrun: boolean): void {
    this.#departures.leave(input, {answerable: this.#inputs.forget(input), overrun});
  }

  #shrink(): void {
    while (this.#window.overrun) this.#leave(this.#window.shift() as OpenInput, true);
  }

  #loseOpen(afterSeq: number, reason: string): void {
    for (const input of this.#window) {
      if (input.inputSeq <= afterSeq || input.lostReason !== null) continue;
      input.lostReason = reason;
      this.#window.dropOutputs(input);
    }
  }

  #sideOf(lane: LaneName): 0 | 1 | -1 {
    if (lane === this.#lanes[0].name) return 0;
    return lane === this.#lanes[1].name ? 1 : -1;
  }

  #progressOf(lane: LaneName): LaneProgress {
    const side = this.#sideOf(lane);
    if (side !== -1) return this.#lanes[side];
    throw new TandemError({id: 'TDM-E901', kind: 'invariant', what: `The matcher of ${this.#lanes[0].name} and ${this.#lanes[1].name} was told about ${lane}.`});
  }
}
