import {REG_FILL_CASH, REG_FILL_QTY, REG_NOTIONAL, REG_QTY, type Desk} from './desk.ts';
import type {OrderEvent} from './order-event.ts';
import {BUY, SELL} from './order-status.ts';
import {O_ACCOUNT, O_SIDE, O_SYMBOL, U16, U8} from './order-store.ts';

/** Number of the position of an account in a symbol. */
export const positionOf = (desk: Desk, account: number, symbol: number): number => account * desk.instruments.count + symbol;

const reducesWide = (desk: Desk, event: OrderEvent, wanted: number): boolean => {
  const position = desk.positions.value(positionOf(desk, event.account, event.symbol));
  const against = event.side === BUY ? -position : position;
  return against > 0n && BigInt(wanted) <= against;
};

/** Check 14: would the lots in `reg[at]`, together with what is open on that side, at most close the position? */
export const reducesPosition = (desk: Desk, event: OrderEvent, at: number): boolean => {
  const place = positionOf(desk, event.account, event.symbol);
  const wanted = desk.reg[at]! + desk.open.openQty[desk.open.listOf(event.account, event.symbol, event.side)]!;
  if (desk.positions.isWide(place)) return reducesWide(desk, event, wanted);
  const position = desk.positions.low[place]!;
  const against = event.side === BUY ? -position : position;
  return against > 0 && wanted <= against;
};

const exceedsWide = (desk: Desk, event: OrderEvent, more: number): boolean => {
  const position = desk.positions.value(positionOf(desk, event.account, event.symbol));
  return (event.side === BUY ? position : -position) + BigInt(more) > BigInt(desk.instruments.maxPositionLots[event.symbol]!);
};

/** Check 11, worst case: position, all that is open on this side, and REG_QTY, all filled. */
export const exceedsPosition = (desk: Desk, event: OrderEvent, list: number): boolean => {
  const place = positionOf(desk, event.account, event.symbol);
  const more = desk.open.openQty[list]! + desk.reg[REG_QTY]!;
  if (desk.positions.isWide(place)) return exceedsWide(desk, event, more);
  const position = desk.positions.low[place]!;
  return (event.side === SELL ? -position : position) + more > desk.instruments.maxPositionLots[event.symbol]!;
};

/** Check 12, second half: open and traded notional and REG_NOTIONAL against the credit. A wide sum is beyond every credit. */
export const exceedsCredit = (desk: Desk, account: number): boolean => {
  if (desk.traded.isWide(account)) return true;
  return desk.traded.low[account]! + desk.open.openNotional[account]! + desk.reg[REG_NOTIONAL]! > desk.accounts.creditCash[account]!;
};

/** Books REG_FILL_QTY lots and REG_FILL_CASH of the order's fill. */
export const bookFill = (desk: Desk, slot: number): void => {
  const {u16, u8} = desk.orders;
  const account = u16[slot * U16 + O_ACCOUNT]!;
  const place = positionOf(desk, account, u16[slot * U16 + O_SYMBOL]!);
  desk.positions.add(place, desk.reg, REG_FILL_QTY, u8[slot * U8 + O_SIDE] === BUY ? 1 : -1);
  desk.traded.add(account, desk.reg, REG_FILL_CASH, 1);
};
