import type {Forest, ForestTree} from './forest.ts';
import {depthOf, splitOf, treatOf} from './node-split.ts';
import type {RowColumns} from './row-columns.ts';
import {LANES, type LinkedTables, type PerfectTables} from './table-kernels.ts';

/** Where a feature of the model lies in the row. */
export type PlaceOf = (feature: number) => number;

/**
 * Beyond this depth a perfect layout is larger than the cache forgives, and explicit children are faster (measured on leaf-wise trees of 31 to 255 leaves).
 */
export const PERFECT_DEPTH_MAX = 8;

interface TableWriter {
  readonly threshold: Float64Array;
  readonly place: Uint16Array;
  readonly column: Uint16Array;
  readonly leaf: Float64Array;
}

const writerOf = (length: number): TableWriter => ({
  threshold: new Float64Array(length).fill(Infinity), place: new Uint16Array(length), column: new Uint16Array(length), leaf: new Float64Array(length),
});

const writeNode = (writer: TableWriter, at: number, forest: Forest, tree: ForestTree, node: number, placeOf: PlaceOf, columns: RowColumns): void => {
  const place = placeOf(tree.feature[node] ?? 0);
  // an infinite value is the largest double to the tables, so that only a missing one lies above every threshold
  writer.threshold[at] = Math.min(splitOf(forest, tree.threshold[node] ?? NaN) ?? NaN, Number.MAX_VALUE);
  writer.place[at] = place;
  writer.column[at] = columns.columnOf(place, treatOf(forest, tree, node));
};

/** Trees of up to `depth` levels; what is shallower ends in equal leaves under a node that need not be looked at, and missing trees add -0, which changes no sum. */
export const buildPerfect = (forest: Forest, trees: readonly ForestTree[], depth: number, placeOf: PlaceOf, columns: RowColumns): PerfectTables => {
  const treeCount = Math.ceil(trees.length / LANES) * LANES;
  const size = 1 << depth;
  const writer = writerOf(treeCount * size);
  writer.leaf.fill(-0, trees.length * size);
  trees.forEach((tree, at) => {
    const base = at * size;
    const open = [{child: tree.left.length === 0 ? ~0 : 0, k: 0, level: 0}];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const {child, k, level} = next;
      if (level === depth) {
        writer.leaf[base + k - (size - 1)] = tree.leafValue[~child] ?? NaN;
        continue;
      }
      if (child >= 0) writeNode(writer, base + k, forest, tree, child, placeOf, columns);
      open.push({child: child >= 0 ? tree.left[child] ?? ~0 : child, k: 2 * k + 1, level: level + 1}, {child: child >= 0 ? tree.right[child] ?? ~0 : child, k: 2 * k + 2, level: level + 1});
    }
  });
  return {kind: 'perfect', depth, treeCount, ownCount: trees.length, ...writer};
};

/** Trees of any shape; both children of a node lie side by side. */
export const buildLinked = (forest: Forest, trees: readonly ForestTree[], depth: number, placeOf: PlaceOf, columns: RowColumns): LinkedTables => {
  const treeCount = Math.ceil(trees.length / LANES) * LANES;
  const length = trees.reduce((sum, tree) => sum + tree.left.length + tree.leafValue.length, treeCount - trees.length);
  const writer = writerOf(length);
  const child = Int32Array.from({length}, (_, at) => at);
  const roots = new Int32Array(treeCount);
  let end = 0;
  for (let at = 0; at < treeCount; at++) {
    const tree = trees[at];
    roots[at] = end;
    const open = [{from: tree === undefined || tree.left.length === 0 ? ~0 : 0, to: end++}];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const {from, to} = next;
      if (tree === undefined || from < 0) {
        writer.leaf[to] = tree === undefined ? -0 : tree.leafValue[~from] ?? NaN;
        continue;
      }
      writeNode(writer, to, forest, tree, from, placeOf, columns);
      child[to] = end;
      open.push({from: tree.left[from] ?? ~0, to: end}, {from: tree.right[from] ?? ~0, to: end + 1});
      end += 2;
    }
  }
  return {kind: 'linked', depth, treeCount, ownCount: trees.length, roots, child, ...writer};
};

/** A run of trees that fit tables: ten at a time, each ten in the layout that its deepest tree allows; equal neighbours become one segment. */
export const buildSegments = (forest: Forest, trees: readonly ForestTree[], placeOf: PlaceOf, columns: RowColumns): (PerfectTables | LinkedTables)[] => {
  const runs: {depth: number; trees: ForestTree[]}[] = [];
  for (let first = 0; first < trees.length; first += LANES) {
    const ten = trees.slice(first, first + LANES);
    const depth = ten.reduce((deepest, tree) => Math.max(deepest, depthOf(tree)), 0);
    const last = runs.at(-1);
    if (last?.depth === depth) last.trees.push(...ten);
    else runs.push({depth, trees: ten});
  }
  return runs.map((run) => (run.depth <= PERFECT_DEPTH_MAX ? buildPerfect : buildLinked)(forest, run.trees, run.depth, placeOf, columns));
};
