"""Instruments in integers: prices in ticks, quantities in lots, money in cash units; texts are parsed and written once and remembered."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Optional

from order_path_parts.rulebook import Instrument, Rulebook

DECIMAL_PARTS = re.compile(r"(-?)(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,9}))?")
MAX_REMEMBERED = 1 << 16

# (steps, text with the instrument's decimals); steps is None when the number is not a multiple of the step.
Parsed = tuple[Optional[int], str]


class Scale:
    """One step (tick or lot): text to a whole number of steps and back."""

    __slots__ = ("decimals", "step_units", "zero_text", "_one", "_parsed", "_texts")

    def __init__(self, step: Decimal, decimals: int) -> None:
        self.decimals = decimals
        self.step_units = int(step.scaleb(decimals))
        self._one = 10**decimals
        self._parsed: dict[str, Parsed] = {}
        self._texts: dict[int, str] = {}
        self.zero_text = self.text(0)

    def parse(self, text: str) -> Optional[Parsed]:
        """None when the text is no decimal at all."""
        found = self._parsed.get(text)
        if found is not None:
            return found
        match = DECIMAL_PARTS.fullmatch(text)
        if match is None:
            return None
        sign, whole, fraction = match.groups("")
        fraction = fraction.rstrip("0")
        parsed: Parsed = (None, text)
        if len(fraction) <= self.decimals:
            units = int(whole + fraction.ljust(self.decimals, "0"))
            steps, off_grid = divmod(-units if sign else units, self.step_units)
            if not off_grid:
                parsed = (steps, self.text(steps) if steps >= 0 else text)
        if len(self._parsed) >= MAX_REMEMBERED:
            self._parsed.clear()
        self._parsed[text] = parsed
        return parsed

    def text(self, steps: int) -> str:
        found = self._texts.get(steps)
        if found is not None:
            return found
        whole, fraction = divmod(steps * self.step_units, self._one)
        written = f"{whole}.{fraction:0{self.decimals}d}" if self.decimals else str(whole)
        if len(self._texts) >= MAX_REMEMBERED:
            self._texts.clear()
        self._texts[steps] = written
        return written


class ScaledInstrument:
    __slots__ = (
        "symbol", "price", "qty", "min_lots", "max_lots", "min_notional", "max_notional", "collar_bps", "ref_max_age_us",
        "max_position", "cash_unit", "sanity", "zero_average", "average_decimals", "stopped",
        "bid", "ask", "ref_time",
    )

    def __init__(self, rules: Instrument, book: Rulebook) -> None:
        cash_decimals = book.cash_decimals
        self.symbol = rules.symbol
        self.price = Scale(rules.tick_size, rules.price_decimals)
        self.qty = Scale(rules.lot_size, rules.qty_decimals)
        self.min_lots = int(rules.min_qty / rules.lot_size)
        self.max_lots = int(rules.max_qty / rules.lot_size)
        self.max_position = int(rules.max_position / rules.lot_size)
        self.cash_unit = int((rules.tick_size * rules.lot_size).scaleb(cash_decimals))
        self.min_notional = int(rules.min_notional.scaleb(cash_decimals))
        self.max_notional = int(rules.max_notional.scaleb(cash_decimals))
        self.sanity = int(book.sanity_notional.scaleb(cash_decimals))
        self.collar_bps = rules.collar_bps
        self.ref_max_age_us = rules.ref_max_age_us
        self.average_decimals = rules.price_decimals + 4
        self.zero_average = self.average_text(0, 1)
        self.stopped = 0
        self.bid = 0
        self.ask = 0
        self.ref_time = -1

    def average_text(self, tick_lots: int, lots: int) -> str:
        """Average price of `lots` traded for `tick_lots`, rounded half-even from the exact quotient."""
        quotient, rest = divmod(tick_lots * self.price.step_units * 10_000, lots)
        if 2 * rest > lots or (2 * rest == lots and quotient & 1):
            quotient += 1
        whole, fraction = divmod(quotient, 10**self.average_decimals)
        return f"{whole}.{fraction:0{self.average_decimals}d}"
