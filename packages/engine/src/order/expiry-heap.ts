import {F64, I32, O_EXPIRE, O_HEAP, O_SEQ, type OrderStore} from './order-store.ts';

/** Working orders with an expiry, earliest (expireTime, sequence) first. Each record knows its place, so that leaving early costs log n. */
export class ExpiryHeap {
  private readonly orders: OrderStore;
  private readonly slots: Int32Array;
  count = 0;

  constructor(orders: OrderStore, openOrdersMax: number) {
    this.orders = orders;
    this.slots = new Int32Array(openOrdersMax);
  }

  /** The earliest, only when count > 0. */
  get first(): number {
    return this.slots[0]!;
  }

  push(slot: number): void {
    this.rise(this.count++, slot);
  }

  remove(slot: number): void {
    const {i32} = this.orders;
    const place = i32[slot * I32 + O_HEAP]!;
    if (place < 0) return;
    i32[slot * I32 + O_HEAP] = -1;
    const last = this.slots[--this.count]!;
    if (last === slot) return;
    if (place > 0 && this.isEarlier(last, this.slots[(place - 1) >> 1]!)) this.rise(place, last);
    else this.sink(place, last);
  }

  private isEarlier(a: number, b: number): boolean {
    const {f64} = this.orders;
    const expireA = f64[a * F64 + O_EXPIRE]!;
    const expireB = f64[b * F64 + O_EXPIRE]!;
    return expireA < expireB || (expireA === expireB && f64[a * F64 + O_SEQ]! < f64[b * F64 + O_SEQ]!);
  }

  private put(place: number, slot: number): void {
    this.slots[place] = slot;
    this.orders.i32[slot * I32 + O_HEAP] = place;
  }

  private rise(from: number, slot: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.isEarlier(slot, this.slots[parent]!)) break;
      this.put(place, this.slots[parent]!);
      place = parent;
    }
    this.put(place, slot);
  }

  private sink(from: number, slot: number): void {
    let place = from;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= this.count) break;
      if (child + 1 < this.count && this.isEarlier(this.slots[child + 1]!, this.slots[child]!)) child++;
      if (!this.isEarlier(this.slots[child]!, slot)) break;
      this.put(place, this.slots[child]!);
      place = child;
    }
    this.put(place, slot);
  }
}
