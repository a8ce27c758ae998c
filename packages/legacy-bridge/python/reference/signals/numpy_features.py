"""Features in numpy, the last value only: what a team writes when the pandas loop has become too slow."""

from __future__ import annotations

from typing import Any

import numpy as np

from signals.feature_names import LONG_WINDOWS, MACDS, OBV_SPANS, SPANS, WINDOWS

FIELDS = 7
#: columns of the history: the tick, then return, return of the reference, up, down, true range, order flow, imbalance, balance, turnover, |return|
COLUMNS = FIELDS + 10
HISTORY_ROWS = 4_096


class Decay:
    """Weights of exponential means over a history of any length, newest first."""

    def __init__(self, alphas: list[float], rows: int) -> None:
        self.alpha = np.array(alphas)
        self.powers = (1.0 - self.alpha)[None, :] ** np.arange(rows)[:, None]

    def last(self, series: Any) -> Any:
        """The newest value of each mean; the oldest value stands for all before it."""
        count = len(series)
        kept = self.powers[:count]
        return self.alpha * (series[::-1] @ kept) + (1.0 - self.alpha) * kept[count - 1] * series[0]


class NumpyLast:
    """One symbol: a history of rows, and at each step the newest value of every feature from it."""

    def __init__(self, rows: int = HISTORY_ROWS) -> None:
        self._rows = rows
        self._data = np.empty((2 * rows, COLUMNS))
        self._end = 0
        self._spans = Decay([2 / (s + 1) for s in SPANS], rows)
        self._long = Decay([2 / (w + 1) for w in LONG_WINDOWS], rows)
        self._wilder = Decay([1 / w for w in WINDOWS], rows)
        self._windows = Decay([2 / (w + 1) for w in WINDOWS], rows)
        self._obv = Decay([2 / (s + 1) for s in OBV_SPANS], rows)
        self._macd: dict[tuple[int, int, int], list[float]] = {}
        self._positions = {w: np.arange(w) - (w - 1) / 2 for w in WINDOWS}

    def step(self, values: tuple[float, ...]) -> Any:
        """Takes a tick and gives all features, in the order of `feature_names()`."""
        self._append(values)
        data = self._data[max(0, self._end - self._rows) : self._end]
        return np.concatenate([self._averages(data), self._ranges(data), self._windowed(data), self._extremes(data)])

    def _append(self, values: tuple[float, ...]) -> None:
        if self._end == len(self._data):
            self._data[: self._rows] = self._data[self._rows :]
            self._end = self._rows
        price, high, low, volume, bid, ask, reference = values
        row = self._data[self._end]
        row[:FIELDS] = values
        if self._end == 0:
            change = obv = 0.0
            ret = other = np.nan
            true_range, flow = high - low, bid - ask
        else:
            last = self._data[self._end - 1]
            change, ret, other = price - last[0], price / last[0] - 1.0, reference / last[6] - 1.0
            true_range = max(high - low, abs(high - last[0]), abs(low - last[0]))
            flow = (bid - last[4]) - (ask - last[5])
            obv = last[14] + (volume if change > 0 else -volume if change < 0 else 0.0)
        imbalance = (bid - ask) / (bid + ask) if bid + ask != 0.0 else 0.0
        row[FIELDS:] = (ret, other, max(change, 0.0), max(-change, 0.0), true_range, flow, imbalance, obv, price * volume, abs(ret))
        self._end += 1

    def _averages(self, data: Any) -> Any:
        price = data[:, 0]
        means = self._spans.last(price)
        # the very first tick has no change
        steps = data[1:] if np.isnan(data[0, 16]) else data
        if len(steps) == 0:
            moved, rsi = np.full(len(LONG_WINDOWS), np.nan), np.full(len(WINDOWS), np.nan)
        else:
            moved, gain, loss = self._long.last(steps[:, 16]), self._wilder.last(steps[:, 9]), self._wilder.last(steps[:, 10])
            total = gain + loss
            with np.errstate(invalid="ignore", divide="ignore"):
                rsi = np.where(total != 0.0, 100.0 * gain / total, 50.0)
        return np.concatenate([means, price[-1] / means - 1.0, moved, rsi, self._macds(price[-1])])

    def _macds(self, price: float) -> Any:
        # a mean of a mean has no weights of its own, so these three keep their state
        out = []
        for parts in MACDS:
            fast, slow, smooth = (2 / (part + 1) for part in parts)
            state = self._macd.get(parts)
            if state is None:
                state = self._macd[parts] = [price, price, 0.0]
            else:
                state[0] = fast * price + (1 - fast) * state[0]
                state[1] = slow * price + (1 - slow) * state[1]
                state[2] = smooth * (state[0] - state[1]) + (1 - smooth) * state[2]
            line = state[0] - state[1]
            out += [line, state[2], line - state[2]]
        return np.array(out)

    def _ranges(self, data: Any) -> Any:
        average = self._wilder.last(data[:, 11])
        obv = data[:, 14]
        return np.concatenate([average, average / data[-1, 0], self._windows.last(data[:, 13]), obv[-1:], self._obv.last(obv)])

    def _windowed(self, data: Any) -> Any:
        out: list[float] = []
        with np.errstate(invalid="ignore", divide="ignore"):
            for w in WINDOWS:
                if len(data) < w:
                    out += [np.nan] * (16 if w in LONG_WINDOWS else 12)
                else:
                    out += self._window(data, w)
        return np.array(out)

    def _window(self, data: Any, w: int) -> list[float]:
        part = data[-w:]
        price = part[:, 0]
        mean, std = price.mean(), price.std(ddof=1)
        if std < mean * 1e-12:
            std = 0.0  # equal prices: what is left is the rounding of their mean
        newest = price[-1]
        out = [mean, std, (newest - mean) / std if std != 0.0 else 0.0]
        if w in LONG_WINDOWS:
            upper, lower = mean + 2.0 * std, mean - 2.0 * std
            out += [upper, lower, (newest - lower) / (upper - lower) if upper != lower else 0.5, (upper - lower) / mean]
        ret, other = part[:, 7], part[:, 8]
        ret, other = ret - ret.mean(), other - other.mean()
        square, cross, others = (ret * ret).mean(), (ret * other).mean(), (other * other).mean()
        skew = (ret**3).mean() / square**1.5 * np.sqrt(w * (w - 1)) / (w - 2) if square != 0.0 else np.nan
        out += [np.sqrt(square * w / (w - 1)), skew, cross / np.sqrt(square * others), cross / others]
        positions = self._positions[w]
        slope = positions @ (price - mean) / (positions @ positions)
        earlier = data[-1 - w, 0] if len(data) > w else np.nan
        traded = part[:, 3].sum()
        average = part[:, 15].sum() / traded if traded != 0.0 else newest
        return [*out, slope, newest / earlier - 1.0, average, newest / average - 1.0, part[:, 12].sum()]

    def _extremes(self, data: Any) -> Any:
        out = []
        for w in LONG_WINDOWS:
            if len(data) < w:
                out += [np.nan] * 3
                continue
            top, bottom = data[-w:, 1].max(), data[-w:, 2].min()
            out += [top, bottom, 100.0 * (data[-1, 0] - bottom) / (top - bottom) if top != bottom else 50.0]
        return np.array(out)
