"""Check 1: every way in which a field can be wrong, and which fault is named when there are several."""

from __future__ import annotations

import json
from typing import Any

import pytest

from both_variants import BothVariants, refused
from order_path_parts.wire_schema import FIELDS

VALID: dict[str, dict[str, Any]] = {
    "D": {"account": "A", "symbol": "BTC", "clOrdId": "c1", "side": "1", "ordType": "2", "orderQty": "1", "price": "1000.00",
          "tif": "6", "expireTime": 9_000_000, "execInst": "E"},
    "G": {"account": "A", "symbol": "BTC", "clOrdId": "c2", "origClOrdId": "c1", "orderQty": "1", "price": "1"},
    "F": {"account": "A", "symbol": "BTC", "clOrdId": "c2", "origClOrdId": "c1"},
    "q": {"scope": "account", "target": "A", "action": "halt", "cancelOpen": "0", "killId": "k1"},
    "8": {"orderId": "O1", "execId": "e1", "execType": "F", "lastQty": "1", "lastPx": "1"},
    "9": {"orderId": "O1", "execId": "e1"},
    "W": {"symbol": "BTC", "bidPx": "1", "askPx": "1"},
    "0": {},
    "1": {"testReqId": "t", "stateHash": "0"},
}
OPTIONAL = {"D": {"price", "stopPx", "expireTime", "execInst"}, "8": {"lastQty", "lastPx"}}
FIELD_CASES = [(kind, field.name, field.kind) for kind, fields in FIELDS.items() for field in fields if field.name != "stopPx"]
WRONG_TYPES = [None, True, 5.0, 1.5, [], {}, ["1"], {"a": "1"}]
BAD_TEXTS = {
    "id": ["", " ", "a b", "a" * 37, 'a"b', "a\\b", "é", "\x7f", "\x00", "a\n", "\ud800", "\U0001f600"],
    "target": ["a b", "a" * 37, "\x1f", 'a"'],
    "dec": ["", "-", "+1", "01", "00", ".5", "5.", "1e3", "1,0", " 1", "1 ", "1\n", "1234567890", "1.1234567890", "--1", "NaN", "inf",
            "٣", "0x1", "1_0"],
}


def frame(kind: str, seq: int, **changes: Any) -> bytes:
    head: dict[str, Any] = {"msgType": kind} if kind == "1" else {"msgType": kind, "msgSeqNum": seq, "transactTime": 1_000_000}
    fields = {**head, **VALID[kind], **changes}
    return json.dumps({key: value for key, value in fields.items() if value is not ...}, separators=(",", ":")).encode()


@pytest.mark.parametrize("kind", list(VALID))
def test_valid_messages_pass(kind: str) -> None:
    desk = BothVariants(market=False)
    assert not any(output["msgType"] == "3" for output in desk.raw(frame(kind, 1)))


@pytest.mark.parametrize("kind, name, field_kind", FIELD_CASES)
def test_missing_field(kind: str, name: str, field_kind: str) -> None:
    outputs = BothVariants(market=False).raw(frame(kind, 7, **{name: ...}))
    if name in ("execInst", "expireTime"):
        assert outputs[0]["msgType"] != "3"
    else:
        assert refused(outputs) == f"SCHEMA_MISSING:{name}"
        assert outputs[0]["refMsgType"] == kind
        assert outputs[0]["refSeqNum"] == (0 if kind == "1" or name == "msgSeqNum" else 7)


@pytest.mark.parametrize("kind, name, field_kind", FIELD_CASES)
def test_wrong_json_type(kind: str, name: str, field_kind: str) -> None:
    for wrong in [*WRONG_TYPES, "5" if field_kind == "int" else 5]:
        assert refused(BothVariants(market=False).raw(frame(kind, 7, **{name: wrong}))) == f"SCHEMA_FORMAT:{name}"


@pytest.mark.parametrize("kind, name, field_kind", [case for case in FIELD_CASES if case[2] in BAD_TEXTS])
def test_bad_text(kind: str, name: str, field_kind: str) -> None:
    for text in BAD_TEXTS[field_kind]:
        assert refused(BothVariants(market=False).raw(frame(kind, 7, **{name: text}))) == f"SCHEMA_FORMAT:{name}"


@pytest.mark.parametrize("kind, name, field_kind", [case for case in FIELD_CASES if case[2] == "enum"])
def test_value_outside_enum(kind: str, name: str, field_kind: str) -> None:
    for text in ["", "Z", "1 ", "11", "é"]:
        assert refused(BothVariants(market=False).raw(frame(kind, 7, **{name: text}))) == f"SCHEMA_ENUM:{name}"


@pytest.mark.parametrize("kind, name, field_kind", [case for case in FIELD_CASES if case[2] == "int"])
def test_integer_out_of_range(kind: str, name: str, field_kind: str) -> None:
    text = frame(kind, 7, **{name: 424242})
    for wrong in [b"0", b"-0", b"-1", b"9007199254740992", b"1.0", b"1e3", b"18446744073709551616", b"9" * 5000, b"-" + b"9" * 5000]:
        assert refused(BothVariants(market=False).raw(text.replace(b"424242", wrong))) == f"SCHEMA_FORMAT:{name}"


def test_longest_texts_pass() -> None:
    desk = BothVariants()
    longest = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"\\')
    for start in range(0, len(longest), 36):
        assert desk.new(clOrdId=longest[start : start + 36])[-1]["clOrdId"] == longest[start : start + 36]
    assert refused(desk.new(account=longest[:36])) == "UNKNOWN_ACCOUNT"
    assert refused(desk.new(orderQty="999999999.000000000")) == "QTY_MAX"
    assert refused(desk.new(price="999999999.999999999")) == "PX_TICK"


