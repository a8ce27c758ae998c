import {TandemError} from '@tandem/contract';
import {planSegments, writeSegment, type PlaceOf, type TableSegment} from './build-tables.ts';
import type {Forest, ForestTree} from './forest.ts';
import {linkOutput, valueCount} from './link-output.ts';
import {oversizedModel} from './model-error.ts';
import {fitsTables, treatOf} from './node-split.ts';
import {predictStream, type PredictStream} from './predict-stream.ts';
import {RowColumns} from './row-columns.ts';
import {openForestStream} from './stream/forest-stream.ts';
import {SUM_ADDRESS, treeKernel, type AddTrees, type TreeKernel} from './tree-kernel.ts';
import {wasmHost} from './wasm-host.ts';
import {buildWalk, walkValue, type WalkTree} from './walk-segment.ts';

type Segment = TableSegment | WalkTree;

/** twice an address must fit 32 bits */
const MEMORY_BYTES_MAX = 2 ** 30;
const PAGE_BYTES = 65_536;

/** A model over rows of one layout. It owns its scratch memory, so one serves one thread; `raw` and `values` allocate nothing. */
export interface CompiledModel {
  readonly forest: Forest;
  /** values that a row must have */
  readonly rowLength: number;
  /** a row in the model's own memory: features that are computed into it and given as the row need not be copied */
  readonly input: Float64Array;
  readonly tableBytes: number;
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
  /** For rows of so many symbols that come one after the other: walks the trees that have changed. It has memory of its own, 5 KB a symbol for 300 trees; where that would be more than 256 MB every row goes through the whole forest. */
  stream(symbols: number): PredictStream;
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

const columnsOf = (forest: Forest, trees: Iterable<ForestTree>, placeOf: PlaceOf, rowLength: number): RowColumns => {
  const columns = new RowColumns(rowLength);
  for (const tree of trees) tree.feature.forEach((feature, node) => { columns.add(placeOf(feature), treatOf(forest, tree, node)); });
  return columns;
};

/** The trees of each output in the model's order, cut where the way to run them changes; tables lie one behind the other from `start` on. */
const segmentsOf = (forest: Forest, tabled: ReadonlySet<ForestTree>, placeOf: PlaceOf, start: number): {outputs: Segment[][]; end: number} => {
  let end = start;
  const outputs = Array.from({length: forest.rawCount}, (): Segment[] => []);
  const runs = outputs.map((): ForestTree[] => []);
  const flush = (output: number): void => {
    for (const segment of planSegments(runs[output] ?? [], end)) { outputs[output]?.push(segment); ({end} = segment); }
    runs[output] = [];
  };
  for (const tree of forest.trees) {
    if (tabled.has(tree)) { runs[tree.output]?.push(tree); continue; }
    flush(tree.output);
    outputs[tree.output]?.push(buildWalk(forest, tree, placeOf));
  }
  outputs.forEach((_, output) => { flush(output); });
  return {outputs, end};
};

const layoutOf = (segments: readonly Segment[]): Record<Segment['kind'], number> => {
  const layout = {perfect: 0, linked: 0, walk: 0};
  for (const segment of segments) layout[segment.kind] += segment.kind === 'walk' ? 1 : segment.trees.length;
  return layout;
};

/** Runs the segments of one output over the row as it is, or over its columns: the sum in `cell` before is the sum in it after. */
type Adder = (row: Float64Array, isExtended: boolean) => void;

const adderOf = (segments: readonly Segment[], kernel: TreeKernel, cell: Float64Array, isSingle: boolean): Adder => {
  const plain = segments.map((segment): AddTrees => segment.kind === 'linked' ? kernel.linkedPlain : kernel.perfectPlain);
  const extended = segments.map((segment): AddTrees => segment.kind === 'linked' ? kernel.linkedExtended : kernel.perfectExtended);
  return (row, isExtended) => {
    const run = isExtended ? extended : plain;
    for (let i = 0; i < segments.length; i++) {
      const segment = segments[i] as Segment;
      if (segment.kind !== 'walk') (run[i] as AddTrees)(segment.nodes, segment.leaves, segment.groups, segment.depth);
      else cell[0] = isSingle ? Math.fround((cell[0] as number) + walkValue(segment, row)) : (cell[0] as number) + walkValue(segment, row);
    }
  };
};

const tablesOf = (forest: Forest, outputs: readonly Segment[][], end: number, placeOf: PlaceOf, columns: RowColumns): {kernel: TreeKernel; input: Float64Array; cell: Float64Array} => {
  if (end > MEMORY_BYTES_MAX) throw oversizedModel(forest.origin, `${end} octets of tables`);
  const memory = new wasmHost.Memory({initial: Math.ceil(end / PAGE_BYTES), maximum: Math.ceil(end / PAGE_BYTES)});
  const view = new DataView(memory.buffer);
  for (const segment of outputs.flat()) if (segment.kind !== 'walk') writeSegment({memory: view, forest, placeOf, columns}, segment);
  return {kernel: treeKernel(memory, forest.precision), input: columns.place(view), cell: new Float64Array(memory.buffer, SUM_ADDRESS, 1)};
};

/**
 * Compiles a forest for rows whose features stand in the order of `rowNames` (left out: in the model's own order).
 * @throws TandemError TDM-E443 when the row lacks a feature of the model, TDM-E442 when its tables are too large
 */
export const compileForest = (forest: Forest, rowNames?: readonly string[]): CompiledModel => {
  const placeOf = placesOf(forest, rowNames);
  const rowLength = rowNames?.length ?? forest.featureCount;
  const tabled = new Set(forest.trees.filter((tree) => fitsTables(forest, tree)));
  const columns = columnsOf(forest, tabled, placeOf, rowLength);
  const {outputs, end} = segmentsOf(forest, tabled, placeOf, columns.settle());
  const {kernel, input, cell} = tablesOf(forest, outputs, end, placeOf, columns);
  const isSingle = forest.precision === 'single';
  const adders = outputs.map((segments) => adderOf(segments, kernel, cell, isSingle));
  const hasTables = tabled.size > 0;
  const {base, baseLast, rawCount} = forest;
  const raw = (row: Float64Array, sums: Float64Array): void => {
    if (row.length !== rowLength) throw unfit('the row has another number of features than the model was compiled for', `${row.length} instead of ${rowLength}`, 'give rows in the order that the model was compiled for');
    if (hasTables && row !== input) input.set(row);
    const isExtended = hasTables && !columns.isPlain(kernel);
    if (isExtended) columns.extend(kernel);
    for (let output = 0; output < rawCount; output++) {
      cell[0] = baseLast ? 0 : base[output] as number;
      (adders[output] as Adder)(row, isExtended);
      const sum = cell[0] as number;
      sums[output] = baseLast ? isSingle ? Math.fround(sum + (base[output] as number)) : sum + (base[output] as number) : sum;
    }
  };
  const link = linkOutput(forest);
  const sums = new Float64Array(rawCount);
  const first = new Float64Array(valueCount(forest));
  const values = (row: Float64Array, into: Float64Array): void => { raw(row, sums); link(sums, into); };
  const predict = (row: Float64Array): number => { values(row, first); return first[0] as number; };
  return {
    forest, rowLength, input, tableBytes: end, layout: layoutOf(outputs.flat()), rawCount, valueCount: first.length, raw, values,
    predict, stream: (symbols) => predictStream({rawCount, rowLength, raw, predict}, {stream: openForestStream(forest, {placeOf, rowLength, symbols}), symbols, link}),
  };
};
