import {MESSAGE_FIELDS, kindOf} from '../order/message-schema.ts';
import {
  DEC_PRICE, DEC_QTY, E_EXPIRE, E_TIME, MSG_CANCEL, MSG_MARKET_DATA, MSG_NEW, MSG_REPLACE, MSG_TEST, MSG_TICK, MSG_TRADING_STATE, MSG_VENUE_CANCEL_REJECT,
  MSG_VENUE_REPORT, TEXT_ID, TEXT_REF,
} from '../order/order-event.ts';
import {
  F_ACCOUNT, F_ACTION, F_ASK_PX, F_BID_PX, F_CANCEL_OPEN, F_CL_ORD_ID, F_EXEC_ID, F_EXEC_INST, F_EXEC_TYPE, F_EXPIRE_TIME, F_KILL_ID, F_LAST_PX, F_LAST_QTY,
  F_MSG_SEQ_NUM, F_ORD_TYPE, F_ORDER_ID, F_ORDER_QTY, F_ORIG_CL_ORD_ID, F_PRICE, F_SCOPE, F_SIDE, F_STATE_HASH, F_STOP_PX, F_SYMBOL, F_TARGET, F_TEST_REQ_ID, F_TIF,
  F_TRANSACT_TIME,
} from '../order/schema-field.ts';
import {FLAG_ACCOUNT_NAME, FLAG_SYMBOL_NAME} from './record-layout.ts';

/** How one field of a payload is read. */
export const READ_SEQ = 1;
export const READ_U64 = 2;
export const READ_ACCOUNT = 3;
export const READ_SYMBOL = 4;
export const READ_TARGET = 5;
export const READ_ID = 6;
export const READ_DEC = 7;
export const READ_CODE = 8;

/** One field: how, which, where in the payload, where in the event, required or not. */
export interface FieldPlan {
  readonly read: number;
  readonly field: number;
  readonly at: number;
  readonly place: number;
  readonly required: boolean;
}

export interface RecordPlan {
  /** payload octets without names behind it */
  readonly bytes: number;
  readonly flags: number;
  /** in the order in which docs/order-path.md checks them */
  readonly fields: readonly FieldPlan[];
}

/** Offsets of the fields of each kind (docs/batch-frame.md section 3). */
const OFFSETS: ReadonlyMap<number, {readonly bytes: number; readonly flags: number; readonly at: Readonly<Record<number, number>>}> = new Map([
  [MSG_NEW, {bytes: 104, flags: FLAG_ACCOUNT_NAME | FLAG_SYMBOL_NAME, at: {
    [F_TRANSACT_TIME]: 0, [F_ACCOUNT]: 8, [F_SYMBOL]: 10, [F_SIDE]: 12, [F_ORD_TYPE]: 13, [F_TIF]: 14, [F_EXEC_INST]: 15, [F_ORDER_QTY]: 16, [F_PRICE]: 28,
    [F_STOP_PX]: 40, [F_EXPIRE_TIME]: 56, [F_CL_ORD_ID]: 64}}],
  [MSG_REPLACE, {bytes: 120, flags: FLAG_ACCOUNT_NAME | FLAG_SYMBOL_NAME, at: {
    [F_TRANSACT_TIME]: 0, [F_ACCOUNT]: 8, [F_SYMBOL]: 10, [F_ORDER_QTY]: 16, [F_PRICE]: 28, [F_CL_ORD_ID]: 40, [F_ORIG_CL_ORD_ID]: 80}}],
  [MSG_CANCEL, {bytes: 96, flags: FLAG_ACCOUNT_NAME | FLAG_SYMBOL_NAME, at: {
    [F_TRANSACT_TIME]: 0, [F_ACCOUNT]: 8, [F_SYMBOL]: 10, [F_CL_ORD_ID]: 16, [F_ORIG_CL_ORD_ID]: 56}}],
  [MSG_TRADING_STATE, {bytes: 56, flags: FLAG_ACCOUNT_NAME, at: {
    [F_TRANSACT_TIME]: 0, [F_SCOPE]: 8, [F_ACTION]: 9, [F_CANCEL_OPEN]: 10, [F_TARGET]: 12, [F_KILL_ID]: 16}}],
  [MSG_VENUE_REPORT, {bytes: 120, flags: 0, at: {
    [F_TRANSACT_TIME]: 0, [F_EXEC_TYPE]: 8, [F_LAST_QTY]: 16, [F_LAST_PX]: 28, [F_ORDER_ID]: 40, [F_EXEC_ID]: 80}}],
  [MSG_VENUE_CANCEL_REJECT, {bytes: 88, flags: 0, at: {[F_TRANSACT_TIME]: 0, [F_ORDER_ID]: 8, [F_EXEC_ID]: 48}}],
  [MSG_MARKET_DATA, {bytes: 40, flags: FLAG_SYMBOL_NAME, at: {[F_TRANSACT_TIME]: 0, [F_SYMBOL]: 8, [F_BID_PX]: 16, [F_ASK_PX]: 28}}],
  [MSG_TICK, {bytes: 8, flags: 0, at: {[F_TRANSACT_TIME]: 0}}],
  [MSG_TEST, {bytes: 48, flags: 0, at: {[F_STATE_HASH]: 0, [F_TEST_REQ_ID]: 8}}],
]);

const PLACES: Readonly<Record<number, number>> = {
  [F_TRANSACT_TIME]: E_TIME, [F_EXPIRE_TIME]: E_EXPIRE,
  [F_ORDER_QTY]: DEC_QTY, [F_LAST_QTY]: DEC_QTY, [F_BID_PX]: DEC_QTY, [F_PRICE]: DEC_PRICE, [F_STOP_PX]: DEC_PRICE, [F_LAST_PX]: DEC_PRICE, [F_ASK_PX]: DEC_PRICE,
  [F_CL_ORD_ID]: TEXT_ID, [F_EXEC_ID]: TEXT_ID, [F_KILL_ID]: TEXT_ID, [F_TEST_REQ_ID]: TEXT_ID, [F_ORIG_CL_ORD_ID]: TEXT_REF, [F_ORDER_ID]: TEXT_REF,
};

const readerOf = (field: number): number => {
  if (field === F_MSG_SEQ_NUM) return READ_SEQ;
  if (field === F_ACCOUNT) return READ_ACCOUNT;
  if (field === F_SYMBOL) return READ_SYMBOL;
  if (field === F_TARGET) return READ_TARGET;
  switch (kindOf(field)) {
    case 'int': return READ_U64;
    case 'dec': return READ_DEC;
    case 'enum': return READ_CODE;
    default: return READ_ID;
  }
};

/** Plans by kind; the kinds that are missing are unknown. */
export const RECORD_PLANS: ReadonlyMap<number, RecordPlan> = new Map([...OFFSETS].map(([kind, {bytes, flags, at}]) => [kind, {
  bytes, flags,
  fields: MESSAGE_FIELDS.get(kind)!.map(({field, required}) => ({read: readerOf(field), field, at: at[field] ?? 0, place: PLACES[field] ?? 0, required})),
}]));
