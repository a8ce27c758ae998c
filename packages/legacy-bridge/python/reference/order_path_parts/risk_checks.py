"""The single risk checks, in the order in which docs/order-path.md (section 5) numbers them. Each returns the reason of a refusal or None."""

from __future__ import annotations

from decimal import Decimal
from typing import Optional

from .desk_state import ACTIVE, HALTED, KILLED, Account, DeskState, Reference
from .order_records import BUY, ZERO, Order
from .rulebook import Instrument

BPS = 10_000


def would_reduce(account: Optional[Account], symbol: str, side: str, qty: Decimal, own_open: Decimal = ZERO) -> bool:
    """Whether an order can only bring the position nearer to zero, whatever else of its side is filled first."""
    if account is None:
        return False
    position = account.position(symbol)
    others = account.open_quantity(symbol, side) - own_open
    if side == BUY:
        return position < 0 and qty + others <= -position
    return position > 0 and qty + others <= position


def trading_state(state: DeskState, account: str, symbol: str, reduces: bool) -> Optional[str]:
    severity = state.severity(account, symbol)
    if severity == ACTIVE:
        return None
    if severity == KILLED:
        return "KILLED"
    if severity == HALTED:
        return "HALTED"
    return None if reduces else "REDUCING_ONLY"


def permission(state: DeskState, account: str, symbol: str) -> Optional[str]:
    if account not in state.accounts:
        return "UNKNOWN_ACCOUNT"
    if symbol not in state.rules.instruments:
        return "UNKNOWN_SYMBOL"
    return None if symbol in state.accounts[account].rules.symbols else "NOT_PERMITTED"


def increments(instrument: Instrument, price: Optional[Decimal], qty: Decimal) -> Optional[str]:
    if price is not None and price % instrument.tick_size:
        return "PX_TICK"
    if qty % instrument.lot_size:
        return "QTY_LOT"
    if price is not None and price <= 0:
        return "PX_NONPOS"
    return "QTY_NONPOS" if qty <= 0 else None


def quantity(instrument: Instrument, qty: Decimal, cum_qty: Decimal = ZERO) -> Optional[str]:
    if qty < instrument.min_qty or qty < cum_qty:
        return "QTY_MIN"
    return "QTY_MAX" if qty > instrument.max_qty else None


def far_touch(reference: Optional[Reference], side: str) -> Optional[Decimal]:
    if reference is None:
        return None
    return reference.ask if side == BUY else reference.bid


def market(
    instrument: Instrument, reference: Optional[Reference], price: Optional[Decimal], qty: Decimal, now: int
) -> Optional[str]:
    """Notional, collar and age of the reference. `price` is None only when there is no reference to take it from."""
    if price is not None:
        notional = price * qty
        if notional < instrument.min_notional:
            return "NOTIONAL_MIN"
        if notional > instrument.max_notional:
            return "NOTIONAL_MAX"
    if reference is None:
        return "STALE_REF"
    if price is not None:
        twice_mid = reference.bid + reference.ask
        if abs(2 * price - twice_mid) * BPS > instrument.collar_bps * twice_mid:
            return "COLLAR"
    return "STALE_REF" if now - reference.time > instrument.ref_max_age_us else None


def rate(state: DeskState, account: Account) -> Optional[str]:
    account.bucket.refill(state.now)
    state.global_bucket.refill(state.now)
    return None if account.bucket.has_token and state.global_bucket.has_token else "RATE"


def position_limit(account: Account, instrument: Instrument, side: str, qty: Decimal, own_open: Decimal = ZERO) -> Optional[str]:
    position = account.position(instrument.symbol)
    exposure = account.open_quantity(instrument.symbol, side) - own_open + qty
    worst = position + exposure if side == BUY else exposure - position
    return "POSITION" if worst > instrument.max_position else None


def open_orders(state: DeskState, account: str, symbol: str, side: str) -> Optional[str]:
    if len(state.orders.open_on_side(account, symbol, side)) >= state.rules.max_open_per_side:
        return "OPEN_ORDERS"
    return "OPEN_ORDERS" if len(state.orders.open) >= state.rules.max_open_orders else None


def credit(account: Account, notional: Decimal, own_notional: Decimal = ZERO) -> Optional[str]:
    wanted = account.open_notional - own_notional + notional
    if wanted > account.rules.max_open_notional:
        return "CUM_NOTIONAL"
    return "CREDIT" if wanted + account.traded_notional > account.rules.credit_limit else None


def replaced_reservation(order: Order, qty: Decimal, price: Decimal) -> tuple[Decimal, Decimal]:
    """(quantity, notional) that the order would reserve while a replace to `qty` at `price` is pending."""
    reserved = max(ZERO, max(order.order_qty, qty) - order.cum_qty)
    return reserved, max(order.order_price, price) * reserved


