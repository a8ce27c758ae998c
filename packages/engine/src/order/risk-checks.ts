import {exceedsCredit, exceedsPosition, reducesPosition} from './exposure.ts';
import {GRID_LOT, GRID_TICK, scaleDecimal} from './decimal-scale.ts';
import {REG_NOTIONAL, REG_NOW, REG_PRICE, REG_QTY, REG_STEPS, type Desk} from './desk.ts';
import {DEC_PRICE, DEC_QTY, E_EXPIRE, TEXT_ID, type OrderEvent} from './order-event.ts';
import {BUY, MARKET, REDUCE_ONLY_INST, TIF_GTD} from './order-status.ts';
import {
  COLLAR, CREDIT, CUM_NOTIONAL, DUP_CLORDID, EXPIRED, EXPIRE_MISSING, HALTED, KILLED, NO_REASON, NOT_PERMITTED, NOTIONAL_MAX, NOTIONAL_MIN, OPEN_ORDERS, POSITION,
  PX_NONPOS, PX_TICK, QTY_LOT, QTY_MAX, QTY_MIN, QTY_NONPOS, RATE, REDUCE_ONLY, REDUCING_ONLY, STALE_REF, UNKNOWN_ACCOUNT, UNKNOWN_SYMBOL,
} from './reason.ts';
import {checkSelfTrade} from './self-trade.ts';
import {REDUCING, STATE_HALTED, STATE_KILLED} from './trading-states.ts';

const EXACT = 2 ** 53;

/** Check 2. A replace never counts as reducing. */
export const checkState = (desk: Desk, event: OrderEvent, mayReduce: boolean): number => {
  const severity = desk.states.severity(event.account, event.symbol);
  if (severity < REDUCING) return NO_REASON;
  if (severity === STATE_KILLED) return KILLED;
  if (severity === STATE_HALTED) return HALTED;
  if (!mayReduce || event.account < 0 || event.symbol < 0) return REDUCING_ONLY;
  // the quantity as received, lot or not: rounded up to lots it compares the same with whole lots
  scaleDecimal(desk, event, DEC_QTY, GRID_LOT);
  return reducesPosition(desk, event, REG_STEPS) ? NO_REASON : REDUCING_ONLY;
};

/** Check 3. */
export const checkNames = (desk: Desk, event: OrderEvent): number => {
  if (event.account < 0) return UNKNOWN_ACCOUNT;
  if (event.symbol < 0) return UNKNOWN_SYMBOL;
  return desk.accounts.isPermitted(event.account, event.symbol) ? NO_REASON : NOT_PERMITTED;
};

/** Check 4. Loads the key that the window and the index use for the rest of the message. */
export const checkDuplicate = (desk: Desk, event: OrderEvent): number => {
  desk.key.load(event.bytes, event.text[TEXT_ID]!, event.text[TEXT_ID + 1]!, event.account);
  desk.clientIds.readAhead(desk.key);
  return desk.duplicates.has(desk.key) ? DUP_CLORDID : NO_REASON;
};

/** Check 5. Leaves lots in REG_QTY, and ticks in REG_PRICE unless it is a market order. */
export const checkGrid = (desk: Desk, event: OrderEvent, isMarket: boolean): number => {
  const {reg} = desk;
  const onTick = isMarket || scaleDecimal(desk, event, DEC_PRICE, GRID_TICK);
  if (!onTick) return PX_TICK;
  if (!isMarket) reg[REG_PRICE] = reg[REG_STEPS]!;
  if (!scaleDecimal(desk, event, DEC_QTY, GRID_LOT)) return QTY_LOT;
  reg[REG_QTY] = reg[REG_STEPS]!;
  if (!isMarket && reg[REG_PRICE]! <= 0) return PX_NONPOS;
  return reg[REG_QTY]! <= 0 ? QTY_NONPOS : NO_REASON;
};

/** Is |2P - (bid + ask)| * 10000 > collarBps * (bid + ask)? Exact: products that leave the doubles are compared as BigInt. */
const isOutsideCollar = (desk: Desk, symbol: number): boolean => {
  const {bid, ask, collarBps} = desk.instruments;
  const sum = bid[symbol]! + ask[symbol]!;
  const away = Math.abs(2 * desk.reg[REG_PRICE]! - sum);
  const left = away * 10_000;
  const right = collarBps[symbol]! * sum;
  if (left < EXACT || right < EXACT) return left > right;
  return BigInt(away) * 10_000n > BigInt(collarBps[symbol]!) * BigInt(sum);
};

