import {describe, expect, it} from 'vitest';
import {lnPairedOneSided, lnPairedTwoSided, oddSharesBelow, rejectByEvidence} from './e-values.ts';

describe('paired e-values', () => {
  // Reference values: mpmath 1.3 with 40 digits.
  it.each([[5, 0, 7.875, 15.6417612229], [6, 0, 14.4375, 28.7826655373], [12, 0, 660.194335938, 1320.33945957], [30, 10, 23.4439865607, 46.8587087473]])(
    '%d against %d', (b, c, twoSided, oneSided) => {
      expect(Math.exp(lnPairedTwoSided(b, c))).toBeCloseTo(twoSided, 6);
      expect(Math.exp(lnPairedOneSided(b, c))).toBeCloseTo(oneSided, 6);
    },
  );

  it.each([[0.05, 6], [0.01, 8], [0.001, 12]])('with a silent twin alpha %d needs %d differences', (alpha, needed) => {
    const limit = Math.log(1 / alpha);
    expect(lnPairedOneSided(needed, 0)).toBeGreaterThanOrEqual(limit);
    expect(lnPairedOneSided(needed - 1, 0)).toBeLessThan(limit);
  });

  it('is a fair bet at p = 1/2: the mean over the next triple is the present value', () => {
    for (const [b, c] of [[0, 0], [3, 1], [40, 60], [500, 480]] as const) {
      const next = (Math.exp(lnPairedTwoSided(b + 1, c)) + Math.exp(lnPairedTwoSided(b, c + 1))) / 2;
      expect(next / Math.exp(lnPairedTwoSided(b, c))).toBeCloseTo(1, 9);
      const nextOneSided = (Math.exp(lnPairedOneSided(b + 1, c)) + Math.exp(lnPairedOneSided(b, c + 1))) / 2;
      expect(nextOneSided / Math.exp(lnPairedOneSided(b, c))).toBeCloseTo(1, 9);
    }
  });

  it('is a losing bet against a candidate that differs less often than the twin', () => {
    const [b, c, p] = [20, 20, 0.4];
    const next = p * Math.exp(lnPairedOneSided(b + 1, c)) + (1 - p) * Math.exp(lnPairedOneSided(b, c + 1));
    expect(next).toBeLessThan(Math.exp(lnPairedOneSided(b, c)));
  });

  it('only falls when a triple counts on both sides, so overlapping counts are a lower bound', () => {
    for (let b = 0; b < 60; b += 7) {
      for (let c = 0; c < 60; c += 5) expect(lnPairedOneSided(b + 1, c + 1)).toBeLessThan(lnPairedOneSided(b, c));
    }
  });
});

describe('e-BH', () => {
  it('rejects the largest k whose k-th value reaches K / (alpha k)', () => {
    expect(rejectByEvidence([1, 900, 15, 30, 60].map(Math.log), 0.05)).toEqual([1, 4]);
    expect(rejectByEvidence([15, 12].map(Math.log), 0.1)).toEqual([0, 1]);
    expect(rejectByEvidence([], 0.05)).toEqual([]);
    expect(rejectByEvidence([0, 0], 0.05)).toEqual([]);
  });
});

describe('share of differences in which the candidate is the odd one', () => {
  it('shrinks towards the truth with more triples', () => {
    expect(oddSharesBelow(0, 0, 0.01)).toBe(1);
    expect(oddSharesBelow(20, 20, 0.01)).toBeGreaterThan(0.7);
    expect(oddSharesBelow(1000, 1000, 0.01)).toBeLessThan(0.56);
    expect(oddSharesBelow(1000, 1000, 0.01)).toBeGreaterThan(0.5);
  });
});
