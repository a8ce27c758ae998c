import {DECISION, type Forest, type ForestTree, type LinearLeaf, type ModelFamily} from './forest.ts';
import type {PlaceOf} from './build-tables.ts';
import {isCategorical, splitOf, treatOf, TREAT, ZERO_LIMIT} from './node-split.ts';

/** node kinds beyond the treatments of {@link TREAT} */
const CATEGORY = 5;
const ALWAYS_RIGHT = 6;
/** categories are counted up to here by a cast to int */
const INT32_END = 2 ** 31;
const XGBOOST_END = 2 ** 24;

/** Trees that are walked node after node: those with categories, with lines in their leaves, or with thresholds that tables cannot hold. */
export interface WalkTree {
  readonly kind: 'walk';
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly place: Int32Array;
  readonly threshold: Float64Array;
  readonly nodeKind: Uint8Array;
  readonly isDefaultLeft: Uint8Array;
  /** first word and number of categories per node, in `words` */
  readonly setStart: Int32Array;
  readonly setEnd: Int32Array;
  readonly words: Uint32Array;
  readonly leafValue: Float64Array;
  readonly linear: readonly (LinearLeaf & {readonly places: Int32Array})[] | null;
  readonly family: ModelFamily;
  readonly isTruncated: boolean;
  readonly isUnknownDefault: boolean;
}

export const buildWalk = (forest: Forest, tree: ForestTree, placeOf: PlaceOf): WalkTree => {
  const words = new Uint32Array([...tree.categories.values()].reduce((sum, set) => sum + set.length, 0));
  let end = 0;
  const setStart = new Int32Array(tree.left.length);
  const setEnd = new Int32Array(tree.left.length);
  for (const [node, set] of tree.categories) {
    setStart[node] = end;
    setEnd[node] = set.length * 32;
    words.set(set, end);
    end += set.length;
  }
  const nodeKind = Uint8Array.from(tree.left, (_, node) =>
    isCategorical(tree, node) ? CATEGORY : splitOf(forest, tree.threshold[node] ?? NaN) === null ? ALWAYS_RIGHT : treatOf(forest, tree, node));
  return {
    kind: 'walk', left: tree.left, right: tree.right, place: tree.feature.map(placeOf), threshold: tree.threshold.map((threshold) => splitOf(forest, threshold) ?? NaN), nodeKind,
    isDefaultLeft: tree.decision.map((bits) => (bits & DECISION.defaultLeft) === 0 ? 0 : 1), setStart, setEnd, words, leafValue: tree.leafValue,
    linear: tree.linear?.map((line) => ({...line, places: line.features.map(placeOf)})) ?? null, family: forest.family, isTruncated: forest.categoryFraction === 'truncated',
    isUnknownDefault: forest.unknownCategory === 'default',
  };
};

const categoryGoesLeft = (tree: WalkTree, node: number, given: number): boolean => {
  const isDefaultLeft = tree.isDefaultLeft[node] !== 0;
  const end = tree.setEnd[node] as number;
  let outside = false;
  let x = given;
  if (tree.family === 'xgboost') {
    x = Math.fround(given);
    if (x !== x) return isDefaultLeft;
    outside = isDefaultLeft || !tree.isUnknownDefault;
    if (x < 0 || x >= XGBOOST_END) return outside;
  } else if (tree.family === 'hist-gradient-boosting') {
    if (!(x >= 0) || (!tree.isTruncated && x !== Math.floor(x))) return isDefaultLeft;
    outside = isDefaultLeft;
  } else if (!(x > -1 && x < INT32_END)) return false;
  if (x >= end) return outside;
  const category = x | 0;
  return (((tree.words[(tree.setStart[node] as number) + (category >>> 5)] as number) >>> (category & 31)) & 1) !== 0;
};

const nodeGoesLeft = (tree: WalkTree, node: number, x: number): boolean => {
  const kind = tree.nodeKind[node] as number;
  if (kind === CATEGORY) return categoryGoesLeft(tree, node, x);
  if (kind === ALWAYS_RIGHT) return x !== x && tree.isDefaultLeft[node] !== 0;
  if (x !== x || (kind >= TREAT.zeroLeft && Math.abs(x) <= ZERO_LIMIT)) {
    if (kind === TREAT.nanZero) return !(0 > (tree.threshold[node] as number));
    return kind === TREAT.nanLeft || kind === TREAT.zeroLeft;
  }
  return !(x > (tree.threshold[node] as number));
};

/** The value that this row gets from the tree. */
export const walkValue = (tree: WalkTree, row: Float64Array): number => {
  let child = tree.left.length === 0 ? ~0 : 0;
  while (child >= 0) child = (nodeGoesLeft(tree, child, row[tree.place[child] as number] as number) ? tree.left[child] : tree.right[child]) as number;
  const plain = tree.leafValue[~child] as number;
  if (tree.linear === null) return plain;
  const line = tree.linear[~child] as LinearLeaf & {readonly places: Int32Array};
  let value = line.constant;
  for (let i = 0; i < line.places.length; i++) {
    const x = row[line.places[i] as number] as number;
    if (x !== x) return plain;
    value += (line.coefficients[i] as number) * (Math.abs(x) <= ZERO_LIMIT ? 0 : x);
  }
  return value;
};
