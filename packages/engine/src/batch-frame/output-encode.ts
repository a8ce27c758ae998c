import {DEC_ABSENT, DEC_DIGITS, DEC_FRACTION, DEC_NEGATIVE, DEC_PRICE, DEC_QTY, DEC_WHOLE, TEXT_ACCOUNT, TEXT_SYMBOL} from '../order/order-event.ts';
import {
  OUT_ANSWER, OUT_BUSINESS_REJECT, OUT_CANCEL_REJECT, OUT_EXECUTION_REPORT, OUT_REJECT, OUT_TRADING_STATE, OUT_VENUE_CANCEL, OUT_VENUE_QUERY,
  OUT_VENUE_REPLACE, R_AVG_DIGITS, R_AVG_WHOLE, R_CUM, R_EXPIRE, R_LAST_PX, R_LAST_QTY, R_LEAVES, R_ORDER_SEQ, R_PRICE, R_QTY, R_REF_SEQ, R_STOP_PX, R_TIME,
  type OrderOutput,
} from '../order/order-output.ts';
import {MARKET} from '../order/order-status.ts';
import {SCOPE_ACCOUNT, SCOPE_SYMBOL} from '../order/trading-states.ts';
import type {FrameWriter} from './frame-writer.ts';
import {OUTPUT_BYTES, STATE_HASH_AT} from './output-plan.ts';
import {BY_NAME, FLAG_ACCOUNT_NAME, FLAG_SYMBOL_NAME, OUTPUT_BIT, writeU64} from './record-layout.ts';

const MSG_REPLACE = 0x47;
const ONE = 0x31;
const TWO = 0x32;
/** octet of a dec that holds the number of digits */
const DEC_DIGITS_AT = 8;

/** Account and symbol at two places; a name that the rulebook does not know goes behind the payload, so both come last. */
const writeNames = (to: FrameWriter, out: OrderOutput, at: number): void => {
  const {view, payload} = to;
  view.setUint16(payload + at, out.account < 0 ? BY_NAME : out.account, true);
  view.setUint16(payload + at + 2, out.symbol < 0 ? BY_NAME : out.symbol, true);
  if (out.account >= 0 && out.symbol >= 0) return;
  const {bytes, text} = out.event;
  if (out.account < 0) to.name(FLAG_ACCOUNT_NAME, bytes, text[TEXT_ACCOUNT]!, text[TEXT_ACCOUNT + 1]!);
  if (out.symbol < 0) to.name(FLAG_SYMBOL_NAME, bytes, text[TEXT_SYMBOL]!, text[TEXT_SYMBOL + 1]!);
};

/** A decimal as it was received. */
const writeReceived = (to: FrameWriter, out: OrderOutput, at: number, dec: number): void => {
  const {view, bytes} = to;
  const from = out.event.dec;
  view.setUint32(at, from[dec + DEC_WHOLE]!, true);
  view.setUint32(at + 4, from[dec + DEC_FRACTION]!, true);
  bytes[at + DEC_DIGITS_AT] = from[dec + DEC_DIGITS]!;
  bytes[at + 9] = from[dec + DEC_NEGATIVE]!;
};

const writeQuantities = (to: FrameWriter, out: OrderOutput): void => {
  const {view, payload} = to;
  if (out.echo === 1) {
    writeReceived(to, out, payload + 32, DEC_QTY);
    if (out.ordType === MARKET) to.bytes[payload + 44 + DEC_DIGITS_AT] = DEC_ABSENT;
    else writeReceived(to, out, payload + 44, DEC_PRICE);
    return;
  }
  view.setUint32(payload + 20, out.num[R_AVG_WHOLE]!, true);
  writeU64(view, payload + 32, out.num, R_QTY);
  writeU64(view, payload + 40, out.num, R_PRICE);
  if (out.num[R_LAST_QTY] !== 0) {
    writeU64(view, payload + 48, out.num, R_LAST_QTY);
    writeU64(view, payload + 56, out.num, R_LAST_PX);
  }
  writeU64(view, payload + 72, out.num, R_LEAVES);
  if (out.num[R_CUM] === 0) return;
  writeU64(view, payload + 64, out.num, R_CUM);
  writeU64(view, payload + 80, out.num, R_AVG_DIGITS);
};

