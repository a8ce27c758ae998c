import {MODE_CANCEL_BOTH, MODE_CANCEL_NEWEST, MODE_CANCEL_OLDEST, MODE_NONE} from './account-table.ts';
import {REG_PRICE, REG_QTY, REG_REST, type Desk} from './desk.ts';
import {cancelUnasked} from './lifecycle.ts';
import type {OrderEvent} from './order-event.ts';
import {BUY, isWorking, LIMIT, MARKET, SELL, STOP} from './order-status.ts';
import {F64, I32, NONE, O_CUM, O_ORD_TYPE, O_PRICE, O_QTY, O_SEQ, O_SIDE_NEXT, O_STATUS, U8} from './order-store.ts';
import {NO_REASON, SELF_TRADE} from './reason.ts';
import {report, sendVenueReplace} from './reports.ts';

/** What check 13 decided: acted upon when the whole list has passed, or, where 13 itself rejects, after the rejection. */
export const PLAN_NONE = 0;
export const PLAN_CANCEL = 1;
export const PLAN_DECREMENT = 2;

/** execType of a resting order whose quantity was reduced */
const EXEC_RESTATED = 0x44;

/** Collects the account's own limit orders that the incoming one would cross. @returns their number */
const findCrossing = (desk: Desk, event: OrderEvent): number => {
  const {crossing, open, orders, reg} = desk;
  const {f64, i32, u8} = orders;
  const isBuy = event.side === BUY;
  const takesAll = event.ordType === MARKET;
  const price = reg[REG_PRICE]!;
  const list = open.listOf(event.account, event.symbol, isBuy ? SELL : BUY);
  let count = 0;
  let slot = open.sideHead[list]!;
  // the walk is for those that may cross: mostly nobody does
  if (slot !== NONE && !takesAll && (isBuy ? price < open.bestPrice[list]! : price > open.bestPrice[list]!)) slot = NONE;
  else open.bestPrice[list] = isBuy ? Infinity : -Infinity;
  while (slot !== NONE) {
    if (u8[slot * U8 + O_ORD_TYPE] === LIMIT) {
      const resting = f64[slot * F64 + O_PRICE]!;
      if (isBuy ? resting < open.bestPrice[list]! : resting > open.bestPrice[list]!) open.bestPrice[list] = resting;
      if (takesAll || (isBuy ? price >= resting : price <= resting)) crossing[count++] = slot;
    }
    slot = i32[slot * I32 + O_SIDE_NEXT]!;
  }
  desk.crossingCount = count;
  return count;
};

/** Does a cross before b: the better price for the incoming side, then the older? */
const crossesBefore = (desk: Desk, a: number, b: number): boolean => {
  const {f64} = desk.orders;
  const priceA = f64[a * F64 + O_PRICE]!;
  const priceB = f64[b * F64 + O_PRICE]!;
  if (priceA === priceB) return f64[a * F64 + O_SEQ]! < f64[b * F64 + O_SEQ]!;
  return desk.crossingSide === BUY ? priceA < priceB : priceA > priceB;
};

const sink = (desk: Desk, from: number, count: number): void => {
  const {crossing} = desk;
  const slot = crossing[from]!;
  let place = from;
  for (let child = place * 2 + 1; child < count; child = place * 2 + 1) {
    if (child + 1 < count && crossesBefore(desk, crossing[child]!, crossing[child + 1]!)) child++;
    if (!crossesBefore(desk, slot, crossing[child]!)) break;
    crossing[place] = crossing[child]!;
    place = child;
  }
  crossing[place] = slot;
};

/** Heap sort: no allocation, and no input makes it slow. */
const sortCrossing = (desk: Desk, side: number): void => {
  const {crossing, crossingCount} = desk;
  desk.crossingSide = side;
  for (let i = (crossingCount >> 1) - 1; i >= 0; i--) sink(desk, i, crossingCount);
  for (let last = crossingCount - 1; last > 0; last--) {
    const top = crossing[0]!;
    crossing[0] = crossing[last]!;
    crossing[last] = top;
    sink(desk, 0, last);
  }
};

/** What decrement would leave of REG_QTY, in REG_REST. */
const restAfterDecrement = (desk: Desk): void => {
  const {crossing, orders, reg} = desk;
  let rest = reg[REG_QTY]!;
  for (let i = 0; i < desk.crossingCount && rest > 0; i++) {
    const base = crossing[i]! * F64;
    const leaves = Math.max(0, orders.f64[base + O_QTY]! - orders.f64[base + O_CUM]!);
    rest -= Math.min(rest, leaves);
  }
  reg[REG_REST] = rest;
};

/** Check 13 of a new order. Decides only; `actOnSelfTrade` acts. */
export const checkSelfTrade = (desk: Desk, event: OrderEvent): number => {
  const mode = desk.accounts.selfTrade[event.account]!;
  if (mode === MODE_NONE || event.ordType === STOP || findCrossing(desk, event) === 0) return NO_REASON;
  if (mode === MODE_CANCEL_NEWEST) return SELF_TRADE;
  for (let i = 0; i < desk.crossingCount; i++) {
    if (!isWorking(desk.orders.u8[desk.crossing[i]! * U8 + O_STATUS]!)) return SELF_TRADE;
  }
  sortCrossing(desk, event.side);
  if (mode === MODE_CANCEL_OLDEST || mode === MODE_CANCEL_BOTH) {
    desk.selfTradePlan = PLAN_CANCEL;
    return mode === MODE_CANCEL_BOTH ? SELF_TRADE : NO_REASON;
  }
  desk.selfTradePlan = PLAN_DECREMENT;
  restAfterDecrement(desk);
  return desk.reg[REG_REST] === 0 ? SELF_TRADE : NO_REASON;
};

/** Check 13 of a replace: any crossing order refuses it, whatever the mode. */
export const wouldCross = (desk: Desk, event: OrderEvent): boolean =>
  desk.accounts.selfTrade[event.account] !== MODE_NONE && findCrossing(desk, event) > 0;

const decrementResting = (desk: Desk): void => {
  const {crossing, open, orders, reg} = desk;
  const {f64} = orders;
  let rest = reg[REG_QTY]!;
  for (let i = 0; i < desk.crossingCount && rest > 0; i++) {
    const slot = crossing[i]!;
    const base = slot * F64;
    const leaves = Math.max(0, f64[base + O_QTY]! - f64[base + O_CUM]!);
    const taken = Math.min(rest, leaves);
    rest -= taken;
    open.release(slot);
    f64[base + O_QTY]! -= taken;
    open.reserve(slot);
    if (taken === leaves) {
      cancelUnasked(desk, slot, SELF_TRADE);
    } else {
      sendVenueReplace(desk, slot, f64, base + O_QTY);
      report(desk, slot, EXEC_RESTATED, SELF_TRADE);
    }
  }
};

/** Does to the resting orders what check 13 decided. REG_QTY is still the incoming order's quantity as received. */
export const actOnSelfTrade = (desk: Desk): void => {
  if (desk.selfTradePlan === PLAN_DECREMENT) {
    decrementResting(desk);
  } else {
    for (let i = 0; i < desk.crossingCount; i++) cancelUnasked(desk, desk.crossing[i]!, SELF_TRADE);
  }
};
