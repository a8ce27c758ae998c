import {describe, expect, it} from 'vitest';
import {batchTrial, streamedTrial} from './feature-trial.ts';
import {smallFeatures, walk} from './fixtures/small-world.ts';
import {perturbFuture, type FeatureTrial} from './perturb.ts';
import type {TickColumns} from '../tick-store/tick-columns.ts';

const clean = streamedTrial(smallFeatures);
const TICKS = 4000;
const columns = walk(TICKS, 3);

/** The clean features with one of them read from elsewhere. */
const leaking = (feature: number, value: (columns: TickColumns, at: number, own: number) => number): FeatureTrial => ({
  names: clean.names,
  run(given, onRow) {
    const row = new Float64Array(clean.names.length);
    void clean.run(given, (at, own) => {
      row.set(own);
      row[feature] = value(given, at, own[feature]!);
      onRow(at, row);
    });
  },
});
const price = (given: TickColumns, at: number): number => given.fields[0]![at] ?? Number.NaN;
const means = new WeakMap<TickColumns, number>();
const mean = (given: TickColumns): number => {
  const known = means.get(given) ?? given.fields[0]!.reduce((sum, value) => sum + value, 0) / given.count;
  means.set(given, known);
  return known;
};

describe('changing the future', () => {
  it('finds nothing where nothing leaks', async () => {
    const report = await perturbFuture(clean, columns);
    expect(report.leaks).toEqual([]);
    expect(report.valuesCompared).toBeGreaterThan(2 * 4 * (TICKS / 3) * 3);
  });

  it.each<[name: string, trial: FeatureTrial, reach: number | null]>([
    ['the next high', leaking(0, (given, at) => given.fields[1]![at + 1] ?? Number.NaN), 1],
    ['the price three ticks ahead', leaking(1, (given, at) => price(given, at + 3)), 3],
    ['a mean centred on the tick', leaking(2, (given, at) => (price(given, at - 5) + price(given, at + 5)) / 2), 5],
    ['the time of the next tick', leaking(0, (given, at) => given.timeUs[at + 1] ?? 0), 1],
    ['a scale over the whole file', leaking(0, (given, _, own) => own - mean(given) * 1e-9), null],
    ['how long the file is', leaking(0, (given, at) => at / given.count), null],
  ])('finds %s, in that feature alone, and how far it sees', async (_, trial, reach) => {
    const {leaks} = await perturbFuture(trial, columns);
    expect(leaks).toHaveLength(1);
    expect(leaks[0]!.reachTicks).toBe(reach);
  });

  it('looks into batch functions, where a fill from behind is a look ahead', async () => {
    const filled = batchTrial(({price: prices}) => ({
      mean_3: prices.map((_, at) => (at < 2 ? Number.NaN : (prices[at]! + prices[at - 1]! + prices[at - 2]!) / 3)),
      back_filled: prices.map((_, at) => prices[Math.min(prices.length - 1, at - (at % 4) + 3)]!),
    }), columns);
    const {leaks} = await perturbFuture(filled, columns);
    expect(leaks.map(({feature}) => feature)).toEqual(['back_filled']);
    expect(leaks[0]!.reachTicks).toBeLessThanOrEqual(3);
  });

  it('refuses a column that is too short', async () => {
    await expect(perturbFuture(batchTrial(({price: prices}) => ({short: prices.subarray(1)}), columns), columns)).rejects.toMatchObject({detail: {id: 'TDM-E429'}});
  });
});
