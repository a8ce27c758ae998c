"""A process that goes on from a snapshot answers like one that never ended; what is not exactly a snapshot is refused."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import pickle
from pathlib import Path
from typing import Any

import pytest

from conftest import PYTHON_ROOT
from order_path_parts.decision_core import OrderPath
from order_path_parts.rulebook import Rulebook, parse_rulebook
from order_path_parts.snapshots import FORMAT, Refused, Snapshots, from_bytes, to_bytes

GOLDEN = PYTHON_ROOT / "golden" / "order-path-small.jsonl.gz"


def golden() -> tuple[Rulebook, list[dict[str, Any]]]:
    with gzip.open(GOLDEN) as file:
        head: dict[str, Any] = json.loads(file.readline())
        return parse_rulebook(head["rulebook"]), [json.loads(line) for line in file]


def at(rules: Rulebook, entries: list[dict[str, Any]], count: int) -> OrderPath:
    core = OrderPath(rules)
    for entry in entries[:count]:
        core.accept(base64.b64decode(entry["in"]))
    return core


@pytest.mark.parametrize("count", [0, 700, 1501, 2900])
def test_goes_on_as_if_it_had_never_ended(count: int) -> None:
    rules, entries = golden()
    octets = to_bytes(at(rules, entries, count), "tdmx.1")
    again = OrderPath(rules)
    again.state, place = from_bytes(octets, rules)
    assert place == "tdmx.1"
    for number, entry in enumerate(entries[count:], count + 1):
        assert [frame.decode("ascii") for frame in again.accept(base64.b64decode(entry["in"]))] == entry["out"], number
        if "hash" in entry:
            assert again.state_hash() == entry["hash"], number


def test_every_change_of_a_byte_and_every_cut_is_refused() -> None:
    rules, entries = golden()
    octets = to_bytes(at(rules, entries, 300), "tdmx.1")
    head = octets.index(b"\n") + 1
    for place in [*range(head, len(octets), 97), len(octets) - 1]:
        changed = bytearray(octets)
        changed[place] ^= 0x10
        with pytest.raises(Refused):
            from_bytes(bytes(changed), rules)
    for length in range(0, len(octets), 211):
        with pytest.raises(Refused):
            from_bytes(octets[:length], rules)


def test_state_that_is_not_the_one_it_was_taken_of_is_refused() -> None:
    rules, entries = golden()
    octets = to_bytes(at(rules, entries, 300), "tdmx.1")
    header, body = octets.split(b"\n", 1)
    value = json.loads(header)
    value["stateHash"] = "0" * 64
    with pytest.raises(Refused, match="not the one"):
        from_bytes(json.dumps(value).encode() + b"\n" + body, rules)


class _Hostile:
    def __reduce__(self) -> Any:
        return (os.mkdir, ("/nowhere/at/all",))


def test_makes_nothing_but_its_own_classes() -> None:
    rules, _ = golden()
    body = pickle.dumps(_Hostile())
    header = {"format": FORMAT, "at": "x", "stateHash": "", "sha256": hashlib.sha256(body).hexdigest(), "sizeBytes": len(body)}
    with pytest.raises(Refused, match="mkdir"):
        from_bytes(json.dumps(header).encode() + b"\n" + body, rules)


def test_takes_one_behind_a_test_request_and_prefers_the_newest_sound_one(tmp_path: Path) -> None:
    rules, entries = golden()
    keeper = Snapshots(str(tmp_path), every=1)
    keeper._taken_s = float("-inf")
    core = at(rules, entries, 500)
    core.answered = None
    keeper.after(core)
    assert list(tmp_path.iterdir()) == []
    core.accept(b'{"msgType":"1","testReqId":"tdma.9","stateHash":"0"}')
    keeper.after(core)
    os.waitpid(keeper._child, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["tdma.9.snapshot"]
    (tmp_path / "tdmb.1.snapshot").write_bytes((tmp_path / "tdma.9.snapshot").read_bytes()[:-1])
    os.utime(tmp_path / "tdma.9.snapshot", (1, 1))
    again = OrderPath(rules)
    assert Snapshots(str(tmp_path), 1).restore(again) == {"restored": "tdma.9", "refused": 1}
    assert again.state_hash() == core.state_hash()


def test_without_a_folder_none_are_kept() -> None:
    rules, entries = golden()
    core = at(rules, entries, 10)
    assert Snapshots("", 1).restore(core) == {"restored": None, "refused": 0}
    core.accept(b'{"msgType":"1","testReqId":"tdma.9","stateHash":"0"}')
    Snapshots("", 0).after(core)
