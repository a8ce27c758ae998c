import {OUTCOME_PRECEDENCE} from '@tandem/contract';
import type {GateResult} from '@tandem/contract';

/** What stands in the way first: acting gates by severity, then dry runs, at the end what nobody demanded; otherwise the judge's order. */
export const gatesBySeverity = (gates: readonly GateResult[]): readonly GateResult[] => {
  const rank = (gate: GateResult): number => (gate.dryRun && gate.limit === 'not demanded' ? OUTCOME_PRECEDENCE.length : OUTCOME_PRECEDENCE.indexOf(gate.outcome) + (gate.dryRun && gate.outcome !== 'pass' ? 0.5 : 0));
  return gates.map((gate, at) => ({gate, at})).sort((a, b) => rank(a.gate) - rank(b.gate) || a.at - b.at).map(({gate}) => gate);
};
