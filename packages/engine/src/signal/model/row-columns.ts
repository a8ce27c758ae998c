import {TREAT, TREATS, ZERO_LIMIT} from './node-split.ts';

const FILL = [-Infinity, Infinity, 0, -Infinity, Infinity] as const;
/** places of a Uint16 table */
export const COLUMNS_MAX = 65_536;

/**
 * The columns that compiled trees read. A row whose values are all finite is read as it is; else one column is written for each (feature, treatment of
 * what is missing) that some node asks for, with missing values already at the end that their side demands, so that no node has to look.
 */
export class RowColumns {
  readonly #columns = new Map<number, number>();
  #sources: Int32Array[] = [];
  #firsts: number[] = [];
  #extended = new Float64Array(0);
  #scan = {from: 0, to: 0};
  /** zero itself is a missing value somewhere, or a place is beyond what a table can hold */
  #isAlwaysExtended = false;

  /** Says that a node reads the value at `place` of the row under this treatment. */
  add(place: number, treat: number): void {
    this.#columns.set(place * TREATS + treat, -1);
    if (treat === TREAT.zeroLeft || treat === TREAT.zeroRight || place >= COLUMNS_MAX) this.#isAlwaysExtended = true;
  }

  get count(): number {
    return this.#columns.size;
  }

  /** Numbers the columns, all of one treatment side by side; nothing is added after this. */
  settle(): void {
    const keys = [...this.#columns.keys()].sort((a, b) => a % TREATS - b % TREATS || a - b);
    keys.forEach((key, at) => this.#columns.set(key, at));
    this.#sources = FILL.map((_, treat) => Int32Array.from(keys.filter((key) => key % TREATS === treat), (key) => Math.floor(key / TREATS)));
    this.#firsts = this.#sources.map((_, treat) => this.#sources.slice(0, treat).reduce((sum, {length}) => sum + length, 0));
    this.#extended = new Float64Array(keys.length);
    const places = keys.map((key) => Math.floor(key / TREATS));
    this.#scan = {from: places.reduce((a, b) => Math.min(a, b), Infinity), to: places.reduce((a, b) => Math.max(a, b), -1) + 1};
  }

  columnOf(place: number, treat: number): number {
    return this.#columns.get(place * TREATS + treat) ?? 0;
  }

  /** Whether every value that may be read is finite, so that the row itself can be read. */
  isPlain(row: Float64Array): boolean {
    if (this.#isAlwaysExtended) return false;
    const {from, to} = this.#scan;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let i = from;
    // x * 0 is NaN for NaN and for the infinities, and NaN stays in a sum
    for (; i + 3 < to; i += 4) {
      a += (row[i] as number) * 0;
      b += (row[i + 1] as number) * 0;
      c += (row[i + 2] as number) * 0;
      d += (row[i + 3] as number) * 0;
    }
    for (; i < to; i++) a += (row[i] as number) * 0;
    return a + b + c + d === 0;
  }

  /** The row in columns; written over by the next call. */
  extend(row: Float64Array): Float64Array {
    const extended = this.#extended;
    for (let treat = 0; treat < TREATS; treat++) {
      const sources = this.#sources[treat] as Int32Array;
      const first = this.#firsts[treat] as number;
      const fill = FILL[treat] as number;
      const limit = treat >= TREAT.zeroLeft ? ZERO_LIMIT : -1;
      for (let i = 0; i < sources.length; i++) {
        const x = row[sources[i] as number] as number;
        extended[first + i] = x !== x || Math.abs(x) <= limit ? fill : x > Number.MAX_VALUE ? Number.MAX_VALUE : x;
      }
    }
    return extended;
  }
}
