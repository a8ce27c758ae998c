import type {LatencyEvidence, LaneName} from '@tandem/contract';
import type {GateContext, GateDraft} from './judge-input.ts';
import {plainCount, plainNs, plainRatio, plainShare} from './plain-figures.ts';
import {decideRatio, spreadOf} from './ratio-decision.ts';
import type {MeasuredRange, RatioAnswer} from './ratio-decision.ts';

const TAIL_QUANTILE = 0.999;
const SAMPLES_ABOVE = 10;

/** `0.99` -> `p99`, `0.999` -> `p99.9` */
export function quantileName(quantile: string): string {
  return `p${String(Number((Number(quantile) * 100).toPrecision(10)))}`;
}

/** One gate per demanded quantile of response time; p99 shown when none is demanded. */
export function latencyGates(context: GateContext): readonly GateDraft[] {
  const demanded = Object.entries(context.limits.latencyRatio);
  if (demanded.length === 0) return [shownOnly(context)];
  return demanded.map(([quantile, limit]) => latencyGate(context, quantile, limit));
}

function responseOf(context: GateContext, lane: LaneName): LatencyEvidence | undefined {
  return context.evidence.latency.find((entry) => entry.lane === lane && entry.kind === 'response');
}

function shownOnly(context: GateContext): GateDraft {
  return {
    id: 'latency.p99', group: 'latency', demanded: false, outcome: 'inconclusive', limit: 'not demanded',
    seen: seenText(responseOf(context, 'candidate'), responseOf(context, 'legacy'), '0.99'), reason: 'no limit is set; shown only',
  };
}

function latencyGate(context: GateContext, quantile: string, limit: number): GateDraft {
  const name = quantileName(quantile);
  const candidate = responseOf(context, 'candidate');
  const legacy = responseOf(context, 'legacy');
  const base = {
    id: `latency.${name}`, group: 'latency', demanded: true,
    limit: `candidate ${name} <= ${plainRatio(limit)} x legacy`, seen: seenText(candidate, legacy, quantile),
  } as const;
  const open = (reason: string): GateDraft => ({...base, outcome: 'inconclusive', reason});
  if (candidate === undefined || legacy === undefined) return open(`no response times of the ${candidate === undefined ? 'candidate' : 'legacy'} were measured`);
  const saturated = saturation(candidate, quantile);
  if (saturated !== null) return {...base, outcome: 'fail', reason: saturated};
  const twin = responseOf(context, 'twin');
  const unusable = unusableReason(context, twin === undefined ? [candidate, legacy] : [candidate, legacy, twin], quantile);
  if (unusable !== null) return open(unusable);
  const candidateRange = rangeOf(candidate, quantile);
  const legacyRange = rangeOf(legacy, quantile);
  if (candidateRange === null || legacyRange === null) return open(`${name} has no value or interval: it needs at least ${plainCount(SAMPLES_ABOVE)} samples above it on both sides, about ${plainCount(SAMPLES_ABOVE / (1 - Number(quantile)))} in all`);
  const doubt = doubts(context, quantile);
  if (doubt.unmeasured) return open('the steadiness of the machine was not measured, so wall-clock percentiles prove nothing');
  const floorSpread = spreadOf(legacy.quantilesNs[quantile], twin?.quantilesNs[quantile]);
  if (floorSpread === null && context.evidence.lanes.some((lane) => lane.lane === 'twin')) return open(`a twin ran but its ${name} was not measured, so the floor is unknown`);
  const decision = decideRatio({candidate: candidateRange, legacy: legacyRange, limit, disturbance: doubt.disturbanceNs, floorSpread});
  return {...base, ...worded({decision, name, limit, ranges: [candidateRange, legacyRange], doubt, floorSpread})};
}

interface Doubt {
  readonly unmeasured: boolean;
  /** what stalls and pauses may have added to a latency, ns; 0 = machine and harness were steady */
  readonly disturbanceNs: number;
  readonly reasons: readonly string[];
}

function doubts({evidence, thresholds}: GateContext, quantile: string): Doubt {
  const noise = evidence.noise;
  if (noise === null || !Number.isFinite(evidence.harnessStallNsMax)) return {unmeasured: true, disturbanceNs: 0, reasons: []};
  const reasons: string[] = [];
  if (evidence.harnessStallNsMax > thresholds.harnessStallNsMax) reasons.push(`the harness itself stalled for ${plainNs(evidence.harnessStallNsMax)}`);
  if (!noise.steady) reasons.push(...(noise.reasons.length > 0 ? noise.reasons : ['the machine was unsteady']));
  const stallNs = reasons.length === 0 ? 0 : Math.max(evidence.harnessStallNsMax, noise.worstGapNs, 1);
  // a machine within every limit still pauses: what its pauses reach at this quantile is no latency of a lane's own
  const heldUpNs = noise.heldUpNs?.[quantile] ?? 0;
  if (heldUpNs > 0) reasons.push(`pauses of the machine hold up ${plainNs(heldUpNs)} at ${quantileName(quantile)}`);
  return {unmeasured: false, disturbanceNs: Math.max(stallNs, heldUpNs), reasons};
}

