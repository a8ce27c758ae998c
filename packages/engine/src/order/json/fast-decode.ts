import {checkConditions} from '../conditional-fields.ts';
import {ID_BYTES} from '../id-key.ts';
import {bitOf, ENUM_CHOICES, INT_MAX, kindOf, MESSAGE_FIELDS} from '../message-schema.ts';
import type {NameTable} from '../name-table.ts';
import {
  DEC_DIGITS, DEC_FRACTION, DEC_NEGATIVE, DEC_PRICE, DEC_QTY, DEC_WHOLE, E_EXPIRE, E_SEQ, E_TIME, MSG_TEST, MSG_TRADING_STATE, TEXT_ACCOUNT, TEXT_ID, TEXT_REF,
  TEXT_SYMBOL, type OrderEvent,
} from '../order-event.ts';
import {
  F_ACCOUNT, F_ASK_PX, F_EXEC_TYPE, F_EXPIRE_TIME, F_LAST_PX, F_MSG_TYPE, F_ORD_TYPE, F_ORDER_ID, F_ORIG_CL_ORD_ID, F_PRICE, F_SIDE, F_STOP_PX, F_SYMBOL, F_TIF,
  F_TRANSACT_TIME, FIELD_NAME,
} from '../schema-field.ts';
import {PLAIN} from './ascii-class.ts';
import {KEY_LENGTH, matchKey} from './key-match.ts';

const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const SPACE = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const POINT = 0x2e;
const MINUS = 0x2d;
const ZERO = 0x30;

/** how a field is scanned; 0 = left to the exact decoder */
const SCAN_INT = 1;
const SCAN_TEXT = 2;
const SCAN_DEC = 3;
const SCAN_LETTER = 4;
const SCAN_TYPE = 5;
const scanOf = new Uint8Array(FIELD_NAME.length);
/** where the value goes in `event.num`, `event.text` or `event.dec` */
const placeOf = new Uint8Array(FIELD_NAME.length);
/** 1 where field * 128 + letter is a choice of the field */
const letterOk = new Uint8Array(FIELD_NAME.length * 128);
FIELD_NAME.forEach((_, field) => {
  const kind = field === 0 ? '' : kindOf(field);
  if (field === F_MSG_TYPE) scanOf[field] = SCAN_TYPE;
  else if (kind === 'int') {
    scanOf[field] = SCAN_INT;
    placeOf[field] = field === F_TRANSACT_TIME ? E_TIME : field === F_EXPIRE_TIME ? E_EXPIRE : E_SEQ;
  } else if (kind === 'id' || kind === 'name') {
    scanOf[field] = SCAN_TEXT;
    placeOf[field] = field === F_ACCOUNT ? TEXT_ACCOUNT : field === F_SYMBOL ? TEXT_SYMBOL : field === F_ORIG_CL_ORD_ID || field === F_ORDER_ID ? TEXT_REF : TEXT_ID;
  } else if (kind === 'dec') {
    scanOf[field] = SCAN_DEC;
    placeOf[field] = field === F_PRICE || field === F_STOP_PX || field === F_LAST_PX || field === F_ASK_PX ? DEC_PRICE : DEC_QTY;
  } else if (kind === 'enum' && ENUM_CHOICES[field]!.every((choice) => choice.length === 1)) {
    scanOf[field] = SCAN_LETTER;
    for (const choice of ENUM_CHOICES[field]!) letterOk[field * 128 + choice.charCodeAt(0)] = 1;
  }
});

/** masks of the fields that a message type must and may have, with msgType; 0 = left to the exact decoder */
const requiredOf = new Int32Array(128);
const allowedOf = new Int32Array(128);
for (const [kind, fields] of MESSAGE_FIELDS) {
  if (kind === MSG_TRADING_STATE || kind === MSG_TEST) continue;
  allowedOf[kind] = bitOf(F_MSG_TYPE);
  requiredOf[kind] = bitOf(F_MSG_TYPE);
  for (const {field, required} of fields) {
    allowedOf[kind]! |= bitOf(field);
    if (required) requiredOf[kind]! |= bitOf(field);
  }
}

/**
 * The scanner for what well-behaved clients send: any order of keys, spaces between tokens, no escapes. It reads in place and answers
 * only when the message is valid; everything else, odd or wrong, is left to the exact decoder, so that it cannot disagree with it.
 */
export class FastDecode {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly event: OrderEvent;
  private readonly accounts: NameTable;
  private readonly symbols: NameTable;
  private at = 0;
  private kind = 0;

