import {REG_ORDER_SEQ, type Desk} from './desk.ts';
import {acceptFill} from './fills.ts';
import {endOrder, goBack, setStatus} from './lifecycle.ts';
import {MSG_VENUE_CANCEL_REJECT, TEXT_ID, TEXT_REF, type OrderEvent} from './order-event.ts';
import {SOURCE_SCRATCH} from './order-output.ts';
import {
  CANCELED, EXPIRED_STATUS, FILLED, isUnacknowledged, NO_STATUS, PARTIAL, PENDING_CANCEL, PENDING_REPLACE, REJECTED, WORKING,
} from './order-status.ts';
import {F64, NONE, O_ACCOUNT, O_CUM, O_ID, O_ID_LENGTH, O_PREVIOUS, O_PRICE, O_QTY, O_STATUS, U16, U8} from './order-store.ts';
import {PENDING_PRICE, PENDING_QTY, storeClientId} from './pending-replaces.ts';
import {CANCEL_REJECTED, ILLEGAL, NO_REASON, ORD_REJ_REASON, UNKNOWN_ORDER, VENUE_REJECT} from './reason.ts';
import {prepareReport, report, reportBusinessReject, send} from './reports.ts';

/** execType of a venue report */
const EVENT_NEW = 0x30;
const EVENT_CANCELED = 0x34;
const EVENT_REPLACED = 0x35;
const EVENT_REJECTED = 0x38;
const EVENT_EXPIRED = 0x43;
const EVENT_TRADE = 0x46;
/** execType of our report about a status */
const EXEC_STATUS = 0x49;

/** Longest id `O<seq>` whose sequence is below 10^16. */
const ORDER_ID_MAX = 17;

/** Reads `O<seq>` into REG_ORDER_SEQ; 0 when the text is not an order id of ours. */
const readOrderId = (desk: Desk, event: OrderEvent): void => {
  const {bytes, text} = event;
  const start = text[TEXT_REF]!;
  const length = text[TEXT_REF + 1]!;
  desk.reg[REG_ORDER_SEQ] = 0;
  if (length < 2 || length > ORDER_ID_MAX || bytes[start] !== 0x4f || bytes[start + 1] === 0x30) return;
  // in two halves, so that no step leaves the small integers
  let high = 0;
  let low = 0;
  let scale = 1;
  for (let at = start + 1; at < start + length; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return;
    if (at - start <= 8) {
      high = high * 10 + digit;
    } else {
      low = low * 10 + digit;
      scale *= 10;
    }
  }
  desk.reg[REG_ORDER_SEQ] = high * scale + low;
};

const end = (desk: Desk, slot: number, status: number): void => {
  endOrder(desk, slot, status);
  const out = prepareReport(desk, slot, status);
  if (status === REJECTED) {
    out.text = VENUE_REJECT;
    out.rejReason = ORD_REJ_REASON[VENUE_REJECT]!;
  }
  send(desk);
};

/** The venue carried the replace out: what was pending is the order now. */
const applyReplace = (desk: Desk, slot: number): void => {
  const {clientIds, open, orders, otherKey, pending} = desk;
  const {f64, u16, u8} = orders;
  const base = slot * F64;
  const record = pending.base(slot);
  open.release(slot);
  const qty = Math.max(pending.f64[record + PENDING_QTY]!, f64[base + O_CUM]!);
  f64[base + O_QTY] = qty;
  f64[base + O_PRICE] = pending.f64[record + PENDING_PRICE]!;
  open.noticePrice(slot);

  const formerLength = u8[slot * U8 + O_ID_LENGTH]!;
  for (let i = 0; i < formerLength; i++) desk.formerId[i] = u8[slot * U8 + O_ID + i]!;
  clientIds.remove(slot);
  pending.loadKey(slot, u16[slot * U16 + O_ACCOUNT]!, otherKey);
  storeClientId(orders, slot, otherKey);
  clientIds.put(otherKey, slot);
  pending.detach(slot);

  setStatus(desk, slot, f64[base + O_CUM]! > 0 ? PARTIAL : WORKING, NO_STATUS);
  open.reserve(slot);
  if (f64[base + O_CUM]! >= qty) endOrder(desk, slot, FILLED);
  const out = prepareReport(desk, slot, EVENT_REPLACED);
  out.setRef(SOURCE_SCRATCH, 0, formerLength);
  send(desk);
};

const acknowledge = (desk: Desk, slot: number, status: number): void => {
  if (status === PENDING_CANCEL) setStatus(desk, slot, PENDING_CANCEL, WORKING);
  else setStatus(desk, slot, WORKING, NO_STATUS);
  report(desk, slot, EVENT_NEW, NO_REASON);
};

/** The table of docs/order-path.md section 8 for an open order; everything that is not in it is illegal. */
const acceptOpen = (desk: Desk, event: OrderEvent, slot: number): void => {
  const {u8} = desk.orders;
  const status = u8[slot * U8 + O_STATUS]!;
  const fresh = isUnacknowledged(status) || (status === PENDING_CANCEL && isUnacknowledged(u8[slot * U8 + O_PREVIOUS]!));
  const execType = event.execType;
  if (execType === EVENT_CANCELED) end(desk, slot, CANCELED);
  else if (execType === EVENT_EXPIRED) end(desk, slot, EXPIRED_STATUS);
  else if (execType === EVENT_NEW && fresh) acknowledge(desk, slot, status);
  else if (execType === EVENT_REJECTED && fresh) end(desk, slot, REJECTED);
  else if (execType === EVENT_REPLACED && status === PENDING_REPLACE) applyReplace(desk, slot);
  else if (execType === MSG_VENUE_CANCEL_REJECT && (status === PENDING_CANCEL || status === PENDING_REPLACE)) {
    goBack(desk, slot);
    report(desk, slot, EXEC_STATUS, CANCEL_REJECTED);
  } else reportBusinessReject(desk, event, slot, ILLEGAL);
};

/** Messages 8 and 9: what the venue says about an order of ours. Each execId counts once. */
export const acceptVenueEvent = (desk: Desk, event: OrderEvent): void => {
  if (event.kind === MSG_VENUE_CANCEL_REJECT) event.execType = MSG_VENUE_CANCEL_REJECT;
  desk.otherKey.load(event.bytes, event.text[TEXT_ID]!, event.text[TEXT_ID + 1]!, 0);
  // before the window is looked at: both reads at random then wait together
  readOrderId(desk, event);
  const handle = desk.bySeq.find(desk.reg, REG_ORDER_SEQ);
  if (desk.executions.has(desk.otherKey)) {
    desk.repeatedExecs++;
    return;
  }
  desk.executions.insertChecked(desk.otherKey);
  if (handle === NONE) reportBusinessReject(desk, event, NONE, UNKNOWN_ORDER);
  else if (event.execType === EVENT_TRADE) acceptFill(desk, event, handle < NONE ? desk.terminal.records.bring(handle) : handle);
  else if (handle < NONE) desk.absorbed++;
  else acceptOpen(desk, event, handle);
};
