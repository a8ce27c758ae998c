"""New order, replace and cancel of the tuned order path; the checks are written out in one piece so that an accepted order makes few calls."""

from __future__ import annotations

import heapq
from decimal import Decimal
from typing import Optional

from . import tuned_reports as reports
from .fast_messages import Cancel, NewOrder, Replace
from .scaled_instrument import Parsed, ScaledInstrument
from .tuned_state import (
    ACTIVE, HALTED, KILLED, TOKEN, UNKNOWN_BEST, Account, Desk, Order, SideBook, TunedState, reserve,
)

BPS = 10_000
KINDS = {(side, kind): f'"side":"{side}","ordType":"{kind}",' for side in "12" for kind in "123"}
SELF_TRADE_TEXT = '"SELF_TRADE"'


def _would_reduce(desk: Optional[Desk], is_buy: bool, qty_text: str) -> bool:
    """Exact for any decimal text, also one that is no whole number of lots."""
    if desk is None:
        return False
    scale = desk.instrument.qty
    lots = Decimal(qty_text).scaleb(scale.decimals) / scale.step_units
    if is_buy:
        return desk.position < 0 and lots <= -desk.position - desk.buys.open_lots
    return desk.position > 0 and lots <= desk.position - desk.sells.open_lots


def _gate(state: TunedState, m: "NewOrder | Replace | Cancel", check_states: bool) -> str:
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
            if type(m) is not NewOrder or not _would_reduce(desk, m.side == "1", m.orderQty):
                return "REDUCING_ONLY"
    if account is None:
        return "UNKNOWN_ACCOUNT"
    if instrument is None:
        return "UNKNOWN_SYMBOL"
    return "" if m.symbol in account.desks else "NOT_PERMITTED"


