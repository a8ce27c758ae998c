import {REG_NOW, type Desk} from './desk.ts';
import {setStatus} from './lifecycle.ts';
import {TEXT_ID, TEXT_REF, type OrderEvent} from './order-event.ts';
import {IN_DOUBT_STATUS, isTerminal, PENDING_CANCEL, PENDING_REPLACE} from './order-status.ts';
import {NONE, O_STATUS, O_SYMBOL, U16, U8} from './order-store.ts';
import {NO_REASON, PENDING, RATE, TOO_LATE, UNKNOWN_ORDER} from './reason.ts';
import {nameByRequest, prepareReport, reportCancelReject, send, sendVenueCancel} from './reports.ts';
import {checkNames} from './risk-checks.ts';

/** The order that a cancel or a replace names by (account, origClOrdId). @returns its slot, -1 = not known or of another symbol */
export const findOrder = (desk: Desk, event: OrderEvent): number => {
  const key = desk.otherKey;
  key.load(event.bytes, event.text[TEXT_REF]!, event.text[TEXT_REF + 1]!, event.account);
  const handle = desk.clientIds.find(key);
  const slot = handle < NONE ? desk.terminal.records.show(handle) : handle;
  return slot >= 0 && desk.orders.u16[slot * U16 + O_SYMBOL] === event.symbol ? slot : -1;
};

/** Why an order in this status cannot be cancelled. */
export const checkCancellable = (status: number): number => {
  if (isTerminal(status)) return TOO_LATE;
  return status === PENDING_CANCEL || status === PENDING_REPLACE || status === IN_DOUBT_STATUS ? PENDING : NO_REASON;
};

/** Message F. Nothing refuses a cancel for risk reasons: names and its own bucket only. */
export const acceptCancel = (desk: Desk, event: OrderEvent): void => {
  const {account} = event;
  const unnamed = checkNames(desk, event);
  if (unnamed !== NO_REASON) {
    reportCancelReject(desk, event, -1, unnamed);
    return;
  }
  desk.key.load(event.bytes, event.text[TEXT_ID]!, event.text[TEXT_ID + 1]!, account);
  desk.duplicates.insert(desk.key);
  desk.cancelRate.refill(account, desk.reg, REG_NOW);
  if (!desk.cancelRate.hasToken(account)) {
    reportCancelReject(desk, event, -1, RATE);
    return;
  }
  desk.cancelRate.take(account);
  const slot = findOrder(desk, event);
  const reason = slot < 0 ? UNKNOWN_ORDER : checkCancellable(desk.orders.u8[slot * U8 + O_STATUS]!);
  if (reason !== NO_REASON) {
    reportCancelReject(desk, event, slot, reason);
    return;
  }
  setStatus(desk, slot, PENDING_CANCEL, desk.orders.u8[slot * U8 + O_STATUS]!);
  sendVenueCancel(desk, slot);
  nameByRequest(prepareReport(desk, slot, PENDING_CANCEL), event);
  send(desk);
};
