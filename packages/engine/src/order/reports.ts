import {REG_LAST_SEQ, REG_NOW, type Desk} from './desk.ts';
import {AVG_DIGITS, AVG_NOTIONAL, AVG_PRICE_POW, AVG_QTY, AVG_TICK_UNITS, AVG_WHOLE, exactAverage} from './exact-average.ts';
import {TEXT_ID, TEXT_REF, type OrderEvent} from './order-event.ts';
import {
  OUT_BUSINESS_REJECT, OUT_CANCEL_REJECT, OUT_EXECUTION_REPORT, OUT_VENUE_CANCEL, OUT_VENUE_NEW, OUT_VENUE_QUERY, OUT_VENUE_REPLACE,
  R_AVG_DIGITS, R_AVG_WHOLE, R_CUM, R_EXPIRE, R_LAST_PX, R_LAST_QTY, R_LEAVES, R_ORDER_SEQ, R_PRICE, R_QTY, R_REF_SEQ, R_STOP_PX, R_TIME, SOURCE_EVENT, SOURCE_ORDERS, type OrderOutput,
} from './order-output.ts';
import {isTerminal, LIMIT, MARKET, REJECTED, shownStatus, STOP, TIF_GTD} from './order-status.ts';
import {
  F64, I32, O_ACCOUNT, O_CUM, O_CUM_NOTIONAL, O_EXPIRY, O_ID, O_ID_LENGTH, O_ORD_TYPE, O_PRICE, O_QTY, O_SEQ, O_SIDE, O_STATUS, O_SYMBOL, O_TIF, U16, U8,
} from './order-store.ts';
import {CXL_REJ_REASON, ILLEGAL, NO_REASON, NO_REJ_REASON, ORD_REJ_REASON} from './reason.ts';

/** Hands the output over and counts it. */
export const send = (desk: Desk): void => {
  desk.emit(desk.out);
  desk.out.ordinal++;
};

const head = (desk: Desk, kind: number): OrderOutput => {
  const {out, reg} = desk;
  out.kind = kind;
  out.num[R_REF_SEQ] = reg[REG_LAST_SEQ]!;
  out.num[R_TIME] = reg[REG_NOW]!;
  return out;
};

const identify = (desk: Desk, out: OrderOutput, slot: number): void => {
  const {f64, u16} = desk.orders;
  out.num[R_ORDER_SEQ] = f64[slot * F64 + O_SEQ]!;
  out.account = u16[slot * U16 + O_ACCOUNT]!;
  out.symbol = u16[slot * U16 + O_SYMBOL]!;
};

const fillAverage = (desk: Desk, out: OrderOutput, slot: number): void => {
  const {average, instruments} = desk;
  const {f64} = desk.orders;
  const base = slot * F64;
  if (f64[base + O_CUM] === 0) {
    out.num[R_AVG_WHOLE] = 0;
    out.num[R_AVG_DIGITS] = 0;
    return;
  }
  average[AVG_NOTIONAL] = f64[base + O_CUM_NOTIONAL]!;
  average[AVG_QTY] = f64[base + O_CUM]!;
  average[AVG_TICK_UNITS] = instruments.tickUnits[out.symbol]!;
  average[AVG_PRICE_POW] = instruments.pricePow[out.symbol]!;
  exactAverage(average);
  out.num[R_AVG_WHOLE] = average[AVG_WHOLE]!;
  out.num[R_AVG_DIGITS] = average[AVG_DIGITS]!;
};

/** An execution report of a known order as it stands now; the caller changes what differs, then sends. */
export const prepareReport = (desk: Desk, slot: number, execType: number): OrderOutput => {
  const out = head(desk, OUT_EXECUTION_REPORT);
  const {f64, u8} = desk.orders;
  const base = slot * F64;
  const octets = slot * U8;
  identify(desk, out, slot);
  out.execType = execType;
  const status = u8[octets + O_STATUS]!;
  out.ordStatus = shownStatus(status);
  out.side = u8[octets + O_SIDE]!;
  out.ordType = u8[octets + O_ORD_TYPE]!;
  out.text = NO_REASON;
  out.rejReason = NO_REJ_REASON;
  out.echo = 0;
  const qty = f64[base + O_QTY]!;
  const cum = f64[base + O_CUM]!;
  out.num[R_QTY] = qty;
  out.num[R_PRICE] = out.ordType === MARKET ? 0 : f64[base + O_PRICE]!;
  out.num[R_LAST_QTY] = 0;
  out.num[R_LAST_PX] = 0;
  out.num[R_CUM] = cum;
  out.num[R_LEAVES] = isTerminal(status) || cum > qty ? 0 : qty - cum;
  fillAverage(desk, out, slot);
  out.setId(SOURCE_ORDERS, octets + O_ID, u8[octets + O_ID_LENGTH]!);
  out.refLength = 0;
  return out;
};

