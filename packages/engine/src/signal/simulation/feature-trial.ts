import {TandemError} from '@tandem/contract';
import {openModule, type EmittedModule} from '../features/emitted-features.ts';
import {SignalFeatures} from '../features/signal-features.ts';
import {copyColumns, FIELD_COUNT, TICK_FIELDS, type TickColumns} from '../tick-store/tick-columns.ts';
import type {FeatureTrial} from './perturb.ts';

/** Features that take one tick after the other; what a user's module makes. */
export interface StreamedFeatures {
  readonly names: readonly string[];
  readonly row: Float64Array;
  step(symbol: number, values: Float64Array): void;
}

/** Features of an emitted TypeScript module, to be tried. */
export const emittedFeatures = (module: EmittedModule) => (symbols: number): StreamedFeatures => new SignalFeatures(openModule(module, symbols), symbols);

const unusable = (what: string, seen: string, fix: string): TandemError => new TandemError({id: 'TDM-E429', kind: 'usage', what, seen, fix});

/** A whole recording as a user's batch function sees it. */
export type TickTable = {readonly count: number; readonly symbols: readonly string[]; readonly timeUs: Float64Array; readonly symbol: Float64Array}
  & {readonly [K in (typeof TICK_FIELDS)[number]]: Float64Array};

const namesOf = ({names, row, step}: Partial<StreamedFeatures>): readonly string[] => {
  if (Array.isArray(names) && names.length > 0 && row?.length === names.length && typeof step === 'function') return names as readonly string[];
  throw unusable('the features have not one name for each place of their row', `${Array.isArray(names) ? names.length : 'no'} names, ${row?.length ?? 'no'} places, ${typeof step === 'function' ? 'a' : 'no'} step`, 'give names, a row of as many numbers, and step(symbol, values)');
};

/** Streamed features over columns; each run starts from nothing. */
export const streamedTrial = (make: (symbols: number) => StreamedFeatures): FeatureTrial => ({
  names: namesOf(make(1)),
  run(columns, onRow) {
    const source = make(columns.symbols.length);
    const values = new Float64Array(FIELD_COUNT);
    for (let at = 0; at < columns.count; at++) {
      for (let field = 0; field < FIELD_COUNT; field++) values[field] = columns.fields[field]![at]!;
      source.step(columns.symbol[at]!, values);
      onRow(at, source.row);
    }
  },
});

export const tableOf = (columns: TickColumns): TickTable => ({
  count: columns.count, symbols: columns.symbols, timeUs: columns.timeUs, symbol: columns.symbol,
  ...Object.fromEntries(TICK_FIELDS.map((name, at) => [name, columns.fields[at]!])) as Record<(typeof TICK_FIELDS)[number], Float64Array>,
});

/**
 * A function from a table to columns of the same length. Here a look ahead is easy, and easily not seen.
 * @throws TandemError TDM-E429 when a column has another length
 */
export const batchTrial = (compute: (table: TickTable) => Readonly<Record<string, ArrayLike<number>>>, sample: TickColumns): FeatureTrial => {
  // what a function does to its table must not change what the next run sees
  const made = (columns: TickColumns): Readonly<Record<string, ArrayLike<number>>> => {
    const columnsOut: unknown = compute(tableOf(copyColumns(columns)));
    if (columnsOut === null || typeof columnsOut !== 'object' || columnsOut instanceof Promise) throw unusable('compute gives no columns', columnsOut instanceof Promise ? 'a promise' : String(columnsOut), 'give an object of columns, at once');
    return columnsOut as Readonly<Record<string, ArrayLike<number>>>;
  };
  const names = Object.keys(made(sample));
  if (names.length === 0) throw unusable('there is no feature to try', 'no columns', 'give an object with a column for each feature');
  return {
    names,
    run(columns, onRow) {
      const all = made(columns);
      const parts = names.map((name) => {
        const part = all[name];
        if (typeof part === 'object' && part.length === columns.count) return part;
        throw unusable(`the feature ${name} has not one value a tick`, `${typeof part === 'object' ? part.length : 'no'} values for ${columns.count} ticks`, 'give NaN where there is no value yet');
      });
      const row = new Float64Array(names.length);
      for (let at = 0; at < columns.count; at++) {
        for (let i = 0; i < parts.length; i++) row[i] = parts[i]![at]!;
        onRow(at, row);
      }
    },
  };
};
