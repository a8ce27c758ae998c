import {EscapedString, JsonNumber, JsonObject} from '../flow/bounded-json/json-value.ts';
import type {JsonValue} from '../flow/bounded-json/json-value.ts';
import {compareScalar} from './compare-scalar.ts';
import type {PairOutcome} from './pair-outcome.ts';
import type {PathNode} from './path-node.ts';
import {countLeaves} from './count-leaves.ts';
import {pairElements} from './pair-elements.ts';

/** Two values at one place that are still to be compared. */
export interface Visit {
  readonly node: PathNode;
  readonly expected: JsonValue;
  readonly actual: JsonValue;
}

/** Compares two values field by field under the rules of their places; iterative. */
export function compareValues(first: Visit, outcome: PairOutcome): void {
  const pending: Visit[] = [];
  visit(first, outcome, pending);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) visitContainers(next, outcome, pending);
}

function visit(one: Visit, outcome: PairOutcome, pending: Visit[]): void {
  const {node, expected, actual} = one;
  const live = node.rule;
  if (live.rule.kind === 'ignore') {
    skip(node, expected, actual, outcome);
  } else if (isContainer(expected) && isContainer(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    pending.push(one);
  } else {
    const verdict = compareScalar(live, expected, actual);
    outcome.compared += 1;
    outcome.decided.push(node);
    if (verdict === null) outcome.records?.push({node, expected, actual, verdict: 'equal'});
    else if (typeof verdict === 'number') {
      if (verdict !== 0) outcome.tolerated += 1;
      if (!Number.isNaN(verdict)) outcome.errors.push({node, error: verdict});
      outcome.records?.push({node, expected, actual, verdict: 'equal'});
    } else {
      outcome.reshaped ||= isContainer(expected) || isContainer(actual);
      outcome.find({node, class: verdict.class, shape: verdict.shape, expected, actual});
    }
  }
}

function visitContainers({node, expected, actual}: Visit, outcome: PairOutcome, pending: Visit[]): void {
  if (expected instanceof JsonObject && actual instanceof JsonObject) {
    if (expected.shape === actual.shape && expected.loose === null && actual.loose === null) {
      const members = node.members(expected.shape);
      for (let index = 0; index < members.length; index += 1) {
        visit({node: members[index] as PathNode, expected: expected.values[index] as JsonValue, actual: actual.values[index] as JsonValue}, outcome, pending);
      }
    } else compareMembers(node, {expected, actual}, outcome, pending);
    return;
  }
  if (node.rule.rule.kind === 'unordered') {
    outcome.decided.push(node);
    // another order is a difference of texts that the rule allows
    outcome.tolerated += 1;
  }
  const elements = pairElements(node, expected as readonly JsonValue[], actual as readonly JsonValue[]);
  for (const {index, expected: left, actual: right} of elements) both(node.element(index), left, right, {outcome, pending});
}

/** Objects whose keys or key orders differ. */
function compareMembers(node: PathNode, pair: {expected: JsonObject; actual: JsonObject}, outcome: PairOutcome, pending: Visit[]): void {
  const keys = pair.expected.keys();
  const others = pair.actual.keys();
  let same = keys.length === others.length;
  keys.forEach((key, index) => {
    const actual = pair.actual.get(key);
    if (actual === undefined) same = false;
    both(node.member(key), pair.expected.values[index], actual, {outcome, pending});
  });
  others.forEach((key, index) => {
    if (pair.expected.get(key) === undefined) both(node.member(key), undefined, pair.actual.values[index], {outcome, pending});
  });
  if (same && keys.some((key, index) => key !== others[index])) {
    outcome.find({node, class: 'format-only', shape: 'key order', expected: pair.expected, actual: pair.actual});
  }
}

/** Two values of which one may be absent. */
function both(node: PathNode, expected: JsonValue | undefined, actual: JsonValue | undefined, into: {outcome: PairOutcome; pending: Visit[]}): void {
  const {outcome, pending} = into;
  if (expected !== undefined && actual !== undefined) visit({node, expected, actual}, outcome, pending);
  else if (node.rule.rule.kind === 'ignore') skip(node, expected, actual, outcome);
  else {
    outcome.compared += 1;
    outcome.decided.push(node);
    outcome.reshaped = true;
    const nullish = expected === null || actual === null;
    outcome.find({node, class: 'schema', shape: `${expected === undefined ? 'only actual' : 'only expected'}${nullish ? ', null' : ''}`, expected, actual});
  }
}

function skip(node: PathNode, expected: JsonValue | undefined, actual: JsonValue | undefined, outcome: PairOutcome): void {
  outcome.reshaped ||= expected === undefined || actual === undefined || isContainer(expected) || isContainer(actual);
  outcome.ignored += Math.max(countLeaves(expected), countLeaves(actual));
  outcome.decided.push(node);
  outcome.records?.push({node, expected, actual, verdict: 'ignored'});
}

function isContainer(value: JsonValue): value is JsonObject | readonly JsonValue[] {
  return typeof value === 'object' && value !== null && !(value instanceof JsonNumber) && !(value instanceof EscapedString);
}

