import {REG_LAST_SEQ, REG_NOW, type Desk} from './desk.ts';
import {positionOf} from './exposure.ts';
import {MARKET, NO_STATUS, PENDING_REPLACE} from './order-status.ts';
import {
  F64, I32, NONE, O_ACCOUNT, O_CUM, O_CUM_NOTIONAL, O_EXPIRY, O_ID, O_ID_LENGTH, O_OPEN_NEXT, O_ORD_TYPE, O_PREVIOUS, O_PRICE, O_QTY, O_SEQ, O_SIDE, O_STATUS, O_SYMBOL,
  O_TIF, U16, U8,
} from './order-store.ts';
import {PENDING_PRICE, PENDING_QTY} from './pending-replaces.ts';
import {ACTIVE, SCOPE_ACCOUNT, SCOPE_GLOBAL, SCOPE_SYMBOL, STATE_NAME} from './trading-states.ts';

/** Positions of the names in the order of the names. Names are ASCII: code units compare like code points. */
const byName = (names: readonly string[]): readonly number[] => names.map((_, i) => i).sort((a, b) => (names[a]! < names[b]! ? -1 : 1));

const letter = (code: number): string => String.fromCharCode(code);

function* stateLines(desk: Desk, accounts: readonly number[], symbols: readonly number[]): Generator<string> {
  const {states} = desk;
  const line = (scope: string, target: string, place: number): string | null =>
    (states.state[place] === ACTIVE ? null : `state ${scope} ${target} ${STATE_NAME[states.state[place]!]!}`);
  const lines = [
    ...accounts.map((i) => line('account', desk.accounts.names.names[i]!, states.placeOf(SCOPE_ACCOUNT, i))),
    line('global', '-', states.placeOf(SCOPE_GLOBAL, 0)),
    ...symbols.map((i) => line('symbol', desk.instruments.names.names[i]!, states.placeOf(SCOPE_SYMBOL, i))),
  ];
  for (const each of lines) if (each !== null) yield each;
}

function* referenceLines(desk: Desk, symbols: readonly number[]): Generator<string> {
  const {instruments} = desk;
  for (const i of symbols) {
    if (instruments.hasReference(i)) yield `ref ${instruments.names.names[i]!} ${instruments.bid[i]!} ${instruments.ask[i]!} ${instruments.refTime[i]!}`;
  }
}

function* bucketLines(desk: Desk, accounts: readonly number[]): Generator<string> {
  const {rate, cancelRate} = desk;
  const pair = (bucket: {tokens: Float64Array; last: Float64Array}, i: number): string => (bucket.last[i]! < 0 ? '-1 -1' : `${bucket.tokens[i]!} ${bucket.last[i]!}`);
  for (const i of accounts) {
    if (rate.last[i]! >= 0 || cancelRate.last[i]! >= 0) yield `bucket ${desk.accounts.names.names[i]!} ${pair(rate, i)} ${pair(cancelRate, i)}`;
  }
  if (rate.last[desk.accounts.count]! >= 0) yield `bucket * ${pair(rate, desk.accounts.count)}`;
}

function* exposureLines(desk: Desk, accounts: readonly number[], symbols: readonly number[]): Generator<string> {
  for (const i of accounts) {
    const open = desk.open.openNotional[i]!;
    const traded = desk.traded.value(i);
    if (open !== 0 || traded !== 0n) yield `account ${desk.accounts.names.names[i]!} ${open} ${traded}`;
  }
  for (const i of accounts) {
    for (const j of symbols) {
      const lots = desk.positions.value(positionOf(desk, i, j));
      if (lots !== 0n) yield `position ${desk.accounts.names.names[i]!} ${desk.instruments.names.names[j]!} ${lots}`;
    }
  }
}

/** What the order reserves with: its quantity and price, or the maximum of old and new while a replace is pending. */
const reservation = (desk: Desk, slot: number): readonly [lots: number, ticks: number] => {
  const {f64, u8} = desk.orders;
  const lots = f64[slot * F64 + O_QTY]!;
  const ticks = f64[slot * F64 + O_PRICE]!;
  if (u8[slot * U8 + O_STATUS] !== PENDING_REPLACE) return [lots, ticks];
  const record = desk.pending.base(slot);
  return [Math.max(lots, desk.pending.f64[record + PENDING_QTY]!), Math.max(ticks, desk.pending.f64[record + PENDING_PRICE]!)];
};

const orderLine = (desk: Desk, slot: number): string => {
  const {f64, i32, u16, u8} = desk.orders;
  const number = (field: number): number => f64[slot * F64 + field]!;
  const octet = (field: number): number => u8[slot * U8 + field]!;
  const id = String.fromCharCode(...u8.subarray(slot * U8 + O_ID, slot * U8 + O_ID + octet(O_ID_LENGTH)));
  const previous = octet(O_PREVIOUS) === NO_STATUS ? '-' : letter(octet(O_PREVIOUS));
  const expiry = i32[slot * I32 + O_EXPIRY]!;
  return [
    'order', number(O_SEQ), desk.accounts.names.names[u16[slot * U16 + O_ACCOUNT]!]!, desk.instruments.names.names[u16[slot * U16 + O_SYMBOL]!]!, id,
    letter(octet(O_SIDE)), letter(octet(O_ORD_TYPE)), letter(octet(O_TIF)), letter(octet(O_STATUS)), previous,
    number(O_QTY), octet(O_ORD_TYPE) === MARKET ? 0 : number(O_PRICE), number(O_CUM), number(O_CUM_NOTIONAL), expiry === NONE ? 0 : desk.expiries.at[expiry]!,
    ...reservation(desk, slot),
  ].join(' ');
};

function* orderLines(desk: Desk): Generator<string> {
  for (let slot = desk.open.head; slot !== NONE; slot = desk.orders.i32[slot * I32 + O_OPEN_NEXT]!) yield orderLine(desk, slot);
}

/** The text of docs/order-path.md section 10: all that can change a later decision, one line each. */
export const stateText = (desk: Desk): string => {
  const accounts = byName(desk.accounts.names.names);
  const symbols = byName(desk.instruments.names.names);
  const {duplicates, executions, reg, terminal} = desk;
  return [
    `seq ${reg[REG_LAST_SEQ]!}`,
    `now ${reg[REG_NOW]!}`,
    ...stateLines(desk, accounts, symbols),
    ...referenceLines(desk, symbols),
    ...bucketLines(desk, accounts),
    ...exposureLines(desk, accounts, symbols),
    ...orderLines(desk),
    `terminal ${terminal.total} ${terminal.digest}`,
    `windows ${duplicates.currentCount} ${duplicates.previousCount} ${executions.currentCount} ${executions.previousCount}`,
    `counts ${desk.repeatedInputs} ${desk.repeatedExecs} ${desk.absorbed}`,
  ].join('\n');
};
