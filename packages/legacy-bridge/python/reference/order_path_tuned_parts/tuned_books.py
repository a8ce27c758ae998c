"""What the tuned order path keeps per order, per side, per pair of account and symbol, and per account: slots, and sums kept as they move."""

from __future__ import annotations

from typing import Optional

from order_path_parts.rulebook import AccountRules

from .scaled_instrument import ScaledInstrument

TOKEN = 1_000_000
MAX_ELAPSED_US = 1_000_000_000
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
