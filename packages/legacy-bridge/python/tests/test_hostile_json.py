"""Frames that no honest sender writes. Both decoders must agree on each, and none may raise."""

from __future__ import annotations

import json
import random

import pytest

from both_variants import BothVariants, kinds, refused
from hostile_frames import mutate

TICK = b'{"msgType":"0","msgSeqNum":5,"transactTime":6}'
ORDER = (
    b'{"msgType":"D","msgSeqNum":5,"transactTime":1000000,"account":"A","symbol":"BTC","clOrdId":"c","side":"1","ordType":"2",'
    b'"orderQty":"1","price":"1000.00","tif":"0"}'
)


def with_brackets(count: int) -> bytes:
    return TICK[:-1] + b',"x":' + b"[" * count + b"]" * count + b"}"


NOT_JSON = [
    b"", b" ", b"null", b"true", b"5", b'"x"', b"[]", b"[" + TICK + b"]", TICK + b"}", TICK + b"{}", TICK + b" x", TICK + b"\x00",
    b"\xef\xbb\xbf" + TICK, b"\xff" + TICK, TICK.replace(b"6", b"NaN"), TICK.replace(b"6", b"Infinity"), TICK.replace(b"6", b"-Infinity"),
    TICK.replace(b"6", b"01"), TICK.replace(b"6", b"+6"), TICK.replace(b"6", b"6."), TICK.replace(b"6", b".6"), TICK.replace(b"6", b"0x6"),
    TICK.replace(b"6", b"6,"), TICK.replace(b'"', b"'"), TICK.replace(b",", b";"), TICK[:-1], TICK[1:], TICK.decode().encode("utf-16"),
    TICK.replace(b'"0"', b'"\t0"'), TICK.replace(b'"0"', b'"\\x30"'), TICK.replace(b'"0"', b'"\\u003"'), TICK.replace(b'"0"', b'"\x00"'),
    TICK.replace(b'"0"', b'"\xc0\xb0"'), TICK.replace(b'"0"', b'"\xed\xa0\x80"'), TICK.replace(b'"0"', b'"\xf5\x80\x80\x80"'),
    TICK + b"\x0b", TICK + b"\x0c", TICK + b"\xc2\xa0", b"\x0c" + TICK, TICK + b"//", b"/**/" + TICK,
    TICK + b" " * (65_537 - len(TICK)), with_brackets(64), b"[" * 100_000, b"{" * 65, b'{"a":' * 40_000,
    TICK[:-1] + b',"x":{"a":1,"a":2}}', TICK[:-1] + b',"x":[{"a":1,"\\u0061":2}]}', TICK[:-1] + b',"transactTime":6}',
    TICK[:-1] + b',"transactTime" : 6}', TICK[:-1] + b',"transact\\u0054ime":6}', b'{"msgType":"1",' + TICK[1:],
    TICK[:-1] + b',"":1,"":2}', TICK[:-1] + b',"\\ud800":1,"\\uD800":2}', TICK[:-1] + b',"\xf0\x9f\x98\x80":1,"\\ud83d\\ude00":2}',
]
EXTRA = [
    TICK[:-1] + b',"x":1}', with_brackets(63), TICK[:-1] + b',"x":' + b"9" * 5000 + b"}", TICK[:-1] + b',"x":-' + b"9" * 5000 + b"}",
    TICK[:-1] + b',"x":1e999999999}', TICK[:-1] + b',"x":0.' + b"1" * 30_000 + b"}", TICK[:-1] + b',"x":"\\ud800"}',
    TICK[:-1] + b',"\\udc00":"\\ud800\\ud800"}', TICK[:-1] + b',"x":"' + b"y" * 65_000 + b'"}', TICK[:-1] + b',"__proto__":{"y":1}}',
    TICK[:-1] + b',"x":{"msgType":"D"}}', TICK[:-1] + b',"x":"[[[[{{{{"}', TICK[:-1] + b',"x":"\x7f"}', TICK[:-1] + b',"x":-0.0}',
]


@pytest.mark.parametrize("raw", NOT_JSON, ids=lambda raw: repr(raw[:60]))
def test_not_one_json_object(raw: bytes) -> None:
    desk = BothVariants(market=False)
    outputs = desk.raw(raw)
    assert refused(outputs) == "SCHEMA_JSON"
    assert outputs[0]["refSeqNum"] == 0 and outputs[0]["refMsgType"] is None and desk.lines("seq") == ["seq 0"]


