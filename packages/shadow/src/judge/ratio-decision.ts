/** A measured figure with what is known about it; `high` null = no upper end. Any unit, the same on both sides. */
export interface MeasuredRange {
  readonly value: number;
  readonly low: number;
  readonly high: number | null;
}

export interface RatioQuestion {
  readonly candidate: MeasuredRange;
  readonly legacy: MeasuredRange;
  /** highest allowed candidate / legacy */
  readonly limit: number;
  /** how much the machine may have added to any figure, same unit; 0 = undisturbed */
  readonly disturbance: number;
  /** legacy / twin or twin / legacy, whichever is above 1; null = no twin */
  readonly floorSpread: number | null;
}

/** How many times the floor's distance an answer must lie from the limit to stand in a disturbed run. */
const CLEAR_FACTOR = 3;
/** A twin that happens to agree exactly does not make the floor 0. */
const FLOOR_SPREAD_MIN = 1.1;

/** `within` passes, `above` fails; the others say why neither can be said. */
export type RatioAnswer = 'within' | 'above' | 'straddles' | 'disturbed' | 'below-floor';

/**
 * Non-inferiority with confidence ends: within when even the candidate's upper end is at most limit * the legacy's lower end,
 * above when even the candidate's lower end exceeds limit * the legacy's upper end. With 95 % intervals each of the two errs in at most 5 %.
 * A disturbance can only have added: it is taken off the side on which it would have helped the answer. An answer that this does not carry
 * still stands when a twin ran in the same disturbance and the distance to the limit is three times that between legacy and twin.
 * A distance to the limit that is smaller than the legacy's distance from its own twin answers nothing.
 */
export function decideRatio(question: RatioQuestion): RatioAnswer {
  const calm = compareEnds(question, 0);
  if (calm === 'open') return 'straddles';
  if (question.disturbance > 0 && compareEnds(question, question.disturbance) !== calm && !clearOfFloor(question)) return 'disturbed';
  if (question.floorSpread !== null && margin(question) < Math.log(question.floorSpread)) return 'below-floor';
  return calm;
}

function compareEnds({candidate, legacy, limit}: RatioQuestion, disturbance: number): 'within' | 'above' | 'open' {
  if (candidate.high !== null && candidate.high <= limit * Math.max(0, legacy.low - disturbance)) return 'within';
  if (legacy.high !== null && Math.max(0, candidate.low - disturbance) > limit * legacy.high) return 'above';
  return 'open';
}

function clearOfFloor(question: RatioQuestion): boolean {
  if (question.floorSpread === null) return false;
  return margin(question) >= CLEAR_FACTOR * Math.max(Math.log(question.floorSpread), Math.log(FLOOR_SPREAD_MIN));
}

/** |ln(ratio / limit)|; a limit of 0 is infinitely far away. */
function margin({candidate, legacy, limit}: RatioQuestion): number {
  return Math.abs(Math.log(candidate.value / legacy.value / limit));
}

/** Spread of the floor: max(a / b, b / a); null when a side is missing, not a number or zero. */
export function spreadOf(legacy: number | null | undefined, twin: number | null | undefined): number | null {
  if (legacy === null || legacy === undefined || twin === null || twin === undefined) return null;
  const spread = Math.max(legacy / twin, twin / legacy);
  return Number.isFinite(spread) ? spread : null;
}
