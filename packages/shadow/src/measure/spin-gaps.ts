/** What a loop that does nothing but read the clock saw. */
export interface SpinGaps {
  readonly spinMs: number;
  /** pauses above 50 µs */
  readonly gaps: number;
  readonly worstGapNs: number;
  /** their sum, ns */
  readonly gapsNs: number;
  /** the longest of them, at most 4096, ns */
  readonly longestNs: readonly number[];
}

export const GAP_NS = 50_000;
const WARM_UP_ROUNDS = 20_000;
const KEPT_MAX = 4096;

/** Spins for `spinMs` and counts pauses above 50 µs: time that somebody else took. Blocks the thread. */
export function spinForGaps(spinMs: number, nowNs: () => number): SpinGaps {
  // Compiling the loop is a pause of its own and not the machine's.
  for (let round = 0; round < WARM_UP_ROUNDS; round++) nowNs();
  const startNs = nowNs();
  const endNs = startNs + spinMs * 1e6;
  let gaps = 0;
  let worstGapNs = 0;
  let gapsNs = 0;
  let lastNs = startNs;
  let seenNs: number[] = [];
  while (lastNs < endNs) {
    const tNs = nowNs();
    const gapNs = tNs - lastNs;
    lastNs = tNs;
    if (gapNs <= GAP_NS) continue;
    gaps += 1;
    gapsNs += gapNs;
    if (gapNs > worstGapNs) worstGapNs = gapNs;
    seenNs.push(gapNs);
    if (seenNs.length > 2 * KEPT_MAX) seenNs = longest(seenNs);
  }
  return {spinMs: (lastNs - startNs) / 1e6, gaps, worstGapNs, gapsNs, longestNs: longest(seenNs)};
}

/**
 * How long something that comes at any moment is held up by such pauses, at a quantile, ns: who comes into a pause waits for what is left of it.
 * 0 where pauses take less time than lies above the quantile.
 */
export function heldUpNs(spins: readonly SpinGaps[], quantile: number): number {
  const totalNs = spins.reduce((sum, {spinMs}) => sum + spinMs * 1e6, 0);
  const gapsNs = spins.flatMap(({longestNs}) => longestNs);
  const heldLonger = (limitNs: number): number => gapsNs.reduce((sum, gapNs) => sum + Math.max(0, gapNs - limitNs), 0);
  const allowedNs = totalNs * (1 - quantile);
  if (heldLonger(0) <= allowedNs) return 0;
  let [low, high] = [0, gapsNs.reduce((worst, gapNs) => Math.max(worst, gapNs), 0)];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (heldLonger(middle) > allowedNs) low = middle;
    else high = middle;
  }
  return high;
}

const longest = (gapsNs: readonly number[]): number[] => gapsNs.toSorted((a, b) => b - a).slice(0, KEPT_MAX);
