import type {Digest, Emit} from '../hot-path.ts';
import {AccountTable} from './account-table.ts';
import {ClientIdIndex} from './client-id-index.ts';
import {AVG_SIZE} from './exact-average.ts';
import {Expiries} from './expiries.ts';
import {ID_BYTES, IdKey} from './id-key.ts';
import {InstrumentTable} from './instrument-table.ts';
import {KeyWindow} from './key-window.ts';
import {OpenOrders} from './open-orders.ts';
import {OrderOutput} from './order-output.ts';
import {OrderSeqIndex} from './order-seq-index.ts';
import {OrderStore} from './order-store.ts';
import {PendingReplaces} from './pending-replaces.ts';
import type {Rulebook} from './rulebook.ts';
import {TerminalOrders} from './terminal-orders.ts';
import {TerminalRecords} from './terminal-records.ts';
import {TokenBuckets} from './token-buckets.ts';
import {TradingStates} from './trading-states.ts';
import {Unacknowledged} from './unacknowledged.ts';
import {WideSums} from './wide-sum.ts';

/** Places in `Desk.reg`. */
export const REG_LAST_SEQ = 0;
export const REG_NOW = 1;
/** the message in hand: lots, order price P in ticks, P * qty in cash units */
export const REG_QTY = 2;
export const REG_PRICE = 3;
export const REG_NOTIONAL = 4;
/** a decimal just scaled: see decimal-scale.ts */
export const REG_STEPS = 5;
/** a replace: its own reservation in lots and cash, and that of the maximum of old and new */
export const REG_OWN_QTY = 6;
export const REG_OWN_CASH = 7;
export const REG_NEW_QTY = 8;
export const REG_NEW_CASH = 9;
/** a fill: lots, ticks, ticks * lots, cash units */
export const REG_FILL_QTY = 10;
export const REG_FILL_PX = 11;
export const REG_FILL_NOTIONAL = 12;
export const REG_FILL_CASH = 13;
/** what decrement leaves of the incoming quantity */
export const REG_REST = 14;
/** sequence parsed from an order id */
export const REG_ORDER_SEQ = 15;

/** What the world outside gives the order path once. */
export interface DeskPorts {
  readonly digest: Digest;
  /** secret of the id tables, any 32-bit integer; never shows in outputs or hashes */
  readonly hashSeed: number;
}

/**
 * Everything the order path knows. Modules are functions over it. Numbers above 2^31 never cross a call: they stand in `reg` or in a
 * column, because a double that is passed or returned is an object on the heap.
 * Fields without an initial value are declared only, here and in all classes of the path: as fields they would hold undefined first, and the
 * optimiser could not rely on what kind of object is in them.
 */
export class Desk {
  declare readonly rules: Rulebook;
  declare readonly digest: Digest;
  declare readonly instruments: InstrumentTable;
  declare readonly accounts: AccountTable;
  declare readonly orders: OrderStore;
  declare readonly open: OpenOrders;
  declare readonly pending: PendingReplaces;
  declare readonly expiries: Expiries;
  declare readonly unacknowledged: Unacknowledged;
  declare readonly terminal: TerminalOrders;
  declare readonly clientIds: ClientIdIndex;
  declare readonly bySeq: OrderSeqIndex;
  declare readonly duplicates: KeyWindow;
  declare readonly executions: KeyWindow;
  /** one per account, then the global one */
  declare readonly rate: TokenBuckets;
  declare readonly cancelRate: TokenBuckets;
  declare readonly states: TradingStates;
  /** lots by account * symbols + symbol */
  declare readonly positions: WideSums;
  /** cash units by account */
  declare readonly traded: WideSums;
  readonly reg: Float64Array = new Float64Array(16);
  /** operands and result of exact-average.ts */
  readonly average: Float64Array = new Float64Array(AVG_SIZE);
  declare readonly key: IdKey;
  declare readonly otherKey: IdKey;
  /** clOrdId that a replace has just ended, for its report */
  readonly formerId: Uint8Array = new Uint8Array(ID_BYTES);
  /** crossing orders of the message in hand, see self-trade.ts */
  declare readonly crossing: Int32Array;
  crossingCount = 0;
  /** side of the incoming order */
  crossingSide = 0;
  /** what check 13 decided to do once everything else has passed, see self-trade.ts */
  selfTradePlan = 0;
  /** has check 10 (or a rejection before it) refilled the buckets for this message? */
  refilled = false;
  repeatedInputs = 0;
  repeatedExecs = 0;
  absorbed = 0;
  declare readonly out: OrderOutput;
  emit: Emit<OrderOutput> = () => undefined;

  constructor(rules: Rulebook, {digest, hashSeed}: DeskPorts) {
    const accounts = rules.accounts.length;
    const symbols = rules.instruments.length;
    this.rules = rules;
    this.digest = digest;
    this.instruments = new InstrumentTable(rules.instruments);
    this.accounts = new AccountTable(rules.accounts, symbols);
    this.orders = new OrderStore(rules.maxOpenOrders + rules.terminalRetention + 2);
    this.pending = new PendingReplaces(this.orders, rules.maxOpenOrders);
    this.open = new OpenOrders(this.orders, this.pending, {accounts, cashPerTickLot: this.instruments.cashPerTickLot});
    this.expiries = new Expiries(this.orders, rules.maxOpenOrders);
    this.unacknowledged = new Unacknowledged(this.orders);
    const records = new TerminalRecords(this.orders, rules.terminalRetention);
    this.clientIds = new ClientIdIndex(this.orders, records, hashSeed);
    this.bySeq = new OrderSeqIndex(this.orders, records, hashSeed);
    this.terminal = new TerminalOrders(this.orders, {records, clientIds: this.clientIds, bySeq: this.bySeq, retention: rules.terminalRetention});
    this.duplicates = new KeyWindow(rules.duplicateWindow);
    this.executions = new KeyWindow(rules.duplicateWindow);
    this.rate = new TokenBuckets([...rules.accounts.map(({rate}) => rate), rules.globalRate]);
    this.cancelRate = new TokenBuckets(rules.accounts.map(({cancelRate}) => cancelRate));
    this.states = new TradingStates(accounts, symbols);
    this.positions = new WideSums(accounts * symbols);
    this.traded = new WideSums(accounts);
    this.key = new IdKey(hashSeed);
    this.otherKey = new IdKey(hashSeed);
    this.out = new OrderOutput(this.orders.u8, this.formerId);
    this.crossing = new Int32Array(Math.max(1, Math.min(rules.maxOpenPerSide, rules.maxOpenOrders)));
  }
}
