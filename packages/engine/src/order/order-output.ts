import {OrderEvent} from './order-event.ts';

/** One output of the order path, filled again for each: valid only inside `emit`. */
export class OrderOutput {
  /** msgType as a character code, OUT_* below */
  kind = 0;
  /** index among the outputs of this input, from 0 */
  ordinal = 0;
  /** position in the rulebook; -1: the text in `event` (or none, see each kind) */
  account = -1;
  symbol = -1;
  execType = 0;
  ordStatus = 0;
  side = 0;
  ordType = 0;
  tif = 0;
  /** reason.ts code, 0 = null */
  text = 0;
  /** FIX number, NO_REJ_REASON = null */
  rejReason = 0;
  /** cxlRejResponseTo, refMsgType (0 = null), or the event of an ILLEGAL */
  refMsgType = 0;
  responseTo = 0;
  /** schema-field.ts code of a Reject, 0 = none */
  field = 0;
  /** status of `ILLEGAL:<status>:<event>` */
  illegalStatus = 0;
  illegalEvent = 0;
  scope = 0;
  action = 0;
  totalAffected = 0;
  /** 1: the rejection of a new order, which echoes `event.dec` */
  echo = 0;
  readonly num: Float64Array = new Float64Array(13);
  /** clOrdId, killId or testReqId: where its octets are (SOURCE_*), from where, how many */
  idSource = 0;
  idStart = 0;
  idLength = 0;
  /** origClOrdId; length 0 = null */
  refSource = 0;
  refStart = 0;
  refLength = 0;
  /** state hash in hex, '' = null */
  stateHash = '';
  /** what caused it: names that the rulebook does not know, decimals as received */
  event: OrderEvent = new OrderEvent();

  /** octets of the orders' records, and of ids that no record holds any more */
  private declare readonly orders: Uint8Array;
  private declare readonly scratch: Uint8Array;

  constructor(orders: Uint8Array, scratch: Uint8Array) {
    this.orders = orders;
    this.scratch = scratch;
  }

  setId(source: number, start: number, length: number): void {
    this.idSource = source;
    this.idStart = start;
    this.idLength = length;
  }

  setRef(source: number, start: number, length: number): void {
    this.refSource = source;
    this.refStart = start;
    this.refLength = length;
  }

  /** Stores the pointer only when it changes: every store of one costs the collector's write barrier. */
  setEvent(event: OrderEvent): void {
    if (this.event !== event) this.event = event;
  }

  octetsOf(source: number): Uint8Array {
    if (source === SOURCE_ORDERS) return this.orders;
    return source === SOURCE_EVENT ? this.event.bytes : this.scratch;
  }
}

/** Where an id's octets stand: in the causing event, in the orders' records, or in the scratch. */
export const SOURCE_EVENT = 0;
export const SOURCE_ORDERS = 1;
export const SOURCE_SCRATCH = 2;

export const R_REF_SEQ = 0;
export const R_TIME = 1;
/** msgSeqNum in the order id, 0 = null */
export const R_ORDER_SEQ = 2;
/** lots and ticks of the output's symbol; price 0 = null */
export const R_QTY = 3;
export const R_PRICE = 4;
export const R_LAST_QTY = 5;
export const R_LAST_PX = 6;
export const R_CUM = 7;
export const R_LEAVES = 8;
/** avgPx: the part before the point, and the price decimals + 4 digits behind it as a number */
export const R_AVG_WHOLE = 9;
export const R_AVG_DIGITS = 10;
export const R_STOP_PX = 11;
export const R_EXPIRE = 12;

export const OUT_EXECUTION_REPORT = 0x38;
export const OUT_CANCEL_REJECT = 0x39;
export const OUT_REJECT = 0x33;
export const OUT_BUSINESS_REJECT = 0x6a;
export const OUT_TRADING_STATE = 0x72;
export const OUT_VENUE_NEW = 0x44;
export const OUT_VENUE_REPLACE = 0x47;
export const OUT_VENUE_CANCEL = 0x46;
export const OUT_VENUE_QUERY = 0x48;
export const OUT_ANSWER = 0x30;
