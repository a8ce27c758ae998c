/**
 * How orders are filled, stated as simply as it is: an order sent at t is filled whole by the first tick of its symbol at or after
 * t + latency, at that tick's price moved against the order by the slippage, and pays the fee on its notional. There is no queue, no partial
 * fill and no effect on the market; a result is an upper bound where size matters.
 */
export interface FillRules {
  /** from decision to fill, µs */
  readonly latencyUs: number;
  /** of the price, against the order: 0.0001 = one basis point */
  readonly slippageShare: number;
  /** of the notional */
  readonly feeShare: number;
}

/** A filled order: what the result keeps. */
export interface FilledOrder {
  readonly symbol: number;
  /** signed: > 0 bought */
  readonly quantity: number;
  readonly decidedUs: number;
  readonly filledUs: number;
  readonly price: number;
  readonly fee: number;
}

/** numbers a symbol keeps: position, cash, fees, last price, pending quantity, its decision time, its due time */
const SLOTS = 7;
const POSITION = 0, CASH = 1, FEES = 2, LAST = 3, PENDING = 4, DECIDED = 5, DUE = 6;

/** Positions, cash and the order on its way, symbol by symbol. An order that replaces one on its way takes its place. */
export class PositionBook {
  private readonly rules: FillRules;
  private readonly state: Float64Array;
  readonly symbols: number;

  constructor(rules: FillRules, symbols: number) {
    this.rules = rules;
    this.symbols = symbols;
    this.state = new Float64Array(symbols * SLOTS);
  }

  /** A tick came: fills what is due. */
  onTick(symbol: number, timeUs: number, price: number, onFill: (order: FilledOrder) => void): void {
    const {state, rules} = this;
    const at = symbol * SLOTS;
    state[at + LAST] = price;
    const quantity = state[at + PENDING]!;
    if (quantity === 0 || timeUs < state[at + DUE]!) return;
    const paid = quantity > 0 ? price + price * rules.slippageShare : price - price * rules.slippageShare;
    const fee = Math.abs(quantity) * paid * rules.feeShare;
    state[at + PENDING] = 0;
    state[at + POSITION]! += quantity;
    state[at + CASH]! -= quantity * paid + fee;
    state[at + FEES]! += fee;
    onFill({symbol, quantity, decidedUs: state[at + DECIDED]!, filledUs: timeUs, price: paid, fee});
  }

  /** Wants this position from now on. */
  target(symbol: number, timeUs: number, position: number): void {
    const {state} = this;
    const at = symbol * SLOTS;
    const quantity = position - state[at + POSITION]!;
    if (quantity === state[at + PENDING]!) return;
    state[at + PENDING] = quantity;
    state[at + DECIDED] = timeUs;
    state[at + DUE] = timeUs + this.rules.latencyUs;
  }

  position(symbol: number): number {
    return this.state[symbol * SLOTS + POSITION]!;
  }

  fees(symbol: number): number {
    return this.state[symbol * SLOTS + FEES]!;
  }

  /** Cash and position at the last price, in money. */
  worth(symbol: number): number {
    const at = symbol * SLOTS;
    return this.state[at + CASH]! + this.state[at + POSITION]! * this.state[at + LAST]!;
  }

  snapshot(): Float64Array {
    return this.state.slice();
  }

  restore(state: Float64Array): void {
    this.state.set(state);
  }
}
