import type {Evidence, GateLimits, GateResult, Outcome, Verdict} from '@tandem/contract';
import {OUTCOME_PRECEDENCE} from '@tandem/contract';
import {conservationGate, laneGates, lossGate, messagesGate} from './evidence-gates.ts';
import {coverageGates} from './coverage-gates.ts';
import {ignoreGate} from './ignore-gate.ts';
import type {GateContext, GateDraft, JudgeBasis} from './judge-input.ts';
import {latencyGates} from './latency-gates.ts';
import {mismatchRateBelow} from './mismatch-bound.ts';
import {mismatchCount, mismatchGate, stateGates} from './parity-gates.ts';
import {plainCount, plainShare} from './plain-figures.ts';
import {cpuGate, memoryGate, memorySlopeGate} from './resource-gates.ts';
import {soundnessGate} from './soundness-gate.ts';
import {JUDGE_THRESHOLDS} from './thresholds.ts';

/** All gates of one run, worst kind of question first. Gates that nobody demanded are in it, dry and never `pass`. */
export function evaluateGates(context: GateContext): readonly GateResult[] {
  const drafts: readonly GateDraft[] = [
    soundnessGate(context),
    messagesGate(context),
    conservationGate(context),
    lossGate(context),
    ...laneGates(context),
    mismatchGate(context),
    ...stateGates(context),
    ignoreGate(context),
    ...latencyGates(context),
    cpuGate(context),
    memoryGate(context),
    memorySlopeGate(context),
    ...coverageGates(context),
  ];
  return drafts.map((draft) => placed(draft, context.limits));
}

/**
 * The judgement of one run. Depends on its arguments alone, so that a run folder can be judged again at any time.
 * The verdict is the worst outcome that any acting gate reached; evidence gates always act, and a run in which no other gate acts is inconclusive.
 */
export function judge(evidence: Evidence, limits: GateLimits, basis: JudgeBasis): Verdict {
  const gates = evaluateGates({evidence, limits, basis, thresholds: basis.thresholds ?? JUDGE_THRESHOLDS});
  const acting = gates.filter((gate) => !gate.dryRun);
  const outcome = worst(acting);
  const compared = evidence.parity?.conservation.compared ?? 0;
  const mismatches = evidence.parity === null ? 0 : mismatchCount(evidence.parity);
  const proven = {messages: compared, mismatchRateBelow: mismatchRateBelow(Math.min(mismatches, compared), compared)};
  return {outcome, summary: summarise(outcome, acting, proven), gates, proven, evidenceHash: basis.evidenceHash};
}

function placed(draft: GateDraft, limits: GateLimits): GateResult {
  const {demanded, ...gate} = draft;
  const dry = !demanded || (gate.group !== 'evidence' && limits.dryRun.includes(gate.id));
  return {...gate, dryRun: dry, source: limits.sources[gate.id] ?? 'default'};
}

function worst(acting: readonly GateResult[]): Outcome {
  for (const outcome of OUTCOME_PRECEDENCE) {
    if (outcome !== 'pass' && acting.some((gate) => gate.outcome === outcome)) return outcome;
  }
  return acting.some((gate) => gate.group !== 'evidence') ? 'pass' : 'inconclusive';
}

function summarise(outcome: Outcome, acting: readonly GateResult[], proven: Verdict['proven']): string {
  const bound = proven.mismatchRateBelow === null ? '' : `; fewer than ${plainShare(proven.mismatchRateBelow)} of messages mismatch (95 %)`;
  if (outcome === 'pass') return `All ${String(acting.length)} gates passed on ${plainCount(proven.messages)} compared messages${bound}.`;
  const deciding = acting.filter((gate) => gate.outcome === outcome);
  const first = deciding[0];
  if (first === undefined) return 'No gate acts, so nothing was demanded and nothing is proven.';
  const others = deciding.length > 1 ? ` and ${String(deciding.length - 1)} more` : '';
  // what stands in brackets at the end is said at the gate itself
  return `${first.id}${others}: ${first.reason.replace(/ \([^()]*\)$/, '')}`;
}
