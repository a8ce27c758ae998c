import type {PlaceOf} from '../build-tables.ts';
import type {Forest, ForestTree} from '../forest.ts';
import {treatOf, TREAT, TREATS, ZERO_LIMIT} from '../node-split.ts';
import {aligned} from '../row-columns.ts';
import {COLUMN, ENTRY_BYTES, HEADER, HEADER_END, LANES, NODE_BYTES} from './stream-layout.ts';
import {columnKey, columnSplit, type StreamPlan} from './stream-plan.ts';

const FILL = [-Infinity, Infinity, 0, -Infinity, Infinity] as const;
/** a leaf's own number is no rank that anything is above */
const CELL_BYTES = 2;

/** Where everything of a stream lies; octets. */
export interface StreamLayout {
  readonly header: Readonly<Record<keyof typeof HEADER, number>>;
  readonly row: number;
  readonly treats: number;
  readonly thresholds: readonly number[];
  readonly starts: readonly number[];
  readonly entries: number;
  readonly nodes: number;
  readonly stateBytes: number;
  readonly states: number;
}

const searchSteps = (thresholds: number): number => Math.ceil(Math.log2(thresholds + 1));
/** one more than a search may look at: below the first -Infinity, above the last what nothing is greater than */
const searchBytes = (thresholds: number): number => (2 ** searchSteps(thresholds) + 1) * 8;
const nodesOf = (tree: ForestTree | null): number => tree === null ? 1 : tree.left.length + tree.leafValue.length;

/** crossed nodes a tree beyond which walking every tree is cheaper than to look which */
const CROSSED_MAX = 2;

export const layoutStream = ({columns, slots}: StreamPlan, rowLength: number): StreamLayout => {
  let end = HEADER_END;
  const take = (bytes: number): number => { const at = end; end = aligned(end + bytes); return at; };
  const row = take((rowLength + 1) * 8), treats = take(TREATS * 16);
  const columnsAt = take((columns.length + 2) * COLUMN.bytes), pairs = Math.ceil(columns.length / 2);
  const moved = take((columns.length + 3) * 4), ranges = take((columns.length + 2) * 8);
  const list = take((CROSSED_MAX * slots.length + 1 + LANES) * 4), all = take((slots.length + LANES) * 4), roots = take((slots.length + 1) * 8);
  const thresholds = [...columns.map(({thresholds: {length}}) => take(searchBytes(length)) + 8), take(16) + 8];
  const starts = [...columns.map(({thresholds: {length}}) => take((length + 1) * 4)), take(4)];
  const count = slots.reduce((sum, tree) => sum + (tree?.left.length ?? 0), 0);
  const entries = take(count * ENTRY_BYTES);
  const nodeCount = slots.reduce((sum, tree) => sum + nodesOf(tree), 1);
  const nodes = take(nodeCount * NODE_BYTES), values = take(nodeCount * 8);
  const boundsOffset = aligned((2 * pairs + 1) * CELL_BYTES), valuesOffset = boundsOffset + aligned(pairs * 32), leavesOffset = valuesOffset + aligned((slots.length + 1) * 8);
  const knownOffset = leavesOffset + (slots.length + 1) * 2;
  return {
    header: {
      columns: columnsAt, columnsEnd: columnsAt + pairs * 2 * COLUMN.bytes, moved, ranges, rangesEnd: ranges, list, all, allEnd: all + slots.length * 4, roots, valuesDistance: values - nodes,
      nobody: slots.length, crossedMax: CROSSED_MAX * slots.length * ENTRY_BYTES, boundsOffset, leavesOffset, valuesOffset, knownOffset,
    },
    row, treats, thresholds, starts, entries, nodes, stateBytes: aligned(knownOffset + 2), states: end,
  };
};

interface Writer {
  readonly view: DataView;
  readonly forest: Forest;
  readonly placeOf: PlaceOf;
  readonly plan: StreamPlan;
  readonly layout: StreamLayout;
}

const writeColumns = ({view, plan: {columns}, layout}: Writer, rowLength: number): void => {
  FILL.forEach((fill, treat) => {
    view.setFloat64(layout.treats + treat * 16, fill, true);
    view.setFloat64(layout.treats + treat * 16 + 8, treat >= TREAT.zeroLeft ? ZERO_LIMIT : -1, true);
  });
  for (let at = 0; at <= columns.length; at++) {
    const column = columns[at], to = layout.header.columns + at * COLUMN.bytes, first = layout.thresholds[at] as number, steps = searchSteps(column?.thresholds.length ?? 0);
    // one column more fills up a pair: its value is the 0 behind the row
    view.setInt32(to + COLUMN.value, layout.row + (column?.place ?? rowLength) * 8, true);
    view.setInt32(to + COLUMN.thresholds, first, true);
    view.setInt32(to + COLUMN.starts, layout.starts[at] as number, true);
    view.setInt32(to + COLUMN.treat, layout.treats + (column?.treat ?? TREAT.nanZero) * 16, true);
    view.setInt32(to + COLUMN.steps, steps, true);
    view.setFloat64(first - 8, -Infinity, true);
    // only what is missing lies above the largest double; an infinite value, which does not, must not be taken for one that stayed there
    const past = column?.thresholds.at(-1) === Number.MAX_VALUE ? NaN : Infinity;
    for (let i = 0; i < 2 ** steps; i++) view.setFloat64(first + i * 8, column?.thresholds[i] ?? past, true);
  }
};

