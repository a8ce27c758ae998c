"""The front that both variants share: command line, sockets, the ready line, an orderly end, and the collector's record."""

from __future__ import annotations

import argparse
import gc
import heapq
import json
import os
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Optional, Protocol

import zmq

from .rulebook import Rulebook, RulebookError, load_rulebook

HIGH_WATER_MARK = 10_000
LINGER_MS = 1_000
MAX_MESSAGE_BYTES = 1 << 20
FREEZE_EVERY = 5_000
STOP_CHECK_MS = 100
PROBE_SECONDS = 1.0
LONGEST_MAX = 256


class Core(Protocol):
    def accept(self, raw: bytes) -> list[bytes]: ...

    def state_hash(self) -> str: ...


class StopServing(Exception):
    """The process was asked to end; raised only while it waits for a message or for room to send."""


@dataclass
class CollectorRecord:
    """What the garbage collector did, as seen by `gc.callbacks`."""

    count: int = 0
    total_ns: int = 0
    max_ns: int = 0
    full_count: int = 0
    longest: list[tuple[int, int]] = field(default_factory=list)
    """The longest pauses, (length, begin on CLOCK_MONOTONIC) in ns, a heap."""
    _started_ns: int = 0

    def watch(self) -> None:
        gc.callbacks.append(self._on_collection)

    def _on_collection(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._started_ns = time.perf_counter_ns()
            return
        pause_ns = time.perf_counter_ns() - self._started_ns
        self.count += 1
        self.total_ns += pause_ns
        self.max_ns = max(self.max_ns, pause_ns)
        self.full_count += info["generation"] == 2
        heapq.heappush(self.longest, (pause_ns, self._started_ns))
        if len(self.longest) > LONGEST_MAX:
            heapq.heappop(self.longest)

    def as_json(self) -> dict[str, Any]:
        return {
            "count": self.count, "fullCount": self.full_count,
            "totalMs": self.total_ns / 1e6, "maxMs": self.max_ns / 1e6,
            "longest": [{"atNs": at_ns, "ms": pause_ns / 1e6} for pause_ns, at_ns in sorted(self.longest, reverse=True)],
        }


class Served:
    """What a front has done, for the record at the end."""

    def __init__(self) -> None:
        self.messages = 0
        self.outputs = 0
        self.collections = CollectorRecord()


class Collector:
    """Tuning of the garbage collector: `default`, `off`, or `freeze`, which hides all survivors from it at start and now and then.

    The record begins afterwards: what is done before the first message is no pause of the traffic.
    """

    def __init__(self, mode: str, record: CollectorRecord) -> None:
        self._freezing = mode == "freeze"
        self._until_freeze = FREEZE_EVERY
        if mode == "off":
            gc.disable()
        if mode != "default":
            gc.collect()
            gc.freeze()
        record.watch()

    def after_messages(self, count: int) -> None:
        if not self._freezing:
            return
        self._until_freeze -= count
        if self._until_freeze <= 0:
            self._until_freeze = FREEZE_EVERY
            gc.freeze()


def command_line(description: str, loops: list[str], default_gc: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rules", required=True, help="rulebook.json")
    parser.add_argument("--in", dest="source", required=True, help="ZeroMQ address of the input")
    parser.add_argument("--out", dest="sink", required=True, help="ZeroMQ address of the output")
    parser.add_argument("--in-pattern", choices=("pull", "sub"), default="pull")
    side = parser.add_mutually_exclusive_group()
    side.add_argument("--bind", action="store_true", help="bind both sockets (the default)")
    side.add_argument("--connect", action="store_true", help="connect both sockets")
    parser.add_argument("--in-connect", action="store_true")
    parser.add_argument("--out-connect", action="store_true")
    parser.add_argument("--loop", choices=loops, default=loops[0])
    parser.add_argument("--gc", choices=("default", "freeze", "off"), default=default_gc)
    parser.add_argument("--stats-file", help="where to write counts and collector pauses at the end, as JSON")
    parser.add_argument("--exit-on-stdin-eof", action="store_true")
    return parser


def rules_or_exit(path: str) -> Rulebook:
    """The rulebook, or exit code 2 with the path of the key at fault on stderr."""
    try:
        return load_rulebook(path)
    except RulebookError as error:
        print(error, file=sys.stderr)
    except (OSError, ValueError) as error:
        print(f"{path}: {error}", file=sys.stderr)
    sys.exit(2)


def open_sockets(context: Any, options: argparse.Namespace) -> tuple[Any, Any]:
    """(input, output) sockets of a zmq.Context or zmq.asyncio.Context."""
    source = context.socket(zmq.SUB if options.in_pattern == "sub" else zmq.PULL)
    sink = context.socket(zmq.PUSH)
    for opened in (source, sink):
        opened.setsockopt(zmq.LINGER, LINGER_MS)
        opened.setsockopt(zmq.SNDHWM, HIGH_WATER_MARK)
        opened.setsockopt(zmq.RCVHWM, HIGH_WATER_MARK)
        opened.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE_BYTES)
    if options.in_pattern == "sub":
        source.setsockopt(zmq.SUBSCRIBE, b"")
    _attach(sink, options.sink, options.connect or options.out_connect)
    _attach(source, options.source, options.connect or options.in_connect)
    # Not before: its signal would end the process before a bind that fails could say so.
    if options.exit_on_stdin_eof:
        end_with_stdin()
    return source, sink


def _attach(opened: Any, address: str, connect: bool) -> None:
    """Connects or binds; where that cannot be done, exit code 3 with the address and the reason on stderr."""
    try:
        if connect:
            opened.connect(address)
            return
        # libzmq takes an ipc path over from whoever listens there, and that one never hears of it
        if address.startswith("ipc://") and _somebody_listens(address[len("ipc://"):]):
            raise OSError("another process is listening there")
        opened.bind(address)
    except (OSError, zmq.ZMQError) as error:
        print(f"{address} cannot be {'connected' if connect else 'bound'}: {error}", file=sys.stderr)
        sys.exit(3)


def _somebody_listens(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(PROBE_SECONDS)
        try:
            probe.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except OSError:
            return os.path.exists(path)
    return True


def announce(source: Any, sink: Any, snapshot: Optional[dict[str, Any]] = None) -> None:
    ends = {"in": source.getsockopt(zmq.LAST_ENDPOINT), "out": sink.getsockopt(zmq.LAST_ENDPOINT)}
    line = {"ready": True, "pid": os.getpid(), **{name: value.rstrip(b"\0").decode() for name, value in ends.items()}}
    if snapshot is not None:
        line["snapshot"] = snapshot
    print(json.dumps(line, separators=(",", ":")), flush=True)


def end_with_stdin() -> None:
    """Treats the end of stdin like SIGTERM, so that no process outlives the one that started it."""

    def wait() -> None:
        while os.read(0, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True, name="stdin").start()


class Waiting:
    """Lets SIGTERM end a blocking receive or send, but never a decision that is half made.

    A signal that comes just before the system call does not interrupt it; therefore both time out now and then and look again.
    """

    def __init__(self, source: Any, sink: Any) -> None:
        self.now = False
        self._stopping = False
        source.setsockopt(zmq.RCVTIMEO, STOP_CHECK_MS)
        sink.setsockopt(zmq.SNDTIMEO, STOP_CHECK_MS)
        self._receive = source.recv
        self._send = sink.send
        signal.signal(signal.SIGTERM, self._on_signal)

    def _on_signal(self, number: int, frame: Optional[FrameType]) -> None:
        self._stopping = True
        if self.now:
            raise StopServing

    def begin(self) -> None:
        self.now = True
        if self._stopping:
            raise StopServing

    def receive(self) -> bytes:
        """The next message, however long it takes."""
        while True:
            self.begin()
            try:
                raw: bytes = self._receive()
            except zmq.Again:
                continue
            self.now = False
            return raw

    def send(self, frames: list[bytes]) -> None:
        self.begin()
        for frame in frames:
            while True:
                try:
                    self._send(frame)
                    break
                except zmq.Again:
                    self.begin()
        self.now = False


def write_stats(path: Optional[str], served: Served) -> None:
    if path:
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"messages": served.messages, "outputs": served.outputs, "gc": served.collections.as_json()}, file)
            file.write("\n")
