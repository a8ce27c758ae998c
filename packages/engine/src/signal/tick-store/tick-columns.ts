/** Values of one tick besides time and symbol, in the order of the columns and of the features' inputs. */
export const TICK_FIELDS = ['price', 'high', 'low', 'volume', 'bidSize', 'askSize', 'reference'] as const;
export type TickField = (typeof TICK_FIELDS)[number];
export const FIELD_COUNT = TICK_FIELDS.length;

/**
 * Recorded ticks, column by column, in the order in which they arrived. All columns lie in one buffer, which may be shared between threads.
 * `timeUs` never falls; whole microseconds since 1970 as doubles.
 */
export interface TickColumns {
  readonly count: number;
  readonly symbols: readonly string[];
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  readonly timeUs: Float64Array;
  /** index into `symbols` */
  readonly symbol: Float64Array;
  readonly fields: readonly Float64Array[];
}

/** Octets that `count` ticks need. */
export const columnBytes = (count: number): number => count * (2 + FIELD_COUNT) * 8;

/** Lays columns over a buffer of {@link columnBytes} octets; nothing is copied. */
export const columnsOver = (buffer: ArrayBuffer | SharedArrayBuffer, count: number, symbols: readonly string[]): TickColumns => {
  const column = (index: number): Float64Array => new Float64Array(buffer, index * count * 8, count);
  return {count, symbols, buffer, timeUs: column(0), symbol: column(1), fields: TICK_FIELDS.map((_, index) => column(2 + index))};
};

/** One tick as importers make it. */
export interface RawTick {
  readonly timeUs: number;
  readonly symbol: string;
  readonly values: Readonly<Record<TickField, number>>;
}

/** Gathers ticks in any number and gives columns in the order of their times; ticks of the same time keep the order in which they came. */
export const gatherTicks = (ticks: Iterable<RawTick>, shared = false): TickColumns => {
  const all = [...ticks];
  const isSorted = all.every((tick, at) => at === 0 || tick.timeUs >= all[at - 1]!.timeUs);
  if (!isSorted) all.sort((a, b) => a.timeUs - b.timeUs);
  const numbers = new Map<string, number>();
  for (const {symbol} of all) if (!numbers.has(symbol)) numbers.set(symbol, numbers.size);
  const bytes = columnBytes(all.length);
  const columns = columnsOver(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes), all.length, [...numbers.keys()]);
  all.forEach((tick, at) => {
    columns.timeUs[at] = tick.timeUs;
    columns.symbol[at] = numbers.get(tick.symbol)!;
    TICK_FIELDS.forEach((name, field) => { columns.fields[field]![at] = tick.values[name]; });
  });
  return columns;
};

/** A copy that can be changed without changing the first. */
export const copyColumns = (columns: TickColumns): TickColumns => {
  const buffer = new ArrayBuffer(columnBytes(columns.count));
  new Uint8Array(buffer).set(new Uint8Array(columns.buffer, 0, columnBytes(columns.count)));
  return columnsOver(buffer, columns.count, columns.symbols);
};
