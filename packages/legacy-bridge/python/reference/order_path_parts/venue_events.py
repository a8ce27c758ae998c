"""What the venue says about our orders: acknowledgements, fills, ends, refused cancels (docs/order-path.md, section 8)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Optional

from .desk_state import DeskState
from .order_records import (
    BUY, CANCELED, EXPIRED, FILLED, PARTIAL, PENDING_CANCEL, PENDING_REPLACE, REJECTED, UNACKNOWLEDGED, WORKING, ZERO, Order,
)
from .reports import OTHER_REASON, Outbox

ACKNOWLEDGED = "0"
REPLACED = "5"
FILL = "F"
CANCEL_REFUSED = "9"


def venue_event(state: DeskState, message: dict[str, Any], out: Outbox) -> None:
    """A venue report `8` or a cancel reject `9`."""
    if message["execId"] in state.exec_ids:
        state.repeated_execs += 1
        return
    state.exec_ids.insert(message["execId"])
    order = state.orders.by_id(message["orderId"])
    if order is None:
        out.business_reject("UNKNOWN_ORDER")
        return
    event = message.get("execType", CANCEL_REFUSED)
    if event == FILL:
        _fill_event(state, order, message, out)
    elif order.is_terminal:
        state.absorbed += 1
    elif not _apply_event(state, order, event, out):
        out.business_reject(f"ILLEGAL:{order.status}:{event}", order.account)


def _apply_event(state: DeskState, order: Order, event: str, out: Outbox) -> bool:
    """Applies a legal event other than a fill to an open order; False when the table does not allow it."""
    unacknowledged = order.status in UNACKNOWLEDGED
    cancelling_new = order.status == PENDING_CANCEL and order.previous in UNACKNOWLEDGED
    if event == ACKNOWLEDGED and (unacknowledged or cancelling_new):
        _acknowledge(state, order, out)
    elif event in (CANCELED, EXPIRED):
        _end(state, order, event, out)
    elif event == REJECTED and (unacknowledged or cancelling_new):
        _end(state, order, event, out)
    elif event == REPLACED and order.status == PENDING_REPLACE:
        _replaced(state, order, out)
    elif event == CANCEL_REFUSED and order.status in (PENDING_CANCEL, PENDING_REPLACE):
        _change_refused(state, order, out)
    else:
        return False
    return True


def _acknowledge(state: DeskState, order: Order, out: Outbox) -> None:
    state.orders.acknowledge(order)
    if order.status == PENDING_CANCEL:
        order.previous = WORKING
    else:
        order.status = WORKING
    out.order_report(order, ACKNOWLEDGED)


def _end(state: DeskState, order: Order, status: str, out: Outbox) -> None:
    state.release(order)
    state.end_order(order, status)
    if status == REJECTED:
        out.order_report(order, status, reason=OTHER_REASON, text="VENUE_REJECT")
    else:
        out.order_report(order, status)


def _replaced(state: DeskState, order: Order, out: Outbox) -> None:
    pending = order.pending
    assert pending is not None
    former = order.cl_ord_id
    state.release(order)
    order.order_qty = max(pending.qty, order.cum_qty)
    order.price = order.order_price = pending.price
    order.pending = None
    order.previous = None
    state.orders.rename(order, pending.cl_ord_id)
    if order.order_qty <= order.cum_qty:
        state.end_order(order, FILLED)
    else:
        order.status = PARTIAL if order.cum_qty else WORKING
        state.reserve(order)
    out.order_report(order, REPLACED, orig_cl_ord_id=former)


def _change_refused(state: DeskState, order: Order, out: Outbox) -> None:
    previous = order.previous
    assert previous is not None
    state.release(order)
    order.pending = None
    order.previous = None
    order.status = PARTIAL if previous in UNACKNOWLEDGED and order.cum_qty else previous
    state.reserve(order)
    out.order_report(order, "I", text="CANCEL_REJECTED")


def _fill_event(state: DeskState, order: Order, message: dict[str, Any], out: Outbox) -> None:
    qty, price = Decimal(message["lastQty"]), Decimal(message["lastPx"])
    instrument = order.instrument
    if qty % instrument.lot_size or qty <= 0 or price % instrument.tick_size or price <= 0:
        out.business_reject("FILL_FORMAT", order.account)
        return
    notional = price * qty
    limit = state.rules.sanity_notional
    if notional > limit or order.cum_notional + notional > limit:
        out.business_reject("FILL_RANGE", order.account)
        return
    was_filled = order.status == FILLED
    late = order.is_terminal
    state.release(order)
    order.cum_qty += qty
    order.cum_notional += notional
    account = state.accounts[order.account]
    account.positions[order.symbol] = account.position(order.symbol) + (qty if order.side == BUY else -qty)
    account.traded_notional += notional
    overfilled = was_filled or order.cum_qty > order.order_qty
    if not late:
        _move_on_fill(state, order)
    text: Optional[str] = "OVERFILL" if overfilled else "LATE_FILL" if late else None
    out.order_report(order, FILL, last=(qty, price), text=text)


def _move_on_fill(state: DeskState, order: Order) -> None:
    if order.order_qty - order.cum_qty <= ZERO:
        state.end_order(order, FILLED)
        return
    if order.status in (PENDING_CANCEL, PENDING_REPLACE):
        order.previous = PARTIAL
    else:
        order.status = PARTIAL
    state.orders.acknowledge(order)
    state.reserve(order)
