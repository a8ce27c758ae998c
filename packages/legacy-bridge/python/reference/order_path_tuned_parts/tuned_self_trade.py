"""Self-trade prevention of the tuned order path, and the cancel without request that it shares with the kill switch."""

from __future__ import annotations

from . import tuned_reports as reports
from .tuned_books import Order
from .tuned_state import TunedState, reserve

SELF_TRADE_TEXT = '"SELF_TRADE"'


def plan_self_trade(mode: str, lots: int, crossing: list[Order]) -> tuple[str, int]:
    """(reason or "", rest). With a reason, a rest of 0 means that the resting orders are acted upon all the same, -1 that they are not."""
    if mode == "cancel-newest" or any(order.status not in "01" for order in crossing):
        return "SELF_TRADE", -1
    if mode == "cancel-oldest":
        return "", lots
    if mode == "cancel-both":
        return "SELF_TRADE", 0
    rest = lots - sum(max(0, order.lots - order.cum_lots) for order in crossing)
    return ("", rest) if rest > 0 else ("SELF_TRADE", 0)


def act_on_crossing(state: TunedState, mode: str, lots: int, crossing: list[Order], seq: int, out: list[bytes]) -> None:
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
