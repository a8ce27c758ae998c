"""Seeded traffic for the order path: mostly valid, in a world so small that everything collides, and partly hostile.

The generator plays the clients, the venue and the market. It learns from the outputs which orders are open and answers them as a venue would,
mostly; so acknowledgements, fills, late fills, refused cancels, crossings, limits, kills and resumes all occur. Equal seeds give equal traffic
as long as the outputs are equal.
"""

from __future__ import annotations

import json
import random
from decimal import Decimal
from typing import Any, Callable, Optional

from hostile_frames import mutate
from small_world import INSTRUMENTS, LEVELS, TYPICAL_LOTS, roomy_rulebook, small_rulebook

__all__ = ["RandomTraffic", "roomy_rulebook", "small_rulebook"]

START_US = 1_700_000_000_000_000


class KnownOrder:
    def __init__(self, report: dict[str, Any]) -> None:
        self.account: str = report["account"]
        self.symbol: str = report["symbol"]
        self.side: str = report["side"]
        self.update(report)

    def update(self, report: dict[str, Any]) -> None:
        self.order_id: str = report["orderId"]
        if report["execType"] not in ("6", "E") or report["origClOrdId"] is None:
            self.cl_ord_id: str = report["clOrdId"]
        self.status: str = report["ordStatus"]
        self.price: Optional[str] = report["price"]
        self.leaves = Decimal(report["leavesQty"])


