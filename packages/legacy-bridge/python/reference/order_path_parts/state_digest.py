"""The state as one SHA-256, so that two implementations can be compared at any point (docs/order-path.md, section 10)."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Iterator

from .desk_state import HALTED, KILLED, REDUCING, DeskState
from .order_records import Order

STATE_NAMES = {KILLED: "KILLED", HALTED: "HALTED", REDUCING: "REDUCING"}


def state_hash(state: DeskState) -> str:
    return hashlib.sha256("\n".join(state_lines(state)).encode("ascii")).hexdigest()


def state_lines(state: DeskState) -> Iterator[str]:
    yield f"seq {state.last_seq}"
    yield f"now {state.now}"
    for (scope, target), severity in sorted(state.trading_states.items()):
        yield f"state {scope} {target or '-'} {STATE_NAMES[severity]}"
    for symbol, reference in sorted(state.references.items()):
        tick = state.rules.instruments[symbol].tick_size
        yield f"ref {symbol} {int(reference.bid / tick)} {int(reference.ask / tick)} {reference.time}"
    yield from _bucket_lines(state)
    yield from _account_lines(state)
    for order in state.orders.open.values():
        yield _order_line(order)
    yield f"terminal {state.orders.ended_count} {state.orders.ended_digest}"
    ids, execs = state.client_ids, state.exec_ids
    yield f"windows {len(ids.current)} {len(ids.previous)} {len(execs.current)} {len(execs.previous)}"
    yield f"counts {state.repeated_inputs} {state.repeated_execs} {state.absorbed}"


def _bucket_lines(state: DeskState) -> Iterator[str]:
    for name, account in sorted(state.accounts.items()):
        bucket, cancels = account.bucket, account.cancel_bucket
        if bucket.used or cancels.used:
            yield f"bucket {name} {bucket.tokens} {bucket.last} {cancels.tokens} {cancels.last}"
    if state.global_bucket.used:
        yield f"bucket * {state.global_bucket.tokens} {state.global_bucket.last}"


def _account_lines(state: DeskState) -> Iterator[str]:
    decimals = state.rules.cash_decimals
    accounts = sorted(state.accounts.items())
    for name, account in accounts:
        if account.open_notional or account.traded_notional:
            yield f"account {name} {_units(account.open_notional, decimals)} {_units(account.traded_notional, decimals)}"
    for name, account in accounts:
        for symbol, position in sorted(account.positions.items()):
            if position:
                yield f"position {name} {symbol} {int(position / state.rules.instruments[symbol].lot_size)}"


def _units(amount: Decimal, decimals: int) -> int:
    return int(amount.scaleb(decimals))


def _order_line(order: Order) -> str:
    tick, lot = order.instrument.tick_size, order.instrument.lot_size
    price_ticks = 0 if order.price is None else int(order.price / tick)
    return (
        f"order {order.seq} {order.account} {order.symbol} {order.cl_ord_id} {order.side} {order.ord_type} {order.tif}"
        f" {order.status} {order.previous or '-'} {int(order.order_qty / lot)} {price_ticks} {int(order.cum_qty / lot)}"
        f" {int(order.cum_notional / (tick * lot))} {order.expire_time} {int(order.reserve_qty / lot)}"
        f" {int(order.reserve_price / tick)}"
    )
