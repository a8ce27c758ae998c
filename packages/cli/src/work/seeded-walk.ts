import {signalTools} from '../session-plan.ts';
import {createRandom} from '../traffic/seeded-random.ts';
import type {Ticks} from './tick-input.ts';

/** Ticks of two symbols on a seeded walk, with ties in price and time; the second is the reference of the first and the other way round. */
export const seededWalk = async (count: number, seed: number): Promise<Ticks> => {
  const tools = await signalTools();
  const chance = createRandom(seed);
  const prices = [100, 250];
  let timeUs = 1_600_000_000_000_000;
  const columns = tools.gatherTicks(Array.from({length: count}, () => {
    const at = chance.next() < 0.5 ? 0 : 1;
    prices[at] = Math.round(((prices[at] as number) + (chance.next() - 0.5) * 0.1) * 100) / 100;
    timeUs += Math.floor(chance.next() * 100_000);
    const price = prices[at] as number;
    const size = (): number => 1 + Math.floor(chance.next() * 50);
    return {timeUs, symbol: at === 0 ? 'AAA' : 'BBB', values: {price, high: price + 0.01, low: price - 0.01, volume: size(), bidSize: size(), askSize: size(), reference: prices[1 - at] as number}};
  }), true);
  return {...columns, dataHash: tools.hashColumns(columns), source: `walk ${seed}`};
};
