import {F64, O_SEQ, type OrderStore} from './order-store.ts';
import type {TerminalRecords} from './terminal-records.ts';

const WORD = 2 ** 32;
/** places of one cache line */
const LINE_BITS = 4;
const LINE_MASK = 15;
const PLACES_PER_ORDER = 1.5;

/** msgSeqNum of an order -> its handle. The sequence itself stands in the order's record. */
export class OrderSeqIndex {
  private declare readonly orders: OrderStore;
  private declare readonly ended: TerminalRecords;
  /** slot + 1, or the handle of an ended order; 0 = empty */
  private declare readonly table: Int32Array;
  private declare readonly lines: number;
  private declare readonly seed: number;
  /** halves of the sequence looked at */
  private low = 0;
  private high = 0;

  constructor(orders: OrderStore, ended: TerminalRecords, seed: number) {
    this.orders = orders;
    this.ended = ended;
    this.lines = Math.ceil((orders.capacity * PLACES_PER_ORDER) / (1 << LINE_BITS)) + 1;
    this.table = new Int32Array(this.lines << LINE_BITS);
    this.seed = seed | 0;
  }

  /**
   * Sixteen neighbours in sequence share a cache line of the table; where each line stands is secret, so that no choice of sequences
   * collides, and lines are scattered, so that runs of full places stay short (a removal walks to the end of its run).
   */
  private home(low: number, high: number): number {
    const line = Math.imul((low >>> LINE_BITS) ^ Math.imul(high, 0x85ebca6b) ^ this.seed, 0x9e3779b1);
    return ((((line ^ (line >>> 15)) >>> 0) * this.lines / WORD) << LINE_BITS) | (low & LINE_MASK);
  }

  private after(place: number): number {
    return place + 1 === this.table.length ? 0 : place + 1;
  }

  /** Reads the sequence of an order into `low` and `high`. */
  private readSeq(entry: number): void {
    if (entry > 0) {
      const seq = this.orders.f64[(entry - 1) * F64 + O_SEQ]!;
      this.low = seq | 0;
      this.high = (seq / WORD) | 0;
    } else {
      this.low = this.ended.seqLowOf(entry);
      this.high = this.ended.seqHighOf(entry);
    }
  }

  /** The sequence is read from `at` of `numbers`, so that no double crosses the call. @returns the handle, -1 = unknown */
  find(numbers: Float64Array, at: number): number {
    const {table} = this;
    const low = numbers[at]! | 0;
    const high = (numbers[at]! / WORD) | 0;
    for (let place = this.home(low, high); table[place] !== 0; place = this.after(place)) {
      const entry = table[place]!;
      this.readSeq(entry);
      if (this.low === low && this.high === high) return entry > 0 ? entry - 1 : entry;
    }
    return -1;
  }

  /** The slot's record holds a sequence that no known order has. */
  put(slot: number): void {
    this.readSeq(slot + 1);
    let place = this.home(this.low, this.high);
    while (this.table[place] !== 0) place = this.after(place);
    this.table[place] = slot + 1;
  }

  /** The order in this slot is known by another handle from now on. */
  repoint(slot: number, handle: number): void {
    this.readSeq(slot + 1);
    let place = this.home(this.low, this.high);
    while (this.table[place] !== slot + 1) place = this.after(place);
    this.table[place] = handle;
  }

  remove(handle: number): void {
    const {table} = this;
    const size = table.length;
    const wanted = handle >= 0 ? handle + 1 : handle;
    this.readSeq(wanted);
    let hole = this.home(this.low, this.high);
    while (table[hole] !== wanted) {
      if (table[hole] === 0) return;
      hole = this.after(hole);
    }
    for (let at = this.after(hole); table[at] !== 0; at = this.after(at)) {
      this.readSeq(table[at]!);
      const fromHome = at - this.home(this.low, this.high);
      const fromHole = at - hole;
      // an entry may move into the hole only if its home is not between the hole and itself
      if ((fromHome < 0 ? fromHome + size : fromHome) < (fromHole < 0 ? fromHole + size : fromHole)) continue;
      table[hole] = table[at]!;
      hole = at;
    }
    table[hole] = 0;
  }
}
