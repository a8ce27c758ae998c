"""Report frames: equal to the JSON wire, read in place, and damaged in every way."""

from __future__ import annotations

import json
import random
from typing import Any, Callable

import pytest

from batch_peer import ReportEncoder, record, u
from both_variants import rulebook
from order_path_parts.decision_core import OrderPath
from order_path_parts.rulebook import parse_rulebook
from random_traffic import RandomTraffic, small_rulebook
from tandem_bridge.batch_reader import BatchReader
from tandem_bridge.desk_names import DeskNames
from tandem_bridge.report_views import ExecutionReportView

RULES = rulebook()
NAMES = DeskNames(RULES)
ORDER = {"msgType": "D", "account": "A", "symbol": "BTC", "clOrdId": "c1", "side": "1", "ordType": "2", "orderQty": "1.50",
         "price": "1000.00", "tif": "0"}


def test_reports_of_random_traffic_survive_the_binary_wire() -> None:
    rules = small_rulebook(5)
    names = DeskNames(rules)
    core, traffic, encoder, reader = OrderPath(parse_rulebook(rules)), RandomTraffic(5, rules), ReportEncoder(names), BatchReader(names)
    seen: set[str] = set()
    for _ in range(6_000):
        raw = traffic.next()
        expected = traffic.observe(core.accept(raw))
        frame = memoryview(b"".join(map(encoder.encode, expected)))
        views = list(reader.read(frame))
        assert [json.dumps(view.as_fields()) for view in views] == [json.dumps(fields) for fields in expected][: len(views)]
        assert len(views) == min(64, len(expected))
        for view, fields in zip(views, expected):
            seen.add(view.msg_type)
            assert view.ref_seq == fields["refSeqNum"]
            if isinstance(view, ExecutionReportView):
                assert (view.account, view.symbol, view.cl_ord_id) == (fields["account"], fields["symbol"], fields["clOrdId"])
                assert (view.exec_type, view.ord_status, view.order_id, view.text) == (
                    fields["execType"], fields["ordStatus"], fields["orderId"], fields["text"])
    assert seen == set("893jrDGFH0") and reader.counts.dropped == 0


def test_numbers_of_a_view_are_ticks_and_lots() -> None:
    core = OrderPath(parse_rulebook(RULES))
    encoder = ReportEncoder(NAMES)
    messages: list[dict[str, Any]] = [
        {"msgType": "W", "symbol": "BTC", "bidPx": "1000", "askPx": "1000.05"}, ORDER,
        {"msgType": "8", "orderId": "O2", "execId": "e", "execType": "F", "lastQty": "0.5", "lastPx": "999.95"},
    ]
    outputs: list[bytes] = []
    for seq, message in enumerate(messages, 1):
        outputs += core.accept(json.dumps({**message, "msgSeqNum": seq, "transactTime": 1}).encode())
    fill = list(BatchReader(NAMES).read(memoryview(encoder.encode(json.loads(outputs[-1])))))[0]
    assert isinstance(fill, ExecutionReportView)
    assert (fill.last_lots, fill.last_ticks, fill.cum_lots, fill.leaves_lots) == (500, 19999, 500, 1000)


def sample_frame() -> tuple[bytes, list[bytes]]:
    """A frame of four report records, and the records."""
    encoder = ReportEncoder(NAMES)
    outputs: list[dict[str, Any]] = [
        {"msgType": "F", "refSeqNum": 1, "account": "A", "orderId": "O5", "symbol": "BTC"},
        {"msgType": "3", "refSeqNum": 2, "account": "", "refMsgType": None, "text": "SCHEMA_JSON"},
        {"msgType": "j", "refSeqNum": 3, "account": "A", "refMsgType": "8", "text": "ILLEGAL:0:9"},
        {"msgType": "H", "refSeqNum": 4, "account": "A", "orderId": "O5", "symbol": "ETH"},
    ]
    records = [encoder.encode(output) for output in outputs]
    return b"".join(records), records


def refs(frame: bytes) -> tuple[list[int], int]:
    """Sequence numbers that were read, and the count of what was dropped."""
    reader = BatchReader(NAMES)
    return [view.ref_seq for view in reader.read(memoryview(frame))], reader.counts.dropped


