"""Damage for frames: what a broken or hostile sender does to a message, at the level of fields and at the level of bytes."""

from __future__ import annotations

import json
import random
from typing import Any

WRONG_VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 1.0, 1.5, "", " ", "x", "1", [], {}, [1], {"a": 1}, 2**53, 2**63, 2**64, 10**19, 10**25,
    "-1", "+1", "01", "1.", ".5", "1e3", "0.0000000001", "1234567890", "NaN", "A" * 37, "a b", "a\\b", 'a"b', "é", "\u0000",
    "\ud800", "\U0001f600", "\u007f", "-0", "-0.0", "٣", "0", "global", "kill", "2", "3", "6", "8", "E", "F", "9", "q",
]
# Written into the text as they stand, because no encoder would write them.
RAW_VALUES = [
    "NaN", "Infinity", "-Infinity", "1.0", "1e3", "1E400", "-0", "-0.0", "01", "+1", "1.", ".5", "0x10", "9" * 400, "9" * 5000,
    "-" + "9" * 5000, "1" + "0" * 19, "123456789012345678901", "0." + "1" * 400, "9007199254740992", "9007199254740991.0",
    "18446744073709551616", "'x'", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0031\"", "\"\\x31\"", "\"\t\"", "\"\x7f\"", "nul", "null",
    "[" * 30 + "]" * 30, "[" * 70 + "]" * 70, "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "{\"\":0}", "\"{{{{{{{{\"",
]
BYTES_BEFORE = [b"\xef\xbb\xbf", b" ", b"\r\n\t", b"\x00", b"[", b"\xff", b"\x0c", b"\xc2\xa0"]
BYTES_AFTER = [b" ", b"\n", b"\x00", b"{}", b"]", b"\xff", b",", b"//", b"\x0b", b" " * 66_000]
WHOLE = [
    b"{}", b"[]", b"null", b"1", b"\"x\"", b"\n", b" ", b"{", b"{\"msgType\":\"D\"}", b"{\"msgType\":5}", b"{\"msgType\":null,\"msgSeqNum\":1}",
    b"{\"msgType\":\"ZZ\",\"msgSeqNum\":3}", b"[[[[", b"{\"\\ud800\":1}", b"{\"__proto__\":{\"a\":1}}", b"\xff\xfe{\x00}\x00",
    b"{\"msgType\":\"1\",\"testReqId\":\"a\",\"stateHash\":\"1\",\"msgSeqNum\":1}",
]


def mutate(rng: random.Random, message: dict[str, Any]) -> bytes:
    """One damaged frame made from a valid message."""
    damaged = dict(message)
    draw = rng.randrange(12)
    if draw < 4:
        _damage_fields(rng, damaged, draw)
        return _dump(damaged)
    text = _dump(damaged)
    if draw < 6:
        return _raw_value(rng, damaged)
    if draw == 6:
        return _repeated_key(rng, damaged)
    if draw == 7:
        return rng.choice(BYTES_BEFORE) + text if rng.random() < 0.5 else text + rng.choice(BYTES_AFTER)
    if draw == 8:
        return text[: rng.randrange(1, len(text))]
    if draw == 9:
        position = rng.randrange(len(text))
        flipped = rng.randrange(256)
        if chr(flipped).isdigit():
            flipped ^= 0x40  # a larger msgSeqNum would make all later messages repeats
        return text[:position] + bytes([flipped]) + text[position + 1 :]
    if draw == 10:
        return _escaped_keys(rng, damaged)
    return rng.choice(WHOLE)


def _dump(message: dict[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode()


def _damage_fields(rng: random.Random, message: dict[str, Any], kind: int) -> None:
    name = rng.choice(list(message))
    if kind == 0:
        del message[name]
    elif kind == 1:
        message[rng.choice(["extra", "__proto__", "price", "stopPx", "expireTime", "execInst", "lastQty", "lastPx", "msgSeqNum", ""])] = (
            rng.choice(WRONG_VALUES)
        )
    elif kind == 2:
        message[name] = rng.choice(WRONG_VALUES)
    else:
        message[name] = rng.choice(WRONG_VALUES)
        message[rng.choice(list(message))] = rng.choice(WRONG_VALUES)


def _members(message: dict[str, Any]) -> list[tuple[str, str]]:
    return [(json.dumps(key), json.dumps(value)) for key, value in message.items()]


def _join(members: list[tuple[str, str]]) -> bytes:
    return ("{" + ",".join(f"{key}:{value}" for key, value in members) + "}").encode("utf-8", "surrogatepass")


def _raw_value(rng: random.Random, message: dict[str, Any]) -> bytes:
    members = _members(message)
    position = rng.randrange(len(members))
    value = rng.choice(RAW_VALUES)
    if rng.random() < 0.7:
        members[position] = (members[position][0], value)
    else:
        members.append(("\"more\"", value))
    return _join(members)


def _repeated_key(rng: random.Random, message: dict[str, Any]) -> bytes:
    members = _members(message)
    key, value = rng.choice(members)
    if rng.random() < 0.3:
        key = "\"" + "".join(f"\\u{ord(letter):04x}" for letter in json.loads(key)) + "\""
    if rng.random() < 0.3:
        key += " "
    members.insert(rng.randrange(len(members) + 1), (key, value if rng.random() < 0.5 else "\"2\""))
    return _join(members)


def _escaped_keys(rng: random.Random, message: dict[str, Any]) -> bytes:
    """Still valid: the same keys and values, written with escapes and white space."""
    members = []
    for key, value in _members(message):
        if rng.random() < 0.4:
            key = "\"" + "".join(f"\\u{ord(letter):04x}" for letter in json.loads(key)) + "\""
        if value.startswith("\"") and rng.random() < 0.3:
            value = "\"" + "".join(f"\\u{ord(letter):04X}" for letter in json.loads(value)) + "\""
        members.append((key + rng.choice(["", " ", "\n"]), rng.choice(["", " ", "\t"]) + value))
    return _join(members)
