import {DEC_DIGITS, DEC_FRACTION, DEC_NEGATIVE, DEC_PRICE, DEC_QTY, DEC_WHOLE, TEXT_ACCOUNT, TEXT_SYMBOL, OrderEvent} from '../order/order-event.ts';
import {
  OUT_ANSWER, OUT_BUSINESS_REJECT, OUT_CANCEL_REJECT, OUT_EXECUTION_REPORT, OUT_REJECT, OUT_TRADING_STATE, OUT_VENUE_NEW, OUT_VENUE_REPLACE, OrderOutput,
  R_AVG_DIGITS, R_AVG_WHOLE, R_CUM, R_EXPIRE, R_LAST_PX, R_LAST_QTY, R_LEAVES, R_ORDER_SEQ, R_PRICE, R_QTY, R_REF_SEQ, R_STOP_PX, R_TIME, SOURCE_EVENT,
} from '../order/order-output.ts';
import {SCOPE_ACCOUNT, SCOPE_SYMBOL} from '../order/trading-states.ts';
import {OUTPUT_BYTES, STATE_HASH_AT, STATE_HASH_BYTES} from './output-plan.ts';
import {AT_FLAGS, AT_KIND, AT_SEQ, BY_NAME, FLAG_ACCOUNT_NAME, HEADER_BYTES, ID_FIELD_BYTES, ID_TEXT_BYTES, OUTPUT_BIT, readU64} from './record-layout.ts';

const MSG_REPLACE = 0x47;
const MSG_CANCEL = 0x46;
const TWO = 0x32;

/**
 * Reads output records back: the receiving end of a link of ours. The records of one frame are read in place from one buffer;
 * the output is filled again by each call. Borders and checksums are the caller's (they are those of frame-reader.ts).
 */