@pytest.mark.parametrize("raw", EXTRA, ids=lambda raw: repr(raw[:60]))
def test_grammatical_but_not_ours(raw: bytes) -> None:
    desk = BothVariants(market=False)
    assert refused(desk.raw(raw)) == "SCHEMA_EXTRA"
    assert desk.lines("seq") == ["seq 5"]


@pytest.mark.parametrize("raw", [
    b" \t\r\n" + TICK + b" \t\r\n", TICK.replace(b":", b" : ").replace(b",", b"\n,\t"), TICK.replace(b"msgType", b"m\\u0073gType"),
    TICK.replace(b'"0"', b'"\\u0030"'), TICK + b" " * (65_536 - len(TICK)),
])
def test_unusual_but_valid_spelling(raw: bytes) -> None:
    desk = BothVariants(market=False)
    assert desk.raw(raw) == []
    assert desk.lines("seq") == ["seq 5"] and desk.lines("now") == ["now 6"]


def test_an_order_in_any_spelling_is_the_same_order() -> None:
    fields = json.loads(ORDER)
    spellings = [
        ORDER, json.dumps(fields).encode(), json.dumps(fields, indent=2).encode(),
        json.dumps(dict(reversed(fields.items()))).encode(), ORDER.replace(b'"A"', b'"\\u0041"'),
        b"{" + b",".join(b'"' + b"".join(b"\\u%04x" % ord(c) for c in key) + b'":' + json.dumps(value).encode()
                         for key, value in fields.items()) + b"}",
    ]
    for raw in spellings:
        desk = BothVariants()
        assert kinds(desk.raw(raw)) == ["D", "8A"]


@pytest.mark.parametrize("value", [b"a b", b"a:b", b"a{b", b"a[b", b"a}]", b"a,b", b"\\u0020", b"c\\u003a"])
def test_odd_characters_in_ids(value: bytes) -> None:
    desk = BothVariants()
    outputs = desk.raw(ORDER.replace(b'"clOrdId":"c"', b'"clOrdId":"' + value + b'"'))
    if b" " in value or b"0020" in value:
        assert refused(outputs) == "SCHEMA_FORMAT:clOrdId"
    else:
        assert kinds(outputs) == ["D", "8A"]
    spaced = json.dumps(json.loads(ORDER.replace(b'"clOrdId":"c"', b'"clOrdId":"' + value + b'"'))).encode()
    assert [output["msgType"] for output in BothVariants().raw(spaced)] == [output["msgType"] for output in outputs]


def test_colons_cannot_hide_a_repeated_key() -> None:
    for extra in [b',"side":"1"', b',"side" :"2"', b',"si\\u0064e":"2"']:
        assert refused(BothVariants().raw(ORDER[:-1] + extra + b"}")) == "SCHEMA_JSON"
    for extra in [b',"stopPx":""', b',"expireTime":0', b',"execInst":""', b',"stopPx":"","stopPx":""']:
        assert refused(BothVariants().raw(ORDER[:-1] + extra + b"}")) in (
            "SCHEMA_FORMAT:stopPx", "SCHEMA_FORMAT:expireTime", "SCHEMA_ENUM:execInst", "SCHEMA_JSON")


def test_brackets_in_texts_count() -> None:
    many = b"{" * 36
    raw = ORDER.replace(b'"A"', b'"' + many + b'"').replace(b'"c"', b'"' + many + b'"')
    assert refused(BothVariants().raw(raw)) == "SCHEMA_JSON"
    assert refused(BothVariants().raw(ORDER.replace(b'"A"', b'"' + many + b'"'))) == "UNKNOWN_ACCOUNT"


def test_random_damage_never_raises() -> None:
    seed = 20_261_120
    print("seed", seed)
    rng = random.Random(seed)
    message = json.loads(ORDER)
    for _ in range(5_000):
        desk = _fresh() if rng.random() < 0.02 else _shared(rng)
        message["msgSeqNum"] += 1
        raw = mutate(rng, message)
        assert desk.plain.accept(raw) == desk.tuned.accept(raw), raw


_DESKS: list[BothVariants] = []


def _fresh() -> BothVariants:
    _DESKS.append(BothVariants())
    return _DESKS[-1]


def _shared(rng: random.Random) -> BothVariants:
    return rng.choice(_DESKS) if _DESKS else _fresh()
