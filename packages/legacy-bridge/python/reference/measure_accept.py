"""Measures `accept` alone: messages a second and the service time's percentiles of both variants on the same frames in one run.

    python measure_accept.py --seed 1 --count 100000
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, os.pardir, "tests")]

from order_path_parts.rulebook import parse_rulebook  # noqa: E402
from random_traffic import RandomTraffic, roomy_rulebook  # noqa: E402
from replay_file import make_core  # noqa: E402


def recorded_frames(rulebook: dict[str, Any], seed: int, count: int) -> list[bytes]:
    """Valid traffic, written down once, because the traffic depends on the outputs."""
    core = make_core("idiomatic", parse_rulebook(rulebook))
    traffic = RandomTraffic(seed, rulebook, hostile_share=0.0)
    frames = []
    for _ in range(count):
        raw = traffic.next()
        frames.append(raw)
        traffic.observe(core.accept(raw))
    return frames


def measure(variant: str, rulebook: dict[str, Any], frames: list[bytes]) -> dict[str, Any]:
    core = make_core(variant, parse_rulebook(rulebook))
    gc.collect()
    begin_ns = time.perf_counter_ns()
    for raw in frames:
        core.accept(raw)
    total_ns = time.perf_counter_ns() - begin_ns
    core = make_core(variant, parse_rulebook(rulebook))
    clock = time.perf_counter_ns
    times_ns = []
    for raw in frames:
        begin_ns = clock()
        core.accept(raw)
        times_ns.append(clock() - begin_ns)
    times_ns.sort()
    count = len(times_ns)
    return {
        "variant": variant, "messages": count, "messagesPerSecond": round(count * 1e9 / total_ns),
        "p50Ns": times_ns[count // 2], "p99Ns": times_ns[count * 99 // 100], "maxNs": times_ns[-1], "stateHash": core.state_hash(),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure accept() of both variants.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100_000)
    options = parser.parse_args()
    rulebook = roomy_rulebook()
    frames = recorded_frames(rulebook, options.seed, options.count)
    for variant in ("idiomatic", "tuned"):
        print(json.dumps(measure(variant, rulebook, frames)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
