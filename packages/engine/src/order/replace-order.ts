import {checkCancellable, findOrder} from './cancel-order.ts';
import {consume} from './consume.ts';
import {REG_NEW_CASH, REG_NEW_QTY, REG_NOTIONAL, REG_OWN_CASH, REG_OWN_QTY, REG_PRICE, REG_QTY, type Desk} from './desk.ts';
import {exceedsCredit, exceedsPosition, reducesPosition} from './exposure.ts';
import {setStatus} from './lifecycle.ts';
import type {OrderEvent} from './order-event.ts';
import {LIMIT, PENDING_NEW, PENDING_REPLACE, REDUCE_ONLY_INST} from './order-status.ts';
import {F64, O_CUM, O_EXEC_INST, O_ORD_TYPE, O_PRICE, O_QTY, O_SIDE, O_STATUS, U8} from './order-store.ts';
import {PENDING_PRICE, PENDING_QTY} from './pending-replaces.ts';
import {
  CREDIT, CUM_NOTIONAL, NO_REASON, NOT_REPLACEABLE, PENDING, POSITION, QTY_MAX, QTY_MIN, REDUCE_ONLY, SELF_TRADE, UNKNOWN_ORDER,
} from './reason.ts';
import {nameByRequest, prepareReport, reportCancelReject, send, sendVenueReplace} from './reports.ts';
import {checkDuplicate, checkGrid, checkNames, checkPrice, checkRate, checkState} from './risk-checks.ts';
import {wouldCross} from './self-trade.ts';

const checkReplaceable = (desk: Desk, slot: number): number => {
  if (slot < 0) return UNKNOWN_ORDER;
  const {u8} = desk.orders;
  const status = u8[slot * U8 + O_STATUS]!;
  const reason = checkCancellable(status);
  if (reason !== NO_REASON) return reason;
  if (status === PENDING_NEW) return PENDING;
  return u8[slot * U8 + O_ORD_TYPE] === LIMIT ? NO_REASON : NOT_REPLACEABLE;
};

/** Check 6. */
const checkQty = (desk: Desk, event: OrderEvent, slot: number): number => {
  const {instruments, reg} = desk;
  const qty = reg[REG_QTY]!;
  if (qty < instruments.minQtyLots[event.symbol]! || qty < desk.orders.f64[slot * F64 + O_CUM]!) return QTY_MIN;
  return qty > instruments.maxQtyLots[event.symbol]! ? QTY_MAX : NO_REASON;
};

/** What the order reserves now, and what the maximum of old and new would reserve. */
const measureReservations = (desk: Desk, event: OrderEvent, slot: number): void => {
  const {orders, reg} = desk;
  const {f64} = orders;
  const base = slot * F64;
  const cash = desk.instruments.cashPerTickLot[event.symbol]!;
  const cum = f64[base + O_CUM]!;
  const own = Math.max(0, f64[base + O_QTY]! - cum);
  reg[REG_OWN_QTY] = own;
  reg[REG_OWN_CASH] = f64[base + O_PRICE]! * own * cash;
  reg[REG_NEW_QTY] = Math.max(0, Math.max(f64[base + O_QTY]!, reg[REG_QTY]!) - cum);
  reg[REG_NEW_CASH] = Math.max(f64[base + O_PRICE]!, reg[REG_PRICE]!) * reg[REG_NEW_QTY]! * cash;
};

/**
 * Checks 11 to 14 with the order's own reservation taken out for as long as they run.
 * Uses REG_QTY and REG_NOTIONAL for what is compared; the new quantity is back in REG_QTY afterwards.
 */
const checkExposure = (desk: Desk, event: OrderEvent, slot: number): number => {
  const {open, orders, reg} = desk;
  const {account} = event;
  const newQty = reg[REG_QTY]!;
  measureReservations(desk, event, slot);
  const list = open.listOf(account, event.symbol, event.side);
  open.openQty[list]! -= reg[REG_OWN_QTY]!;
  open.openNotional[account]! -= reg[REG_OWN_CASH]!;
  reg[REG_NOTIONAL] = reg[REG_NEW_CASH]!;
  reg[REG_QTY] = reg[REG_NEW_QTY]!;
  let reason = NO_REASON;
  if (exceedsPosition(desk, event, list)) reason = POSITION;
  else if (open.openNotional[account]! + reg[REG_NOTIONAL] > desk.accounts.maxOpenCash[account]!) reason = CUM_NOTIONAL;
  else if (exceedsCredit(desk, account)) reason = CREDIT;
  else if (wouldCross(desk, event)) reason = SELF_TRADE;
  else if (orders.u8[slot * U8 + O_EXEC_INST] === REDUCE_ONLY_INST) {
    reg[REG_QTY] = newQty - orders.f64[slot * F64 + O_CUM]!;
    if (!reducesPosition(desk, event, REG_QTY)) reason = REDUCE_ONLY;
  }
  reg[REG_QTY] = newQty;
  open.openQty[list]! += reg[REG_OWN_QTY]!;
  open.openNotional[account]! += reg[REG_OWN_CASH]!;
  return reason;
};

/** The part of the checks that knows the order. The event gets the order's side, which the wire does not carry. */
const checkReplace = (desk: Desk, event: OrderEvent, slot: number): number => {
  let reason = checkReplaceable(desk, slot);
  if (reason !== NO_REASON) return reason;
  event.side = desk.orders.u8[slot * U8 + O_SIDE]!;
  event.ordType = LIMIT;
  reason = checkGrid(desk, event, false);
  if (reason === NO_REASON) reason = checkQty(desk, event, slot);
  if (reason === NO_REASON) reason = checkPrice(desk, event, false);
  if (reason === NO_REASON) reason = checkRate(desk, event.account);
  return reason === NO_REASON ? checkExposure(desk, event, slot) : reason;
};

/** Status E: the maximum of old and new stays reserved until the venue has answered. */
const openReplace = (desk: Desk, event: OrderEvent, slot: number): void => {
  const {open, orders, pending, reg} = desk;
  open.release(slot);
  pending.attach(slot, desk.key);
  const record = pending.base(slot);
  pending.f64[record + PENDING_QTY] = reg[REG_QTY]!;
  pending.f64[record + PENDING_PRICE] = reg[REG_PRICE]!;
  setStatus(desk, slot, PENDING_REPLACE, orders.u8[slot * U8 + O_STATUS]!);
  open.reserve(slot);
  sendVenueReplace(desk, slot, pending.f64, record + PENDING_QTY);
  nameByRequest(prepareReport(desk, slot, PENDING_REPLACE), event);
  send(desk);
};

/** Message G. */
export const acceptReplace = (desk: Desk, event: OrderEvent): void => {
  desk.refilled = false;
  let slot = -1;
  let reason = checkState(desk, event, false);
  if (reason === NO_REASON) reason = checkNames(desk, event);
  if (reason === NO_REASON) reason = checkDuplicate(desk, event);
  if (reason === NO_REASON) {
    slot = findOrder(desk, event);
    reason = checkReplace(desk, event, slot);
  }
  consume(desk, event.account, reason);
  if (reason === NO_REASON) openReplace(desk, event, slot);
  else reportCancelReject(desk, event, slot, reason);
};
