import {TandemError} from '@tandem/contract';
import {FIELD_COUNT, TICK_FIELDS, type TickColumns} from '../tick-store/tick-columns.ts';
import type {FeatureTrial} from './perturb.ts';

/** Features that take one tick after the other; what a user's module makes. */
export interface StreamedFeatures {
  readonly names: readonly string[];
  readonly row: Float64Array;
  step(symbol: number, values: Float64Array): void;
}

/** A whole recording as a user's batch function sees it. */
export type TickTable = {readonly count: number; readonly symbols: readonly string[]; readonly timeUs: Float64Array; readonly symbol: Float64Array}
  & {readonly [K in (typeof TICK_FIELDS)[number]]: Float64Array};

/** Streamed features over columns; each run starts from nothing. */
export const streamedTrial = (make: (symbols: number) => StreamedFeatures): FeatureTrial => ({
  names: make(1).names,
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
  const names = Object.keys(compute(tableOf(sample)));
  return {
    names,
    run(columns, onRow) {
      const made = compute(tableOf(columns));
      const parts = names.map((name) => {
        const part = made[name];
        if (part?.length === columns.count) return part;
        throw new TandemError({id: 'TDM-E429', kind: 'usage', what: `the feature ${name} has not one value a tick`, seen: `${part?.length ?? 'no'} values for ${columns.count} ticks`, fix: 'give NaN where there is no value yet'});
      });
      const row = new Float64Array(names.length);
      for (let at = 0; at < columns.count; at++) {
        for (let i = 0; i < parts.length; i++) row[i] = parts[i]![at]!;
        onRow(at, row);
      }
    },
  };
};