const writeReport = (to: FrameWriter, out: OrderOutput): void => {
  const {view, bytes, payload} = to;
  writeU64(view, payload, out.num, R_TIME);
  bytes[payload + 12] = out.execType;
  bytes[payload + 13] = out.ordStatus;
  bytes[payload + 14] = out.side;
  bytes[payload + 15] = out.ordType;
  view.setUint32(payload + 16, out.ordinal, true);
  writeU64(view, payload + 24, out.num, R_ORDER_SEQ);
  writeQuantities(to, out);
  bytes[payload + 88] = out.text;
  bytes[payload + 89] = out.rejReason;
  to.id(96, out.octetsOf(out.idSource), out.idStart, out.idLength);
  to.id(136, out.octetsOf(out.refSource), out.refStart, out.refLength);
  writeNames(to, out, 8);
};

const writeCancelReject = (to: FrameWriter, out: OrderOutput): void => {
  const {view, bytes, payload} = to;
  writeU64(view, payload, out.num, R_TIME);
  bytes[payload + 12] = out.ordStatus;
  bytes[payload + 13] = out.responseTo === MSG_REPLACE ? TWO : ONE;
  bytes[payload + 14] = out.rejReason;
  bytes[payload + 15] = out.text;
  writeU64(view, payload + 16, out.num, R_ORDER_SEQ);
  to.id(24, out.octetsOf(out.idSource), out.idStart, out.idLength);
  to.id(64, out.octetsOf(out.refSource), out.refStart, out.refLength);
  writeNames(to, out, 8);
};

const writeVenue = (to: FrameWriter, out: OrderOutput): void => {
  const {view, bytes, payload} = to;
  writeU64(view, payload, out.num, R_ORDER_SEQ);
  writeNames(to, out, 8);
  if (out.kind === OUT_VENUE_CANCEL || out.kind === OUT_VENUE_QUERY) return;
  writeU64(view, payload + 16, out.num, R_QTY);
  writeU64(view, payload + 24, out.num, R_PRICE);
  if (out.kind === OUT_VENUE_REPLACE) return;
  bytes[payload + 12] = out.side;
  bytes[payload + 13] = out.ordType;
  bytes[payload + 14] = out.tif;
  writeU64(view, payload + 32, out.num, R_STOP_PX);
  writeU64(view, payload + 40, out.num, R_EXPIRE);
};

const writeReject = (to: FrameWriter, out: OrderOutput): void => {
  const {bytes, payload} = to;
  bytes[payload] = out.refMsgType;
  bytes[payload + 1] = out.text;
  bytes[payload + 2] = out.field;
};

const writeBusinessReject = (to: FrameWriter, out: OrderOutput): void => {
  const {view, bytes, payload} = to;
  view.setUint16(payload, out.account < 0 ? BY_NAME : out.account, true);
  bytes[payload + 2] = out.refMsgType;
  bytes[payload + 3] = out.text;
  bytes[payload + 4] = out.illegalStatus;
  bytes[payload + 5] = out.illegalEvent;
};

const writeTradingState = (to: FrameWriter, out: OrderOutput): void => {
  const {view, bytes, payload} = to;
  bytes[payload] = out.scope;
  bytes[payload + 1] = out.action;
  view.setUint16(payload + 2, out.scope === SCOPE_ACCOUNT ? out.account : out.scope === SCOPE_SYMBOL ? out.symbol : 0, true);
  view.setUint32(payload + 4, out.totalAffected, true);
  to.id(8, out.octetsOf(out.idSource), out.idStart, out.idLength);
};

const writeAnswer = (to: FrameWriter, out: OrderOutput): void => {
  to.id(0, out.octetsOf(out.idSource), out.idStart, out.idLength);
  const at = to.payload + STATE_HASH_AT;
  for (let i = 0; i < out.stateHash.length; i++) to.bytes[at + i] = out.stateHash.charCodeAt(i);
};

/** Appends one output as a record. */
export const encodeOutput = (to: FrameWriter, out: OrderOutput): void => {
  to.open(out.kind | OUTPUT_BIT, OUTPUT_BYTES[out.kind]!, out.num, R_REF_SEQ);
  switch (out.kind) {
    case OUT_EXECUTION_REPORT: writeReport(to, out); break;
    case OUT_CANCEL_REJECT: writeCancelReject(to, out); break;
    case OUT_REJECT: writeReject(to, out); break;
    case OUT_BUSINESS_REJECT: writeBusinessReject(to, out); break;
    case OUT_TRADING_STATE: writeTradingState(to, out); break;
    case OUT_ANSWER: writeAnswer(to, out); break;
    default: writeVenue(to, out); break;
  }
  to.close();
};
