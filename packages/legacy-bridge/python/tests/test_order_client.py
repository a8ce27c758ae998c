"""The client against the reference order path on both wires, and the reader against damaged frames."""

from __future__ import annotations

import json
import random
import threading
from typing import Any, Callable, Iterator

import pytest

from batch_peer import ReportEncoder, decode_requests, record, u
from both_variants import rulebook
from order_path_parts.decision_core import OrderPath
from order_path_parts.rulebook import parse_rulebook
from random_traffic import RandomTraffic, small_rulebook
from tandem_bridge.batch_reader import BatchReader
from tandem_bridge.batch_writer import FRAME_BYTES, MAX_WAIT_NS, TRAILER_EVERY_NS, BatchWriter, Request
from tandem_bridge.desk_names import DeskNames
from tandem_bridge.order_client import ClientClock, OrderClient
from tandem_bridge.order_requests import CancelOrder, NewOrder, ReplaceOrder, RequestError
from tandem_bridge.report_views import ExecutionReportView

zmq = pytest.importorskip("zmq")
RULES = rulebook()
NAMES = DeskNames(RULES)
LIMIT = NewOrder("A", "BTC", "c1", side="1", ord_type="2", order_qty="1.50", price="1000.00")

REQUESTS: list[Request] = [
    LIMIT,
    NewOrder("nobody", "DOGE", "x" * 36, side="2", ord_type="1", order_qty="-0.000000001"),
    NewOrder("A", "DOGE", "c3", side="2", ord_type="3", order_qty="999999999.999999999", stop_px="-0", tif="6", expire_time=2**53 - 1,
             reduce_only=True),
    NewOrder("nobody", "ETH", "c4", side="2", ord_type="3", order_qty="007.5"[2:], stop_px="0.10", tif="6"),
    ReplaceOrder("A", "BTC", "r1", "c1", "2", "1000.05"), ReplaceOrder("nobody", "DOGE", "r2", "c1", "2.0", "0"),
    CancelOrder("A", "BTC", "f1", "c1"), CancelOrder("nobody", "DOGE", "f2", "c1"),
]


def as_json(request: Any, seq: int, time: int) -> dict[str, Any]:
    kind = {NewOrder: "D", ReplaceOrder: "G", CancelOrder: "F"}[type(request)]
    return {"msgType": kind, "msgSeqNum": seq, "transactTime": time, **request.fields()}


def test_requests_survive_the_binary_wire() -> None:
    writer = BatchWriter(NAMES, epoch=7)
    for seq, request in enumerate(REQUESTS, 1):
        request.check()
        writer.append(request, seq, 1000 + seq, mono_ns=5)
    writer.append_test_request("t1", True, mono_ns=5)
    (frame,) = writer.take(5)
    expected = [as_json(request, seq, 1000 + seq) for seq, request in enumerate(REQUESTS, 1)]
    assert list(decode_requests(frame, NAMES)) == [*expected, {"msgType": "1", "testReqId": "t1", "stateHash": "1"}]


def test_flush_rules_and_trailer() -> None:
    writer = BatchWriter(NAMES, epoch=7)
    assert not writer.due(0) and writer.take(0) == []
    writer.append(LIMIT, 1, 1, mono_ns=1_000)
    assert not writer.due(1_000 + MAX_WAIT_NS - 1) and writer.due(1_000 + MAX_WAIT_NS)
    frames = writer.take(MAX_WAIT_NS)
    assert [len(frame) for frame in frames] == [136]
    for seq in range(2, 66):
        assert not writer.full
        writer.append(LIMIT, seq, 1, mono_ns=MAX_WAIT_NS)
    assert writer.full and writer.due(MAX_WAIT_NS)
    with pytest.raises(BufferError):
        writer.append(LIMIT, 66, 1, mono_ns=MAX_WAIT_NS)
    with pytest.raises(BufferError):
        writer.append_test_request("t", False, mono_ns=MAX_WAIT_NS)
    assert len(writer.take(MAX_WAIT_NS)[0]) == 64 * 136
    assert writer.take(TRAILER_EVERY_NS - 1) == [] and writer.due(TRAILER_EVERY_NS)
    (trailer,) = writer.take(TRAILER_EVERY_NS)
    assert list(decode_requests(trailer, NAMES)) == [{"trailer": (7, 0, 65, 65, 65 * 136)}]
    (trailer,) = writer.take(2 * TRAILER_EVERY_NS)
    assert list(decode_requests(trailer, NAMES)) == [{"trailer": (7, 0, 65, 65, 65 * 136)}]


def test_the_largest_frame_fits() -> None:
    writer = BatchWriter(NAMES, epoch=7)
    for seq in range(64):
        writer.append(ReplaceOrder("x" * 36, "y" * 36, "z" * 36, "w" * 36, "1", "1"), seq + 1, 1, mono_ns=1)
    assert len(writer.take(1)[0]) <= FRAME_BYTES


