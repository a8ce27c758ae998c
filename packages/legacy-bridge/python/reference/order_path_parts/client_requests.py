"""What a client asks for: new order, replace, cancel. Each ends in exactly one decision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Optional

from . import risk_checks as checks
from .desk_state import Account, DeskState
from .order_records import (
    LIMIT, PENDING_CANCEL, PENDING_NEW, PENDING_REPLACE, UNDER_CHANGE, ZERO, Order, PendingReplace,
)
from .reports import Outbox
from .self_trade import SelfTradePlan, act_on_plan, plan_self_trade


def note_alive(state: DeskState, message: dict[str, Any]) -> None:
    account = state.accounts.get(message["account"])
    if account:
        account.last_seen = state.now


def _optional_decimal(text: Optional[str]) -> Optional[Decimal]:
    return None if text is None else Decimal(text)


def _settle(state: DeskState, account: Account, key: tuple[str, str], code: Optional[str]) -> None:
    """What a decided order or replace consumes: its client id and one token of each bucket."""
    if code != "DUP_CLORDID" and (code is None or state.rules.reject_consumes_duplicate):
        state.client_ids.insert(key)
    if code is None or state.rules.reject_consumes_rate:
        account.bucket.refill(state.now)
        state.global_bucket.refill(state.now)
        account.bucket.take()
        state.global_bucket.take()


def _draft(state: DeskState, message: dict[str, Any]) -> Order:
    """The order as it would be accepted. A market order without reference has price 0 until check 9 refuses it."""
    instrument = state.rules.instruments[message["symbol"]]
    price = _optional_decimal(message.get("price", message.get("stopPx")))
    touch = checks.far_touch(state.references.get(message["symbol"]), message["side"])
    return Order(
        seq=message["msgSeqNum"],
        account=message["account"],
        instrument=instrument,
        cl_ord_id=message["clOrdId"],
        side=message["side"],
        ord_type=message["ordType"],
        tif=message["tif"],
        order_qty=Decimal(message["orderQty"]),
        price=price,
        order_price=price if price is not None else touch if touch is not None else ZERO,
        expire_time=message.get("expireTime", 0),
        reduce_only="execInst" in message,
        accepted_at=state.now,
    )


def _check_new(state: DeskState, account: Account, draft: Order) -> Optional[str]:
    """Checks 4 to 12."""
    instrument = draft.instrument
    reference = state.references.get(draft.symbol)
    order_price = draft.order_price if draft.price is not None or reference else None
    if (draft.account, draft.cl_ord_id) in state.client_ids:
        return "DUP_CLORDID"
    return (
        checks.increments(instrument, draft.price, draft.order_qty)
        or checks.quantity(instrument, draft.order_qty)
        or checks.market(instrument, reference, order_price, draft.order_qty, state.now)
        or checks.rate(state, account)
        or checks.position_limit(account, instrument, draft.side, draft.order_qty)
        or checks.open_orders(state, draft.account, draft.symbol, draft.side)
        or checks.credit(account, draft.order_price * draft.order_qty)
    )


def _check_last(state: DeskState, account: Account, draft: Order, message: dict[str, Any]) -> Optional[str]:
    """Checks 14 and 15."""
    if draft.reduce_only and not checks.would_reduce(account, draft.symbol, draft.side, draft.order_qty):
        return "REDUCE_ONLY"
    if draft.tif == "6":
        if "expireTime" not in message:
            return "EXPIRE_MISSING"
        if draft.expire_time <= state.now:
            return "EXPIRED"
    return None


def new_order(state: DeskState, message: dict[str, Any], out: Outbox) -> None:
    note_alive(state, message)
    name, symbol, side = message["account"], message["symbol"], message["side"]
    account = state.accounts.get(name)
    reduces = bool(state.trading_states) and checks.would_reduce(account, symbol, side, Decimal(message["orderQty"]))
    code = checks.trading_state(state, name, symbol, reduces) or checks.permission(state, name, symbol)
    if code or account is None:
        out.order_rejected(message, code or "UNKNOWN_ACCOUNT")
        return
    draft = _draft(state, message)
    plan = SelfTradePlan(draft.order_qty)
    code = _check_new(state, account, draft)
    if code is None:
        plan = plan_self_trade(state, account.rules.self_trade, draft)
        code = "SELF_TRADE" if plan.refused else _check_last(state, account, draft, message)
    _settle(state, account, (name, draft.cl_ord_id), code)
    if code:
        out.order_rejected(message, code)
        if plan.refused:
            act_on_plan(state, plan, draft.order_qty, out)
        return
    act_on_plan(state, plan, draft.order_qty, out)
    draft.order_qty = plan.rest
    state.orders.add(draft)
    state.reserve(draft)
    out.venue_new(draft)
    out.order_report(draft, PENDING_NEW)


def _look_up(state: DeskState, message: dict[str, Any]) -> tuple[Optional[Order], Optional[str]]:
    """The order that a cancel or replace means, and why it cannot be changed now."""
    order = state.orders.by_client_id(message["account"], message["origClOrdId"])
    if order is None or order.symbol != message["symbol"]:
        return None, "UNKNOWN_ORDER"
    if order.is_terminal:
        return order, "TOO_LATE"
    if order.status in UNDER_CHANGE or (order.status == PENDING_NEW and message["msgType"] == "G"):
        return order, "PENDING"
    if message["msgType"] == "G" and order.ord_type != LIMIT:
        return order, "NOT_REPLACEABLE"
    return order, None


def cancel(state: DeskState, message: dict[str, Any], out: Outbox) -> None:
    note_alive(state, message)
    name = message["account"]
    code = checks.permission(state, name, message["symbol"])
    if code:
        out.cancel_rejected(message, code, None)
        return
    state.client_ids.insert((name, message["clOrdId"]))
    bucket = state.accounts[name].cancel_bucket
    bucket.refill(state.now)
    if not bucket.take():
        out.cancel_rejected(message, "RATE", None)
        return
    order, code = _look_up(state, message)
    if code or order is None:
        out.cancel_rejected(message, code or "UNKNOWN_ORDER", order)
        return
    order.previous = order.status
    order.status = PENDING_CANCEL
    out.venue_cancel(order)
    out.order_report(order, PENDING_CANCEL, cl_ord_id=message["clOrdId"], orig_cl_ord_id=order.cl_ord_id)


def _check_replace(state: DeskState, account: Account, order: Order, qty: Decimal, price: Decimal) -> Optional[str]:
    """Checks 5 to 14 of a replace."""
    instrument = order.instrument
    reserved_qty, reserved_notional = checks.replaced_reservation(order, qty, price)
    code = (
        checks.increments(instrument, price, qty)
        or checks.quantity(instrument, qty, order.cum_qty)
        or checks.market(instrument, state.references.get(order.symbol), price, qty, state.now)
        or checks.rate(state, account)
        or checks.position_limit(account, instrument, order.side, reserved_qty, order.reserved_qty)
        or checks.credit(account, reserved_notional, order.reserved_notional)
    )
    if code:
        return code
    if account.rules.self_trade != "none" and state.orders.crossing(order.side, price, order.account, order.symbol):
        return "SELF_TRADE"
    if order.reduce_only and not checks.would_reduce(
        account, order.symbol, order.side, qty - order.cum_qty, order.reserved_qty
    ):
        return "REDUCE_ONLY"
    return None


def replace(state: DeskState, message: dict[str, Any], out: Outbox) -> None:
    note_alive(state, message)
    name, symbol = message["account"], message["symbol"]
    code = checks.trading_state(state, name, symbol, False) or checks.permission(state, name, symbol)
    if code:
        out.cancel_rejected(message, code, None)
        return
    account = state.accounts[name]
    key = (name, message["clOrdId"])
    qty, price = Decimal(message["orderQty"]), Decimal(message["price"])
    order: Optional[Order] = None
    if key in state.client_ids:
        code = "DUP_CLORDID"
    else:
        order, code = _look_up(state, message)
        if code is None and order is not None:
            code = _check_replace(state, account, order, qty, price)
    _settle(state, account, key, code)
    if code or order is None:
        out.cancel_rejected(message, code or "UNKNOWN_ORDER", order)
        return
    state.release(order)
    order.previous = order.status
    order.status = PENDING_REPLACE
    order.pending = PendingReplace(message["clOrdId"], qty, price)
    state.reserve(order)
    out.venue_replace(order, qty, price)
    out.order_report(order, PENDING_REPLACE, cl_ord_id=message["clOrdId"], orig_cl_ord_id=order.cl_ord_id)
