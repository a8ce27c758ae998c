import {checkConditions} from '../order/conditional-fields.ts';
import {PLAIN_ID} from '../order/id-octets.ts';
import {ENUM_CHOICES, INT_MAX} from '../order/message-schema.ts';
import type {NameTable} from '../order/name-table.ts';
import {
  DEC_ABSENT, DEC_DIGITS, DEC_FRACTION, DEC_NEGATIVE, DEC_WHOLE, E_EXPIRE, E_SEQ, MSG_FAILED, TEXT_ACCOUNT, TEXT_SYMBOL, type OrderEvent,
} from '../order/order-event.ts';
import {NO_REASON, SCHEMA_ENUM, SCHEMA_FORMAT, SCHEMA_MISSING} from '../order/reason.ts';
import {
  F_ACTION, F_CANCEL_OPEN, F_EXEC_INST, F_EXEC_TYPE, F_MSG_SEQ_NUM, F_ORD_TYPE, F_SCOPE, F_SIDE, F_STATE_HASH, F_TARGET, F_TIF, FIELD_NAME,
} from '../order/schema-field.ts';
import {SCOPE_ACCOUNT, SCOPE_SYMBOL} from '../order/trading-states.ts';
import {
  AT_FLAGS, AT_KIND, AT_SEQ, BY_NAME, FLAG_ACCOUNT_NAME, FLAG_SYMBOL_NAME, HEADER_BYTES, ID_FIELD_BYTES, ID_TEXT_BYTES, readU64,
} from './record-layout.ts';
import {
  READ_ACCOUNT, READ_CODE, READ_DEC, READ_ID, READ_SEQ, READ_SYMBOL, READ_TARGET, READ_U64, RECORD_PLANS, type FieldPlan,
} from './record-plan.ts';

const WHOLE_MAX = 999_999_999;
const DIGITS_MAX = 9;
const POW10 = Float64Array.of(1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9);

/** 1 where field * 256 + octet is a choice: the ASCII letter, or for scope and action the number from 1 */
const codeOk = new Uint8Array(FIELD_NAME.length * 256);
for (const [field, choices] of Object.entries(ENUM_CHOICES)) {
  const isNumber = Number(field) === F_SCOPE || Number(field) === F_ACTION;
  choices.forEach((choice, i) => { codeOk[Number(field) * 256 + (isNumber ? i + 1 : choice.charCodeAt(0))] = 1; });
}

/** The plans as one run of five integers a field, found by kind. */
const FIELD_INTS = 5;
const planStart = new Int32Array(256).fill(-1);
const planEnd = new Int32Array(256);
const flat: number[] = [];
for (const [kind, {fields}] of RECORD_PLANS) {
  planStart[kind] = flat.length;
  for (const {read, field, at, place, required} of fields as readonly FieldPlan[]) flat.push(read, field, at, place, required ? 1 : 0);
  planEnd[kind] = flat.length;
}
const plan = Int32Array.from(flat);

/** Reads the payload of a record with good borders into an event, by the same rules and in the same order as the JSON decoder. */
export class RecordDecode {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly event: OrderEvent;
  private readonly accounts: NameTable;
  private readonly symbols: NameTable;
  /** where this record's names stand, 0 = not there */
  private accountName = 0;
  private symbolName = 0;
  private present = 0;

