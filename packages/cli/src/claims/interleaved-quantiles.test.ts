import {describe, expect, it} from 'vitest';
import {estimate, resampleQuantiles} from './interleaved-quantiles.ts';

/** mulberry32: the same seed, the same numbers */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};

/** Two ways that took turns: in a restless block one message in ten meets a pause, on whichever way it is. */
const turns = (next: () => number, slowerNs: number, blocks = 40, count = 50): [number[][], number[][]] => {
  const first: number[][] = [], second: number[][] = [];
  for (let block = 0; block < blocks; block += 1) {
    const pauses = next() < 0.3 ? 0.1 : 0.002;
    const one = (): number => 100_000 - 20_000 * Math.log(1 - next()) + (next() < pauses ? 3_000_000 * next() : 0);
    first.push(Array.from({length: count}, one));
    second.push(Array.from({length: count}, () => one() + slowerNs));
  }
  return [first, second];
};
const difference = ([a, b]: readonly number[]): number => (b as number) - (a as number);

describe('quantiles of ways that took turns', () => {
  it('are those of all messages together', () => {
    const blocks = [[5, 1, 9], [3, 7, 100]];
    expect([0.5, 0.99, 0.01].map((share) => resampleQuantiles([blocks], share, 1).measured[0])).toEqual([5, 100, 1]);
    const hundred = [Array.from({length: 100}, (_, at) => at + 1)];
    expect([0.5, 0.95, 0.99].map((share) => resampleQuantiles([hundred], share, 1).measured[0])).toEqual([50, 95, 99]);
  });
  it('say nothing when there are too few moments, and the same each time', () => {
    expect(estimate(resampleQuantiles(turns(random(1), 0, 19), 0.5, 1), difference)).toMatchObject({low: -Infinity, high: Infinity});
    const again = () => estimate(resampleQuantiles(turns(random(2), 0, 20), 0.99, 3), difference);
    expect(again()).toEqual(again());
  });
  it.each([0.5, 0.99])('two equal ways hold no difference in about 95 of 100 runs, though pauses come in bursts (p%f)', (share) => {
    const next = random(20261129);
    const runs = process.env['TANDEM_DEEP'] === '1' ? 1000 : 25;
    let held = 0;
    for (let run = 0; run < runs; run += 1) {
      const {low, high} = estimate(resampleQuantiles(turns(next, 0), share, run), difference);
      if (low <= 0 && 0 <= high) held += 1;
    }
    expect(held / runs).toBeGreaterThanOrEqual(0.9);
  });
  it('find a way that is slower by a tenth', () => {
    const next = random(7);
    const {value, low} = estimate(resampleQuantiles(turns(next, 10_000, 80, 100), 0.5, 1), difference);
    expect(value).toBeGreaterThan(7000);
    expect(low).toBeGreaterThan(0);
  });
});
