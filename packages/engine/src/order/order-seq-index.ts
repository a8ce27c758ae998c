import {tableSize} from './id-key.ts';
import {F64, O_SEQ, type OrderStore} from './order-store.ts';

/** places of one cache line */
const LINE_BITS = 4;
const LINE_MASK = 15;

/** msgSeqNum of an order -> its slot. The sequence itself stands in the order's record. */
export class OrderSeqIndex {
  private readonly orders: OrderStore;
  /** slot + 1, 0 = empty */
  private readonly table: Int32Array;
  private readonly mask: number;
  private readonly seed: number;

  constructor(orders: OrderStore, seed: number) {
    this.orders = orders;
    const size = tableSize(Math.ceil(orders.capacity * 1.5));
    this.table = new Int32Array(size);
    this.mask = size - 1;
    this.seed = seed | 0;
  }

  /**
   * Sixteen neighbours in sequence share a cache line of the table; where each line stands is secret, so that no choice of sequences
   * collides, and lines are scattered, so that runs of full places stay short (a removal walks to the end of its run).
   */
  private home(seq: number): number {
    const low = seq | 0;
    const high = (seq / 0x1_0000_0000) | 0;
    const line = Math.imul((low >>> LINE_BITS) ^ Math.imul(high, 0x85ebca6b) ^ this.seed, 0x9e3779b1);
    return (((line ^ (line >>> 15)) << LINE_BITS) | (low & LINE_MASK)) & this.mask;
  }

  /** The sequence is read from `at` of `numbers`, so that no double crosses the call. @returns the slot, -1 = unknown */
  find(numbers: Float64Array, at: number): number {
    const {table, mask} = this;
    const {f64} = this.orders;
    const seq = numbers[at]!;
    let place = this.home(seq);
    while (table[place] !== 0) {
      const slot = table[place]! - 1;
      if (f64[slot * F64 + O_SEQ] === seq) return slot;
      place = (place + 1) & mask;
    }
    return -1;
  }

  /** The slot's record holds a sequence that no known order has. */
  put(slot: number): void {
    let place = this.home(this.orders.f64[slot * F64 + O_SEQ]!);
    while (this.table[place] !== 0) place = (place + 1) & this.mask;
    this.table[place] = slot + 1;
  }

  remove(slot: number): void {
    const {table, mask} = this;
    const {f64} = this.orders;
    let hole = this.home(f64[slot * F64 + O_SEQ]!);
    while (table[hole] !== slot + 1) {
      if (table[hole] === 0) return;
      hole = (hole + 1) & mask;
    }
    for (let at = (hole + 1) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const home = this.home(f64[(table[at]! - 1) * F64 + O_SEQ]!);
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        table[hole] = table[at]!;
        hole = at;
      }
    }
    table[hole] = 0;
  }
}
