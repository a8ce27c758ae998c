/** How one field is compared. Bytes equal always matches first; numbers are compared from their source text. */
export type CompareRule =
  /** same JSON type and same text (numbers: same text; format-only difference is its own class) */
  | {readonly kind: 'exact'}
  /** equal as decimals, scale and notation free */
  | {readonly kind: 'decimal'}
  | {readonly kind: 'absolute'; readonly tolerance: string}
  /** |a-b| <= tolerance * max(|a|,|b|) */
  | {readonly kind: 'relative'; readonly tolerance: string}
  /** |a-b| <= absolute + relative * max(|a|,|b|), in doubles: for results of arithmetic that may lie near zero */
  | {readonly kind: 'epsilon'; readonly absolute: string; readonly relative: string}
  | {readonly kind: 'ulp'; readonly max: number}
  /** arrays as multisets, optionally keyed by a member field */
  | {readonly kind: 'unordered'; readonly key?: string}
  | {readonly kind: 'ignore'; readonly reason: string; readonly owner: string; /** ISO date, last day on which it holds */ readonly expires: string};

/** JSON pointers with `*` for one segment and `**` for any number; the most specific pattern wins. */
export interface FieldRule {
  readonly path: string;
  readonly rule: CompareRule;
  /** where it stands, `file:line`, for messages about it */
  readonly source: string;
}

export interface ComparePolicy {
  readonly default: CompareRule;
  readonly fields: readonly FieldRule[];
  /** share of field comparisons that ignore rules may take before the parity gate fails, 0..1 */
  readonly maxIgnoredShare: number;
}

/** Where cause and partition stand in a payload (JSON pointers). */
export interface CauseSelector {
  /** pointer in an input to its cause id; null: the position in the log is the cause */
  readonly input: string | null;
  /** pointer in an output to the id of the input that caused it */
  readonly output: string;
  /** `sequence`: integers that rise with the input. `key`: text ids, paired by id and order of arrival */
  readonly kind: 'sequence' | 'key';
  /** pointer to the partition (the unit of ownership), in inputs and outputs; absent value = partition `` */
  readonly partition: string;
}
