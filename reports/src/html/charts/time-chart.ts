import {html} from '../../encode/html.ts';
import type {Markup} from '../../encode/html.ts';
import type {LaneSeries} from '../../figures/resource-series.ts';
import {bucketSeries} from '../../figures/bucket-series.ts';
import type {SeriesBucket} from '../../figures/bucket-series.ts';
import {axes, endLabels, frameOf, linePath, linearTicks, niceCeiling, topKey, xOf, yOf} from './chart-frame.ts';
import type {ChartSize, Scale, Tick} from './chart-frame.ts';
import {svgChart} from './chart-figure.ts';
import type {ChartText} from './chart-figure.ts';
import {LANE_WORDS} from './nines-chart.ts';

const BUCKETS_MAX = {wide: 90, narrow: 45};

const spanLabel = (milliseconds: number): string => {
  const seconds = milliseconds / 1000;
  if (seconds >= 7200) return `${Number((seconds / 3600).toFixed(2))} h`;
  if (seconds >= 120) return `${Number((seconds / 60).toFixed(2))} min`;
  return seconds >= 1 || seconds === 0 ? `${Number(seconds.toFixed(2))} s` : `${Number(milliseconds.toFixed(1))} ms`;
};

/** Round steps of time: seconds up to two minutes, then minutes, then hours. */
export const timeTicks = (toMs: number, count: number): readonly Tick[] => {
  const steps = [1, 10, 100, 1e3, 2e3, 5e3, 1e4, 2e4, 3e4, 6e4, 12e4, 3e5, 6e5, 12e5, 18e5, 36e5, 72e5, 216e5, 432e5, 864e5];
  const step = steps.find((candidate) => toMs / candidate <= count) ?? toMs / count;
  const ticks: Tick[] = [];
  for (let n = 0; n <= count + 1 && n * step <= toMs * 1.0001; n++) ticks.push({at: n * step, label: spanLabel(n * step)});
  return ticks;
};

interface TimeChartInput {
  readonly text: ChartText;
  readonly series: readonly LaneSeries[];
  readonly label: (value: number) => string;
}

/** Mean and range a lane over the time of the run; y starts at 0, because half a column must mean half the cost. */
export const timeChart = (input: TimeChartInput) => (size: ChartSize): Markup => {
  const frame = frameOf(size, {wide: 260, narrow: 220});
  const all = input.series.flatMap((series) => series.points);
  const x: Scale = {kind: 'linear', from: 0, to: Math.max(1, all.reduce((most, point) => Math.max(most, point.x), 0))};
  const y: Scale = {kind: 'linear', from: 0, to: niceCeiling(all.reduce((most, point) => Math.max(most, point.y), 0) * 1.05)};
  const labels = input.series.map((series) => ({
    name: LANE_WORDS[series.lane], className: series.lane, y: Number(yOf(frame, y, series.points.at(-1)?.y ?? 0)),
  }));
  const at = (valueX: number, valueY: number): readonly [string, string] => [xOf(frame, x, valueX), yOf(frame, y, valueY)];
  const bandPath = (buckets: readonly SeriesBucket[]): string => `${linePath([
    ...buckets.map((bucket) => at(bucket.x, bucket.high)), ...buckets.toReversed().map((bucket) => at(bucket.x, bucket.low)),
  ])}Z`;
  const drawn = input.series.map((series) => ({lane: series.lane, buckets: bucketSeries(series.points, x.to, BUCKETS_MAX[size])}));
  return svgChart(input.text, {size, frame, x}, html`
${axes(frame, {scale: x, ticks: timeTicks(x.to, size === 'wide' ? 8 : 4), name: 'time since the start'}, {scale: y, ticks: linearTicks(y.to, 5, input.label)})}
${drawn.map(({lane, buckets}) => html`<path class="band ${lane}" d="${bandPath(buckets)}"/>`)}
${drawn.map(({lane, buckets}) => html`<path class="line thin ${lane}" d="${linePath(buckets.map((bucket) => at(bucket.x, bucket.mean)))}"/>`)}
${size === 'wide' ? endLabels(frame, labels) : topKey(frame, labels)}`);
};
