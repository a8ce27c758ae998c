import type {Forest, ForestTree} from '../src/signal/model/forest.ts';

/**
 * The layout that lost: the same tables in typed arrays and plain TypeScript, ten chains at once. V8 checks the bounds of three arrays at every node, which
 * WebAssembly leaves to the memory's guard pages.
 */
export interface JsTables {
  readonly depth: number;
  readonly treeCount: number;
  readonly threshold: Float64Array;
  readonly place: Uint16Array;
  readonly leaf: Float64Array;
}

const LANES = 10;

/** Full trees of one depth whose nodes stand in heap order. */
export const jsTablesOf = (forest: Forest, depth: number): JsTables => {
  const size = 1 << depth;
  const treeCount = Math.ceil(forest.trees.length / LANES) * LANES;
  const tables = {depth, treeCount, threshold: new Float64Array(treeCount * size), place: new Uint16Array(treeCount * size), leaf: new Float64Array(treeCount * size).fill(-0)};
  forest.trees.forEach((tree: ForestTree, at) => {
    tables.threshold.set(tree.threshold, at * size);
    tables.place.set(tree.feature, at * size);
    tables.leaf.set(tree.leafValue, at * size);
  });
  return tables;
};

/** The row's sum, `sum` first. */
export const addJsTables = ({depth, treeCount, threshold: t, place: f, leaf: v}: JsTables, x: Float64Array, start: number): number => {
  let sum = start;
  const past = (1 << depth) - 1;
  for (let first = 0; first < treeCount; first += LANES) {
    let a0 = first << depth, a1 = (first + 1) << depth, a2 = (first + 2) << depth, a3 = (first + 3) << depth, a4 = (first + 4) << depth;
    let a5 = (first + 5) << depth, a6 = (first + 6) << depth, a7 = (first + 7) << depth, a8 = (first + 8) << depth, a9 = (first + 9) << depth;
    const c0 = 1 - a0 | 0, c1 = 1 - a1 | 0, c2 = 1 - a2 | 0, c3 = 1 - a3 | 0, c4 = 1 - a4 | 0, c5 = 1 - a5 | 0, c6 = 1 - a6 | 0, c7 = 1 - a7 | 0, c8 = 1 - a8 | 0, c9 = 1 - a9 | 0;
    for (let level = 0; level < depth; level++) {
      a0 = (a0 << 1) + c0 + Number(x[f[a0]!]! > t[a0]!) | 0;
      a1 = (a1 << 1) + c1 + Number(x[f[a1]!]! > t[a1]!) | 0;
      a2 = (a2 << 1) + c2 + Number(x[f[a2]!]! > t[a2]!) | 0;
      a3 = (a3 << 1) + c3 + Number(x[f[a3]!]! > t[a3]!) | 0;
      a4 = (a4 << 1) + c4 + Number(x[f[a4]!]! > t[a4]!) | 0;
      a5 = (a5 << 1) + c5 + Number(x[f[a5]!]! > t[a5]!) | 0;
      a6 = (a6 << 1) + c6 + Number(x[f[a6]!]! > t[a6]!) | 0;
      a7 = (a7 << 1) + c7 + Number(x[f[a7]!]! > t[a7]!) | 0;
      a8 = (a8 << 1) + c8 + Number(x[f[a8]!]! > t[a8]!) | 0;
      a9 = (a9 << 1) + c9 + Number(x[f[a9]!]! > t[a9]!) | 0;
    }
    sum += v[a0 - past]!; sum += v[a1 - past]!; sum += v[a2 - past]!; sum += v[a3 - past]!; sum += v[a4 - past]!;
    sum += v[a5 - past]!; sum += v[a6 - past]!; sum += v[a7 - past]!; sum += v[a8 - past]!; sum += v[a9 - past]!;
  }
  return sum;
};
