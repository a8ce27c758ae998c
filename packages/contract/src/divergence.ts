import type {LaneName} from './lane-spec.ts';

/** One class a finding, never two. */
export type DifferenceClass =
  | 'value' | 'missing' | 'extra' | 'late' | 'duplicate' | 'reordered' | 'type' | 'schema' | 'precision' | 'format-only'
  | 'error-mismatch' | 'malformed' | 'state' | 'bias';

/** Classes that are shown and counted but do not break parity by themselves. */
export const BENIGN_CLASSES: readonly DifferenceClass[] = ['format-only'];

/** One field (or whole output) in which two lanes differ. */
export interface Divergence {
  readonly class: DifferenceClass;
  /** JSON pointer of the field; `` when the whole output is meant */
  readonly path: string;
  /** `/kind` of the output, e.g. the msgType value, to tell streams of one socket apart */
  readonly outputKind: string;
  readonly cause: string;
  readonly partition: string;
  readonly ordinal: number;
  /** position of the causing input in the log */
  readonly inputSeq: number;
  /** reference side, then the judged side; null when that side has nothing. Source text, shortened to 200 characters */
  readonly expected: string | null;
  readonly actual: string | null;
  /** which rule decided, `file:line` or `default` */
  readonly rule: string;
  /** first of its partition (root) or after an earlier root of the same partition (attributed) */
  readonly root: boolean;
}

/** Differences with the same fingerprint, biggest group first in a report. */
export interface DivergenceGroup {
  /** stable 12 hex characters of (class, path, outputKind, shape) */
  readonly fingerprint: string;
  readonly class: DifferenceClass;
  readonly path: string;
  readonly outputKind: string;
  /** a sentence that says what the group has in common, e.g. `engine rounds half up, legacy half to even` */
  readonly title: string;
  readonly count: number;
  readonly rootCount: number;
  readonly firstInputSeq: number;
  /** at most 50 */
  readonly examples: readonly Divergence[];
}

/** Which pair of lanes was compared. */
export interface ComparedPair {
  readonly expected: LaneName;
  readonly actual: LaneName;
}
