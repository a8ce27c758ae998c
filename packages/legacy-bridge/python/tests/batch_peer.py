"""The other end of the binary wire, for tests: reads request frames and writes report frames, from the page alone and one value at a time."""

from __future__ import annotations

import struct
import zlib
from typing import Any, Iterator, Optional

from tandem_bridge import batch_layout as layout
from tandem_bridge.desk_names import DeskNames


def u(value: int, octets: int) -> bytes:
    return value.to_bytes(octets, "little")


def record(kind: int, payload: bytes, seq: int, flags: int = 0, source_id: int = 0) -> bytes:
    head = u(0x0154, 2) + bytes((kind, flags)) + u(len(payload), 4) + u(seq, 8) + u(0, 8) + u(source_id, 4)
    return head + u(zlib.crc32(head + payload), 4) + payload + bytes(-len(payload) % 8)


def ident(text: Optional[str]) -> bytes:
    encoded = (text or "").encode()
    return encoded + bytes(36 - len(encoded)) + bytes((len(encoded), 0, 0, 0))


def decimal(text: Optional[str]) -> bytes:
    if text is None:
        return u(0, 8) + bytes((255, 0, 0, 0))
    whole, _, fraction = text.lstrip("-").partition(".")
    return u(int(whole), 4) + u(int(fraction or "0"), 4) + bytes((len(fraction), text.startswith("-"), 0, 0))


