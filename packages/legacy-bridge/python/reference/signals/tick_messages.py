"""Ticks as JSON in, signals as JSON out: what both systems of the migration speak."""

from __future__ import annotations

import hashlib
import json
import math
import struct
import zlib
from typing import Any, Callable, Optional, Sequence

from signals.feature_names import TICK_FIELDS

SAFE_INTEGER = 2**53 - 1


def _integer(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= SAFE_INTEGER


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def fault_of(message: dict[str, Any], symbols: Sequence[str]) -> Optional[str]:
    """The field that keeps a message from being a tick, or None."""
    if not _integer(message.get("msgSeqNum"), 1):
        return "msgSeqNum"
    if message.get("symbol") not in symbols:
        return "symbol"
    if not _integer(message.get("timeUs"), 0):
        return "timeUs"
    for name in TICK_FIELDS:
        if not _number(message.get(name)):
            return name
    return None


class SignalService:
    """Every symbol's features and the model behind them; one message in, at most one out."""

    def __init__(
        self,
        symbols: Sequence[str],
        names: Sequence[str],
        make_features: Callable[[], Any],
        predict: Callable[[Any], float],
        *,
        warmup: int,
        threshold: float,
        features_every: int,
    ) -> None:
        self._symbols = list(symbols)
        self._names = list(names)
        self._features = {symbol: make_features() for symbol in symbols}
        self._predict = predict
        self._warmup = warmup
        self._threshold = threshold
        self._features_every = features_every
        self._seen = dict.fromkeys(symbols, 0)
        self._crc = dict.fromkeys(symbols, 0)
        self._last_seq = 0

    def accept(self, raw: bytes) -> list[bytes]:
        try:
            message = json.loads(raw)
        except ValueError:
            message = {}
        if not isinstance(message, dict):
            message = {}
        if message.get("msgType") == "1":
            return [self._answer(message)]
        fault = fault_of(message, self._symbols)
        if fault is not None:
            seq = message.get("msgSeqNum")
            return [self._encode({"msgType": "3", "refSeqNum": seq if _integer(seq, -SAFE_INTEGER) else 0, "field": fault})]
        if message["msgSeqNum"] <= self._last_seq:
            return []
        return [self._decide(message)]

    def state_hash(self) -> str:
        lines = [f"seq {self._last_seq}"] + [f"{symbol} {self._seen[symbol]} {self._crc[symbol]}" for symbol in sorted(self._symbols)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def _decide(self, message: dict[str, Any]) -> bytes:
        seq, symbol, time_us = message["msgSeqNum"], message["symbol"], message["timeUs"]
        values = tuple(float(message[name]) for name in TICK_FIELDS)
        self._last_seq = seq
        self._crc[symbol] = zlib.crc32(struct.pack("<8d", float(time_us), *values), self._crc[symbol])
        row = self._features[symbol].step(values)
        self._seen[symbol] += 1
        signal = self._predict(row) if self._seen[symbol] > self._warmup else math.nan
        side = "long" if signal > self._threshold else "short" if signal < -self._threshold else "flat"
        out = {"msgType": "S", "refSeqNum": seq, "symbol": symbol, "timeUs": time_us, "signal": signal if math.isfinite(signal) else None, "side": side}
        if self._features_every and seq % self._features_every == 0:
            out["features"] = {name: value if math.isfinite(value) else None for name, value in zip(self._names, map(float, row))}
        return self._encode(out)

    def _answer(self, message: dict[str, Any]) -> bytes:
        digest = self.state_hash() if message.get("stateHash") == "1" else None
        return self._encode({"msgType": "0", "refSeqNum": self._last_seq, "testReqId": message.get("testReqId"), "stateHash": digest})

    @staticmethod
    def _encode(message: dict[str, Any]) -> bytes:
        return json.dumps(message, separators=(",", ":")).encode()
