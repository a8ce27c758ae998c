import {BUY, PENDING_REPLACE} from './order-status.ts';
import {
  F64, I32, NONE, O_ACCOUNT, O_CUM, O_OPEN_NEXT, O_OPEN_PREV, O_PRICE, O_QTY, O_SIDE, O_SIDE_NEXT, O_SIDE_PREV, O_STATUS, O_SYMBOL, U16, U8, type OrderStore,
} from './order-store.ts';
import {PENDING_PRICE, PENDING_QTY, type PendingReplaces} from './pending-replaces.ts';

/**
 * The open orders: one list of all by sequence, one list per (account, symbol, side), and what they reserve.
 * Law, tested: openQty and openNotional are always the sums over the lists of `max(0, reserveQty - cum)` and of that times reservePx;
 * these are the order's quantity and price, and while a replace is pending the maximum of old and new.
 */
export class OpenOrders {
  private declare readonly orders: OrderStore;
  private declare readonly pending: PendingReplaces;
  private declare readonly symbols: number;
  private declare readonly cashPerTickLot: Float64Array;
  /** oldest open order, NONE when there is none */
  head: number = NONE;
  private tail: number = NONE;
  count = 0;
  /** by side list, see `listOf` */
  declare readonly sideHead: Int32Array;
  private declare readonly sideTail: Int32Array;
  declare readonly sideCount: Int32Array;
  /** by side list: no order in it has a better price for who trades against it (a higher one among buys, a lower one among sells); good while there is one */
  declare readonly bestPrice: Float64Array;
  /** lots by side list */
  declare readonly openQty: Float64Array;
  /** cash units by account */
  declare readonly openNotional: Float64Array;

  constructor(orders: OrderStore, pending: PendingReplaces, of: {accounts: number; cashPerTickLot: Float64Array}) {
    const {accounts, cashPerTickLot} = of;
    this.orders = orders;
    this.pending = pending;
    this.symbols = cashPerTickLot.length;
    this.cashPerTickLot = cashPerTickLot;
    const lists = accounts * this.symbols * 2;
    this.sideHead = new Int32Array(lists).fill(NONE);
    this.sideTail = new Int32Array(lists).fill(NONE);
    this.sideCount = new Int32Array(lists);
    this.bestPrice = new Float64Array(lists);
    this.openQty = new Float64Array(lists);
    this.openNotional = new Float64Array(accounts);
  }

  /** Number of the side list of an account, a symbol and a side (character code). */
  listOf(account: number, symbol: number, side: number): number {
    return (account * this.symbols + symbol) * 2 + (side === BUY ? 0 : 1);
  }

  private listOfSlot(slot: number): number {
    const {u16, u8} = this.orders;
    return this.listOf(u16[slot * U16 + O_ACCOUNT]!, u16[slot * U16 + O_SYMBOL]!, u8[slot * U8 + O_SIDE]!);
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
    if (last === NONE) {
      this.sideHead[list] = slot;
      this.bestPrice[list] = this.orders.f64[slot * F64 + O_PRICE]!;
    } else {
      i32[last * I32 + O_SIDE_NEXT] = slot;
      this.noticePrice(slot);
    }
    this.sideTail[list] = slot;
    this.sideCount[list]!++;
    this.reserve(slot);
  }

  /** To be called when an open order has a new price. */
  noticePrice(slot: number): void {
    const {bestPrice} = this;
    const list = this.listOfSlot(slot);
    const price = this.orders.f64[slot * F64 + O_PRICE]!;
    if (this.orders.u8[slot * U8 + O_SIDE] === BUY ? price > bestPrice[list]! : price < bestPrice[list]!) bestPrice[list] = price;
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

  /** Adds the order's present reservation. Around every change of quantity, price, cum or pending replace: release, change, reserve. */
  reserve(slot: number): void {
    this.move(slot, 1);
  }

  release(slot: number): void {
    this.move(slot, -1);
  }

  private move(slot: number, sign: 1 | -1): void {
    const {f64, u16, u8} = this.orders;
    const base = slot * F64;
    let qty = f64[base + O_QTY]!;
    let price = f64[base + O_PRICE]!;
    if (u8[slot * U8 + O_STATUS] === PENDING_REPLACE) {
      const record = this.pending.base(slot);
      const {f64: asked} = this.pending;
      if (asked[record + PENDING_QTY]! > qty) qty = asked[record + PENDING_QTY]!;
      if (asked[record + PENDING_PRICE]! > price) price = asked[record + PENDING_PRICE]!;
    }
    const rest = (qty - f64[base + O_CUM]!) * sign;
    if (rest * sign <= 0) return;
    const account = u16[slot * U16 + O_ACCOUNT]!;
    const symbol = u16[slot * U16 + O_SYMBOL]!;
    this.openQty[this.listOf(account, symbol, u8[slot * U8 + O_SIDE]!)]! += rest;
    this.openNotional[account]! += price * rest * this.cashPerTickLot[symbol]!;
  }
}
