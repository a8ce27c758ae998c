import fc from 'fast-check';
import {expect, test} from 'vitest';
import {DelayCounts} from './delay-counts.ts';

const seed = Number(process.env['TANDEM_SEED'] ?? 20_261_120);

test('every quantile is at most one bucket (1/32) above the exact one and never below', () => {
  fc.assert(fc.property(fc.array(fc.double({min: 0, max: 1e12, noNaN: true}), {minLength: 1, maxLength: 300}), fc.double({min: 0.001, max: 1, noNaN: true}), (delays, quantile) => {
    const counts = new DelayCounts();
    for (const delay of delays) counts.add(delay);
    const exact = delays.toSorted((a, b) => a - b)[Math.ceil(quantile * delays.length) - 1] ?? 0;
    const seen = counts.quantileNs(quantile);
    expect(seen).toBeGreaterThanOrEqual(Math.floor(exact));
    expect(seen).toBeLessThanOrEqual(exact * (1 + 1 / 32) + 1);
    expect(counts.maxNs).toBe(Math.max(...delays));
  }), {seed, numRuns: 400});
});

test('early sends count as exact, nothing counts as nothing', () => {
  const counts = new DelayCounts();
  expect(counts.quantileNs(0.99)).toBe(0);
  counts.add(-500);
  expect([counts.count, counts.maxNs, counts.quantileNs(1)]).toEqual([1, 0, 0]);
});
