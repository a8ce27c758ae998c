/**
 * Every known order in one record of 192 octets (three cache lines) of one buffer, seen through three views. The buffer is as large as the
 * rulebook allows from the start; pages that were never touched cost nothing. A slot is the record's number.
 * Field offsets are in elements of the view: f64[slot * F64 + O_QTY], i32[slot * I32 + O_ACCOUNT], u8[slot * U8 + O_STATUS].
 */
export const F64 = 24;
export const I32 = 48;
export const U8 = 192;

/** msgSeqNum in the order id; lots and ticks from here on */
export const O_SEQ = 0;
export const O_QTY = 1;
/** limit price, stopPx of a stop, 0 of a market order */
export const O_PRICE = 2;
export const O_CUM = 3;
/** sum of lastPx * lastQty in ticks * lots */
export const O_CUM_NOTIONAL = 4;
export const O_EXPIRE = 5;
export const O_RESERVE_QTY = 6;
export const O_RESERVE_PX = 7;
export const O_ACCEPTED_AT = 8;

export const O_ACCOUNT = 18;
export const O_SYMBOL = 19;
/** neighbours among all open orders; in a terminal order O_OPEN_NEXT is the next younger terminal one, in a free slot the next free one */
export const O_OPEN_PREV = 20;
export const O_OPEN_NEXT = 21;
/** neighbours among the open orders of the same account, symbol and side */
export const O_SIDE_PREV = 22;
export const O_SIDE_NEXT = 23;
/** neighbours among the orders that the venue has not acknowledged; NOT_LISTED outside */
export const O_ACK_PREV = 24;
export const O_ACK_NEXT = 25;
/** place in the expiry heap, -1 outside */
export const O_HEAP = 26;
/** record of the pending replace, -1 = none */
export const O_PENDING = 27;
/** hash of (account, clOrdId) */
export const O_HASH = 28;
/** nine words of clOrdId, zero-filled; the same octets in the u8 view start at O_ID */
export const O_ID_WORDS = 30;
export const O_ID = 120;

export const O_STATUS = 156;
export const O_PREVIOUS = 157;
export const O_SIDE = 158;
export const O_ORD_TYPE = 159;
export const O_TIF = 160;
export const O_EXEC_INST = 161;
export const O_ID_LENGTH = 162;

export const NONE = -1;
export const NOT_LISTED = -2;

export class OrderStore {
  readonly f64: Float64Array;
  readonly i32: Int32Array;
  readonly u8: Uint8Array;
  readonly capacity: number;
  private untouched = 0;
  private free = NONE;

  /** @param capacity orders known at once, open and terminal together */
  constructor(capacity: number) {
    const buffer = new ArrayBuffer(capacity * U8);
    this.f64 = new Float64Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u8 = new Uint8Array(buffer);
    this.capacity = capacity;
  }

  /** A slot whose record holds anything: the caller writes every field. The caller keeps within the capacity by its own limits. */
  take(): number {
    const slot = this.free;
    if (slot === NONE) return this.untouched++;
    this.free = this.i32[slot * I32 + O_OPEN_NEXT]!;
    return slot;
  }

  release(slot: number): void {
    this.i32[slot * I32 + O_OPEN_NEXT] = this.free;
    this.free = slot;
  }
}