class ReportEncoder:
    """Outputs of the JSON wire as records."""

    def __init__(self, names: DeskNames) -> None:
        self._names = names

    def encode(self, output: dict[str, Any]) -> bytes:
        return getattr(self, "_encode_" + output["msgType"])(output)  # type: ignore[no-any-return]

    def _named(self, output: dict[str, Any]) -> tuple[bytes, bytes, int]:
        """Account and symbol numbers, the names behind the payload, and the flags."""
        account = self._names.account_numbers.get(output["account"], 0xFFFF)
        symbol = self._names.symbol_numbers.get(output["symbol"], 0xFFFF)
        behind = (ident(output["account"]) if account == 0xFFFF else b"") + (ident(output["symbol"]) if symbol == 0xFFFF else b"")
        return u(account, 2) + u(symbol, 2), behind, (account == 0xFFFF) + 2 * (symbol == 0xFFFF)

    def _steps(self, output: dict[str, Any], name: str, grids: list[Any]) -> bytes:
        text = output.get(name)
        if text is None:
            return u(0, 8)
        grid = grids[self._names.symbol_numbers[output["symbol"]]]
        return u(int(text.replace(".", "")) // grid.step_units, 8)

    def _qty(self, output: dict[str, Any], name: str) -> bytes:
        return self._steps(output, name, self._names.lots)

    def _px(self, output: dict[str, Any], name: str) -> bytes:
        return self._steps(output, name, self._names.ticks)

    def _text(self, text: Optional[str]) -> bytes:
        return bytes((layout.TEXTS.index(text),))

    def _order_seq(self, output: dict[str, Any]) -> bytes:
        return u(int((output["orderId"] or "O0")[1:]), 8)

    def _encode_8(self, output: dict[str, Any]) -> bytes:
        if "execId" not in output:
            raise ValueError("not a report")
        numbers, behind, flags = self._named(output)
        codes = (output["execType"] + output["ordStatus"] + output["side"] + output["ordType"]).encode()
        whole, _, digits = output["avgPx"].partition(".")
        reason = output["ordRejReason"]
        payload = u(output["transactTime"], 8) + numbers + codes + u(int(output["execId"].rsplit(".", 1)[1]), 4)
        if output["orderId"] is None:
            payload += u(0, 4) + u(0, 8) + decimal(output["orderQty"]) + decimal(output["price"]) + bytes(32)
        else:
            payload += u(int(whole), 4) + self._order_seq(output) + self._qty(output, "orderQty") + self._px(output, "price")
            payload += self._qty(output, "lastQty") + self._px(output, "lastPx") + self._qty(output, "cumQty")
            payload += self._qty(output, "leavesQty") + u(int(digits), 8)
        payload += self._text(output["text"]) + bytes((255 if reason is None else reason,)) + bytes(6)
        payload += ident(output["clOrdId"]) + ident(output["origClOrdId"]) + behind
        return record(0xB8, payload, output["refSeqNum"], flags)

    def _encode_9(self, output: dict[str, Any]) -> bytes:
        numbers, behind, flags = self._named(output)
        payload = u(output["transactTime"], 8) + numbers + (output["ordStatus"] + output["cxlRejResponseTo"]).encode()
        payload += bytes((output["cxlRejReason"],)) + self._text(output["text"]) + self._order_seq(output)
        payload += ident(output["clOrdId"]) + ident(output["origClOrdId"]) + behind
        return record(0xB9, payload, output["refSeqNum"], flags)

    def _encode_3(self, output: dict[str, Any]) -> bytes:
        code, _, field = output["text"].partition(":")
        field_code = layout.FIELDS.index(field or None)
        return record(0xB3, (output["refMsgType"] or "\0").encode() + self._text(code) + bytes((field_code, 0, 0, 0, 0, 0)), output["refSeqNum"])

    def _encode_j(self, output: dict[str, Any]) -> bytes:
        code, *rest = output["text"].split(":")
        account = self._names.account_numbers.get(output["account"], 0xFFFF)
        payload = u(account, 2) + output["refMsgType"].encode() + self._text(code) + "".join(rest).encode().ljust(4, b"\0")
        return record(0xEA, payload, output["refSeqNum"])

    def _encode_r(self, output: dict[str, Any]) -> bytes:
        scope = layout.SCOPES.index(output["scope"])
        numbers = ({"": 0}, self._names.account_numbers, self._names.symbol_numbers)[scope - 1]
        payload = bytes((scope, layout.ACTIONS.index(output["action"]))) + u(numbers[output["target"]], 2)
        return record(0xF2, payload + u(output["totalAffected"], 4) + ident(output["killId"]), output["refSeqNum"])

    def _encode_D(self, output: dict[str, Any]) -> bytes:
        payload = self._order_seq(output) + self._named(output)[0] + (output["side"] + output["ordType"] + output["tif"]).encode() + b"\0"
        payload += self._qty(output, "orderQty") + self._px(output, "price") + self._px(output, "stopPx") + u(output["expireTime"] or 0, 8)
        return record(0xC4, payload, output["refSeqNum"])

    def _encode_G(self, output: dict[str, Any]) -> bytes:
        payload = self._order_seq(output) + self._named(output)[0] + bytes(4) + self._qty(output, "orderQty") + self._px(output, "price")
        return record(0xC7, payload, output["refSeqNum"])

    def _encode_F(self, output: dict[str, Any]) -> bytes:
        return record(0xC6, self._order_seq(output) + self._named(output)[0] + bytes(4), output["refSeqNum"])

    def _encode_H(self, output: dict[str, Any]) -> bytes:
        return record(0xC8, self._order_seq(output) + self._named(output)[0] + bytes(4), output["refSeqNum"])

    def _encode_0(self, output: dict[str, Any]) -> bytes:
        return record(0xB0, ident(output["testReqId"]) + (output["stateHash"] or "").encode().ljust(64, b"\0"), output["refSeqNum"])


def _ident_at(payload: bytes, at: int) -> str:
    return payload[at : at + payload[at + 36]].decode()


def _decimal_at(payload: bytes, at: int) -> Optional[str]:
    whole, fraction, digits, negative = struct.unpack_from("<IIBB", payload, at)
    if digits == 255:
        return None
    return ("-" if negative else "") + str(whole) + (f".{fraction:0{digits}d}" if digits else "")


def decode_requests(frame: bytes, names: DeskNames) -> Iterator[dict[str, Any]]:
    """Fields of the JSON wire for every record of a request frame; `{"trailer": ...}` for a trailer. Checks borders, padding and checksums."""
    at = 0
    while at < len(frame):
        magic, kind, flags, length, seq, _, _, crc = struct.unpack_from("<HBBIQQII", frame, at)
        payload = frame[at + 32 : at + 32 + length]
        assert magic == 0x0154 and crc == zlib.crc32(frame[at : at + 28] + payload)
        end = at + 32 + (length + 7) // 8 * 8
        assert end <= len(frame) and not any(frame[at + 32 + length : end])
        at = end
        if kind == ord("T"):
            yield {"trailer": struct.unpack("<IIQQQ", payload)}
        elif kind == ord("1"):
            assert seq == 0
            yield {"msgType": "1", "testReqId": _ident_at(payload, 8), "stateHash": chr(payload[0])}
        else:
            yield _request(chr(kind), flags, seq, payload, names)


def _request(kind: str, flags: int, seq: int, payload: bytes, names: DeskNames) -> dict[str, Any]:
    time, account, symbol = struct.unpack_from("<QHH", payload)
    size = {"D": 104, "G": 120, "F": 96}[kind]
    assert len(payload) == size + 40 * (flags & 1) + 20 * (flags & 2)
    assert (account == 0xFFFF) == bool(flags & 1) and (symbol == 0xFFFF) == bool(flags & 2)
    fields: dict[str, Any] = {
        "msgType": kind, "msgSeqNum": seq, "transactTime": time,
        "account": _ident_at(payload, size) if flags & 1 else names.accounts[account],
        "symbol": _ident_at(payload, size + 40 * (flags & 1)) if flags & 2 else names.symbols[symbol],
    }
    if kind == "D":
        fields.update(
            clOrdId=_ident_at(payload, 64), side=chr(payload[12]), ordType=chr(payload[13]), orderQty=_decimal_at(payload, 16),
            price=_decimal_at(payload, 28), stopPx=_decimal_at(payload, 40), tif=chr(payload[14]),
            expireTime=int.from_bytes(payload[56:64], "little") or None, execInst="E" if payload[15] else None,
        )
        assert not any(payload[52:56])
    elif kind == "G":
        fields.update(
            clOrdId=_ident_at(payload, 40), origClOrdId=_ident_at(payload, 80), orderQty=_decimal_at(payload, 16), price=_decimal_at(payload, 28)
        )
    else:
        fields.update(clOrdId=_ident_at(payload, 16), origClOrdId=_ident_at(payload, 56))
    return {name: value for name, value in fields.items() if value is not None}
