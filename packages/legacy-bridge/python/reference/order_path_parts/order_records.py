"""One order as the order management sees it, and where it stands in its life."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Optional

from .rulebook import Instrument

PENDING_NEW = "A"
WORKING = "0"
PARTIAL = "1"
PENDING_CANCEL = "6"
PENDING_REPLACE = "E"
IN_DOUBT = "U"
FILLED = "2"
CANCELED = "4"
REJECTED = "8"
EXPIRED = "C"

TERMINAL = frozenset([FILLED, CANCELED, REJECTED, EXPIRED])
RESTING = frozenset([WORKING, PARTIAL])
UNACKNOWLEDGED = frozenset([PENDING_NEW, IN_DOUBT])
CANCELLABLE = frozenset([PENDING_NEW, WORKING, PARTIAL])
UNDER_CHANGE = frozenset([PENDING_CANCEL, PENDING_REPLACE, IN_DOUBT])

MARKET = "1"
LIMIT = "2"
STOP = "3"
BUY = "1"
SELL = "2"
GOOD_TILL_DATE = "6"

ZERO = Decimal(0)


@dataclass
class PendingReplace:
    cl_ord_id: str
    qty: Decimal
    price: Decimal


@dataclass(eq=False)
class Order:
    seq: int
    account: str
    instrument: Instrument
    cl_ord_id: str
    side: str
    ord_type: str
    tif: str
    order_qty: Decimal
    price: Optional[Decimal]
    """Limit price, or the stop price of a stop, or None for a market order."""
    order_price: Decimal
    """What notional is reserved at: the limit, the stop, or the far touch at acceptance."""
    expire_time: int
    reduce_only: bool
    accepted_at: int
    status: str = PENDING_NEW
    previous: Optional[str] = None
    pending: Optional[PendingReplace] = None
    cum_qty: Decimal = ZERO
    cum_notional: Decimal = ZERO

    @property
    def order_id(self) -> str:
        return f"O{self.seq}"

    @property
    def symbol(self) -> str:
        return self.instrument.symbol

    @property
    def is_terminal(self) -> bool:
        return self.status in TERMINAL

    @property
    def reported_status(self) -> str:
        return PENDING_NEW if self.status == IN_DOUBT else self.status

    @property
    def leaves_qty(self) -> Decimal:
        return ZERO if self.is_terminal else max(ZERO, self.order_qty - self.cum_qty)

    @property
    def reserve_qty(self) -> Decimal:
        return max(self.order_qty, self.pending.qty) if self.pending else self.order_qty

    @property
    def reserve_price(self) -> Decimal:
        return max(self.order_price, self.pending.price) if self.pending else self.order_price

    @property
    def reserved_qty(self) -> Decimal:
        return ZERO if self.is_terminal else max(ZERO, self.reserve_qty - self.cum_qty)

    @property
    def reserved_notional(self) -> Decimal:
        return self.reserve_price * self.reserved_qty
