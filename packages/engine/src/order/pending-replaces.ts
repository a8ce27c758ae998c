import {KEY_TEXT, type IdKey} from './id-key.ts';
import {I32, NONE, O_ID_LENGTH, O_ID_WORDS, O_PENDING, U8, type OrderStore} from './order-store.ts';

/** What a pending replace asked for, apart from the orders because few have one at a time. A record is 64 octets. */
const RECORD_WORDS = 16;
const RECORD_F64 = 8;
const ID_TEXT = 4;
const LENGTH = 14;
const NEXT_FREE = 15;

export const PENDING_QTY = 0;
export const PENDING_PRICE = 1;

export class PendingReplaces {
  /** lots and ticks: f64[record * PENDING_F64 + PENDING_QTY] */
  declare readonly f64: Float64Array;
  private declare readonly i32: Int32Array;
  private declare readonly u8: Uint8Array;
  private declare readonly orders: OrderStore;
  private untouched = 0;
  private free = NONE;

  constructor(orders: OrderStore, openOrdersMax: number) {
    this.orders = orders;
    const buffer = new ArrayBuffer(openOrdersMax * RECORD_WORDS * 4);
    this.f64 = new Float64Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u8 = new Uint8Array(buffer);
  }

  /** Index of PENDING_QTY of the order's pending replace in `f64`. */
  base(slot: number): number {
    return this.orders.i32[slot * I32 + O_PENDING]! * RECORD_F64;
  }

  /** Gives the order a pending replace with the new clOrdId; quantity and price are written by the caller. */
  attach(slot: number, key: IdKey): void {
    let record = this.free;
    if (record === NONE) record = this.untouched++;
    else this.free = this.i32[record * RECORD_WORDS + NEXT_FREE]!;
    const base = record * RECORD_WORDS;
    for (let word = KEY_TEXT; word < key.end; word++) this.i32[base + ID_TEXT - KEY_TEXT + word] = key.words[word]!;
    this.i32[base + LENGTH] = key.length;
    this.orders.i32[slot * I32 + O_PENDING] = record;
  }

  /** Forgets the order's pending replace, if it has one. */
  detach(slot: number): void {
    const record = this.orders.i32[slot * I32 + O_PENDING]!;
    if (record === NONE) return;
    this.i32[record * RECORD_WORDS + NEXT_FREE] = this.free;
    this.free = record;
    this.orders.i32[slot * I32 + O_PENDING] = NONE;
  }

  /** Loads the pending clOrdId into the key, as if it had come from the wire. */
  loadKey(slot: number, account: number, key: IdKey): void {
    const record = this.orders.i32[slot * I32 + O_PENDING]!;
    const base = record * RECORD_WORDS;
    key.load(this.u8, (base + ID_TEXT) * 4, this.i32[base + LENGTH]!, account);
  }
}

/** Writes the key's id into the order's record. */
export const storeClientId = (orders: OrderStore, slot: number, key: IdKey): void => {
  const base = slot * I32;
  for (let word = KEY_TEXT; word < key.end; word++) orders.i32[base + O_ID_WORDS - KEY_TEXT + word] = key.words[word]!;
  orders.u8[slot * U8 + O_ID_LENGTH] = key.length;
};