/** Latencies beyond the recordable range are a finding about the candidate, not a hole in the data. */
function saturation(candidate: LatencyEvidence, quantile: string): string | null {
  const q = Number(quantile);
  const share = candidate.overflow / Math.max(1, candidate.count);
  if (candidate.overflow <= 0 || (q < TAIL_QUANTILE && share < 1 - q)) return null;
  return `${plainCount(candidate.overflow)} of ${plainCount(candidate.count)} response times of the candidate lie beyond the recordable range (up to ${plainNs(candidate.maxNs)})`;
}

function unusableReason({evidence, thresholds}: GateContext, sides: readonly LatencyEvidence[], quantile: string): string | null {
  for (const side of sides) {
    const share = side.invalid / Math.max(1, side.count + side.invalid);
    if (!(share <= thresholds.invalidShareMax)) {
      return `${plainCount(side.invalid)} response times of the ${side.lane} were negative or not a number (${plainShare(share)}, limit ${plainShare(thresholds.invalidShareMax)}): its clock or pairing is wrong`;
    }
  }
  if (evidence.pacing.mode === 'max') return 'inputs were sent as fast as possible, without planned times, so response times measure the queue; use a rate or the recorded times';
  if (!(evidence.pacing.latePlannedShare <= 1 - Number(quantile))) {
    return `the harness sent ${plainShare(evidence.pacing.latePlannedShare)} of the inputs late, more than the share above ${quantileName(quantile)}, so this percentile measures the harness`;
  }
  return null;
}

function rangeOf(side: LatencyEvidence, quantile: string): MeasuredRange | null {
  const value = side.quantilesNs[quantile];
  const interval = side.intervalsNs[quantile];
  if (value === undefined || interval === undefined || !(value >= 0) || !(interval[0] >= 0)) return null;
  return {value, low: interval[0], high: interval[1]};
}

function seenText(candidate: LatencyEvidence | undefined, legacy: LatencyEvidence | undefined, quantile: string): string {
  const side = (entry: LatencyEvidence | undefined): string => {
    const value = entry?.quantilesNs[quantile];
    if (value === undefined) return 'not measured';
    const interval = entry?.intervalsNs[quantile];
    return interval === undefined ? plainNs(value) : `${plainNs(value)} [${plainNs(interval[0])}, ${plainNs(interval[1])}]`;
  };
  const [above, below] = [candidate?.quantilesNs[quantile], legacy?.quantilesNs[quantile]];
  const ratio = above !== undefined && below !== undefined && below > 0 ? `${plainRatio(above / below)} x: ` : '';
  return `${ratio}candidate ${side(candidate)}, legacy ${side(legacy)}`;
}

function worded(input: {
  decision: RatioAnswer; name: string; limit: number; ranges: readonly [MeasuredRange, MeasuredRange]; doubt: Doubt; floorSpread: number | null;
}): Pick<GateDraft, 'outcome' | 'reason'> {
  const {decision, name, limit, ranges: [candidate, legacy], doubt, floorSpread} = input;
  const despite = doubt.reasons.length === 0 ? '' : `, clear in spite of ${doubt.reasons.join('; ')}`;
  const floor = floorSpread === null ? '; no twin ran, so the floor is unknown' : `; legacy and twin are ${plainRatio(floorSpread)} x apart`;
  if (decision === 'within') {
    return {outcome: 'pass', reason: `even the upper end ${plainNs(candidate.high)} is within ${plainRatio(limit)} x the legacy's lower end ${plainNs(legacy.low)}${despite}${floor}`};
  }
  if (decision === 'above') {
    return {outcome: 'fail', reason: `even the lower end ${plainNs(candidate.low)} exceeds ${plainRatio(limit)} x the legacy's upper end ${plainNs(legacy.high)}${despite}${floor}`};
  }
  if (decision === 'disturbed') return {outcome: 'inconclusive', reason: `${doubt.reasons.join('; ')}; the difference is not large enough to stand in spite of it`};
  if (decision === 'below-floor') {
    return {outcome: 'inconclusive', reason: `the distance to the limit is smaller than that between the legacy and its own twin (${plainRatio(floorSpread ?? 1)} x at ${name})`};
  }
  return {outcome: 'inconclusive', reason: `the intervals straddle the limit of ${plainRatio(limit)} x: candidate ${plainNs(candidate.low)} to ${plainNs(candidate.high)}, legacy ${plainNs(legacy.low)} to ${plainNs(legacy.high)}; more messages narrow them`};
}
