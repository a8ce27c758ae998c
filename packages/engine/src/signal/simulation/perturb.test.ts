import {describe, expect, it} from 'vitest';
import {smallFeatures, trialOf, walk} from './fixtures/small-world.ts';
import {perturbFuture, type FeatureTrial} from './perturb.ts';
import type {TickColumns} from '../tick-store/tick-columns.ts';

const clean = trialOf(smallFeatures);
const TICKS = 4000;
const columns = walk(TICKS, 3);

/** The clean features with one of them read from elsewhere. */
const leaking = (feature: number, value: (columns: TickColumns, at: number, own: number) => number): FeatureTrial => ({
  names: clean.names,
  run(given, onRow) {
    const row = new Float64Array(clean.names.length);
    clean.run(given, (at, own) => {
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
  it('finds nothing where nothing leaks', () => {
    const report = perturbFuture(clean, columns);
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
  ])('finds %s, in that feature alone, and how far it sees', (_, trial, reach) => {
    const {leaks} = perturbFuture(trial, columns);
    expect(leaks).toHaveLength(1);
    expect(leaks[0]!.reachTicks).toBe(reach);
  });
});
