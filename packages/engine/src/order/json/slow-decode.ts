import {checkConditions} from '../conditional-fields.ts';
import {ID_BYTES} from '../id-key.ts';
import {ENUM_CHOICES, INT_MAX, kindOf, MESSAGE_FIELDS, bitOf} from '../message-schema.ts';
import type {NameTable} from '../name-table.ts';
import {
  DEC_DIGITS, DEC_FRACTION, DEC_NEGATIVE, DEC_PRICE, DEC_QTY, DEC_WHOLE, E_EXPIRE, E_SEQ, E_TIME, MSG_FAILED, TEXT_ACCOUNT, TEXT_ID, TEXT_REF, TEXT_SYMBOL,
  type OrderEvent,
} from '../order-event.ts';
import {NO_REASON, SCHEMA_ENUM, SCHEMA_EXTRA, SCHEMA_FORMAT, SCHEMA_JSON, SCHEMA_MISSING} from '../reason.ts';
import {
  F_ACCOUNT, F_ACTION, F_ASK_PX, F_CANCEL_OPEN, F_EXEC_INST, F_EXEC_TYPE, F_EXPIRE_TIME, F_LAST_PX, F_MSG_SEQ_NUM, F_MSG_TYPE, F_ORD_TYPE, F_ORDER_ID,
  F_ORIG_CL_ORD_ID, F_PRICE, F_SCOPE, F_SIDE, F_STATE_HASH, F_STOP_PX, F_SYMBOL, F_TARGET, F_TIF, F_TRANSACT_TIME, FIELD_NAME,
} from '../schema-field.ts';
import {SCOPE_SYMBOL} from '../trading-states.ts';
import {JsonNumber, JsonSyntaxError, parseStrictJson, type JsonObject, type JsonValue} from './strict-json.ts';

export const MESSAGE_BYTES_MAX = 65_536;
const BRACKETS_MAX = 64;
const DEC = /^(-?)(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,9}))?$/;
const NAME = /^[\x21\x23-\x5b\x5d-\x7e]*$/;
const INT = /^[1-9][0-9]{0,15}$/;

/** What a codec of this event needs beside it. */
export interface SlowDecodeInto {
  readonly event: OrderEvent;
  readonly accounts: NameTable;
  readonly symbols: NameTable;
}

const countBrackets = (bytes: Uint8Array): number => {
  let count = 0;
  for (const byte of bytes) if (byte === 0x7b || byte === 0x5b) count++;
  return count;
};

const parse = (bytes: Uint8Array): JsonObject | null => {
  if (bytes.length > MESSAGE_BYTES_MAX || countBrackets(bytes) > BRACKETS_MAX) return null;
  try {
    const value = parseStrictJson(bytes, BRACKETS_MAX);
    return value instanceof Map ? (value as JsonObject) : null;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null;
    throw error;
  }
};

/** 0 = not in the format */
const integerOf = (value: JsonValue | undefined): number => {
  if (!(value instanceof JsonNumber) || !INT.test(value.text)) return 0;
  const number = Number(value.text);
  return number <= INT_MAX ? number : 0;
};

/** The exact decoder: every step and every reason of docs/order-path.md section 3, in its order. */
export class SlowDecode {
  private readonly event: OrderEvent;
  private readonly accounts: NameTable;
  private readonly symbols: NameTable;
  /** the texts of a message after their escapes are resolved, one place of ID_BYTES each */
  private readonly texts: Uint8Array = new Uint8Array(4 * ID_BYTES);

  constructor({event, accounts, symbols}: SlowDecodeInto) {
    this.event = event;
    this.accounts = accounts;
    this.symbols = symbols;
  }

  decode(bytes: Uint8Array): void {
    const {event} = this;
    event.bytes = this.texts;
    event.kind = MSG_FAILED;
    event.refMsgType = 0;
    event.field = 0;
    event.reason = SCHEMA_JSON;
    event.num[E_SEQ] = 0;
    event.num[E_EXPIRE] = 0;
    event.execInst = 0;
    const members = parse(bytes);
    if (members === null) return;
    event.num[E_SEQ] = integerOf(members.get('msgSeqNum'));
    const kind = this.readType(members.get('msgType'));
    if (kind === MSG_FAILED) return;
    event.refMsgType = kind;
    event.reason = NO_REASON;
    if (this.readFields(members, kind)) event.kind = kind;
  }

  private fail(reason: number, field: number): false {
    this.event.reason = reason;
    this.event.field = field;
    return false;
  }

