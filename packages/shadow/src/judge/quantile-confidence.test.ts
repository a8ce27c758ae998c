import {describe, expect, it} from 'vitest';
import {quantileInterval, quantileRankInterval} from './quantile-confidence.ts';
import {createCoin} from './fixtures/seeded-coin.ts';

const SEED = 20_260_000;

describe('confidence sequence of a quantile', () => {
  it.each([[0.5, 1000], [0.5, 1_000_000], [0.99, 10_000], [0.999, 1_000_000]])('p%d of %d samples: 1.3 to 2.2 times as wide as one look would allow', (p, n) => {
    const {low, high} = quantileRankInterval(n, p, 0.05);
    const oneLook = 2 * 1.96 * Math.sqrt(n * p * (1 - p));
    expect(low).toBeLessThan(p * n);
    expect(high).toBeGreaterThan(p * n);
    expect((high - low) / oneLook).toBeGreaterThan(1.3);
    expect((high - low) / oneLook).toBeLessThan(2.2);
  });

  it('has no upper end where too few samples lie above: p99.9 of 1,000', () => {
    expect(quantileRankInterval(1000, 0.999, 0.05).high).toBeGreaterThanOrEqual(1000);
    expect(quantileInterval([{lowNs: 10, highNs: 10, count: 1000}], 0.999)).toEqual([10, null]);
  });

  it('says nothing without samples, and the widest thing with one', () => {
    expect(quantileInterval([], 0.5)).toBeNull();
    expect(quantileInterval([{lowNs: 5, highNs: 5, count: 1}], 0.5)).toEqual([0, null]);
  });

  it('rounds outwards to bucket edges', () => {
    const buckets = [{lowNs: 100, highNs: 109, count: 5000}, {lowNs: 200, highNs: 219, count: 4000}, {lowNs: 400, highNs: 439, count: 1000}];
    expect(quantileInterval(buckets, 0.5)).toEqual([100, 219]);
    expect(quantileInterval(buckets, 0.95)).toEqual([400, 439]);
    expect(quantileInterval(buckets, 0.3)).toEqual([100, 109]);
  });

  it('narrows with more samples and widens with less allowed error', () => {
    const width = (n: number, alpha: number): number => {
      const {low, high} = quantileRankInterval(n, 0.9, alpha);
      return (high - low) / n;
    };
    expect(width(100_000, 0.05)).toBeLessThan(width(1000, 0.05) / 5);
    expect(width(10_000, 0.01)).toBeGreaterThan(width(10_000, 0.05));
  });

  it('works for 10^9 samples', () => {
    const {low, high} = quantileRankInterval(1e9, 0.999, 0.05);
    expect(low / 1e9).toBeCloseTo(0.999, 5);
    expect(high).toBeGreaterThan(low);
  });
});

describe('simulated coverage, a look after every sample, ties', () => {
  const runs = process.env['TANDEM_DEEP'] === '1' ? 400 : 60;
  const samples = process.env['TANDEM_DEEP'] === '1' ? 20_000 : 3000;
  // The binomial bound on a count of misses at 5 %: mean + 3 standard deviations.
  const missesAllowed = runs * 0.05 + 3 * Math.sqrt(runs * 0.05 * 0.95);

  it.each([[0.5, 3], [0.99, 150], [0.999, 1500], [0.5, 1e9], [0.99, 1e9], [0.999, 1e9]])(`misses the true quantile %d of %d equal values in at most 1 of 20 of ${String(runs)} runs (seed ${String(SEED)})`, (p, values) => {
    const coin = createCoin(SEED + p * 1000);
    const bounds = Array.from({length: samples + 1}, (_, n) => (n === 0 ? null : quantileRankInterval(n, p, 0.05)));
    // With few values the true quantile is a tie of many samples; with 10^9 there is none.
    const truth = Math.ceil(p * values) - 1;
    let misses = 0;
    for (let run = 0; run < runs; run++) {
      let atMost = 0;
      let below = 0;
      for (let n = 1; n <= samples; n++) {
        const value = Math.floor(coin() * values);
        if (value <= truth) atMost += 1;
        if (value < truth) below += 1;
        const interval = bounds[n];
        // The truth is excluded when even all samples up to it do not reach the low rank, or more than the high rank lie below it.
        if (interval !== null && interval !== undefined && (atMost < interval.low || below > interval.high)) {
          misses += 1;
          break;
        }
      }
    }
    expect(misses).toBeLessThanOrEqual(missesAllowed);
  });

  it('does exclude a wrong quantile (the interval is not merely wide)', () => {
    const coin = createCoin(SEED);
    let atMost = 0;
    for (let n = 0; n < 5000; n++) if (coin() < 0.45) atMost += 1;
    expect(atMost).toBeLessThan(quantileRankInterval(5000, 0.5, 0.05).low);
  });
});
