import {lnBeta, lnIncompleteBeta} from './log-beta.ts';

/** Non-empty buckets of a histogram, lowest first: `count` samples lie in [lowNs, highNs]. */
export interface QuantileBucket {
  readonly lowNs: number;
  readonly highNs: number;
  readonly count: number;
}

/** Ranks (number of samples at or below) that a true quantile may have. */
export interface RankInterval {
  /** the quantile lies at or above the sample of this rank; 0 = nothing known below */
  readonly low: number;
  /** the quantile lies at or below the sample of rank high + 1; high >= n = nothing known above */
  readonly high: number;
}

/**
 * Confidence sequence for a quantile: it misses with probability <= alpha over *all* looks together, ties allowed.
 * Two supermartingales test P(X <= q) >= p and P(X < q) <= p; each mixes the binomial likelihood ratio over a Beta(100p, 100(1-p))
 * prior cut at p. Each side errs with at most alpha / 2, so a one-sided use of one end has that error.
 */
export function quantileRankInterval(samples: number, quantile: number, alpha: number): RankInterval {
  const evidence = createRankEvidence(samples, quantile);
  const limit = Math.log(2 / alpha);
  const low = firstRank(samples, (rank) => evidence.lnTooLow(rank) < limit);
  const high = firstRank(samples, (rank) => evidence.lnTooHigh(rank) >= limit) - 1;
  return {low, high};
}

/**
 * The same in nanoseconds, rounded outwards to bucket edges. High is null where the samples bound nothing.
 * Null when there is no sample at all.
 */
export function quantileInterval(buckets: readonly QuantileBucket[], quantile: number, alpha = 0.05): readonly [number, number | null] | null {
  let samples = 0;
  for (const bucket of buckets) samples += bucket.count;
  if (samples === 0) return null;
  const ranks = quantileRankInterval(samples, quantile, alpha);
  let lowNs = 0;
  let highNs: number | null = null;
  let before = 0;
  for (const bucket of buckets) {
    const upTo = before + bucket.count;
    if (ranks.low > before && ranks.low <= upTo) lowNs = bucket.lowNs;
    if (ranks.high >= before && ranks.high < upTo) highNs = bucket.highNs;
    before = upTo;
  }
  return [lowNs, highNs];
}

/** Log e-values against "the value of this rank is the quantile", from below and from above. */
function createRankEvidence(samples: number, p: number) {
  const a = 100 * p;
  const b = 100 * (1 - p);
  const lnPrior = lnBeta(a, b);
  const prior = lnIncompleteBeta(p, a, b);
  const lnP = Math.log(p);
  const lnQ = Math.log1p(-p);
  const lnMixture = (rank: number): number => lnBeta(rank + a, samples - rank + b) - lnPrior - rank * lnP - (samples - rank) * lnQ;
  return {
    lnTooLow: (rank: number): number => lnMixture(rank) + lnIncompleteBeta(p, rank + a, samples - rank + b).lnLower - prior.lnLower,
    lnTooHigh: (rank: number): number => lnMixture(rank) + lnIncompleteBeta(p, rank + a, samples - rank + b).lnUpper - prior.lnUpper,
  };
}

/** Smallest rank in 0..samples for which a monotone predicate holds; samples + 1 when none does. */
function firstRank(samples: number, holds: (rank: number) => boolean): number {
  let low = 0;
  let high = samples + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
