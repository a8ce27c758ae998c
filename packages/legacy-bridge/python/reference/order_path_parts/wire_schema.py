"""Decoding and schema: the first check of every message (docs/order-path.md, section 3).

Input is hostile until it has passed here. The order of the tests is part of the contract, because the first failure is the reason.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Optional

MAX_MESSAGE_BYTES = 65_536
MAX_BRACKETS = 64
MAX_INTEGER = 2**53 - 1

ID_TEXT = re.compile(r"[!#-\[\]-~]{1,36}")
TARGET_TEXT = re.compile(r"[!#-\[\]-~]{0,36}")
DECIMAL_TEXT = re.compile(r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,9})?")


class SchemaFailure(Exception):
    """A message that is not one of ours. `seq` is its msgSeqNum when that can be read, `msg_type` its type when known."""

    def __init__(self, text: str, seq: Optional[int] = None, msg_type: Optional[str] = None) -> None:
        super().__init__(text)
        self.text = text
        self.seq = seq
        self.msg_type = msg_type


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    required: bool = True
    values: frozenset[str] = frozenset()


def _enum(name: str, *values: str, required: bool = True) -> Field:
    return Field(name, "enum", required, frozenset(values))


_SEQ = (Field("msgSeqNum", "int"), Field("transactTime", "int"))
_PARTY = (Field("account", "id"), Field("symbol", "id"), Field("clOrdId", "id"))

FIELDS: dict[str, tuple[Field, ...]] = {
    "D": (
        *_SEQ, *_PARTY, _enum("side", "1", "2"), _enum("ordType", "1", "2", "3"), Field("orderQty", "dec"),
        Field("price", "dec", False), Field("stopPx", "dec", False), _enum("tif", "0", "1", "3", "4", "6"),
        Field("expireTime", "int", False), _enum("execInst", "E", required=False),
    ),
    "G": (*_SEQ, *_PARTY, Field("origClOrdId", "id"), Field("orderQty", "dec"), Field("price", "dec")),
    "F": (*_SEQ, *_PARTY, Field("origClOrdId", "id")),
    "q": (
        *_SEQ, _enum("scope", "global", "account", "symbol"), Field("target", "target"),
        _enum("action", "kill", "halt", "reduce", "resume-request", "resume-confirm"), _enum("cancelOpen", "0", "1"),
        Field("killId", "id"),
    ),
    "8": (
        *_SEQ, Field("orderId", "id"), Field("execId", "id"), _enum("execType", "0", "4", "5", "8", "C", "F"),
        Field("lastQty", "dec", False), Field("lastPx", "dec", False),
    ),
    "9": (*_SEQ, Field("orderId", "id"), Field("execId", "id")),
    "W": (*_SEQ, Field("symbol", "id"), Field("bidPx", "dec"), Field("askPx", "dec")),
    "0": _SEQ,
    "1": (Field("testReqId", "id"), _enum("stateHash", "0", "1")),
}
NAMES: dict[str, frozenset[str]] = {
    msg_type: frozenset(["msgType", *(field.name for field in fields)]) for msg_type, fields in FIELDS.items()
}
_TEXTS = {"id": ID_TEXT, "target": TARGET_TEXT, "dec": DECIMAL_TEXT}


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


def _unique_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def _bounded_integer(digits: str) -> int:
    # A number of thousands of digits is grammatical; turning it into an int costs quadratic time and is refused by newer Pythons.
    return int(digits) if len(digits) <= 20 else -1


def parse_object(raw: bytes) -> dict[str, Any]:
    if len(raw) > MAX_MESSAGE_BYTES or raw.count(b"{") + raw.count(b"[") > MAX_BRACKETS:
        raise SchemaFailure("SCHEMA_JSON")
    try:
        # Text, not bytes: given bytes, `json.loads` would accept a BOM and guess UTF-16.
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_unique_object, parse_int=_bounded_integer, parse_constant=_refuse_constant
        )
    except ValueError:
        raise SchemaFailure("SCHEMA_JSON") from None
    if type(value) is not dict:
        raise SchemaFailure("SCHEMA_JSON")
    return value


def is_integer(value: Any) -> bool:
    return type(value) is int and 1 <= value <= MAX_INTEGER


def field_fault(field: Field, value: Any) -> Optional[str]:
    if field.kind == "int":
        return None if is_integer(value) else f"SCHEMA_FORMAT:{field.name}"
    if type(value) is not str:
        return f"SCHEMA_FORMAT:{field.name}"
    if field.kind == "enum":
        return None if value in field.values else f"SCHEMA_ENUM:{field.name}"
    return None if _TEXTS[field.kind].fullmatch(value) else f"SCHEMA_FORMAT:{field.name}"


def _condition(message: dict[str, Any], name: str, wanted: bool) -> Optional[str]:
    if wanted == (name in message):
        return None
    return f"SCHEMA_MISSING:{name}" if wanted else "SCHEMA_EXTRA"


def _conditions_fault(message: dict[str, Any]) -> Optional[str]:
    if message["msgType"] == "D":
        fault = _condition(message, "price", message["ordType"] == "2") or _condition(message, "stopPx", message["ordType"] == "3")
        return fault or ("SCHEMA_EXTRA" if "expireTime" in message and message["tif"] != "6" else None)
    if message["msgType"] == "8":
        fill = message["execType"] == "F"
        return _condition(message, "lastQty", fill) or _condition(message, "lastPx", fill)
    return None


def schema_fault(message: dict[str, Any]) -> Optional[str]:
    """The first fault of a parsed object, or None."""
    if "msgType" not in message:
        return "SCHEMA_MISSING:msgType"
    msg_type = message["msgType"]
    if type(msg_type) is not str or msg_type not in FIELDS:
        return "SCHEMA_ENUM:msgType"
    for field in FIELDS[msg_type]:
        if field.name not in message:
            if field.required:
                return f"SCHEMA_MISSING:{field.name}"
        else:
            fault = field_fault(field, message[field.name])
            if fault:
                return fault
    if not message.keys() <= NAMES[msg_type]:
        return "SCHEMA_EXTRA"
    return _conditions_fault(message)


def decode(raw: bytes) -> dict[str, Any]:
    """One frame to the checked fields of one message; raises SchemaFailure."""
    message = parse_object(raw)
    fault = schema_fault(message)
    if fault:
        seq = message.get("msgSeqNum")
        msg_type = message.get("msgType")
        known = msg_type if type(msg_type) is str and msg_type in FIELDS else None
        raise SchemaFailure(fault, seq if is_integer(seq) else None, known)
    return message
