import {REG_LAST_SEQ, REG_NOW, type Desk} from './desk.ts';
import {positionOf} from './exposure.ts';
import {MARKET, NO_STATUS, PENDING_REPLACE} from './order-status.ts';
import {
  F64, I32, NONE, O_ACCOUNT, O_CUM, O_CUM_NOTIONAL, O_EXPIRY, O_ID, O_ID_LENGTH, O_OPEN_NEXT, O_ORD_TYPE, O_PREVIOUS, O_PRICE, O_QTY, O_SEQ, O_SIDE, O_STATUS, O_SYMBOL,
  O_TIF, U16, U8,
} from './order-store.ts';
import {PENDING_PRICE, PENDING_QTY} from './pending-replaces.ts';
import {StateWriter} from './state-writer.ts';
import {ACTIVE, SCOPE_ACCOUNT, SCOPE_GLOBAL, SCOPE_SYMBOL, STATE_NAME} from './trading-states.ts';
import type {WideSums} from './wide-sum.ts';

const DASH = 0x2d;

/** Positions of the names in the order of the names. Names are ASCII: code units compare like code points. */
const byName = (names: readonly string[]): readonly number[] => names.map((_, i) => i).sort((a, b) => (names[a]! < names[b]! ? -1 : 1));

const writeStates = (desk: Desk, to: StateWriter, accounts: readonly number[], symbols: readonly number[]): void => {
  const {states} = desk;
  const write = (scope: string, target: string, place: number): void => {
    if (states.state[place] === ACTIVE) return;
    to.line('state');
    to.word(scope);
    to.word(target);
    to.word(STATE_NAME[states.state[place]!]!);
  };
  for (const i of accounts) write('account', desk.accounts.names.names[i]!, states.placeOf(SCOPE_ACCOUNT, i));
  write('global', '-', states.placeOf(SCOPE_GLOBAL, 0));
  for (const i of symbols) write('symbol', desk.instruments.names.names[i]!, states.placeOf(SCOPE_SYMBOL, i));
};

const writeReferences = ({instruments}: Desk, to: StateWriter, symbols: readonly number[]): void => {
  for (const i of symbols) {
    if (!instruments.hasReference(i)) continue;
    to.line('ref');
    to.word(instruments.names.names[i]!);
    to.value(instruments.bid, i);
    to.value(instruments.ask, i);
    to.value(instruments.refTime, i);
  }
};

const writeBuckets = ({accounts: {count, names}, cancelRate, rate}: Desk, to: StateWriter, accounts: readonly number[]): void => {
  const pair = ({last, tokens}: {tokens: Float64Array; last: Float64Array}, i: number): void => {
    if (last[i]! < 0) {
      to.word('-1 -1');
      return;
    }
    to.value(tokens, i);
    to.value(last, i);
  };
  for (const i of accounts) {
    if (rate.last[i]! < 0 && cancelRate.last[i]! < 0) continue;
    to.line('bucket');
    to.word(names.names[i]!);
    pair(rate, i);
    pair(cancelRate, i);
  }
  if (rate.last[count]! < 0) return;
  to.line('bucket');
  to.word('*');
  pair(rate, count);
};

const writeSum = (to: StateWriter, sums: WideSums, i: number): void => {
  if (sums.isWide(i)) to.word(String(sums.value(i)));
  else to.value(sums.low, i);
};

const writeExposure = (desk: Desk, to: StateWriter, accounts: readonly number[], symbols: readonly number[]): void => {
  const {open: {openNotional}, positions, traded} = desk;
  const isZero = (sums: WideSums, i: number): boolean => sums.low[i] === 0 && !sums.isWide(i);
  for (const i of accounts) {
    if (openNotional[i] === 0 && isZero(traded, i)) continue;
    to.line('account');
    to.word(desk.accounts.names.names[i]!);
    to.value(openNotional, i);
    writeSum(to, traded, i);
  }
  for (const i of accounts) {
    for (const j of symbols) {
      const place = positionOf(desk, i, j);
      if (isZero(positions, place)) continue;
      to.line('position');
      to.word(desk.accounts.names.names[i]!);
      to.word(desk.instruments.names.names[j]!);
      writeSum(to, positions, place);
    }
  }
};

