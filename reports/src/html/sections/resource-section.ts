import type {Evidence, LaneName, ResourceEvidence} from '@tandem/contract';
import {html} from '../../encode/html.ts';
import type {Markup} from '../../encode/html.ts';
import {coresSeries, memoryMeasure, memorySeries} from '../../figures/resource-series.ts';
import type {LaneSeries} from '../../figures/resource-series.ts';
import {formatBytes, formatCount, formatRatio, formatShare, formatSignificant, formatSpan} from '../../format/quantity.ts';
import {chartFigure} from '../charts/chart-figure.ts';
import type {ChartText} from '../charts/chart-figure.ts';
import {LANE_WORDS} from '../charts/nines-chart.ts';
import {timeChart} from '../charts/time-chart.ts';
import type {PageInput} from '../page-input.ts';
import {absent, section, shareBar} from '../section.ts';

const ORDER: readonly LaneName[] = ['legacy', 'candidate', 'twin'];

const lanesOf = (evidence: Evidence): readonly ResourceEvidence[] => ORDER.flatMap((lane) => evidence.resources.filter((entry) => entry.lane === lane));

const slope = (bytesPerHour: number | null): string => (bytesPerHour === null ? 'unknown' : `${bytesPerHour < 0 ? '−' : '+'}${formatBytes(Math.abs(bytesPerHour))}/h`);

type Row = readonly [name: string, read: (lane: ResourceEvidence) => string, ratio: ((lane: ResourceEvidence) => number | null) | null];

const ROWS: readonly Row[] = [
  ['CPU per message', (lane) => `${formatSignificant(lane.cpuUsPerMessage)} µs`, (lane) => lane.cpuUsPerMessage],
  ['CPU time while fed', (lane) => formatSpan(lane.cpuMs), (lane) => lane.cpuMs],
  ['Memory peak (RSS)', (lane) => formatBytes(lane.rssBytesMax), (lane) => lane.rssBytesMax],
  ['Memory peak (PSS)', (lane) => (lane.pssBytesMax === null ? 'unknown' : formatBytes(lane.pssBytesMax)), (lane) => lane.pssBytesMax],
  ['Memory slope', (lane) => slope(lane.rssSlopeBytesPerHour), null],
  ['Waiting for a core', (lane) => (lane.runQueueWaitShare === null ? 'unknown' : formatShare(lane.runQueueWaitShare, 1)), null],
];

const table = (evidence: Evidence): Markup => {
  const lanes = lanesOf(evidence);
  const legacy = lanes.find((lane) => lane.lane === 'legacy');
  const candidate = lanes.find((lane) => lane.lane === 'candidate');
  return html`<table class="stacked"><caption class="sr">CPU and memory of each lane</caption><thead><tr><th scope="col">Measure</th>${lanes.map((lane) => html`<th scope="col" class="figure">${LANE_WORDS[lane.lane]}</th>`)}<th scope="col" class="figure">Ratio</th></tr></thead><tbody>${ROWS.map(([name, read, ratio]) => {
    const [before, after] = [legacy === undefined ? null : ratio?.(legacy) ?? null, candidate === undefined ? null : ratio?.(candidate) ?? null];
    const shown = before === null || after === null || before <= 0 || legacy?.source === 'unavailable' || candidate?.source === 'unavailable' ? '–' : formatRatio(after / before);
    return html`<tr><th scope="row">${name}</th>${lanes.map((lane) => html`<td data-label="${LANE_WORDS[lane.lane]}" class="figure">${lane.source === 'unavailable' ? 'not measured' : read(lane)}</td>`)}<td data-label="Ratio" class="figure strong">${shown}</td></tr>`;
  })}</tbody></table>`;
};

const seriesTable = (series: readonly LaneSeries[], label: (value: number) => string): Markup => html`<table><thead><tr><th scope="col">Lane</th><th scope="col" class="figure">samples</th><th scope="col" class="figure">lowest</th><th scope="col" class="figure">mean</th><th scope="col" class="figure">highest</th></tr></thead><tbody>${series.map(({lane, points}) => {
  const sum = points.reduce((total, point) => total + point.y, 0);
  const low = points.reduce((least, point) => Math.min(least, point.y), Infinity);
  const high = points.reduce((most, point) => Math.max(most, point.y), 0);
  return html`<tr><th scope="row">${LANE_WORDS[lane]}</th><td class="figure">${formatCount(points.length)}</td><td class="figure">${label(low)}</td><td class="figure">${label(sum / points.length)}</td><td class="figure">${label(high)}</td></tr>`;
})}</tbody></table>`;