  /** @param bytes holds the message from 0, a zero octet behind it, and at least 16 octets more */
  constructor(bytes: Uint8Array, into: {event: OrderEvent; accounts: NameTable; symbols: NameTable}) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.event = into.event;
    this.accounts = into.accounts;
    this.symbols = into.symbols;
  }

  /** @returns is `event` filled? If not, it holds anything. */
  decode(length: number): boolean {
    const {event} = this;
    if (this.bytes[0] !== OPEN) return false;
    event.execInst = 0;
    event.num[E_EXPIRE] = 0;
    this.at = 1;
    this.kind = 0;
    const seen = this.members();
    if (seen === 0 || this.at !== length) return false;
    const kind = this.kind;
    const required = requiredOf[kind]!;
    if (required === 0 || (seen & required) !== required || (seen & ~allowedOf[kind]!) !== 0) return false;
    if (!checkConditions(event, kind, seen)) return false;
    if (event.bytes !== this.bytes) event.bytes = this.bytes;
    event.kind = kind;
    return true;
  }

  private skipSpaces(): number {
    let next = this.bytes[this.at]!;
    while (next === SPACE) next = this.bytes[++this.at]!;
    return next;
  }

  /** All members up to the closing bracket. @returns a bit per field, 0 = not for this scanner */
  private members(): number {
    let seen = 0;
    for (;;) {
      if (this.skipSpaces() !== QUOTE) return 0;
      const field = matchKey(this.view, this.at + 1);
      const bit = 1 << field;
      if (field === 0 || (seen & bit) !== 0) return 0;
      seen |= bit;
      this.at += 1 + KEY_LENGTH[field]!;
      if (this.skipSpaces() !== COLON) return 0;
      this.at++;
      this.skipSpaces();
      if (!this.value(field)) return 0;
      const next = this.skipSpaces();
      this.at++;
      if (next === CLOSE) return seen;
      if (next !== COMMA) return 0;
    }
  }

  private value(field: number): boolean {
    switch (scanOf[field]) {
      case SCAN_TEXT: return this.scanText(field);
      case SCAN_INT: return this.scanInteger(placeOf[field]!);
      case SCAN_DEC: return this.scanDecimal(placeOf[field]!);
      case SCAN_LETTER: return this.scanLetter(field);
      case SCAN_TYPE: return this.scanType();
      default: return false;
    }
  }

  private scanText(field: number): boolean {
    const {bytes, event} = this;
    if (bytes[this.at] !== QUOTE) return false;
    const start = this.at + 1;
    let at = start;
    while (PLAIN[bytes[at]!] === 1) at++;
    const length = at - start;
    if (bytes[at] !== QUOTE || length === 0 || length > ID_BYTES) return false;
    const place = placeOf[field]!;
    event.text[place] = start;
    event.text[place + 1] = length;
    if (field === F_ACCOUNT) event.account = this.accounts.find(bytes, start, length);
    else if (field === F_SYMBOL) event.symbol = this.symbols.find(bytes, start, length);
    this.at = at + 1;
    return true;
  }

  /** Digits in two halves, so that no step leaves the small integers. What follows them is checked by `members`. */
  private scanInteger(place: number): boolean {
    const {bytes} = this;
    const start = this.at;
    let at = start;
    let digit = bytes[at]! - ZERO;
    if (digit < 1 || digit > 9) return false;
    let high = 0;
    for (const end = start + 8; at < end && digit >= 0 && digit <= 9; digit = bytes[at]! - ZERO) {
      high = high * 10 + digit;
      at++;
    }
    let low = 0;
    let scale = 1;
    for (const end = start + 16; at < end && digit >= 0 && digit <= 9; digit = bytes[at]! - ZERO) {
      low = low * 10 + digit;
      scale *= 10;
      at++;
    }
    if (digit >= 0 && digit <= 9) return false;
    const value = high * scale + low;
    if (value > INT_MAX) return false;
    this.event.num[place] = value;
    this.at = at;
    return true;
  }

  private scanDecimal(place: number): boolean {
    const {bytes} = this;
    const {dec} = this.event;
    let at = this.at;
    if (bytes[at++] !== QUOTE) return false;
    const negative = bytes[at] === MINUS ? 1 : 0;
    at += negative;
    const start = at;
    let whole = 0;
    let digit = bytes[at]! - ZERO;
    while (digit >= 0 && digit <= 9 && at - start < 9) {
      whole = whole * 10 + digit;
      digit = bytes[++at]! - ZERO;
    }
    if (at === start || (bytes[start] === ZERO && at - start > 1)) return false;
    let fraction = 0;
    let digits = 0;
    if (bytes[at] === POINT) {
      digit = bytes[++at]! - ZERO;
      while (digit >= 0 && digit <= 9 && digits < 9) {
        fraction = fraction * 10 + digit;
        digits++;
        digit = bytes[++at]! - ZERO;
      }
      if (digits === 0) return false;
    }
    if (bytes[at] !== QUOTE) return false;
    dec[place + DEC_WHOLE] = whole;
    dec[place + DEC_FRACTION] = fraction;
    dec[place + DEC_DIGITS] = digits;
    dec[place + DEC_NEGATIVE] = negative;
    this.at = at + 1;
    return true;
  }

  private scanLetter(field: number): boolean {
    const {bytes, event} = this;
    const letter = bytes[this.at + 1]!;
    if (bytes[this.at] !== QUOTE || bytes[this.at + 2] !== QUOTE || letter > 127 || letterOk[field * 128 + letter] === 0) return false;
    this.at += 3;
    if (field === F_SIDE) event.side = letter;
    else if (field === F_ORD_TYPE) event.ordType = letter;
    else if (field === F_TIF) event.tif = letter;
    else if (field === F_EXEC_TYPE) event.execType = letter;
    // cancelOpen and stateHash stand in messages that this scanner leaves alone
    else event.execInst = letter;
    return true;
  }

  private scanType(): boolean {
    const {bytes} = this;
    const letter = bytes[this.at + 1]!;
    if (bytes[this.at] !== QUOTE || bytes[this.at + 2] !== QUOTE || letter > 127) return false;
    this.kind = letter;
    this.at += 3;
    return true;
  }
}
