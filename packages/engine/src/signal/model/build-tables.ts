import type {Forest, ForestTree} from './forest.ts';
import {depthOf, splitOf, treatOf} from './node-split.ts';
import {aligned, NAN_ADDRESS, type RowColumns} from './row-columns.ts';
import {LANES} from './tree-kernel.ts';

/** Where a feature of the model lies in the row. */
export type PlaceOf = (feature: number) => number;

/**
 * Beyond this depth a perfect layout is larger than the caches forgive, and explicit children are faster.
 */
export const PERFECT_DEPTH_MAX = 8;

const PERFECT_BYTES = 16;
const LINKED_BYTES = 32;
const CHILD = 16;

/** Trees that run together, in the model's order; where their tables lie is settled before memory is asked for. */
export interface TableSegment {
  readonly kind: 'perfect' | 'linked';
  readonly trees: readonly ForestTree[];
  readonly depth: number;
  readonly groups: number;
  /** octets in the model's memory: nodes, and leaves (perfect) or the list of roots (linked) */
  readonly nodes: number;
  readonly leaves: number;
  readonly end: number;
}

/** A run of trees that fit tables: eight at a time, each eight in the layout that its deepest tree allows; equal neighbours become one segment. */
export const planSegments = (trees: readonly ForestTree[], start: number): TableSegment[] => {
  const runs: {depth: number; trees: ForestTree[]}[] = [];
  for (let first = 0; first < trees.length; first += LANES) {
    const group = trees.slice(first, first + LANES);
    // a level that every leaf is under keeps the kernel free of a case
    const depth = group.reduce((deepest, tree) => Math.max(deepest, depthOf(tree)), 1);
    const last = runs.at(-1);
    if (last?.depth === depth) last.trees.push(...group);
    else runs.push({depth, trees: group});
  }
  let nodes = start;
  return runs.map((run) => {
    const segment = (run.depth <= PERFECT_DEPTH_MAX ? planPerfect : planLinked)(run, nodes);
    nodes = segment.end;
    return segment;
  });
};

const planPerfect = ({depth, trees}: {depth: number; trees: readonly ForestTree[]}, nodes: number): TableSegment => {
  const groups = Math.ceil(trees.length / LANES);
  const places = groups * LANES * 2 ** depth;
  const leaves = nodes + places * PERFECT_BYTES;
  return {kind: 'perfect', trees, depth, groups, nodes, leaves, end: leaves + places * 8};
};

const planLinked = ({depth, trees}: {depth: number; trees: readonly ForestTree[]}, nodes: number): TableSegment => {
  const groups = Math.ceil(trees.length / LANES);
  const count = trees.reduce((sum, tree) => sum + tree.left.length + tree.leafValue.length, groups * LANES - trees.length);
  const leaves = nodes + count * LINKED_BYTES;
  return {kind: 'linked', trees, depth, groups, nodes, leaves, end: aligned(leaves + groups * LANES * 4)};
};

interface TableWriter {
  readonly memory: DataView;
  readonly forest: Forest;
  readonly placeOf: PlaceOf;
  readonly columns: RowColumns;
}

const writeNode = ({memory, forest, placeOf, columns}: TableWriter, at: number, tree: ForestTree, node: number): void => {
  const place = placeOf(tree.feature[node] ?? 0);
  // an infinite value is the largest double to the tables, so that only a missing one lies above every threshold
  memory.setFloat64(at, Math.min(splitOf(forest, tree.threshold[node] ?? NaN) ?? NaN, Number.MAX_VALUE), true);
  memory.setInt32(at + 8, columns.placeAddress(place), true);
  memory.setInt32(at + 12, columns.columnAddress(place, treatOf(forest, tree, node)), true);
};

/** A place that nothing need look at, because both of its sides end alike: it reads NaN, which is never greater. */
const writeBlank = ({memory}: TableWriter, at: number, value: number): void => {
  memory.setFloat64(at, value, true);
  memory.setInt32(at + 8, NAN_ADDRESS, true);
  memory.setInt32(at + 12, NAN_ADDRESS, true);
};

/** Trees shallower than the table end in equal leaves; missing trees add -0, which changes no sum. */
const writePerfect = (writer: TableWriter, {trees, depth, groups, nodes, leaves}: TableSegment): void => {
  const size = 2 ** depth;
  for (let at = 0; at < groups * LANES; at++) {
    const tree = trees[at];
    const place = (k: number): number => Math.floor(at / LANES) * size * LANES + k * LANES + at % LANES;
    const open = [{child: tree === undefined || tree.left.length === 0 ? ~0 : 0, k: 1}];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const {child, k} = next;
      if (k >= size) {
        writer.memory.setFloat64(leaves + place(k - size) * 8, tree === undefined ? -0 : tree.leafValue[~child] ?? NaN, true);
        continue;
      }
      if (tree !== undefined && child >= 0) writeNode(writer, nodes + place(k) * PERFECT_BYTES, tree, child);
      else writeBlank(writer, nodes + place(k) * PERFECT_BYTES, 0);
      open.push({child: child >= 0 ? tree?.left[child] ?? ~0 : child, k: 2 * k}, {child: child >= 0 ? tree?.right[child] ?? ~0 : child, k: 2 * k + 1});
    }
  }
};

/** Both children of a node lie side by side; a leaf is its own child and has its value where a node has its threshold. */
const writeLinked = (writer: TableWriter, {trees, groups, nodes, leaves}: TableSegment): void => {
  const {memory} = writer;
  let end = nodes;
  for (let at = 0; at < groups * LANES; at++) {
    const tree = trees[at];
    memory.setInt32(leaves + at * 4, end, true);
    const open = [{from: tree === undefined || tree.left.length === 0 ? ~0 : 0, to: end}];
    end += LINKED_BYTES;
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const {from, to} = next;
      if (tree === undefined || from < 0) {
        writeBlank(writer, to, tree === undefined ? -0 : tree.leafValue[~from] ?? NaN);
        memory.setInt32(to + CHILD, to, true);
        continue;
      }
      writeNode(writer, to, tree, from);
      memory.setInt32(to + CHILD, end, true);
      open.push({from: tree.left[from] ?? ~0, to: end}, {from: tree.right[from] ?? ~0, to: end + LINKED_BYTES});
      end += 2 * LINKED_BYTES;
    }
  }
};

export const writeSegment = (writer: TableWriter, segment: TableSegment): void => {
  (segment.kind === 'perfect' ? writePerfect : writeLinked)(writer, segment);
};
