import type {Evidence} from '@tandem/contract';
import {html} from '../../encode/html.ts';
import type {Markup} from '../../encode/html.ts';
import {latencyCurve, SAMPLES_ABOVE_MIN} from '../../figures/latency-curve.ts';
import {laneCurves} from '../../figures/latency-grid.ts';
import type {LaneCurve} from '../../figures/latency-grid.ts';
import {latencyOf, quantileTable} from '../../figures/quantile-table.ts';
import type {LatencyKind, QuantileCell, QuantileRow} from '../../figures/quantile-table.ts';
import {formatCount, formatNs, formatQuantile, formatRatio, formatShare} from '../../format/quantity.ts';
import {chartFigure} from '../charts/chart-figure.ts';
import {LANE_WORDS, ninesChart} from '../charts/nines-chart.ts';
import type {PageInput} from '../page-input.ts';
import {absent, section} from '../section.ts';

const KIND_WORDS: Readonly<Record<LatencyKind, {name: string; meaning: string}>> = {
  response: {name: 'Response time', meaning: 'From the planned send: waiting in line counts, a stall is charged to every message behind it.'},
  service: {name: 'Service time', meaning: 'From the actual send: the work alone, without the wait.'},
};

const cell = (value: QuantileCell | null, label: string): Markup => {
  if (value === null) return html`<td data-label="${label}" class="figure"><span class="soft">too few samples</span></td>`;
  const range = value.interval === null ? null : `${formatNs(value.interval[0])} – ${value.interval[1] === null ? 'open' : formatNs(value.interval[1])}`;
  return html`<td data-label="${label}" class="figure">${formatNs(value.valueNs)}${range === null ? null : html`<span class="range">${range}</span>`}</td>`;
};

const ratioCell = (row: QuantileRow): Markup => {
  if (row.ratio === null) return html`<td data-label="Ratio" class="figure"><span class="soft">–</span></td>`;
  const {value, low, high} = row.ratio;
  const range = low === null && high === null ? null : `${low === null ? 'open' : formatRatio(low)} – ${high === null ? 'open' : formatRatio(high)}`;
  return html`<td data-label="Ratio" class="figure strong">${formatRatio(value)}${range === null ? null : html`<span class="range">${range}</span>`}</td>`;
};

const extremes = (evidence: Evidence, kind: LatencyKind): Markup => {
  const legacy = latencyOf(evidence, 'legacy', kind);
  const candidate = latencyOf(evidence, 'candidate', kind);
  const row = (name: string, read: 'meanNs' | 'maxNs'): Markup => html`<tr><th scope="row">${name}</th>${cell(legacy === null ? null : {valueNs: legacy[read], interval: null}, 'Legacy')}${cell(candidate === null ? null : {valueNs: candidate[read], interval: null}, 'Candidate')}<td data-label="Ratio" class="figure">${legacy === null || candidate === null || legacy[read] <= 0 ? '–' : formatRatio(candidate[read] / legacy[read])}</td><td data-label="Floor" class="figure"><span class="soft">–</span></td><td data-label="Note" class="soft">${read === 'maxNs' ? 'one sample, no interval' : ''}</td></tr>`;
  return html`${row('mean', 'meanNs')}${row('longest', 'maxNs')}`;
};

const quantileRows = (evidence: Evidence, kind: LatencyKind, rows: readonly QuantileRow[]): Markup => html`
<table class="quantiles stacked"><caption class="sr">${KIND_WORDS[kind].name} at each quantile with 95 % intervals</caption><thead><tr><th scope="col">Quantile</th><th scope="col" class="figure">Legacy</th><th scope="col" class="figure">Candidate</th><th scope="col" class="figure">Ratio</th><th scope="col" class="figure">Floor</th><th scope="col">Note</th></tr></thead><tbody>
${rows.map((row) => html`<tr><th scope="row">${formatQuantile(row.quantile)}</th>${cell(row.legacy, 'Legacy')}${cell(row.candidate, 'Candidate')}${ratioCell(row)}<td data-label="Floor" class="figure">${row.floorRatio === null ? html`<span class="soft">–</span>` : formatRatio(row.floorRatio)}</td><td data-label="Note">${row.noiseFloor === null ? null : html`<span class="floor-mark">noise floor</span> <span class="soft">${row.noiseFloor}</span>`}</td></tr>`)}
${extremes(evidence, kind)}</tbody></table>`;

