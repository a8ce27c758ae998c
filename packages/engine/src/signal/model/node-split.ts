import {DECISION, type Forest, type ForestTree} from './forest.ts';
import {nextDown, singleSplit} from './float-edges.ts';

/** What a missing value becomes before a node compares; the order is the order of columns in an extended row. */
export const TREAT = {nanLeft: 0, nanRight: 1, nanZero: 2, zeroLeft: 3, zeroRight: 4} as const;
export const TREATS = 5;

/** |x| up to this is zero to LightGBM */
export const ZERO_LIMIT = Math.fround(1e-35);
const BELOW_ZERO = nextDown(-ZERO_LIMIT);

export const isCategorical = (tree: ForestTree, node: number): boolean => ((tree.decision[node] ?? 0) & DECISION.categorical) !== 0;

export const treatOf = (forest: Forest, tree: ForestTree, node: number): number => {
  const bits = tree.decision[node] ?? 0;
  const isLeft = (bits & DECISION.defaultLeft) !== 0;
  if (forest.family === 'lightgbm' && (bits & DECISION.missingZero) !== 0) return isLeft ? TREAT.zeroLeft : TREAT.zeroRight;
  if (forest.family === 'lightgbm' && (bits & DECISION.missingNaN) === 0) return TREAT.nanZero;
  return isLeft ? TREAT.nanLeft : TREAT.nanRight;
};

/**
 * T with `x > T` exactly where the node sends a value that is there to the right; null where no double does (a float32 rule below -Infinity).
 * What LightGBM takes for zero is folded into T: a threshold inside of that band moves to the edge of it that zero is on the other side of.
 */
export const splitOf = (forest: Forest, threshold: number): number | null => {
  if (forest.precision === 'single') return singleSplit(threshold);
  if (forest.family !== 'lightgbm' || Math.abs(threshold) > ZERO_LIMIT) return threshold;
  return threshold < 0 ? BELOW_ZERO : ZERO_LIMIT;
};

/** Whether tables can hold the tree: they compare doubles only, and know +Infinity as the largest of them. */
export const fitsTables = (forest: Forest, tree: ForestTree): boolean => {
  if (tree.linear !== null || tree.categories.size > 0) return false;
  return tree.threshold.every((threshold) => threshold !== Number.MAX_VALUE && splitOf(forest, threshold) !== null);
};

/** Levels of nodes, 0 for a tree of one leaf. */
export const depthOf = (tree: ForestTree): number => {
  if (tree.left.length === 0) return 0;
  let deepest = 0;
  const open: [number, number][] = [[0, 1]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth] = next;
    deepest = Math.max(deepest, depth);
    for (const child of [tree.left[node] ?? ~0, tree.right[node] ?? ~0]) if (child >= 0) open.push([child, depth + 1]);
  }
  return deepest;
};
