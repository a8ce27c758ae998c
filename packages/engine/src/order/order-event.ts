/**
 * One input of the order path after decoding: numbers and byte ranges, no text of its own. One object is filled again and again.
 * Codecs write it, the core reads it; `bytes` belongs to the codec and is valid during `accept` only.
 */
export class OrderEvent {
  /** msgType as a character code; 0 = the message failed its schema, see `reason` */
  kind = 0;
  /** position in the rulebook, -1 = not in it; its text stands at TEXT_ACCOUNT (also a q's target) and TEXT_SYMBOL */
  account = -1;
  symbol = -1;
  /** character codes of the enum fields; scope and action are the numbers of trading-state.ts */
  side = 0;
  ordType = 0;
  tif = 0;
  execInst = 0;
  execType = 0;
  scope = 0;
  action = 0;
  /** cancelOpen of a q, stateHash of a test request: 0 or 1 */
  flag = 0;
  /** of a failed message: reason.ts code, schema-field.ts code, msgType (0 = none of the list) */
  reason = 0;
  field = 0;
  refMsgType = 0;
  /** msgSeqNum (of a failed message: 0 = not readable), transactTime and expireTime (0 = absent) in microseconds */
  readonly num: Float64Array = new Float64Array(3);
  /** two decimals of DEC_SIZE integers: whole, fraction as written, digits of the fraction (255 = absent), negative */
  readonly dec: Int32Array = new Int32Array(8);
  /** pairs of start and length in `bytes` */
  readonly text: Int32Array = new Int32Array(8);
  bytes: Uint8Array = new Uint8Array(0);
}

export const E_SEQ = 0;
export const E_TIME = 1;
export const E_EXPIRE = 2;

/** orderQty, lastQty or bidPx */
export const DEC_QTY = 0;
/** price, stopPx, lastPx or askPx */
export const DEC_PRICE = 4;
export const DEC_WHOLE = 0;
export const DEC_FRACTION = 1;
export const DEC_DIGITS = 2;
export const DEC_NEGATIVE = 3;
export const DEC_ABSENT = 255;

/** account, or the target of a q */
export const TEXT_ACCOUNT = 0;
export const TEXT_SYMBOL = 2;
/** clOrdId, execId, killId or testReqId */
export const TEXT_ID = 4;
/** origClOrdId or orderId */
export const TEXT_REF = 6;

export const MSG_FAILED = 0;
export const MSG_NEW = 0x44;
export const MSG_REPLACE = 0x47;
export const MSG_CANCEL = 0x46;
export const MSG_TRADING_STATE = 0x71;
export const MSG_VENUE_REPORT = 0x38;
export const MSG_VENUE_CANCEL_REJECT = 0x39;
export const MSG_MARKET_DATA = 0x57;
export const MSG_TICK = 0x30;
export const MSG_TEST = 0x31;
