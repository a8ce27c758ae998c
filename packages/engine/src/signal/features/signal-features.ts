import type {FeatureSource} from '../simulation/feature-source.ts';
import type {FeatureRow} from '../feature-row.ts';
import {foreignProgram, unusableTick} from './feature-error.ts';
import {firstCountdown, INT_LAST_BAD, INT_LAST_MISSING, INT_TICKS, LONG_AGO} from './ir/layout.ts';
import type {OpenProgram} from './emitted-features.ts';
import {BACKWARDS, DEFAULT_POLICY, NOT_FINITE, TAKEN, UNKNOWN_SYMBOL, type TickCounts, type TickPolicy} from './tick-policy.ts';

/** Counters of ticks are 32 bits wide; long before their end they step back by this, a multiple of every ring. */
const STEP_BACK = 2 ** 29;
const STEP_BACK_AT = 2 ** 30;

/**
 * Features of many symbols in one block of memory. Write the tick into `mailbox` and call `tick`; `row` then holds its features.
 * Nothing is allocated per tick. Not to be used from two threads.
 */
export class SignalFeatures implements FeatureSource, FeatureRow {
  readonly names: readonly string[];
  readonly featureHash: string;
  readonly row: Float64Array;
  /** seven doubles, see `INPUT_FIELDS`; an eighth, the bar's open, where a feature reads it */
  readonly mailbox: Float64Array;
  readonly warmupSteps: number;
  readonly symbols: number;
  readonly counts: TickCounts = {taken: 0, nonFinite: 0, backwards: 0, gaps: 0, unknownSymbol: 0};
  readonly #program: OpenProgram;
  readonly #policy: TickPolicy;
  readonly #doubles: Float64Array;
  readonly #integers: Int32Array;
  readonly #lastUs: Float64Array;
  readonly #firstCountdown: number;
  // what a tick needs of the program, one load away
  readonly #run: (symbol: number) => void;
  readonly #firstInteger: number;
  readonly #integersPerSymbol: number;