@pytest.mark.parametrize("kind", list(VALID))
def test_extra_field(kind: str) -> None:
    for name in ["extra", "", "__proto__", "msgtype", "é"]:
        assert refused(BothVariants(market=False).raw(frame(kind, 7, **{name: 1}))) == "SCHEMA_EXTRA"


@pytest.mark.parametrize("changes, fault", [
    ({"price": ...}, "SCHEMA_MISSING:price"),
    ({"stopPx": "1"}, "SCHEMA_EXTRA"),
    ({"ordType": "1"}, "SCHEMA_EXTRA"),
    ({"ordType": "1", "price": ..., "stopPx": "1"}, "SCHEMA_EXTRA"),
    ({"ordType": "3"}, "SCHEMA_EXTRA"),
    ({"ordType": "3", "price": ...}, "SCHEMA_MISSING:stopPx"),
    ({"tif": "0"}, "SCHEMA_EXTRA"),
    ({"tif": "0", "ordType": "3", "price": ...}, "SCHEMA_MISSING:stopPx"),
    ({"stopPx": "x"}, "SCHEMA_FORMAT:stopPx"),
    ({"stopPx": None}, "SCHEMA_FORMAT:stopPx"),
    ({"price": ..., "extra": 1}, "SCHEMA_EXTRA"),
])
def test_conditions_of_a_new_order(changes: dict[str, Any], fault: str) -> None:
    assert refused(BothVariants(market=False).raw(frame("D", 7, **changes))) == fault


@pytest.mark.parametrize("changes, fault", [
    ({"lastQty": ...}, "SCHEMA_MISSING:lastQty"),
    ({"lastPx": ...}, "SCHEMA_MISSING:lastPx"),
    ({"lastPx": ..., "lastQty": ...}, "SCHEMA_MISSING:lastQty"),
    ({"execType": "0"}, "SCHEMA_EXTRA"),
    ({"execType": "4", "lastQty": ...}, "SCHEMA_EXTRA"),
    ({"execType": "C", "lastPx": ...}, "SCHEMA_EXTRA"),
])
def test_conditions_of_a_venue_report(changes: dict[str, Any], fault: str) -> None:
    assert refused(BothVariants(market=False).raw(frame("8", 7, **changes))) == fault


@pytest.mark.parametrize("text, fault", [
    (b"{}", "SCHEMA_MISSING:msgType"),
    (b'{"msgSeqNum":3}', "SCHEMA_MISSING:msgType"),
    (b'{"msgType":1}', "SCHEMA_ENUM:msgType"),
    (b'{"msgType":null}', "SCHEMA_ENUM:msgType"),
    (b'{"msgType":"d"}', "SCHEMA_ENUM:msgType"),
    (b'{"msgType":["D"]}', "SCHEMA_ENUM:msgType"),
    (b'{"msgType":"H","extra":1}', "SCHEMA_ENUM:msgType"),
])
def test_message_type(text: bytes, fault: str) -> None:
    outputs = BothVariants(market=False).raw(text)
    assert refused(outputs) == fault and outputs[0]["refMsgType"] is None


def test_the_first_fault_in_table_order_is_named() -> None:
    desk = BothVariants(market=False)
    assert refused(desk.raw(frame("D", 7, extra=1, tif="9", side=1, clOrdId="", account=...))) == "SCHEMA_MISSING:account"
    assert refused(desk.raw(frame("D", 8, extra=1, tif="9", side=1, clOrdId=""))) == "SCHEMA_FORMAT:clOrdId"
    assert refused(desk.raw(frame("D", 9, extra=1, tif="9"))) == "SCHEMA_ENUM:tif"
    assert refused(desk.raw(frame("D", 10, extra=1, ordType="3"))) == "SCHEMA_EXTRA"


def test_a_schema_failure_moves_the_sequence_and_nothing_else() -> None:
    desk = BothVariants(market=False)
    assert refused(desk.raw(frame("D", 7, side="9"))) == "SCHEMA_ENUM:side"
    assert desk.lines("seq") == ["seq 7"] and desk.lines("now") == ["now 0"]
    assert desk.raw(frame("D", 7, side="9")) == []
    assert desk.raw(frame("D", 3, side="9")) == []
    assert desk.raw(b'{"msgType":"ZZ","msgSeqNum":7}') == []
    assert desk.raw(b'{"msgType":"1","testReqId":"t","stateHash":"0","msgSeqNum":7}') == []
    assert desk.lines("counts") == ["counts 4 0 0"]
    outputs = desk.raw(b'{"msgType":"1","testReqId":"t","stateHash":"0","msgSeqNum":9}')
    assert refused(outputs) == "SCHEMA_EXTRA" and outputs[0]["refSeqNum"] == 9 and desk.lines("seq") == ["seq 9"]
    outputs = desk.raw(frame("D", 0))
    assert refused(outputs) == "SCHEMA_FORMAT:msgSeqNum" and outputs[0]["refSeqNum"] == 9


def test_exact_bytes_of_a_reject() -> None:
    desk = BothVariants(market=False)
    raw = frame("W", 4, bidPx=1)
    expected = b'{"msgType":"3","refSeqNum":4,"account":"","refMsgType":"W","text":"SCHEMA_FORMAT:bidPx"}'
    assert desk.plain.accept(raw) == [expected] == desk.tuned.accept(raw)
