import {describe, expect, it} from 'vitest';
import {BarClock, type ClosedBar} from './bar-clock.ts';
import {PositionBook, type FilledOrder} from './fills.ts';
import {sha256, smallFeatures, smallModel, walk} from './fixtures/small-world.ts';
import {Simulation, type SimulationResult, type SimulationSetup} from './simulation.ts';
import {openCursor, type TickView} from './tick-cursor.ts';
import {truncated} from './perturb.ts';

const setup = (more: Partial<SimulationSetup> = {}): SimulationSetup => ({
  features: smallFeatures(2), model: smallModel, barUs: null, rule: {enter: 0.02, exit: 0.001, size: 10}, fills: {latencyUs: 1000, slippageShare: 0.0001, feeShare: 0.0002}, digest: sha256, onSignal: null, ...more,
});
const whole = (ticks: number, more: Partial<SimulationSetup> = {}): SimulationResult => {
  const simulation = new Simulation(walk(ticks, 7), setup(more));
  simulation.run(Infinity);
  return simulation.result();
};

describe('a cursor', () => {
  it('shows one tick at a time and has no other door', () => {
    const cursor = openCursor(walk(3, 1));
    expect(Object.keys(cursor).sort()).toEqual(['advance', 'tick']);
    expect(Object.isFrozen(cursor)).toBe(true);
    const seen: number[] = [];
    while (cursor.advance()) seen.push(cursor.tick.timeUs);
    expect(seen).toHaveLength(3);
    expect(cursor.advance()).toBe(false);
    // what is written into the view never reaches the store
    const columns = walk(2, 1);
    const other = openCursor(columns);
    other.advance();
    other.tick.values[0] = -1;
    expect(columns.fields[0]![0]).toBeGreaterThan(0);
  });
});

describe('bars', () => {
  const tick = (timeUs: number, price: number, symbol = 0): TickView => ({timeUs, symbol, values: Float64Array.of(price, price, price, 1, 2, 3, 4)});
  const closed = (...ticks: TickView[]): ClosedBar[] => {
    const bars: ClosedBar[] = [];
    const clock = new BarClock(60, 2);
    for (const one of ticks) clock.accept(one, (bar) => bars.push({...bar, values: bar.values.slice()}));
    return bars;
  };
  it('leave only with the first tick of the next one', () => {
    expect(closed(tick(10, 5), tick(20, 9), tick(59, 4))).toEqual([]);
    const [bar] = closed(tick(10, 5), tick(20, 9), tick(59, 4), tick(130, 6));
    expect(bar).toMatchObject({openUs: 0, timeUs: 60, provenUs: 130, ticks: 3});
    expect([...bar!.values]).toEqual([4, 9, 4, 3, 2, 3, 4, 5]);
  });
  it('are not closed by another symbol, and are closed by a watermark', () => {
    expect(closed(tick(10, 5), tick(130, 6, 1))).toEqual([]);
    const bars: number[] = [];
    const clock = new BarClock(60, 2);
    clock.accept(tick(10, 5), () => undefined);
    clock.watermark(59, (bar) => bars.push(bar.provenUs));
    expect(bars).toEqual([]);
    clock.watermark(61, (bar) => bars.push(bar.provenUs));
    expect(bars).toEqual([61]);
  });
});

describe('fills', () => {
  it('come with the first tick after the latency, at its price, moved against the order, with the fee', () => {
    const fills: FilledOrder[] = [];
    const book = new PositionBook({latencyUs: 100, slippageShare: 0.01, feeShare: 0.001}, 1);
    book.target(0, 1000, 2);
    book.onTick(0, 1099, 50, (order) => fills.push(order));
    expect(fills).toEqual([]);
    book.onTick(0, 1100, 60, (order) => fills.push(order));
    expect(fills).toEqual([{symbol: 0, quantity: 2, decidedUs: 1000, filledUs: 1100, price: 60.6, fee: 2 * 60.6 * 0.001}]);
    expect(book.worth(0)).toBeCloseTo(2 * 60 - 2 * 60.6 - 2 * 60.6 * 0.001, 12);
  });
});

describe('a simulation', () => {
  it('fills nothing at a price that is no number, and is worth something after it', () => {
    const columns = walk(4000, 7);
    for (let at = 3; at < columns.count; at += 5) columns.fields[0]![at] = at % 2 === 0 ? Infinity : Number.NaN;
    columns.fields[0]![columns.count - 1] = Infinity;
    let asked = 0;
    const simulation = new Simulation(columns, setup({model: {...smallModel, predict: () => (asked++ % 14 < 7 ? 1 : -1)}}));
    simulation.run(Infinity);
    const {orders, pnl} = simulation.result();
    expect(orders.length).toBeGreaterThan(100);
    expect(orders.every(({price, fee}) => Number.isFinite(price) && Number.isFinite(fee))).toBe(true);
    expect(Number.isFinite(pnl)).toBe(true);
  });
  it('decides, fills and accounts; money in is money out', () => {
    const result = whole(5000);
    expect(result.orders.length).toBeGreaterThan(50);
    expect(result.signals).toBe(5000 - 2 * 20);
    for (const {symbol, position} of result.positions) {
      const at = result.positions.findIndex((one) => one.symbol === symbol);
      expect(position).toBe(result.orders.filter((order) => order.symbol === at).reduce((sum, {quantity}) => sum + quantity, 0));
    }
    expect(result.orders.every(({decidedUs, filledUs}) => filledUs >= decidedUs + 1000)).toBe(true);
  });

  it('gives the same to the bit in pieces of any size, and after a restart from any snapshot', () => {
    for (const barUs of [null, 1_000_000]) {
      const wanted = whole(3000, {barUs});
      for (const piece of [1, 7, 1000]) {
        const simulation = new Simulation(walk(3000, 7), setup({barUs}));
        while (simulation.run(piece));
        expect(simulation.result()).toEqual(wanted);
      }
      for (const at of [1, 333, 1500, 2999]) {
        const first = new Simulation(walk(3000, 7), setup({barUs}));
        first.run(at);
        const second = new Simulation(walk(3000, 7), setup({barUs}), structuredClone(first.snapshot()));
        second.run(Infinity);
        expect(second.result()).toEqual(wanted);
      }
    }
  });

  it('knows nothing of how much is to come: a shorter recording is a prefix', () => {
    const columns = walk(3000, 7);
    const long: number[] = [], short: number[] = [];
    const first = new Simulation(columns, setup({onSignal: (...signal) => long.push(...signal)}));
    first.run(Infinity);
    const second = new Simulation(truncated(columns, 1799), setup({onSignal: (...signal) => short.push(...signal)}));
    second.run(Infinity);
    expect(short.length).toBeGreaterThan(4000);
    expect(long.slice(0, short.length)).toEqual(short);
    expect(first.result().orders.slice(0, second.result().orders.length)).toEqual(second.result().orders);
  });

  it('refuses a model whose training did not end before the first tick', () => {
    const columns = walk(100, 7);
    const fitted = (trainEndUs: number): SimulationSetup => setup({model: {...smallModel, fit: {trainEndUs, what: 'the scaler'}}});
    expect(() => new Simulation(columns, fitted(columns.timeUs[0]!))).toThrow(/the scaler was fitted/);
    expect(() => new Simulation(columns, fitted(columns.timeUs[50]!))).toThrow(/the scaler was fitted/);
    expect(new Simulation(columns, fitted(columns.timeUs[0]! - 1)).run(10)).toBe(true);
  });
});
