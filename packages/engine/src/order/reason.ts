/** Every text an output can carry, by code. The codes are on the wire of docs/batch-frame.md: never renumber, only append. */
export const REASON_TEXT: readonly string[] = [
  '', 'KILLED', 'HALTED', 'REDUCING_ONLY', 'UNKNOWN_ACCOUNT', 'UNKNOWN_SYMBOL', 'NOT_PERMITTED', 'DUP_CLORDID', 'PX_TICK', 'QTY_LOT', 'PX_NONPOS', 'QTY_NONPOS',
  'QTY_MIN', 'QTY_MAX', 'NOTIONAL_MIN', 'NOTIONAL_MAX', 'COLLAR', 'STALE_REF', 'RATE', 'POSITION', 'OPEN_ORDERS', 'CUM_NOTIONAL', 'CREDIT', 'SELF_TRADE', 'REDUCE_ONLY',
  'EXPIRE_MISSING', 'EXPIRED', 'UNKNOWN_ORDER', 'TOO_LATE', 'PENDING', 'NOT_REPLACEABLE', 'OVERFILL', 'LATE_FILL', 'VENUE_REJECT', 'CANCEL_REJECTED', 'IN_DOUBT',
  'DEAD_MAN', 'FILL_FORMAT', 'FILL_RANGE', 'ILLEGAL', 'MD_FORMAT', 'UNKNOWN_TARGET', 'RESUME_MISMATCH',
  'SCHEMA_JSON', 'SCHEMA_MISSING', 'SCHEMA_FORMAT', 'SCHEMA_ENUM', 'SCHEMA_EXTRA',
];

export const NO_REASON = 0;
export const KILLED = 1;
export const HALTED = 2;
export const REDUCING_ONLY = 3;
export const UNKNOWN_ACCOUNT = 4;
export const UNKNOWN_SYMBOL = 5;
export const NOT_PERMITTED = 6;
export const DUP_CLORDID = 7;
export const PX_TICK = 8;
export const QTY_LOT = 9;
export const PX_NONPOS = 10;
export const QTY_NONPOS = 11;
export const QTY_MIN = 12;
export const QTY_MAX = 13;
export const NOTIONAL_MIN = 14;
export const NOTIONAL_MAX = 15;
export const COLLAR = 16;
export const STALE_REF = 17;
export const RATE = 18;
export const POSITION = 19;
export const OPEN_ORDERS = 20;
export const CUM_NOTIONAL = 21;
export const CREDIT = 22;
export const SELF_TRADE = 23;
export const REDUCE_ONLY = 24;
export const EXPIRE_MISSING = 25;
export const EXPIRED = 26;
export const UNKNOWN_ORDER = 27;
export const TOO_LATE = 28;
export const PENDING = 29;
export const NOT_REPLACEABLE = 30;
export const OVERFILL = 31;
export const LATE_FILL = 32;
export const VENUE_REJECT = 33;
export const CANCEL_REJECTED = 34;
export const IN_DOUBT = 35;
export const DEAD_MAN = 36;
export const FILL_FORMAT = 37;
export const FILL_RANGE = 38;
export const ILLEGAL = 39;
export const MD_FORMAT = 40;
export const UNKNOWN_TARGET = 41;
export const RESUME_MISMATCH = 42;
export const SCHEMA_JSON = 43;
export const SCHEMA_MISSING = 44;
export const SCHEMA_FORMAT = 45;
export const SCHEMA_ENUM = 46;
export const SCHEMA_EXTRA = 47;

/** FIX 103 of a rejected order, by reason; everything that is not listed is 99. */
const FIX_REJECT: Readonly<Record<number, number>> = {
  [UNKNOWN_SYMBOL]: 1, [KILLED]: 2, [HALTED]: 2, [REDUCING_ONLY]: 2,
  [NOTIONAL_MAX]: 3, [QTY_MAX]: 3, [POSITION]: 3, [OPEN_ORDERS]: 3, [CUM_NOTIONAL]: 3, [CREDIT]: 3, [RATE]: 3,
  [DUP_CLORDID]: 6, [QTY_LOT]: 13, [QTY_NONPOS]: 13, [QTY_MIN]: 13, [NOTIONAL_MIN]: 13, [UNKNOWN_ACCOUNT]: 15, [COLLAR]: 16, [PX_TICK]: 16, [PX_NONPOS]: 16,
};
/** FIX 102 of a rejected cancel or replace. */
const FIX_CANCEL_REJECT: Readonly<Record<number, number>> = {[UNKNOWN_ORDER]: 1, [TOO_LATE]: 0, [PENDING]: 3, [DUP_CLORDID]: 6};

const byReason = (listed: Readonly<Record<number, number>>): Uint8Array => Uint8Array.from(REASON_TEXT, (_, code) => listed[code] ?? 99);

export const ORD_REJ_REASON: Uint8Array = byReason(FIX_REJECT);
export const CXL_REJ_REASON: Uint8Array = byReason(FIX_CANCEL_REJECT);
/** written for `null` */
export const NO_REJ_REASON = 255;
