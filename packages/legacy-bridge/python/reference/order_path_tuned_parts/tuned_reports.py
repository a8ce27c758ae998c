"""Outputs as templates. Every value is a number or a text of ordinary characters, so nothing needs escaping."""

from __future__ import annotations

from order_path_parts.reports import CANCEL_REJECT_REASONS, OTHER_REASON, REJECT_REASONS

from .fast_messages import Cancel, NewOrder, Replace
from .tuned_books import Order


def reported(status: str) -> str:
    return "A" if status == "U" else status


def report_accepted(order: Order, seq: int, n: int, now: int) -> bytes:
    instrument = order.desk.instrument
    return (
        f'{{"msgType":"8","refSeqNum":{seq},{order.desk.tag}"clOrdId":"{order.cl_ord_id}","origClOrdId":null,"orderId":"{order.order_id}",'
        f'"execId":"E{seq}.{n}","execType":"A","ordStatus":"A",{order.kind}"orderQty":"{order.qty_text}","price":{order.price_text},'
        f'"lastQty":null,"lastPx":null,"cumQty":"{instrument.qty.zero_text}","leavesQty":"{order.qty_text}",'
        f'"avgPx":"{instrument.zero_average}","ordRejReason":null,"text":null,"transactTime":{now}}}'
    ).encode()


def report_fill(order: Order, seq: int, now: int, last_qty: str, last_px: str, leaves: int, text: str) -> bytes:
    instrument = order.desk.instrument
    qty = instrument.qty
    return (
        f'{{"msgType":"8","refSeqNum":{seq},{order.desk.tag}"clOrdId":"{order.cl_ord_id}","origClOrdId":null,"orderId":"{order.order_id}",'
        f'"execId":"E{seq}.0","execType":"F","ordStatus":"{order.status}",{order.kind}"orderQty":"{order.qty_text}",'
        f'"price":{order.price_text},"lastQty":"{last_qty}","lastPx":"{last_px}","cumQty":"{qty.text(order.cum_lots)}",'
        f'"leavesQty":"{qty.text(leaves)}","avgPx":"{instrument.average_text(order.cum_tick_lots, order.cum_lots)}",'
        f'"ordRejReason":null,"text":{text},"transactTime":{now}}}'
    ).encode()


def report(
    order: Order, seq: int, n: int, now: int, exec_type: str, cl_ord_id: str = "", orig: str = "null", reason: str = "null",
    text: str = "null",
) -> bytes:
    """Any other report on a known order. `orig`, `reason` and `text` are JSON values."""
    instrument = order.desk.instrument
    status = order.status
    leaves = order.lots - order.cum_lots
    if leaves < 0 or status in "248C":
        leaves = 0
    cum = order.cum_lots
    average = instrument.average_text(order.cum_tick_lots, cum) if cum else instrument.zero_average
    return (
        f'{{"msgType":"8","refSeqNum":{seq},{order.desk.tag}"clOrdId":"{cl_ord_id or order.cl_ord_id}","origClOrdId":{orig},'
        f'"orderId":"{order.order_id}","execId":"E{seq}.{n}","execType":"{exec_type}","ordStatus":"{reported(status)}",'
        f'{order.kind}"orderQty":"{order.qty_text}","price":{order.price_text},"lastQty":null,"lastPx":null,'
        f'"cumQty":"{instrument.qty.text(cum)}","leavesQty":"{instrument.qty.text(leaves)}","avgPx":"{average}",'
        f'"ordRejReason":{reason},"text":{text},"transactTime":{now}}}'
    ).encode()


def order_rejected(m: NewOrder, n: int, now: int, code: str) -> bytes:
    price = m.price or m.stopPx
    return (
        f'{{"msgType":"8","refSeqNum":{m.msgSeqNum},"account":"{m.account}","symbol":"{m.symbol}","clOrdId":"{m.clOrdId}",'
        f'"origClOrdId":null,"orderId":null,"execId":"E{m.msgSeqNum}.{n}","execType":"8","ordStatus":"8","side":"{m.side}",'
        f'"ordType":"{m.ordType}","orderQty":"{m.orderQty}","price":{quoted(price)},"lastQty":null,"lastPx":null,'
        f'"cumQty":"0","leavesQty":"0","avgPx":"0","ordRejReason":{REJECT_REASONS.get(code, OTHER_REASON)},"text":"{code}",'
        f'"transactTime":{now}}}'
    ).encode()


def quoted(text: str) -> str:
    return f'"{text}"' if text else "null"


def cancel_rejected(m: "Replace | Cancel", now: int, code: str, order: "Order | None") -> bytes:
    order_id = "null" if order is None else f'"{order.order_id}"'
    status = "8" if order is None else reported(order.status)
    return (
        f'{{"msgType":"9","refSeqNum":{m.msgSeqNum},"account":"{m.account}","symbol":"{m.symbol}","clOrdId":"{m.clOrdId}",'
        f'"origClOrdId":"{m.origClOrdId}","orderId":{order_id},"ordStatus":"{status}",'
        f'"cxlRejResponseTo":"{"2" if type(m) is Replace else "1"}","cxlRejReason":{CANCEL_REJECT_REASONS.get(code, OTHER_REASON)},'
        f'"text":"{code}","transactTime":{now}}}'
    ).encode()


def schema_reject(seq: int, msg_type: str, text: str) -> bytes:
    return f'{{"msgType":"3","refSeqNum":{seq},"account":"","refMsgType":{quoted(msg_type)},"text":"{text}"}}'.encode()


def business_reject(seq: int, msg_type: str, text: str, account: str = "") -> bytes:
    return f'{{"msgType":"j","refSeqNum":{seq},"account":"{account}","refMsgType":"{msg_type}","text":"{text}"}}'.encode()


def state_changed(seq: int, scope: str, target: str, action: str, kill_id: str, affected: int) -> bytes:
    account = target if scope == "account" else ""
    return (
        f'{{"msgType":"r","refSeqNum":{seq},"account":"{account}","scope":"{scope}","target":"{target}","action":"{action}",'
        f'"killId":"{kill_id}","totalAffected":{affected}}}'
    ).encode()


def test_answer(seq: int, test_req_id: str, state_hash: str) -> bytes:
    return f'{{"msgType":"0","refSeqNum":{seq},"testReqId":"{test_req_id}","stateHash":{quoted(state_hash)}}}'.encode()


def venue_new(order: Order, seq: int, stop: bool) -> bytes:
    desk = order.desk
    price, stop_px = ("null", order.price_text) if stop else (order.price_text, "null")
    return (
        f'{{"msgType":"D","refSeqNum":{seq},"account":"{desk.account.name}","orderId":"{order.order_id}",'
        f'"symbol":"{desk.instrument.symbol}",{order.kind}"orderQty":"{order.qty_text}","price":{price},"stopPx":{stop_px},'
        f'"tif":"{order.tif}","expireTime":{order.expire_time or "null"}}}'
    ).encode()


def venue_replace(order: Order, seq: int, qty_text: str, price_text: str) -> bytes:
    desk = order.desk
    return (
        f'{{"msgType":"G","refSeqNum":{seq},"account":"{desk.account.name}","orderId":"{order.order_id}",'
        f'"symbol":"{desk.instrument.symbol}","orderQty":"{qty_text}","price":{price_text}}}'
    ).encode()


def venue_line(msg_type: str, order: Order, seq: int) -> bytes:
    desk = order.desk
    return (
        f'{{"msgType":"{msg_type}","refSeqNum":{seq},"account":"{desk.account.name}","orderId":"{order.order_id}",'
        f'"symbol":"{desk.instrument.symbol}"}}'
    ).encode()
