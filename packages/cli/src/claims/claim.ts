/** Areas grow with the product. */
export const CLAIM_AREAS = ['order', 'tap', 'parity', 'cutover', 'market', 'signals', 'stream', 'ux'] as const;
export type ClaimArea = (typeof CLAIM_AREAS)[number];

/** What one measurement gave. `holds: null` = cannot be measured on this machine; the condition says why. */
export interface ClaimFigure {
  readonly figure: number | null;
  readonly holds: boolean | null;
  readonly conditions: string;
}

/** One sentence that the project states about itself, and the way to measure it. */
export interface Claim {
  readonly id: string;
  readonly area: ClaimArea;
  readonly claim: string;
  readonly unit: string;
  /** as text, e.g. `<= 0.15` */
  readonly goal: string;
  measure(context: ClaimContext): Promise<ClaimFigure>;
}

export interface ClaimContext {
  readonly seed: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** One row of the result, as `--json` prints it. */
export interface ClaimResult extends ClaimFigure {
  readonly id: string;
  readonly area: ClaimArea;
  readonly claim: string;
  readonly unit: string;
  readonly goal: string;
  readonly seconds: number;
}

/** `<= x`, `>= x`, `= x` against a figure; the only place where a goal is compared. */
export const meets = (goal: string, figure: number): boolean => {
  const match = /^(<=|>=|=|<|>)\s*([\d._]+)$/.exec(goal);
  if (match === null) throw new RangeError(`goal "${goal}" is not a comparison`);
  const limit = Number((match[2] as string).replaceAll('_', ''));
  switch (match[1]) {
    case '<=': return figure <= limit;
    case '>=': return figure >= limit;
    case '<': return figure < limit;
    case '>': return figure > limit;
    default: return figure === limit;
  }
};

/** A figure that decides by its goal alone. */
export const decided = (goal: string, figure: number, conditions: string): ClaimFigure => ({figure, holds: Number.isFinite(figure) && meets(goal, figure), conditions});

/** A figure of repeated rounds: it decides only when its whole interval lies on one side of the goal. */
export const decidedByInterval = (goal: string, {median, low, high}: {readonly median: number; readonly low: number; readonly high: number}, conditions: string): ClaimFigure => {
  const [best, worst] = [meets(goal, low), meets(goal, high)];
  const isKnown = Number.isFinite(median) && !Number.isNaN(low) && !Number.isNaN(high);
  return {figure: Number.isFinite(median) ? median : null, holds: isKnown && best === worst ? best : null, conditions};
};

/** What this machine cannot measure, and why. */
export const notHere = (why: string): ClaimFigure => ({figure: null, holds: null, conditions: why});
