import {DEC_PRICE, DEC_QTY} from '../order-event.ts';
import {R_CUM, R_LAST_PX, R_LAST_QTY, R_LEAVES, R_ORDER_SEQ, R_PRICE, R_QTY, R_REF_SEQ, R_TIME, type OrderOutput} from '../order-output.ts';
import {MARKET} from '../order-status.ts';
import {NO_REJ_REASON} from '../reason.ts';
import type {FieldWriter} from './field-writer.ts';
import {Pieces} from './json-writer.ts';

const pieces = new Pieces();
const REPORT = pieces.piece('{"msgType":"8","refSeqNum":');
const CANCEL_REJECT = pieces.piece('{"msgType":"9","refSeqNum":');
const ACCOUNT = pieces.piece(',"account":');
const SYMBOL = pieces.piece(',"symbol":');
const CL_ORD_ID = pieces.piece(',"clOrdId":"');
const ORIG_CL_ORD_ID = pieces.piece('","origClOrdId":"');
const NO_ORIG = pieces.piece('","origClOrdId":null');
const ORDER_ID = pieces.piece(',"orderId":"O');
const NO_ORDER_ID = pieces.piece(',"orderId":null');
const QUOTE = pieces.piece('"');
const EXEC_ID = pieces.piece(',"execId":"E');
const EXEC_TYPE = pieces.piece('","execType":"');
const ORD_STATUS = pieces.piece('","ordStatus":"');
const ORD_STATUS_FIRST = pieces.piece(',"ordStatus":"');
const SIDE = pieces.piece('","side":"');
const ORD_TYPE = pieces.piece('","ordType":"');
const ORDER_QTY = pieces.piece('","orderQty":"');
const PRICE = pieces.piece('","price":"');
const NO_PRICE = pieces.piece('","price":null');
const NO_LAST = pieces.piece(',"lastQty":null,"lastPx":null,"cumQty":"');
const LAST_QTY = pieces.piece(',"lastQty":"');
const LAST_PX = pieces.piece('","lastPx":"');
const CUM_QTY = pieces.piece('","cumQty":"');
const LEAVES_QTY = pieces.piece('","leavesQty":"');
const AVG_PX = pieces.piece('","avgPx":"');
const NOTHING_DONE = pieces.piece(',"lastQty":null,"lastPx":null,"cumQty":"0","leavesQty":"0","avgPx":"0');
const REJ_REASON = pieces.piece('","ordRejReason":');
const NO_REJ = pieces.piece('","ordRejReason":null,"text":');
const TEXT = pieces.piece(',"text":');
const TIME = pieces.piece(',"transactTime":');
const CLOSE = pieces.piece('}');
const RESPONSE_TO_REPLACE = pieces.piece('","cxlRejResponseTo":"2","cxlRejReason":');
const RESPONSE_TO_CANCEL = pieces.piece('","cxlRejResponseTo":"1","cxlRejReason":');
const P = pieces.done();

const MSG_REPLACE = 0x47;
const DOT = 0x2e;

/** refSeqNum to orderId, the same in both kinds of answer. */
const writeOrder = (to: FieldWriter, out: OrderOutput): void => {
  to.integer(out.num, R_REF_SEQ);
  to.fragment(P, ACCOUNT);
  to.account(out);
  to.fragment(P, SYMBOL);
  to.symbol(out);
  to.fragment(P, CL_ORD_ID);
  to.id(out);
  if (out.refLength === 0) {
    to.fragment(P, NO_ORIG);
  } else {
    to.fragment(P, ORIG_CL_ORD_ID);
    to.refId(out);
    to.fragment(P, QUOTE);
  }
  if (out.num[R_ORDER_SEQ] === 0) {
    to.fragment(P, NO_ORDER_ID);
  } else {
    to.fragment(P, ORDER_ID);
    to.integer(out.num, R_ORDER_SEQ);
    to.fragment(P, QUOTE);
  }
};

const writePrice = (to: FieldWriter, out: OrderOutput): void => {
  if (out.ordType === MARKET) {
    to.fragment(P, NO_PRICE);
    return;
  }
  to.fragment(P, PRICE);
  if (out.echo === 1) to.asReceived(out, DEC_PRICE);
  else to.price(out, R_PRICE);
  to.fragment(P, QUOTE);
};

const writeQuantities = (to: FieldWriter, out: OrderOutput): void => {
  if (out.echo === 1) {
    to.fragment(P, NOTHING_DONE);
    return;
  }
  if (out.num[R_LAST_QTY] === 0) {
    to.fragment(P, NO_LAST);
  } else {
    to.fragment(P, LAST_QTY);
    to.quantity(out, R_LAST_QTY);
    to.fragment(P, LAST_PX);
    to.price(out, R_LAST_PX);
    to.fragment(P, CUM_QTY);
  }
  to.quantity(out, R_CUM);
  to.fragment(P, LEAVES_QTY);
  to.quantity(out, R_LEAVES);
  to.fragment(P, AVG_PX);
  to.average(out);
};

export const writeExecutionReport = (to: FieldWriter, out: OrderOutput): void => {
  to.fragment(P, REPORT);
  writeOrder(to, out);
  to.fragment(P, EXEC_ID);
  to.integer(out.num, R_REF_SEQ);
  to.octet(DOT);
  to.small(out.ordinal);
  to.fragment(P, EXEC_TYPE);
  to.octet(out.execType);
  to.fragment(P, ORD_STATUS);
  to.octet(out.ordStatus);
  to.fragment(P, SIDE);
  to.octet(out.side);
  to.fragment(P, ORD_TYPE);
  to.octet(out.ordType);
  to.fragment(P, ORDER_QTY);
  if (out.echo === 1) to.asReceived(out, DEC_QTY);
  else to.quantity(out, R_QTY);
  writePrice(to, out);
  writeQuantities(to, out);
  if (out.rejReason === NO_REJ_REASON) {
    to.fragment(P, NO_REJ);
  } else {
    to.fragment(P, REJ_REASON);
    to.small(out.rejReason);
    to.fragment(P, TEXT);
  }
  to.reason(out.text);
  to.fragment(P, TIME);
  to.integer(out.num, R_TIME);
  to.fragment(P, CLOSE);
};

export const writeCancelReject = (to: FieldWriter, out: OrderOutput): void => {
  to.fragment(P, CANCEL_REJECT);
  writeOrder(to, out);
  to.fragment(P, ORD_STATUS_FIRST);
  to.octet(out.ordStatus);
  to.fragment(P, out.responseTo === MSG_REPLACE ? RESPONSE_TO_REPLACE : RESPONSE_TO_CANCEL);
  to.small(out.rejReason);
  to.fragment(P, TEXT);
  to.reason(out.text);
  to.fragment(P, TIME);
  to.integer(out.num, R_TIME);
  to.fragment(P, CLOSE);
};