/** Makes the request's clOrdId the report's, and the order's own its origClOrdId. */
export const nameByRequest = (out: OrderOutput, event: OrderEvent): void => {
  out.setEvent(event);
  out.setRef(out.idSource, out.idStart, out.idLength);
  out.setId(SOURCE_EVENT, event.text[TEXT_ID]!, event.text[TEXT_ID + 1]!);
};

export const report = (desk: Desk, slot: number, execType: number, text: number): void => {
  prepareReport(desk, slot, execType).text = text;
  send(desk);
};

/** The report of a refused new order: nothing of it is known but what was received. */
export const reportRejectedOrder = (desk: Desk, event: OrderEvent, reason: number): void => {
  const out = head(desk, OUT_EXECUTION_REPORT);
  out.setEvent(event);
  out.account = event.account;
  out.symbol = event.symbol;
  out.execType = REJECTED;
  out.ordStatus = REJECTED;
  out.side = event.side;
  out.ordType = event.ordType;
  out.text = reason;
  out.rejReason = ORD_REJ_REASON[reason]!;
  out.echo = 1;
  out.num[R_ORDER_SEQ] = 0;
  out.setId(SOURCE_EVENT, event.text[TEXT_ID]!, event.text[TEXT_ID + 1]!);
  out.refLength = 0;
  send(desk);
};

/** The answer to a refused cancel or replace. @param slot the order if the lookup found it, else -1 */
export const reportCancelReject = (desk: Desk, event: OrderEvent, slot: number, reason: number): void => {
  const out = head(desk, OUT_CANCEL_REJECT);
  out.setEvent(event);
  out.account = event.account;
  out.symbol = event.symbol;
  out.num[R_ORDER_SEQ] = slot < 0 ? 0 : desk.orders.f64[slot * F64 + O_SEQ]!;
  out.ordStatus = slot < 0 ? REJECTED : shownStatus(desk.orders.u8[slot * U8 + O_STATUS]!);
  out.responseTo = event.kind;
  out.rejReason = CXL_REJ_REASON[reason]!;
  out.text = reason;
  out.setId(SOURCE_EVENT, event.text[TEXT_ID]!, event.text[TEXT_ID + 1]!);
  out.setRef(SOURCE_EVENT, event.text[TEXT_REF]!, event.text[TEXT_REF + 1]!);
  send(desk);
};

/** A message that is well formed but cannot be. @param slot the order concerned, -1 = none */
export const reportBusinessReject = (desk: Desk, event: OrderEvent, slot: number, reason: number): void => {
  const out = head(desk, OUT_BUSINESS_REJECT);
  out.account = slot < 0 ? -1 : desk.orders.u16[slot * U16 + O_ACCOUNT]!;
  out.refMsgType = event.kind;
  out.text = reason;
  out.illegalStatus = 0;
  out.illegalEvent = 0;
  if (reason === ILLEGAL) {
    out.illegalStatus = desk.orders.u8[slot * U8 + O_STATUS]!;
    out.illegalEvent = event.execType;
  }
  send(desk);
};

export const sendVenueNew = (desk: Desk, slot: number): void => {
  const out = head(desk, OUT_VENUE_NEW);
  const {f64, i32, u8} = desk.orders;
  identify(desk, out, slot);
  out.side = u8[slot * U8 + O_SIDE]!;
  out.ordType = u8[slot * U8 + O_ORD_TYPE]!;
  out.tif = u8[slot * U8 + O_TIF]!;
  const price = f64[slot * F64 + O_PRICE]!;
  out.num[R_QTY] = f64[slot * F64 + O_QTY]!;
  out.num[R_PRICE] = out.ordType === LIMIT ? price : 0;
  out.num[R_STOP_PX] = out.ordType === STOP ? price : 0;
  out.num[R_EXPIRE] = out.tif === TIF_GTD ? desk.expiries.at[i32[slot * I32 + O_EXPIRY]!]! : 0;
  send(desk);
};

/** Quantity and price are read from `numbers[at]` and the place behind it. */
export const sendVenueReplace = (desk: Desk, slot: number, numbers: Float64Array, at: number): void => {
  const out = head(desk, OUT_VENUE_REPLACE);
  identify(desk, out, slot);
  out.num[R_QTY] = numbers[at]!;
  out.num[R_PRICE] = numbers[at + 1]!;
  send(desk);
};

export const sendVenueCancel = (desk: Desk, slot: number): void => {
  identify(desk, head(desk, OUT_VENUE_CANCEL), slot);
  send(desk);
};

export const sendVenueQuery = (desk: Desk, slot: number): void => {
  identify(desk, head(desk, OUT_VENUE_QUERY), slot);
  send(desk);
};
