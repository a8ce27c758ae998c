import {TandemError} from '@tandem/contract';
import type {CauseSelector, Conservation, LaneName} from '@tandem/contract';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {SettledCause} from '../flow/settled-cause.ts';
import type {StrayOutput} from '../flow/stray-output.ts';
import {CauseReader} from './cause-reader.ts';
import {ConservationLedger} from './conservation-ledger.ts';
import {InputRegister} from './input-register.ts';
import {JoinWindow} from './join-window.ts';
import type {JoinWindowLimits} from './join-window.ts';
import {LaneProgress} from './lane-progress.ts';
import type {OpenInput} from './open-input.ts';
import {SettledMemory} from './settled-memory.ts';
import {settledCauseOf} from './settled-cause-of.ts';

export interface MatcherOptions {
  readonly expected: LaneName;
  readonly actual: LaneName;
  readonly cause: CauseSelector;
  /** lanes without barriers that are single-threaded and in order: an output for an input settles all inputs before it */
  readonly inOrder: readonly LaneName[];
  readonly window: JoinWindowLimits;
}

/** What the matcher saw of one lane. */
export interface LaneTally {
  readonly outputs: number;
  readonly doneSeq: number;
  readonly inversions: number;
  readonly late: number;
  readonly unknownCause: number;
  readonly unreadable: number;
  readonly outputsOfLost: number;
  readonly badWatermarks: number;
}

