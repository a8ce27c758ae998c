import {F64, I32, NONE, O_EXPIRY, O_SEQ, type OrderStore} from './order-store.ts';

/**
 * Expiry times of the orders that have one (tif 6), and a heap of those that are working now: earliest (expireTime, sequence) first. A record
 * knows its place in the heap, so that leaving early costs log n. Apart from the orders, because few expire.
 */
export class Expiries {
  /** microseconds, by record */
  declare readonly at: Float64Array;
  /** place in the heap, NONE outside */
  private declare readonly place: Int32Array;
  private declare readonly slot: Int32Array;
  private declare readonly heap: Int32Array;
  private declare readonly orders: OrderStore;
  count = 0;
  private untouched = 0;
  private free = NONE;

  constructor(orders: OrderStore, openOrdersMax: number) {
    this.orders = orders;
    this.at = new Float64Array(openOrdersMax);
    this.place = new Int32Array(openOrdersMax);
    this.slot = new Int32Array(openOrdersMax);
    this.heap = new Int32Array(openOrdersMax);
  }

  private recordOf(slot: number): number {
    return this.orders.i32[slot * I32 + O_EXPIRY]!;
  }

  /** Gives an order the expiry that stands at `numbers[from]`. It is not in the heap yet. */
  attach(slot: number, numbers: Float64Array, from: number): void {
    let record = this.free;
    if (record === NONE) record = this.untouched++;
    else this.free = this.slot[record]!;
    this.at[record] = numbers[from]!;
    this.place[record] = NONE;
    this.slot[record] = slot;
    this.orders.i32[slot * I32 + O_EXPIRY] = record;
  }

  /** Forgets an order's expiry, if it has one. */
  detach(slot: number): void {
    const record = this.recordOf(slot);
    if (record === NONE) return;
    this.leave(slot);
    this.slot[record] = this.free;
    this.free = record;
    this.orders.i32[slot * I32 + O_EXPIRY] = NONE;
  }

  isIn(slot: number): boolean {
    return this.place[this.recordOf(slot)] !== NONE;
  }

  /** Slot and time of the earliest, only when count > 0. */
  get firstSlot(): number {
    return this.slot[this.heap[0]!]!;
  }

  /** Is the earliest due at `clock[now]`? */
  isDue(clock: Float64Array, now: number): boolean {
    return this.count > 0 && this.at[this.heap[0]!]! <= clock[now]!;
  }

  enter(slot: number): void {
    this.rise(this.count++, this.recordOf(slot));
  }

  leave(slot: number): void {
    const record = this.recordOf(slot);
    const place = this.place[record]!;
    if (place === NONE) return;
    this.place[record] = NONE;
    const last = this.heap[--this.count]!;
    if (last === record) return;
    if (place > 0 && this.isEarlier(last, this.heap[(place - 1) >> 1]!)) this.rise(place, last);
    else this.sink(place, last);
  }

  private isEarlier(a: number, b: number): boolean {
    if (this.at[a] !== this.at[b]) return this.at[a]! < this.at[b]!;
    const {f64} = this.orders;
    return f64[this.slot[a]! * F64 + O_SEQ]! < f64[this.slot[b]! * F64 + O_SEQ]!;
  }

  private put(place: number, record: number): void {
    this.heap[place] = record;
    this.place[record] = place;
  }

  private rise(from: number, record: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.isEarlier(record, this.heap[parent]!)) break;
      this.put(place, this.heap[parent]!);
      place = parent;
    }
    this.put(place, record);
  }

  private sink(from: number, record: number): void {
    let place = from;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= this.count) break;
      if (child + 1 < this.count && this.isEarlier(this.heap[child + 1]!, this.heap[child]!)) child++;
      if (!this.isEarlier(this.heap[child]!, record)) break;
      this.put(place, this.heap[child]!);
      place = child;
    }
    this.put(place, record);
  }
}
