import {add, before, div, equal, mul, select, sub} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {COLUMN_NAMES, derive, held, raw, type Bar, type ColumnName} from './inputs.ts';
import type {Series} from './series.ts';
import type {Pair} from './window-moments.ts';

/** What a feature reads, by the roles of its kind. */
export interface Sources {
  /** as it came where the descriptor lets bad values show (`window`), else as `held` */
  raw(role: ColumnName): Series;
  /** with the last finite value in place of a bad one */
  held(role: ColumnName): Series;
  /** high, low and price, held */
  readonly bar: Bar;
}

type Read = (name: ColumnName) => Series;
const BAR_PRICES: Readonly<Record<string, (b: ProgramBuilder, read: Read) => Series>> = {
  hl2: (b, read) => derive(b, 'hl2', [read('high'), read('low')], (h, l) => mul(add(h!, l!), 0.5)),
  hlc3: (b, read) => derive(b, 'hlc3', [read('high'), read('low'), read('price')], (h, l, c) => div(add(add(h!, l!), c!), 3)),
  hlcc4: (b, read) => derive(b, 'hlcc4', [read('high'), read('low'), read('price')], (h, l, c) => mul(add(add(h!, l!), mul(2, c!)), 0.25)),
  ohlc4: (b, read) => derive(b, 'ohlc4', [read('open'), read('high'), read('low'), read('price')], (o, h, l, c) => mul(add(add(add(o!, h!), l!), c!), 0.25)),
};

/** Names that may stand for a series: columns and prices made of a bar. */
export const SOURCE_NAMES: readonly string[] = [...COLUMN_NAMES, ...Object.keys(BAR_PRICES)];

/** The series of a name; `holds` says whether the last finite value stands in for a bad one. */
export const namedSeries = (b: ProgramBuilder, name: string, holds: boolean): Series => {
  const read: Read = (column) => (holds ? held(b, column) : raw(b, column));
  return BAR_PRICES[name]?.(b, read) ?? read(name as ColumnName);
};

/** The price beside the reference, so that it shares its sums with what compares the two; any other series alone. */
export const aloneOrPair = (b: ProgramBuilder, x: Series): Pair => ({x, y: x.key === 'price' ? raw(b, 'reference') : x});

/** The last finite value of a series; 0 until there was one. What a feature has no value for must not stay in what is made of it. */
export const lastFinite = (b: ProgramBuilder, x: Series): Series => b.unit(`finite ${x.key}`, (u) => {
  const slot = u.slot(), now = u.let(x.value);
  const value = u.let(select(equal(sub(now, now), 0), now, u.load(slot)));
  u.set(slot, select(before(x.start), 0, value));
  return {key: `finite ${x.key}`, value, start: x.start, inputs: []};
});
