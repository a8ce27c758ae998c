import type {TickColumns} from '../tick-store/tick-columns.ts';

/** The one tick that a simulation can see. Reused: whoever keeps it copies it. */
export interface TickView {
  timeUs: number;
  symbol: number;
  /** price, high, low, volume, bid size, ask size, reference */
  readonly values: Float64Array;
}

/**
 * Time, as a simulation meets it. There is no index, no length and no way to look ahead: the columns stand behind the closure, and what
 * a step can read is a copy of one tick.
 */
export interface TickCursor {
  readonly tick: TickView;
  /** Goes to the next tick. @returns false at the end, and then `tick` stays what it was */
  advance(): boolean;
}

/**
 * Opens a cursor.
 * @param from ticks that were taken before a snapshot; the runner alone knows it
 */
export const openCursor = (columns: TickColumns, from = 0): TickCursor => {
  let next = from;
  const {count, timeUs, symbol, fields} = columns;
  const tick: TickView = {timeUs: 0, symbol: 0, values: new Float64Array(fields.length)};
  return Object.freeze({
    tick,
    advance(): boolean {
      if (next >= count) return false;
      tick.timeUs = timeUs[next]!;
      tick.symbol = symbol[next]!;
      for (let i = 0; i < fields.length; i++) tick.values[i] = fields[i]![next]!;
      next++;
      return true;
    },
  });
};
