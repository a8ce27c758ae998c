"""Writes golden vectors: a rulebook, then random messages with their outputs, with the state hash after every hundredth.

First line `{"formatVersion", "seed", "count", "rulebook"}`, then per message `{"in": base64, "out": [texts]}`, every hundredth and the last with
`"hash"`. Equal seed and count give an equal file.

    python generate_golden.py --seed 1 --count 3000 --out order-path-small.jsonl.gz
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import os
import sys
from typing import Any, Iterator

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, os.pardir, "tests")]

from order_path_parts.decision_core import OrderPath  # noqa: E402
from order_path_parts.rulebook import parse_rulebook  # noqa: E402
from random_traffic import RandomTraffic, small_rulebook  # noqa: E402

HASH_EVERY = 100


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"


def golden_lines(seed: int, count: int) -> Iterator[bytes]:
    rulebook = small_rulebook(seed)
    yield _line({"formatVersion": "1.0", "seed": seed, "count": count, "rulebook": rulebook})
    core = OrderPath(parse_rulebook(rulebook))
    traffic = RandomTraffic(seed, rulebook)
    for index in range(1, count + 1):
        raw = traffic.next()
        outputs = core.accept(raw)
        traffic.observe(outputs)
        entry: dict[str, Any] = {"in": base64.b64encode(raw).decode("ascii"), "out": [frame.decode("ascii") for frame in outputs]}
        if index % HASH_EVERY == 0 or index == count:
            entry["hash"] = core.state_hash()
        yield _line(entry)


def main() -> int:
    parser = argparse.ArgumentParser(description="Write golden vectors of the order path.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--out", required=True, help="a .jsonl.gz file, or - for plain lines on stdout")
    options = parser.parse_args()
    data = b"".join(golden_lines(options.seed, options.count))
    if options.out == "-":
        sys.stdout.buffer.write(data)
    else:
        with open(options.out, "wb") as file:
            # No time stamp and no name in the header: equal content gives an equal file.
            file.write(gzip.compress(data, compresslevel=9, mtime=0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
