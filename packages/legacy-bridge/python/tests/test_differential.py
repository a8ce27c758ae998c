"""The idiomatic and the tuned order path on the same random traffic, message by message; and proof that the traffic reaches everything.

TANDEM_DEEP=1 runs on for TANDEM_BUDGET_S seconds (60) from TANDEM_SEED.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from typing import Any

import pytest

from order_path_parts.decision_core import OrderPath
from order_path_parts.reports import CANCEL_REJECT_REASONS, REJECT_REASONS
from order_path_parts.rulebook import parse_rulebook
from order_path_parts.wire_schema import FIELDS, SchemaFailure, decode
from order_path_tuned_parts.tuned_core import TunedOrderPath
from random_traffic import RandomTraffic, small_rulebook

BASE_SEED = int(os.environ.get("TANDEM_SEED", "1000"))
SEEDS = 20
MESSAGES = 10_000
HASH_EVERY = 400

TEXTS = {
    *REJECT_REASONS, *CANCEL_REJECT_REASONS, "NOT_PERMITTED", "STALE_REF", "SELF_TRADE", "REDUCE_ONLY", "EXPIRE_MISSING", "EXPIRED",
    "NOT_REPLACEABLE", "OVERFILL", "LATE_FILL", "VENUE_REJECT", "CANCEL_REJECTED", "IN_DOUBT", "DEAD_MAN", "KILLED", "FILL_FORMAT",
    "FILL_RANGE", "MD_FORMAT", "UNKNOWN_TARGET", "RESUME_MISMATCH", "SCHEMA_JSON", "SCHEMA_EXTRA", "SCHEMA_ENUM:msgType",
    "SCHEMA_MISSING:msgType",
    *(f"ILLEGAL:{status}:{event}" for status, events in {"A": "59", "U": "59", "0": "0589", "1": "0589", "6": "058", "E": "08"}.items()
      for event in events),
}
CODES_OF_REPLACE = {
    "KILLED", "HALTED", "REDUCING_ONLY", "UNKNOWN_ACCOUNT", "UNKNOWN_SYMBOL", "NOT_PERMITTED", "DUP_CLORDID", "UNKNOWN_ORDER", "TOO_LATE",
    "PENDING", "NOT_REPLACEABLE", "PX_TICK", "QTY_LOT", "PX_NONPOS", "QTY_NONPOS", "QTY_MIN", "QTY_MAX", "NOTIONAL_MIN", "NOTIONAL_MAX",
    "COLLAR", "STALE_REF", "RATE", "POSITION", "CUM_NOTIONAL", "SELF_TRADE", "REDUCE_ONLY",
}
PAIRS = {(status, event) for status in "AU016E248C" for event in "0458CF9"}


class Coverage:
    """What was seen: texts by output type, status x event, output kinds, and the counters of dropped input."""

    def __init__(self) -> None:
        self.texts: Counter[str] = Counter()
        self.replace_texts: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        self.outputs: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()
        self.forgotten = 0
        self.rotations = 0

    def see_input(self, core: OrderPath, raw: bytes) -> None:
        if not raw.startswith((b'{"msgType":"8"', b'{"msgType":"9"')):
            return
        try:
            message = decode(raw)
        except SchemaFailure:
            return
        order = core.state.orders.by_id(message["orderId"])
        if order and message["msgSeqNum"] > core.state.last_seq and message["execId"] not in core.state.exec_ids:
            self.pairs[order.status, message.get("execType", "9")] += 1

    def see_outputs(self, outputs: list[dict[str, Any]]) -> None:
        for output in outputs:
            kind = output["msgType"]
            self.outputs[kind + output.get("execType", "") + output.get("action", "")] += 1
            if output.get("text"):
                self.texts[output["text"]] += 1
                if kind == "9" and output["cxlRejResponseTo"] == "2":
                    self.replace_texts[output["text"]] += 1

    def see_end(self, core: OrderPath) -> None:
        state = core.state
        self.dropped += Counter(inputs=state.repeated_inputs, execs=state.repeated_execs, absorbed=state.absorbed)
        self.forgotten += state.orders.ended_count > state.rules.terminal_retention
        self.rotations += bool(state.client_ids.previous) and bool(state.exec_ids.previous)


def run(seed: int, count: int, coverage: Coverage) -> None:
    rulebook = small_rulebook(seed)
    rules = parse_rulebook(rulebook)
    plain, tuned, traffic = OrderPath(rules), TunedOrderPath(rules), RandomTraffic(seed, rulebook)
    for index in range(count):
        raw = traffic.next()
        coverage.see_input(plain, raw)
        expected = plain.accept(raw)
        assert tuned.accept(raw) == expected, f"seed {seed}, message {index}: {raw[:500]!r}"
        if index % HASH_EVERY == 0:
            assert tuned.state_hash() == plain.state_hash(), f"seed {seed}, after message {index}: {raw[:500]!r}"
        coverage.see_outputs(traffic.observe(expected))
    assert tuned.state_hash() == plain.state_hash(), f"seed {seed}, at the end"
    coverage.see_end(plain)


@pytest.fixture(scope="module")
def coverage() -> Coverage:
    print("seeds", BASE_SEED, "to", BASE_SEED + SEEDS - 1)
    seen = Coverage()
    for seed in range(BASE_SEED, BASE_SEED + SEEDS):
        run(seed, MESSAGES, seen)
    return seen


def test_both_variants_agree_and_every_text_occurs(coverage: Coverage) -> None:
    assert TEXTS - set(coverage.texts) == set()


def test_every_refusal_of_a_replace_occurs(coverage: Coverage) -> None:
    assert CODES_OF_REPLACE - set(coverage.replace_texts) == set()


def test_every_state_meets_every_event(coverage: Coverage) -> None:
    assert PAIRS - set(coverage.pairs) == set()


def test_every_field_is_refused_in_every_way(coverage: Coverage) -> None:
    names = {(field.name, field.kind, field.required) for fields in FIELDS.values() for field in fields}
    wanted = {f"SCHEMA_FORMAT:{name}" for name, _, _ in names} | {f"SCHEMA_ENUM:{name}" for name, kind, _ in names if kind == "enum"}
    wanted |= {f"SCHEMA_MISSING:{name}" for name, _, required in names if required or name in ("price", "stopPx", "lastQty", "lastPx")}
    missing = wanted - set(coverage.texts)
    assert len(missing) <= len(wanted) // 10, missing  # each has its own example in test_schema.py


def test_every_output_occurs_and_every_window_turns(coverage: Coverage) -> None:
    reports = {f"8{kind}" for kind in "A0458CFI6ED"}
    states = {f"r{action}" for action in ("kill", "halt", "reduce", "resume-request", "resume-confirm", "dead-man")}
    assert (reports | states | {"3", "9", "j", "D", "G", "F", "H", "0"}) - set(coverage.outputs) == set()
    assert min(coverage.dropped[name] for name in ("inputs", "execs", "absorbed")) > 100
    assert coverage.forgotten == SEEDS and coverage.rotations == SEEDS


@pytest.mark.skipif(os.environ.get("TANDEM_DEEP") != "1", reason="TANDEM_DEEP=1 runs it")
def test_deep() -> None:
    seed = BASE_SEED + SEEDS
    end = time.monotonic() + float(os.environ.get("TANDEM_BUDGET_S", "60"))
    seen = Coverage()
    while time.monotonic() < end:
        print("seed", seed)
        run(seed, 50_000, seen)
        seed += 1