export class OutputDecode {
  readonly out: OrderOutput;
  private readonly event: OrderEvent = new OrderEvent();
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.event.bytes = bytes;
    this.out = new OrderOutput(bytes, bytes);
    this.out.setEvent(this.event);
  }

  /** @param record start of a record with a kind of section 4 of docs/batch-frame.md */
  decode(record: number): OrderOutput {
    const {out, view} = this;
    const kind = view.getUint8(record + AT_KIND) & ~OUTPUT_BIT;
    const payload = record + HEADER_BYTES;
    out.kind = kind;
    readU64(view, record + AT_SEQ, out.num, R_REF_SEQ);
    switch (kind) {
      case OUT_EXECUTION_REPORT: this.report(payload); break;
      case OUT_CANCEL_REJECT: this.cancelReject(payload); break;
      case OUT_REJECT: this.reject(payload); break;
      case OUT_BUSINESS_REJECT: this.businessReject(payload); break;
      case OUT_TRADING_STATE: this.tradingState(payload); break;
      case OUT_ANSWER: this.answer(payload); break;
      default: this.venue(payload, kind); break;
    }
    if (kind === OUT_EXECUTION_REPORT || kind === OUT_CANCEL_REJECT) this.names(record, payload + OUTPUT_BYTES[kind]!);
    return out;
  }

  private octet(at: number): number {
    return this.view.getUint8(at);
  }

  private position(at: number): number {
    const position = this.view.getUint16(at, true);
    return position === BY_NAME ? -1 : position;
  }

  private number(at: number, place: number): void {
    readU64(this.view, at, this.out.num, place);
  }

  private id(at: number): void {
    this.out.setId(SOURCE_EVENT, at, this.octet(at + ID_TEXT_BYTES));
  }

  private ref(at: number): void {
    this.out.setRef(SOURCE_EVENT, at, this.octet(at + ID_TEXT_BYTES));
  }

  private names(record: number, behind: number): void {
    const {out, event} = this;
    let at = behind;
    if ((this.octet(record + AT_FLAGS) & FLAG_ACCOUNT_NAME) !== 0) {
      event.text[TEXT_ACCOUNT] = at;
      event.text[TEXT_ACCOUNT + 1] = this.octet(at + ID_TEXT_BYTES);
      at += ID_FIELD_BYTES;
    }
    if (out.symbol >= 0) return;
    event.text[TEXT_SYMBOL] = at;
    event.text[TEXT_SYMBOL + 1] = this.octet(at + ID_TEXT_BYTES);
  }

  private received(at: number, dec: number): void {
    const to = this.event.dec;
    to[dec + DEC_WHOLE] = this.view.getUint32(at, true);
    to[dec + DEC_FRACTION] = this.view.getUint32(at + 4, true);
    to[dec + DEC_DIGITS] = this.octet(at + 8);
    to[dec + DEC_NEGATIVE] = this.octet(at + 9);
  }

  private report(at: number): void {
    const {out} = this;
    this.number(at, R_TIME);
    out.account = this.position(at + 8);
    out.symbol = this.position(at + 10);
    out.execType = this.octet(at + 12);
    out.ordStatus = this.octet(at + 13);
    out.side = this.octet(at + 14);
    out.ordType = this.octet(at + 15);
    out.ordinal = this.view.getUint32(at + 16, true);
    out.num[R_AVG_WHOLE] = this.view.getUint32(at + 20, true);
    this.number(at + 24, R_ORDER_SEQ);
    out.echo = out.num[R_ORDER_SEQ] === 0 ? 1 : 0;
    if (out.echo === 1) {
      this.received(at + 32, DEC_QTY);
      this.received(at + 44, DEC_PRICE);
    }
    [R_QTY, R_PRICE, R_LAST_QTY, R_LAST_PX, R_CUM, R_LEAVES, R_AVG_DIGITS].forEach((place, i) => { this.number(at + 32 + 8 * i, place); });
    out.text = this.octet(at + 88);
    out.rejReason = this.octet(at + 89);
    this.id(at + 96);
    this.ref(at + 136);
  }

  private cancelReject(at: number): void {
    const {out} = this;
    this.number(at, R_TIME);
    out.account = this.position(at + 8);
    out.symbol = this.position(at + 10);
    out.ordStatus = this.octet(at + 12);
    out.responseTo = this.octet(at + 13) === TWO ? MSG_REPLACE : MSG_CANCEL;
    out.rejReason = this.octet(at + 14);
    out.text = this.octet(at + 15);
    this.number(at + 16, R_ORDER_SEQ);
    this.id(at + 24);
    this.ref(at + 64);
  }

  private reject(at: number): void {
    const {out} = this;
    out.refMsgType = this.octet(at);
    out.text = this.octet(at + 1);
    out.field = this.octet(at + 2);
  }

  private businessReject(at: number): void {
    const {out} = this;
    out.account = this.position(at);
    out.refMsgType = this.octet(at + 2);
    out.text = this.octet(at + 3);
    out.illegalStatus = this.octet(at + 4);
    out.illegalEvent = this.octet(at + 5);
  }

  private tradingState(at: number): void {
    const {out} = this;
    out.scope = this.octet(at);
    out.action = this.octet(at + 1);
    out.account = out.scope === SCOPE_ACCOUNT ? this.position(at + 2) : -1;
    out.symbol = out.scope === SCOPE_SYMBOL ? this.position(at + 2) : -1;
    out.totalAffected = this.view.getUint32(at + 4, true);
    this.id(at + 8);
  }

  private answer(at: number): void {
    const hash = this.bytes.subarray(at + STATE_HASH_AT, at + STATE_HASH_AT + STATE_HASH_BYTES);
    this.out.stateHash = hash[0] === 0 ? '' : String.fromCharCode(...hash);
    this.id(at);
  }

  private venue(at: number, kind: number): void {
    const {out} = this;
    this.number(at, R_ORDER_SEQ);
    out.account = this.position(at + 8);
    out.symbol = this.position(at + 10);
    if (kind !== OUT_VENUE_NEW && kind !== OUT_VENUE_REPLACE) return;
    this.number(at + 16, R_QTY);
    this.number(at + 24, R_PRICE);
    if (kind === OUT_VENUE_REPLACE) return;
    out.side = this.octet(at + 12);
    out.ordType = this.octet(at + 13);
    out.tif = this.octet(at + 14);
    this.number(at + 32, R_STOP_PX);
    this.number(at + 40, R_EXPIRE);
  }
}
