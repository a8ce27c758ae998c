import {storeClientId} from './pending-replaces.ts';
import {consume} from './consume.ts';
import {REG_LAST_SEQ, REG_NOW, REG_PRICE, REG_QTY, REG_REST, type Desk} from './desk.ts';
import {E_EXPIRE, type OrderEvent} from './order-event.ts';
import {NO_STATUS, PENDING_NEW, TIF_GTD} from './order-status.ts';
import {
  F64, I32, NONE, O_ACCEPTED_AT, O_ACCOUNT, O_CUM, O_CUM_NOTIONAL, O_EXEC_INST, O_EXPIRY, O_ORD_TYPE, O_PENDING, O_PREVIOUS, O_PRICE, O_QTY, O_SEQ, O_SIDE, O_STATUS,
  O_SYMBOL, O_TIF, U16, U8,
} from './order-store.ts';
import {NO_REASON, SELF_TRADE} from './reason.ts';
import {report, reportRejectedOrder, sendVenueNew} from './reports.ts';
import {checkNewOrder} from './risk-checks.ts';
import {actOnSelfTrade, PLAN_DECREMENT, PLAN_NONE} from './self-trade.ts';

/** Opens the order that passed every check: REG_QTY lots at order price REG_PRICE, key in `desk.key`. @returns its slot */
const openOrder = (desk: Desk, event: OrderEvent): number => {
  const {orders, reg} = desk;
  const {f64, i32, u16, u8} = orders;
  const slot = orders.take();
  const base = slot * F64;
  f64[base + O_SEQ] = reg[REG_LAST_SEQ]!;
  f64[base + O_QTY] = reg[REG_QTY]!;
  f64[base + O_PRICE] = reg[REG_PRICE]!;
  f64[base + O_CUM] = 0;
  f64[base + O_CUM_NOTIONAL] = 0;
  f64[base + O_ACCEPTED_AT] = reg[REG_NOW]!;
  u16[slot * U16 + O_ACCOUNT] = event.account;
  u16[slot * U16 + O_SYMBOL] = event.symbol;
  i32[slot * I32 + O_EXPIRY] = NONE;
  i32[slot * I32 + O_PENDING] = NONE;
  const octets = slot * U8;
  u8[octets + O_STATUS] = PENDING_NEW;
  u8[octets + O_PREVIOUS] = NO_STATUS;
  u8[octets + O_SIDE] = event.side;
  u8[octets + O_ORD_TYPE] = event.ordType;
  u8[octets + O_TIF] = event.tif;
  u8[octets + O_EXEC_INST] = event.execInst;
  if (event.tif === TIF_GTD) desk.expiries.attach(slot, event.num, E_EXPIRE);
  storeClientId(orders, slot, desk.key);
  desk.clientIds.put(desk.key, slot);
  desk.bySeq.put(slot);
  desk.open.append(slot);
  desk.unacknowledged.append(slot);
  return slot;
};

/** Message D: every check, then the order or its rejection. */
export const acceptNewOrder = (desk: Desk, event: OrderEvent): void => {
  desk.refilled = false;
  desk.selfTradePlan = PLAN_NONE;
  const reason = checkNewOrder(desk, event);
  const planned = desk.selfTradePlan !== PLAN_NONE;
  consume(desk, event.account, reason);
  if (reason !== NO_REASON) {
    reportRejectedOrder(desk, event, reason);
    // a plan with a rejection by a later check is dropped; only 13 itself acts although it rejects
    if (planned && reason === SELF_TRADE) actOnSelfTrade(desk);
    return;
  }
  if (planned) {
    actOnSelfTrade(desk);
    if (desk.selfTradePlan === PLAN_DECREMENT) desk.reg[REG_QTY] = desk.reg[REG_REST]!;
  }
  const slot = openOrder(desk, event);
  sendVenueNew(desk, slot);
  report(desk, slot, PENDING_NEW, NO_REASON);
};
