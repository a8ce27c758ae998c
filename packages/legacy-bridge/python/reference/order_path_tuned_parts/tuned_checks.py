"""The checks of the tuned order path. Each returns the reason of a refusal, or "" when all of its numbers pass."""

from __future__ import annotations

from decimal import Decimal
from typing import Optional

from .fast_messages import Cancel, NewOrder, Replace
from .scaled_instrument import ScaledInstrument
from .tuned_books import ACTIVE, HALTED, KILLED, Desk, Order, SideBook
from .tuned_state import TunedState

BPS = 10_000


def would_reduce(desk: Optional[Desk], is_buy: bool, qty_text: str) -> bool:
    """Exact for any decimal text, also one that is no whole number of lots."""
    if desk is None:
        return False
    scale = desk.instrument.qty
    lots = Decimal(qty_text).scaleb(scale.decimals) / scale.step_units
    if is_buy:
        return desk.position < 0 and lots <= -desk.position - desk.buys.open_lots
    return desk.position > 0 and lots <= desk.position - desk.sells.open_lots


def gate(state: TunedState, m: "NewOrder | Replace | Cancel", check_states: bool) -> str:
    """Checks 2 and 3; "" when they pass."""
    account = state.accounts.get(m.account)
    instrument = state.instruments.get(m.symbol)
    if check_states and state.any_stop:
        severity = max(state.stopped, account.stopped if account else ACTIVE, instrument.stopped if instrument else ACTIVE)
        if severity == KILLED:
            return "KILLED"
        if severity == HALTED:
            return "HALTED"
        if severity != ACTIVE:
            desk = account.desks.get(m.symbol) if account else None
            if type(m) is not NewOrder or not would_reduce(desk, m.side == "1", m.orderQty):
                return "REDUCING_ONLY"
    if account is None:
        return "UNKNOWN_ACCOUNT"
    if instrument is None:
        return "UNKNOWN_SYMBOL"
    return "" if m.symbol in account.desks else "NOT_PERMITTED"


def numbers_fault(
    instrument: ScaledInstrument, lots: Optional[int], ticks: Optional[int], priced: bool, cum_lots: int, now: int
) -> str:
    """Checks 5 to 9. `ticks` of a market order is the far touch, or 0 without reference."""
    if ticks is None:
        return "PX_TICK"
    if lots is None:
        return "QTY_LOT"
    if ticks <= 0 and priced:
        return "PX_NONPOS"
    if lots <= 0:
        return "QTY_NONPOS"
    if lots < instrument.min_lots or lots < cum_lots:
        return "QTY_MIN"
    if lots > instrument.max_lots:
        return "QTY_MAX"
    if instrument.ref_time < 0:
        if priced:
            cash = ticks * lots * instrument.cash_unit
            if cash < instrument.min_notional:
                return "NOTIONAL_MIN"
            if cash > instrument.max_notional:
                return "NOTIONAL_MAX"
        return "STALE_REF"
    cash = ticks * lots * instrument.cash_unit
    if cash < instrument.min_notional:
        return "NOTIONAL_MIN"
    if cash > instrument.max_notional:
        return "NOTIONAL_MAX"
    twice_mid = instrument.bid + instrument.ask
    if abs(2 * ticks - twice_mid) * BPS > instrument.collar_bps * twice_mid:
        return "COLLAR"
    return "STALE_REF" if now - instrument.ref_time > instrument.ref_max_age_us else ""


def limits_fault(state: TunedState, desk: Desk, side: SideBook, lots: int, cash: int) -> str:
    """Checks 10 to 12 of a new order."""
    account = desk.account
    funded = account.bucket.refill(state.now)
    if not state.global_bucket.refill(state.now) or not funded:
        return "RATE"
    position = desk.position if side.is_buy else -desk.position
    if position + side.open_lots + lots > desk.instrument.max_position:
        return "POSITION"
    if len(side.orders) >= state.max_open_per_side or len(state.open) >= state.max_open_orders:
        return "OPEN_ORDERS"
    wanted = account.open_notional + cash
    if wanted > account.max_open_notional:
        return "CUM_NOTIONAL"
    return "CREDIT" if wanted + account.traded_notional > account.credit_limit else ""


def last_fault(state: TunedState, m: NewOrder, desk: Desk, is_buy: bool) -> str:
    """Checks 14 and 15."""
    if m.execInst and not would_reduce(desk, is_buy, m.orderQty):
        return "REDUCE_ONLY"
    if m.tif == "6":
        if not m.expireTime:
            return "EXPIRE_MISSING"
        if m.expireTime <= state.now:
            return "EXPIRED"
    return ""


def replace_fault(state: TunedState, order: Order, lots: Optional[int], ticks: Optional[int], now: int) -> str:
    """Checks 5 to 14 of a replace."""
    desk = order.desk
    instrument, account, side = desk.instrument, desk.account, order.side
    code = numbers_fault(instrument, lots, ticks, True, order.cum_lots, now)
    if code:
        return code
    assert lots is not None and ticks is not None
    funded = account.bucket.refill(now)
    if not state.global_bucket.refill(now) or not funded:
        return "RATE"
    wanted_lots = max(0, max(order.lots, lots) - order.cum_lots)
    others = side.open_lots - order.reserved_lots
    position = desk.position if side.is_buy else -desk.position
    if position + others + wanted_lots > instrument.max_position:
        return "POSITION"
    cash = wanted_lots * max(order.reserve_ticks, ticks) * instrument.cash_unit
    wanted = account.open_notional - order.reserved_cash + cash
    if wanted > account.max_open_notional:
        return "CUM_NOTIONAL"
    if wanted + account.traded_notional > account.credit_limit:
        return "CREDIT"
    if account.self_trade != "none":
        if ticks >= desk.sells.best_limit() if side.is_buy else ticks <= desk.buys.best_limit():
            return "SELF_TRADE"
    if order.reduce_only and (position >= 0 or lots - order.cum_lots + others > -position):
        return "REDUCE_ONLY"
    return ""
