import type {TickView} from './tick-cursor.ts';

/** A bar that is proven to be closed. Reused. Its values are those of a tick and, last, the price it opened with. */
export interface ClosedBar extends TickView {
  /** the bar covers [openUs, openUs + interval) */
  openUs: number;
  /** time of the tick or watermark that proved it closed: nothing may use the bar before */
  provenUs: number;
  ticks: number;
}

const PRICE = 0, HIGH = 1, LOW = 2, VOLUME = 3;
/** of a tick; a bar has its open after them */
const FIELDS = 7, OPEN = FIELDS, BAR_FIELDS = FIELDS + 1;
/** numbers a symbol keeps: open time (-1 none), ticks, then the values */
const SLOTS = 2 + BAR_FIELDS;

/**
 * Gathers ticks into bars. A bar leaves only on proof that it is over: the first tick of the same symbol at or after its end, or a watermark
 * that says that all until then has come. A clock that strikes proves nothing.
 */
export class BarClock {
  private readonly intervalUs: number;
  private readonly symbols: number;
  private readonly state: Float64Array;
  private readonly bar: ClosedBar = {timeUs: 0, symbol: 0, values: new Float64Array(BAR_FIELDS), openUs: 0, provenUs: 0, ticks: 0};

  constructor(intervalUs: number, symbols: number) {
    this.intervalUs = intervalUs;
    this.symbols = symbols;
    this.state = new Float64Array(symbols * SLOTS);
    for (let symbol = 0; symbol < symbols; symbol++) this.state[symbol * SLOTS] = -1;
  }

  /** Takes a tick; hands over the bar that it proves closed, if any, before it counts for the next. */
  accept(tick: TickView, onBar: (bar: ClosedBar) => void): void {
    const {state} = this;
    const at = tick.symbol * SLOTS;
    const openUs = Math.floor(tick.timeUs / this.intervalUs) * this.intervalUs;
    if (state[at]! >= 0 && openUs > state[at]!) this.close(tick.symbol, tick.timeUs, onBar);
    if (state[at]! < 0) {
      state[at] = openUs;
      state[at + 1] = 0;
      state.set(tick.values, at + 2);
      state[at + 2 + VOLUME] = 0;
      state[at + 2 + OPEN] = tick.values[PRICE]!;
    }
    const {values} = tick;
    const to = at + 2;
    state[at + 1]!++;
    state[to + PRICE] = values[PRICE]!;
    if (values[HIGH]! > state[to + HIGH]!) state[to + HIGH] = values[HIGH]!;
    if (values[LOW]! < state[to + LOW]!) state[to + LOW] = values[LOW]!;
    state[to + VOLUME]! += values[VOLUME]!;
    for (let i = VOLUME + 1; i < FIELDS; i++) state[to + i] = values[i]!;
  }

  /** All ticks before `timeUs` have come: closes every bar that ends until then, in the order of the symbols. */
  watermark(timeUs: number, onBar: (bar: ClosedBar) => void): void {
    for (let symbol = 0; symbol < this.symbols; symbol++) {
      const openUs = this.state[symbol * SLOTS]!;
      if (openUs >= 0 && openUs + this.intervalUs <= timeUs) this.close(symbol, timeUs, onBar);
    }
  }

  snapshot(): Float64Array {
    return this.state.slice();
  }

  restore(state: Float64Array): void {
    this.state.set(state);
  }

  private close(symbol: number, provenUs: number, onBar: (bar: ClosedBar) => void): void {
    const {bar, state} = this;
    const at = symbol * SLOTS;
    bar.symbol = symbol;
    bar.openUs = state[at]!;
    bar.timeUs = bar.openUs + this.intervalUs;
    bar.provenUs = provenUs;
    bar.ticks = state[at + 1]!;
    for (let i = 0; i < BAR_FIELDS; i++) bar.values[i] = state[at + 2 + i]!;
    state[at] = -1;
    onBar(bar);
  }
}
