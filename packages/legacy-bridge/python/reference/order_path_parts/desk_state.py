"""All that the order path remembers between two messages, and the bookkeeping of what orders reserve and fills move."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Optional

from .order_records import ZERO, Order
from .order_store import OrderStore
from .rulebook import AccountRules, Rulebook
from .seen_window import SeenWindow
from .token_bucket import TokenBucket

ACTIVE = 0
REDUCING = 1
HALTED = 2
KILLED = 3


@dataclass
class Reference:
    """The last market data of a symbol."""

    bid: Decimal
    ask: Decimal
    time: int


@dataclass
class ResumeRequest:
    kill_id: str
    time: int


class Account:
    def __init__(self, rules: AccountRules) -> None:
        self.rules = rules
        self.bucket = TokenBucket(rules.rate_capacity, rules.rate_per_second)
        self.cancel_bucket = TokenBucket(rules.cancel_rate_capacity, rules.cancel_rate_per_second)
        self.last_seen: Optional[int] = None
        self.open_notional = ZERO
        self.traded_notional = ZERO
        self.positions: dict[str, Decimal] = {}
        self.open_qty: dict[tuple[str, str], Decimal] = {}

    def position(self, symbol: str) -> Decimal:
        return self.positions.get(symbol, ZERO)

    def open_quantity(self, symbol: str, side: str) -> Decimal:
        return self.open_qty.get((symbol, side), ZERO)


class DeskState:
    def __init__(self, rules: Rulebook) -> None:
        self.rules = rules
        self.accounts = {name: Account(account) for name, account in rules.accounts.items()}
        self.global_bucket = TokenBucket(rules.global_capacity, rules.global_per_second)
        self.orders = OrderStore(rules.terminal_retention)
        self.references: dict[str, Reference] = {}
        self.trading_states: dict[tuple[str, str], int] = {}
        self.resume_requests: dict[tuple[str, str], ResumeRequest] = {}
        self.client_ids: SeenWindow[tuple[str, str]] = SeenWindow(rules.duplicate_window)
        self.exec_ids: SeenWindow[str] = SeenWindow(rules.duplicate_window)
        self.last_seq = 0
        self.now = 0
        self.repeated_inputs = 0
        self.repeated_execs = 0
        self.absorbed = 0

    def severity(self, account: str, symbol: str) -> int:
        states = self.trading_states
        if not states:
            return ACTIVE
        return max(
            states.get(("global", ""), ACTIVE), states.get(("account", account), ACTIVE), states.get(("symbol", symbol), ACTIVE)
        )

    def reserve(self, order: Order) -> None:
        self._move_reservation(order, 1)

    def release(self, order: Order) -> None:
        """Takes the order's reservation out of the sums; call before anything that it depends on is changed."""
        self._move_reservation(order, -1)

    def _move_reservation(self, order: Order, sign: int) -> None:
        account = self.accounts[order.account]
        key = (order.symbol, order.side)
        account.open_qty[key] = account.open_qty.get(key, ZERO) + sign * order.reserved_qty
        account.open_notional += sign * order.reserved_notional

    def end_order(self, order: Order, status: str) -> None:
        """The order reaches a terminal status; its reservation must already have been released."""
        order.status = status
        order.previous = None
        order.pending = None
        self.orders.end(order, int(order.cum_qty / order.instrument.lot_size))
