"""State of the tuned order path: slots instead of dicts of dicts, sums kept as they move instead of added up."""

from __future__ import annotations

import heapq
from collections import deque
from typing import Optional

from order_path_parts.rulebook import AccountRules, Rulebook

from .scaled_instrument import ScaledInstrument

TOKEN = 1_000_000
MAX_ELAPSED_US = 1_000_000_000
DIGEST_MODULUS = 1_000_003
MAX_STALE_EXPIRIES = 64
NO_ASK = 1 << 62
NO_BID = 0
UNKNOWN_BEST = -1

ACTIVE = 0
REDUCING = 1
HALTED = 2
KILLED = 3


class Bucket:
    __slots__ = ("full", "per_second", "tokens", "last")

    def __init__(self, capacity: int, per_second: int) -> None:
        self.full = capacity * TOKEN
        self.per_second = per_second
        self.tokens = -1
        self.last = -1

    def refill(self, now: int) -> bool:
        """True when it then holds a whole token."""
        last = self.last
        if last != now:
            if last < 0:
                tokens = self.full
            else:
                elapsed = now - last
                tokens = self.tokens + (elapsed if elapsed < MAX_ELAPSED_US else MAX_ELAPSED_US) * self.per_second
                if tokens > self.full:
                    tokens = self.full
            self.tokens = tokens
            self.last = now
        return self.tokens >= TOKEN


class Order:
    __slots__ = (
        "seq", "order_id", "desk", "side", "key", "cl_ord_id", "kind", "is_limit", "tif", "lots", "qty_text", "ticks", "price_text",
        "reserve_ticks", "expire_time", "reduce_only", "accepted_at", "status", "previous", "cum_lots", "cum_tick_lots",
        "reserved_lots", "reserved_cash", "pending_key", "pending_lots", "pending_ticks", "pending_qty_text", "pending_price_text",
    )

    def __init__(
        self, seq: int, desk: Desk, side: SideBook, key: tuple[str, str], kind: str, is_limit: bool, tif: str, lots: int,
        qty_text: str, ticks: int, price_text: str, reserve_ticks: int, expire_time: int, reduce_only: bool, now: int,
    ) -> None:
        self.seq = seq
        self.order_id = f"O{seq}"
        self.desk = desk
        self.side = side
        self.key = key
        self.cl_ord_id = key[1]
        # The JSON members side and ordType.
        self.kind = kind
        self.is_limit = is_limit
        self.tif = tif
        self.lots = lots
        self.qty_text = qty_text
        # Limit or stop price, 0 for a market order; as text with its quotes, or null.
        self.ticks = ticks
        self.price_text = price_text
        self.reserve_ticks = reserve_ticks
        self.expire_time = expire_time
        self.reduce_only = reduce_only
        self.accepted_at = now
        self.status = "A"
        # "-" when there is none, as in the state hash.
        self.previous = "-"
        self.cum_lots = 0
        self.cum_tick_lots = 0
        self.reserved_lots = lots
        self.reserved_cash = lots * reserve_ticks * desk.instrument.cash_unit
        # None unless a replace is pending; the other pending values mean something only then.
        self.pending_key: Optional[tuple[str, str]] = None
        self.pending_lots = 0
        self.pending_ticks = 0
        self.pending_qty_text = ""
        self.pending_price_text = ""


class SideBook:
    """The open orders of one account, symbol and side."""

    __slots__ = ("orders", "open_lots", "is_buy", "best")

    def __init__(self, is_buy: bool) -> None:
        self.orders: dict[int, Order] = {}
        self.open_lots = 0
        self.is_buy = is_buy
        self.best = NO_BID if is_buy else NO_ASK

    def best_limit(self) -> int:
        """Price of the best open limit order; NO_BID or NO_ASK without one."""
        if self.best == UNKNOWN_BEST:
            prices = [order.ticks for order in self.orders.values() if order.is_limit]
            self.best = max(prices, default=NO_BID) if self.is_buy else min(prices, default=NO_ASK)
        return self.best

    def crossed_by(self, ticks: Optional[int]) -> list[Order]:
        """Open limit orders that an incoming order of the other side meets (None: all), best first, then oldest."""
        if self.is_buy:
            found = [order for order in self.orders.values() if order.is_limit and (ticks is None or ticks <= order.ticks)]
            found.sort(key=lambda order: (-order.ticks, order.seq))
        else:
            found = [order for order in self.orders.values() if order.is_limit and (ticks is None or ticks >= order.ticks)]
            found.sort(key=lambda order: (order.ticks, order.seq))
        return found


class Desk:
    """One permitted pair of account and symbol."""

    __slots__ = ("account", "instrument", "position", "buys", "sells", "tag")

    def __init__(self, account: Account, instrument: ScaledInstrument) -> None:
        self.account = account
        self.instrument = instrument
        self.position = 0
        self.buys = SideBook(True)
        self.sells = SideBook(False)
        self.tag = f'"account":"{account.name}","symbol":"{instrument.symbol}",'


class Account:
    __slots__ = (
        "name", "bucket", "cancel_bucket", "desks", "last_seen", "open_notional", "traded_notional", "max_open_notional",
        "credit_limit", "self_trade", "dead_man_us", "stopped",
    )

    def __init__(self, rules: AccountRules, instruments: dict[str, ScaledInstrument], cash_decimals: int) -> None:
        self.name = rules.account
        self.bucket = Bucket(rules.rate_capacity, rules.rate_per_second)
        self.cancel_bucket = Bucket(rules.cancel_rate_capacity, rules.cancel_rate_per_second)
        self.last_seen = -1
        self.open_notional = 0
        self.traded_notional = 0
        self.max_open_notional = int(rules.max_open_notional.scaleb(cash_decimals))
        self.credit_limit = int(rules.credit_limit.scaleb(cash_decimals))
        self.self_trade = rules.self_trade
        self.dead_man_us = rules.dead_man_us
        self.stopped = ACTIVE
        self.desks = {symbol: Desk(self, instruments[symbol]) for symbol in sorted(rules.symbols)}


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
