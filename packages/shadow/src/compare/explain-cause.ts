import type {ComparePolicy, DifferenceClass} from '@tandem/contract';
import {createJsonDecoder} from '../flow/bounded-json/decode-json.ts';
import {textOf, textOfBytes} from '../flow/bounded-json/json-text.ts';
import type {JsonValue} from '../flow/bounded-json/json-value.ts';
import type {SettledCause} from '../flow/settled-cause.ts';
import type {CompareOptions} from './compare-options.ts';
import {comparePair, distanceBy} from './compare-pair.ts';
import {OutcomeCache} from './outcome-cache.ts';
import {OutputReader} from './output-view.ts';
import type {OutputView} from './output-view.ts';
import type {FieldRecord} from './pair-outcome.ts';
import {pairOutputs} from './pair-outputs.ts';
import type {Pairing} from './pair-outputs.ts';
import {PathNode} from './path-node.ts';
import {RuleTable} from './rule-table.ts';
import {sameMessage} from './same-bytes.ts';
import {loneDifference, wholeDifference, writingDifference} from './whole-outputs.ts';

const TEXT_MAX = 4096;

/** One field of a pair: both texts (null: absent), the rule that holds there and what it says. */
export interface ExplainedField {
  readonly path: string;
  readonly expected: string | null;
  readonly actual: string | null;
  /** `file:line` or `default`, and the rule's kind */
  readonly rule: string;
  readonly ruleKind: string;
  readonly verdict: 'equal' | 'ignored' | DifferenceClass;
}

/** Two outputs side by side, or one without partner. */
export interface ExplainedPair {
  readonly outputKind: string;
  readonly partition: string;
  readonly ordinal: number;
  readonly expected: string | null;
  readonly actual: string | null;
  readonly bytesEqual: boolean;
  /** of the pair as a whole; `equal` also when fields are only ignored or written otherwise */
  readonly verdict: 'equal' | 'different' | DifferenceClass;
  /** what the verdict rests on, in words; `` when the fields say it */
  readonly reason: string;
  readonly fields: readonly ExplainedField[];
}

export interface Explanation {
  readonly inputSeq: number;
  readonly cause: string;
  /** null when the input is not known */
  readonly input: string | null;
  readonly pairs: readonly ExplainedPair[];
}

/** Everything that was looked at when this cause was compared, field by field. */
export function explainCause(settled: SettledCause, policy: ComparePolicy, options: CompareOptions): Explanation {
  const root = PathNode.root(new RuleTable(policy, options.today));
  const reader = new OutputReader(createJsonDecoder(), options);
  const outcomes = new OutcomeCache((one, other) => comparePair(root, one, other, true));
  const pairings = pairOutputs(
    settled.expected.map((output) => reader.view(output)),
    settled.actual.map((output) => reader.view(output)),
    distanceBy((one, other) => outcomes.of(one, other)),
  );
  return {
    inputSeq: settled.inputSeq,
    cause: settled.cause,
    input: settled.input === null ? null : textOfBytes(settled.input, TEXT_MAX),
    pairs: pairings.sort(byPlace).map((pairing) => explainPair(pairing, outcomes)),
  };
}

function explainPair({expected, actual, relation}: Pairing, outcomes: OutcomeCache): ExplainedPair {
  const view = (expected ?? actual) as OutputView;
  const place = {outputKind: view.kind, partition: view.partition, ordinal: view.ordinal};
  const texts = {expected: expected && textOfBytes(expected.text, TEXT_MAX), actual: actual && textOfBytes(actual.text, TEXT_MAX)};
  if (expected === null || actual === null) {
    const lone = loneDifference(relation as 'missing', view, expected === null);
    return {...place, ...texts, bytesEqual: false, verdict: lone.class, reason: lone.shape, fields: []};
  }
  const bytesEqual = sameMessage(expected, actual);
  const outcome = outcomes.of(expected, actual);
  const whole = wholeDifference(expected, actual);
  const fields = (outcome.records ?? []).map(explainField);
  if (whole !== null) return {...place, ...texts, bytesEqual, verdict: whole.class, reason: whole.shape, fields};
  if (relation === 'reordered') return {...place, ...texts, bytesEqual, verdict: 'reordered', reason: 'stands elsewhere among the outputs', fields};
  return {...place, ...texts, bytesEqual, verdict: outcome.matched ? 'equal' : 'different', reason: writingDifference(expected, actual, outcome) ?? '', fields};
}

function explainField({node, expected, actual, verdict}: FieldRecord): ExplainedField {
  return {path: node.pointer, expected: fieldText(expected), actual: fieldText(actual), rule: node.rule.source, ruleKind: node.rule.rule.kind, verdict};
}

function fieldText(value: JsonValue | undefined): string | null {
  return value === undefined ? null : textOf(value, TEXT_MAX);
}

function byPlace(left: Pairing, right: Pairing): number {
  const [one, other] = [(left.expected ?? left.actual) as OutputView, (right.expected ?? right.actual) as OutputView];
  return one.partition < other.partition ? -1 : one.partition > other.partition ? 1 : one.ordinal - other.ordinal;
}
