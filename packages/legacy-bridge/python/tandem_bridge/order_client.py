"""Sends orders to the gateway and reads its reports: as single JSON messages, or as batched binary frames that are decoded in place.

    client = OrderClient(push, pull, DeskNames(rulebook), ClientClock.system(first_seq=1), codec="batch")
    client.send(NewOrder("ACC01", "BTCUSDT", "c-1", side="1", ord_type="2", order_qty="0.01", price="30000.00"))
    client.flush()
    for report in client.receive(timeout_ms=100):
        print(report.as_fields())

Not thread safe, like the sockets it is given.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from dataclasses import dataclass
from typing import Any, Callable, Iterator, Union

import zmq

from .batch_reader import BatchReader, ReadCounts
from .batch_writer import BatchWriter, Request
from .desk_names import DeskNames
from .order_requests import check_id
from .report_views import ReportView

MAX_DRAIN = 1_024


@dataclass
class ClientClock:
    """Where sequence numbers and times come from; all senders to one gateway must share one sequence."""

    next_seq: Callable[[], int]
    now_us: Callable[[], int]
    mono_ns: Callable[[], int]

    @staticmethod
    def system(first_seq: int) -> ClientClock:
        return ClientClock(itertools.count(first_seq).__next__, lambda: time.time_ns() // 1000, time.monotonic_ns)


class JsonReport:
    """A report of the JSON wire, with the same face as those of the binary wire."""

    __slots__ = ("_fields",)

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    @property
    def msg_type(self) -> str:
        return str(self._fields["msgType"])

    @property
    def ref_seq(self) -> int:
        return int(self._fields["refSeqNum"])

    def as_fields(self) -> dict[str, Any]:
        return self._fields


Report = Union[ReportView, JsonReport]


class OrderClient:
    """`sink` is the socket towards the gateway's input, `source` the one from its output. Neither is opened or closed here."""

    def __init__(self, sink: zmq.Socket[bytes], source: zmq.Socket[bytes], names: DeskNames, clock: ClientClock, codec: str = "json") -> None:
        if codec not in ("json", "batch"):
            raise ValueError(f"codec {codec!r}: expected json or batch")
        self._sink = sink
        self._source = source
        self._clock = clock
        self._batched = codec == "batch"
        self._writer = BatchWriter(names, epoch=int.from_bytes(os.urandom(4), "little"))
        self._reader = BatchReader(names)
        self.bad_messages = 0

    @property
    def read_counts(self) -> ReadCounts:
        """What was read, dropped and missed on the binary wire."""
        return self._reader.counts

    def send(self, request: Request) -> int:
        """Sends a request, or puts it into the frame being gathered, and returns its msgSeqNum. A malformed one raises RequestError before that."""
        request.check()
        seq = self._clock.next_seq()
        if not self._batched:
            kind = {"NewOrder": "D", "ReplaceOrder": "G", "CancelOrder": "F"}[type(request).__name__]
            head = {"msgType": kind, "msgSeqNum": seq, "transactTime": self._clock.now_us()}
            self._send_json({**head, **request.fields()})
            return seq
        mono_ns = self._clock.mono_ns()
        self._writer.append(request, seq, self._clock.now_us(), mono_ns)
        if self._writer.due(mono_ns):
            self._send_frames(mono_ns)
        return seq

    def ask_state(self, test_req_id: str, state_hash: bool = True) -> None:
        """Asks for the gateway's position in the sequence and the hash of its state; the answer is a report of type 0."""
        check_id("testReqId", test_req_id)
        if not self._batched:
            self._send_json({"msgType": "1", "testReqId": test_req_id, "stateHash": "1" if state_hash else "0"})
            return
        mono_ns = self._clock.mono_ns()
        self._writer.append_test_request(test_req_id, state_hash, mono_ns)
        if self._writer.due(mono_ns):
            self._send_frames(mono_ns)

    def flush(self) -> None:
        """Sends what has gathered. Call it when there is nothing more to send for now."""
        if self._batched:
            self._send_frames(self._clock.mono_ns())

    def keep_alive(self) -> None:
        """Sends what is due: an old frame, or the trailer that shows losses. Call it at least every 100 ms."""
        mono_ns = self._clock.mono_ns()
        if self._batched and self._writer.due(mono_ns):
            self._send_frames(mono_ns)

    def receive(self, timeout_ms: int) -> Iterator[Report]:
        """The reports that are there, waiting at most `timeout_ms` for the first. Views of a frame stay valid as long as they are kept."""
        if not self._source.poll(timeout_ms):
            return
        for _ in range(MAX_DRAIN):
            try:
                frame = self._source.recv(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                return
            if self._batched:
                yield from self._reader.read(frame.buffer)
            else:
                report = self._json_report(frame.bytes)
                if report:
                    yield report

    def _json_report(self, raw: bytes) -> Union[JsonReport, None]:
        try:
            fields = json.loads(raw.decode("utf-8"))
        except (ValueError, RecursionError):
            fields = None
        if isinstance(fields, dict) and isinstance(fields.get("msgType"), str) and type(fields.get("refSeqNum")) is int:
            return JsonReport(fields)
        self.bad_messages += 1
        return None

    def _send_json(self, message: dict[str, Any]) -> None:
        self._sink.send(json.dumps(message, separators=(",", ":")).encode("ascii"))

    def _send_frames(self, mono_ns: int) -> None:
        for frame in self._writer.take(mono_ns):
            self._sink.send(frame)
