import {compareValues} from './compare-values.ts';
import type {OutputView} from './output-view.ts';
import {PairOutcome} from './pair-outcome.ts';
import {sameBytes} from './pair-outputs.ts';
import type {PathNode} from './path-node.ts';

/** Compares two outputs field by field; outputs that are not decoded have no fields. */
export function comparePair(root: PathNode, expected: OutputView, actual: OutputView, explain = false): PairOutcome {
  const outcome = new PairOutcome(explain);
  if (expected.json !== null && actual.json !== null) compareValues({node: root, expected: expected.json.root, actual: actual.json.root}, outcome);
  return outcome;
}

/** How far two outputs are from being each other's counterpart; see `Distance`. */
export function distanceBetween(expected: OutputView, actual: OutputView, outcomeOf: () => PairOutcome): number {
  if (expected.fault !== null || actual.fault !== null) return 0.45;
  if (expected.json === null) return sameBytes(expected.payload, actual.payload) ? 0 : 0.5;
  if (expected.isError !== actual.isError && expected.kind !== actual.kind) return 1.3;
  const share = outcomeOf().distance;
  if (expected.kind !== actual.kind) return share < 0.5 ? 1 + share : Number.POSITIVE_INFINITY;
  return share === 0 ? 0 : 0.05 + 0.85 * share;
}
