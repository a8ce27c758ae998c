import type {Evidence, LaneName, LatencyEvidence, NoiseEvidence} from '@tandem/contract';

export type LatencyKind = LatencyEvidence['kind'];
type Interval = readonly [lowNs: number, highNs: number | null];

export interface QuantileCell {
  readonly valueNs: number;
  readonly interval: Interval | null;
}

export interface QuantileRow {
  readonly quantile: number;
  readonly legacy: QuantileCell | null;
  readonly candidate: QuantileCell | null;
  /** candidate / legacy, with the widest interval that both sides' intervals allow */
  readonly ratio: {readonly value: number; readonly low: number | null; readonly high: number | null} | null;
  /** twin / legacy: what the same program differs from itself by */
  readonly floorRatio: number | null;
  /** why this row says more about the machine or the method than about the programs; null when it does not */
  readonly noiseFloor: string | null;
}

const GAP_NS_MIN = 50_000;

export const latencyOf = (evidence: Evidence, lane: LaneName, kind: LatencyKind): LatencyEvidence | null =>
  evidence.latency.find((entry) => entry.lane === lane && entry.kind === kind) ?? null;

const cellAt = (latency: LatencyEvidence | null, name: string): QuantileCell | null => {
  const valueNs = latency?.quantilesNs[name];
  return valueNs === undefined ? null : {valueNs, interval: latency?.intervalsNs[name] ?? null};
};

const ratioOf = (legacy: QuantileCell | null, candidate: QuantileCell | null): QuantileRow['ratio'] => {
  if (legacy === null || candidate === null || legacy.valueNs <= 0) return null;
  const legacyHigh = legacy.interval?.[1] ?? null;
  const legacyLow = legacy.interval?.[0] ?? null;
  const candidateHigh = candidate.interval?.[1] ?? null;
  const candidateLow = candidate.interval?.[0] ?? null;
  return {
    value: candidate.valueNs / legacy.valueNs,
    low: candidateLow !== null && legacyHigh !== null && legacyHigh > 0 ? candidateLow / legacyHigh : null,
    high: candidateHigh !== null && legacyLow !== null && legacyLow > 0 ? candidateHigh / legacyLow : null,
  };
};

/**
 * The machine's own gaps reach this quantile, and what was measured there is no longer than they are. Only their number and the longest are
 * known, so their mean is taken as the geometric one between the shortest that counts and the longest.
 */
const belowMachineNoise = (quantile: number, cell: QuantileCell | null, noise: NoiseEvidence | null): boolean => {
  if (cell === null || noise === null || noise.spinMs <= 0) return false;
  const gapShare = Math.min(1, (noise.gaps * Math.sqrt(GAP_NS_MIN * Math.max(GAP_NS_MIN, noise.worstGapNs))) / (noise.spinMs * 1e6));
  return 1 - quantile < gapShare && cell.valueNs <= noise.worstGapNs;
};

const noiseFloorOf = (row: Omit<QuantileRow, 'noiseFloor'>, noise: NoiseEvidence | null): string | null => {
  if (belowMachineNoise(row.quantile, row.candidate, noise) && belowMachineNoise(row.quantile, row.legacy, noise)) {
    return 'both within the pauses of the machine itself';
  }
  if (belowMachineNoise(row.quantile, row.candidate, noise)) return 'candidate within the pauses of the machine itself';
  if (row.ratio !== null && row.floorRatio !== null && row.ratio.value > 0 && row.floorRatio > 0
    && Math.abs(Math.log(row.ratio.value)) <= Math.abs(Math.log(row.floorRatio))) return 'no larger than legacy against itself';
  return null;
};

/** All quantiles that any lane has, rising. */
export const quantileTable = (evidence: Evidence, kind: LatencyKind): readonly QuantileRow[] => {
  const legacy = latencyOf(evidence, 'legacy', kind);
  const candidate = latencyOf(evidence, 'candidate', kind);
  const twin = latencyOf(evidence, 'twin', kind);
  const names = new Set([legacy, candidate, twin].flatMap((latency) => Object.keys(latency?.quantilesNs ?? {})));
  return [...names]
    .map((name) => ({name, quantile: Number(name)}))
    .filter(({quantile}) => quantile > 0 && quantile < 1)
    .sort((a, b) => a.quantile - b.quantile)
    .map(({name, quantile}) => {
      const cells = {legacy: cellAt(legacy, name), candidate: cellAt(candidate, name), twin: cellAt(twin, name)};
      const row = {
        quantile, legacy: cells.legacy, candidate: cells.candidate, ratio: ratioOf(cells.legacy, cells.candidate),
        floorRatio: cells.twin !== null && cells.legacy !== null && cells.legacy.valueNs > 0 ? cells.twin.valueNs / cells.legacy.valueNs : null,
      };
      return {...row, noiseFloor: noiseFloorOf(row, evidence.noise)};
    });
};