/** What the order reserves with: its quantity or price, or the maximum of old and new while a replace is pending. */
const writeReserved = (desk: Desk, to: StateWriter, slot: number, field: number, pendingField: number): void => {
  const {f64, u8} = desk.orders;
  const {pending} = desk;
  const own = slot * F64 + field;
  const asked = u8[slot * U8 + O_STATUS] === PENDING_REPLACE ? pending.base(slot) + pendingField : NONE;
  if (asked !== NONE && pending.f64[asked]! > f64[own]!) to.value(pending.f64, asked);
  else to.value(f64, own);
};

const writeOrder = (desk: Desk, to: StateWriter, slot: number): void => {
  const {f64, i32, u16, u8} = desk.orders;
  const number = slot * F64;
  const octet = slot * U8;
  const expiry = i32[slot * I32 + O_EXPIRY]!;
  to.line('order');
  to.value(f64, number + O_SEQ);
  to.word(desk.accounts.names.names[u16[slot * U16 + O_ACCOUNT]!]!);
  to.word(desk.instruments.names.names[u16[slot * U16 + O_SYMBOL]!]!);
  to.octets(u8, octet + O_ID, u8[octet + O_ID_LENGTH]!);
  to.letter(u8[octet + O_SIDE]!);
  to.letter(u8[octet + O_ORD_TYPE]!);
  to.letter(u8[octet + O_TIF]!);
  to.letter(u8[octet + O_STATUS]!);
  to.letter(u8[octet + O_PREVIOUS] === NO_STATUS ? DASH : u8[octet + O_PREVIOUS]!);
  to.value(f64, number + O_QTY);
  if (u8[octet + O_ORD_TYPE] === MARKET) to.count(0);
  else to.value(f64, number + O_PRICE);
  to.value(f64, number + O_CUM);
  to.value(f64, number + O_CUM_NOTIONAL);
  if (expiry === NONE) to.count(0);
  else to.value(desk.expiries.at, expiry);
  writeReserved(desk, to, slot, O_QTY, PENDING_QTY);
  writeReserved(desk, to, slot, O_PRICE, PENDING_PRICE);
};

const writeCounts = (desk: Desk, to: StateWriter): void => {
  const {duplicates, executions, terminal} = desk;
  const line = (word: string, counts: readonly number[]): void => {
    to.line(word);
    for (const count of counts) to.count(count);
  };
  line('terminal', [terminal.total, terminal.digest]);
  line('windows', [duplicates.currentCount, duplicates.previousCount, executions.currentCount, executions.previousCount]);
  line('counts', [desk.repeatedInputs, desk.repeatedExecs, desk.absorbed]);
};

/** The text of docs/order-path.md section 10, in pieces: all that can change a later decision, one line each. */
export const writeState = (desk: Desk, take: (octets: Uint8Array) => void): void => {
  const to = new StateWriter(take);
  const accounts = byName(desk.accounts.names.names);
  const symbols = byName(desk.instruments.names.names);
  to.line('seq');
  to.value(desk.reg, REG_LAST_SEQ);
  to.line('now');
  to.value(desk.reg, REG_NOW);
  writeStates(desk, to, accounts, symbols);
  writeReferences(desk, to, symbols);
  writeBuckets(desk, to, accounts);
  writeExposure(desk, to, accounts, symbols);
  for (let slot = desk.open.head; slot !== NONE; slot = desk.orders.i32[slot * I32 + O_OPEN_NEXT]!) writeOrder(desk, to, slot);
  writeCounts(desk, to);
  to.done();
};
