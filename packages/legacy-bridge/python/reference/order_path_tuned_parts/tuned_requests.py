"""New order, replace and cancel of the tuned order path."""

from __future__ import annotations

import heapq
from typing import Optional

from . import tuned_reports as reports
from .fast_messages import Cancel, NewOrder, Replace
from .scaled_instrument import Parsed, ScaledInstrument
from .tuned_checks import gate, last_fault, limits_fault, numbers_fault, replace_fault
from .tuned_self_trade import act_on_crossing, plan_self_trade
from .tuned_books import TOKEN, UNKNOWN_BEST, Account, Order, SideBook
from .tuned_state import TunedState, reserve

KINDS = {(side, kind): f'"side":"{side}","ordType":"{kind}",' for side in "12" for kind in "123"}


def _settle(state: TunedState, account: Account, key: tuple[str, str], code: str) -> None:
    """What a rejected order or replace consumes."""
    if code != "DUP_CLORDID" and state.reject_consumes_duplicate:
        state.remember_id(key)
    if state.reject_consumes_rate:
        if account.bucket.refill(state.now):
            account.bucket.tokens -= TOKEN
        if state.global_bucket.refill(state.now):
            state.global_bucket.tokens -= TOKEN


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
        code = gate(state, m, True)
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
        code = numbers_fault(instrument, lots, ticks, price is not None, 0, now)
        if not code:
            assert lots is not None and ticks is not None
            cash = lots * ticks * instrument.cash_unit
            code = limits_fault(state, desk, side, lots, cash)
            if not code:
                mode = account.self_trade
                if mode != "none" and ord_type != "3":
                    best = desk.sells.best_limit() if is_buy else desk.buys.best_limit()
                    if price is None or (ticks >= best if is_buy else ticks <= best):
                        crossing = (desk.sells if is_buy else desk.buys).crossed_by(None if price is None else ticks)
                        if crossing:
                            code, rest = plan_self_trade(mode, lots, crossing)
                if not code and (m.execInst or m.tif == "6"):
                    code = last_fault(state, m, desk, is_buy)
                    if code:
                        crossing = []
    if code:
        _settle(state, account, key, code)
        out.append(reports.order_rejected(m, 0, now, code))
        if code == "SELF_TRADE" and rest == 0:
            act_on_crossing(state, mode, lots or 0, crossing, m.msgSeqNum, out)
        return
    state.remember_id(key)
    account.bucket.tokens -= TOKEN
    state.global_bucket.tokens -= TOKEN
    assert lots is not None and ticks is not None
    if crossing:
        act_on_crossing(state, mode, lots, crossing, m.msgSeqNum, out)
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
        out.append(reports.cancel_rejected(m, now, gate(state, m, False), None))
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


def replace(
    state: TunedState, m: Replace, qty: Optional[Parsed], price: Optional[Parsed], out: list[bytes]
) -> None:
    now = state.now
    account = state.accounts.get(m.account)
    if account is not None:
        account.last_seen = now
    if account is None or state.any_stop or m.symbol not in account.desks:
        code = gate(state, m, True)
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
            code = replace_fault(state, order, qty[0], price[0], now)
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
