import type {CollectorEvidence} from '@tandem/contract';

/** What a lane says of its collections at its end: Python reports `gc` with a count, the engine `collector` with pauses. Nothing of it is trusted. */
interface LaneWord {
  readonly gc?: Partial<Collections>;
  readonly collector?: Partial<Collections>;
}
interface Collections {
  readonly count: number;
  readonly pauses: number;
  readonly totalMs: number;
  readonly maxMs: number;
  /** the longest of them, longest first; CLOCK_MONOTONIC */
  readonly longest: readonly {readonly atNs: number; readonly ms: number}[];
}

/** @param turns [begin, end] of each measured turn of the lane, CLOCK_MONOTONIC ns. @returns null: the lane says nothing */
export function collectorEvidence(stats: unknown, turns: readonly (readonly [number, number])[]): CollectorEvidence | null {
  const own = (stats ?? {}) as LaneWord;
  const {totalMs, maxMs, longest, pauses, count} = own.collector ?? own.gc ?? {};
  const many = pauses ?? count;
  if (many === undefined || totalMs === undefined || maxMs === undefined) return null;
  const figures = {pauses: many, totalMs, maxMs};
  return turns.length === 0 || !Array.isArray(longest) ? figures : {...figures, inTurnsMaxMs: longestIn(longest.filter(({atNs, ms}) => Number.isFinite(atNs) && ms >= 0), many, turns)};
}

/** Where none of those kept began in a turn, one that was not kept may have: it was at most as long as the shortest that was. */
function longestIn(longest: Collections['longest'], pauses: number, turns: readonly (readonly [number, number])[]): number {
  const inTurns = longest.filter(({atNs}) => turns.some(([begin, end]) => atNs >= begin && atNs <= end));
  const unkept = longest.length < pauses ? longest.at(-1)?.ms ?? 0 : 0;
  return Math.max(unkept, ...inTurns.map(({ms}) => ms));
}
