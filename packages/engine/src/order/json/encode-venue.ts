import {OUT_VENUE_CANCEL, R_EXPIRE, R_ORDER_SEQ, R_PRICE, R_QTY, R_REF_SEQ, R_STOP_PX, type OrderOutput} from '../order-output.ts';
import type {FieldWriter} from './field-writer.ts';
import {Pieces} from './json-writer.ts';

const pieces = new Pieces();
const NEW = pieces.piece('{"msgType":"D","refSeqNum":');
const REPLACE = pieces.piece('{"msgType":"G","refSeqNum":');
const CANCEL = pieces.piece('{"msgType":"F","refSeqNum":');
const QUERY = pieces.piece('{"msgType":"H","refSeqNum":');
const ACCOUNT = pieces.piece(',"account":');
const ORDER_ID = pieces.piece(',"orderId":"O');
const SYMBOL = pieces.piece('","symbol":');
const SIDE = pieces.piece(',"side":"');
const ORD_TYPE = pieces.piece('","ordType":"');
const ORDER_QTY = pieces.piece('","orderQty":"');
const ORDER_QTY_FIRST = pieces.piece(',"orderQty":"');
const PRICE = pieces.piece('","price":"');
const NO_PRICE = pieces.piece('","price":null');
const STOP_PX = pieces.piece(',"stopPx":"');
const NO_STOP_PX = pieces.piece(',"stopPx":null');
const QUOTE = pieces.piece('"');
const TIF = pieces.piece(',"tif":"');
const EXPIRE = pieces.piece('","expireTime":');
const NO_EXPIRE = pieces.piece('","expireTime":null}');
const CLOSE = pieces.piece('}');
const CLOSE_TEXT = pieces.piece('"}');
const P = pieces.done();

const writeHead = (to: FieldWriter, out: OrderOutput, head: number): void => {
  to.fragment(P, head);
  to.integer(out.num, R_REF_SEQ);
  to.fragment(P, ACCOUNT);
  to.account(out);
  to.fragment(P, ORDER_ID);
  to.integer(out.num, R_ORDER_SEQ);
  to.fragment(P, SYMBOL);
  to.symbol(out);
};

export const writeVenueNew = (to: FieldWriter, out: OrderOutput): void => {
  writeHead(to, out, NEW);
  to.fragment(P, SIDE);
  to.octet(out.side);
  to.fragment(P, ORD_TYPE);
  to.octet(out.ordType);
  to.fragment(P, ORDER_QTY);
  to.quantity(out, R_QTY);
  if (out.num[R_PRICE] === 0) {
    to.fragment(P, NO_PRICE);
  } else {
    to.fragment(P, PRICE);
    to.price(out, R_PRICE);
    to.fragment(P, QUOTE);
  }
  if (out.num[R_STOP_PX] === 0) {
    to.fragment(P, NO_STOP_PX);
  } else {
    to.fragment(P, STOP_PX);
    to.price(out, R_STOP_PX);
    to.fragment(P, QUOTE);
  }
  to.fragment(P, TIF);
  to.octet(out.tif);
  if (out.num[R_EXPIRE] === 0) {
    to.fragment(P, NO_EXPIRE);
    return;
  }
  to.fragment(P, EXPIRE);
  to.integer(out.num, R_EXPIRE);
  to.fragment(P, CLOSE);
};

export const writeVenueReplace = (to: FieldWriter, out: OrderOutput): void => {
  writeHead(to, out, REPLACE);
  to.fragment(P, ORDER_QTY_FIRST);
  to.quantity(out, R_QTY);
  to.fragment(P, PRICE);
  to.price(out, R_PRICE);
  to.fragment(P, CLOSE_TEXT);
};

/** Cancel or query: the order's name only. */
export const writeVenueCancelOrQuery = (to: FieldWriter, out: OrderOutput): void => {
  writeHead(to, out, out.kind === OUT_VENUE_CANCEL ? CANCEL : QUERY);
  to.fragment(P, CLOSE);
};
