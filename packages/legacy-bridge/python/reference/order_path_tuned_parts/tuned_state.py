"""State of the tuned order path, and the two moves that keep its sums true: a changed reservation and an ended order."""

from __future__ import annotations

import heapq
from collections import deque

from order_path_parts.rulebook import Rulebook

from .scaled_instrument import ScaledInstrument
from .tuned_books import ACTIVE, UNKNOWN_BEST, Account, Bucket, Order

DIGEST_MODULUS = 1_000_003
MAX_STALE_EXPIRIES = 64


class TunedState:
    __slots__ = (
        "instruments", "accounts", "global_bucket", "window", "reject_consumes_duplicate", "reject_consumes_rate", "ack_timeout_us",
        "resume_window_us", "max_open_per_side", "max_open_orders", "retention", "last_seq", "now", "ids", "ids_before", "execs",
        "execs_before", "by_id", "by_client_id", "open", "unacknowledged", "expiries", "overdue", "ended", "ended_count",
        "ended_digest", "any_stop", "stopped", "resume_requests", "repeated_inputs", "repeated_execs", "absorbed",
    )

    def __init__(self, rules: Rulebook) -> None:
        self.instruments = {symbol: ScaledInstrument(item, rules) for symbol, item in rules.instruments.items()}
        self.accounts = {name: Account(item, self.instruments, rules.cash_decimals) for name, item in rules.accounts.items()}
        self.global_bucket = Bucket(rules.global_capacity, rules.global_per_second)
        self.window = rules.duplicate_window
        self.reject_consumes_duplicate = rules.reject_consumes_duplicate
        self.reject_consumes_rate = rules.reject_consumes_rate
        self.ack_timeout_us = rules.ack_timeout_us
        self.resume_window_us = rules.resume_window_us
        self.max_open_per_side = rules.max_open_per_side
        self.max_open_orders = rules.max_open_orders
        self.retention = rules.terminal_retention
        self.last_seq = 0
        self.now = 0
        self.ids: set[tuple[str, str]] = set()
        self.ids_before: set[tuple[str, str]] = set()
        self.execs: set[str] = set()
        self.execs_before: set[str] = set()
        self.by_id: dict[str, Order] = {}
        self.by_client_id: dict[tuple[str, str], Order] = {}
        self.open: dict[int, Order] = {}
        self.unacknowledged: dict[int, Order] = {}
        self.expiries: list[tuple[int, int]] = []
        self.overdue: list[Order] = []
        self.ended: deque[Order] = deque()
        self.ended_count = 0
        self.ended_digest = 0
        self.any_stop = False
        self.stopped = ACTIVE
        self.resume_requests: dict[tuple[str, str], tuple[str, int]] = {}
        self.repeated_inputs = 0
        self.repeated_execs = 0
        self.absorbed = 0

    def remember_id(self, key: tuple[str, str]) -> None:
        self.ids.add(key)
        if len(self.ids) >= self.window:
            self.ids_before = self.ids
            self.ids = set()


def reserve(order: Order) -> None:
    """Brings the order's reservation, and the sums it is part of, up to date with its quantities and prices."""
    lots, ticks = order.lots, order.reserve_ticks
    if order.pending_key is not None:
        if order.pending_lots > lots:
            lots = order.pending_lots
        if order.pending_ticks > ticks:
            ticks = order.pending_ticks
    lots -= order.cum_lots
    if lots < 0:
        lots = 0
    desk = order.desk
    cash = lots * ticks * desk.instrument.cash_unit
    order.side.open_lots += lots - order.reserved_lots
    desk.account.open_notional += cash - order.reserved_cash
    order.reserved_lots = lots
    order.reserved_cash = cash


def end_order(state: TunedState, order: Order, status: str) -> None:
    """The order reaches a terminal status: releases what it reserves and takes it off the books."""
    side = order.side
    side.open_lots -= order.reserved_lots
    order.desk.account.open_notional -= order.reserved_cash
    order.reserved_lots = order.reserved_cash = 0
    order.status = status
    order.previous = "-"
    order.pending_key = None
    del side.orders[order.seq]
    if order.is_limit and side.best == order.ticks:
        side.best = UNKNOWN_BEST
    del state.open[order.seq]
    state.unacknowledged.pop(order.seq, None)
    state.ended_count += 1
    state.ended_digest = (
        state.ended_digest * 31 + order.seq % DIGEST_MODULUS + order.cum_lots % DIGEST_MODULUS * 7 + ord(status)
    ) % DIGEST_MODULUS
    ended = state.ended
    ended.append(order)
    while len(ended) > state.retention:
        _forget(state, ended.popleft())
    if len(state.expiries) > 2 * len(state.open) + MAX_STALE_EXPIRIES:
        state.expiries = [entry for entry in state.expiries if entry[1] in state.open]
        heapq.heapify(state.expiries)


def _forget(state: TunedState, order: Order) -> None:
    del state.by_id[order.order_id]
    if state.by_client_id.get(order.key) is order:
        del state.by_client_id[order.key]
