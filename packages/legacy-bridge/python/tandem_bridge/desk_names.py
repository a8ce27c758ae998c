"""The numbers that stand for accounts and symbols on the binary wire, and the grids that turn ticks and lots back into text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Grid:
    """One instrument's tick or lot."""

    decimals: int
    step_units: int

    @staticmethod
    def of(step: str) -> Grid:
        value = Decimal(step)
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int) or value <= 0:
            raise ValueError(f"{step!r} is no step")
        decimals = max(0, -exponent)
        return Grid(decimals, int(value.scaleb(decimals)))

    def text(self, steps: int) -> str:
        return fixed_text(steps * self.step_units, self.decimals)


def fixed_text(units: int, decimals: int) -> str:
    """`units` of 10^-decimals, none of them negative, with all decimals written."""
    if not decimals:
        return str(units)
    whole, fraction = divmod(units, 10**decimals)
    return f"{whole}.{fraction:0{decimals}d}"


class DeskNames:
    """Accounts and instruments in the order of the rulebook (docs/order-path.md, section 2)."""

    def __init__(self, rulebook: dict[str, Any]) -> None:
        self.accounts: list[str] = [item["account"] for item in rulebook["accounts"]]
        self.symbols: list[str] = [item["symbol"] for item in rulebook["instruments"]]
        self.ticks = [Grid.of(item["tickSize"]) for item in rulebook["instruments"]]
        self.lots = [Grid.of(item["lotSize"]) for item in rulebook["instruments"]]
        self.account_numbers = {name: number for number, name in enumerate(self.accounts)}
        self.symbol_numbers = {name: number for number, name in enumerate(self.symbols)}