def reseal(item: bytes) -> bytes:
    """The record with a checksum that fits its octets."""
    length = int.from_bytes(item[4:8], "little")
    return record(item[2], item[32 : 32 + length], int.from_bytes(item[8:16], "little"), item[3])


DAMAGE: list[tuple[str, Callable[[bytes], bytes], list[int], int]] = [
    ("magic", lambda item: b"\x55" + item[1:], [1], 1),
    ("version", lambda item: item[:1] + b"\x02" + item[2:], [1], 1),
    ("long", lambda item: item[:4] + u(513, 4) + item[8:], [1], 1),
    ("beyond", lambda item: item[:4] + u(512, 4) + item[8:], [1], 1),
    ("checksum", lambda item: item[:8] + u(9, 8) + item[16:], [1, 3, 4], 1),
    ("kind", lambda item: reseal(item[:2] + b"\xff" + item[3:]), [1, 3, 4], 1),
    ("flag", lambda item: reseal(item[:3] + b"\x04" + item[4:]), [1, 3, 4], 1),
    ("name where none belongs", lambda item: reseal(item[:3] + b"\x01" + item[4:]), [1, 3, 4], 1),
    ("length of another kind", lambda item: record(0xB3, item[32:40] * 2, 2), [1, 3, 4], 1),
    ("no checksum", lambda item: item[:28] + bytes(4) + item[32:], [1, 2, 3, 4], 0),
    ("borders lost with the kind", lambda item: item[:2] + b"\xff" + item[3:] + b"garbage!", [1], 1),
]


@pytest.mark.parametrize("damage, expected, dropped", [case[1:] for case in DAMAGE], ids=[case[0] for case in DAMAGE])
def test_damaged_records(damage: Callable[[bytes], bytes], expected: list[int], dropped: int) -> None:
    _, records = sample_frame()
    assert refs(b"".join([records[0], damage(records[1]), *records[2:]])) == (expected, dropped)


def test_numbers_beyond_the_rulebook_are_dropped_not_raised() -> None:
    bad = [
        record(0xC6, u(5, 8) + u(99, 2) + u(0, 2) + bytes(4), 1), record(0xC6, u(5, 8) + u(0, 2) + u(0xFFFF, 2) + bytes(4), 1),
        record(0xEA, u(99, 2) + bytes(6), 1), record(0xF2, bytes((2, 1)) + u(99, 2) + bytes(44), 1), record(0xF2, bytes((4, 1)) + bytes(46), 1),
        record(0xF2, bytes((1, 9)) + bytes(46), 1), record(0xB8, bytes(10) + u(0xFFFF, 2) + bytes(12) + u(5, 8) + bytes(184), 1, 2),
    ]
    _, records = sample_frame()
    for item in bad:
        assert refs(item + records[0]) == ([1], 1)
    assert refs(b"") == ([], 0) and refs(b"\x54") == ([], 1)


def test_more_than_64_records() -> None:
    _, records = sample_frame()
    assert refs(records[0] * 70) == ([1] * 64, 6)


def test_random_damage_never_raises() -> None:
    rng = random.Random(11)
    frame, _ = sample_frame()
    for _ in range(20_000):
        damaged = bytearray(frame)
        for _ in range(rng.randrange(1, 4)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        if rng.random() < 0.5:
            damaged[28:32] = bytes(4)
        for view in BatchReader(NAMES).read(memoryview(bytes(damaged[: rng.randrange(len(damaged) + 1)]))):
            view.as_fields()


def test_trailers_show_losses() -> None:
    _, records = sample_frame()
    reader = BatchReader(NAMES)

    def feed(*items: bytes) -> int:
        list(reader.read(memoryview(b"".join(items))))
        return reader.counts.missing

    def trailer(epoch: int, count: int) -> bytes:
        return record(ord("T"), u(epoch, 4) + u(0, 4) + u(9, 8) + u(count, 8) + u(0, 8), 9)

    assert feed(*records, trailer(1, 4)) == 0
    assert feed(*records, trailer(1, 9)) == 1
    assert feed(trailer(1, 9)) == 1
    assert feed(records[0], trailer(2, 1)) == 1
    assert feed(trailer(2, 4)) == 4