class RandomTraffic:
    def __init__(self, seed: int, rulebook: dict[str, Any], hostile_share: float = 0.04) -> None:
        self._rng = random.Random(f"traffic {seed}")
        self._accounts = [account["account"] for account in rulebook["accounts"]]
        self._instruments = {instrument["symbol"]: instrument for instrument in rulebook["instruments"]}
        self._symbols = list(self._instruments)
        self._hostile_share = hostile_share
        self._levels = dict(LEVELS)
        self._seq = 0
        self._now = START_US
        self._client_ids = 0
        self._execs = 0
        self._open: dict[str, KnownOrder] = {}
        self._ended: list[KnownOrder] = []
        self._positions: dict[tuple[str, str], Decimal] = {}
        self._stopped: list[tuple[str, str]] = []
        self._resuming: Optional[tuple[str, str, str]] = None
        self._opening = list(self._symbols)
        kinds: list[tuple[int, Callable[[], dict[str, Any]]]] = [
            (330, self._new), (370, self._venue), (50, self._cancel), (80, self._replace), (110, self._market),
            (28, self._tick), (5, self._stop), (4, self._test),
        ]
        self._kinds = [kind for weight, kind in kinds for _ in range(weight)]

    def next(self) -> bytes:
        rng = self._rng
        self._advance()
        if self._opening:
            return self._encode(self._market(self._opening.pop()))
        if (self._stopped or self._resuming) and rng.random() < 0.3:
            message = self._resume()
        else:
            message = rng.choice(self._kinds)()
        if rng.random() < self._hostile_share:
            return mutate(rng, message)
        return self._encode(message)

    def observe(self, outputs: list[bytes]) -> list[dict[str, Any]]:
        """Learns from the outputs of the last message and returns them parsed."""
        parsed: list[dict[str, Any]] = [json.loads(raw) for raw in outputs]
        for output in parsed:
            self._seq = max(self._seq, output["refSeqNum"])
            if output["msgType"] == "8" and output["orderId"] is not None:
                self._learn(output)
            elif output["msgType"] == "r":
                self._learn_state((output["scope"], output["target"]), output["action"])
        return parsed

    def _learn_state(self, key: tuple[str, str], action: str) -> None:
        if action in ("kill", "halt", "reduce", "dead-man"):
            if key not in self._stopped:
                self._stopped.append(key)
        elif action == "resume-confirm" and key in self._stopped:
            self._stopped.remove(key)

    def _learn(self, report: dict[str, Any]) -> None:
        order = self._open.get(report["orderId"])
        if order is None:
            order = KnownOrder(report)
            if order.status not in ("2", "4", "8", "C"):
                self._open[order.order_id] = order
        order.update(report)
        if order.status in ("2", "4", "8", "C") and order.order_id in self._open:
            del self._open[order.order_id]
            self._ended.append(order)
            del self._ended[:-60]
        if report["lastQty"]:
            key = (order.account, order.symbol)
            sign = 1 if order.side == "1" else -1
            self._positions[key] = self._positions.get(key, Decimal(0)) + sign * Decimal(report["lastQty"])

    def _advance(self) -> None:
        draw = self._rng.random()
        if draw < 0.01:
            self._now += self._rng.randrange(500_000, 5_500_000)
            if self._rng.random() < 0.8:
                self._opening = list(self._symbols)
        elif draw < 0.03:
            self._now += self._rng.randrange(50_000, 400_000)
        else:
            self._now += self._rng.randrange(0, 9_000)

    def _encode(self, message: dict[str, Any]) -> bytes:
        draw = self._rng.random()
        if draw < 0.01:
            items = list(message.items())
            self._rng.shuffle(items)
            return json.dumps(dict(items), indent=self._rng.choice([None, 1])).encode()
        if draw < 0.03:
            return json.dumps(message).encode()
        return json.dumps(message, separators=(",", ":")).encode()

    def _head(self, msg_type: str) -> dict[str, Any]:
        draw = self._rng.random()
        if draw < 0.004:
            seq = max(1, self._seq - self._rng.randrange(5))
        else:
            self._seq += 1 if draw < 0.98 else self._rng.randrange(1, 4)
            seq = self._seq
        time = self._now - self._rng.randrange(100_000) if self._rng.random() < 0.02 else self._now
        return {"msgType": msg_type, "msgSeqNum": seq, "transactTime": time}

    def _client_id(self) -> str:
        if self._rng.random() < 0.04 and self._client_ids:
            return f"c-{max(1, self._client_ids - self._rng.randrange(120))}"
        self._client_ids += 1
        return f"c-{self._client_ids}"

    def _account(self) -> str:
        return "nobody" if self._rng.random() < 0.01 else self._rng.choice(self._accounts)

    def _symbol(self) -> str:
        return "DOGE" if self._rng.random() < 0.01 else self._rng.choice(self._symbols)

    def _decimal(self, units: int, step: str) -> str:
        value = Decimal(step) * units
        text = f"{value:f}"
        draw = self._rng.random()
        if draw < 0.03 and len(text) < 12:
            return text + ("0" if "." in text else ".0")
        if draw < 0.05 and "." in text:
            return text.rstrip("0").rstrip(".")
        if draw < 0.06:
            return text + ("1" if "." in text else ".001")
        return text

    def _price(self, symbol: str) -> str:
        """Near the market, now and then far away, negative or off the grid."""
        instrument = self._instruments.get(symbol, INSTRUMENTS[0])
        level = self._levels.get(symbol, 1000)
        draw = self._rng.random()
        if draw < 0.02:
            units = self._rng.choice([0, -1, -level, level * 3 // 2, level // 2, level * 10])
        elif draw < 0.05:
            units = level + self._rng.randrange(-level // 20, level // 20 + 1)
        else:
            units = level + self._rng.randrange(-6, 7) * max(1, level // 5000)
        return self._decimal(units, instrument["tickSize"])

    def _quantity(self, symbol: str) -> str:
        instrument = self._instruments.get(symbol, INSTRUMENTS[0])
        typical = TYPICAL_LOTS.get(symbol, 100)
        draw = self._rng.random()
        if draw < 0.02:
            units = self._rng.choice([0, -1, -typical, 1, typical // 200, typical * 50, typical * 1000])
        elif draw < 0.12:
            units = typical * self._rng.randrange(2, 12)
        else:
            units = self._rng.randrange(typical // 3, typical * 2)
        return self._decimal(units, instrument["lotSize"])

    def _new(self) -> dict[str, Any]:
        rng = self._rng
        account, symbol = self._account(), self._symbol()
        side, quantity, reduce_only = rng.choice("12"), self._quantity(symbol), rng.random() < 0.1
        position = self._positions.get((account, symbol), Decimal(0))
        if position and (reduce_only or rng.random() < 0.15):
            side = "2" if position > 0 else "1"
            if rng.random() < 0.7:
                lot = Decimal(self._instruments[symbol]["lotSize"])
                lots = max(1, int(abs(position) / lot) // rng.choice([1, 2, 5]))
                quantity = f"{lots * lot:f}"
        message = {
            **self._head("D"), "account": account, "symbol": symbol, "clOrdId": self._client_id(), "side": side,
            "ordType": rng.choice("1222222223"), "orderQty": quantity,
        }
        if message["ordType"] == "2":
            message["price"] = self._price(symbol)
        elif message["ordType"] == "3":
            message["stopPx"] = self._price(symbol)
        message["tif"] = rng.choice("000134666")
        if message["tif"] == "6" and rng.random() < 0.97:
            message["expireTime"] = self._now + rng.randrange(-20_000, 3_000_000)
        if reduce_only:
            message["execInst"] = "E"
        return message

    def _known(self, endings: float) -> Optional[KnownOrder]:
        rng = self._rng
        if self._ended and rng.random() < endings:
            return rng.choice(self._ended)
        return rng.choice(list(self._open.values())) if self._open else None

    def _cancel(self) -> dict[str, Any]:
        order = self._known(0.1)
        message = {**self._head("F"), "account": self._account(), "symbol": self._symbol(), "clOrdId": self._client_id(),
                   "origClOrdId": self._client_id()}
        if order and self._rng.random() < 0.95:
            message["account"], message["origClOrdId"] = order.account, order.cl_ord_id
            if self._rng.random() < 0.97:
                message["symbol"] = order.symbol
        return message

    def _replace(self) -> dict[str, Any]:
        message = {**self._cancel(), "msgType": "G"}
        symbol = message["symbol"]
        return {**message, "orderQty": self._quantity(symbol), "price": self._price(symbol)}

    def _exec_id(self) -> str:
        if self._rng.random() < 0.03 and self._execs:
            return f"x{max(1, self._execs - self._rng.randrange(60))}"
        self._execs += 1
        return f"x{self._execs}"

    def _venue(self) -> dict[str, Any]:
        rng = self._rng
        order = self._known(0.08)
        if order is None or rng.random() < 0.01:
            return {**self._head("8"), "orderId": f"O{rng.randrange(1, self._seq + 5)}", "execId": self._exec_id(),
                    "execType": rng.choice("0458C")}
        usual = {"A": "000000F8", "0": "FFFFFFF4C", "1": "FFFFFF4C", "6": "444F990", "E": "5555FF9"}
        event = rng.choice(usual.get(order.status, "F")) if rng.random() < 0.93 else rng.choice("0458CF9")
        if event == "9":
            return {**self._head("9"), "orderId": order.order_id, "execId": self._exec_id()}
        message = {**self._head("8"), "orderId": order.order_id, "execId": self._exec_id(), "execType": event}
        if event == "F":
            message["lastQty"], message["lastPx"] = self._fill(order)
        return message

    def _fill(self, order: KnownOrder) -> tuple[str, str]:
        rng = self._rng
        instrument = self._instruments[order.symbol]
        lot = Decimal(instrument["lotSize"])
        leaves = int(order.leaves / lot)
        draw = rng.random()
        if draw < 0.4 or leaves < 2:
            lots = leaves or 1
        elif draw < 0.94:
            lots = rng.randrange(1, leaves)
        else:
            lots = rng.choice([leaves + 1, leaves * 3, 0, -1, leaves * 1000])
        price = order.price if order.price and rng.random() < 0.7 else self._price(order.symbol)
        return self._decimal(lots, instrument["lotSize"]), price

    def _market(self, symbol: Optional[str] = None) -> dict[str, Any]:
        rng = self._rng
        symbol = symbol or self._symbol()
        level = self._levels.get(symbol, 1000) + rng.randrange(-3, 4)
        if symbol in self._levels:
            self._levels[symbol] = max(level, LEVELS[symbol] * 9 // 10)
        tick = self._instruments.get(symbol, INSTRUMENTS[0])["tickSize"]
        bid, ask = level - rng.randrange(0, 4), level + rng.randrange(0, 4)
        if rng.random() < 0.02:
            bid = rng.choice([0, -5, ask + 1])
        return {**self._head("W"), "symbol": symbol, "bidPx": self._decimal(bid, tick), "askPx": self._decimal(ask, tick)}

    def _tick(self) -> dict[str, Any]:
        return self._head("0")

    def _scope(self) -> tuple[str, str]:
        scope = self._rng.choice(["global", "account", "account", "account", "symbol", "symbol"])
        if self._rng.random() < 0.05:
            return scope, self._rng.choice(["", "ACC1", "BTCUSDT", "DOGE"])
        if scope == "global":
            return scope, ""
        return scope, self._account() if scope == "account" else self._symbol()

    def _stop(self) -> dict[str, Any]:
        rng = self._rng
        scope, target = self._scope()
        action = rng.choice(["kill", "kill", "halt", "halt", "reduce", "reduce", "reduce", "resume-confirm"])
        return self._control(scope, target, action, f"k{rng.randrange(9)}")

    def _control(self, scope: str, target: str, action: str, kill_id: str) -> dict[str, Any]:
        return {**self._head("q"), "scope": scope, "target": target, "action": action,
                "cancelOpen": self._rng.choice("01"), "killId": kill_id}

    def _resume(self) -> dict[str, Any]:
        rng = self._rng
        if self._resuming and rng.random() < 0.8:
            scope, target, kill_id = self._resuming
            self._resuming = None
            return self._control(scope, target, "resume-confirm", kill_id if rng.random() < 0.93 else "other")
        scope, target = rng.choice(self._stopped) if self._stopped else self._scope()
        kill_id = f"k{rng.randrange(1000)}"
        self._resuming = (scope, target, kill_id)
        return self._control(scope, target, "resume-request", kill_id)

    def _test(self) -> dict[str, Any]:
        return {"msgType": "1", "testReqId": f"t{self._rng.randrange(99)}", "stateHash": self._rng.choice("01")}