  /** @param bytes the buffer that all records are read from */
  constructor(bytes: Uint8Array, into: {event: OrderEvent; accounts: NameTable; symbols: NameTable}) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.event = into.event;
    this.accounts = into.accounts;
    this.symbols = into.symbols;
    this.event.bytes = bytes;
  }

  /** @param record start of a record whose kind, flags and length have been checked; @param baseBytes its payload without names */
  decode(record: number, baseBytes: number): void {
    const {event, view} = this;
    const kind = view.getUint8(record + AT_KIND);
    const flags = view.getUint8(record + AT_FLAGS);
    const payload = record + HEADER_BYTES;
    let names = payload + baseBytes;
    this.accountName = 0;
    this.symbolName = 0;
    if ((flags & FLAG_ACCOUNT_NAME) !== 0) {
      this.accountName = names;
      names += ID_FIELD_BYTES;
    }
    if ((flags & FLAG_SYMBOL_NAME) !== 0) this.symbolName = names;
    this.present = 0;
    event.kind = MSG_FAILED;
    event.reason = NO_REASON;
    event.field = 0;
    event.refMsgType = kind;
    event.execInst = 0;
    event.num[E_EXPIRE] = 0;
    readU64(view, record + AT_SEQ, event.num, E_SEQ);
    if (event.num[E_SEQ]! > INT_MAX) event.num[E_SEQ] = 0;
    if (this.fields(kind, payload) && checkConditions(event, kind, this.present)) event.kind = kind;
  }

  private fields(kind: number, payload: number): boolean {
    for (let i = planStart[kind]!; i < planEnd[kind]!; i += FIELD_INTS) {
      if (!this.field(i, payload + plan[i + 2]!)) return false;
    }
    return true;
  }

  private field(i: number, at: number): boolean {
    const field = plan[i + 1]!;
    switch (plan[i]) {
      case READ_SEQ: return this.event.num[E_SEQ] !== 0 || this.fail(SCHEMA_FORMAT, F_MSG_SEQ_NUM);
      case READ_U64: return this.integer(i, at);
      case READ_DEC: return this.decimal(i, at);
      case READ_ID: return this.text(field, at, plan[i + 3]!);
      case READ_ACCOUNT: return this.name(field, at, TEXT_ACCOUNT);
      case READ_SYMBOL: return this.name(field, at, TEXT_SYMBOL);
      case READ_TARGET: return this.target(at);
      case READ_CODE: return this.code(i, at);
      default: return false;
    }
  }

  private fail(reason: number, field: number): false {
    this.event.reason = reason;
    this.event.field = field;
    return false;
  }

  private integer(i: number, at: number): boolean {
    const {num} = this.event;
    const place = plan[i + 3]!;
    readU64(this.view, at, num, place);
    const required = plan[i + 4] === 1;
    if (num[place]! > INT_MAX || (required && num[place] === 0)) return this.fail(SCHEMA_FORMAT, plan[i + 1]!);
    if (num[place] !== 0) this.present |= 1 << plan[i + 1]!;
    return true;
  }

  private decimal(i: number, at: number): boolean {
    const {view} = this;
    const field = plan[i + 1]!;
    const digits = view.getUint8(at + 8);
    if (digits === DEC_ABSENT) return plan[i + 4] === 0 || this.fail(SCHEMA_MISSING, field);
    const whole = view.getUint32(at, true);
    const fraction = view.getUint32(at + 4, true);
    const negative = view.getUint8(at + 9);
    if (whole > WHOLE_MAX || digits > DIGITS_MAX || fraction >= POW10[digits]! || negative > 1) return this.fail(SCHEMA_FORMAT, field);
    const {dec} = this.event;
    const place = plan[i + 3]!;
    dec[place + DEC_WHOLE] = whole;
    dec[place + DEC_FRACTION] = fraction;
    dec[place + DEC_DIGITS] = digits;
    dec[place + DEC_NEGATIVE] = negative;
    this.present |= 1 << field;
    return true;
  }

  /** An id of 1..36 plain octets. */
  private text(field: number, at: number, place: number): boolean {
    const {bytes} = this;
    const length = bytes[at + ID_TEXT_BYTES]!;
    if (length === 0 || length > ID_TEXT_BYTES) return this.fail(SCHEMA_FORMAT, field);
    for (let i = at; i < at + length; i++) {
      if (PLAIN_ID[bytes[i]!] === 0) return this.fail(SCHEMA_FORMAT, field);
    }
    this.event.text[place] = at;
    this.event.text[place + 1] = length;
    return true;
  }

  private name(field: number, at: number, place: number): boolean {
    const isAccount = place === TEXT_ACCOUNT;
    const table = isAccount ? this.accounts : this.symbols;
    let position = this.view.getUint16(at, true);
    if (position === BY_NAME) {
      const name = isAccount ? this.accountName : this.symbolName;
      if (name === 0) return this.fail(SCHEMA_FORMAT, field);
      if (!this.text(field, name, place)) return false;
      position = table.find(this.bytes, name, this.bytes[name + ID_TEXT_BYTES]!);
    } else if (position >= table.names.length) {
      return this.fail(SCHEMA_FORMAT, field);
    }
    if (isAccount) this.event.account = position;
    else this.event.symbol = position;
    return true;
  }

  /** Of a q: a position in the list of its scope, or a name that may be empty. */
  private target(at: number): boolean {
    const {event} = this;
    const position = this.view.getUint16(at, true);
    event.text[TEXT_ACCOUNT + 1] = 0;
    event.account = -1;
    event.symbol = -1;
    if (position === BY_NAME) {
      const name = this.accountName;
      if (name === 0) return this.fail(SCHEMA_FORMAT, F_TARGET);
      const length = this.bytes[name + ID_TEXT_BYTES]!;
      if (length === 0) return true;
      if (!this.text(F_TARGET, name, TEXT_ACCOUNT)) return false;
      event.account = this.accounts.find(this.bytes, name, length);
      event.symbol = this.symbols.find(this.bytes, name, length);
    } else if (event.scope === SCOPE_ACCOUNT) {
      if (position >= this.accounts.names.length) return this.fail(SCHEMA_FORMAT, F_TARGET);
      event.account = position;
    } else if (event.scope === SCOPE_SYMBOL) {
      if (position >= this.symbols.names.length) return this.fail(SCHEMA_FORMAT, F_TARGET);
      event.symbol = position;
    }
    return true;
  }

  private code(i: number, at: number): boolean {
    const {event} = this;
    const field = plan[i + 1]!;
    const code = this.view.getUint8(at);
    if (code === 0) return plan[i + 4] === 0 || this.fail(SCHEMA_MISSING, field);
    if (codeOk[field * 256 + code] === 0) return this.fail(SCHEMA_ENUM, field);
    switch (field) {
      case F_SIDE: event.side = code; break;
      case F_ORD_TYPE: event.ordType = code; break;
      case F_TIF: event.tif = code; break;
      case F_EXEC_INST: event.execInst = code; break;
      case F_EXEC_TYPE: event.execType = code; break;
      case F_SCOPE: event.scope = code; break;
      case F_ACTION: event.action = code; break;
      case F_CANCEL_OPEN:
      case F_STATE_HASH: event.flag = code - 0x30; break;
    }
    return true;
  }
}