const chart = (text: Omit<ChartText, 'description'>, series: readonly LaneSeries[], label: (value: number) => string): Markup => {
  if (series.length === 0) return absent(`${text.title}: fewer than two samples, so there is nothing to draw.`);
  const means = series.map(({lane, points}) => `${LANE_WORDS[lane]} ${label(points.reduce((total, point) => total + point.y, 0) / points.length)} on average`);
  const full = {...text, description: means.join('; ')};
  return html`<h3>${text.title}</h3>${chartFigure(full, timeChart({text: full, series, label}), {caption: html`Line: mean of each interval. Band: its lowest to its highest sample.`, table: seriesTable(series, label)})}`;
};

const coresLabel = (cores: number): string => formatSignificant(cores, 2);

export const resourceSection = ({run}: PageInput): Markup => {
  const words = {question: 'What does it cost to run?', title: 'CPU and memory'};
  const evidence = run.evidence;
  if (evidence === null || evidence.resources.length === 0) return section('resources', words, absent('CPU and memory were not sampled in this run.'));
  const measure = memoryMeasure(evidence);
  return section('resources', words, html`${table(evidence)}<p class="note">Both lanes were sampled by the same code on the same host, children included. Source: ${[...new Set(evidence.resources.map((lane) => lane.source))].join(', ')}.</p>
${chart({key: 'cores', title: 'Cores in use'}, coresSeries(evidence), coresLabel)}
${chart({key: 'memory', title: measure === 'pss' ? 'Memory (PSS, shared pages split fairly)' : 'Memory (RSS)'}, memorySeries(evidence), formatBytes)}`);
};

export const collectorSection = ({run}: PageInput): Markup => {
  const words = {question: 'Does it stop to clean up?', title: 'Collector pauses'};
  const lanes = run.evidence === null ? [] : lanesOf(run.evidence).filter((lane) => lane.collector !== null || lane.loopDelayMaxMs !== null);
  const own = ORDER.flatMap((lane) => run.laneStats[lane].map(([name, value]) => [lane, name, value] as const));
  const longest = lanes.reduce((most, lane) => Math.max(most, lane.collector?.maxMs ?? 0, lane.loopDelayMaxMs ?? 0), 0);
  const milliseconds = (label: string, value: number | null | undefined): Markup => html`<td class="figure" data-label="${label}">${value === null || value === undefined ? 'not reported' : html`${formatSignificant(value)} ms`}</td>`;
  return section('collector', words, html`${lanes.length === 0 ? absent('No lane reported its collector, so pauses show only in the latency tail.') : html`<table class="stacked pauses"><caption class="sr">Collections that each lane reported about itself</caption><thead><tr><th scope="col">Lane</th><th scope="col" class="figure">Pauses</th><th scope="col" class="figure">Together</th><th scope="col">Longest pause</th><th scope="col" class="figure">Longest loop delay</th></tr></thead><tbody>${lanes.map((lane) => html`<tr><th scope="row">${LANE_WORDS[lane.lane]}</th><td class="figure" data-label="Pauses">${lane.collector === null ? 'not reported' : formatCount(lane.collector.pauses)}</td>${milliseconds('Together', lane.collector?.totalMs)}<td data-label="Longest pause"><span class="margin">${shareBar(longest === 0 ? 0 : (lane.collector?.maxMs ?? 0) / longest, `fill-${lane.lane}`)}<span class="figure">${lane.collector === null ? 'not reported' : `${formatSignificant(lane.collector.maxMs)} ms`}</span></span></td>${milliseconds('Longest loop delay', lane.loopDelayMaxMs)}</tr>`)}</tbody></table><p class="note">Each lane's own word; the latency tail above is the check on it.</p>`}
${own.length === 0 ? null : html`<details class="numbers"><summary>All figures that the lanes reported about themselves</summary><table><thead><tr><th scope="col">Lane</th><th scope="col">Figure</th><th scope="col" class="figure">Value</th></tr></thead><tbody>${own.map(([lane, name, value]) => html`<tr><th scope="row">${LANE_WORDS[lane]}</th><td>${name}</td><td class="figure">${typeof value === 'number' ? formatCount(value, Number.isInteger(value) ? 0 : 3) : value}</td></tr>`)}</tbody></table></details>`}`);
};
