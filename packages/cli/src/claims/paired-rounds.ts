/** The median of what rounds gave, and an interval that holds the median of all such rounds with at least 95 % (by the order of the values: nothing is assumed of their shape). */
export interface MedianInterval {
  readonly median: number;
  /** -Infinity and Infinity when there are too few rounds to say anything */
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

const MISS_MAX = 0.05;

/** Rounds that were measured at different moments may differ by more than what is looked for; the median of pairs does not care. */
export const medianInterval = (values: readonly number[]): MedianInterval => {
  const sorted = values.toSorted((a, b) => a - b);
  const count = sorted.length;
  const middle = count % 2 === 1 ? sorted[(count - 1) / 2] : ((sorted[count / 2 - 1] ?? Number.NaN) + (sorted[count / 2] ?? Number.NaN)) / 2;
  // the interval from the k-th lowest to the k-th highest misses when fewer than k of the rounds lie on one side: a coin each
  let rank = 0;
  for (let missed = 0, chance = 2 ** -count; rank < count / 2; rank += 1) {
    missed += 2 * chance;
    if (missed > MISS_MAX) break;
    chance *= (count - rank) / (rank + 1);
  }
  return {median: middle ?? Number.NaN, low: rank === 0 ? -Infinity : sorted[rank - 1] as number, high: rank === 0 ? Infinity : sorted[count - rank] as number, rounds: count};
};
