import type {Evidence, LaneName} from '@tandem/contract';
import {html} from '../../encode/html.ts';
import type {Markup} from '../../encode/html.ts';
import type {LaneCurve} from '../../figures/latency-grid.ts';
import type {LatencyKind, QuantileRow} from '../../figures/quantile-table.ts';
import {formatNs, formatRatio} from '../../format/quantity.ts';
import {axes, endLabels, frameOf, linePath, logTicks, tickLabel, topKey, xOf, yOf} from './chart-frame.ts';
import type {ChartSize, Frame, Scale, Tick} from './chart-frame.ts';
import {svgChart} from './chart-figure.ts';

interface NinesInput {
  readonly kind: LatencyKind;
  readonly lanes: readonly LaneCurve[];
  readonly rows: readonly QuantileRow[];
  readonly noise: Evidence['noise'];
}

export const LANE_WORDS: Readonly<Record<LaneName, string>> = {legacy: 'legacy', candidate: 'candidate', twin: 'legacy again'};

const X_TICKS: readonly Tick[] = [
  {at: 1, label: '0 %'}, {at: 2, label: '50 %'}, {at: 10, label: '90 %'}, {at: 100, label: '99 %'}, {at: 1e3, label: '99.9 %'}, {at: 1e4, label: '99.99 %'},
  {at: 1e5, label: '99.999 %'}, {at: 1e6, label: '99.9999 %'}, {at: 1e7, label: '99.99999 %'},
];

const scalesOf = (input: NinesInput): {x: Scale; y: Scale} => {
  const points = input.lanes.flatMap((lane) => lane.points);
  const values = points.map((point) => point.valueNs);
  const low = Math.min(...values);
  const high = Math.max(...values, low * 2);
  return {
    x: {kind: 'log', from: 1, to: Math.max(10, ...points.map((point) => point.inverse))},
    y: {kind: 'log', from: low / 1.3, to: high * 1.3},
  };
};

const whiskers = (frame: Frame, scales: {x: Scale; y: Scale}, rows: readonly QuantileRow[]): Markup => html`${rows.flatMap((row) =>
  (['legacy', 'candidate'] as const).flatMap((lane) => {
    const interval = row[lane]?.interval;
    const inverse = 1 / (1 - row.quantile);
    if (interval == null || interval[1] === null || inverse > scales.x.to) return [];
    const x = xOf(frame, scales.x, inverse);
    const [low, high] = [yOf(frame, scales.y, interval[0]), yOf(frame, scales.y, interval[1])];
    return [html`<path class="whisker ${lane}" d="M${x} ${low}V${high}m-4 0h8m-8 ${(Number(low) - Number(high)).toFixed(1)}h8"/>`];
  }))}`;

/** The distance between the two lanes at p99, with its ratio: the one figure that the chart is looked at for. */
const p99Bracket = (frame: Frame, scales: {x: Scale; y: Scale}, input: NinesInput): Markup | null => {
  const row = input.rows.find(({quantile}) => quantile === 0.99);
  if (row?.legacy == null || row.candidate === null || row.ratio === null || scales.x.to < 100) return null;
  const x = xOf(frame, scales.x, 100);
  const [legacy, candidate] = [Number(yOf(frame, scales.y, row.legacy.valueNs)), Number(yOf(frame, scales.y, row.candidate.valueNs))];
  if (Math.abs(legacy - candidate) < 36) return null;
  const [top, bottom] = [Math.min(legacy, candidate) + 7, Math.max(legacy, candidate) - 7];
  return html`<path class="bracket" d="M${x} ${top.toFixed(1)}V${bottom.toFixed(1)}"/><text class="bracket-name" x="${(Number(x) + 8).toFixed(1)}" y="${((top + bottom) / 2 + 5).toFixed(1)}">${formatRatio(row.ratio.value)}${frame.width > 500 ? ' at p99' : ''}</text>`;
};

const machineGap = (frame: Frame, scale: Scale, noise: Evidence['noise']): Markup | null => {
  if (noise === null || noise.worstGapNs <= scale.from || noise.worstGapNs >= scale.to) return null;
  const y = yOf(frame, scale, noise.worstGapNs);
  return html`<path class="machine-gap" d="M${frame.left} ${y}H${frame.right}"/><text class="machine-gap-name" x="${frame.left + 6}" y="${(Number(y) - 6).toFixed(1)}">longest pause of the machine ${formatNs(noise.worstGapNs)}</text>`;
};

const draw = (input: NinesInput, size: ChartSize): Markup => {
  const frame = frameOf(size, {wide: 400, narrow: 320});
  const scales = scalesOf(input);
  const xTicks = X_TICKS.filter((tick) => tick.at <= scales.x.to * 1.001 && (size === 'wide' || ![1, 1e4, 1e6].includes(tick.at)));
  const labels = input.lanes.map((lane) => ({
    name: LANE_WORDS[lane.lane], className: lane.lane, y: Number(yOf(frame, scales.y, lane.points.at(-1)?.valueNs ?? scales.y.from)),
  }));
  const text = ninesText(input);
  return svgChart(text, {size, frame, x: scales.x}, html`
${axes(frame, {scale: scales.x, ticks: xTicks, name: 'share of messages answered within'}, {scale: scales.y, ticks: logTicks(scales.y, (value) => tickLabel(formatNs(value)))})}
${machineGap(frame, scales.y, input.noise)}${whiskers(frame, scales, input.rows)}
${input.lanes.map((lane) => html`<path class="line ${lane.lane}" d="${linePath(lane.points.map((point) => [xOf(frame, scales.x, point.inverse), yOf(frame, scales.y, point.valueNs)]))}"/>`)}
${input.lanes.flatMap((lane) => lane.points.slice(-1).map((point) => html`<circle class="end ${lane.lane}" cx="${xOf(frame, scales.x, point.inverse)}" cy="${yOf(frame, scales.y, point.valueNs)}" r="3.5"/>`))}
${p99Bracket(frame, scales, input)}${size === 'wide' ? endLabels(frame, labels) : topKey(frame, labels)}`);
};

const ninesText = (input: NinesInput): {key: string; title: string; description: string} => ({
  key: `latency-${input.kind}`,
  title: `${input.kind === 'response' ? 'Response' : 'Service'} time by percentile, legacy and candidate`,
  description: input.rows.filter((row) => [0.5, 0.99, 0.999].includes(row.quantile)).map((row) =>
    `p${Number((row.quantile * 100).toPrecision(8))}: legacy ${row.legacy === null ? 'unknown' : formatNs(row.legacy.valueNs)}, candidate ${row.candidate === null ? 'unknown' : formatNs(row.candidate.valueNs)}`).join('; '),
});

/** Latency on a nines axis: x = 1 / (1 - p), y in time, both logarithmic. */
export const ninesChart = (input: NinesInput): {readonly text: ReturnType<typeof ninesText>; readonly draw: (size: ChartSize) => Markup} =>
  ({text: ninesText(input), draw: (size) => draw(input, size)});
