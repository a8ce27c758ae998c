import {describe, expect, it} from 'vitest';
import {highestHeld, searchHighestRate, type RateProbe} from './rate-search.ts';

const system = (capacity: number) => (ratePerSecond: number): Promise<RateProbe> => Promise.resolve({ratePerSecond, held: ratePerSecond <= capacity, p99Ns: 1, why: ''});

describe('search of the highest rate', () => {
  it('comes within an eighth of the edge', async () => {
    for (const capacity of [2100, 5000, 14_250, 60_000, 100_000]) {
      const found = highestHeld(await searchHighestRate(system(capacity), {from: 2000, to: 256_000, refinements: 3}));
      expect(found).toBeLessThanOrEqual(capacity);
      expect(found).toBeGreaterThan(capacity * 0.8);
    }
  });
  it('says so when nothing is held, and stops at the top', async () => {
    await expect(searchHighestRate(system(100), {from: 2000, to: 256_000, refinements: 3})).rejects.toMatchObject({detail: {id: 'TDM-E136'}});
    expect(highestHeld(await searchHighestRate(system(1e9), {from: 2000, to: 16_000, refinements: 3}))).toBe(16_000);
  });
});
