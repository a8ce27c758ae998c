import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {formatShare} from '../format/quantity.ts';
import {gateMargin} from './gate-margin.ts';
import {textDifference} from './text-difference.ts';
import {wilsonInterval} from './wilson-interval.ts';

const SEED = 20261120;
const settings = {seed: SEED, numRuns: 500};

describe(`properties, seed ${SEED}`, () => {
  it('both texts come back from their difference', () => {
    fc.assert(fc.property(fc.string({unit: 'grapheme'}), fc.string({unit: 'grapheme'}), (expected, actual) => {
      const parts = textDifference(expected, actual);
      expect(parts.before + parts.expected + parts.after).toBe(expected);
      expect(parts.before + parts.actual + parts.after).toBe(actual);
    }), settings);
  });
  it('an interval holds its share and stays within 0 and 1', () => {
    fc.assert(fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (a, b) => {
      const [part, whole] = [Math.min(a, b), Math.max(a, b, 1)];
      const [low, high] = wilsonInterval(part, whole) ?? [2, -1];
      expect(low).toBeLessThanOrEqual(part / whole + 1e-12);
      expect(high).toBeGreaterThanOrEqual(part / whole - 1e-12);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
    }), settings);
  });
  it('a share that is not whole is never shown as 100 % or 0 %', () => {
    fc.assert(fc.property(fc.integer({min: 2, max: 2_000_000_000}), fc.nat(1_999_999_999), (whole, some) => {
      const part = 1 + (some % (whole - 1));
      expect(Number(formatShare(part, whole).replace(' %', ''))).toBeGreaterThan(0);
      expect(Number(formatShare(part, whole).replace(' %', ''))).toBeLessThan(100);
    }), settings);
  });
  it('a margin is total: any two texts give an answer or none', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (limit, seen) => {
      const margin = gateMargin({limit, seen});
      expect(margin === null || typeof margin.text === 'string').toBe(true);
    }), settings);
  });
});
