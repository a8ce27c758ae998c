"""Market data, the clock tick and the kill switch with its two-step resume (docs/order-path.md, section 8)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Optional

from .desk_state import ACTIVE, HALTED, KILLED, REDUCING, DeskState, Reference, ResumeRequest
from .order_records import CANCELLABLE, IN_DOUBT, RESTING, Order
from .reports import Outbox
from .self_trade import cancel_unasked

SEVERITIES = {"kill": KILLED, "halt": HALTED, "reduce": REDUCING}


def market_data(state: DeskState, message: dict[str, Any], out: Outbox) -> None:
    instrument = state.rules.instruments.get(message["symbol"])
    if instrument is None:
        out.business_reject("UNKNOWN_SYMBOL")
        return
    bid, ask = Decimal(message["bidPx"]), Decimal(message["askPx"])
    if bid % instrument.tick_size or ask % instrument.tick_size or bid <= 0 or bid > ask:
        out.business_reject("MD_FORMAT")
        return
    state.references[instrument.symbol] = Reference(bid, ask, state.now)


def clock_tick(state: DeskState, message: dict[str, Any], out: Outbox) -> None:
    _dead_man(state, message["msgSeqNum"], out)
    for order in state.orders.due(state.now):
        if order.status in RESTING:
            cancel_unasked(order, out, "EXPIRED")
    for order in state.orders.unacknowledged_since(state.now - state.rules.ack_timeout_us):
        order.status = IN_DOUBT
        out.venue_status_query(order)
        out.order_report(order, "I", text="IN_DOUBT")


def _dead_man(state: DeskState, seq: int, out: Outbox) -> None:
    for name, account in state.accounts.items():
        limit = account.rules.dead_man_us
        if not limit or account.last_seen is None or state.now - account.last_seen <= limit:
            continue
        if state.trading_states.get(("account", name)) == KILLED:
            continue
        _set_state(state, ("account", name), KILLED)
        affected = _open_in_scope(state, "account", name)
        out.state_changed("account", name, "dead-man", f"T{seq}", len(affected))
        for order in affected:
            cancel_unasked(order, out, "DEAD_MAN")


def trading_state_request(state: DeskState, message: dict[str, Any], out: Outbox) -> None:
    scope, target, action, kill_id = message["scope"], message["target"], message["action"], message["killId"]
    if not _target_exists(state, scope, target):
        out.business_reject("UNKNOWN_TARGET")
        return
    key = (scope, target)
    affected: list[Order] = []
    if action == "resume-request":
        state.resume_requests[key] = ResumeRequest(kill_id, state.now)
    elif action == "resume-confirm":
        if not _may_resume(state, state.resume_requests.get(key), kill_id):
            out.business_reject("RESUME_MISMATCH")
            return
        del state.resume_requests[key]
        state.trading_states.pop(key, None)
    else:
        _set_state(state, key, SEVERITIES[action])
        if message["cancelOpen"] == "1" and action != "reduce":
            affected = _open_in_scope(state, scope, target)
    out.state_changed(scope, target, action, kill_id, len(affected))
    for order in affected:
        cancel_unasked(order, out, "KILLED")


def _target_exists(state: DeskState, scope: str, target: str) -> bool:
    if scope == "global":
        return target == ""
    return target in (state.accounts if scope == "account" else state.rules.instruments)


def _may_resume(state: DeskState, request: Optional[ResumeRequest], kill_id: str) -> bool:
    if request is None or request.kill_id != kill_id:
        return False
    return state.now - request.time <= state.rules.resume_window_us


def _set_state(state: DeskState, key: tuple[str, str], severity: int) -> None:
    """A kill stays until it is resumed; any other state is replaced. A resume under way is void in either case."""
    if state.trading_states.get(key, ACTIVE) != KILLED:
        state.trading_states[key] = severity
    state.resume_requests.pop(key, None)


def _open_in_scope(state: DeskState, scope: str, target: str) -> list[Order]:
    return [
        order
        for order in state.orders.open.values()
        if order.status in CANCELLABLE
        and (scope == "global" or target == (order.account if scope == "account" else order.symbol))
    ]