@pytest.mark.parametrize("request_, message", [
    (NewOrder("A", "BTC", "", side="1", ord_type="2", order_qty="1", price="1"), "clOrdId"),
    (NewOrder("A B", "BTC", "c", side="1", ord_type="2", order_qty="1", price="1"), "account"),
    (NewOrder("A", "BTC", "é", side="1", ord_type="2", order_qty="1", price="1"), "clOrdId"),
    (NewOrder("A", "BTC", "c", side="3", ord_type="2", order_qty="1", price="1"), "side"),
    (NewOrder("A", "BTC", "c", side="1", ord_type="12", order_qty="1", price="1"), "ordType"),
    (NewOrder("A", "BTC", "c", side="1", ord_type="2", order_qty="1e3", price="1"), "orderQty"),
    (NewOrder("A", "BTC", "c", side="1", ord_type="2", order_qty="1", price="1."), "price"),
    (NewOrder("A", "BTC", "c", side="1", ord_type="2", order_qty="1"), "price belongs"),
    (NewOrder("A", "BTC", "c", side="1", ord_type="1", order_qty="1", price="1"), "price belongs"),
    (NewOrder("A", "BTC", "c", side="1", ord_type="3", order_qty="1", price="1"), "price belongs"),
    (NewOrder("A", "BTC", "c", side="1", ord_type="2", order_qty="1", price="1", tif="5"), "tif"),
    (NewOrder("A", "BTC", "c", side="1", ord_type="2", order_qty="1", price="1", expire_time=5), "expireTime"),
    (NewOrder("A", "BTC", "c", side="1", ord_type="2", order_qty="1", price="1", tif="6", expire_time=0), "expireTime"),
    (ReplaceOrder("A", "BTC", "c", "o" * 37, "1", "1"), "origClOrdId"), (CancelOrder("A", "BTC", "c", ""), "origClOrdId"),
])
def test_malformed_requests_are_refused_before_they_are_sent(request_: Any, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        request_.check()


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
        {"msgType": "W", "symbol": "BTC", "bidPx": "1000", "askPx": "1000.05"}, as_json(LIMIT, 2, 1),
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


class Gateway(threading.Thread):
    """The reference order path behind inproc sockets, on either wire."""

    def __init__(self, context: Any, codec: str) -> None:
        super().__init__(daemon=True)
        self.codec = codec
        self.core = OrderPath(parse_rulebook(RULES))
        self.source, self.sink = context.socket(zmq.PULL), context.socket(zmq.PUSH)
        self.source.bind("inproc://in")
        self.sink.bind("inproc://out")

    def run(self) -> None:
        encoder = ReportEncoder(NAMES)
        while True:
            raw = self.source.recv()
            if raw == b"end":
                break
            if self.codec == "json":
                for output in self.core.accept(raw):
                    self.sink.send(output)
                continue
            outputs: list[bytes] = []
            for fields in decode_requests(raw, NAMES):
                if "trailer" not in fields:
                    outputs += self.core.accept(json.dumps(fields).encode())
            self.sink.send(b"".join(encoder.encode(json.loads(output)) for output in outputs))
        self.source.close()
        self.sink.close(linger=0)


@pytest.fixture(params=["json", "batch"])
def client(request: pytest.FixtureRequest) -> Iterator[OrderClient]:
    context = zmq.Context()
    gateway = Gateway(context, request.param)
    gateway.start()
    sink, source = context.socket(zmq.PUSH), context.socket(zmq.PULL)
    sink.connect("inproc://in")
    source.connect("inproc://out")
    yield OrderClient(sink, source, NAMES, ClientClock.system(first_seq=1), codec=request.param)
    sink.send(b"end")
    gateway.join(10)
    context.destroy(linger=0)


def receive(client: OrderClient, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while len(found) < count:
        reports = list(client.receive(timeout_ms=10_000))
        assert reports, "no report within ten seconds"
        found += [report.as_fields() for report in reports]
    return found


def test_client_on_both_wires(client: OrderClient) -> None:
    assert [client.send(request) for request in REQUESTS] == list(range(1, len(REQUESTS) + 1))
    client.ask_state("t1")
    client.flush()
    reports = receive(client, len(REQUESTS) + 1)
    assert [report["refSeqNum"] for report in reports] == [*range(1, len(REQUESTS) + 1), len(REQUESTS)]
    assert [report.get("text") for report in reports] == [
        "STALE_REF", "UNKNOWN_ACCOUNT", "UNKNOWN_SYMBOL", "UNKNOWN_ACCOUNT", "UNKNOWN_ORDER", "UNKNOWN_ACCOUNT", "UNKNOWN_ORDER",
        "UNKNOWN_ACCOUNT", None]
    assert [report.get("orderQty") for report in reports[:4]] == ["1.50", "-0.000000001", "999999999.999999999", "7.5"]
    assert [report.get("price") for report in reports[:4]] == ["1000.00", None, "-0", "0.10"]
    assert len(reports[-1]["stateHash"]) == 64
    with pytest.raises(RequestError):
        client.send(CancelOrder("A", "BTC", "c", ""))
    with pytest.raises(RequestError):
        client.ask_state("t 1")
    client.keep_alive()
    assert client.bad_messages == 0 and client.read_counts.dropped == 0


def test_reports_that_are_no_messages_are_counted() -> None:
    context = zmq.Context()
    source, sink = context.socket(zmq.PULL), context.socket(zmq.PUSH)
    source.bind("inproc://reports")
    sink.connect("inproc://reports")
    client = OrderClient(sink, source, NAMES, ClientClock.system(1))
    for raw in [b"", b"[]", b"\xff", b"[" * 100_000, b"{}", b'{"msgType":"8","refSeqNum":true}', b'{"msgType":"8","refSeqNum":1}']:
        sink.send(raw)
    assert [report.msg_type for report in client.receive(1000)] == ["8"]
    assert client.bad_messages == 6
    assert list(client.receive(0)) == []
    with pytest.raises(ValueError, match="codec"):
        OrderClient(sink, source, NAMES, ClientClock.system(1), codec="xml")
    context.destroy(linger=0)
