import {I32, NONE, NOT_LISTED, O_ACK_NEXT, O_ACK_PREV, type OrderStore} from './order-store.ts';

/**
 * Orders that the venue has not answered: status A, or 6 with previous A (its cancel may be refused, then it is A again).
 * By sequence, which is also the order of acceptance times: the first that is young enough ends a search.
 */
export class Unacknowledged {
  private declare readonly orders: OrderStore;
  head: number = NONE;
  private tail: number = NONE;

  constructor(orders: OrderStore) {
    this.orders = orders;
  }

  append(slot: number): void {
    const {i32} = this.orders;
    i32[slot * I32 + O_ACK_PREV] = this.tail;
    i32[slot * I32 + O_ACK_NEXT] = NONE;
    if (this.tail === NONE) this.head = slot;
    else i32[this.tail * I32 + O_ACK_NEXT] = slot;
    this.tail = slot;
  }

  /** Does nothing when the order has left before. */
  remove(slot: number): void {
    const {i32} = this.orders;
    const base = slot * I32;
    const before = i32[base + O_ACK_PREV]!;
    if (before === NOT_LISTED) return;
    const after = i32[base + O_ACK_NEXT]!;
    if (before === NONE) this.head = after;
    else i32[before * I32 + O_ACK_NEXT] = after;
    if (after === NONE) this.tail = before;
    else i32[after * I32 + O_ACK_PREV] = before;
    i32[base + O_ACK_PREV] = NOT_LISTED;
  }
}
