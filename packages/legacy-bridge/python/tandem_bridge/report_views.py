"""Reports in place: each view is a window on the received frame and unpacks a value when it is asked for.

A view keeps its frame alive. `as_fields()` gives what the JSON wire would have carried, keys in the same order.
"""

from __future__ import annotations

from typing import Any, Optional

from . import batch_layout as layout
from .desk_names import DeskNames, fixed_text


def _text_of(code: int) -> Optional[str]:
    return layout.TEXTS[code] if code < len(layout.TEXTS) else f"CODE_{code}"


def _letter(code: int) -> Optional[str]:
    return chr(code) if code else None


def _order_id(seq: int) -> Optional[str]:
    return f"O{seq}" if seq else None


def id_text(frame: memoryview, at: int) -> Optional[str]:
    length = min(frame[at + layout.ID_TEXT_BYTES], layout.ID_TEXT_BYTES)
    return bytes(frame[at : at + length]).decode("latin-1") if length else None


def received_decimal(whole: int, fraction: int, digits: int, negative: int) -> Optional[str]:
    """The decimal text as the client had written it."""
    if digits == layout.ABSENT_DIGITS:
        return None
    sign = "-" if negative else ""
    return f"{sign}{whole}.{fraction:0{digits}d}" if digits else f"{sign}{whole}"


class ReportView:
    """One output record. `at` is where its payload begins."""

    __slots__ = ("frame", "at", "names", "kind", "flags", "ref_seq", "mono_ns", "source_id")

    def __init__(self, frame: memoryview, header_at: int, names: DeskNames) -> None:
        self.frame = frame
        self.names = names
        self.at = header_at + layout.HEADER.size
        _, self.kind, self.flags, _, self.ref_seq, self.mono_ns, self.source_id, _ = layout.HEADER.unpack_from(frame, header_at)

    @property
    def msg_type(self) -> str:
        return chr(self.kind & ~layout.OUTPUT_BIT)

    def as_fields(self) -> dict[str, Any]:
        return {"msgType": self.msg_type, "refSeqNum": self.ref_seq, **_MEMBERS[self.kind](self)}

    def account_of(self, number: int) -> str:
        if number != layout.BY_NAME:
            return self.names.accounts[number]
        return id_text(self.frame, self.at + layout.OUTPUT_BYTES[self.kind]) or ""

    def symbol_of(self, number: int) -> str:
        if number != layout.BY_NAME:
            return self.names.symbols[number]
        behind = layout.ID_BYTES if self.flags & layout.ACCOUNT_NAMED else 0
        return id_text(self.frame, self.at + layout.OUTPUT_BYTES[self.kind] + behind) or ""


class ExecutionReportView(ReportView):
    """The report that matters most, with its numbers as integers: prices in ticks, quantities in lots."""

    __slots__ = ()

    def _octet(self, offset: int) -> int:
        return self.frame[self.at + offset]

    def _u64(self, offset: int) -> int:
        return int.from_bytes(self.frame[self.at + offset : self.at + offset + 8], "little")

    def _u16(self, offset: int) -> int:
        return int.from_bytes(self.frame[self.at + offset : self.at + offset + 2], "little")

    @property
    def account(self) -> str:
        return self.account_of(self._u16(8))

    @property
    def symbol(self) -> str:
        return self.symbol_of(self._u16(10))

    @property
    def exec_type(self) -> str:
        return chr(self._octet(12))

    @property
    def ord_status(self) -> str:
        return chr(self._octet(13))

    @property
    def order_id(self) -> Optional[str]:
        return _order_id(self._u64(24))

    @property
    def cl_ord_id(self) -> Optional[str]:
        return id_text(self.frame, self.at + 96)

    @property
    def text(self) -> Optional[str]:
        return _text_of(self._octet(88))

    @property
    def last_lots(self) -> int:
        """0 when the report is no fill."""
        return self._u64(48)

    @property
    def last_ticks(self) -> int:
        return self._u64(56)

    @property
    def cum_lots(self) -> int:
        return self._u64(64)

    @property
    def leaves_lots(self) -> int:
        return self._u64(72)


