import {JsonObject} from '../flow/bounded-json/json-value.ts';
import type {JsonValue} from '../flow/bounded-json/json-value.ts';
import {canonicalText} from './canonical-text.ts';
import type {PathNode} from './path-node.ts';

/** Two elements side by side; undefined where one side has none. `index` is the position in the expected array, if it is there. */
export interface PairedElement {
  readonly index: number;
  readonly expected: JsonValue | undefined;
  readonly actual: JsonValue | undefined;
}

/** Pairs the elements of two arrays as the rule of their place says: by position, as a multiset, or by a member that names them. */
export function pairElements(node: PathNode, expected: readonly JsonValue[], actual: readonly JsonValue[]): readonly PairedElement[] {
  const {rule} = node.rule;
  if (rule.kind === 'unordered') return asMultiset(expected, actual, rule.key);
  return expected.length === actual.length ? byPosition(expected, actual) : aroundGap(expected, actual);
}

function byPosition(expected: readonly JsonValue[], actual: readonly JsonValue[]): PairedElement[] {
  return expected.map((value, index) => ({index, expected: value, actual: actual[index]}));
}

/** Lengths differ: what is equal at both ends stays paired, so that one element too few is one finding. */
function aroundGap(expected: readonly JsonValue[], actual: readonly JsonValue[]): PairedElement[] {
  const left = expected.map(canonicalText);
  const right = actual.map(canonicalText);
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail += 1;
  const pairs = byPosition(expected.slice(0, head), actual.slice(0, head));
  const [middle, other] = [expected.slice(head, expected.length - tail), actual.slice(head, actual.length - tail)];
  for (let index = 0; index < Math.max(middle.length, other.length); index += 1) {
    pairs.push({index: head + index, expected: middle[index], actual: other[index]});
  }
  for (let index = tail; index > 0; index -= 1) {
    pairs.push({index: expected.length - index, expected: expected[expected.length - index], actual: actual[actual.length - index]});
  }
  return pairs;
}

/** Equal elements first; the rest by their name, or in the order of their canonical texts, so that no permutation changes the result. */
function asMultiset(expected: readonly JsonValue[], actual: readonly JsonValue[], key: string | undefined): PairedElement[] {
  const pool = new Map<string, number[]>();
  const rank = (value: JsonValue): string => (key === undefined ? canonicalText(value) : nameOf(value, key));
  actual.forEach((value, index) => {
    const name = rank(value);
    const known = pool.get(name);
    if (known === undefined) pool.set(name, [index]);
    else known.push(index);
  });
  for (const indexes of pool.values()) indexes.reverse();
  const pairs: PairedElement[] = [];
  const restExpected: {readonly text: string; readonly index: number}[] = [];
  expected.forEach((value, index) => {
    const name = rank(value);
    const partner = pool.get(name)?.pop();
    if (partner === undefined) restExpected.push({text: name, index});
    else pairs.push({index, expected: value, actual: actual[partner]});
  });
  const restActual = [...pool].flatMap(([text, indexes]) => indexes.map((index) => ({text, index})));
  if (key === undefined) return [...pairs, ...pairRest(restExpected, restActual, {expected, actual})];
  return [
    ...pairs,
    ...restExpected.map(({index}) => ({index, expected: expected[index], actual: undefined})),
    ...restActual.map(({index}) => ({index, expected: undefined, actual: actual[index]})),
  ];
}

type Ranked = readonly {readonly text: string; readonly index: number}[];

function pairRest(left: Ranked, right: Ranked, values: {expected: readonly JsonValue[]; actual: readonly JsonValue[]}): PairedElement[] {
  const order = (one: {text: string}, other: {text: string}): number => (one.text < other.text ? -1 : one.text > other.text ? 1 : 0);
  const [sortedLeft, sortedRight] = [[...left].sort(order), [...right].sort(order)];
  const pairs: PairedElement[] = [];
  for (let rank = 0; rank < Math.max(sortedLeft.length, sortedRight.length); rank += 1) {
    const [one, other] = [sortedLeft[rank], sortedRight[rank]];
    pairs.push({index: (one ?? other)?.index ?? 0, expected: one && values.expected[one.index], actual: other && values.actual[other.index]});
  }
  return pairs;
}

function nameOf(value: JsonValue, key: string): string {
  const name = value instanceof JsonObject ? value.get(key.startsWith('/') ? key.slice(1) : key) : undefined;
  return name === undefined ? `?${canonicalText(value)}` : canonicalText(name);
}
