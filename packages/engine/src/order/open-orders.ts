import {BUY} from './order-status.ts';
import {
  F64, I32, NONE, O_ACCOUNT, O_CUM, O_OPEN_NEXT, O_OPEN_PREV, O_RESERVE_PX, O_RESERVE_QTY, O_SIDE, O_SIDE_NEXT, O_SIDE_PREV, O_SYMBOL, U8, type OrderStore,
} from './order-store.ts';

/**
 * The open orders: one list of all by sequence, one list per (account, symbol, side), and what they reserve.
 * Law, tested: openQty and openNotional are always the sums over the lists of `max(0, reserveQty - cum)` and of that times reservePx.
 */
export class OpenOrders {
  private readonly orders: OrderStore;
  private readonly symbols: number;
  private readonly cashPerTickLot: Float64Array;
  /** oldest open order, NONE when there is none */
  head: number = NONE;
  private tail: number = NONE;
  count = 0;
  /** by side list, see `listOf` */
  readonly sideHead: Int32Array;
  private readonly sideTail: Int32Array;
  readonly sideCount: Int32Array;
  /** lots by side list */
  readonly openQty: Float64Array;
  /** cash units by account */
  readonly openNotional: Float64Array;

  constructor(orders: OrderStore, accounts: number, cashPerTickLot: Float64Array) {
    this.orders = orders;
    this.symbols = cashPerTickLot.length;
    this.cashPerTickLot = cashPerTickLot;
    const lists = accounts * this.symbols * 2;
    this.sideHead = new Int32Array(lists).fill(NONE);
    this.sideTail = new Int32Array(lists).fill(NONE);
    this.sideCount = new Int32Array(lists);
    this.openQty = new Float64Array(lists);
    this.openNotional = new Float64Array(accounts);
  }

  /** Number of the side list of an account, a symbol and a side (character code). */
  listOf(account: number, symbol: number, side: number): number {
    return (account * this.symbols + symbol) * 2 + (side === BUY ? 0 : 1);
  }

  private listOfSlot(slot: number): number {
    const {i32, u8} = this.orders;
    return this.listOf(i32[slot * I32 + O_ACCOUNT]!, i32[slot * I32 + O_SYMBOL]!, u8[slot * U8 + O_SIDE]!);
  }

  /** Appends an order, younger than all others, and reserves for it. */
  append(slot: number): void {
    const {i32} = this.orders;
    const base = slot * I32;
    i32[base + O_OPEN_PREV] = this.tail;
    i32[base + O_OPEN_NEXT] = NONE;
    if (this.tail === NONE) this.head = slot;
    else i32[this.tail * I32 + O_OPEN_NEXT] = slot;
    this.tail = slot;
    this.count++;

    const list = this.listOfSlot(slot);
    const last = this.sideTail[list]!;
    i32[base + O_SIDE_PREV] = last;
    i32[base + O_SIDE_NEXT] = NONE;
    if (last === NONE) this.sideHead[list] = slot;
    else i32[last * I32 + O_SIDE_NEXT] = slot;
    this.sideTail[list] = slot;
    this.sideCount[list]!++;
    this.reserve(slot);
  }

  /** Takes an order out of both lists and releases what it reserves. */
  remove(slot: number): void {
    this.release(slot);
    const {i32} = this.orders;
    const base = slot * I32;
    const before = i32[base + O_OPEN_PREV]!;
    const after = i32[base + O_OPEN_NEXT]!;
    if (before === NONE) this.head = after;
    else i32[before * I32 + O_OPEN_NEXT] = after;
    if (after === NONE) this.tail = before;
    else i32[after * I32 + O_OPEN_PREV] = before;
    this.count--;

    const list = this.listOfSlot(slot);
    const sideBefore = i32[base + O_SIDE_PREV]!;
    const sideAfter = i32[base + O_SIDE_NEXT]!;
    if (sideBefore === NONE) this.sideHead[list] = sideAfter;
    else i32[sideBefore * I32 + O_SIDE_NEXT] = sideAfter;
    if (sideAfter === NONE) this.sideTail[list] = sideBefore;
    else i32[sideAfter * I32 + O_SIDE_PREV] = sideBefore;
    this.sideCount[list]!--;
  }

  /** Adds the order's present reservation. Around every change of cum, reserveQty or reservePx: release, change, reserve. */
  reserve(slot: number): void {
    const {f64, i32} = this.orders;
    const rest = f64[slot * F64 + O_RESERVE_QTY]! - f64[slot * F64 + O_CUM]!;
    if (rest <= 0) return;
    this.openQty[this.listOfSlot(slot)]! += rest;
    this.openNotional[i32[slot * I32 + O_ACCOUNT]!]! += f64[slot * F64 + O_RESERVE_PX]! * rest * this.cashPerTickLot[i32[slot * I32 + O_SYMBOL]!]!;
  }

  release(slot: number): void {
    const {f64, i32} = this.orders;
    const rest = f64[slot * F64 + O_RESERVE_QTY]! - f64[slot * F64 + O_CUM]!;
    if (rest <= 0) return;
    this.openQty[this.listOfSlot(slot)]! -= rest;
    this.openNotional[i32[slot * I32 + O_ACCOUNT]!]! -= f64[slot * F64 + O_RESERVE_PX]! * rest * this.cashPerTickLot[i32[slot * I32 + O_SYMBOL]!]!;
  }
}
