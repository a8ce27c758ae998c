import {columnBytes, columnsOver, type TickColumns} from '../src/signal/tick-store/tick-columns.ts';

/** A seeded walk in shared memory, as many symbols as asked for, in random order: prices on a grid, ties, sizes as whole numbers. */
export const walkColumns = (count: number, symbols: number, seed: number): TickColumns => {
  const columns = columnsOver(new SharedArrayBuffer(columnBytes(count)), count, Array.from({length: symbols}, (_, at) => `S${at}`));
  let state = seed >>> 0 || 1;
  const chance = (): number => {
    state ^= state << 13; state >>>= 0; state ^= state >>> 17; state ^= state << 5; state >>>= 0;
    return state / 2 ** 32;
  };
  const prices = new Float64Array(symbols).fill(10_000);
  const [price, high, low, volume, bidSize, askSize, reference] = columns.fields as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  let timeUs = 1_600_000_000_000_000;
  for (let i = 0; i < count; i++) {
    const at = symbols === 1 ? 0 : Math.floor(chance() * symbols);
    prices[at]! += Math.round((chance() - 0.5) * 8);
    timeUs += Math.floor(chance() * 100_000);
    columns.timeUs[i] = timeUs;
    columns.symbol[i] = at;
    price[i] = prices[at]! / 100;
    high[i] = (prices[at]! + 1) / 100;
    low[i] = (prices[at]! - 1) / 100;
    volume[i] = 1 + Math.floor(chance() * 100);
    bidSize[i] = 1 + Math.floor(chance() * 50);
    askSize[i] = 1 + Math.floor(chance() * 50);
    reference[i] = 50 + Math.floor(chance() * 100) / 100;
  }
  return columns;
};
