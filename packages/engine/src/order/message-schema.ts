import {
  MSG_CANCEL, MSG_MARKET_DATA, MSG_NEW, MSG_REPLACE, MSG_TEST, MSG_TICK, MSG_TRADING_STATE, MSG_VENUE_CANCEL_REJECT, MSG_VENUE_REPORT,
} from './order-event.ts';
import {
  F_ACCOUNT, F_ACTION, F_ASK_PX, F_BID_PX, F_CANCEL_OPEN, F_CL_ORD_ID, F_EXEC_ID, F_EXEC_INST, F_EXEC_TYPE, F_EXPIRE_TIME, F_KILL_ID, F_LAST_PX, F_LAST_QTY,
  F_MSG_SEQ_NUM, F_ORD_TYPE, F_ORDER_ID, F_ORDER_QTY, F_ORIG_CL_ORD_ID, F_PRICE, F_SCOPE, F_SIDE, F_STATE_HASH, F_STOP_PX, F_SYMBOL, F_TARGET, F_TEST_REQ_ID, F_TIF,
  F_TRANSACT_TIME,
} from './schema-field.ts';
import {ACTION_NAME, SCOPE_NAME} from './trading-states.ts';

export const INT_MAX = Number.MAX_SAFE_INTEGER;

export type FieldKind = 'int' | 'id' | 'name' | 'optional-name' | 'dec' | 'enum';

const ID_FIELDS = [F_CL_ORD_ID, F_ORIG_CL_ORD_ID, F_KILL_ID, F_ORDER_ID, F_EXEC_ID, F_TEST_REQ_ID];
const INT_FIELDS = [F_MSG_SEQ_NUM, F_TRANSACT_TIME, F_EXPIRE_TIME];

/** The texts that an enum field may have. A field has one format, whatever the message. */
export const ENUM_CHOICES: Readonly<Record<number, readonly string[]>> = {
  [F_SIDE]: ['1', '2'], [F_ORD_TYPE]: ['1', '2', '3'], [F_TIF]: ['0', '1', '3', '4', '6'], [F_EXEC_INST]: ['E'],
  [F_EXEC_TYPE]: ['0', '4', '5', '8', 'C', 'F'], [F_CANCEL_OPEN]: ['0', '1'], [F_STATE_HASH]: ['0', '1'],
  [F_SCOPE]: SCOPE_NAME.slice(1), [F_ACTION]: ACTION_NAME.slice(1, -1),
};

export const kindOf = (field: number): FieldKind => {
  if (ENUM_CHOICES[field] !== undefined) return 'enum';
  if (INT_FIELDS.includes(field)) return 'int';
  if (ID_FIELDS.includes(field)) return 'id';
  if (field === F_TARGET) return 'optional-name';
  return field === F_ACCOUNT || field === F_SYMBOL ? 'name' : 'dec';
};

export interface MessageField {
  readonly field: number;
  readonly required: boolean;
}

const required = (...fields: readonly number[]): readonly MessageField[] => fields.map((field) => ({field, required: true}));
const optional = (...fields: readonly number[]): readonly MessageField[] => fields.map((field) => ({field, required: false}));
const header = required(F_MSG_SEQ_NUM, F_TRANSACT_TIME);

/** The declared fields of every message type, in the order in which they are checked (docs/order-path.md section 3). */
export const MESSAGE_FIELDS: ReadonlyMap<number, readonly MessageField[]> = new Map([
  [MSG_NEW, [
    ...header, ...required(F_ACCOUNT, F_SYMBOL, F_CL_ORD_ID, F_SIDE, F_ORD_TYPE, F_ORDER_QTY), ...optional(F_PRICE, F_STOP_PX), ...required(F_TIF),
    ...optional(F_EXPIRE_TIME, F_EXEC_INST),
  ]],
  [MSG_REPLACE, [...header, ...required(F_ACCOUNT, F_SYMBOL, F_CL_ORD_ID, F_ORIG_CL_ORD_ID, F_ORDER_QTY, F_PRICE)]],
  [MSG_CANCEL, [...header, ...required(F_ACCOUNT, F_SYMBOL, F_CL_ORD_ID, F_ORIG_CL_ORD_ID)]],
  [MSG_TRADING_STATE, [...header, ...required(F_SCOPE, F_TARGET, F_ACTION, F_CANCEL_OPEN, F_KILL_ID)]],
  [MSG_VENUE_REPORT, [...header, ...required(F_ORDER_ID, F_EXEC_ID, F_EXEC_TYPE), ...optional(F_LAST_QTY, F_LAST_PX)]],
  [MSG_VENUE_CANCEL_REJECT, [...header, ...required(F_ORDER_ID, F_EXEC_ID)]],
  [MSG_MARKET_DATA, [...header, ...required(F_SYMBOL, F_BID_PX, F_ASK_PX)]],
  [MSG_TICK, header],
  [MSG_TEST, required(F_TEST_REQ_ID, F_STATE_HASH)],
]);

/** A bit per field. */
export const bitOf = (field: number): number => 1 << field;
