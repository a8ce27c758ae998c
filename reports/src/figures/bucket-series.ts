import type {SeriesPoint} from './thin-series.ts';

export interface SeriesBucket {
  /** middle of the bucket */
  readonly x: number;
  readonly low: number;
  readonly mean: number;
  readonly high: number;
}

/** Mean and range of a series in equal slices of x; empty slices are left out, so a pause in sampling stays a gap in the sum. */
export const bucketSeries = (points: readonly SeriesPoint[], endX: number, bucketsMax: number): readonly SeriesBucket[] => {
  const width = endX / bucketsMax;
  if (!(width > 0) || points.length <= bucketsMax) return points.map(({x, y}) => ({x, low: y, mean: y, high: y}));
  const sums = Array.from({length: bucketsMax}, () => ({sum: 0, count: 0, low: Infinity, high: -Infinity}));
  for (const {x, y} of points) {
    const bucket = sums[Math.min(bucketsMax - 1, Math.max(0, Math.floor(x / width)))];
    if (bucket === undefined) continue;
    bucket.sum += y;
    bucket.count++;
    bucket.low = Math.min(bucket.low, y);
    bucket.high = Math.max(bucket.high, y);
  }
  return sums.flatMap(({sum, count, low, high}, n) => (count === 0 ? [] : [{x: (n + 0.5) * width, low, mean: sum / count, high}]));
};
