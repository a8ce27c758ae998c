import {CopyIndex} from './copy-index.ts';
import type {OutputView} from './output-view.ts';

/** How two outputs of one cause belong together; one side is null when the other has no partner. */
export interface Pairing {
  readonly expected: OutputView | null;
  readonly actual: OutputView | null;
  readonly relation: 'paired' | 'reordered' | 'duplicate' | 'missing' | 'extra';
}

/** 0: equal by the rules. Below 1: share of fields that differ. Up to 2: of another kind, but one refuses where the other does not. Infinity: no pair. */
export type Distance = (expected: OutputView, actual: OutputView) => number;

/** Longest middle part, in outputs of both sides multiplied, that is aligned exactly; longer ones go in order by kind. */
const CELLS_MAX = 4096;
const SEARCH_MAX = 64;

interface Sides {
  readonly expected: OutputView[];
  readonly actual: OutputView[];
}

/**
 * Pairs the outputs of one cause. First within each partition: what is equal at both ends, then equal outputs in another order, then by
 * kind and likeness, so that one missing output is one missing output and not a row of wrong values. Then what is left, across
 * partitions: an output that only went to another partition is one wrong field.
 */
export function pairOutputs(expected: readonly OutputView[], actual: readonly OutputView[], distance: Distance): Pairing[] {
  const pairings: Pairing[] = [];
  const rest: Sides = {expected: [], actual: []};
  for (const sides of byPartition(expected, actual)) pairSequence(sides, distance, {pairings, rest});
  pairAcross(rest, distance, pairings);
  return pairings;
}

function byPartition(expected: readonly OutputView[], actual: readonly OutputView[]): Iterable<Sides> {
  const partitions = new Map<string, Sides>();
  for (const side of ['expected', 'actual'] as const) {
    for (const view of side === 'expected' ? expected : actual) {
      let sides = partitions.get(view.partition);
      if (sides === undefined) partitions.set(view.partition, sides = {expected: [], actual: []});
      view.ordinal = sides[side].length;
      sides[side].push(view);
    }
  }
  return partitions.values();
}

interface Result {
  readonly pairings: Pairing[];
  readonly rest: Sides;
}

function pairSequence(sides: Sides, distance: Distance, into: Result): void {
  const {expected, actual} = sides;
  const shorter = Math.min(expected.length, actual.length);
  const equal = (left: number, right: number): boolean => distance(expected[left] as OutputView, actual[right] as OutputView) === 0;
  const pair = (left: number, right: number, relation: Pairing['relation']): void => {
    into.pairings.push({expected: expected[left] as OutputView, actual: actual[right] as OutputView, relation});
  };
  let head = 0;
  while (head < shorter && equal(head, head)) pair(head, head++, 'paired');
  let tail = 0;
  while (tail < shorter - head && equal(expected.length - 1 - tail, actual.length - 1 - tail)) {
    tail += 1;
    pair(expected.length - tail, actual.length - tail, 'paired');
  }
  const middle = {expected: range(head, expected.length - tail), actual: range(head, actual.length - tail)};
  const matches = equalElsewhere(middle, equal);
  for (const {left, right, inOrder} of matches) pair(left, right, inOrder ? 'paired' : 'reordered');
  const [leftTaken, rightTaken] = [new Set(matches.map((match) => match.left)), new Set(matches.map((match) => match.right))];
  const left = middle.expected.filter((index) => !leftTaken.has(index));
  const right = middle.actual.filter((index) => !rightTaken.has(index));
  const aligned = left.length * right.length <= CELLS_MAX
    ? align(left, right, (one, other) => distance(expected[one] as OutputView, actual[other] as OutputView))
    : inOrderByKind(left, right, sides);
  for (const [one, other] of aligned) pair(one, other, 'paired');
  const [leftPaired, rightPaired] = [new Set(aligned.map(([one]) => one)), new Set(aligned.map(([, other]) => other))];
  leaveOver({expected: left.filter((index) => !leftPaired.has(index)), actual: right.filter((index) => !rightPaired.has(index))}, sides, into);
}

/** Equal outputs that stand elsewhere; those that keep the most of the order are in order, the others moved. */
function equalElsewhere(middle: {expected: readonly number[]; actual: readonly number[]}, equal: (left: number, right: number) => boolean): {left: number; right: number; inOrder: boolean}[] {
  const free = new Set(middle.actual);
  const matches: {left: number; right: number; inOrder: boolean}[] = [];
  for (const left of middle.expected) {
    let tries = 0;
    for (const right of free) {
      tries += 1;
      if (tries > SEARCH_MAX) break;
      if (!equal(left, right)) continue;
      matches.push({left, right, inOrder: false});
      free.delete(right);
      break;
    }
  }
  for (const index of longestRising(matches.map(({right}) => right))) (matches[index] as {inOrder: boolean}).inOrder = true;
  return matches;
}