  private readType(value: JsonValue | undefined): number {
    const code = typeof value === 'string' && value.length === 1 ? value.charCodeAt(0) : MSG_FAILED;
    if (MESSAGE_FIELDS.has(code)) return code;
    this.fail(value === undefined ? SCHEMA_MISSING : SCHEMA_ENUM, F_MSG_TYPE);
    return MSG_FAILED;
  }

  private readFields(members: JsonObject, kind: number): boolean {
    let present = 0;
    let known = 1;
    for (const {field, required} of MESSAGE_FIELDS.get(kind)!) {
      const value = members.get(FIELD_NAME[field]!);
      if (value === undefined) {
        if (required) return this.fail(SCHEMA_MISSING, field);
        continue;
      }
      if (!this.readField(field, value)) return false;
      present |= bitOf(field);
      known++;
    }
    if (members.size > known) return this.fail(SCHEMA_EXTRA, 0);
    return checkConditions(this.event, kind, present);
  }

  private readField(field: number, value: JsonValue): boolean {
    switch (kindOf(field)) {
      case 'int': return this.readInteger(field, value);
      case 'dec': return this.readDecimal(field, value);
      case 'enum': return this.readEnum(field, value);
      case 'optional-name': return this.readText(field, value, 0);
      default: return this.readText(field, value, 1);
    }
  }

  private readInteger(field: number, value: JsonValue): boolean {
    const number = integerOf(value);
    if (number === 0) return this.fail(SCHEMA_FORMAT, field);
    if (field === F_TRANSACT_TIME) this.event.num[E_TIME] = number;
    else if (field === F_EXPIRE_TIME) this.event.num[E_EXPIRE] = number;
    else if (field === F_MSG_SEQ_NUM) this.event.num[E_SEQ] = number;
    return true;
  }

  private readDecimal(field: number, value: JsonValue): boolean {
    const found = typeof value === 'string' ? DEC.exec(value) : null;
    if (found === null) return this.fail(SCHEMA_FORMAT, field);
    const isPrice = field === F_PRICE || field === F_STOP_PX || field === F_LAST_PX || field === F_ASK_PX;
    const at = isPrice ? DEC_PRICE : DEC_QTY;
    const fraction = found[3] ?? '';
    const {dec} = this.event;
    dec[at + DEC_WHOLE] = Number(found[2]);
    dec[at + DEC_FRACTION] = Number(fraction);
    dec[at + DEC_DIGITS] = fraction.length;
    dec[at + DEC_NEGATIVE] = found[1] === '-' ? 1 : 0;
    return true;
  }

  private readText(field: number, value: JsonValue, lengthMin: number): boolean {
    if (typeof value !== 'string' || value.length < lengthMin || value.length > ID_BYTES || !NAME.test(value)) return this.fail(SCHEMA_FORMAT, field);
    const {event, texts} = this;
    let place = TEXT_ID;
    if (field === F_ACCOUNT || field === F_TARGET) place = TEXT_ACCOUNT;
    else if (field === F_SYMBOL) place = TEXT_SYMBOL;
    else if (field === F_ORIG_CL_ORD_ID || field === F_ORDER_ID) place = TEXT_REF;
    const start = (place >> 1) * ID_BYTES;
    for (let i = 0; i < value.length; i++) texts[start + i] = value.charCodeAt(i);
    event.text[place] = start;
    event.text[place + 1] = value.length;
    if (field === F_ACCOUNT) event.account = this.accounts.find(texts, start, value.length);
    else if (field === F_SYMBOL) event.symbol = this.symbols.find(texts, start, value.length);
    else if (field === F_TARGET) {
      event.account = this.accounts.find(texts, start, value.length);
      if (event.scope === SCOPE_SYMBOL) event.symbol = this.symbols.find(texts, start, value.length);
    }
    return true;
  }

  private readEnum(field: number, value: JsonValue): boolean {
    if (typeof value !== 'string') return this.fail(SCHEMA_FORMAT, field);
    const choice = ENUM_CHOICES[field]!.indexOf(value);
    if (choice < 0) return this.fail(SCHEMA_ENUM, field);
    const {event} = this;
    const code = value.charCodeAt(0);
    switch (field) {
      case F_SIDE: event.side = code; break;
      case F_ORD_TYPE: event.ordType = code; break;
      case F_TIF: event.tif = code; break;
      case F_EXEC_INST: event.execInst = code; break;
      case F_EXEC_TYPE: event.execType = code; break;
      case F_SCOPE: event.scope = choice + 1; break;
      case F_ACTION: event.action = choice + 1; break;
      case F_CANCEL_OPEN:
      case F_STATE_HASH: event.flag = choice; break;
    }
    return true;
  }
}
