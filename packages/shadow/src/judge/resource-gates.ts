import type {LaneName, ResourceEvidence} from '@tandem/contract';
import type {GateContext, GateDraft} from './judge-input.ts';
import {plainBytes, plainCount, plainRatio} from './plain-figures.ts';
import {decideRatio, spreadOf} from './ratio-decision.ts';
import type {MeasuredRange} from './ratio-decision.ts';
import {robustSlope} from './robust-slope.ts';

type Measured = {readonly range: MeasuredRange} | {readonly missing: string};

function resourcesOf({evidence}: GateContext, lane: LaneName): ResourceEvidence | undefined {
  return evidence.resources.find((entry) => entry.lane === lane);
}

/** CPU time per message, candidate against legacy. Valid on an unsteady machine: it counts work, not waiting. */
export function cpuGate(context: GateContext): GateDraft {
  const measure = (lane: LaneName): Measured => cpuOf(resourcesOf(context, lane), lane, context.thresholds.cpuUncertaintyMs);
  return ratioGate({
    id: 'cpu.ratio', group: 'cpu', limit: context.limits.cpuRatio, what: 'CPU per message', context,
    candidate: measure('candidate'), legacy: measure('legacy'), twin: measure('twin'), show: (value) => `${plainRatio(value)} µs`,
  });
}

/** Highest memory, PSS where both sides have it (RSS counts pages shared by forked processes once for each), else RSS. */
export function memoryGate(context: GateContext): GateDraft {
  const sides = (['candidate', 'legacy'] as const).map((lane) => resourcesOf(context, lane));
  const usesPss = sides.every((side) => side !== undefined && side.pssBytesMax !== null);
  const measure = (lane: LaneName): Measured => memoryOf({entry: resourcesOf(context, lane), lane, usesPss, samplesMin: context.thresholds.memorySamplesMin});
  return ratioGate({
    id: 'memory.ratio', group: 'memory', limit: context.limits.memoryRatio, what: `highest ${usesPss ? 'PSS' : 'RSS'}`, context,
    candidate: measure('candidate'), legacy: measure('legacy'), twin: measure('twin'), show: plainBytes,
  });
}

function cpuOf(entry: ResourceEvidence | undefined, lane: LaneName, uncertaintyMs: number): Measured {
  if (entry === undefined || entry.source === 'unavailable') return {missing: `the CPU time of the ${lane} was not measured`};
  if (!(entry.cpuMs > 0) || !(entry.cpuUsPerMessage > 0)) return {missing: `the ${lane} shows no CPU time at all, which no working program does`};
  if (entry.cpuMs <= uncertaintyMs) return {missing: `the ${lane} used ${plainRatio(entry.cpuMs)} ms of CPU, no more than the ${plainRatio(uncertaintyMs)} ms by which its reading is uncertain; feed more messages`};
  const relative = uncertaintyMs / entry.cpuMs;
  return {range: {value: entry.cpuUsPerMessage, low: entry.cpuUsPerMessage * (1 - relative), high: entry.cpuUsPerMessage * (1 + relative)}};
}

function memoryOf(input: {entry: ResourceEvidence | undefined; lane: LaneName; usesPss: boolean; samplesMin: number}): Measured {
  const {entry, lane, usesPss, samplesMin} = input;
  if (entry === undefined || entry.source === 'unavailable') return {missing: `the memory of the ${lane} was not measured`};
  if (entry.samples.length < samplesMin) return {missing: `${plainCount(entry.samples.length)} samples of the ${lane}'s memory are fewer than ${plainCount(samplesMin)}`};
  const bytes = usesPss ? entry.pssBytesMax : entry.rssBytesMax;
  if (bytes === null || !(bytes > 0)) return {missing: `the memory of the ${lane} reads as nothing`};
  return {range: {value: bytes, low: bytes, high: bytes}};
}

interface RatioGateInput {
  readonly id: string;
  readonly group: 'cpu' | 'memory';
  readonly limit: number | null;
  readonly what: string;
  readonly context: GateContext;
  readonly candidate: Measured;
  readonly legacy: Measured;
  readonly twin: Measured;
  readonly show: (value: number) => string;
}