/** Positions of a longest rising subsequence. */
function longestRising(values: readonly number[]): readonly number[] {
  const ends: number[] = [];
  const before: number[] = [];
  values.forEach((value, index) => {
    let at = ends.length;
    while (at > 0 && (values[ends[at - 1] as number] as number) >= value) at -= 1;
    before[index] = at > 0 ? (ends[at - 1] as number) : -1;
    ends[at] = index;
  });
  const chosen: number[] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = before[index] as number) chosen.push(index);
  return chosen.reverse();
}

/** Alignment of least cost: leaving an output alone costs 1, pairing two costs their distance. */
function align(left: readonly number[], right: readonly number[], distance: (one: number, other: number) => number): [number, number][] {
  const width = right.length + 1;
  const costs = new Float64Array((left.length + 1) * width);
  const moves = new Uint8Array(costs.length);
  for (let row = 0; row <= left.length; row += 1) {
    for (let column = 0; column <= right.length; column += 1) {
      const cell = row * width + column;
      if (row === 0 || column === 0) {
        costs[cell] = row + column;
        moves[cell] = row === 0 ? 2 : 1;
        continue;
      }
      const paired = (costs[cell - width - 1] as number) + distance(left[row - 1] as number, right[column - 1] as number);
      const skipLeft = (costs[cell - width] as number) + 1;
      const skipRight = (costs[cell - 1] as number) + 1;
      costs[cell] = Math.min(paired, skipLeft, skipRight);
      moves[cell] = paired <= skipLeft && paired <= skipRight ? 0 : skipLeft <= skipRight ? 1 : 2;
    }
  }
  const pairs: [number, number][] = [];
  for (let row = left.length, column = right.length; row > 0 || column > 0;) {
    const move = moves[row * width + column];
    if (move === 0) pairs.push([left[row - 1] as number, right[column - 1] as number]);
    if (move !== 2) row -= 1;
    if (move !== 1) column -= 1;
  }
  return pairs.reverse();
}

function inOrderByKind(left: readonly number[], right: readonly number[], sides: Sides): [number, number][] {
  const byKind = new Map<string, number[]>();
  for (const index of right) {
    const {kind} = sides.actual[index] as OutputView;
    const known = byKind.get(kind);
    if (known === undefined) byKind.set(kind, [index]);
    else known.push(index);
  }
  for (const indexes of byKind.values()) indexes.reverse();
  const pairs: [number, number][] = [];
  for (const index of left) {
    const partner = byKind.get((sides.expected[index] as OutputView).kind)?.pop();
    if (partner !== undefined) pairs.push([index, partner]);
  }
  return pairs;
}

/** Those without partner: a copy of another output of the same side is a duplicate, the rest may still find a partner elsewhere. */
function leaveOver(unpaired: {expected: readonly number[]; actual: readonly number[]}, sides: Sides, into: Result): void {
  for (const side of ['expected', 'actual'] as const) {
    if (unpaired[side].length === 0) continue;
    const copies = new CopyIndex(sides[side]);
    for (const index of unpaired[side]) {
      const view = sides[side][index] as OutputView;
      if (!copies.hasCopy(view)) into.rest[side].push(view);
      else into.pairings.push({expected: side === 'expected' ? view : null, actual: side === 'actual' ? view : null, relation: 'duplicate'});
    }
  }
}

function pairAcross(rest: Sides, distance: Distance, pairings: Pairing[]): void {
  const free = new Set(rest.actual.slice(0, SEARCH_MAX));
  for (const expected of rest.expected) {
    let best: OutputView | null = null;
    let least = 0.5;
    for (const actual of free) {
      const apart = actual.kind === expected.kind || actual.json === null || expected.json === null ? distance(expected, actual) : Number.POSITIVE_INFINITY;
      if (apart <= least && (best === null || apart < least)) [best, least] = [actual, apart];
    }
    if (best === null) pairings.push({expected, actual: null, relation: 'missing'});
    else {
      free.delete(best);
      pairings.push({expected, actual: best, relation: best.partition === expected.partition ? 'reordered' : 'paired'});
    }
  }
  for (const actual of [...free, ...rest.actual.slice(SEARCH_MAX)]) pairings.push({expected: null, actual, relation: 'extra'});
}

function range(from: number, to: number): number[] {
  return Array.from({length: Math.max(0, to - from)}, (_, index) => from + index);
}
