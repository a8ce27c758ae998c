import {TandemError} from '@tandem/contract';
import type {TickColumns} from '../tick-store/tick-columns.ts';
import {BarClock, type ClosedBar} from './bar-clock.ts';
import {signalStream} from '../signal-stream.ts';
import type {FeatureSource, SignalModel, SignalStream} from './feature-source.ts';
import {PositionBook, type FilledOrder, type FillRules} from './fills.ts';
import {ResultChain, type OctetDigest} from './result-chain.ts';
import {openCursor, type TickCursor, type TickView} from './tick-cursor.ts';

/** From signal to wanted position: above `enter` long, below `-enter` short, within `exit` flat, between them as it was. */
export interface ThresholdRule {
  readonly enter: number;
  readonly exit: number;
  readonly size: number;
}

/** Told of each signal at the moment in which it arises. */
export type OnSignal = (eventUs: number, symbol: number, value: number, price: number) => void;

export interface SimulationSetup {
  readonly features: FeatureSource;
  readonly model: SignalModel;
  /** null: a step for each tick. Else a step for each bar, once it is proven closed */
  readonly barUs: number | null;
  readonly rule: ThresholdRule;
  readonly fills: FillRules;
  readonly digest: OctetDigest;
  readonly onSignal: OnSignal | null;
}

/** Everything that a run has decided. */
export interface SimulationResult {
  readonly ticks: number;
  readonly steps: number;
  readonly signals: number;
  readonly orders: readonly FilledOrder[];
  readonly positions: readonly {readonly symbol: string; readonly position: number; readonly fees: number; readonly pnl: number}[];
  readonly pnl: number;
  /** over every signal, every order and each 256th row of features in their order, hex: every row alone would take longer than all the rest */
  readonly hash: string;
}

/** Where a run stands; plain data, to be kept as it is. */
export interface SimulationSnapshot {
  readonly ticks: number;
  readonly steps: number;
  readonly signals: number;
  readonly seen: readonly number[];
  readonly features: Uint8Array;
  readonly bars: Float64Array | null;
  readonly book: Float64Array;
  readonly chain: Uint8Array;
  readonly orders: readonly FilledOrder[];
}

const PRICE = 0;
const HASHED_ROW_EVERY = 256;

/**
 * A strategy over recorded ticks. It sees the world through a cursor that only advances, so a look ahead is not possible here; what a
 * feature or a model brings with it is asked for: a fit must have ended before the first tick.
 */
export class Simulation {
  private readonly setup: SimulationSetup;
  private readonly columns: TickColumns;
  private readonly cursor: TickCursor;
  private readonly book: PositionBook;
  private readonly model: SignalStream;
  private readonly bars: BarClock | null;
  private readonly chain: ResultChain;
  private readonly seen: Float64Array;
  private readonly orders: FilledOrder[];
  private readonly onBar: (bar: ClosedBar) => void;
  private readonly onFill: (order: FilledOrder) => void;
  private ticks: number;
  private steps: number;
  private signals: number;

  /** @throws TandemError TDM-E437 when the model's training knew what it would be tested on */
  constructor(columns: TickColumns, setup: SimulationSetup, from: SimulationSnapshot | null = null) {
    refuseKnownFuture(columns, setup.model);
    this.setup = setup;
    this.model = signalStream(setup.model, columns.symbols.length);
    this.columns = columns;
    const symbols = columns.symbols.length;
    this.cursor = openCursor(columns, from?.ticks ?? 0);
    this.book = new PositionBook(setup.fills, symbols);
    this.bars = setup.barUs === null ? null : new BarClock(setup.barUs, symbols);
    this.chain = new ResultChain(setup.digest);
    this.seen = Float64Array.from(from?.seen ?? new Array<number>(symbols).fill(0));
    this.orders = [...from?.orders ?? []];
    [this.ticks, this.steps, this.signals] = [from?.ticks ?? 0, from?.steps ?? 0, from?.signals ?? 0];
    if (from !== null) {
      setup.features.restore(from.features);
      this.book.restore(from.book);
      this.chain.restore(from.chain);
      if (from.bars !== null) this.bars?.restore(from.bars);
    }
    this.onBar = (bar) => { this.step(bar, bar.provenUs); };
    this.onFill = (order) => {
      this.orders.push(order);
      for (const value of [order.symbol, order.quantity, order.decidedUs, order.filledUs, order.price, order.fee]) this.chain.add(value);
    };
  }

  /** Runs at most so many ticks. @returns are there more? */
  run(ticksMax: number): boolean {
    const {cursor, book, bars} = this;
    const {tick} = cursor;
    for (let left = ticksMax; left > 0; left--) {
      if (!cursor.advance()) return false;
      this.ticks++;
      const price = tick.values[PRICE]!;
      // nothing is filled at, or worth, what is no number: the order waits for the next tick
      if (price - price === 0) book.onTick(tick.symbol, tick.timeUs, price, this.onFill);
      if (bars === null) this.step(tick, tick.timeUs);
      else bars.accept(tick, this.onBar);
    }
    return this.ticks < this.columns.count;
  }

  /** 0..1 */
  get share(): number {
    return this.columns.count === 0 ? 1 : this.ticks / this.columns.count;
  }

  snapshot(): SimulationSnapshot {
    const {ticks, steps, signals, orders} = this;
    return {ticks, steps, signals, seen: [...this.seen], features: this.setup.features.snapshot(), bars: this.bars?.snapshot() ?? null, book: this.book.snapshot(), chain: this.chain.snapshot(), orders: [...orders]};
  }

  result(): SimulationResult {
    const {book} = this;
    const positions = this.columns.symbols.map((symbol, at) => ({symbol, position: book.position(at), fees: book.fees(at), pnl: book.worth(at)}));
    return {ticks: this.ticks, steps: this.steps, signals: this.signals, orders: [...this.orders], positions, pnl: positions.reduce((sum, {pnl}) => sum + pnl, 0), hash: this.chain.hex()};
  }

  private step(view: TickView, nowUs: number): void {
    const {model} = this, {features, rule, onSignal} = this.setup;
    const {symbol, values} = view;
    features.step(symbol, values);
    this.steps++;
    if (this.steps % HASHED_ROW_EVERY === 0) this.chain.addRow(features.row);
    this.seen[symbol]!++;
    if (this.seen[symbol]! <= features.warmupSteps) return;
    const value = model.predict(symbol, features.row);
    // no model, or one that cannot say: no signal
    if (Number.isNaN(value)) return;
    this.signals++;
    this.chain.add(value);
    onSignal?.(view.timeUs, symbol, value, values[PRICE]!);
    if (value > rule.enter) this.book.target(symbol, nowUs, rule.size);
    else if (value < -rule.enter) this.book.target(symbol, nowUs, -rule.size);
    else if (value <= rule.exit && value >= -rule.exit) this.book.target(symbol, nowUs, 0);
  }
}

const refuseKnownFuture = (columns: TickColumns, {fit}: SignalModel): void => {
  if (fit === null || columns.count === 0 || fit.trainEndUs < columns.timeUs[0]!) return;
  throw new TandemError({
    id: 'TDM-E437', kind: 'usage', what: `${fit.what} was fitted on data that does not end before the first tick`, seen: `its training ends ${fit.trainEndUs === Infinity ? 'at no stated time' : `at ${fit.trainEndUs} µs`}, the first tick is at ${columns.timeUs[0]!} µs`,
    fix: fit.trainEndUs === Infinity ? 'write {"trainEndUs": microseconds since 1970} into <model>.fit.json beside the model' : 'fit on earlier data, or simulate on later ticks',
  });
};
