"""Venue reports of the tuned order path."""

from __future__ import annotations

from typing import Optional

from . import tuned_reports as reports
from .scaled_instrument import Parsed
from .tuned_books import UNKNOWN_BEST, Order
from .tuned_state import TunedState, end_order, reserve

VENUE_REJECT_TEXT = '"VENUE_REJECT"'
CANCEL_REJECTED_TEXT = '"CANCEL_REJECTED"'


def seen_exec(state: TunedState, exec_id: str) -> bool:
    """Whether this execution id is known; it is from now on."""
    execs = state.execs
    if exec_id in execs or exec_id in state.execs_before:
        state.repeated_execs += 1
        return True
    execs.add(exec_id)
    if len(execs) >= state.window:
        state.execs_before = execs
        state.execs = set()
    return False


def fill(state: TunedState, order: Order, seq: int, qty: Parsed, price: Parsed, out: list[bytes]) -> None:
    lots, ticks = qty[0], price[0]
    desk = order.desk
    account = desk.account
    if lots is None or ticks is None or lots <= 0 or ticks <= 0:
        out.append(reports.business_reject(seq, "8", "FILL_FORMAT", account.name))
        return
    instrument = desk.instrument
    tick_lots = ticks * lots
    if (order.cum_tick_lots + tick_lots) * instrument.cash_unit > instrument.sanity:
        out.append(reports.business_reject(seq, "8", "FILL_RANGE", account.name))
        return
    cum = order.cum_lots + lots
    order.cum_lots = cum
    order.cum_tick_lots += tick_lots
    desk.position += lots if order.side.is_buy else -lots
    account.traded_notional += tick_lots * instrument.cash_unit
    leaves = order.lots - cum
    status = order.status
    text = "null"
    if status in "248C":
        text = '"OVERFILL"' if status == "2" or leaves < 0 else '"LATE_FILL"'
        leaves = 0
    elif leaves <= 0:
        if leaves < 0:
            text = '"OVERFILL"'
        leaves = 0
        end_order(state, order, "2")
    else:
        if status in "6E":
            order.previous = "1"
        else:
            order.status = "1"
        state.unacknowledged.pop(order.seq, None)
        reserve(order)
    out.append(reports.report_fill(order, seq, state.now, qty[1], price[1], leaves, text))


def apply_event(state: TunedState, order: Order, seq: int, event: str, msg_type: str, out: list[bytes]) -> None:
    """An event other than a fill."""
    status = order.status
    if status in "248C":
        state.absorbed += 1
    elif event == "0" and status in "AU":
        state.unacknowledged.pop(order.seq, None)
        order.status = "0"
        out.append(reports.report(order, seq, 0, state.now, "0"))
    elif event == "4" or event == "C":
        end_order(state, order, event)
        out.append(reports.report(order, seq, 0, state.now, event))
    elif event == "5" and status == "E":
        _replaced(state, order, seq, out)
    elif event == "9" and status in "6E":
        _change_refused(state, order, seq, out)
    elif event == "8" and (status in "AU" or (status == "6" and order.previous in "AU")):
        end_order(state, order, event)
        out.append(reports.report(order, seq, 0, state.now, event, reason="99", text=VENUE_REJECT_TEXT))
    elif event == "0" and status == "6" and order.previous in "AU":
        state.unacknowledged.pop(order.seq, None)
        order.previous = "0"
        out.append(reports.report(order, seq, 0, state.now, "0"))
    else:
        text = f"ILLEGAL:{status}:{event}"
        out.append(reports.business_reject(seq, msg_type, text, order.desk.account.name))


def _replaced(state: TunedState, order: Order, seq: int, out: list[bytes]) -> None:
    key: Optional[tuple[str, str]] = order.pending_key
    assert key is not None
    former = order.cl_ord_id
    side = order.side
    if state.by_client_id.get(order.key) is order:
        del state.by_client_id[order.key]
    order.key = key
    order.cl_ord_id = key[1]
    state.by_client_id[key] = order
    order.pending_key = None
    order.previous = "-"
    order.lots, order.qty_text = order.pending_lots, order.pending_qty_text
    if order.lots < order.cum_lots:
        order.lots, order.qty_text = order.cum_lots, order.desk.instrument.qty.text(order.cum_lots)
    side.best = UNKNOWN_BEST
    order.ticks = order.reserve_ticks = order.pending_ticks
    order.price_text = order.pending_price_text
    if order.lots == order.cum_lots:
        end_order(state, order, "2")
    else:
        order.status = "1" if order.cum_lots else "0"
        reserve(order)
    out.append(reports.report(order, seq, 0, state.now, "5", orig=f'"{former}"'))


def _change_refused(state: TunedState, order: Order, seq: int, out: list[bytes]) -> None:
    previous = order.previous
    order.pending_key = None
    order.previous = "-"
    order.status = "1" if previous in "AU" and order.cum_lots else previous
    reserve(order)
    out.append(reports.report(order, seq, 0, state.now, "I", text=CANCEL_REJECTED_TEXT))


def venue_event(
    state: TunedState, order_id: str, seq: int, msg_type: str, event: str, qty: Optional[Parsed], price: Optional[Parsed], out: list[bytes]
) -> None:
    """A report whose execution id is new. `qty` and `price` are given when it is a fill of a known order."""
    order = state.by_id.get(order_id)
    if order is None:
        out.append(reports.business_reject(seq, msg_type, "UNKNOWN_ORDER"))
    elif event == "F":
        assert qty is not None and price is not None
        fill(state, order, seq, qty, price, out)
    else:
        apply_event(state, order, seq, event, msg_type, out)


