export interface SeriesPoint {
  readonly x: number;
  readonly y: number;
}

const areaOf = (a: SeriesPoint, b: SeriesPoint, c: SeriesPoint): number =>
  Math.abs((a.x - c.x) * (b.y - a.y) - (a.x - b.x) * (c.y - a.y));

/** Largest-triangle-three-buckets: at most `pointsMax` of the given points, first and last kept, peaks preferred. */
export const thinSeries = (points: readonly SeriesPoint[], pointsMax: number): readonly SeriesPoint[] => {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length <= pointsMax || pointsMax < 3) return points.slice(0, Math.max(pointsMax, 0));
  const width = (points.length - 2) / (pointsMax - 2);
  const kept: SeriesPoint[] = [first];
  let previous = first;
  for (let bucket = 0; bucket < pointsMax - 2; bucket++) {
    const from = Math.floor(bucket * width) + 1;
    const to = Math.min(Math.floor((bucket + 1) * width) + 1, points.length - 1);
    const ahead = points.slice(to, Math.min(Math.floor((bucket + 2) * width) + 1, points.length));
    const centre = ahead.length === 0 ? last : {
      x: ahead.reduce((sum, point) => sum + point.x, 0) / ahead.length, y: ahead.reduce((sum, point) => sum + point.y, 0) / ahead.length,
    };
    let best = points[from] ?? last;
    let bestArea = -1;
    for (const point of points.slice(from, to)) {
      const area = areaOf(previous, point, centre);
      if (area > bestArea) [best, bestArea] = [point, area];
    }
    kept.push(best);
    previous = best;
  }
  return [...kept, last];
};
