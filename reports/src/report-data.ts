import {latencyGrid} from './figures/latency-grid.ts';
import {copySentence, savingsSentence} from './figures/sentence.ts';
import {quantileTable} from './figures/quantile-table.ts';
import type {QuantileRow} from './figures/quantile-table.ts';
import {rankedCauses} from './figures/ranked-causes.ts';
import {coresSeries, memoryMeasure, memorySeries} from './figures/resource-series.ts';
import type {LaneSeries} from './figures/resource-series.ts';
import {ignoreRows} from './figures/rule-hits.ts';
import {thinSeries} from './figures/thin-series.ts';
import {wilsonInterval} from './figures/wilson-interval.ts';
import type {DetailLevel} from './html/detail-level.ts';
import type {Run} from './read-run.ts';
import type {ShownVerdict} from './figures/shown-verdict.ts';

const CANARY_EVENTS_MAX = 500;

const rounded = (value: number): number => Number(value.toPrecision(6));

const seriesOf = (series: readonly LaneSeries[], pointsMax: number): readonly {lane: string; points: readonly (readonly [number, number])[]}[] =>
  series.map(({lane, points}) => ({lane, points: thinSeries(points, pointsMax).map((point) => [Math.round(point.x), Number(point.y.toPrecision(4))] as const)}));

const quantilesOf = (rows: readonly QuantileRow[]): readonly object[] => rows.map((row) => ({
  quantile: row.quantile, legacyNs: row.legacy?.valueNs ?? null, legacyIntervalNs: row.legacy?.interval ?? null,
  candidateNs: row.candidate?.valueNs ?? null, candidateIntervalNs: row.candidate?.interval ?? null,
  ratio: row.ratio === null ? null : rounded(row.ratio.value), ratioLow: row.ratio?.low == null ? null : rounded(row.ratio.low),
  ratioHigh: row.ratio?.high == null ? null : rounded(row.ratio.high), floorRatio: row.floorRatio === null ? null : rounded(row.floorRatio), note: row.noiseFloor,
}));

/**
 * The document behind every report, as plain JSON values: `--format json` writes it, the page carries it as its data island.
 * `formatVersion` is major.minor; minor adds members, major may change them.
 */
export const reportData = (run: Run, verdict: ShownVerdict, detail: DetailLevel): object => {
  const {manifest, evidence} = run;
  const parity = evidence?.parity ?? null;
  return {
    formatVersion: '1.0',
    sentence: copySentence(run, verdict), savings: savingsSentence(run),
    verdict: {...verdict, exitCode: run.result?.exitCode ?? null}, incomplete: run.incomplete, shortened: run.shortened,
    run: {...manifest, evidenceHash: run.evidenceHash},
    parity: parity === null ? null : {
      ...parity, matchRateInterval95: wilsonInterval(parity.matched, parity.outputs), causesTotal: parity.groups.length,
      groups: rankedCauses(parity).slice(0, detail.causesMax).map((group) => ({...group, examples: group.examples.slice(0, detail.examplesKeptMax)})),
      ruleHits: Object.fromEntries(Object.entries(parity.ruleHits).slice(0, 200)),
    },
    floor: evidence?.floor == null ? null : {...evidence.floor, groups: []},
    ignored: ignoreRows(run),
    latency: (evidence?.latency ?? []).map((latency) => ({
      ...latency, histogram: detail.histograms ? latency.histogram : null,
    })),
    latencyCurves: evidence === null ? [] : (['response', 'service'] as const).map((kind) => latencyGrid(evidence, kind)),
    quantiles: evidence === null ? [] : (['response', 'service'] as const).map((kind) => ({kind, rows: quantilesOf(quantileTable(evidence, kind))})),
    resources: (evidence?.resources ?? []).map(({samples, ...rest}) => ({...rest, sampleCount: samples.length})),
    series: evidence === null ? null : {
      memoryMeasure: memoryMeasure(evidence), cores: seriesOf(coresSeries(evidence), detail.seriesPointsMax), memoryBytes: seriesOf(memorySeries(evidence), detail.seriesPointsMax),
    },
    lanes: evidence?.lanes ?? [], laneStats: run.laneStats,
    noise: evidence?.noise ?? null, coverage: evidence?.coverage ?? null, gaps: evidence?.gaps ?? null, pacing: evidence?.pacing ?? null,
    messages: evidence?.messages ?? null, durationMs: evidence?.durationMs ?? null, harnessStallNsMax: evidence?.harnessStallNsMax ?? null,
    canary: run.timeline.slice(-CANARY_EVENTS_MAX), canaryEventsTotal: run.timeline.length, canaryStartMs: run.timeline[0]?.tWallMs ?? null,
  };
};