function ratioGate(input: RatioGateInput): GateDraft {
  const {candidate, legacy, twin, show, limit} = input;
  const text = (side: Measured): string => ('range' in side ? show(side.range.value) : 'not measured');
  const ratio = 'range' in candidate && 'range' in legacy ? `${plainRatio(candidate.range.value / legacy.range.value)} x: ` : '';
  const seen = `${ratio}candidate ${text(candidate)}, legacy ${text(legacy)}`;
  if (limit === null) return {id: input.id, group: input.group, demanded: false, outcome: 'inconclusive', limit: 'not demanded', seen, reason: 'no limit is set; shown only'};
  const base = {id: input.id, group: input.group, demanded: true, limit: `candidate ${input.what} <= ${plainRatio(limit)} x legacy`, seen} as const;
  if ('missing' in candidate) return {...base, outcome: 'inconclusive', reason: candidate.missing};
  if ('missing' in legacy) return {...base, outcome: 'inconclusive', reason: legacy.missing};
  if ('missing' in twin && input.context.evidence.lanes.some((lane) => lane.lane === 'twin')) return {...base, outcome: 'inconclusive', reason: `the floor is unknown: ${twin.missing}`};
  const floorSpread = spreadOf(legacy.range.value, 'range' in twin ? twin.range.value : null);
  const floor = floorSpread === null ? 'no twin ran, so the floor is unknown' : `legacy and twin are ${plainRatio(floorSpread)} x apart`;
  const decision = decideRatio({candidate: candidate.range, legacy: legacy.range, limit, disturbance: 0, floorSpread});
  const value = `${input.what} is ${plainRatio(candidate.range.value / legacy.range.value)} x the legacy's`;
  if (decision === 'within') return {...base, outcome: 'pass', reason: `${value}; ${floor}`};
  if (decision === 'above') return {...base, outcome: 'fail', reason: `${value}, above ${plainRatio(limit)} x; ${floor}`};
  if (decision === 'below-floor') return {...base, outcome: 'inconclusive', reason: `${value}, nearer to the limit of ${plainRatio(limit)} x than the legacy is to its own twin: ${floor}`};
  return {...base, outcome: 'inconclusive', reason: `${value}, within what the reading is uncertain by of the limit of ${plainRatio(limit)} x; feed more messages`};
}

/** Growth of the candidate's RSS per hour, without the warm-up. */
export function memorySlopeGate(context: GateContext): GateDraft {
  const {limits, thresholds, evidence} = context;
  const limit = limits.memorySlopeBytesPerHour;
  const entry = resourcesOf(context, 'candidate');
  const samples = entry?.samples ?? [];
  const warm = samples.slice(Math.floor(samples.length * thresholds.slopeWarmupShare));
  const slope = robustSlope(warm.map((sample) => ({tNs: sample.tMonoNs, value: sample.rssBytes})));
  const seen = slope === null ? 'not measured' : `${plainBytes(slope.perHour)}/h${slope.interval === null ? '' : ` [${plainBytes(slope.interval[0])}/h, ${plainBytes(slope.interval[1])}/h]`}`;
  if (limit === null) return {id: 'memory.slope', group: 'memory', demanded: false, outcome: 'inconclusive', limit: 'not demanded', seen, reason: 'no limit is set; shown only'};
  const base = {id: 'memory.slope', group: 'memory', demanded: true, limit: `candidate grows by at most ${plainBytes(limit)}/h`, seen} as const;
  if (entry === undefined || entry.source === 'unavailable') return {...base, outcome: 'inconclusive', reason: 'the memory of the candidate was not measured'};
  if (slope === null || slope.interval === null) return {...base, outcome: 'inconclusive', reason: `${plainCount(warm.length)} samples after the warm-up are too few for a slope`};
  if (!(evidence.durationMs >= thresholds.slopeDurationMsMin)) {
    return {...base, outcome: 'inconclusive', reason: `growth cannot be told from warming up in ${plainRatio(evidence.durationMs / 1000)} s; ${plainRatio(thresholds.slopeDurationMsMin / 1000)} s are needed`};
  }
  if (slope.interval[1] <= limit) return {...base, outcome: 'pass', reason: `even the upper end of the slope, ${plainBytes(slope.interval[1])}/h, is within the limit`};
  if (slope.interval[0] > limit) return {...base, outcome: 'fail', reason: `even the lower end of the slope, ${plainBytes(slope.interval[0])}/h, is above the limit`};
  return {...base, outcome: 'inconclusive', reason: `the slope's interval straddles the limit of ${plainBytes(limit)}/h; a longer run narrows it`};
}
