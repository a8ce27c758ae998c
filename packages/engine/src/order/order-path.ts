import type {Emit, HotPath} from '../hot-path.ts';
import {acceptCancel} from './cancel-order.ts';
import {acceptTick} from './clock-tick.ts';
import {Desk, REG_LAST_SEQ, REG_NOW, type DeskPorts} from './desk.ts';
import type {InstrumentTable} from './instrument-table.ts';
import {acceptMarketData} from './market-data.ts';
import type {NameTable} from './name-table.ts';
import {acceptNewOrder} from './new-order.ts';
import {
  E_SEQ, E_TIME, MSG_CANCEL, MSG_FAILED, MSG_MARKET_DATA, MSG_NEW, MSG_REPLACE, MSG_TEST, MSG_TICK, MSG_TRADING_STATE, MSG_VENUE_CANCEL_REJECT, MSG_VENUE_REPORT, TEXT_ID,
  type OrderEvent,
} from './order-event.ts';
import {OUT_ANSWER, OUT_REJECT, R_REF_SEQ, SOURCE_EVENT, type OrderOutput} from './order-output.ts';
import {acceptReplace} from './replace-order.ts';
import {send} from './reports.ts';
import type {Rulebook} from './rulebook.ts';
import {writeState} from './state-hash.ts';
import {acceptTradingState} from './trading-state-act.ts';
import {acceptVenueEvent} from './venue-events.ts';

/** Counters of what was dropped without an answer. */
export interface DroppedInputs {
  readonly repeatedInputs: number;
  readonly repeatedExecs: number;
  readonly absorbed: number;
}

/**
 * Validation, risk checks, execution and acknowledgement of orders (docs/order-path.md). Allocates nothing per event once it is warm.
 * Its only clock is the events' transactTime: `nowNs` is not looked at.
 */
export class OrderPath implements HotPath<OrderEvent, OrderOutput> {
  /** the whole state, for tests that look behind the outputs */
  declare readonly desk: Desk;

  constructor(rules: Rulebook, ports: DeskPorts) {
    this.desk = new Desk(rules, ports);
  }

  accept(event: OrderEvent, _nowNs: number, emit: Emit<OrderOutput>): void {
    const {desk} = this;
    const {reg} = desk;
    if (desk.emit !== emit) desk.emit = emit;
    desk.out.ordinal = 0;
    if (event.kind === MSG_TEST) {
      this.answer(event);
      return;
    }
    const seq = event.num[E_SEQ]!;
    // a failed message without a readable sequence (0) is answered, never taken for a repeat
    if (seq <= reg[REG_LAST_SEQ]! && (seq !== 0 || event.kind !== MSG_FAILED)) {
      desk.repeatedInputs++;
      return;
    }
    if (seq !== 0) reg[REG_LAST_SEQ] = seq;
    if (event.kind === MSG_FAILED) {
      this.refuse(event);
      return;
    }
    if (event.num[E_TIME]! > reg[REG_NOW]!) reg[REG_NOW] = event.num[E_TIME]!;
    this.decide(event);
  }

  private decide(event: OrderEvent): void {
    const {desk} = this;
    switch (event.kind) {
      case MSG_NEW:
        this.see(event);
        acceptNewOrder(desk, event);
        break;
      case MSG_REPLACE:
        this.see(event);
        acceptReplace(desk, event);
        break;
      case MSG_CANCEL:
        this.see(event);
        acceptCancel(desk, event);
        break;
      case MSG_VENUE_REPORT:
      case MSG_VENUE_CANCEL_REJECT:
        acceptVenueEvent(desk, event);
        break;
      case MSG_MARKET_DATA:
        acceptMarketData(desk, event);
        break;
      case MSG_TICK:
        acceptTick(desk);
        break;
      case MSG_TRADING_STATE:
        acceptTradingState(desk, event);
        break;
    }
  }

  /** A sign of life of the account's owner, for the dead-man timer. */
  private see(event: OrderEvent): void {
    if (event.account >= 0) this.desk.accounts.lastSeen[event.account] = this.desk.reg[REG_NOW]!;
  }

  private refuse(event: OrderEvent): void {
    const {out, reg} = this.desk;
    out.kind = OUT_REJECT;
    out.num[R_REF_SEQ] = reg[REG_LAST_SEQ]!;
    out.refMsgType = event.refMsgType;
    out.text = event.reason;
    out.field = event.field;
    send(this.desk);
  }

  private answer(event: OrderEvent): void {
    const {out, reg} = this.desk;
    out.kind = OUT_ANSWER;
    out.num[R_REF_SEQ] = reg[REG_LAST_SEQ]!;
    out.setEvent(event);
    out.setId(SOURCE_EVENT, event.text[TEXT_ID]!, event.text[TEXT_ID + 1]!);
    out.stateHash = event.flag === 1 ? this.stateHash() : '';
    send(this.desk);
  }

  /**
   * For moments without work: makes the system hand out the memory of the next orders now, not in the middle of one. Changes no state.
   * @param orders how many orders ahead, at most
   */
  touchAhead(orders: number): void {
    this.desk.orders.touchAhead(orders);
    this.desk.terminal.records.touchAhead();
  }

  stateHash(): string {
    const digest = this.desk.digest();
    writeState(this.desk, (octets) => { digest.update(octets); });
    return digest.digest('hex');
  }

  /** The text behind the state hash, to see in what two paths differ. */
  stateText(): string {
    let text = '';
    writeState(this.desk, (octets) => { text += String.fromCharCode(...octets); });
    return text;
  }

  /** The rulebook's names and grids, for codecs. */
  get names(): {accounts: NameTable; symbols: NameTable; instruments: InstrumentTable} {
    const {accounts, instruments} = this.desk;
    return {accounts: accounts.names, symbols: instruments.names, instruments};
  }

  get dropped(): DroppedInputs {
    const {repeatedInputs, repeatedExecs, absorbed} = this.desk;
    return {repeatedInputs, repeatedExecs, absorbed};
  }
}
