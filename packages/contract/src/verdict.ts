/** Only `pass` promotes. */
export type Outcome = 'pass' | 'inconclusive' | 'no-data' | 'harness-loss' | 'error' | 'fail';

/** Worst first: the verdict is the first of these that any gate reached. */
export const OUTCOME_PRECEDENCE: readonly Outcome[] = ['fail', 'error', 'harness-loss', 'no-data', 'inconclusive', 'pass'];

/** One gate's answer, always with its reason. */
export interface GateResult {
  /** stable, e.g. `parity.mismatches`, `latency.p99` */
  readonly id: string;
  readonly group: 'evidence' | 'parity' | 'latency' | 'cpu' | 'memory' | 'coverage';
  readonly outcome: Outcome;
  /** shown, never acts */
  readonly dryRun: boolean;
  readonly limit: string;
  readonly seen: string;
  readonly reason: string;
  /** `file:line` of the gate in the migration, or `default` */
  readonly source: string;
}

/** The judgement of one run; a pure function of evidence and gates. */
export interface Verdict {
  readonly outcome: Outcome;
  /** one sentence for a person */
  readonly summary: string;
  readonly gates: readonly GateResult[];
  /** what was proven: messages compared and the upper bound of the mismatch rate at 95 % */
  readonly proven: {readonly messages: number; readonly mismatchRateBelow: number | null};
  /** SHA-256 of evidence.json as written */
  readonly evidenceHash: string;
}
