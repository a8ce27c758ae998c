import type {Evidence, LaneName} from '@tandem/contract';
import {latencyCurve} from './latency-curve.ts';
import type {CurvePoint} from './latency-curve.ts';
import {latencyOf} from './quantile-table.ts';
import type {LatencyKind} from './quantile-table.ts';

export interface LaneCurve {
  readonly lane: LaneName;
  readonly points: readonly CurvePoint[];
}

/** Curves of one kind in drawing order; lanes without at least two points are left out. */
export const laneCurves = (evidence: Evidence, kind: LatencyKind): readonly LaneCurve[] =>
  (['legacy', 'twin', 'candidate'] as const).flatMap((lane) => {
    const latency = latencyOf(evidence, lane, kind);
    const points = latency === null ? [] : latencyCurve(latency).points;
    return points.length > 1 ? [{lane, points}] : [];
  });

/** The curves of one kind on one common grid; null where a lane has too few samples above. */
export const latencyGrid = (evidence: Evidence, kind: LatencyKind): {kind: LatencyKind; inverse: readonly number[]; lanes: readonly {lane: LaneName; valuesNs: readonly (number | null)[]}[]} => {
  const curves = laneCurves(evidence, kind);
  const inverse = [...new Set(curves.flatMap((curve) => curve.points.map((point) => point.inverse)))].sort((a, b) => a - b);
  return {
    kind, inverse: inverse.map((value) => Number(value.toPrecision(8))),
    lanes: curves.map(({lane, points}) => {
      const values = new Map(points.map((point) => [point.inverse, point.valueNs]));
      return {lane, valuesNs: inverse.map((value) => values.get(value) ?? null)};
    }),
  };
};