def _execution_members(view: ReportView) -> dict[str, Any]:
    (time, account, symbol, exec_type, status, side, ord_type, ordinal, average_whole, order_seq, qty, price, last_qty, last_px, cum,
     leaves, average_digits, text, reason, _, _) = layout.EXECUTION_REPORT.unpack_from(view.frame, view.at)
    head = {
        "account": view.account_of(account), "symbol": view.symbol_of(symbol), "clOrdId": id_text(view.frame, view.at + 96),
        "origClOrdId": id_text(view.frame, view.at + 136), "orderId": _order_id(order_seq), "execId": f"E{view.ref_seq}.{ordinal}",
        "execType": chr(exec_type), "ordStatus": chr(status), "side": chr(side), "ordType": chr(ord_type),
    }
    tail = {
        "ordRejReason": None if reason == layout.NO_REASON else reason, "text": _text_of(text), "transactTime": time,
    }
    if not order_seq:
        parts = layout.REJECTED_TEXTS.unpack_from(view.frame, view.at + layout.REJECTED_TEXTS_AT)
        return {
            **head, "orderQty": received_decimal(*parts[:4]), "price": received_decimal(*parts[5:9]), "lastQty": None, "lastPx": None,
            "cumQty": "0", "leavesQty": "0", "avgPx": "0", **tail,
        }
    ticks, lots = view.names.ticks[symbol], view.names.lots[symbol]
    average_decimals = ticks.decimals + 4
    return {
        **head, "orderQty": lots.text(qty), "price": ticks.text(price) if price else None,
        "lastQty": lots.text(last_qty) if last_qty else None, "lastPx": ticks.text(last_px) if last_px else None,
        "cumQty": lots.text(cum), "leavesQty": lots.text(leaves),
        "avgPx": fixed_text(average_whole * 10**average_decimals + average_digits, average_decimals), **tail,
    }


def _cancel_reject_members(view: ReportView) -> dict[str, Any]:
    time, account, symbol, status, answers, reason, text, order_seq, _, _ = layout.CANCEL_REJECT.unpack_from(view.frame, view.at)
    return {
        "account": view.account_of(account), "symbol": view.symbol_of(symbol), "clOrdId": id_text(view.frame, view.at + 24),
        "origClOrdId": id_text(view.frame, view.at + 64), "orderId": _order_id(order_seq), "ordStatus": chr(status),
        "cxlRejResponseTo": chr(answers), "cxlRejReason": reason, "text": _text_of(text), "transactTime": time,
    }


def _reject_members(view: ReportView) -> dict[str, Any]:
    msg_type, code, field = layout.REJECT.unpack_from(view.frame, view.at)
    text = _text_of(code)
    name = layout.FIELDS[field] if field < len(layout.FIELDS) else f"FIELD_{field}"
    return {"account": "", "refMsgType": _letter(msg_type), "text": f"{text}:{name}" if name else text}


def _business_reject_members(view: ReportView) -> dict[str, Any]:
    account, msg_type, code, status, event = layout.BUSINESS_REJECT.unpack_from(view.frame, view.at)
    text = _text_of(code)
    return {
        "account": "" if account == layout.BY_NAME else view.names.accounts[account], "refMsgType": _letter(msg_type),
        "text": f"{text}:{chr(status)}:{chr(event)}" if status else text,
    }


def _state_members(view: ReportView) -> dict[str, Any]:
    scope, action, number, affected, _ = layout.STATE_CHANGED.unpack_from(view.frame, view.at)
    target = "" if scope == 1 else (view.names.accounts if scope == 2 else view.names.symbols)[number]
    return {
        "account": target if scope == 2 else "", "scope": layout.SCOPES[scope], "target": target, "action": layout.ACTIONS[action],
        "killId": id_text(view.frame, view.at + 8), "totalAffected": affected,
    }


def _venue_new_members(view: ReportView) -> dict[str, Any]:
    order_seq, account, symbol, side, ord_type, tif, qty, price, stop_px, expire_time = layout.VENUE_NEW.unpack_from(view.frame, view.at)
    ticks = view.names.ticks[symbol]
    return {
        "account": view.names.accounts[account], "orderId": _order_id(order_seq), "symbol": view.names.symbols[symbol],
        "side": chr(side), "ordType": chr(ord_type), "orderQty": view.names.lots[symbol].text(qty),
        "price": ticks.text(price) if price else None, "stopPx": ticks.text(stop_px) if stop_px else None, "tif": chr(tif),
        "expireTime": expire_time or None,
    }


def _venue_replace_members(view: ReportView) -> dict[str, Any]:
    order_seq, account, symbol, qty, price = layout.VENUE_REPLACE.unpack_from(view.frame, view.at)
    return {
        "account": view.names.accounts[account], "orderId": _order_id(order_seq), "symbol": view.names.symbols[symbol],
        "orderQty": view.names.lots[symbol].text(qty), "price": view.names.ticks[symbol].text(price),
    }


def _venue_line_members(view: ReportView) -> dict[str, Any]:
    order_seq, account, symbol = layout.VENUE_LINE.unpack_from(view.frame, view.at)
    return {"account": view.names.accounts[account], "orderId": _order_id(order_seq), "symbol": view.names.symbols[symbol]}


def _answer_members(view: ReportView) -> dict[str, Any]:
    digest = bytes(view.frame[view.at + layout.ID_BYTES : view.at + layout.ANSWER.size]).rstrip(b"\0").decode("latin-1")
    return {"testReqId": id_text(view.frame, view.at), "stateHash": digest or None}


_MEMBERS = {
    0xB8: _execution_members, 0xB9: _cancel_reject_members, 0xB3: _reject_members, 0xEA: _business_reject_members,
    0xF2: _state_members, 0xC4: _venue_new_members, 0xC7: _venue_replace_members, 0xC6: _venue_line_members,
    0xC8: _venue_line_members, 0xB0: _answer_members,
}
