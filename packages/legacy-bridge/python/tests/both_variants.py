"""A small trading desk for examples: every message goes to both variants, which must agree to the octet and in their state."""

from __future__ import annotations

import copy
import json
from typing import Any, Optional

from order_path_parts.decision_core import OrderPath
from order_path_parts.rulebook import parse_rulebook
from order_path_parts.state_digest import state_lines
from order_path_tuned_parts.tuned_core import TunedOrderPath
from order_path_tuned_parts.tuned_control import state_lines as tuned_state_lines

BASE: dict[str, Any] = {
    "formatVersion": "1.0",
    "instruments": [
        {"symbol": "BTC", "tickSize": "0.05", "lotSize": "0.001", "minQty": "0.002", "maxQty": "100", "minNotional": "10",
         "maxNotional": "100000", "collarBps": 300, "refMaxAgeUs": 2000000, "maxPosition": "200"},
        {"symbol": "ETH", "tickSize": "1", "lotSize": "0.5", "minQty": "0.5", "maxQty": "1000", "minNotional": "0",
         "maxNotional": "100000", "collarBps": 300, "refMaxAgeUs": 2000000, "maxPosition": "1000"},
    ],
    "accounts": [
        {"account": name, "symbols": ["BTC", "ETH"] if name != "ETHONLY" else ["ETH"], "maxOpenNotional": "5000000",
         "creditLimit": "200000000", "rateCapacity": 50, "ratePerSecond": 100, "cancelRateCapacity": 50,
         "cancelRatePerSecond": 100, "selfTrade": mode, "deadManUs": 0}
        for name, mode in [("A", "none"), ("NEWEST", "cancel-newest"), ("OLDEST", "cancel-oldest"), ("BOTH", "cancel-both"),
                           ("DEC", "decrement"), ("ETHONLY", "none")]
    ],
    "globalRate": {"capacity": 5000, "perSecond": 100000},
    "duplicateWindow": 1000, "rejectConsumesDuplicate": True, "rejectConsumesRate": True, "ackTimeoutUs": 1000000,
    "resumeWindowUs": 5000000, "sanityNotional": "50000000", "maxOpenPerSide": 8, "maxOpenOrders": 30, "terminalRetention": 100,
}


def rulebook(**overrides: Any) -> dict[str, Any]:
    """BASE with top-level overrides; `account` and `instrument` override keys of every account and of the first instrument."""
    made = copy.deepcopy(BASE)
    for account in made["accounts"]:
        account.update(overrides.get("account", {}))
    made["instruments"][0].update(overrides.get("instrument", {}))
    made.update({key: value for key, value in overrides.items() if key not in ("account", "instrument")})
    return made


