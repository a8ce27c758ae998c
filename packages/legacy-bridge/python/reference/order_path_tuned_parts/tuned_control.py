"""Clock tick, trading states and the state hash of the tuned order path."""

from __future__ import annotations

import hashlib
import heapq
from typing import Iterator

from . import tuned_reports as reports
from .fast_messages import TradingState
from .tuned_self_trade import cancel_unasked
from .tuned_books import ACTIVE, HALTED, KILLED, REDUCING, Account, Order
from .tuned_state import TunedState
from .scaled_instrument import ScaledInstrument

SEVERITIES = {"kill": KILLED, "halt": HALTED, "reduce": REDUCING}
STATE_NAMES = {KILLED: "KILLED", HALTED: "HALTED", REDUCING: "REDUCING"}


def clock_tick(state: TunedState, seq: int, out: list[bytes]) -> None:
    now = state.now
    for account in state.accounts.values():
        if account.dead_man_us and account.last_seen >= 0 and now - account.last_seen > account.dead_man_us:
            if account.stopped != KILLED:
                _dead_man(state, account, seq, out)
    for order in _due(state, now):
        if order.status in "01":
            cancel_unasked(state, order, seq, '"EXPIRED"', out)
    late = now - state.ack_timeout_us
    for order in state.unacknowledged.values():
        if order.accepted_at >= late:
            break
        if order.status == "A":
            order.status = "U"
            out.append(reports.venue_line("H", order, seq))
            out.append(reports.report(order, seq, len(out), now, "I", text='"IN_DOUBT"'))


def _due(state: TunedState, now: int) -> list[Order]:
    expiries = state.expiries
    overdue = [order for order in state.overdue if order.status not in "248C"]
    while expiries and expiries[0][0] <= now:
        order = state.open.get(heapq.heappop(expiries)[1])
        if order is not None:
            overdue.append(order)
    state.overdue = overdue
    return overdue


def _dead_man(state: TunedState, account: Account, seq: int, out: list[bytes]) -> None:
    account.stopped = KILLED
    state.any_stop = True
    state.resume_requests.pop(("account", account.name), None)
    affected = _open_in_scope(state, "account", account.name)
    out.append(reports.state_changed(seq, "account", account.name, "dead-man", f"T{seq}", len(affected)))
    for order in affected:
        cancel_unasked(state, order, seq, '"DEAD_MAN"', out)


def _open_in_scope(state: TunedState, scope: str, target: str) -> list[Order]:
    found = [order for order in state.open.values() if order.status in "A01"]
    if scope == "account":
        return [order for order in found if order.desk.account.name == target]
    if scope == "symbol":
        return [order for order in found if order.desk.instrument.symbol == target]
    return found


def trading_state(state: TunedState, m: TradingState, out: list[bytes]) -> None:
    scope, target, action, seq = m.scope, m.target, m.action, m.msgSeqNum
    holder: "TunedState | Account | ScaledInstrument | None" = state if target == "" else None
    if scope != "global":
        holder = state.accounts.get(target) if scope == "account" else state.instruments.get(target)
    if holder is None:
        out.append(reports.business_reject(seq, "q", "UNKNOWN_TARGET"))
        return
    key = (scope, target)
    affected: list[Order] = []
    if action == "resume-request":
        state.resume_requests[key] = (m.killId, state.now)
    elif action == "resume-confirm":
        request = state.resume_requests.get(key)
        if request is None or request[0] != m.killId or state.now - request[1] > state.resume_window_us:
            out.append(reports.business_reject(seq, "q", "RESUME_MISMATCH"))
            return
        del state.resume_requests[key]
        holder.stopped = ACTIVE
    else:
        if holder.stopped != KILLED:
            holder.stopped = SEVERITIES[action]
        state.resume_requests.pop(key, None)
        if m.cancelOpen == "1" and action != "reduce":
            affected = _open_in_scope(state, scope, target)
    state.any_stop = any(_stops(state))
    out.append(reports.state_changed(seq, scope, target, action, m.killId, len(affected)))
    for order in affected:
        cancel_unasked(state, order, seq, '"KILLED"', out)


def _stops(state: TunedState) -> Iterator[str]:
    if state.stopped:
        yield f"state global - {STATE_NAMES[state.stopped]}"
    for name, account in sorted(state.accounts.items()):
        if account.stopped:
            yield f"state account {name} {STATE_NAMES[account.stopped]}"
    for symbol, instrument in sorted(state.instruments.items()):
        if instrument.stopped:
            yield f"state symbol {symbol} {STATE_NAMES[instrument.stopped]}"


def state_hash(state: TunedState) -> str:
    return hashlib.sha256("\n".join(state_lines(state)).encode("ascii")).hexdigest()


def state_lines(state: TunedState) -> Iterator[str]:
    yield f"seq {state.last_seq}"
    yield f"now {state.now}"
    # Sorted by scope: account before global before symbol.
    yield from sorted(_stops(state), key=lambda line: line.split(" ")[1:3])
    for symbol, instrument in sorted(state.instruments.items()):
        if instrument.ref_time >= 0:
            yield f"ref {symbol} {instrument.bid} {instrument.ask} {instrument.ref_time}"
    accounts = sorted(state.accounts.items())
    for name, account in accounts:
        bucket, cancels = account.bucket, account.cancel_bucket
        if bucket.last >= 0 or cancels.last >= 0:
            yield f"bucket {name} {bucket.tokens} {bucket.last} {cancels.tokens} {cancels.last}"
    if state.global_bucket.last >= 0:
        yield f"bucket * {state.global_bucket.tokens} {state.global_bucket.last}"
    for name, account in accounts:
        if account.open_notional or account.traded_notional:
            yield f"account {name} {account.open_notional} {account.traded_notional}"
    for name, account in accounts:
        for symbol, desk in account.desks.items():
            if desk.position:
                yield f"position {name} {symbol} {desk.position}"
    for order in state.open.values():
        yield _order_line(order)
    yield f"terminal {state.ended_count} {state.ended_digest}"
    yield f"windows {len(state.ids)} {len(state.ids_before)} {len(state.execs)} {len(state.execs_before)}"
    yield f"counts {state.repeated_inputs} {state.repeated_execs} {state.absorbed}"


def _order_line(order: Order) -> str:
    desk = order.desk
    lots, ticks = order.lots, order.reserve_ticks
    if order.pending_key is not None:
        lots, ticks = max(lots, order.pending_lots), max(ticks, order.pending_ticks)
    # kind is "side":"1","ordType":"2",
    return (
        f"order {order.seq} {desk.account.name} {desk.instrument.symbol} {order.cl_ord_id} {order.kind[8]} {order.kind[22]} {order.tif}"
        f" {order.status} {order.previous} {order.lots} {order.ticks} {order.cum_lots} {order.cum_tick_lots} {order.expire_time}"
        f" {lots} {ticks}"
    )
