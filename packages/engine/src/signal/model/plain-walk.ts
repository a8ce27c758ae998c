import {DECISION, type Forest, type ForestTree} from './forest.ts';

/** LightGBM's kZeroThreshold: the float 1e-35, widened */
const ZERO_LIMIT = Math.fround(1e-35);
/** XGBoost's largest category that is valid */
const XGBOOST_CATEGORIES = 2 ** 24;
const INT32_END = 2 ** 31;

const has = (set: Uint32Array | undefined, category: number): boolean => (((set?.[category >>> 5] ?? 0) >>> (category & 31)) & 1) !== 0;
const setEnd = (set: Uint32Array | undefined): number => (set?.length ?? 0) * 32;

const lightgbmGoesLeft = (tree: ForestTree, node: number, given: number): boolean => {
  const bits = tree.decision[node] ?? 0;
  // the library's row reader drops what is this close to zero
  let x = Math.abs(given) <= ZERO_LIMIT ? 0 : given;
  if ((bits & DECISION.categorical) !== 0) {
    // a cast to int, which truncates and turns what is too large into a negative number
    if (Number.isNaN(x) || x <= -1 || x >= INT32_END) return false;
    const category = Math.trunc(x);
    return category < setEnd(tree.categories.get(node)) && has(tree.categories.get(node), category);
  }
  if (Number.isNaN(x) && (bits & DECISION.missingNaN) === 0) x = 0;
  if (((bits & DECISION.missingZero) !== 0 && x === 0) || Number.isNaN(x)) return (bits & DECISION.defaultLeft) !== 0;
  return x <= (tree.threshold[node] ?? NaN);
};

const xgboostGoesLeft = (tree: ForestTree, node: number, given: number, {unknownCategory}: Forest): boolean => {
  const bits = tree.decision[node] ?? 0;
  const x = Math.fround(given);
  if (Number.isNaN(x)) return (bits & DECISION.defaultLeft) !== 0;
  if ((bits & DECISION.categorical) === 0) return x < (tree.threshold[node] ?? NaN);
  // what is no category was not chosen, and what was not chosen goes left
  if (x < 0 || x >= XGBOOST_CATEGORIES || x >= setEnd(tree.categories.get(node))) return unknownCategory !== 'default' || (bits & DECISION.defaultLeft) !== 0;
  return has(tree.categories.get(node), Math.trunc(x));
};

const histogramGoesLeft = (tree: ForestTree, node: number, x: number, {categoryFraction}: Forest): boolean => {
  const bits = tree.decision[node] ?? 0;
  const isDefaultLeft = (bits & DECISION.defaultLeft) !== 0;
  if (Number.isNaN(x)) return isDefaultLeft;
  if ((bits & DECISION.categorical) === 0) return x <= (tree.threshold[node] ?? NaN);
  // the encoder in front of the trees knows whole categories only; the reader has put unknown ones into the set on the default side
  if (x < 0 || !(categoryFraction === 'truncated' || Number.isInteger(x)) || x >= setEnd(tree.categories.get(node))) return isDefaultLeft;
  return has(tree.categories.get(node), Math.trunc(x));
};

const RULES = {lightgbm: lightgbmGoesLeft, xgboost: xgboostGoesLeft, 'hist-gradient-boosting': histogramGoesLeft} as const;

/** The side that a node of this family sends a value to, as its library does. */
export const goesLeft = (forest: Forest, tree: ForestTree, node: number, value: number): boolean => RULES[forest.family](tree, node, value, forest);

/** The leaf that a row (in the model's own order of features) falls into. */
export const leafOf = (forest: Forest, tree: ForestTree, row: Float64Array): number => {
  let child = tree.left.length === 0 ? ~0 : 0;
  while (child >= 0) child = (goesLeft(forest, tree, child, row[tree.feature[child] ?? 0] ?? NaN) ? tree.left[child] : tree.right[child]) ?? ~0;
  return ~child;
};

export const leafValue = (tree: ForestTree, leaf: number, row: Float64Array): number => {
  const line = tree.linear?.[leaf];
  const plain = tree.leafValue[leaf] ?? NaN;
  if (line === undefined) return plain;
  let value = line.constant;
  for (let i = 0; i < line.features.length; i++) {
    const x = row[line.features[i] ?? 0] ?? NaN;
    if (Number.isNaN(x)) return plain;
    // only LightGBM has lines, and its row reader drops what is this close to zero
    value += (line.coefficients[i] ?? NaN) * (Math.abs(x) <= ZERO_LIMIT ? 0 : x);
  }
  return value;
};

/** Raw sums by walking node after node: slow, and the measure of everything that is compiled. */
export const walkForest = (forest: Forest, row: Float64Array): Float64Array => {
  const round = forest.precision === 'single' ? Math.fround : (x: number): number => x;
  const sums = forest.baseLast ? new Float64Array(forest.rawCount) : Float64Array.from(forest.base);
  for (const tree of forest.trees) sums[tree.output] = round((sums[tree.output] ?? NaN) + leafValue(tree, leafOf(forest, tree, row), row));
  return forest.baseLast ? sums.map((sum, at) => round(sum + (forest.base[at] ?? NaN))) : sums;
};
