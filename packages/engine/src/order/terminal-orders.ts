import type {ClientIdIndex} from './client-id-index.ts';
import type {OrderSeqIndex} from './order-seq-index.ts';
import {F64, O_CUM, O_SEQ, O_STATUS, U8, type OrderStore} from './order-store.ts';
import type {TerminalRecords} from './terminal-records.ts';

const DIGEST_PRIME = 1_000_003;

/** Ended orders, oldest first: they stay known for late fills and late cancels until `retention` younger ones ended. */
export class TerminalOrders {
  /** of all that ever ended */
  total = 0;
  /** running digest over all that ever ended, below the prime */
  digest = 0;
  declare readonly records: TerminalRecords;
  private kept = 0;
  private declare readonly orders: OrderStore;
  private declare readonly clientIds: ClientIdIndex;
  private declare readonly bySeq: OrderSeqIndex;
  private declare readonly retention: number;

  constructor(orders: OrderStore, more: {records: TerminalRecords; clientIds: ClientIdIndex; bySeq: OrderSeqIndex; retention: number}) {
    this.orders = orders;
    this.records = more.records;
    this.clientIds = more.clientIds;
    this.bySeq = more.bySeq;
    this.retention = more.retention;
  }

  /**
   * Appends an order that has its terminal status and has left the open orders, and gives its slot back; forgets the oldest beyond the retention.
   * What stands in the slot can be read until the next order is opened.
   */
  append(slot: number): void {
    const {f64, u8} = this.orders;
    // x % p of doubles is a call out of the generated code, three of them cost more than all else here. The quotient is at most one too high
    let seq = f64[slot * F64 + O_SEQ]!;
    seq -= Math.floor(seq / DIGEST_PRIME) * DIGEST_PRIME;
    if (seq < 0) seq += DIGEST_PRIME;
    let cum = f64[slot * F64 + O_CUM]!;
    cum -= Math.floor(cum / DIGEST_PRIME) * DIGEST_PRIME;
    if (cum < 0) cum += DIGEST_PRIME;
    this.total++;
    this.digest = ((this.digest * 31 + seq + cum * 7 + u8[slot * U8 + O_STATUS]!) | 0) % DIGEST_PRIME;
    const handle = this.records.write(slot);
    this.clientIds.repoint(slot, handle);
    this.bySeq.repoint(slot, handle);
    this.orders.release(slot);
    this.kept++;
    if (this.kept > this.retention) this.forgetOldest();
  }

  private forgetOldest(): void {
    const handle = this.records.oldest();
    this.clientIds.remove(handle);
    this.bySeq.remove(handle);
    this.records.forgetOldest();
    this.kept--;
  }
}
