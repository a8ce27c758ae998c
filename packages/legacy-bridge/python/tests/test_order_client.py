"""The client against the reference order path on both wires, and the reader against damaged frames."""

from __future__ import annotations

import json
import threading
from typing import Any, Iterator

import pytest

from batch_peer import ReportEncoder, decode_requests
from both_variants import rulebook
from order_path_parts.decision_core import OrderPath
from order_path_parts.rulebook import parse_rulebook
from tandem_bridge.batch_writer import FRAME_BYTES, MAX_WAIT_NS, TRAILER_EVERY_NS, BatchWriter, Request
from tandem_bridge.desk_names import DeskNames
from tandem_bridge.order_client import ClientClock, OrderClient
from tandem_bridge.order_requests import CancelOrder, NewOrder, ReplaceOrder, RequestError

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
