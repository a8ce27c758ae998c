"""Features in plain Python with state: no library, one step at a time."""

from __future__ import annotations

import math
from collections import deque

WINDOW = 20
ALPHA = 2 / (10 + 1)


def python_names() -> list[str]:
    return ["ema_10", "ret_1", "mean_20"]


def _ratio(above: float, below: float) -> float:
    """As arrays divide: a price of zero is a bad tick and no reason to end the service."""
    if below != 0:
        return above / below
    if above == 0 or math.isnan(above):
        return math.nan
    return math.copysign(math.inf, above) * math.copysign(1.0, below)


class PythonState:
    """One symbol."""

    def __init__(self) -> None:
        self._mean = math.nan
        self._last = math.nan
        self._prices: deque[float] = deque(maxlen=WINDOW)

    def step(self, values: tuple[float, ...]) -> list[float]:
        price = values[0]
        returned = _ratio(price, self._last) - 1 if self._prices else math.nan
        self._mean = ALPHA * price + (1 - ALPHA) * self._mean if self._prices else price
        self._last = price
        self._prices.append(price)
        average = math.nan
        if len(self._prices) == WINDOW:
            total = 0.0
            for each in self._prices:  # from the oldest, one after the other: the sum of a newer Python compensates
                total += each
            average = total / WINDOW
        return [self._mean, returned, average]
