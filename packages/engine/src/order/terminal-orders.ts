import type {ClientIdIndex} from './client-id-index.ts';
import type {OrderSeqIndex} from './order-seq-index.ts';
import {F64, I32, NONE, O_CUM, O_OPEN_NEXT, O_SEQ, O_STATUS, U8, type OrderStore} from './order-store.ts';

const DIGEST_PRIME = 1_000_003;

/** Ended orders, oldest first: they stay known for late fills and late cancels until `retention` younger ones ended. */
export class TerminalOrders {
  /** of all that ever ended */
  total = 0;
  /** running digest over all that ever ended, below the prime */
  digest = 0;
  private kept = 0;
  private oldest: number = NONE;
  private youngest: number = NONE;
  private readonly orders: OrderStore;
  private readonly clientIds: ClientIdIndex;
  private readonly bySeq: OrderSeqIndex;
  private readonly retention: number;

  constructor(orders: OrderStore, more: {clientIds: ClientIdIndex; bySeq: OrderSeqIndex; retention: number}) {
    this.orders = orders;
    this.clientIds = more.clientIds;
    this.bySeq = more.bySeq;
    this.retention = more.retention;
  }

  /** Appends an order that has its terminal status and has left the open orders; forgets the oldest beyond the retention. */
  append(slot: number): void {
    const {f64, i32, u8} = this.orders;
    const seq = f64[slot * F64 + O_SEQ]! % DIGEST_PRIME;
    const cum = f64[slot * F64 + O_CUM]! % DIGEST_PRIME;
    this.total++;
    this.digest = (this.digest * 31 + seq + cum * 7 + u8[slot * U8 + O_STATUS]!) % DIGEST_PRIME;
    i32[slot * I32 + O_OPEN_NEXT] = NONE;
    if (this.youngest === NONE) this.oldest = slot;
    else i32[this.youngest * I32 + O_OPEN_NEXT] = slot;
    this.youngest = slot;
    this.kept++;
    if (this.kept > this.retention) this.forgetOldest();
  }

  private forgetOldest(): void {
    const slot = this.oldest;
    this.oldest = this.orders.i32[slot * I32 + O_OPEN_NEXT]!;
    if (this.oldest === NONE) this.youngest = NONE;
    this.kept--;
    this.clientIds.remove(slot);
    this.bySeq.remove(slot);
    this.orders.release(slot);
  }
}
