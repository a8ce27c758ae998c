"""Features in pandas: over a whole frame at once, or, as research loops do, again over the last 2,000 bars at each step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from signals.feature_names import LONG_WINDOWS, MACDS, OBV_SPANS, SPANS, TICK_FIELDS, WINDOWS, feature_names

LOOP_BARS = 2_000


def compute_features(bars: Any) -> Any:
    """A frame with the columns of a tick in, a frame of all features out, row by row."""
    price, high, low, volume, bid, ask, reference = (bars[name] for name in TICK_FIELDS)
    returns, other = price.pct_change(), reference.pct_change()
    change = price.diff()
    before = price.shift(1)
    true_range = pd.concat([high - low, (high - before).abs(), (low - before).abs()], axis=1).max(axis=1)
    flow = bid.diff().fillna(bid) - ask.diff().fillna(ask)
    out: dict[str, Any] = {}
    _averages(out, price, change, returns.abs())
    _ranges(out, price, true_range, ((bid - ask) / (bid + ask)).where(bid + ask != 0.0, 0.0))
    _balance(out, (np.sign(change).fillna(0.0) * volume).cumsum())
    for w in WINDOWS:
        _moments(out, w, price)
        _returns(out, w, returns, other)
        _flows(out, w, price, price * volume, volume, flow)
    for w in LONG_WINDOWS:
        top, bottom = high.rolling(w).max(), low.rolling(w).min()
        spread = top - bottom
        out[f"max_{w}"], out[f"min_{w}"] = top, bottom
        out[f"stoch_{w}"] = (100.0 * (price - bottom) / spread).where(spread != 0.0, 50.0).where(spread.notna())
    return pd.DataFrame(out)[feature_names()]


def _averages(out: dict[str, Any], price: Any, change: Any, moves: Any) -> None:
    for s in SPANS:
        mean = price.ewm(span=s, adjust=False).mean()
        out[f"ema_{s}"], out[f"emadev_{s}"] = mean, price / mean - 1.0
    for w in LONG_WINDOWS:
        out[f"emaabs_{w}"] = moves.ewm(span=w, adjust=False).mean()
    up, down = change.clip(lower=0.0), (-change).clip(lower=0.0)
    for w in WINDOWS:
        gain, loss = up.ewm(alpha=1 / w, adjust=False).mean(), down.ewm(alpha=1 / w, adjust=False).mean()
        out[f"rsi_{w}"] = (100.0 * gain / (gain + loss)).where(gain + loss != 0.0, 50.0)
    for fast, slow, smooth in MACDS:
        line = price.ewm(span=fast, adjust=False).mean() - price.ewm(span=slow, adjust=False).mean()
        signal = line.ewm(span=smooth, adjust=False).mean()
        label = f"{fast}-{slow}-{smooth}"
        out[f"macd_{label}"], out[f"macds_{label}"], out[f"macdh_{label}"] = line, signal, line - signal


def _ranges(out: dict[str, Any], price: Any, true_range: Any, imbalance: Any) -> None:
    for w in WINDOWS:
        average = true_range.ewm(alpha=1 / w, adjust=False).mean()
        out[f"atr_{w}"], out[f"natr_{w}"] = average, average / price
        out[f"imb_{w}"] = imbalance.ewm(span=w, adjust=False).mean()


def _balance(out: dict[str, Any], balance: Any) -> None:
    out["obv"] = balance
    for s in OBV_SPANS:
        out[f"obvema_{s}"] = balance.ewm(span=s, adjust=False).mean()


def _moments(out: dict[str, Any], w: int, price: Any) -> None:
    window = price.rolling(w)
    mean, std = window.mean(), window.std()
    out[f"mean_{w}"], out[f"std_{w}"] = mean, std
    out[f"z_{w}"] = ((price - mean) / std).where(std != 0.0, 0.0)
    if w in LONG_WINDOWS:
        upper, lower = mean + 2.0 * std, mean - 2.0 * std
        width = upper - lower
        out[f"bbu_{w}"], out[f"bbl_{w}"], out[f"bbw_{w}"] = upper, lower, width / mean
        out[f"bbp_{w}"] = ((price - lower) / width).where(width != 0.0, 0.5)
    position = pd.Series(np.arange(len(price), dtype=float), index=price.index)
    out[f"slope_{w}"] = window.cov(position) / (w * (w + 1) / 12)


def _returns(out: dict[str, Any], w: int, returns: Any, other: Any) -> None:
    window = returns.rolling(w)
    variance = other.rolling(w).var()
    out[f"rvol_{w}"] = window.std()
    out[f"skew_{w}"] = window.skew()
    out[f"corr_{w}"] = window.corr(other)
    out[f"beta_{w}"] = window.cov(other) / variance


def _flows(out: dict[str, Any], w: int, price: Any, turnover: Any, volume: Any, flow: Any) -> None:
    out[f"ret_{w}"] = price / price.shift(w) - 1.0
    traded = volume.rolling(w).sum()
    average = (turnover.rolling(w).sum() / traded).where(traded != 0.0, price)
    out[f"vwap_{w}"], out[f"vwapdev_{w}"] = average, price / average - 1.0
    out[f"ofi_{w}"] = flow.rolling(w).sum()


class PandasLoop:
    """The research loop: keep the bars, compute everything again over the last 2,000, take the last row."""

    def __init__(self, loop_bars: int = LOOP_BARS) -> None:
        self._loop_bars = loop_bars
        self._bars: list[tuple[float, ...]] = []

    def step(self, values: tuple[float, ...]) -> Any:
        self._bars.append(values)
        frame = pd.DataFrame(self._bars[-self._loop_bars :], columns=list(TICK_FIELDS))
        return compute_features(frame).iloc[-1].to_numpy()
