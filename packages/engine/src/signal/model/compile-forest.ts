import {TandemError} from '@tandem/contract';
import {buildSegments, type PlaceOf} from './build-tables.ts';
import type {Forest, ForestTree} from './forest.ts';
import {linkOutput, valueCount} from './link-output.ts';
import {fitsTables, treatOf} from './node-split.ts';
import {COLUMNS_MAX, RowColumns} from './row-columns.ts';
import {addTables, type LinkedTables, type PerfectTables} from './table-kernels.ts';
import {buildWalk, walkValue, type WalkTree} from './walk-segment.ts';

type Segment = PerfectTables | LinkedTables | WalkTree;

/** A model over rows of one layout. It owns its scratch memory, so one serves one thread; a prediction allocates nothing. */
export interface CompiledModel {
  readonly forest: Forest;
  /** values that a row must have */
  readonly rowLength: number;
  /** trees by the way in which they are run */
  readonly layout: Readonly<Record<Segment['kind'], number>>;
  /** raw sums that a row gives, and values after the link */
  readonly rawCount: number;
  readonly valueCount: number;
  /** Writes the raw sums (`predict(raw_score=True)`, `output_margin=True`), bit for bit those of the library. */
  raw(row: Float64Array, sums: Float64Array): void;
  /** Writes what the library's `predict` returns. */
  values(row: Float64Array, values: Float64Array): void;
  /** The first value: the prediction of a model with one output. */
  predict(row: Float64Array): number;
}

const unfit = (what: string, seen: string, fix: string): TandemError => new TandemError({id: 'TDM-E443', kind: 'usage', what, seen, fix});

/** Where each feature of the model lies in rows of these names. */
const placesOf = (forest: Forest, rowNames: readonly string[] | undefined): PlaceOf => {
  if (rowNames === undefined) return (feature) => feature;
  const {featureNames} = forest;
  if (featureNames === null) throw unfit('the model names no features, so they cannot be found in the row', `${forest.featureCount} features without names`, 'train it with feature names');
  const at = new Map(rowNames.map((name, place) => [name, place]));
  const lost = featureNames.filter((name) => !at.has(name));
  if (lost.length > 0) throw unfit('the row lacks features of the model', `${lost.slice(0, 5).join(', ')}${lost.length > 5 ? ` and ${lost.length - 5} more` : ''}`, 'compute them, or train the model without them');
  const places = Int32Array.from(featureNames, (name) => at.get(name) ?? 0);
  return (feature) => places[feature] ?? 0;
};

const columnsOf = (forest: Forest, trees: readonly ForestTree[], placeOf: PlaceOf): RowColumns => {
  const columns = new RowColumns();
  for (const tree of trees) tree.feature.forEach((feature, node) => { columns.add(placeOf(feature), treatOf(forest, tree, node)); });
  if (columns.count > COLUMNS_MAX) throw unfit('the model reads more features than its tables can name', `${columns.count} columns, at most ${COLUMNS_MAX}`, 'train it on fewer features');
  columns.settle();
  return columns;
};

/** The trees of one output in the model's order, cut where the way to run them changes. */
const segmentsOf = (forest: Forest, output: number, tabled: ReadonlySet<ForestTree>, placeOf: PlaceOf, columns: RowColumns): Segment[] => {
  const segments: Segment[] = [];
  let run: ForestTree[] = [];
  const flush = (): void => { segments.push(...buildSegments(forest, run, placeOf, columns)); run = []; };
  for (const tree of forest.trees) {
    if (tree.output !== output) continue;
    if (tabled.has(tree)) { run.push(tree); continue; }
    flush();
    segments.push(buildWalk(forest, tree, placeOf));
  }
  flush();
  return segments;
};

const layoutOf = (segments: readonly Segment[]): Record<Segment['kind'], number> => {
  const layout = {perfect: 0, linked: 0, walk: 0};
  for (const segment of segments) layout[segment.kind] += segment.kind === 'walk' ? 1 : segment.ownCount;
  return layout;
};

/**
 * Compiles a forest for rows whose features stand in the order of `rowNames` (null: in the model's own order).
 * @throws TandemError TDM-E443 when the row lacks a feature of the model
 */
export const compileForest = (forest: Forest, rowNames?: readonly string[]): CompiledModel => {
  const placeOf = placesOf(forest, rowNames);
  const rowLength = rowNames?.length ?? forest.featureCount;
  const tabled = new Set(forest.trees.filter((tree) => fitsTables(forest, tree)));
  const columns = columnsOf(forest, [...tabled], placeOf);
  const outputs = Array.from({length: forest.rawCount}, (_, output) => segmentsOf(forest, output, tabled, placeOf, columns));
  const isSingle = forest.precision === 'single';
  const hasTables = tabled.size > 0;
  const {base, baseLast, rawCount} = forest;
  const sumOf = (segments: readonly Segment[], start: number, row: Float64Array, x: Float64Array, isExtended: boolean): number => {
    let sum = start;
    for (let i = 0; i < segments.length; i++) {
      const segment = segments[i] as Segment;
      if (segment.kind !== 'walk') sum = addTables(segment, x, isExtended, isSingle, sum);
      else sum = isSingle ? Math.fround(sum + walkValue(segment, row)) : sum + walkValue(segment, row);
    }
    return sum;
  };
  const raw = (row: Float64Array, sums: Float64Array): void => {
    if (row.length !== rowLength) throw unfit('the row has another number of features than the model was compiled for', `${row.length} instead of ${rowLength}`, 'give rows in the order that the model was compiled for');
    const isExtended = hasTables && !columns.isPlain(row);
    const x = isExtended ? columns.extend(row) : row;
    for (let output = 0; output < rawCount; output++) {
      const start = base[output] as number;
      const sum = sumOf(outputs[output] as Segment[], baseLast ? 0 : start, row, x, isExtended);
      sums[output] = baseLast ? isSingle ? Math.fround(sum + start) : sum + start : sum;
    }
  };
  const link = linkOutput(forest);
  const sums = new Float64Array(rawCount);
  const first = new Float64Array(valueCount(forest));
  const values = (row: Float64Array, into: Float64Array): void => { raw(row, sums); link(sums, into); };
  return {
    forest, rowLength, layout: layoutOf(outputs.flat()), rawCount, valueCount: first.length, raw, values,
    predict: (row) => { values(row, first); return first[0] as number; },
  };
};
