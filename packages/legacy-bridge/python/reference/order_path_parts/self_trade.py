"""Self-trade prevention: what an incoming order does to the account's own resting orders (docs/order-path.md, section 7).

Planning and acting are apart, because a plan must not act before every later check has passed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Optional

from .desk_state import DeskState
from .order_records import LIMIT, MARKET, PENDING_CANCEL, RESTING, ZERO, Order
from .reports import Outbox

TEXT = "SELF_TRADE"


@dataclass
class SelfTradePlan:
    rest: Decimal
    """What is left of the incoming quantity."""
    refused: bool = False
    cancels: list[Order] = field(default_factory=list)
    decrements: list[Order] = field(default_factory=list)


def plan_self_trade(state: DeskState, mode: str, order: Order) -> SelfTradePlan:
    """`order` is the incoming one, not yet accepted."""
    plan = SelfTradePlan(order.order_qty)
    if mode == "none" or order.ord_type not in (MARKET, LIMIT):
        return plan
    crossing = state.orders.crossing(order.side, order.price, order.account, order.symbol)
    if not crossing:
        return plan
    if mode == "cancel-newest" or any(resting.status not in RESTING for resting in crossing):
        plan.refused = True
    elif mode == "decrement":
        plan.decrements = crossing
        plan.rest = max(ZERO, order.order_qty - sum((resting.leaves_qty for resting in crossing), ZERO))
        plan.refused = not plan.rest
    else:
        plan.cancels = crossing
        plan.refused = mode == "cancel-both"
    return plan


def act_on_plan(state: DeskState, plan: SelfTradePlan, incoming_qty: Decimal, out: Outbox) -> None:
    for resting in plan.cancels:
        cancel_unasked(resting, out, TEXT)
    rest = incoming_qty
    for resting in plan.decrements:
        if not rest:
            break
        taken = min(rest, resting.leaves_qty)
        rest -= taken
        state.release(resting)
        resting.order_qty -= taken
        state.reserve(resting)
        if resting.leaves_qty:
            assert resting.price is not None
            out.venue_replace(resting, resting.order_qty, resting.price)
            out.order_report(resting, "D", text=TEXT)
        else:
            cancel_unasked(resting, out, TEXT)


def cancel_unasked(order: Order, out: Outbox, text: Optional[str]) -> None:
    """Cancels an order for which no client has asked; nothing is released until the venue confirms."""
    order.previous = order.status
    order.status = PENDING_CANCEL
    out.venue_cancel(order)
    out.order_report(order, "6", text=text)
