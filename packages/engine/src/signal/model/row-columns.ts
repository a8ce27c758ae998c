import {TREAT, TREATS, ZERO_LIMIT} from './node-split.ts';
import type {TreeKernel} from './tree-kernel.ts';

const FILL = [-Infinity, Infinity, 0, -Infinity, Infinity] as const;
const ALIGN = 64;
export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGN) * ALIGN;

/** Addresses in a model's memory; the first line holds a NaN that leaves read. */
export const NAN_ADDRESS = 8;
const CONSTANTS_ADDRESS = ALIGN;
const ROW_ADDRESS = CONSTANTS_ADDRESS + 2 * ALIGN;

interface ColumnRun {
  /** addresses of a list of addresses, of the first column, and of what a missing value becomes and how near to zero is missing */
  readonly source: number;
  readonly end: number;
  readonly target: number;
  readonly constants: number;
}

/**
 * The columns that compiled trees read. A row whose values are all finite is read as it is; else one column is written for each (feature, treatment of
 * what is missing) that some node asks for, with missing values already at the end that their side demands, so that no node has to look.
 */
export class RowColumns {
  readonly #rowLength: number;
  readonly #columns = new Map<number, number>();
  #keys: readonly number[] = [];
  #runs: ColumnRun[] = [];
  /** zero itself is a missing value somewhere */
  #isAlwaysExtended = false;

  constructor(rowLength: number) {
    this.#rowLength = rowLength;
  }

  /** Says that a node reads the value at `place` of the row under this treatment. */
  add(place: number, treat: number): void {
    this.#columns.set(place * TREATS + treat, -1);
    if (treat === TREAT.zeroLeft || treat === TREAT.zeroRight) this.#isAlwaysExtended = true;
  }

  /** Numbers the columns, all of one treatment side by side; nothing is added after this. @returns octets up to the first table */
  settle(): number {
    const first = ROW_ADDRESS + aligned(this.#rowLength * 8);
    const keys = [...this.#columns.keys()].sort((a, b) => a % TREATS - b % TREATS || a - b);
    const sources = first + keys.length * 8;
    keys.forEach((key, at) => this.#columns.set(key, first + at * 8));
    const from = (treat: number): number => keys.filter((key) => key % TREATS < treat).length;
    this.#keys = keys;
    this.#runs = FILL.map((_, treat) => ({source: sources + from(treat) * 4, end: sources + from(treat + 1) * 4, target: first + from(treat) * 8, constants: CONSTANTS_ADDRESS + treat * 16}));
    return aligned(sources + keys.length * 4);
  }

  placeAddress(place: number): number {
    return ROW_ADDRESS + place * 8;
  }

  columnAddress(place: number, treat: number): number {
    return this.#columns.get(place * TREATS + treat) ?? NAN_ADDRESS;
  }

  /** Writes what does not change; @returns the view that a row is copied to. */
  place(memory: DataView): Float64Array {
    memory.setFloat64(NAN_ADDRESS, NaN, true);
    FILL.forEach((fill, treat) => {
      memory.setFloat64(CONSTANTS_ADDRESS + treat * 16, fill, true);
      memory.setFloat64(CONSTANTS_ADDRESS + treat * 16 + 8, treat >= TREAT.zeroLeft ? ZERO_LIMIT : -1, true);
    });
    const sources = this.#runs[0]?.source ?? 0;
    this.#keys.forEach((key, at) => { memory.setInt32(sources + at * 4, this.placeAddress(Math.floor(key / TREATS)), true); });
    return new Float64Array(memory.buffer, ROW_ADDRESS, this.#rowLength);
  }

  /** Whether every value is finite, so that the row itself can be read. */
  isPlain(kernel: TreeKernel): boolean {
    return !this.#isAlwaysExtended && kernel.isFinite(ROW_ADDRESS, ROW_ADDRESS + aligned(this.#rowLength * 8)) !== 0;
  }

  /** Writes the columns of the row that lies in memory. */
  extend(kernel: TreeKernel): void {
    for (let i = 0; i < this.#runs.length; i++) {
      const {source, end, target, constants} = this.#runs[i] as ColumnRun;
      if (source < end) kernel.extend(source, end, target, constants);
    }
  }
}
