"""The engine's own algorithm compiled by numba, a turn at a time, so that the engine can be measured before and after each turn.

    python time_numba_turns.py ticks.bin row.bin

`ticks.bin` holds seven little-endian doubles a tick. The first line of stdin says after how many of them to begin, and is answered by `ready`
after compiling, which takes a minute or two. Each further line asks for so many ticks, which go on where the ones before ended, round and round; it is
answered with ns a tick of the process's processor time, and `row.bin` then holds the last row: a little-endian double a feature.
Raises ValueError where a tick jumps or misses a value.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import numpy as np  # noqa: E402

from signals.emitted_baselines import NumbaFeatures  # noqa: E402


def pieces(at: int, count: int, length: int) -> list[tuple[int, int]]:
    """`count` ticks from `at` on, round and round through `length` of them."""
    found = []
    while count > 0:
        end = min(length, at + count)
        found.append((at, end))
        count -= end - at
        at = 0 if end == length else end
    return found


def main() -> int:
    ticks: Any = np.fromfile(sys.argv[1], dtype="<f8").reshape(-1, 7)
    at = int(sys.stdin.readline())
    features = NumbaFeatures(ticks[:at])
    print("ready", flush=True)
    for line in sys.stdin:
        count = int(line)
        begun = time.process_time_ns()
        for first, end in pieces(at, count, len(ticks)):
            features.run(ticks[first:end])
        taken_ns = time.process_time_ns() - begun
        at = (at + count) % len(ticks)
        features.row.tofile(sys.argv[2])
        print(f"{taken_ns / count:.3f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
