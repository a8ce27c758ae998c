"""Every order that is still known: by id, by client id, open by side; and the queue in which ended ones are forgotten."""

from __future__ import annotations

import heapq
from collections import deque
from decimal import Decimal
from typing import Optional

from .order_records import BUY, GOOD_TILL_DATE, LIMIT, PENDING_NEW, SELL, Order

DIGEST_MODULUS = 1_000_003
MAX_STALE_EXPIRIES = 64


class OrderStore:
    def __init__(self, terminal_retention: int) -> None:
        self._retention = terminal_retention
        self._by_id: dict[str, Order] = {}
        self._by_client_id: dict[tuple[str, str], Order] = {}
        self._ended: deque[Order] = deque()
        self.open: dict[int, Order] = {}
        self._open_by_side: dict[tuple[str, str, str], dict[int, Order]] = {}
        self._never_acknowledged: dict[int, Order] = {}
        self._expiries: list[tuple[int, int, Order]] = []
        self._overdue: list[tuple[int, int, Order]] = []
        self.ended_count = 0
        self.ended_digest = 0

    def by_id(self, order_id: str) -> Optional[Order]:
        return self._by_id.get(order_id)

    def by_client_id(self, account: str, cl_ord_id: str) -> Optional[Order]:
        return self._by_client_id.get((account, cl_ord_id))

    def add(self, order: Order) -> None:
        self._by_id[order.order_id] = order
        self._by_client_id[order.account, order.cl_ord_id] = order
        self.open[order.seq] = order
        self.open_on_side(order.account, order.symbol, order.side)[order.seq] = order
        self._never_acknowledged[order.seq] = order
        if order.tif == GOOD_TILL_DATE:
            heapq.heappush(self._expiries, (order.expire_time, order.seq, order))

    def open_on_side(self, account: str, symbol: str, side: str) -> dict[int, Order]:
        return self._open_by_side.setdefault((account, symbol, side), {})

    def rename(self, order: Order, cl_ord_id: str) -> None:
        """A replace was applied: from now on only its own client id finds the order."""
        self._drop_client_id(order)
        order.cl_ord_id = cl_ord_id
        self._by_client_id[order.account, cl_ord_id] = order

    def end(self, order: Order, cum_lots: int) -> None:
        """Takes a terminal order off the books; it stays known until enough younger ones have ended."""
        del self.open[order.seq]
        del self.open_on_side(order.account, order.symbol, order.side)[order.seq]
        self.acknowledge(order)
        self.ended_count += 1
        self.ended_digest = (
            self.ended_digest * 31 + order.seq % DIGEST_MODULUS + cum_lots % DIGEST_MODULUS * 7 + ord(order.status)
        ) % DIGEST_MODULUS
        self._ended.append(order)
        while len(self._ended) > self._retention:
            self._forget(self._ended.popleft())
        if len(self._expiries) > 2 * len(self.open) + MAX_STALE_EXPIRIES:
            self._expiries = [entry for entry in self._expiries if entry[1] in self.open]
            heapq.heapify(self._expiries)

    def acknowledge(self, order: Order) -> None:
        self._never_acknowledged.pop(order.seq, None)

    def crossing(self, incoming_side: str, price: Optional[Decimal], account: str, symbol: str) -> list[Order]:
        """The account's open limit orders that an order of this side and price (None: any) would meet: best price first, then oldest."""
        buying = incoming_side == BUY
        found = [
            order
            for order in self.open_on_side(account, symbol, SELL if buying else BUY).values()
            if order.ord_type == LIMIT
            and (price is None or (price >= order.order_price if buying else price <= order.order_price))
        ]
        found.sort(key=lambda order: (order.order_price if buying else -order.order_price, order.seq))
        return found

    def due(self, now: int) -> list[Order]:
        """Open good-till-date orders at or past their time, by (time, sequence); they stay due until they end."""
        while self._expiries and self._expiries[0][0] <= now:
            self._overdue.append(heapq.heappop(self._expiries))
        self._overdue = [entry for entry in self._overdue if not entry[2].is_terminal]
        return [order for _, _, order in self._overdue]

    def unacknowledged_since(self, before: int) -> list[Order]:
        """Orders still pending new that were accepted before the given time, by sequence."""
        found: list[Order] = []
        for order in self._never_acknowledged.values():
            if order.accepted_at >= before:
                break
            if order.status == PENDING_NEW:
                found.append(order)
        return found

    def _forget(self, order: Order) -> None:
        del self._by_id[order.order_id]
        self._drop_client_id(order)

    def _drop_client_id(self, order: Order) -> None:
        key = (order.account, order.cl_ord_id)
        if self._by_client_id.get(key) is order:
            del self._by_client_id[key]
