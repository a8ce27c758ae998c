/** One point of a series over time. */
export interface SlopePoint {
  readonly tNs: number;
  readonly value: number;
}

export interface SlopeEstimate {
  /** value units per hour */
  readonly perHour: number;
  /** 95 % interval; null where there are too few points (fewer than 8) */
  readonly interval: readonly [number, number] | null;
}

const NS_PER_HOUR = 3.6e12;
const POINTS_MAX = 300;
const POINTS_FOR_INTERVAL = 8;
const NORMAL_97_5 = 1.959964;

/**
 * Theil-Sen slope (median of the slopes of all pairs) with Sen's distribution-free interval from Kendall's statistic.
 * Chosen over least squares because memory jumps (a collection, one large allocation) and a few wild samples must not tilt it:
 * up to 29 % outliers leave it unmoved. Sen's interval supposes independent residuals; memory samples are autocorrelated,
 * so the pair count's variance is inflated by (1 + r) / (1 - r) with r the lag-1 autocorrelation of the residuals.
 * Longer series are thinned evenly to 300 points. Null with fewer than 3 points or no time between them.
 */
export function robustSlope(points: readonly SlopePoint[]): SlopeEstimate | null {
  const thinned = thin(points.filter((point) => Number.isFinite(point.tNs) && Number.isFinite(point.value)));
  const count = thinned.length;
  if (count < 3) return null;
  const slopes: number[] = [];
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const from = thinned[i];
      const to = thinned[j];
      if (from !== undefined && to !== undefined && to.tNs > from.tNs) slopes.push((to.value - from.value) / (to.tNs - from.tNs));
    }
  }
  if (slopes.length === 0) return null;
  const sorted = Float64Array.from(slopes).sort();
  const slopePerNs = middleOf(sorted);
  if (count < POINTS_FOR_INTERVAL) return {perHour: slopePerNs * NS_PER_HOUR, interval: null};
  const correlation = residualCorrelation(thinned, slopePerNs);
  const variance = count * (count - 1) * (2 * count + 5) / 18 * (1 + correlation) / (1 - correlation);
  const half = NORMAL_97_5 * Math.sqrt(variance) / 2;
  const low = sorted[Math.max(0, Math.floor(sorted.length / 2 - half))] ?? slopePerNs;
  const high = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length / 2 + half))] ?? slopePerNs;
  return {perHour: slopePerNs * NS_PER_HOUR, interval: [low * NS_PER_HOUR, high * NS_PER_HOUR]};
}

function thin(points: readonly SlopePoint[]): readonly SlopePoint[] {
  if (points.length <= POINTS_MAX) return points;
  const kept: SlopePoint[] = [];
  for (let i = 0; i < POINTS_MAX; i++) {
    const point = points[Math.round(i * (points.length - 1) / (POINTS_MAX - 1))];
    if (point !== undefined) kept.push(point);
  }
  return kept;
}

function middleOf(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}

/** Lag-1 autocorrelation of the residuals, kept within 0..0.98 (negative correlation is not used to narrow the interval). */
function residualCorrelation(points: readonly SlopePoint[], slopePerNs: number): number {
  const origin = points[0]?.tNs ?? 0;
  const residuals = points.map((point) => point.value - slopePerNs * (point.tNs - origin));
  const mean = residuals.reduce((sum, value) => sum + value, 0) / residuals.length;
  let lagged = 0;
  let square = 0;
  for (let i = 0; i < residuals.length; i++) {
    const current = (residuals[i] ?? mean) - mean;
    square += current * current;
    if (i > 0) lagged += current * ((residuals[i - 1] ?? mean) - mean);
  }
  return square === 0 ? 0 : Math.min(0.98, Math.max(0, lagged / square));
}
