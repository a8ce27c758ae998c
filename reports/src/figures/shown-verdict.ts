import {OUTCOME_PRECEDENCE} from '@tandem/contract';
import type {GateResult, Outcome} from '@tandem/contract';
import type {Run} from '../read-run.ts';

/** The verdict as a report may show it: never better than the judge's, worse when the folder contradicts it. */
export interface ShownVerdict {
  readonly outcome: Outcome;
  /** the judge's sentence, or why it does not stand */
  readonly summary: string;
  /** what the result says, as written; null without a result */
  readonly judged: {readonly outcome: Outcome; readonly summary: string} | null;
  readonly gates: readonly GateResult[];
  readonly proven: {readonly messages: number; readonly mismatchRateBelow: number | null} | null;
  /** does evidence.json have the hash that was judged? null: nothing to check */
  readonly evidenceVerified: boolean | null;
  /** why the judge's word was lowered; null when it stands */
  readonly loweredBecause: string | null;
}

const worse = (a: Outcome, b: Outcome): Outcome => (OUTCOME_PRECEDENCE.indexOf(a) <= OUTCOME_PRECEDENCE.indexOf(b) ? a : b);

const doubts = (run: Run, evidenceVerified: boolean | null): readonly (readonly [Outcome, string])[] => [
  ...(evidenceVerified === false ? [['error', 'the evidence file is not the one that was judged: its hash differs'] as const] : []),
  ...(run.result !== null && run.result.runId !== run.manifest.runId ? [['error', 'the result belongs to another run'] as const] : []),
  ...(run.evidence === null ? [['no-data', 'there is no readable evidence'] as const] : []),
  ...(run.incomplete.length > 0 ? [['inconclusive', run.incomplete[0] ?? 'the run is incomplete'] as const] : []),
];

const summaryOf = (said: Outcome, summary: string | null, loweredBecause: string | null): string => {
  if (summary === null) return 'Nothing was judged: this run folder holds no readable result.';
  return loweredBecause === null ? summary : `The written verdict, ${said}, does not stand: ${loweredBecause}.`;
};

/** Lowers the judge's outcome to the worst doubt that the run folder raises. */
export const shownVerdict = (run: Run): ShownVerdict => {
  const verdict = run.result?.verdict ?? null;
  const judged = verdict?.evidenceHash.replace(/^sha256[:-]/, '').toLowerCase() ?? null;
  const evidenceVerified = judged === null || run.evidenceHash === null ? null : judged === run.evidenceHash;
  const said: Outcome = verdict?.outcome ?? 'no-data';
  let outcome = said;
  let loweredBecause: string | null = null;
  for (const [doubt, why] of doubts(run, evidenceVerified)) {
    if (worse(doubt, outcome) === outcome) continue;
    outcome = doubt;
    loweredBecause = why;
  }
  // a result that says pass while one of its own gates does not contradicts itself
  const acting = (verdict?.gates ?? []).filter((gate) => !gate.dryRun).reduce<Outcome>((worst, gate) => worse(gate.outcome, worst), 'pass');
  if (verdict !== null && worse(acting, outcome) !== outcome) {
    outcome = acting;
    loweredBecause = `a gate says ${acting} while the result says ${said}`;
  }
  return {
    outcome, evidenceVerified, loweredBecause,
    summary: summaryOf(said, verdict?.summary ?? null, loweredBecause),
    judged: verdict === null ? null : {outcome: verdict.outcome, summary: verdict.summary},
    gates: verdict?.gates ?? [],
    // what was proven, was proven from the evidence that was judged
    proven: evidenceVerified === true ? verdict?.proven ?? null : null,
  };
};