/** Reference limits of the join window; a session that holds a faster lane back needs no more. */
export const JOIN_WINDOW: JoinWindowLimits = {messagesMax: 10_000, bytesMax: 64 * 1024 * 1024};

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
  readonly #memory: SettledMemory;
  readonly #ledger = new ConservationLedger();
  #settled: SettledCause[] = [];
  #strays: StrayOutput[] = [];
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
    this.#memory = new SettledMemory(Math.max(1, options.window.messagesMax));
  }

  /** An input went into the log. Positions rise. Both lanes get it. */
  input(inputSeq: number, payload: Uint8Array): void {
    const input = this.#inputs.add(inputSeq, payload);
    this.#ledger.came();
    input.waived = inputSeq <= this.#waivedThrough;
    input.lostReason = this.#lanes[0].endedReason ?? this.#lanes[1].endedReason;
    while (this.#window.overrun) this.#leave(this.#window.shift() as OpenInput, true);
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
    const cause = this.#reader.output(output.payload);
    if (cause === null) {
      if (!lane.homeless.keep(output, lane.latestSeq)) this.#stray('unreadable', {output, cause: '', inputSeq: lane.latestSeq});
      return null;
    }
    const input = this.#inputs.find(cause);
    if (input === undefined) {
      this.#withoutInput(lane, output, cause);
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
    for (const lane of this.#lanes) this.#releaseHomeless(lane, Number.POSITIVE_INFINITY);
  }

  /** Settled inputs since the last call, in log order. */
  take(): readonly SettledCause[] {
    const taken = this.#settled;
    this.#settled = [];
    this.#ledger.compared(taken.reduce((count, cause) => (cause.input === null ? count : count + 1), 0));
    return taken;
  }

  /** Outputs without an open input since the last call. */
  takeStrays(): readonly StrayOutput[] {
    const taken = this.#strays;
    this.#strays = [];
    return taken;
  }

  conservation(): Conservation {
    let inFlight = 0;
    for (const input of this.#window) if (input.counted) inFlight += 1;
    for (const cause of this.#settled) if (cause.input !== null) inFlight += 1;
    return this.#ledger.balance(inFlight);
  }

  /** How full the window is; hold the lane that is ahead back before it overruns. */
  occupancy(): {readonly messages: number; readonly bytes: number} {
    return {messages: this.#window.size, bytes: this.#window.bytes};
  }

  tally(lane: LaneName): LaneTally {
    const {outputs, doneSeq, late, unknownCause, unreadable, outputsOfLost, badWatermarks, order} = this.#progressOf(lane);
    return {outputs, doneSeq, late, unknownCause, unreadable, outputsOfLost, badWatermarks, inversions: order.inversions};
  }

  #attach(input: OpenInput, side: 0 | 1, output: LaneOutput): void {
    const lane = this.#lanes[side];
    lane.latestSeq = input.inputSeq;
    if (lane.homeless.size > 0) lane.homeless.followedBy(input.inputSeq);
    if (lane.order.note(this.#reader.partition, input.inputSeq)) input.inverted[side] += 1;
    if (input.lostReason !== null || input.waived) lane.outputsOfLost += 1;
    else {
      if (input.inputSeq < lane.doneSeq && !lane.inOrder && this.#inputs.headBetween(input, lane.doneSeq)) input.late[side] += 1;
      input.outputs[side].push(output);
      this.#window.grow(input, output.payload.length);
      while (this.#window.overrun) this.#leave(this.#window.shift() as OpenInput, true);
    }
    if (lane.inOrder && input.inputSeq - 1 > lane.doneSeq) {
      lane.doneSeq = input.inputSeq - 1;
      this.#settle();
    }
  }

  #withoutInput(lane: LaneProgress, output: LaneOutput, cause: string | number): void {
    const remembered = this.#memory.find(cause);
    const inputSeq = remembered?.inputSeq ?? lane.latestSeq;
    if (remembered === undefined && this.#inputs.neverSeen(cause)) {
      lane.unknownCause += 1;
      this.#stray('unknown-cause', {output, cause: String(cause), inputSeq});
    } else if (remembered !== undefined && remembered.fate !== 'compared' && !remembered.overrun) lane.outputsOfLost += 1;
    else {
      lane.late += 1;
      this.#stray('late', {output, cause: String(cause), inputSeq});
    }
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
    const answerable = this.#inputs.forget(input);
    if (overrun) input.lostReason ??= 'join window';
    if (!input.waived && input.lostReason === null) {
      this.#adoptHomeless(input);
      if (input.counted || input.outputs[0].length > 0 || input.outputs[1].length > 0) this.#settled.push(settledCauseOf(input, this.#lanes));
    } else if (input.counted) {
      if (input.waived) this.#ledger.waived();
      else this.#ledger.lost(input.lostReason as string);
    }
    if (!answerable) return;
    const fate = input.waived ? 'waived' : input.lostReason === null ? 'compared' : 'lost';
    this.#memory.remember(input.cause, {inputSeq: input.inputSeq, fate, overrun: overrun && !input.waived});
  }

  #adoptHomeless(input: OpenInput): void {
    for (const side of [0, 1] as const) {
      const lane = this.#lanes[side];
      if (lane.homeless.size === 0) continue;
      this.#releaseHomeless(lane, input.inputSeq);
      const own = input.outputs[side];
      while (own.length < input.outputs[side === 0 ? 1 : 0].length) {
        const output = lane.homeless.adopt(input);
        if (output === undefined) break;
        lane.unreadable += 1;
        own.push(output);
        own.sort((left, right) => left.index - right.index);
      }
    }
  }

  #releaseHomeless(lane: LaneProgress, beforeSeq: number): void {
    for (const {output, afterSeq} of lane.homeless.release(beforeSeq)) {
      lane.unreadable += 1;
      this.#stray('unreadable', {output, cause: '', inputSeq: afterSeq});
    }
  }

  #loseOpen(afterSeq: number, reason: string): void {
    for (const input of this.#window) {
      if (input.inputSeq <= afterSeq || input.lostReason !== null) continue;
      input.lostReason = reason;
      const held = [...input.outputs[0], ...input.outputs[1]].reduce((bytes, output) => bytes + output.payload.length, 0);
      this.#window.grow(input, -held);
      input.outputs[0].length = 0;
      input.outputs[1].length = 0;
    }
  }

  #stray(kind: StrayOutput['kind'], what: Omit<StrayOutput, 'kind'>): void {
    this.#strays.push({kind, ...what});
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
