import type {Evidence, LaneName, ResourceEvidence} from '@tandem/contract';

/** CPU and memory of both lanes under the same load, all measured; null members were not. */
interface Savings {
  readonly cores: {readonly legacy: number; readonly candidate: number} | null;
  readonly memoryBytes: {readonly legacy: number; readonly candidate: number; readonly measure: 'PSS' | 'RSS'} | null;
  readonly messagesPerSecond: number | null;
}

const resourcesOf = (evidence: Evidence, lane: LaneName): ResourceEvidence | null =>
  evidence.resources.find((entry) => entry.lane === lane && entry.source !== 'unavailable') ?? null;

/** Cores that a lane kept busy: CPU time over the time in which it was fed. */
const coresOf = (resources: ResourceEvidence, durationMs: number): number => resources.cpuMs / durationMs;

export const savings = (evidence: Evidence): Savings => {
  const legacy = resourcesOf(evidence, 'legacy');
  const candidate = resourcesOf(evidence, 'candidate');
  const messagesPerSecond = evidence.durationMs > 0 ? evidence.messages / (evidence.durationMs / 1000) : null;
  if (legacy === null || candidate === null) return {cores: null, memoryBytes: null, messagesPerSecond};
  const cores = evidence.durationMs > 0 && legacy.cpuMs > 0 && candidate.cpuMs > 0
    ? {legacy: coresOf(legacy, evidence.durationMs), candidate: coresOf(candidate, evidence.durationMs)} : null;
  const pss = legacy.pssBytesMax !== null && candidate.pssBytesMax !== null;
  const memory = pss ? [legacy.pssBytesMax ?? 0, candidate.pssBytesMax ?? 0] as const : [legacy.rssBytesMax, candidate.rssBytesMax] as const;
  const memoryBytes = memory[0] > 0 && memory[1] > 0
    ? {legacy: memory[0], candidate: memory[1], measure: pss ? 'PSS' as const : 'RSS' as const} : null;
  return {cores, memoryBytes, messagesPerSecond};
};
