import {REG_LAST_SEQ, REG_NOW, type Desk} from './desk.ts';
import {cancelUnasked} from './lifecycle.ts';
import {TEXT_ACCOUNT, TEXT_ID, type OrderEvent} from './order-event.ts';
import {OUT_TRADING_STATE, R_REF_SEQ, SOURCE_EVENT} from './order-output.ts';
import {isWorking, PENDING_NEW} from './order-status.ts';
import {I32, NONE, O_ACCOUNT, O_OPEN_NEXT, O_STATUS, O_SYMBOL, U16, U8} from './order-store.ts';
import {KILLED, NO_REASON, RESUME_MISMATCH, UNKNOWN_TARGET} from './reason.ts';
import {reportBusinessReject, send} from './reports.ts';
import {
  ACTION_HALT, ACTION_KILL, ACTION_REDUCE, ACTION_RESUME_CONFIRM, ACTION_RESUME_REQUEST, REDUCING, SCOPE_ACCOUNT, SCOPE_GLOBAL, SCOPE_SYMBOL, STATE_HALTED, STATE_KILLED,
} from './trading-states.ts';

/** Which open orders an act concerns: `target` is a position in the rulebook. */
const isAffected = (desk: Desk, slot: number, scope: number, target: number): boolean => {
  const {u16, u8} = desk.orders;
  const status = u8[slot * U8 + O_STATUS]!;
  if (status !== PENDING_NEW && !isWorking(status)) return false;
  if (scope === SCOPE_GLOBAL) return true;
  return u16[slot * U16 + (scope === SCOPE_ACCOUNT ? O_ACCOUNT : O_SYMBOL)] === target;
};

export const countAffected = (desk: Desk, scope: number, target: number): number => {
  let count = 0;
  for (let slot = desk.open.head; slot !== NONE; slot = desk.orders.i32[slot * I32 + O_OPEN_NEXT]!) {
    if (isAffected(desk, slot, scope, target)) count++;
  }
  return count;
};

/** Cancels every order concerned, by sequence. A cancelled order stays open (status 6), so the list does not change under the walk. */
export const cancelAffected = (desk: Desk, range: {readonly scope: number; readonly target: number}, text: number): void => {
  for (let slot = desk.open.head; slot !== NONE; slot = desk.orders.i32[slot * I32 + O_OPEN_NEXT]!) {
    if (isAffected(desk, slot, range.scope, range.target)) cancelUnasked(desk, slot, text);
  }
};

/** The report of a change of state; the caller gives it its killId. */
export const prepareStateReport = (desk: Desk, action: number, range: {readonly scope: number; readonly target: number}): void => {
  const {out} = desk;
  out.kind = OUT_TRADING_STATE;
  out.num[R_REF_SEQ] = desk.reg[REG_LAST_SEQ]!;
  out.scope = range.scope;
  out.action = action;
  out.account = range.scope === SCOPE_ACCOUNT ? range.target : -1;
  out.symbol = range.scope === SCOPE_SYMBOL ? range.target : -1;
  out.totalAffected = 0;
};

const targetOf = (event: OrderEvent): number => {
  if (event.scope === SCOPE_GLOBAL) return event.text[TEXT_ACCOUNT + 1] === 0 ? 0 : -1;
  return event.scope === SCOPE_ACCOUNT ? event.account : event.symbol;
};

/** Latches or resumes. @returns the reason to refuse */
const change = (desk: Desk, event: OrderEvent, place: number): number => {
  const {reg, rules, states} = desk;
  const start = event.text[TEXT_ID]!;
  const length = event.text[TEXT_ID + 1]!;
  switch (event.action) {
    case ACTION_KILL:
      states.latch(place, STATE_KILLED);
      break;
    case ACTION_HALT:
      states.latch(place, STATE_HALTED);
      break;
    case ACTION_REDUCE:
      states.latch(place, REDUCING);
      break;
    case ACTION_RESUME_REQUEST:
      states.storeRequest(place, reg, REG_NOW);
      states.storeRequestId(place, event.bytes, start, length);
      break;
    case ACTION_RESUME_CONFIRM:
      if (!states.hasFreshRequest(place, reg, REG_NOW, rules.resumeWindowUs) || !states.isRequestId(place, event.bytes, start, length)) return RESUME_MISMATCH;
      states.resume(place);
      break;
  }
  return NO_REASON;
};

/** Message q. */
export const acceptTradingState = (desk: Desk, event: OrderEvent): void => {
  const {scope, action} = event;
  const target = targetOf(event);
  const reason = target < 0 ? UNKNOWN_TARGET : change(desk, event, desk.states.placeOf(scope, target));
  if (reason !== NO_REASON) {
    reportBusinessReject(desk, event, -1, reason);
    return;
  }
  const cancels = event.flag === 1 && (action === ACTION_KILL || action === ACTION_HALT);
  const range = {scope, target};
  prepareStateReport(desk, action, range);
  const {out} = desk;
  if (cancels) out.totalAffected = countAffected(desk, scope, target);
  out.setEvent(event);
  out.setId(SOURCE_EVENT, event.text[TEXT_ID]!, event.text[TEXT_ID + 1]!);
  send(desk);
  if (cancels) cancelAffected(desk, range, KILLED);
};
