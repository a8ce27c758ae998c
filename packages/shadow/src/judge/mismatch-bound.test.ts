import {describe, expect, it} from 'vitest';
import {createCoin} from './fixtures/seeded-coin.ts';
import {mismatchRateBelow} from './mismatch-bound.ts';

describe('upper bound of the mismatch rate', () => {
  it('is 3.0 / n at 95 % while nothing was seen', () => {
    expect(mismatchRateBelow(0, 1_000_000)).toBeCloseTo(2.996e-6, 8);
    expect(mismatchRateBelow(0, 2)).toBe(1);
  });
  it('says nothing about nothing', () => {
    expect(mismatchRateBelow(0, 0)).toBeNull();
    expect(mismatchRateBelow(0, Number.NaN)).toBeNull();
    expect(mismatchRateBelow(Number.NaN, 10)).toBeNull();
  });
  it('lies above the seen rate, nearer with more messages', () => {
    const few = mismatchRateBelow(10, 1000) ?? 0;
    const many = mismatchRateBelow(10_000, 1_000_000) ?? 0;
    expect(few).toBeGreaterThan(0.01);
    expect(few).toBeLessThan(0.03);
    expect(many).toBeGreaterThan(0.01);
    expect(many).toBeLessThan(0.011);
    expect(mismatchRateBelow(5, 5)).toBe(1);
    expect(mismatchRateBelow(9, 10)).toBeLessThanOrEqual(1);
  });
  it('is the edge of the stated set', () => {
    // n = 100, k = 1: B(1.5, 99.5) / (pi theta (1 - theta)^99) = 20, solved with mpmath 1.3.
    expect(mismatchRateBelow(1, 100)).toBeCloseTo(0.084022314464, 8);
  });

  it('is passed by the true rate in at most 5 % of runs with a look after every message (seed 7)', () => {
    const coin = createCoin(7);
    const [runs, messages, rate] = [400, 2000, 0.003];
    const bounds = new Map<number, number>();
    const boundOf = (k: number, n: number): number => {
      const key = k * 10_000 + n;
      const known = bounds.get(key) ?? mismatchRateBelow(k, n) ?? 1;
      bounds.set(key, known);
      return known;
    };
    let missed = 0;
    for (let run = 0; run < runs; run++) {
      let seen = 0;
      for (let n = 1; n <= messages; n++) {
        const hit = coin() < rate;
        if (hit) seen += 1;
        // The bound only falls between mismatches, so the last moment before one (and the end) decides.
        if ((hit || n === messages) && boundOf(hit ? seen - 1 : seen, n - (hit ? 1 : 0)) < rate) {
          missed += 1;
          break;
        }
      }
    }
    // Two constructions (zero, later) share 5 % each; 10 % plus three standard deviations.
    expect(missed).toBeLessThanOrEqual(runs * 0.1 + 3 * Math.sqrt(runs * 0.09));
  });
});
