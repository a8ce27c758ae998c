"""The golden vectors: both variants reproduce them, and the generator reproduces the file."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from conftest import PYTHON_ROOT
from generate_golden import golden_lines
from order_path_parts.rulebook import parse_rulebook
from replay_file import make_core

GOLDEN = PYTHON_ROOT / "golden" / "order-path-small.jsonl.gz"


def test_size() -> None:
    assert GOLDEN.stat().st_size <= 300_000


@pytest.mark.parametrize("variant", ["idiomatic", "tuned"])
def test_replay(variant: str) -> None:
    with gzip.open(GOLDEN) as file:
        head: dict[str, Any] = json.loads(file.readline())
        core = make_core(variant, parse_rulebook(head["rulebook"]))
        hashes = 0
        for number, line in enumerate(file, 1):
            entry = json.loads(line)
            assert [frame.decode("ascii") for frame in core.accept(base64.b64decode(entry["in"]))] == entry["out"], number
            if "hash" in entry:
                hashes += 1
                assert core.state_hash() == entry["hash"], number
    assert number == head["count"] == 3000 and hashes == 30


def test_regenerated_file_is_equal() -> None:
    with gzip.open(GOLDEN) as file:
        content = file.read()
    head = json.loads(content.split(b"\n", 1)[0])
    assert b"".join(golden_lines(head["seed"], head["count"])) == content