def _numbers_fault(
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


def _settle(state: TunedState, account: Account, key: tuple[str, str], code: str) -> None:
    """What a rejected order or replace consumes."""
    if code != "DUP_CLORDID" and state.reject_consumes_duplicate:
        state.remember_id(key)
    if state.reject_consumes_rate:
        if account.bucket.refill(state.now):
            account.bucket.tokens -= TOKEN
        if state.global_bucket.refill(state.now):
            state.global_bucket.tokens -= TOKEN


def _limits_fault(state: TunedState, desk: Desk, side: SideBook, lots: int, cash: int) -> str:
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


def _last_fault(state: TunedState, m: NewOrder, desk: Desk, is_buy: bool) -> str:
    """Checks 14 and 15."""
    if m.execInst and not _would_reduce(desk, is_buy, m.orderQty):
        return "REDUCE_ONLY"
    if m.tif == "6":
        if not m.expireTime:
            return "EXPIRE_MISSING"
        if m.expireTime <= state.now:
            return "EXPIRED"
    return ""


def new_order(
    state: TunedState, m: NewOrder, instrument: Optional[ScaledInstrument], qty: Optional[Parsed], price: Optional[Parsed], out: list[bytes]
) -> None:
    now = state.now
    name = m.account
    account = state.accounts.get(name)
    desk = None
    if account is not None:
        account.last_seen = now
        desk = account.desks.get(m.symbol)
    if state.any_stop or desk is None:
        code = _gate(state, m, True)
        if code:
            out.append(reports.order_rejected(m, 0, now, code))
            return
    assert account is not None and desk is not None and instrument is not None and qty is not None
    is_buy = m.side == "1"
    lots, qty_text = qty
    ord_type = m.ordType
    ticks = (instrument.ask if is_buy else instrument.bid) if price is None else price[0]
    key = (name, m.clOrdId)
    crossing: list[Order] = []
    rest = lots or 0
    cash = 0
    side = desk.buys if is_buy else desk.sells
    if key in state.ids or key in state.ids_before:
        code = "DUP_CLORDID"
    else:
        code = _numbers_fault(instrument, lots, ticks, price is not None, 0, now)
        if not code:
            assert lots is not None and ticks is not None
            cash = lots * ticks * instrument.cash_unit
            code = _limits_fault(state, desk, side, lots, cash)
            if not code:
                mode = account.self_trade
                if mode != "none" and ord_type != "3":
                    best = desk.sells.best_limit() if is_buy else desk.buys.best_limit()
                    if price is None or (ticks >= best if is_buy else ticks <= best):
                        crossing = (desk.sells if is_buy else desk.buys).crossed_by(None if price is None else ticks)
                        if crossing:
                            code, rest = _self_trade(mode, lots, crossing)
                if not code and (m.execInst or m.tif == "6"):
                    code = _last_fault(state, m, desk, is_buy)
                    if code:
                        crossing = []
    if code:
        _settle(state, account, key, code)
        out.append(reports.order_rejected(m, 0, now, code))
        if code == "SELF_TRADE" and rest == 0:
            _act_on_crossing(state, mode, lots or 0, crossing, m.msgSeqNum, out)
        return
    state.remember_id(key)
    account.bucket.tokens -= TOKEN
    state.global_bucket.tokens -= TOKEN
    assert lots is not None and ticks is not None
    if crossing:
        _act_on_crossing(state, mode, lots, crossing, m.msgSeqNum, out)
        if rest != lots:
            lots, qty_text, cash = rest, instrument.qty.text(rest), rest * ticks * instrument.cash_unit
    seq = m.msgSeqNum
    order = Order(
        seq, desk, side, key, KINDS[m.side, ord_type], ord_type == "2", m.tif, lots, qty_text, 0 if price is None else ticks,
        "null" if price is None else f'"{price[1]}"', ticks, m.expireTime, m.execInst == "E", now,
    )
    _book(state, order, side, cash)
    out.append(reports.venue_new(order, seq, ord_type == "3"))
    out.append(reports.report_accepted(order, seq, len(out), now))


def _book(state: TunedState, order: Order, side: SideBook, cash: int) -> None:
    seq = order.seq
    side.orders[seq] = order
    side.open_lots += order.lots
    order.desk.account.open_notional += cash
    if order.is_limit and side.best != UNKNOWN_BEST:
        if order.ticks > side.best if side.is_buy else order.ticks < side.best:
            side.best = order.ticks
    state.open[seq] = order
    state.unacknowledged[seq] = order
    state.by_id[order.order_id] = order
    state.by_client_id[order.key] = order
    if order.tif == "6":
        heapq.heappush(state.expiries, (order.expire_time, seq))


def _self_trade(mode: str, lots: int, crossing: list[Order]) -> tuple[str, int]:
    """(reason or "", rest). With a reason, a rest of 0 means that the resting orders are acted upon all the same, -1 that they are not."""
    if mode == "cancel-newest" or any(order.status not in "01" for order in crossing):
        return "SELF_TRADE", -1
    if mode == "cancel-oldest":
        return "", lots
    if mode == "cancel-both":
        return "SELF_TRADE", 0
    rest = lots - sum(max(0, order.lots - order.cum_lots) for order in crossing)
    return ("", rest) if rest > 0 else ("SELF_TRADE", 0)


def _act_on_crossing(state: TunedState, mode: str, lots: int, crossing: list[Order], seq: int, out: list[bytes]) -> None:
    if mode != "decrement":
        for order in crossing:
            cancel_unasked(state, order, seq, SELF_TRADE_TEXT, out)
        return
    rest = lots
    for order in crossing:
        if not rest:
            break
        leaves = max(0, order.lots - order.cum_lots)
        taken = min(rest, leaves)
        rest -= taken
        order.lots -= taken
        order.qty_text = order.desk.instrument.qty.text(order.lots)
        reserve(order)
        if leaves > taken:
            out.append(reports.venue_replace(order, seq, order.qty_text, order.price_text))
            out.append(reports.report(order, seq, len(out), state.now, "D", text=SELF_TRADE_TEXT))
        else:
            cancel_unasked(state, order, seq, SELF_TRADE_TEXT, out)


def cancel_unasked(state: TunedState, order: Order, seq: int, text: str, out: list[bytes]) -> None:
    """Cancels an order for which no client has asked. `text` is a JSON value."""
    order.previous = order.status
    order.status = "6"
    out.append(reports.venue_line("F", order, seq))
    out.append(reports.report(order, seq, len(out), state.now, "6", text=text))


def _look_up(state: TunedState, m: "Replace | Cancel") -> tuple[Optional[Order], str]:
    order = state.by_client_id.get((m.account, m.origClOrdId))
    if order is None or order.desk.instrument.symbol != m.symbol:
        return None, "UNKNOWN_ORDER"
    status = order.status
    if status in "01":
        return order, "" if order.is_limit or type(m) is Cancel else "NOT_REPLACEABLE"
    if status in "248C":
        return order, "TOO_LATE"
    return order, "" if status == "A" and type(m) is Cancel else "PENDING"


def cancel(state: TunedState, m: Cancel, out: list[bytes]) -> None:
    now = state.now
    account = state.accounts.get(m.account)
    if account is not None:
        account.last_seen = now
    if account is None or m.symbol not in account.desks:
        out.append(reports.cancel_rejected(m, now, _gate(state, m, False), None))
        return
    state.remember_id((m.account, m.clOrdId))
    bucket = account.cancel_bucket
    if not bucket.refill(now):
        out.append(reports.cancel_rejected(m, now, "RATE", None))
        return
    bucket.tokens -= TOKEN
    order, code = _look_up(state, m)
    if code or order is None:
        out.append(reports.cancel_rejected(m, now, code, order))
        return
    seq = m.msgSeqNum
    order.previous = order.status
    order.status = "6"
    out.append(reports.venue_line("F", order, seq))
    out.append(reports.report(order, seq, 1, now, "6", m.clOrdId, f'"{order.cl_ord_id}"'))


def _replace_fault(state: TunedState, order: Order, lots: Optional[int], ticks: Optional[int], now: int) -> str:
    """Checks 5 to 14 of a replace."""
    desk = order.desk
    instrument, account, side = desk.instrument, desk.account, order.side
    code = _numbers_fault(instrument, lots, ticks, True, order.cum_lots, now)
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


def replace(
    state: TunedState, m: Replace, qty: Optional[Parsed], price: Optional[Parsed], out: list[bytes]
) -> None:
    now = state.now
    account = state.accounts.get(m.account)
    if account is not None:
        account.last_seen = now
    if account is None or state.any_stop or m.symbol not in account.desks:
        code = _gate(state, m, True)
        if code:
            out.append(reports.cancel_rejected(m, now, code, None))
            return
    assert account is not None and qty is not None and price is not None
    key = (m.account, m.clOrdId)
    order: Optional[Order] = None
    if key in state.ids or key in state.ids_before:
        code = "DUP_CLORDID"
    else:
        order, code = _look_up(state, m)
        if not code and order is not None:
            code = _replace_fault(state, order, qty[0], price[0], now)
    if code or order is None:
        _settle(state, account, key, code)
        out.append(reports.cancel_rejected(m, now, code, order))
        return
    state.remember_id(key)
    account.bucket.tokens -= TOKEN
    state.global_bucket.tokens -= TOKEN
    order.previous = order.status
    order.status = "E"
    order.pending_key = key
    order.pending_lots, order.pending_qty_text = qty[0] or 0, qty[1]
    order.pending_ticks, order.pending_price_text = price[0] or 0, f'"{price[1]}"'
    reserve(order)
    seq = m.msgSeqNum
    out.append(reports.venue_replace(order, seq, qty[1], order.pending_price_text))
    out.append(reports.report(order, seq, 1, now, "E", m.clOrdId, f'"{order.cl_ord_id}"'))