const curveTable = (lanes: readonly LaneCurve[]): Markup => {
  const inverses = [...new Set(lanes.flatMap((lane) => lane.points.map((point) => point.inverse)))].sort((a, b) => a - b).filter((_, n, all) => n % 10 === 0 || n === all.length - 1);
  return html`<table><thead><tr><th scope="col">Within</th>${lanes.map((lane) => html`<th scope="col" class="figure">${LANE_WORDS[lane.lane]}</th>`)}</tr></thead><tbody>${inverses.map((inverse) => html`<tr><th scope="row">${formatShare(1 - 1 / inverse, 1)}</th>${lanes.map((lane) => {
    const point = lane.points.find((candidate) => candidate.inverse === inverse);
    return html`<td class="figure">${point === undefined ? '–' : formatNs(point.valueNs)}</td>`;
  })}</tr>`)}</tbody></table>`;
};

const counts = (evidence: Evidence, kind: LatencyKind): string => `Samples: ${evidence.latency.filter((latency) => latency.kind === kind)
  .map((latency) => `${LANE_WORDS[latency.lane]} ${formatCount(latency.count)}${latency.invalid + latency.overflow > 0 ? `, ${formatCount(latency.invalid)} invalid and ${formatCount(latency.overflow)} too long to record` : ''}`).join('; ')}`;

const panel = (evidence: Evidence, kind: LatencyKind): Markup => {
  const lanes = laneCurves(evidence, kind);
  const rows = quantileTable(evidence, kind);
  if (rows.length === 0 && lanes.length === 0) return html`<div class="panel ${kind}">${absent(`${KIND_WORDS[kind].name} was not measured in this run.`)}</div>`;
  const chart = ninesChart({kind, lanes, rows, noise: evidence.noise});
  const broken = evidence.latency.filter((latency) => latency.kind === kind && !latencyCurve(latency).fromHistogram).map((latency) => LANE_WORDS[latency.lane]);
  return html`<div class="panel ${kind}"><h3>${KIND_WORDS[kind].name}</h3><p class="lead">${KIND_WORDS[kind].meaning}</p>
${lanes.length === 0 ? null : chartFigure(chart.text, chart.draw, {
    caption: html`Up is slower, right is rarer. A curve stops where fewer than ${SAMPLES_ABOVE_MIN} samples remain above it; uprights are 95 % intervals.${lanes.some(({lane}) => lane === 'twin') ? ' Dotted is legacy run against itself, the floor of every comparison.' : ''} ${counts(evidence, kind)}.${broken.length === 0 ? null : ` Drawn from quantiles alone, the histogram could not be read: ${broken.join(', ')}.`}`,
    table: curveTable(lanes),
  })}
${quantileRows(evidence, kind, rows)}<p class="note">Ranges are 95 % confidence sequences, valid at every look. Floor is legacy run against itself${evidence.latency.some((latency) => latency.lane === 'twin') ? '' : '; no twin ran, so it is unknown'}.</p></div>`;
};

export const latencySection = ({run}: PageInput): Markup => {
  const words = {question: 'Is it faster, and how sure is that?', title: 'Latency'};
  const evidence = run.evidence;
  if (evidence === null || evidence.latency.length === 0) return section('latency', words, absent('Latency was not measured in this run.'));
  return section('latency', words, html`<div class="toggle-host">
<input class="sr" type="radio" name="latency-kind" id="kind-response" checked><input class="sr" type="radio" name="latency-kind" id="kind-service">
<div class="toggle" role="presentation"><label for="kind-response">Response time</label><label for="kind-service">Service time</label></div>
${panel(evidence, 'response')}${panel(evidence, 'service')}</div>`);
};