/** Checks 7, 8 and 9 on REG_PRICE and REG_QTY; a market order gets the far touch as its price. Leaves P * qty in REG_NOTIONAL. */
export const checkPrice = (desk: Desk, event: OrderEvent, isMarket: boolean): number => {
  const {instruments, reg} = desk;
  const {symbol} = event;
  const hasReference = instruments.hasReference(symbol);
  if (isMarket) {
    if (!hasReference) return STALE_REF;
    reg[REG_PRICE] = event.side === BUY ? instruments.ask[symbol]! : instruments.bid[symbol]!;
  }
  // a product beyond 2^53 is inexact, but it cannot fall below any limit: limits are below 2^52
  const notional = reg[REG_PRICE]! * reg[REG_QTY]! * instruments.cashPerTickLot[symbol]!;
  if (notional < instruments.minNotionalCash[symbol]!) return NOTIONAL_MIN;
  if (notional > instruments.maxNotionalCash[symbol]!) return NOTIONAL_MAX;
  reg[REG_NOTIONAL] = notional;
  if (!hasReference) return STALE_REF;
  if (isOutsideCollar(desk, symbol)) return COLLAR;
  return reg[REG_NOW]! - instruments.refTime[symbol]! > instruments.refMaxAgeUs[symbol]! ? STALE_REF : NO_REASON;
};

/** Refills the account's and the global bucket, once a message. */
export const refillRates = (desk: Desk, account: number): void => {
  desk.refilled = true;
  desk.rate.refill(account, desk.reg, REG_NOW);
  desk.rate.refill(desk.accounts.count, desk.reg, REG_NOW);
};

/** Check 10. */
export const checkRate = (desk: Desk, account: number): number => {
  refillRates(desk, account);
  return desk.rate.hasToken(account) && desk.rate.hasToken(desk.accounts.count) ? NO_REASON : RATE;
};

/** Checks 11 and 12 for REG_QTY and REG_NOTIONAL. */
const checkExposure = (desk: Desk, event: OrderEvent): number => {
  const {open, reg, rules} = desk;
  const {account} = event;
  const list = open.listOf(account, event.symbol, event.side);
  if (exceedsPosition(desk, event, list)) return POSITION;
  if (open.sideCount[list]! >= rules.maxOpenPerSide || open.count >= rules.maxOpenOrders) return OPEN_ORDERS;
  if (open.openNotional[account]! + reg[REG_NOTIONAL]! > desk.accounts.maxOpenCash[account]!) return CUM_NOTIONAL;
  return exceedsCredit(desk, account) ? CREDIT : NO_REASON;
};

/** Check 15. */
const checkExpiry = (desk: Desk, event: OrderEvent): number => {
  if (event.tif !== TIF_GTD) return NO_REASON;
  const expire = event.num[E_EXPIRE]!;
  if (expire === 0) return EXPIRE_MISSING;
  return expire <= desk.reg[REG_NOW]! ? EXPIRED : NO_REASON;
};

/** The checks of a new order in their order; the first failure is the answer. Changes nothing but registers and the buckets' clocks. */
export const checkNewOrder = (desk: Desk, event: OrderEvent): number => {
  const {instruments, reg} = desk;
  const isMarket = event.ordType === MARKET;
  let reason = checkState(desk, event, true);
  if (reason === NO_REASON) reason = checkNames(desk, event);
  if (reason === NO_REASON) reason = checkDuplicate(desk, event);
  if (reason === NO_REASON) reason = checkGrid(desk, event, isMarket);
  if (reason !== NO_REASON) return reason;
  if (reg[REG_QTY]! < instruments.minQtyLots[event.symbol]!) return QTY_MIN;
  if (reg[REG_QTY]! > instruments.maxQtyLots[event.symbol]!) return QTY_MAX;
  reason = checkPrice(desk, event, isMarket);
  if (reason === NO_REASON) reason = checkRate(desk, event.account);
  if (reason === NO_REASON) reason = checkExposure(desk, event);
  if (reason === NO_REASON) reason = checkSelfTrade(desk, event);
  if (reason !== NO_REASON) return reason;
  if (event.execInst === REDUCE_ONLY_INST && !reducesPosition(desk, event, REG_QTY)) return REDUCE_ONLY;
  return checkExpiry(desk, event);
};