const rankOf = (thresholds: Float64Array, split: number): number => {
  let low = 0, high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((thresholds[middle] as number) < split) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** A node in the list of its threshold: who stands on a leaf below it has to look again when the threshold is crossed. */
interface Crossing { readonly slot: number; readonly first: number; readonly leaves: number }

/** Leaves numbered from the left, so that those under a node are a run. */
const leafRuns = (tree: ForestTree): {first: Int32Array; leaves: Int32Array; number: Int32Array; depth: Int32Array} => {
  const first = new Int32Array(tree.left.length), leaves = new Int32Array(tree.left.length), number = new Int32Array(tree.leafValue.length), depth = new Int32Array(tree.left.length);
  const order: number[] = [];
  let count = 0;
  const open: [number, number][] = [[tree.left.length === 0 ? ~0 : 0, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [child, level] = next;
    if (child < 0) { number[~child] = count++; continue; }
    first[child] = count;
    depth[child] = level;
    order.push(child);
    open.push([tree.right[child] ?? ~0, level + 1], [tree.left[child] ?? ~0, level + 1]);
  }
  for (const node of order.reverse()) for (const child of [tree.left[node] ?? ~0, tree.right[node] ?? ~0]) leaves[node] = (leaves[node] ?? 0) + (child < 0 ? 1 : leaves[child] ?? 0);
  return {first, leaves, number, depth};
};

/** Nodes level by level, both children side by side. @returns the address behind it */
const writeTree = ({view, forest, placeOf, plan, layout}: Writer, {slot, tree, at}: {slot: number; tree: ForestTree | null; at: number}, crossings: Crossing[][][]): number => {
  const {valuesDistance} = layout.header, root = layout.header.roots + slot * 8;
  const runs = tree === null ? null : leafRuns(tree);
  let end = at + NODE_BYTES, depth = 1;
  const open = [{from: tree === null || tree.left.length === 0 ? ~0 : 0, to: at}];
  for (let i = 0; i < open.length; i++) {
    const {from, to} = open[i] as {from: number; to: number};
    if (tree === null || runs === null || from < 0) {
      view.setUint16(to + 2, runs?.number[~from] ?? 0, true);
      view.setInt32(to + 4, to, true);
      view.setFloat64(to + valuesDistance, tree === null ? -0 : tree.leafValue[~from] ?? NaN, true);
      continue;
    }
    const column = plan.columnOf.get(columnKey(placeOf(tree.feature[from] ?? 0), treatOf(forest, tree, from))) ?? 0;
    const rank = rankOf(plan.columns[column]?.thresholds ?? new Float64Array(0), columnSplit(forest, tree, from));
    view.setUint16(to, (column + 1) * CELL_BYTES, true);
    view.setUint16(to + 2, rank, true);
    view.setInt32(to + 4, end, true);
    crossings[column]?.[rank]?.push({slot, first: runs.first[from] ?? 0, leaves: runs.leaves[from] ?? 0});
    depth = Math.max(depth, (runs.depth[from] ?? 0) + 1);
    open.push({from: tree.left[from] ?? ~0, to: end}, {from: tree.right[from] ?? ~0, to: end + NODE_BYTES});
    end += 2 * NODE_BYTES;
  }
  view.setInt32(root, at, true);
  view.setInt32(root + 4, depth, true);
  return end;
};

/** Writes everything that no row changes; what a symbol's state begins with is nothing but zeros. */
export const writeStream = (writer: Writer, rowLength: number): void => {
  const {view, plan: {columns, slots}, layout} = writer;
  for (const [name, at] of Object.entries(HEADER)) view.setInt32(at, layout.header[name as keyof typeof HEADER], true);
  writeColumns(writer, rowLength);
  const crossings = columns.map(({thresholds}) => Array.from(thresholds, (): Crossing[] => []));
  let at = layout.nodes;
  [...slots, null].forEach((tree, slot) => {
    at = writeTree(writer, {slot, tree, at}, crossings);
    if (slot < slots.length) view.setInt32(layout.header.all + slot * 4, slot, true);
  });
  let entry = layout.entries;
  crossings.forEach((ranks, column) => {
    const starts = layout.starts[column] as number;
    ranks.forEach((nodes, rank) => {
      view.setInt32(starts + rank * 4, entry, true);
      for (const {slot, first, leaves} of nodes) {
        view.setUint16(entry, slot, true);
        view.setUint16(entry + 2, first, true);
        view.setUint16(entry + 4, leaves, true);
        entry += ENTRY_BYTES;
      }
    });
    view.setInt32(starts + ranks.length * 4, entry, true);
  });
};
