import {Buffer} from 'node:buffer';
import type {Forest, ForestTree} from '../../src/signal/model/forest.ts';
import {depthOf} from '../../src/signal/model/node-split.ts';

const LANES = 10;
const PLACES_MAX = 2 ** 22;

/** A forest of finite rows as the file that `forest.h` reads: perfect trees in heap order, shallower ones filled up. Null where they would grow too large. */
export const forestFile = (forest: Forest, rowNames: readonly string[]): Buffer | null => {
  const depth = forest.trees.reduce((most, tree) => Math.max(most, depthOf(tree)), 1), size = 2 ** depth;
  const treeCount = Math.ceil(forest.trees.length / LANES) * LANES, count = treeCount * size;
  if (count > PLACES_MAX) return null;
  const threshold = new Float64Array(count).fill(Number.POSITIVE_INFINITY), leaf = new Float64Array(count).fill(-0), place = new Uint32Array(count);
  const placeOf = (feature: number): number => Math.max(0, rowNames.indexOf(forest.featureNames?.[feature] ?? ''));
  forest.trees.forEach((tree: ForestTree, at) => {
    const open = [{child: tree.left.length === 0 ? ~0 : 0, k: 0}];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const {child, k} = next;
      if (k >= size - 1) { leaf[at * size + k - (size - 1)] = tree.leafValue[~child]!; continue; }
      if (child >= 0) {
        threshold[at * size + k] = tree.threshold[child]!;
        place[at * size + k] = placeOf(tree.feature[child]!);
      }
      open.push({child: child >= 0 ? tree.left[child]! : child, k: 2 * k + 1}, {child: child >= 0 ? tree.right[child]! : child, k: 2 * k + 2});
    }
  });
  const octets = (table: Float64Array | Uint32Array): Buffer => Buffer.from(table.buffer, table.byteOffset, table.byteLength);
  return Buffer.concat([octets(Uint32Array.of(treeCount, depth, rowNames.length, 0)), octets(Float64Array.of(forest.base[0] ?? 0)), octets(threshold), octets(leaf), octets(place)]);
};
