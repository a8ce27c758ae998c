import type {LaneOutput} from '../flow/lane-output.ts';
import type {SettledCause} from '../flow/settled-cause.ts';
import type {StrayOutput} from '../flow/stray-output.ts';
import type {ConservationLedger} from './conservation-ledger.ts';
import type {LaneProgress} from './lane-progress.ts';
import type {OpenInput} from './open-input.ts';
import {settledCauseOf} from './settled-cause-of.ts';
import {SettledMemory} from './settled-memory.ts';

/** What leaves the matcher: settled inputs, inputs that are given up, and outputs that belong to neither. */
export class Departures {
  readonly #lanes: readonly [LaneProgress, LaneProgress];
  readonly #ledger: ConservationLedger;
  readonly #memory: SettledMemory;
  #settled: SettledCause[] = [];
  #strays: StrayOutput[] = [];

  constructor(lanes: readonly [LaneProgress, LaneProgress], ledger: ConservationLedger, causesMax: number) {
    this.#lanes = lanes;
    this.#ledger = ledger;
    this.#memory = new SettledMemory(causesMax);
  }

  /** Settled inputs that nobody has taken. */
  get waiting(): number {
    return countInputs(this.#settled);
  }

  take(): readonly SettledCause[] {
    const taken = this.#settled;
    this.#settled = [];
    this.#ledger.compared(countInputs(taken));
    return taken;
  }

  takeStrays(): readonly StrayOutput[] {
    const taken = this.#strays;
    this.#strays = [];
    return taken;
  }

  stray(...strays: readonly StrayOutput[]): void {
    this.#strays.push(...strays);
  }

  /** The input left the window. `answerable`: outputs could name it. `overrun`: it left because the window was full. */
  leave(input: OpenInput, {answerable, overrun}: {readonly answerable: boolean; readonly overrun: boolean}): void {
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

  /** An output for an input that has left. */
  tooLate(lane: LaneProgress, output: LaneOutput, cause: string | number): void {
    const remembered = this.#memory.find(cause);
    if (remembered !== undefined && remembered.fate !== 'compared' && !remembered.overrun) lane.outputsOfLost += 1;
    else {
      lane.late += 1;
      this.stray({kind: 'late', output, cause: String(cause), inputSeq: remembered?.inputSeq ?? lane.latestSeq});
    }
  }

  /** The input with this id has left, and not long ago. */
  knows(cause: string | number): boolean {
    return this.#memory.find(cause) !== undefined;
  }

  unknownCause(lane: LaneProgress, output: LaneOutput, cause: string | number): void {
    lane.unknownCause += 1;
    this.stray({kind: 'unknown-cause', output, cause: String(cause), inputSeq: lane.latestSeq});
  }

  /** Outputs that name no cause fill what their lane lacks here. */
  #adoptHomeless(input: OpenInput): void {
    for (const side of [0, 1] as const) {
      const lane = this.#lanes[side];
      if (lane.homeless.size === 0) continue;
      this.stray(...lane.unclaimed(input.inputSeq));
      lane.adoptInto(input, input.outputs[side], input.outputs[side === 0 ? 1 : 0].length);
    }
  }
}

/** The position before the first input is no input. */
function countInputs(causes: readonly SettledCause[]): number {
  return causes.reduce((count, cause) => (cause.input === null ? count : count + 1), 0);
}