  constructor(program: OpenProgram, symbols: number, policy: TickPolicy = DEFAULT_POLICY) {
    const {manifest, buffer} = program;
    this.#program = program;
    this.#run = program.bound.tick;
    this.#firstInteger = (manifest.symbolsAt + manifest.intsAt) * 2;
    this.#integersPerSymbol = manifest.symbolDoubles * 2;
    this.#policy = policy;
    this.symbols = symbols;
    this.names = manifest.ids;
    this.featureHash = manifest.featureHash;
    this.#firstCountdown = firstCountdown(manifest.inputs);
    this.mailbox = new Float64Array(buffer, 0, this.#firstCountdown - INT_LAST_MISSING);
    this.row = new Float64Array(buffer, manifest.rowAt * 8, manifest.ids.length);
    this.warmupSteps = Math.max(0, ...manifest.specs.map(({warmup}) => warmup)) + 1;
    this.#doubles = new Float64Array(buffer);
    this.#integers = new Int32Array(buffer);
    this.#lastUs = new Float64Array(symbols).fill(Number.NEGATIVE_INFINITY);
    for (let symbol = 0; symbol < symbols; symbol++) this.#begin(symbol);
  }

  get ids(): readonly string[] { return this.names; }
  get values(): Float64Array { return this.row; }

  /** Takes the mailbox as a tick. Gives 0, or why the policy refused it; a refused tick changes nothing but a count. */
  tick(symbol: number, eventTimeUs: number): number {
    if (!(symbol >= 0 && symbol < this.symbols)) { this.counts.unknownSymbol++; return UNKNOWN_SYMBOL; }
    const lastUs = this.#lastUs[symbol]!;
    if (!(eventTimeUs >= lastUs)) {
      this.counts.backwards++;
      if (this.#policy.backwards === 'reject') return BACKWARDS;
    }
    const {mailbox} = this;
    const sum = mailbox[0]! + mailbox[1]! + mailbox[2]! + mailbox[3]! + mailbox[4]! + mailbox[5]! + mailbox[6]! + (mailbox.length === 8 ? mailbox[7]! : 0);
    if (!(sum - sum === 0)) {
      this.counts.nonFinite++;
      if (this.#policy.nonFinite === 'reject') return NOT_FINITE;
    }
    if (eventTimeUs - lastUs > this.#policy.gapUs && lastUs !== Number.NEGATIVE_INFINITY) {
      this.counts.gaps++;
      if (this.#policy.onGap === 'reset') this.reset(symbol);
    }
    this.#lastUs[symbol] = eventTimeUs;
    this.#step(symbol);
    return TAKEN;
  }

  /** Takes as many values as the mailbox has as the next tick of a symbol, whatever its time. A symbol that there is not is counted and leaves the row as it is. Throws `TDM-E450` where features read an open that is not there. */
  step(symbol: number, values: Float64Array): void {
    if (!(symbol >= 0 && symbol < this.symbols)) { this.counts.unknownSymbol++; return; }
    const {mailbox} = this;
    if (values.length < mailbox.length) throw unusableTick(mailbox.length, values.length);
    for (let i = 0; i < mailbox.length; i++) mailbox[i] = values[i]!;
    this.#step(symbol);
  }

  #step(symbol: number): void {
    this.#run(symbol);
    this.counts.taken++;
    const at = this.#integersOf(symbol);
    if (this.#integers[at + INT_TICKS]! >= STEP_BACK_AT) this.#stepBack(at);
  }

  #integersOf(symbol: number): number {
    return this.#firstInteger + symbol * this.#integersPerSymbol;
  }

  #stepBack(at: number): void {
    const {deques} = this.#program.manifest, ints = this.#integers;
    const back = (from: number, end: number): void => { for (let i = at + from; i < at + end; i++) ints[i] = Math.max(LONG_AGO, ints[i]! - STEP_BACK); };
    back(INT_TICKS, this.#firstCountdown);
    for (const {ticksAt, capacity, endAt, heads} of deques) {
      back(ticksAt, ticksAt + capacity);
      // the end grows slower than the ticks where values push each other out; it and its heads move together or not at all
      if (ints[at + endAt]! >= STEP_BACK) for (let i = endAt; i <= endAt + heads; i++) ints[at + i]! -= STEP_BACK;
    }
  }

  #begin(symbol: number): void {
    const at = this.#integersOf(symbol);
    this.#integers.fill(LONG_AGO, at + INT_LAST_BAD, at + this.#firstCountdown);
  }

  /** Forgets all of a symbol. */
  reset(symbol: number): void {
    const {symbolsAt, symbolDoubles} = this.#program.manifest, {bound} = this.#program;
    bound.keep();
    const at = symbolsAt + symbol * symbolDoubles;
    this.#doubles.fill(0, at, at + symbolDoubles);
    this.#begin(symbol);
    bound.fetch(symbol);
  }

  /** Lets the symbols from `first` to before `end` go on from the state of another one. */
  copyTo(from: number, first: number, end: number): void {
    const {symbolsAt, symbolDoubles} = this.#program.manifest;
    this.#program.bound.keep();
    for (let symbol = first; symbol < end; symbol++) {
      this.#doubles.copyWithin(symbolsAt + symbol * symbolDoubles, symbolsAt + from * symbolDoubles, symbolsAt + (from + 1) * symbolDoubles);
      this.#lastUs[symbol] = this.#lastUs[from]!;
    }
    this.#program.bound.fetch(from);
  }

  snapshot(): Uint8Array {
    this.#program.bound.keep();
    const {symbolsAt} = this.#program.manifest, state = this.#doubles.slice(symbolsAt, symbolsAt + this.symbols * this.#program.manifest.symbolDoubles);
    const octets = new Uint8Array(state.byteLength + this.#lastUs.byteLength);
    octets.set(new Uint8Array(state.buffer));
    octets.set(new Uint8Array(this.#lastUs.buffer), state.byteLength);
    return octets;
  }

  /** Throws `TDM-E451` for a state of other features or another number of symbols. */
  restore(octets: Uint8Array): void {
    const {symbolsAt} = this.#program.manifest;
    const stateBytes = (this.symbols * this.#program.manifest.symbolDoubles) * 8;
    if (octets.byteLength !== stateBytes + this.#lastUs.byteLength) throw foreignProgram('state', `${octets.byteLength} octets instead of ${stateBytes + this.#lastUs.byteLength}`);
    const copy = octets.slice();
    this.#doubles.set(new Float64Array(copy.buffer, 0, stateBytes / 8), symbolsAt);
    this.#lastUs.set(new Float64Array(copy.buffer, stateBytes));
    this.#program.bound.fetch(0);
  }
}
