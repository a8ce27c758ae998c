"""The batched binary frame as numbers: headers, payload layouts, codes (docs/batch-frame.md)."""

from __future__ import annotations

import struct

MAGIC = 0x0154
HEADER = struct.Struct("<HBBIQQII")
"""magic, kind, flags, payload length, seq, tMonoNs, srcId, crc."""
CRC_AT = 28
MAX_PAYLOAD_BYTES = 512
MAX_RECORDS = 64
OUTPUT_BIT = 0x80
KIND_TRAILER = ord("T")

ACCOUNT_NAMED = 1
SYMBOL_NAMED = 2
BY_NAME = 0xFFFF
ID_BYTES = 40
ID_TEXT_BYTES = 36
ABSENT_DIGITS = 255
NO_REASON = 255

# A decimal is IIBBH (whole, fraction, digits, negative, 0); an id is 40s.
NEW_ORDER = struct.Struct("<QHHBBBB IIBBH IIBBH IIBBH IQ 40s".replace(" ", ""))
REPLACE = struct.Struct("<QHHI IIBBH IIBBH 40s40s".replace(" ", ""))
CANCEL = struct.Struct("<QHHI40s40s")
TEST_REQUEST = struct.Struct("<B7x40s")
TRAILER = struct.Struct("<IIQQQ")

EXECUTION_REPORT = struct.Struct("<QHHBBBBIIQQQQQQQQBB6x40s40s")
REJECTED_TEXTS = struct.Struct("<IIBBHIIBBH")
"""At octet 32 of the report on a refused new order: quantity and price as received."""
REJECTED_TEXTS_AT = 32
CANCEL_REJECT = struct.Struct("<QHHBBBBQ40s40s")
REJECT = struct.Struct("<BBB5x")
BUSINESS_REJECT = struct.Struct("<HBBBB2x")
STATE_CHANGED = struct.Struct("<BBHI40s")
VENUE_NEW = struct.Struct("<QHHBBBxQQQQ")
VENUE_REPLACE = struct.Struct("<QHH4xQQ")
VENUE_LINE = struct.Struct("<QHH4x")
ANSWER = struct.Struct("<40s64s")

OUTPUT_BYTES = {
    0xB8: EXECUTION_REPORT.size, 0xB9: CANCEL_REJECT.size, 0xB3: REJECT.size, 0xEA: BUSINESS_REJECT.size, 0xF2: STATE_CHANGED.size,
    0xC4: VENUE_NEW.size, 0xC7: VENUE_REPLACE.size, 0xC6: VENUE_LINE.size, 0xC8: VENUE_LINE.size, 0xB0: ANSWER.size,
}
NAMED_OUTPUTS = frozenset([0xB8, 0xB9])

SCOPES = (None, "global", "account", "symbol")
ACTIONS = (None, "kill", "halt", "reduce", "resume-request", "resume-confirm", "dead-man")
TEXTS = (
    None, "KILLED", "HALTED", "REDUCING_ONLY", "UNKNOWN_ACCOUNT", "UNKNOWN_SYMBOL", "NOT_PERMITTED", "DUP_CLORDID", "PX_TICK",
    "QTY_LOT", "PX_NONPOS", "QTY_NONPOS", "QTY_MIN", "QTY_MAX", "NOTIONAL_MIN", "NOTIONAL_MAX", "COLLAR", "STALE_REF", "RATE",
    "POSITION", "OPEN_ORDERS", "CUM_NOTIONAL", "CREDIT", "SELF_TRADE", "REDUCE_ONLY", "EXPIRE_MISSING", "EXPIRED",
    "UNKNOWN_ORDER", "TOO_LATE", "PENDING", "NOT_REPLACEABLE", "OVERFILL", "LATE_FILL", "VENUE_REJECT", "CANCEL_REJECTED",
    "IN_DOUBT", "DEAD_MAN", "FILL_FORMAT", "FILL_RANGE", "ILLEGAL", "MD_FORMAT", "UNKNOWN_TARGET", "RESUME_MISMATCH",
    "SCHEMA_JSON", "SCHEMA_MISSING", "SCHEMA_FORMAT", "SCHEMA_ENUM", "SCHEMA_EXTRA",
)
FIELDS = (
    None, "msgType", "msgSeqNum", "transactTime", "account", "symbol", "clOrdId", "side", "ordType", "orderQty", "price", "stopPx",
    "tif", "expireTime", "execInst", "origClOrdId", "scope", "target", "action", "cancelOpen", "killId", "orderId", "execId",
    "execType", "lastQty", "lastPx", "bidPx", "askPx", "testReqId", "stateHash",
)


def padded(length: int) -> int:
    """The next multiple of 8."""
    return (length + 7) & ~7


for _layout, _size in ((HEADER, 32), (NEW_ORDER, 104), (REPLACE, 120), (CANCEL, 96), (TEST_REQUEST, 48), (TRAILER, 32),
                       (EXECUTION_REPORT, 176), (CANCEL_REJECT, 104), (REJECT, 8), (BUSINESS_REJECT, 8), (STATE_CHANGED, 48),
                       (VENUE_NEW, 48), (VENUE_REPLACE, 32), (VENUE_LINE, 16), (ANSWER, 104)):
    assert _layout.size == _size
