import type {Desk} from './desk.ts';
import {isUnacknowledged, isWorking, NO_STATUS, PARTIAL, PENDING_CANCEL, PENDING_NEW, TIF_GTD} from './order-status.ts';
import {F64, O_CUM, O_PREVIOUS, O_STATUS, O_TIF, U8} from './order-store.ts';
import {report, sendVenueCancel} from './reports.ts';

/** execType of a report whose order now waits for a cancel */
const EXEC_PENDING_CANCEL = PENDING_CANCEL;

/** Sets status and previous status of an open order, and keeps its place among the expiring and the unacknowledged true. */
export const setStatus = (desk: Desk, slot: number, status: number, previous: number): void => {
  const {u8} = desk.orders;
  u8[slot * U8 + O_STATUS] = status;
  u8[slot * U8 + O_PREVIOUS] = previous;
  if (status !== PENDING_NEW && !(status === PENDING_CANCEL && previous === PENDING_NEW)) desk.unacknowledged.remove(slot);
  if (u8[slot * U8 + O_TIF] !== TIF_GTD) return;
  const isIn = desk.expiries.isIn(slot);
  if (isWorking(status) === isIn) return;
  if (isIn) desk.expiries.leave(slot);
  else desk.expiries.enter(slot);
};

/** Gives an open order its terminal status: nothing reserved, nothing pending, out of every list, kept for late messages. */
export const endOrder = (desk: Desk, slot: number, status: number): void => {
  desk.open.remove(slot);
  desk.pending.detach(slot);
  setStatus(desk, slot, status, NO_STATUS);
  desk.expiries.detach(slot);
  desk.terminal.append(slot);
};

/** Cancels an order without a request of its owner: venue message first, then the report. */
export const cancelUnasked = (desk: Desk, slot: number, text: number): void => {
  setStatus(desk, slot, PENDING_CANCEL, desk.orders.u8[slot * U8 + O_STATUS]!);
  sendVenueCancel(desk, slot);
  report(desk, slot, EXEC_PENDING_CANCEL, text);
};

/** After the venue refused a cancel or a replace: the status before it; the pending replace is forgotten. */
export const goBack = (desk: Desk, slot: number): void => {
  const {f64, u8} = desk.orders;
  const previous = u8[slot * U8 + O_PREVIOUS]!;
  desk.open.release(slot);
  desk.pending.detach(slot);
  setStatus(desk, slot, isUnacknowledged(previous) && f64[slot * F64 + O_CUM]! > 0 ? PARTIAL : previous, NO_STATUS);
  desk.open.reserve(slot);
};
