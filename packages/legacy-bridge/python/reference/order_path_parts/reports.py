"""Outputs: their keys in the order of docs/order-path.md, section 9, and the list in which one input's outputs are collected."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Optional

from .order_records import GOOD_TILL_DATE, STOP, Order

REJECT_REASONS = {
    "UNKNOWN_SYMBOL": 1, "KILLED": 2, "HALTED": 2, "REDUCING_ONLY": 2, "NOTIONAL_MAX": 3, "QTY_MAX": 3, "POSITION": 3,
    "OPEN_ORDERS": 3, "CUM_NOTIONAL": 3, "CREDIT": 3, "RATE": 3, "DUP_CLORDID": 6, "QTY_LOT": 13, "QTY_NONPOS": 13,
    "QTY_MIN": 13, "NOTIONAL_MIN": 13, "UNKNOWN_ACCOUNT": 15, "COLLAR": 16, "PX_TICK": 16, "PX_NONPOS": 16,
}
CANCEL_REJECT_REASONS = {"UNKNOWN_ORDER": 1, "TOO_LATE": 0, "PENDING": 3, "DUP_CLORDID": 6}
OTHER_REASON = 99


class Outbox:
    """The outputs of one input. `now` must be set before the first report."""

    def __init__(self, ref_seq: int, ref_msg_type: Optional[str], now: int) -> None:
        self.frames: list[bytes] = []
        self._ref_seq = ref_seq
        self._ref_msg_type = ref_msg_type
        self._now = now

    def _emit(self, message: dict[str, Any]) -> None:
        self.frames.append(json.dumps(message, separators=(",", ":")).encode("ascii"))

    def order_report(
        self,
        order: Order,
        exec_type: str,
        *,
        cl_ord_id: Optional[str] = None,
        orig_cl_ord_id: Optional[str] = None,
        last: Optional[tuple[Decimal, Decimal]] = None,
        reason: Optional[int] = None,
        text: Optional[str] = None,
    ) -> None:
        """ExecutionReport on a known order; `last` is (quantity, price) of a fill."""
        instrument = order.instrument
        self._emit({
            "msgType": "8",
            "refSeqNum": self._ref_seq,
            "account": order.account,
            "symbol": order.symbol,
            "clOrdId": cl_ord_id or order.cl_ord_id,
            "origClOrdId": orig_cl_ord_id,
            "orderId": order.order_id,
            "execId": f"E{self._ref_seq}.{len(self.frames)}",
            "execType": exec_type,
            "ordStatus": order.reported_status,
            "side": order.side,
            "ordType": order.ord_type,
            "orderQty": instrument.qty_text(order.order_qty),
            "price": None if order.price is None else instrument.price_text(order.price),
            "lastQty": instrument.qty_text(last[0]) if last else None,
            "lastPx": instrument.price_text(last[1]) if last else None,
            "cumQty": instrument.qty_text(order.cum_qty),
            "leavesQty": instrument.qty_text(order.leaves_qty),
            "avgPx": instrument.average_text(order.cum_notional, order.cum_qty),
            "ordRejReason": reason,
            "text": text,
            "transactTime": self._now,
        })

    def order_rejected(self, message: dict[str, Any], code: str) -> None:
        """ExecutionReport on a new order that was refused: quantities and prices as they were received."""
        self._emit({
            "msgType": "8",
            "refSeqNum": self._ref_seq,
            "account": message["account"],
            "symbol": message["symbol"],
            "clOrdId": message["clOrdId"],
            "origClOrdId": None,
            "orderId": None,
            "execId": f"E{self._ref_seq}.{len(self.frames)}",
            "execType": "8",
            "ordStatus": "8",
            "side": message["side"],
            "ordType": message["ordType"],
            "orderQty": message["orderQty"],
            "price": message.get("price", message.get("stopPx")),
            "lastQty": None,
            "lastPx": None,
            "cumQty": "0",
            "leavesQty": "0",
            "avgPx": "0",
            "ordRejReason": REJECT_REASONS.get(code, OTHER_REASON),
            "text": code,
            "transactTime": self._now,
        })

    def cancel_rejected(self, message: dict[str, Any], code: str, order: Optional[Order]) -> None:
        self._emit({
            "msgType": "9",
            "refSeqNum": self._ref_seq,
            "account": message["account"],
            "symbol": message["symbol"],
            "clOrdId": message["clOrdId"],
            "origClOrdId": message["origClOrdId"],
            "orderId": order.order_id if order else None,
            "ordStatus": order.reported_status if order else "8",
            "cxlRejResponseTo": "2" if message["msgType"] == "G" else "1",
            "cxlRejReason": CANCEL_REJECT_REASONS.get(code, OTHER_REASON),
            "text": code,
            "transactTime": self._now,
        })

    def schema_reject(self, text: str) -> None:
        self._emit({
            "msgType": "3", "refSeqNum": self._ref_seq, "account": "", "refMsgType": self._ref_msg_type, "text": text,
        })

    def business_reject(self, text: str, account: str = "") -> None:
        self._emit({
            "msgType": "j", "refSeqNum": self._ref_seq, "account": account, "refMsgType": self._ref_msg_type, "text": text,
        })

    def state_changed(self, scope: str, target: str, action: str, kill_id: str, total_affected: int) -> None:
        self._emit({
            "msgType": "r",
            "refSeqNum": self._ref_seq,
            "account": target if scope == "account" else "",
            "scope": scope,
            "target": target,
            "action": action,
            "killId": kill_id,
            "totalAffected": total_affected,
        })

    def test_answer(self, test_req_id: str, state_hash: Optional[str]) -> None:
        self._emit({"msgType": "0", "refSeqNum": self._ref_seq, "testReqId": test_req_id, "stateHash": state_hash})

    def venue_new(self, order: Order) -> None:
        price = None if order.price is None else order.instrument.price_text(order.price)
        is_stop = order.ord_type == STOP
        self._emit({
            "msgType": "D",
            "refSeqNum": self._ref_seq,
            "account": order.account,
            "orderId": order.order_id,
            "symbol": order.symbol,
            "side": order.side,
            "ordType": order.ord_type,
            "orderQty": order.instrument.qty_text(order.order_qty),
            "price": None if is_stop else price,
            "stopPx": price if is_stop else None,
            "tif": order.tif,
            "expireTime": order.expire_time if order.tif == GOOD_TILL_DATE else None,
        })

    def venue_replace(self, order: Order, qty: Decimal, price: Decimal) -> None:
        self._emit({
            "msgType": "G",
            "refSeqNum": self._ref_seq,
            "account": order.account,
            "orderId": order.order_id,
            "symbol": order.symbol,
            "orderQty": order.instrument.qty_text(qty),
            "price": order.instrument.price_text(price),
        })

    def venue_cancel(self, order: Order) -> None:
        self._venue_line("F", order)

    def venue_status_query(self, order: Order) -> None:
        self._venue_line("H", order)

    def _venue_line(self, msg_type: str, order: Order) -> None:
        self._emit({
            "msgType": msg_type,
            "refSeqNum": self._ref_seq,
            "account": order.account,
            "orderId": order.order_id,
            "symbol": order.symbol,
        })
