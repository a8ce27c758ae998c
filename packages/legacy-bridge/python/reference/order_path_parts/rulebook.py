"""The rulebook: limits, instruments and accounts, read once at start and refused when anything in it is odd.

Shape and ranges: docs/order-path.md, section 2.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from .rulebook_values import (
    Reader, RulebookError, a_boolean, a_decimal, a_filled_list, a_list, a_name, a_self_trade_mode, a_step, a_version, an_integer,
    an_object, decimals_of, read_object,
)

LIMIT_UNITS = 2**52

# An average is the only quotient. 60 digits are more than any quotient of two numbers below 2^53 needs
# to be told apart from a tie, so rounding it once more in `quantize` cannot go the wrong way.
AVERAGE_CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN)


@dataclass
class Instrument:
    symbol: str
    tick_size: Decimal
    lot_size: Decimal
    min_qty: Decimal
    max_qty: Decimal
    min_notional: Decimal
    max_notional: Decimal
    collar_bps: int
    ref_max_age_us: int
    max_position: Decimal
    price_decimals: int = 0
    qty_decimals: int = 0
    price_quantum: Decimal = Decimal(1)
    qty_quantum: Decimal = Decimal(1)
    avg_quantum: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        self.price_decimals = decimals_of(self.tick_size)
        self.qty_decimals = decimals_of(self.lot_size)
        self.price_quantum = Decimal(1).scaleb(-self.price_decimals)
        self.qty_quantum = Decimal(1).scaleb(-self.qty_decimals)
        self.avg_quantum = Decimal(1).scaleb(-self.price_decimals - 4)

    def price_text(self, price: Decimal) -> str:
        return f"{price.quantize(self.price_quantum):f}"

    def qty_text(self, qty: Decimal) -> str:
        return f"{qty.quantize(self.qty_quantum):f}"

    def average_text(self, notional: Decimal, qty: Decimal) -> str:
        """Average price, rounded half-even from the exact quotient; 0 when nothing was traded."""
        if not qty:
            return f"{Decimal(0).quantize(self.avg_quantum):f}"
        quotient = AVERAGE_CONTEXT.divide(notional, qty)
        return f"{quotient.quantize(self.avg_quantum, context=AVERAGE_CONTEXT):f}"


@dataclass
class AccountRules:
    account: str
    symbols: frozenset[str]
    max_open_notional: Decimal
    credit_limit: Decimal
    rate_capacity: int
    rate_per_second: int
    cancel_rate_capacity: int
    cancel_rate_per_second: int
    self_trade: str
    dead_man_us: int


@dataclass
class Rulebook:
    instruments: dict[str, Instrument]
    accounts: dict[str, AccountRules]
    global_capacity: int
    global_per_second: int
    duplicate_window: int
    reject_consumes_duplicate: bool
    reject_consumes_rate: bool
    ack_timeout_us: int
    resume_window_us: int
    sanity_notional: Decimal
    max_open_per_side: int
    max_open_orders: int
    terminal_retention: int
    cash_decimals: int = field(default=0)


__all__ = ["AccountRules", "Instrument", "Rulebook", "RulebookError", "load_rulebook", "parse_rulebook"]

_RATE = an_integer(0, 1_000_000)
_TIME = an_integer(0, 10**15)
_COUNT = an_integer(0, 10**7)

INSTRUMENT_KEYS: dict[str, Reader] = {
    "symbol": a_name, "tickSize": a_step, "lotSize": a_step, "minQty": a_decimal, "maxQty": a_decimal,
    "minNotional": a_decimal, "maxNotional": a_decimal, "collarBps": _RATE, "refMaxAgeUs": _TIME, "maxPosition": a_decimal,
}
ACCOUNT_KEYS: dict[str, Reader] = {
    "account": a_name, "symbols": a_list, "maxOpenNotional": a_decimal, "creditLimit": a_decimal,
    "rateCapacity": _RATE, "ratePerSecond": _RATE, "cancelRateCapacity": _RATE, "cancelRatePerSecond": _RATE,
    "selfTrade": a_self_trade_mode, "deadManUs": _TIME,
}
GLOBAL_RATE_KEYS: dict[str, Reader] = {"capacity": _RATE, "perSecond": _RATE}
TOP_KEYS: dict[str, Reader] = {
    "formatVersion": a_version, "instruments": a_filled_list, "accounts": a_filled_list, "globalRate": an_object,
    "duplicateWindow": an_integer(1, 10**7), "rejectConsumesDuplicate": a_boolean, "rejectConsumesRate": a_boolean,
    "ackTimeoutUs": _TIME, "resumeWindowUs": _TIME, "sanityNotional": a_decimal,
    "maxOpenPerSide": _COUNT, "maxOpenOrders": _COUNT, "terminalRetention": an_integer(0, 10**8),
}


def parse_rulebook(value: Any) -> Rulebook:
    """Reads a parsed JSON value; raises RulebookError with the path of the first key at fault."""
    top = read_object(value, TOP_KEYS, "")
    instruments: dict[str, Instrument] = {}
    for index, item in enumerate(top[1]):
        path = f"instruments[{index}]"
        instrument = Instrument(*read_object(item, INSTRUMENT_KEYS, path))
        if instrument.symbol in instruments:
            raise RulebookError(f"{path}.symbol: appears twice")
        _check_quantities(instrument, path)
        instruments[instrument.symbol] = instrument
    accounts: dict[str, AccountRules] = {}
    for index, item in enumerate(top[2]):
        path = f"accounts[{index}]"
        values = read_object(item, ACCOUNT_KEYS, path)
        values[1] = _read_symbols(values[1], instruments, f"{path}.symbols")
        account = AccountRules(*values)
        if account.account in accounts:
            raise RulebookError(f"{path}.account: appears twice")
        accounts[account.account] = account
    capacity, per_second = read_object(top[3], GLOBAL_RATE_KEYS, "globalRate")
    rules = Rulebook(instruments, accounts, capacity, per_second, *top[4:])
    rules.cash_decimals = max(i.price_decimals + i.qty_decimals for i in instruments.values())
    _check_money(rules)
    return rules


def _read_symbols(value: list[Any], instruments: dict[str, Instrument], path: str) -> frozenset[str]:
    for index, symbol in enumerate(value):
        if not isinstance(symbol, str) or symbol not in instruments or symbol in value[:index]:
            raise RulebookError(f"{path}[{index}]: expected a known symbol, once")
    return frozenset(value)


def _check_quantities(instrument: Instrument, path: str) -> None:
    if instrument.tick_size.scaleb(instrument.price_decimals) >= LIMIT_UNITS:
        raise RulebookError(f"{path}.tickSize: expected less than 2^52 units")
    for key, qty in (("lotSize", instrument.lot_size), ("minQty", instrument.min_qty),
                     ("maxQty", instrument.max_qty), ("maxPosition", instrument.max_position)):
        if qty % instrument.lot_size or qty.scaleb(instrument.qty_decimals) >= LIMIT_UNITS:
            raise RulebookError(f"{path}.{key}: expected whole lots, less than 2^52 units")


def _check_money(rules: Rulebook) -> None:
    limits = [("sanityNotional", rules.sanity_notional)]
    for index, instrument in enumerate(rules.instruments.values()):
        limits.append((f"instruments[{index}].minNotional", instrument.min_notional))
        limits.append((f"instruments[{index}].maxNotional", instrument.max_notional))
    for index, account in enumerate(rules.accounts.values()):
        limits.append((f"accounts[{index}].maxOpenNotional", account.max_open_notional))
        limits.append((f"accounts[{index}].creditLimit", account.credit_limit))
    for path, amount in limits:
        units = amount.scaleb(rules.cash_decimals)
        if units >= LIMIT_UNITS or units != units.to_integral_value():
            raise RulebookError(f"{path}: expected whole cash units, less than 2^52 of them")


def _unique_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        repeated = [key for key, _ in pairs if [other for other, _ in pairs].count(key) > 1]
        raise RulebookError(f"{repeated[0]}: appears twice")
    return found


def load_rulebook(path: str) -> Rulebook:
    """Reads a file; raises RulebookError, OSError, or ValueError when it is not JSON."""
    with open(path, "rb") as file:
        return parse_rulebook(json.loads(file.read().decode("utf-8"), object_pairs_hook=_unique_object))
