import type {CategoryBudget} from './category-budget.ts';
import {DECISION, type ForestTree} from './forest.ts';
import {damagedModel} from './model-error.ts';

/** A tree as XGBoost and scikit-learn keep it: leaves are nodes without children, and the value of a leaf stands where a node has its threshold. What a categorical node has there (NaN, up to XGBoost 2.0) means nothing. */
export interface FlatTree {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly feature: Int32Array;
  readonly condition: Float64Array;
  readonly defaultLeft: ArrayLike<number>;
  readonly categories: ReadonlyMap<number, Uint32Array>;
}

/** Bits of the categories that go left, from those that were chosen and go right. */
export const leftSetOf = (name: string, chosen: Int32Array, budget: CategoryBudget): Uint32Array => {
  const end = chosen.reduce((most, category) => Math.max(most, category + 1), 0);
  const set = budget.take(name, end).fill(0xffffffff);
  for (const category of chosen) {
    if (category < 0) throw damagedModel(name, `category ${category}`);
    set[category >>> 5] = ((set[category >>> 5] ?? 0) & ~(1 << (category & 31))) >>> 0;
  }
  return set;
};

/** Separates nodes from leaves; nodes that pruning has deleted are left out because nothing leads to them. `weight` scales the leaves (dart). */
export const readFlatTree = (name: string, flat: FlatTree, output: number, {weight, precision}: {weight: number; precision: 'single' | 'double'}): ForestTree => {
  const round = precision === 'single' ? Math.fround : (x: number): number => x;
  const {left, right, feature, condition} = flat;
  const at = new Int32Array(left.length);
  const nodes: number[] = [];
  const leaves: number[] = [];
  const open = [0];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!(node >= 0 && node < left.length)) throw damagedModel(name, `a child outside of the tree (${node})`);
    if (nodes.length + leaves.length >= left.length) throw damagedModel(name, `node ${node} is its own ancestor or has two parents`);
    if (left[node] === -1) {
      at[node] = ~leaves.length;
      leaves.push(node);
      continue;
    }
    at[node] = nodes.length;
    nodes.push(node);
    open.push(right[node] ?? -1, left[node] ?? -1);
  }
  const categories = new Map<number, Uint32Array>();
  nodes.forEach((node, index) => { const set = flat.categories.get(node); if (set !== undefined) categories.set(index, set); });
  const take = (table: ArrayLike<number>): number[] => nodes.map((node) => table[node] ?? NaN);
  return {
    output, left: Int32Array.from(take(left), (child) => at[child] ?? 0), right: Int32Array.from(take(right), (child) => at[child] ?? 0),
    feature: Int32Array.from(take(feature)), threshold: Float64Array.from(nodes, (node) => flat.categories.has(node) ? 0 : round(condition[node] ?? NaN)),
    decision: Uint8Array.from(nodes, (node) => DECISION.missingNaN + ((flat.defaultLeft[node] ?? 0) === 0 ? 0 : DECISION.defaultLeft) + (flat.categories.has(node) ? DECISION.categorical : 0)),
    categories, leafValue: Float64Array.from(leaves, (node) => round(round(condition[node] ?? NaN) * weight)), linear: null,
  };
};
