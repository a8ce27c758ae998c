"""The programs as they are started: real processes, real sockets, orderly ends."""

from __future__ import annotations

import base64
import gzip
import json
import signal
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator, Optional

import pytest

from both_variants import rulebook
from conftest import PYTHON_ROOT

zmq = pytest.importorskip("zmq")
REFERENCE = PYTHON_ROOT / "reference"
TIMEOUT_MS = 20_000
MESSAGES = 300

RUNS = [
    ("order_path.py", []), ("order_path.py", ["--loop", "blocking"]), ("order_path.py", ["--loop", "blocking", "--gc", "freeze"]),
    ("order_path.py", ["--loop", "uvloop"]), ("order_path.py", ["--gc", "off"]), ("order_path_tuned.py", []),
    ("order_path_tuned.py", ["--loop", "blocking"]), ("order_path_tuned.py", ["--gc", "freeze"]),
]


def golden() -> tuple[dict[str, Any], list[bytes], list[bytes]]:
    """The rulebook, the first inputs and all their outputs."""
    with gzip.open(PYTHON_ROOT / "golden" / "order-path-small.jsonl.gz") as file:
        head = json.loads(file.readline())
        entries = [json.loads(file.readline()) for _ in range(MESSAGES)]
    inputs = [base64.b64decode(entry["in"]) for entry in entries]
    return head["rulebook"], inputs, [text.encode() for entry in entries for text in entry["out"]]


STARTED: list[subprocess.Popen[bytes]] = []


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    yield
    for process in STARTED:
        process.kill()
        process.wait()
    STARTED.clear()


