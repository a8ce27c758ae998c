import type {OutputView} from './output-view.ts';
import type {PairOutcome} from './pair-outcome.ts';

/** Comparing two outputs of one cause happens once, however often pairing asks. */
export class OutcomeCache {
  readonly #compare: (expected: OutputView, actual: OutputView) => PairOutcome;
  readonly #known = new Map<OutputView, Map<OutputView, PairOutcome>>();

  constructor(compare: (expected: OutputView, actual: OutputView) => PairOutcome) {
    this.#compare = compare;
  }

  of(expected: OutputView, actual: OutputView): PairOutcome {
    let row = this.#known.get(expected);
    if (row === undefined) this.#known.set(expected, row = new Map());
    let outcome = row.get(actual);
    if (outcome === undefined) row.set(actual, outcome = this.#compare(expected, actual));
    return outcome;
  }
}
