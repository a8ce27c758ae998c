import type {ComparePolicy, Evidence, GateLimits, GateResult} from '@tandem/contract';
import type {JudgeThresholds} from './thresholds.ts';

/** One ignore rule, as the migration or a run's manifest states it. */
export interface Waiver {
  readonly path: string;
  readonly reason: string;
  readonly owner: string;
  /** ISO date, last day on which it holds */
  readonly expires: string;
  /** `file:line`, the key of ParityEvidence.ruleHits; null where the manifest does not tell */
  readonly source: string | null;
}

export interface WaiverPolicy {
  /** share of field comparisons that ignore rules may take, 0..1 */
  readonly maxIgnoredShare: number;
  readonly ignores: readonly Waiver[];
}

/** What the judgement rests on beside evidence and limits; all of it stands in the run folder. */
export interface JudgeBasis {
  /** SHA-256 of evidence.json as written */
  readonly evidenceHash: string;
  /** ISO date of the judgement, against which waivers expire */
  readonly judgedOn: string;
  readonly waivers: WaiverPolicy;
  /** the judge's own limits; JUDGE_THRESHOLDS when left out */
  readonly thresholds?: JudgeThresholds;
}

/** Everything a gate may look at. */
export interface GateContext {
  readonly evidence: Evidence;
  readonly limits: GateLimits;
  readonly basis: JudgeBasis;
  readonly thresholds: JudgeThresholds;
}

/** A gate's answer before it is known where it stands and whether it acts; `demanded: false` = shown only. */
export interface GateDraft extends Omit<GateResult, 'dryRun' | 'source'> {
  readonly demanded: boolean;
}

/** Ignore rules of a compare policy as waivers. */
export function waiversOf(policy: ComparePolicy): WaiverPolicy {
  const ignores: Waiver[] = [];
  for (const field of policy.fields) {
    if (field.rule.kind !== 'ignore') continue;
    const {reason, owner, expires} = field.rule;
    ignores.push({path: field.path, reason, owner, expires, source: field.source});
  }
  return {maxIgnoredShare: policy.maxIgnoredShare, ignores};
}