class BothVariants:
    def __init__(self, rules: Optional[dict[str, Any]] = None, market: bool = True, **overrides: Any) -> None:
        parsed = parse_rulebook(rules or rulebook(**overrides))
        self.plain = OrderPath(parsed)
        self.tuned = TunedOrderPath(parsed)
        self.seq = 0
        self.now = 1_000_000
        self._ids = 0
        if market:
            assert self.market("BTC", "1000.00", "1000.10") == []
            assert self.market("ETH", "100", "101") == []

    def raw(self, frame: bytes) -> list[dict[str, Any]]:
        outputs = self.plain.accept(frame)
        assert self.tuned.accept(frame) == outputs
        assert self.plain.state_hash() == self.tuned.state_hash(), list(
            zip(state_lines(self.plain.state), tuned_state_lines(self.tuned.state))
        )
        for output in outputs:
            assert b" " not in output and output.isascii()
        return [json.loads(output) for output in outputs]

    def send(self, **fields: Any) -> list[dict[str, Any]]:
        """Sends one message; a field given as None is left out. msgSeqNum and transactTime are filled in."""
        if "msgSeqNum" not in fields:
            self.seq += 1
        head = {"msgType": fields.pop("msgType"), "msgSeqNum": self.seq, "transactTime": self.now}
        message = {key: value for key, value in {**head, **fields}.items() if value is not None}
        return self.raw(json.dumps(message, separators=(",", ":")).encode())

    def lines(self, kind: str) -> list[str]:
        """Lines of the state that the hash is made of."""
        return [line for line in state_lines(self.plain.state) if line.startswith(kind + " ")]

    def fresh_id(self) -> str:
        self._ids += 1
        return f"id{self._ids}"

    def market(self, symbol: str, bid: str, ask: str) -> list[dict[str, Any]]:
        return self.send(msgType="W", symbol=symbol, bidPx=bid, askPx=ask)

    def new(self, **fields: Any) -> list[dict[str, Any]]:
        """A limit order to buy 1 BTC at 1000.00 unless told otherwise."""
        order = {"account": "A", "symbol": "BTC", "clOrdId": fields.get("clOrdId") or self.fresh_id(), "side": "1", "ordType": "2",
                 "orderQty": "1", "price": "1000.00", "tif": "0"}
        return self.send(msgType="D", **{**order, **fields})

    def accepted(self, **fields: Any) -> str:
        """Places an order and returns its id."""
        outputs = self.new(**fields)
        assert outputs[-1]["execType"] == "A", outputs
        return str(outputs[-1]["orderId"])

    def working(self, **fields: Any) -> str:
        order_id = self.accepted(**fields)
        assert self.venue(order_id, "0")[0]["execType"] == "0"
        return order_id

    def venue(self, order_id: str, event: str, qty: Optional[str] = None, price: Optional[str] = None,
              exec_id: Optional[str] = None) -> list[dict[str, Any]]:
        exec_id = exec_id or self.fresh_id()
        if event == "9":
            return self.send(msgType="9", orderId=order_id, execId=exec_id)
        return self.send(msgType="8", orderId=order_id, execId=exec_id, execType=event, lastQty=qty, lastPx=price)

    def fill(self, order_id: str, qty: str, price: str = "1000.00") -> list[dict[str, Any]]:
        return self.venue(order_id, "F", qty, price)

    def position(self, qty: str, side: str = "1", account: str = "A") -> None:
        """Moves the account's BTC position by one filled order."""
        order_id = self.accepted(account=account, side=side, orderQty=qty)
        assert self.fill(order_id, qty)[0]["ordStatus"] == "2"

    def cancel(self, orig: str, **fields: Any) -> list[dict[str, Any]]:
        request = {"account": "A", "symbol": "BTC", "clOrdId": fields.get("clOrdId") or self.fresh_id(), "origClOrdId": orig}
        return self.send(msgType="F", **{**request, **fields})

    def replace(self, orig: str, **fields: Any) -> list[dict[str, Any]]:
        request = {"account": "A", "symbol": "BTC", "clOrdId": fields.get("clOrdId") or self.fresh_id(), "origClOrdId": orig,
                   "orderQty": "1", "price": "1000.00"}
        return self.send(msgType="G", **{**request, **fields})

    def control(self, action: str, scope: str = "global", target: str = "", cancel_open: str = "0", kill_id: str = "k") -> list[dict[str, Any]]:
        return self.send(msgType="q", scope=scope, target=target, action=action, cancelOpen=cancel_open, killId=kill_id)

    def tick(self, later_us: int = 0) -> list[dict[str, Any]]:
        self.now += later_us
        return self.send(msgType="0")


def texts(outputs: list[dict[str, Any]]) -> list[Any]:
    return [output.get("text") for output in outputs]


def kinds(outputs: list[dict[str, Any]]) -> list[str]:
    """Message types, those of reports with their execType: D 8A F 86 ..."""
    return [output["msgType"] + output.get("execType", "") for output in outputs]


def refused(outputs: list[dict[str, Any]]) -> str:
    """The code of the one rejection that these outputs are."""
    assert len(outputs) == 1 and outputs[0]["msgType"] in "389j", outputs
    assert outputs[0]["msgType"] != "8" or outputs[0]["execType"] == "8", outputs
    return str(outputs[0]["text"])
