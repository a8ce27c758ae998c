/** What a loop that does nothing but read the clock saw. */
export interface SpinGaps {
  readonly spinMs: number;
  /** pauses above 50 µs */
  readonly gaps: number;
  readonly worstGapNs: number;
  /** their sum, ns */
  readonly gapsNs: number;
}

export const GAP_NS = 50_000;
const WARM_UP_ROUNDS = 20_000;

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
  while (lastNs < endNs) {
    const tNs = nowNs();
    const gapNs = tNs - lastNs;
    lastNs = tNs;
    if (gapNs <= GAP_NS) continue;
    gaps += 1;
    gapsNs += gapNs;
    if (gapNs > worstGapNs) worstGapNs = gapNs;
  }
  return {spinMs: (lastNs - startNs) / 1e6, gaps, worstGapNs, gapsNs};
}
