"""The signal service without sockets: what it answers, what it refuses, and what its state hash covers."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from signals.python_features import PythonState, python_names
from signals.tick_messages import SignalService

TICK = {"msgType": "T", "msgSeqNum": 1, "symbol": "AAA", "timeUs": 1_600_000_000_000_000, "price": 100.0, "high": 101, "low": 99.5, "volume": 7, "bidSize": 3, "askSize": 4, "reference": 50.25}


def service(**more: Any) -> SignalService:
    options: dict[str, Any] = {"warmup": 20, "threshold": 0.01, "features_every": 1, **more}
    return SignalService(["BBB", "AAA"], python_names(), PythonState, lambda row: float(row[0] - row[2]), **options)


def tick(seq: int, **more: Any) -> bytes:
    return json.dumps({**TICK, "msgSeqNum": seq, **more}).encode()


def answers(core: SignalService, *raws: bytes) -> list[dict[str, Any]]:
    return [json.loads(frame) for raw in raws for frame in core.accept(raw)]


def test_a_tick_gives_features_and_no_signal_before_it_is_warm() -> None:
    core = service()
    first, second = answers(core, tick(1), tick(2, price=102.0))
    assert first == {"msgType": "S", "refSeqNum": 1, "symbol": "AAA", "timeUs": TICK["timeUs"], "signal": None, "side": "flat", "features": {"ema_10": 100.0, "ret_1": None, "mean_20": None}}
    assert second["features"]["ret_1"] == 102.0 / 100.0 - 1
    assert second["features"]["ema_10"] == 2 / 11 * 102.0 + (1 - 2 / 11) * 100.0


def test_warm_it_decides() -> None:
    core = service()
    outputs = answers(core, *(tick(seq, price=100.0 + seq) for seq in range(1, 23)))
    assert [out["signal"] is None for out in outputs] == [True] * 20 + [False] * 2
    assert outputs[-1]["side"] == "long"
    assert outputs[-1]["features"]["mean_20"] == sum(100.0 + seq for seq in range(3, 23)) / 20


@pytest.mark.parametrize("field, value", [("msgSeqNum", 0), ("msgSeqNum", True), ("msgSeqNum", 1.5), ("symbol", "CCC"), ("symbol", None), ("timeUs", -1), ("timeUs", "1"), ("price", None), ("price", "100"), ("askSize", math.nan), ("reference", True)])
def test_what_is_no_tick_is_refused_by_its_field(field: str, value: Any) -> None:
    core = service()
    before = core.state_hash()
    (answer,) = answers(core, tick(5, **{field: value}))
    assert (answer["msgType"], answer["field"]) == ("3", field)
    assert core.state_hash() == before


def test_what_is_no_json_is_refused_and_a_repeat_says_nothing() -> None:
    core = service()
    for raw in (b"", b"[1]", b"nonsense", b"\xff\xfe"):
        assert answers(core, raw) == [{"msgType": "3", "refSeqNum": 0, "field": "msgSeqNum"}]
    assert len(answers(core, tick(3), tick(3), tick(2))) == 1


def test_the_state_hash_covers_every_tick() -> None:
    one, two = service(), service()
    answers(one, tick(1), tick(2))
    answers(two, tick(1), tick(2, volume=8))
    (answer,) = answers(one, b'{"msgType":"1","testReqId":"x","stateHash":"1"}')
    assert answer == {"msgType": "0", "refSeqNum": 2, "testReqId": "x", "stateHash": one.state_hash()}
    assert one.state_hash() != two.state_hash()


def test_features_only_now_and_then() -> None:
    outputs = answers(service(features_every=2), *(tick(seq) for seq in (1, 2, 3)))
    assert ["features" in out for out in outputs] == [False, True, False]
