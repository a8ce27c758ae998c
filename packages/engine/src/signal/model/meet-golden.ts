import {compileForest} from './compile-forest.ts';
import {nextDownSingle, nextUpSingle} from './float-edges.ts';
import type {Forest} from './forest.ts';
import {checkGolden, type GoldenReport, type GoldenRows} from './golden.ts';
import {isVersionFrom, quantileLink} from './xgboost-objective.ts';

/**
 * The forest as the library that answered the golden rows reads it, where its file leaves that open.
 * @throws TandemError TDM-E445 when no reading repeats them (of the reading that the file suggests), E444 when they are of another shape
 */
export const meetGolden = (name: string, forest: Forest, rows: GoldenRows): {readonly forest: Forest; readonly report: GoldenReport} => {
  let first: unknown = null;
  for (const reading of readingsOf(forest, rows)) {
    try {
      return {forest: reading, report: checkGolden(name, compileForest(reading), rows)};
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
};

/** What the version that answers decides, and not the one that wrote the file. */
const asAnswered = (forest: Forest, version: string): Forest => ({
  ...forest, link: forest.isQuantiles === true ? quantileLink(version) : forest.link, unknownCategory: isVersionFrom(version, 1, 7) ? 'left' : 'default',
});

/** XGBoost added the base score after the trees once, and before them now, and has read one objective's score in two ways; no file says which, so the golden rows decide. */
function* readingsOf(given: Forest, rows: GoldenRows): Generator<Forest> {
  if (given.family !== 'xgboost') { yield given; return; }
  const forest = asAnswered(given, rows.library.split(' ').at(-1) ?? '');
  yield forest;
  const bases = [forest.base, ...(forest.otherBase == null ? [] : [forest.otherBase])];
  const readings = bases.flatMap((base) => [forest.baseLast, !forest.baseLast].map((baseLast) => ({...forest, base, baseLast})));
  yield* readings.slice(1);
  if (forest.link.kind === 'sigmoid' || forest.link.kind === 'exp' || forest.otherBase != null) for (const reading of readings) yield {...reading, base: nearBase(reading, rows)};
}

/** The margin of a base score is a logarithm in float32, whose last place is the business of each mathematical library: per output the neighbour that the rows speak for. */
const nearBase = (forest: Forest, {rows, raw}: GoldenRows): Float64Array => {
  const bases = [forest.base.map(nextUpSingle), forest.base.map(nextDownSingle)].filter((base) => base.every(Number.isFinite));
  const fitting = bases.map((base) => {
    const model = compileForest({...forest, base});
    const sums = new Float64Array(model.rawCount);
    const misses = new Float64Array(model.rawCount);
    rows.forEach((row, at) => {
      if (row.length !== model.rowLength) return;
      model.raw(row, sums);
      sums.forEach((sum, output) => { if (!Object.is(sum, raw[at]?.[output])) misses[output] = 1; });
    });
    return {base, misses};
  });
  return forest.base.map((kept, output) => fitting.find(({misses}) => misses[output] === 0)?.base[output] ?? kept);
};
