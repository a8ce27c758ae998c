import {
  DEC_ABSENT, DEC_DIGITS, DEC_FRACTION, DEC_NEGATIVE, DEC_PRICE, DEC_QTY, DEC_WHOLE, E_EXPIRE, E_SEQ, E_TIME, MSG_CANCEL, MSG_MARKET_DATA, MSG_NEW, MSG_REPLACE, MSG_TEST,
  MSG_TICK, MSG_TRADING_STATE, MSG_VENUE_CANCEL_REJECT, MSG_VENUE_REPORT, TEXT_ACCOUNT, TEXT_ID, TEXT_REF, TEXT_SYMBOL, type OrderEvent,
} from '../order/order-event.ts';
import {LIMIT, STOP} from '../order/order-status.ts';
import {SCOPE_ACCOUNT, SCOPE_GLOBAL, SCOPE_SYMBOL} from '../order/trading-states.ts';
import type {FrameWriter} from './frame-writer.ts';
import {BY_NAME, FLAG_ACCOUNT_NAME, FLAG_SYMBOL_NAME, writeU64} from './record-layout.ts';
import {RECORD_PLANS} from './record-plan.ts';

const EXEC_TRADE = 0x46;
const ZERO = 0x30;
/** a test request stands outside the sequence */
const NO_SEQ = new Float64Array(1);

const writeDecimal = (to: FrameWriter, event: OrderEvent, offset: number, dec: number): void => {
  const {view, bytes} = to;
  const at = to.payload + offset;
  view.setUint32(at, event.dec[dec + DEC_WHOLE]!, true);
  view.setUint32(at + 4, event.dec[dec + DEC_FRACTION]!, true);
  bytes[at + 8] = event.dec[dec + DEC_DIGITS]!;
  bytes[at + 9] = event.dec[dec + DEC_NEGATIVE]!;
};

const writeText = (to: FrameWriter, event: OrderEvent, offset: number, place: number): void => {
  to.id(offset, event.bytes, event.text[place]!, event.text[place + 1]!);
};

const writeName = (to: FrameWriter, event: OrderEvent, offset: number, place: number): void => {
  const position = place === TEXT_ACCOUNT ? event.account : event.symbol;
  to.view.setUint16(to.payload + offset, position < 0 ? BY_NAME : position, true);
  if (position < 0) to.name(place === TEXT_ACCOUNT ? FLAG_ACCOUNT_NAME : FLAG_SYMBOL_NAME, event.bytes, event.text[place]!, event.text[place + 1]!);
};

const writeNew = (to: FrameWriter, event: OrderEvent): void => {
  const {bytes, payload} = to;
  bytes[payload + 12] = event.side;
  bytes[payload + 13] = event.ordType;
  bytes[payload + 14] = event.tif;
  bytes[payload + 15] = event.execInst;
  writeDecimal(to, event, 16, DEC_QTY);
  bytes[payload + 28 + 8] = DEC_ABSENT;
  bytes[payload + 40 + 8] = DEC_ABSENT;
  if (event.ordType === LIMIT) writeDecimal(to, event, 28, DEC_PRICE);
  if (event.ordType === STOP) writeDecimal(to, event, 40, DEC_PRICE);
  writeU64(to.view, payload + 56, event.num, E_EXPIRE);
  writeText(to, event, 64, TEXT_ID);
};

const writeReplaceOrCancel = (to: FrameWriter, event: OrderEvent): void => {
  const isReplace = event.kind === MSG_REPLACE;
  if (isReplace) {
    writeDecimal(to, event, 16, DEC_QTY);
    writeDecimal(to, event, 28, DEC_PRICE);
  }
  writeText(to, event, isReplace ? 40 : 16, TEXT_ID);
  writeText(to, event, isReplace ? 80 : 56, TEXT_REF);
};

const writeVenueReport = (to: FrameWriter, event: OrderEvent): void => {
  const {bytes, payload} = to;
  bytes[payload + 8] = event.execType;
  bytes[payload + 16 + 8] = DEC_ABSENT;
  bytes[payload + 28 + 8] = DEC_ABSENT;
  if (event.execType === EXEC_TRADE) {
    writeDecimal(to, event, 16, DEC_QTY);
    writeDecimal(to, event, 28, DEC_PRICE);
  }
  writeText(to, event, 40, TEXT_REF);
  writeText(to, event, 80, TEXT_ID);
};

/** The target goes by its position where the scope has a list that knows it, else by its text. */
const writeTradingState = (to: FrameWriter, event: OrderEvent): void => {
  const {bytes, payload, view} = to;
  const length = event.text[TEXT_ACCOUNT + 1]!;
  bytes[payload + 8] = event.scope;
  bytes[payload + 9] = event.action;
  bytes[payload + 10] = ZERO + event.flag;
  writeText(to, event, 16, TEXT_ID);
  let position = -1;
  if (event.scope === SCOPE_GLOBAL && length === 0) position = 0;
  else if (event.scope === SCOPE_ACCOUNT) position = event.account;
  else if (event.scope === SCOPE_SYMBOL) position = event.symbol;
  view.setUint16(payload + 12, position < 0 ? BY_NAME : position, true);
  if (position < 0) to.name(FLAG_ACCOUNT_NAME, event.bytes, event.text[TEXT_ACCOUNT]!, length);
};

/** Appends a valid event as a record: what a client of ours does, and how recorded JSON becomes frames. */
export const encodeInput = (to: FrameWriter, event: OrderEvent): void => {
  const {kind} = event;
  if (kind === MSG_TEST) to.open(kind, RECORD_PLANS.get(kind)!.bytes, NO_SEQ, 0);
  else to.open(kind, RECORD_PLANS.get(kind)!.bytes, event.num, E_SEQ);
  if (kind !== MSG_TEST) writeU64(to.view, to.payload, event.num, E_TIME);
  switch (kind) {
    case MSG_NEW: writeNew(to, event); break;
    case MSG_VENUE_REPORT: writeVenueReport(to, event); break;
    case MSG_TRADING_STATE: writeTradingState(to, event); break;
    case MSG_VENUE_CANCEL_REJECT:
      writeText(to, event, 8, TEXT_REF);
      writeText(to, event, 48, TEXT_ID);
      break;
    case MSG_MARKET_DATA:
      writeDecimal(to, event, 16, DEC_QTY);
      writeDecimal(to, event, 28, DEC_PRICE);
      writeName(to, event, 8, TEXT_SYMBOL);
      break;
    case MSG_TEST:
      to.bytes[to.payload] = ZERO + event.flag;
      writeText(to, event, 8, TEXT_ID);
      break;
    case MSG_TICK: break;
    default: writeReplaceOrCancel(to, event); break;
  }
  if (kind === MSG_NEW || kind === MSG_REPLACE || kind === MSG_CANCEL) {
    writeName(to, event, 8, TEXT_ACCOUNT);
    writeName(to, event, 10, TEXT_SYMBOL);
  }
  to.close();
};
