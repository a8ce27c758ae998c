import {LINE_START_BYTES} from './cache-line.ts';

/**
 * Every open order in one record of 128 octets (two cache lines) of one buffer, seen through four views; ended ones are packed away
 * (terminal-records.ts) and come back only when something is traded of them. The buffer is as large as the rulebook allows from the start; pages
 * that were never touched cost nothing. A slot is the record's number.
 * Field offsets are in elements of the view: f64[slot * F64 + O_QTY], u16[slot * U16 + O_ACCOUNT], i32[slot * I32 + O_PENDING], u8[slot * U8 + O_STATUS].
 */
export const F64 = 16;
export const I32 = 32;
export const U16 = 64;
export const U8 = 128;

/** msgSeqNum in the order id; lots and ticks from here on */
export const O_SEQ = 0;
export const O_QTY = 1;
/** limit price, stopPx of a stop, of a market order the far touch at its acceptance: what its reservation counts with */
export const O_PRICE = 2;
export const O_CUM = 3;
/** sum of lastPx * lastQty in ticks * lots */
export const O_CUM_NOTIONAL = 4;
export const O_ACCEPTED_AT = 5;

export const O_ACCOUNT = 24;
export const O_SYMBOL = 25;

/** neighbours among all open orders; in a free slot O_OPEN_NEXT is the next free one */
export const O_OPEN_PREV = 13;
export const O_OPEN_NEXT = 14;
/** neighbours among the open orders of the same account, symbol and side */
export const O_SIDE_PREV = 15;
export const O_SIDE_NEXT = 16;
/** neighbours among the orders that the venue has not acknowledged; NOT_LISTED outside */
export const O_ACK_PREV = 17;
export const O_ACK_NEXT = 18;
/** record of the expiry, NONE without one or in a terminal order */
export const O_EXPIRY = 19;
/** record of the pending replace, NONE without one */
export const O_PENDING = 20;
/** up to nine words of clOrdId, the last one zero-filled; the same octets in the u8 view start at O_ID */
export const O_ID_WORDS = 23;
export const O_ID = 92;

export const O_STATUS = 84;
export const O_PREVIOUS = 85;
export const O_SIDE = 86;
export const O_ORD_TYPE = 87;
export const O_TIF = 88;
export const O_EXEC_INST = 89;
export const O_ID_LENGTH = 90;

export const NONE = -1;
export const NOT_LISTED = -2;

export class OrderStore {
  declare readonly f64: Float64Array;
  declare readonly i32: Int32Array;
  declare readonly u16: Uint16Array;
  declare readonly u8: Uint8Array;
  declare readonly capacity: number;
  private untouched = 0;
  private free = NONE;
  private touchedTo = 0;

  /** @param capacity orders known at once, open and terminal together */
  constructor(capacity: number) {
    const buffer = new ArrayBuffer(LINE_START_BYTES + capacity * U8);
    this.f64 = new Float64Array(buffer, LINE_START_BYTES);
    this.i32 = new Int32Array(buffer, LINE_START_BYTES);
    this.u16 = new Uint16Array(buffer, LINE_START_BYTES);
    this.u8 = new Uint8Array(buffer, LINE_START_BYTES);
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

  /** Touches the pages of the next `count` records that were never used, so that the system hands them out now and not in the middle of an order. */
  touchAhead(count: number): void {
    const end = Math.min(this.capacity, this.untouched + count);
    if (end - this.touchedTo < count / 4) return;
    for (let slot = Math.max(this.touchedTo, this.untouched); slot < end; slot++) this.u8[slot * U8] = 0;
    this.touchedTo = end;
  }
}
