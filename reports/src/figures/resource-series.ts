import type {Evidence, LaneName, ResourceEvidence} from '@tandem/contract';
import type {SeriesPoint} from './thin-series.ts';

export interface LaneSeries {
  readonly lane: LaneName;
  /** x in milliseconds since the first sample of any lane */
  readonly points: readonly SeriesPoint[];
}

const startOf = (evidence: Evidence): number =>
  evidence.resources.reduce((start, lane) => Math.min(start, lane.samples[0]?.tMonoNs ?? Infinity), Infinity);

const perLane = (evidence: Evidence, pointsOf: (resources: ResourceEvidence, startNs: number) => readonly SeriesPoint[]): readonly LaneSeries[] => {
  const startNs = startOf(evidence);
  return evidence.resources
    .map((resources) => ({lane: resources.lane, points: pointsOf(resources, startNs)}))
    .filter((series) => series.points.length > 1);
};

/** Cores in use between one sample and the next. */
export const coresSeries = (evidence: Evidence): readonly LaneSeries[] => perLane(evidence, (resources, startNs) => {
  const points: SeriesPoint[] = [];
  for (let at = 1; at < resources.samples.length; at++) {
    const before = resources.samples[at - 1];
    const now = resources.samples[at];
    if (before === undefined || now === undefined || now.tMonoNs <= before.tMonoNs) continue;
    const cores = Math.max(0, now.cpuMsTotal - before.cpuMsTotal) / ((now.tMonoNs - before.tMonoNs) / 1e6);
    points.push({x: (now.tMonoNs - startNs) / 1e6, y: cores});
  }
  return points;
});

/** PSS is the honest figure, but both lanes must have it: otherwise resident memory for all. */
export const memoryMeasure = (evidence: Evidence): 'pss' | 'rss' => (evidence.resources.length > 0
  && evidence.resources.every((resources) => resources.samples.filter((sample) => sample.pssBytes !== null).length > 1) ? 'pss' : 'rss');

export const memorySeries = (evidence: Evidence): readonly LaneSeries[] => {
  const measure = memoryMeasure(evidence);
  return perLane(evidence, (resources, startNs) => resources.samples.flatMap((sample) => {
    const y = measure === 'pss' ? sample.pssBytes : sample.rssBytes;
    return y === null ? [] : [{x: (sample.tMonoNs - startNs) / 1e6, y}];
  }));
};
