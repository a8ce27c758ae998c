import {compareValues} from './compare-values.ts';
import type {OutputView} from './output-view.ts';
import {PairOutcome} from './pair-outcome.ts';
import {sameEnvelope, sameMessage} from './same-bytes.ts';
import type {Distance} from './pair-outputs.ts';
import type {PathNode} from './path-node.ts';

/** Compares two outputs field by field; outputs that are not decoded have no fields. */
export function comparePair(root: PathNode, expected: OutputView, actual: OutputView, explain = false): PairOutcome {
  const outcome = new PairOutcome(explain);
  if (expected.json !== null && actual.json !== null) compareValues({node: root, expected: expected.json.root, actual: actual.json.root}, outcome);
  return outcome;
}

/** Pairs of one cause that are compared field by field only to find out which belong together. */
const TRIALS_MAX = 20_000;

/** How far two outputs are from being each other's counterpart; see `Distance`. Beyond its trials it looks at bytes and kinds only. */
export function distanceBy(outcomeOf: (expected: OutputView, actual: OutputView) => PairOutcome): Distance {
  let trials = 0;
  return (expected, actual) => {
    if (expected.fault !== null || actual.fault !== null) return 0.45;
    if (sameMessage(expected, actual)) return 0;
    if (expected.json === null || actual.json === null) return 0.5;
    if (expected.isError !== actual.isError && expected.kind !== actual.kind) return 1.3;
    trials += 1;
    if (trials > TRIALS_MAX) return expected.kind === actual.kind ? 0.5 : Number.POSITIVE_INFINITY;
    const share = outcomeOf(expected, actual).distance;
    if (expected.kind !== actual.kind) return share < 0.5 ? 1 + share : Number.POSITIVE_INFINITY;
    return share === 0 && sameEnvelope(expected, actual) ? 0 : 0.05 + 0.85 * share;
  };
}
