"""Typed decoding of ordinary messages. Whatever is unusual in any way is left to the exact decoder of the idiomatic order path.

msgspec checks JSON, types, required and unknown fields, integer ranges, enums and id lengths. It does not see repeated keys and lets ids hold
any characters; `LEFT_OVER` closes both gaps: once all octets of `PLAIN` are taken out of a frame, exactly one brace and one colon per field remain.
Any other colon, brace, bracket, escape or non-ASCII octet makes the frame unusual, not wrong.
"""

from __future__ import annotations

from typing import Annotated, Any, Callable, Literal, Union

import msgspec

Integer = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
Identifier = Annotated[str, msgspec.Meta(min_length=1, max_length=36)]
Target = Annotated[str, msgspec.Meta(max_length=36)]

PLAIN = bytes(octet for octet in range(0x21, 0x7F) if octet not in b"\\{[:")
LEFT_OVER = [b"{" + b":" * count for count in range(16)]
MAX_PLAIN_BYTES = 4_096

# An optional field that is absent is "" or 0. Neither is a valid value; if it is sent, the colons do not add up.


class NewOrder(msgspec.Struct, tag_field="msgType", tag="D", forbid_unknown_fields=True, gc=False):
    msgSeqNum: Integer
    transactTime: Integer
    account: Identifier
    symbol: Identifier
    clOrdId: Identifier
    side: Literal["1", "2"]
    ordType: Literal["1", "2", "3"]
    orderQty: str
    tif: Literal["0", "1", "3", "4", "6"]
    price: str = ""
    stopPx: str = ""
    expireTime: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] = 0
    execInst: Literal["E", ""] = ""


class Replace(msgspec.Struct, tag_field="msgType", tag="G", forbid_unknown_fields=True, gc=False):
    msgSeqNum: Integer
    transactTime: Integer
    account: Identifier
    symbol: Identifier
    clOrdId: Identifier
    origClOrdId: Identifier
    orderQty: str
    price: str


class Cancel(msgspec.Struct, tag_field="msgType", tag="F", forbid_unknown_fields=True, gc=False):
    msgSeqNum: Integer
    transactTime: Integer
    account: Identifier
    symbol: Identifier
    clOrdId: Identifier
    origClOrdId: Identifier


class TradingState(msgspec.Struct, tag_field="msgType", tag="q", forbid_unknown_fields=True, gc=False):
    msgSeqNum: Integer
    transactTime: Integer
    scope: Literal["global", "account", "symbol"]
    target: Target
    action: Literal["kill", "halt", "reduce", "resume-request", "resume-confirm"]
    cancelOpen: Literal["0", "1"]
    killId: Identifier


class VenueReport(msgspec.Struct, tag_field="msgType", tag="8", forbid_unknown_fields=True, gc=False):
    msgSeqNum: Integer
    transactTime: Integer
    orderId: Identifier
    execId: Identifier
    execType: Literal["0", "4", "5", "8", "C", "F"]
    lastQty: str = ""
    lastPx: str = ""


class VenueCancelReject(msgspec.Struct, tag_field="msgType", tag="9", forbid_unknown_fields=True, gc=False):
    msgSeqNum: Integer
    transactTime: Integer
    orderId: Identifier
    execId: Identifier


class MarketData(msgspec.Struct, tag_field="msgType", tag="W", forbid_unknown_fields=True, gc=False):
    msgSeqNum: Integer
    transactTime: Integer
    symbol: Identifier
    bidPx: str
    askPx: str


class ClockTick(msgspec.Struct, tag_field="msgType", tag="0", forbid_unknown_fields=True, gc=False):
    msgSeqNum: Integer
    transactTime: Integer


class TestRequest(msgspec.Struct, tag_field="msgType", tag="1", forbid_unknown_fields=True, gc=False):
    testReqId: Identifier
    stateHash: Literal["0", "1"]


Message = Union[NewOrder, Replace, Cancel, TradingState, VenueReport, VenueCancelReject, MarketData, ClockTick, TestRequest]
Sequenced = Union[NewOrder, Replace, Cancel, TradingState, VenueReport, VenueCancelReject, MarketData, ClockTick]

decode_plain: Callable[[bytes], Message] = msgspec.json.Decoder(Message).decode
DECODE_ERRORS = (msgspec.MsgspecError, ValueError, RecursionError)

_STRUCTS: dict[str, Callable[..., Message]] = {
    "D": NewOrder, "G": Replace, "F": Cancel, "q": TradingState, "8": VenueReport, "9": VenueCancelReject, "W": MarketData,
    "0": ClockTick, "1": TestRequest,
}


def from_fields(fields: dict[str, Any]) -> Message:
    """The typed message of fields that have passed the exact decoder."""
    rest = dict(fields)
    return _STRUCTS[rest.pop("msgType")](**rest)


def is_plain(raw: bytes, colons: int, *names: str) -> bool:
    """Whether a decoded frame of that many fields has no repeated key, and only ordinary characters in these ids."""
    left_over = raw.translate(None, PLAIN)
    if left_over == LEFT_OVER[colons]:
        return True
    if len(raw) > MAX_PLAIN_BYTES or left_over.replace(b" ", b"") != LEFT_OVER[colons]:
        return False
    for name in names:
        if " " in name:
            return False
    return True
