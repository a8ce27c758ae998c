import type {CanaryEvent, Evidence} from '@tandem/contract';
import {coresSeries, memorySeries} from '../figures/resource-series.ts';
import type {LaneSeries} from '../figures/resource-series.ts';
import type {Run} from '../read-run.ts';
import {LANE_WORDS} from './charts/nines-chart.ts';
import {latencyLanes} from './sections/latency-section.ts';

/** What the chart cursor reads out: positions on x, and a value or null per line at each of them. */
export interface CursorChart {
  readonly x: 'nines' | 'time';
  readonly unit: 'ns' | 'cores' | 'bytes' | 'share';
  readonly at: readonly number[];
  readonly lines: readonly {readonly name: string; readonly values: readonly (number | null)[]}[];
}

const POSITIONS = 120;

const rounded = (value: number): number => Number(value.toPrecision(5));

const ninesCursor = (evidence: Evidence, kind: 'response' | 'service'): CursorChart => {
  const lanes = latencyLanes(evidence, kind);
  const at = [...new Set(lanes.flatMap((lane) => lane.points.map((point) => point.inverse)))].sort((a, b) => a - b);
  return {
    x: 'nines', unit: 'ns', at: at.map((inverse) => Number(inverse.toPrecision(8))),
    lines: lanes.map((lane) => {
      const values = new Map(lane.points.map((point) => [point.inverse, point.valueNs]));
      return {name: LANE_WORDS[lane.lane], values: at.map((inverse) => values.get(inverse) ?? null)};
    }),
  };
};

const timeCursor = (series: readonly LaneSeries[], unit: 'cores' | 'bytes'): CursorChart => {
  const end = series.reduce((most, {points}) => Math.max(most, points.at(-1)?.x ?? 0), 0);
  const at = Array.from({length: POSITIONS + 1}, (_, n) => (end * n) / POSITIONS);
  return {
    x: 'time', unit, at: at.map(rounded),
    lines: series.map(({lane, points}) => {
      let next = 0;
      return {
        name: LANE_WORDS[lane],
        values: at.map((x) => {
          while (next + 1 < points.length && (points[next + 1]?.x ?? Infinity) <= x) next++;
          const point = points[next];
          return point === undefined ? null : rounded(point.y);
        }),
      };
    }),
  };
};

const canaryCursor = (events: readonly CanaryEvent[]): CursorChart => {
  const startMs = events[0]?.tWallMs ?? 0;
  const shown = events.slice(0, 400);
  return {
    x: 'time', unit: 'share', at: shown.map((event) => event.tWallMs - startMs),
    lines: [{name: 'candidate owns', values: shown.map((event) => event.share)}],
  };
};

/** Cursor data of every chart on the page, by the chart's key. */
export const cursorData = (run: Run): Readonly<Record<string, CursorChart>> => ({
  ...(run.evidence === null ? {} : {
    'latency-response': ninesCursor(run.evidence, 'response'), 'latency-service': ninesCursor(run.evidence, 'service'),
    cores: timeCursor(coresSeries(run.evidence), 'cores'), memory: timeCursor(memorySeries(run.evidence), 'bytes'),
  }),
  ...(run.timeline.length === 0 ? {} : {canary: canaryCursor(run.timeline)}),
});
