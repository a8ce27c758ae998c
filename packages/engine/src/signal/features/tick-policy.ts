/** What happens to ticks that are not as they should be. Everything is counted, whatever happens. */
export interface TickPolicy {
  /** `pass`: windows show NaN until the value has left, recursive features hold the last finite value. `reject`: as if the tick had not been */
  readonly nonFinite: 'pass' | 'reject';
  /** a tick that is older than the last one of its symbol */
  readonly backwards: 'reject' | 'accept';
  /** a longer silence of one symbol than this is a gap */
  readonly gapUs: number;
  /** `reset`: the symbol begins anew, and is cold */
  readonly onGap: 'count' | 'reset';
}

export const DEFAULT_POLICY: TickPolicy = {nonFinite: 'pass', backwards: 'reject', gapUs: Number.POSITIVE_INFINITY, onGap: 'count'};

/** Counts since the beginning. */
export interface TickCounts {
  taken: number;
  nonFinite: number;
  backwards: number;
  gaps: number;
  unknownSymbol: number;
}

/** Why a tick was not taken; 0 when it was. */
export const TAKEN = 0, UNKNOWN_SYMBOL = 1, BACKWARDS = 2, NOT_FINITE = 3;
