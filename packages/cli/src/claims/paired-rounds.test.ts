import {describe, expect, it} from 'vitest';
import {decidedByInterval} from './claim.ts';
import {medianInterval} from './paired-rounds.ts';

/** mulberry32: the same seed, the same numbers */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};

describe('paired rounds', () => {
  it('takes the ranks of the binomial tables', () => {
    const upTo = (count: number) => Array.from({length: count}, (_, at) => at + 1);
    expect(medianInterval(upTo(5))).toEqual({median: 3, low: -Infinity, high: Infinity, rounds: 5});
    expect(medianInterval(upTo(6))).toEqual({median: 3.5, low: 1, high: 6, rounds: 6});
    expect(medianInterval(upTo(12))).toMatchObject({low: 3, high: 10});
    expect(medianInterval(upTo(15))).toMatchObject({median: 8, low: 4, high: 12});
    expect(medianInterval(upTo(20))).toMatchObject({low: 6, high: 15});
    expect(medianInterval([])).toMatchObject({median: Number.NaN, rounds: 0});
  });
  it('holds the true median in at least 95 of 100 runs, however skewed the rounds are', () => {
    const next = random(20261128);
    let held = 0;
    for (let run = 0; run < 2000; run += 1) {
      const {low, high} = medianInterval(Array.from({length: 15}, () => -Math.log(1 - next())));
      if (low <= Math.LN2 && Math.LN2 <= high) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(1900);
  });
  it('decides only when the whole interval lies on one side of the goal', () => {
    const of = (low: number, high: number) => decidedByInterval('<= 1', {median: (low + high) / 2, low, high}, '').holds;
    expect([of(0.2, 0.9), of(0.9, 1.1), of(1.2, 1.4), of(-Infinity, Infinity), of(Number.NaN, Number.NaN)]).toEqual([true, null, false, null, null]);
  });
});