class Program:
    def __init__(self, folder: Path, rules: dict[str, Any], script: str, arguments: list[str]) -> None:
        rules_path = folder / "rulebook.json"
        rules_path.write_text(json.dumps(rules))
        self.stats = folder / "stats.json"
        command = [sys.executable, "-I", str(REFERENCE / script), "--rules", str(rules_path), "--stats-file", str(self.stats), *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        STARTED.append(self.process)

    def ready(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line: dict[str, Any] = json.loads(self.process.stdout.readline())
        assert line["ready"] is True and line["pid"] == self.process.pid
        return line

    def end(self, how: Optional[signal.Signals]) -> tuple[int, str]:
        """Exit code and stderr after a signal, or after the end of stdin."""
        if how is not None:
            self.process.send_signal(how)
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors.decode()


@pytest.fixture
def context() -> Iterator[Any]:
    made = zmq.Context()
    yield made
    made.destroy(linger=0)


def pull(context: Any, address: str) -> Any:
    socket = context.socket(zmq.PULL)
    socket.setsockopt(zmq.RCVTIMEO, TIMEOUT_MS)
    socket.connect(address)
    return socket


@pytest.mark.parametrize("script, arguments", RUNS, ids=lambda value: value if isinstance(value, str) else " ".join(value))
def test_golden_messages_over_sockets(script: str, arguments: list[str], tmp_path: Path, context: Any) -> None:
    if "uvloop" in arguments:
        pytest.importorskip("uvloop")
    rules, inputs, expected = golden()
    ends = ["--in", f"ipc://{tmp_path}/in", "--out", "tcp://127.0.0.1:*"]
    program = Program(tmp_path, rules, script, [*ends, *arguments])
    ready = program.ready()
    assert ready["in"] == f"ipc://{tmp_path}/in"
    sink = pull(context, ready["out"])
    source = context.socket(zmq.PUSH)
    source.connect(ready["in"])
    for raw in inputs:
        source.send(raw)
    outputs = [sink.recv() for _ in expected]
    assert outputs == expected
    assert program.end(signal.SIGTERM) == (0, "")
    stats = json.loads(program.stats.read_text())
    assert (stats["messages"], stats["outputs"]) == (MESSAGES, len(expected))
    assert set(stats["gc"]) == {"count", "fullCount", "totalMs", "maxMs", "longest"}
    pauses = [pause["ms"] for pause in stats["gc"]["longest"]]
    assert pauses == sorted(pauses, reverse=True) and max(pauses, default=0) == stats["gc"]["maxMs"]


@pytest.mark.parametrize("script", ["order_path.py", "order_path_tuned.py"])
def test_subscribes_connects_and_ends_with_stdin(script: str, tmp_path: Path, context: Any) -> None:
    rules, inputs, expected = golden()
    source = context.socket(zmq.XPUB)
    source.bind(f"ipc://{tmp_path}/in")
    source.setsockopt(zmq.RCVTIMEO, TIMEOUT_MS)
    sink = context.socket(zmq.PULL)
    sink.setsockopt(zmq.RCVTIMEO, TIMEOUT_MS)
    sink.bind(f"ipc://{tmp_path}/out")
    arguments = ["--in", f"ipc://{tmp_path}/in", "--out", f"ipc://{tmp_path}/out", "--in-pattern", "sub", "--connect", "--exit-on-stdin-eof"]
    program = Program(tmp_path, rules, script, arguments)
    program.ready()
    assert source.recv() == b"\x01"
    for raw in inputs:
        source.send(raw)
    assert [sink.recv() for _ in expected] == expected
    assert program.end(None) == (0, "")


@pytest.mark.parametrize("script, arguments", [("order_path.py", []), ("order_path.py", ["--loop", "blocking"]), ("order_path_tuned.py", [])])
def test_ends_while_nobody_takes_the_outputs(script: str, arguments: list[str], tmp_path: Path, context: Any) -> None:
    rules, inputs, _ = golden()
    program = Program(tmp_path, rules, script, ["--in", f"ipc://{tmp_path}/in", "--out", f"ipc://{tmp_path}/out", *arguments])
    program.ready()
    source = context.socket(zmq.PUSH)
    source.connect(f"ipc://{tmp_path}/in")
    for raw in inputs:
        source.send(raw)
    source.close(linger=1000)
    assert program.end(signal.SIGTERM)[0] == 0


@pytest.mark.parametrize("script", ["order_path.py", "order_path_tuned.py"])
def test_refuses_a_bad_rulebook(script: str, tmp_path: Path) -> None:
    ends = ["--in", f"ipc://{tmp_path}/in", "--out", f"ipc://{tmp_path}/out"]
    code, errors = Program(tmp_path, rulebook(duplicateWindow=0), script, ends).end(None)
    assert code == 2 and errors.startswith("duplicateWindow: ")
    (tmp_path / "empty").mkdir()
    assert Program(tmp_path / "empty", {}, script, ends).end(None)[0] == 2


@pytest.mark.parametrize("script, arguments", [("order_path.py", []), ("order_path.py", ["--loop", "blocking"]), ("order_path_tuned.py", [])])
@pytest.mark.parametrize("transport", ["ipc", "tcp"])
def test_leaves_an_address_to_whoever_holds_it(script: str, arguments: list[str], transport: str, tmp_path: Path, context: Any) -> None:
    holder = context.socket(zmq.PUSH)
    holder.bind(f"ipc://{tmp_path}/out" if transport == "ipc" else "tcp://127.0.0.1:*")
    taken = holder.getsockopt(zmq.LAST_ENDPOINT).rstrip(b"\0").decode()
    program = Program(tmp_path, rulebook(), script, ["--in", f"ipc://{tmp_path}/in", "--out", taken, "--exit-on-stdin-eof", *arguments])
    # stdin has ended before anything is bound: the reason must be told all the same
    code, errors = program.end(None)
    assert code == 3 and errors.startswith(f"{taken} cannot be bound: ")
    live = pull(context, taken)
    holder.send(b"still mine")
    assert live.recv() == b"still mine"


def framed(frames: list[bytes]) -> bytes:
    return b"".join(struct.pack("<I", len(frame)) + frame for frame in frames)


@pytest.mark.parametrize("variant", ["idiomatic", "tuned"])
def test_replay_driver(variant: str, tmp_path: Path) -> None:
    rules, inputs, expected = golden()
    (tmp_path / "rulebook.json").write_text(json.dumps(rules))
    command = [sys.executable, "-I", str(REFERENCE / "replay_file.py"), "--rules", str(tmp_path / "rulebook.json"), "--variant", variant]
    done = subprocess.run(command, input=framed([*inputs, b""]), capture_output=True, timeout=60, check=True)
    outputs, at, answers = [], 0, 0
    while at < len(done.stdout):
        (count,) = struct.unpack_from("<I", done.stdout, at)
        at += 4
        answers += 1
        for _ in range(count):
            (length,) = struct.unpack_from("<I", done.stdout, at)
            outputs.append(done.stdout[at + 4 : at + 4 + length])
            at += 4 + length
    assert answers == MESSAGES + 1 and outputs[:-1] == expected
    lines = b"".join(base64.b64encode(raw) + b"\n" for raw in [*inputs, b""])
    done = subprocess.run([*command, "--base64"], input=lines, capture_output=True, timeout=60, check=True)
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert [text.encode() for reply in replies[:-1] for text in reply["out"]] == expected
    assert replies[-1]["hash"].encode() == outputs[-1]


def test_replay_driver_survives_an_end_in_the_middle(tmp_path: Path) -> None:
    (tmp_path / "rulebook.json").write_text(json.dumps(rulebook()))
    command = [sys.executable, str(REFERENCE / "replay_file.py"), "--rules", str(tmp_path / "rulebook.json")]
    for tail in [b"\x01", b"\x05\x00\x00\x00ab"]:
        done = subprocess.run(command, input=framed([b"x"]) + tail, capture_output=True, timeout=60)
        assert done.returncode == 0 and done.stdout.count(b"SCHEMA_JSON") == 1
    done = subprocess.run(command, input=b"\xff\xff\xff\xff", capture_output=True, timeout=60)
    assert done.returncode != 0


def test_measure_script_prints_equal_hashes() -> None:
    command = [sys.executable, str(REFERENCE / "measure_accept.py"), "--count", "500"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["variant"] for row in rows] == ["idiomatic", "tuned"] and rows[0]["stateHash"] == rows[1]["stateHash"]
