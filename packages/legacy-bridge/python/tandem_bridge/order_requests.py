"""What a client asks for. Prices and quantities are decimal text, as on the wire; nothing is rounded on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Optional

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,9})?")
_ID = re.compile(r"[!#-\[\]-~]{1,36}")


class RequestError(ValueError):
    """A request that no gateway would accept, found before it is sent; names the field."""


@dataclass(frozen=True)
class NewOrder:
    """`price` is given for a limit order (ordType 2), `stop_px` for a stop (3), `expire_time` (microseconds, UTC) for tif 6."""

    account: str
    symbol: str
    cl_ord_id: str
    side: str
    ord_type: str
    order_qty: str
    price: Optional[str] = None
    stop_px: Optional[str] = None
    tif: str = "0"
    expire_time: Optional[int] = None
    reduce_only: bool = False

    def fields(self) -> dict[str, Any]:
        """The wire's fields in its order, without the head."""
        found: dict[str, Any] = {
            "account": self.account, "symbol": self.symbol, "clOrdId": self.cl_ord_id, "side": self.side, "ordType": self.ord_type,
            "orderQty": self.order_qty, "price": self.price, "stopPx": self.stop_px, "tif": self.tif, "expireTime": self.expire_time,
            "execInst": "E" if self.reduce_only else None,
        }
        return {name: value for name, value in found.items() if value is not None}

    def check(self) -> None:
        _check_ids(account=self.account, symbol=self.symbol, clOrdId=self.cl_ord_id)
        _check_decimals(orderQty=self.order_qty, price=self.price, stopPx=self.stop_px)
        _check_choice("side", self.side, "12")
        _check_choice("ordType", self.ord_type, "123")
        _check_choice("tif", self.tif, "01346")
        if (self.price is not None) != (self.ord_type == "2") or (self.stop_px is not None) != (self.ord_type == "3"):
            raise RequestError("price belongs to a limit order, stopPx to a stop")
        if self.expire_time is not None and (self.tif != "6" or not 1 <= self.expire_time < 2**53):
            raise RequestError("expireTime belongs to tif 6")


@dataclass(frozen=True)
class ReplaceOrder:
    account: str
    symbol: str
    cl_ord_id: str
    orig_cl_ord_id: str
    order_qty: str
    price: str

    def fields(self) -> dict[str, Any]:
        return {
            "account": self.account, "symbol": self.symbol, "clOrdId": self.cl_ord_id, "origClOrdId": self.orig_cl_ord_id,
            "orderQty": self.order_qty, "price": self.price,
        }

    def check(self) -> None:
        _check_ids(account=self.account, symbol=self.symbol, clOrdId=self.cl_ord_id, origClOrdId=self.orig_cl_ord_id)
        _check_decimals(orderQty=self.order_qty, price=self.price)


@dataclass(frozen=True)
class CancelOrder:
    account: str
    symbol: str
    cl_ord_id: str
    orig_cl_ord_id: str

    def fields(self) -> dict[str, Any]:
        return {
            "account": self.account, "symbol": self.symbol, "clOrdId": self.cl_ord_id, "origClOrdId": self.orig_cl_ord_id,
        }

    def check(self) -> None:
        _check_ids(account=self.account, symbol=self.symbol, clOrdId=self.cl_ord_id, origClOrdId=self.orig_cl_ord_id)


def check_id(name: str, text: object) -> str:
    if not isinstance(text, str) or not _ID.fullmatch(text):
        raise RequestError(f"{name}: expected 1..36 printable ASCII characters without quote and backslash")
    return text


def _check_ids(**texts: str) -> None:
    for name, text in texts.items():
        check_id(name, text)


def _check_decimals(**texts: Optional[str]) -> None:
    for name, text in texts.items():
        if text is not None and (not isinstance(text, str) or not _DECIMAL.fullmatch(text)):
            raise RequestError(f"{name}: expected decimal text, at most 9 digits on each side of the point")


def _check_choice(name: str, text: str, choices: str) -> None:
    if len(text) != 1 or text not in choices:
        raise RequestError(f"{name}: expected one of {', '.join(choices)}")
