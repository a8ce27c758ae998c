import type {DifferenceClass} from '@tandem/contract';
import type {JsonValue} from '../flow/bounded-json/json-value.ts';
import type {PathNode} from './path-node.ts';

/** What is wrong with one field. `shape` says in what way, for grouping. */
export interface FieldFinding {
  readonly node: PathNode;
  readonly class: DifferenceClass;
  readonly shape: string;
  /** undefined: absent */
  readonly expected: JsonValue | undefined;
  readonly actual: JsonValue | undefined;
}

/** One field as an explanation shows it. */
export interface FieldRecord {
  readonly node: PathNode;
  readonly expected: JsonValue | undefined;
  readonly actual: JsonValue | undefined;
  readonly verdict: 'equal' | 'ignored' | DifferenceClass;
}

const FINDINGS_MAX = 1024;

/** What comparing two outputs showed; collected first and booked when the pairing is final. */
export class PairOutcome {
  /** leaves that were compared, and leaves below an ignore rule */
  compared = 0;
  ignored = 0;
  /** leaves that are equal by their rule although their texts differ */
  tolerated = 0;
  /** one side has fields that the other lacks, so that the writing around them differs as well */
  reshaped = false;
  readonly findings: FieldFinding[] = [];
  /** findings beyond what one pair may hold */
  dropped = 0;
  /** places that a rule decided, once for each */
  readonly decided: PathNode[] = [];
  /** signed errors inside a tolerance, -1..1 */
  readonly errors: {readonly node: PathNode; readonly error: number}[] = [];
  /** every field, for an explanation; null when nobody asks */
  readonly records: FieldRecord[] | null;

  constructor(explain = false) {
    this.records = explain ? [] : null;
  }

  find(finding: FieldFinding): void {
    if (this.findings.length < FINDINGS_MAX) this.findings.push(finding);
    else this.dropped += 1;
    this.records?.push({node: finding.node, expected: finding.expected, actual: finding.actual, verdict: finding.class});
  }

  /** True when nothing differs but the writing. */
  get matched(): boolean {
    return this.findings.every((finding) => finding.class === 'format-only');
  }

  /** Share of fields that differ, 0..1. */
  get distance(): number {
    if (this.matched) return 0;
    return Math.min(1, (this.findings.length + this.dropped) / Math.max(1, this.compared));
  }
}
