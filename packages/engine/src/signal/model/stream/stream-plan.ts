import type {PlaceOf} from '../build-tables.ts';
import type {Forest, ForestTree} from '../forest.ts';
import {fitsTables, splitOf, treatOf, TREATS} from '../node-split.ts';
import {LANES, STREAM_LIMITS} from './stream-layout.ts';

/** A value of the row under one treatment of what is missing, and everything that the forest asks of it, ascending. */
export interface StreamColumn {
  readonly place: number;
  readonly treat: number;
  readonly thresholds: Float64Array;
}

export interface StreamPlan {
  readonly columns: readonly StreamColumn[];
  /** by place and treatment, see {@link columnKey} */
  readonly columnOf: ReadonlyMap<number, number>;
  /** where each leaf's value stands: the trees of an output side by side, in the model's order; null adds -0 */
  readonly slots: readonly (ForestTree | null)[];
  /** slots of each output */
  readonly outputs: readonly {readonly first: number; readonly end: number}[];
  /** trees whose value is asked for anew with every row */
  readonly walked: readonly {readonly slot: number; readonly tree: ForestTree}[];
}

export const columnKey = (place: number, treat: number): number => place * TREATS + treat;
/** T with `x > T` where a value that is there goes right; an infinite value is the largest double, so that only a missing one lies above every threshold */
export const columnSplit = (forest: Forest, tree: ForestTree, node: number): number => Math.min(splitOf(forest, tree.threshold[node] ?? NaN) ?? NaN, Number.MAX_VALUE);

const columnsOf = (forest: Forest, trees: readonly ForestTree[], placeOf: PlaceOf): StreamColumn[] => {
  const asked = new Map<number, Set<number>>();
  for (const tree of trees) {
    tree.feature.forEach((feature, node) => {
      const key = columnKey(placeOf(feature), treatOf(forest, tree, node));
      const known = asked.get(key) ?? new Set<number>();
      asked.set(key, known.add(columnSplit(forest, tree, node)));
    });
  }
  const columns = [...asked].map(([key, splits]) => ({place: Math.floor(key / TREATS), treat: key % TREATS, thresholds: Float64Array.from(splits).sort()}));
  // searches of one length side by side, so that the jump into the search is easily foreseen
  return columns.sort((a, b) => a.thresholds.length - b.thresholds.length || a.place - b.place || a.treat - b.treat);
};

/** How a stream of rows is followed through the forest; null where its numbers are too large for that. */
export const planStream = (forest: Forest, placeOf: PlaceOf): StreamPlan | null => {
  const slots: (ForestTree | null)[] = [];
  const walked: {slot: number; tree: ForestTree}[] = [];
  const followed = (tree: ForestTree): boolean => fitsTables(forest, tree) && tree.leafValue.length <= STREAM_LIMITS.leaves && tree.threshold.every((threshold) => threshold === threshold);
  const outputs = Array.from({length: forest.rawCount}, (_, output) => {
    const first = slots.length;
    for (const tree of forest.trees) {
      if (tree.output !== output) continue;
      if (!followed(tree)) walked.push({slot: slots.length, tree});
      slots.push(followed(tree) ? tree : null);
    }
    while (slots.length % LANES !== 0) slots.push(null);
    return {first, end: slots.length};
  });
  const columns = columnsOf(forest, slots.filter((tree) => tree !== null), placeOf);
  if (slots.length > STREAM_LIMITS.trees || columns.length === 0 || columns.length > STREAM_LIMITS.columns || columns.some(({thresholds}) => thresholds.length > STREAM_LIMITS.thresholds)) return null;
  return {columns, columnOf: new Map(columns.map(({place, treat}, at) => [columnKey(place, treat), at])), slots, outputs, walked};
};
