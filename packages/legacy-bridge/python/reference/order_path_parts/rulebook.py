"""The rulebook: limits, instruments and accounts, read once at start and refused when anything in it is odd.

Shape and ranges: docs/order-path.md, section 2.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Callable

DECIMAL_TEXT = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?")
NAME_TEXT = re.compile(r"[!#-\[\]-~]{1,36}")
SELF_TRADE_MODES = ("none", "cancel-newest", "cancel-oldest", "cancel-both", "decrement")
LIMIT_UNITS = 2**52

# An average is the only quotient. 60 digits are more than any quotient of two numbers below 2^53 needs
# to be told apart from a tie, so rounding it once more in `quantize` cannot go the wrong way.
AVERAGE_CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN)


class RulebookError(ValueError):
    """A key of the rulebook is unknown, missing or ill-typed; the message starts with its path."""


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


def decimals_of(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent


Reader = Callable[[Any, str], Any]


def _decimal(value: Any, path: str) -> Decimal:
    if not isinstance(value, str) or not DECIMAL_TEXT.fullmatch(value):
        raise RulebookError(f"{path}: expected decimal text")
    return Decimal(value)


def _step(value: Any, path: str) -> Decimal:
    step = _decimal(value, path)
    if step <= 0 or decimals_of(step) > 6:
        raise RulebookError(f"{path}: expected more than 0 with at most 6 decimals")
    return step


def _integer(low: int, high: int) -> Reader:
    def read(value: Any, path: str) -> int:
        if type(value) is not int or not low <= value <= high:
            raise RulebookError(f"{path}: expected an integer {low}..{high}")
        return value

    return read


def _boolean(value: Any, path: str) -> bool:
    if type(value) is not bool:
        raise RulebookError(f"{path}: expected true or false")
    return value


def _name(value: Any, path: str) -> str:
    if not isinstance(value, str) or not NAME_TEXT.fullmatch(value):
        raise RulebookError(f"{path}: expected a name of 1..36 printable characters")
    return value


def _self_trade(value: Any, path: str) -> str:
    if value not in SELF_TRADE_MODES:
        raise RulebookError(f"{path}: expected one of {', '.join(SELF_TRADE_MODES)}")
    return str(value)


def _version(value: Any, path: str) -> str:
    if value != "1.0":
        raise RulebookError(f"{path}: expected \"1.0\"")
    return "1.0"


def _list(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise RulebookError(f"{path}: expected a list")
    return value


def _filled(value: Any, path: str) -> list[Any]:
    if not _list(value, path):
        raise RulebookError(f"{path}: expected at least one entry")
    return list(value)


def _object(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RulebookError(f"{path}: expected an object")
    return value


_RATE = _integer(0, 1_000_000)
_TIME = _integer(0, 10**15)
_COUNT = _integer(0, 10**7)

INSTRUMENT_KEYS: dict[str, Reader] = {
    "symbol": _name, "tickSize": _step, "lotSize": _step, "minQty": _decimal, "maxQty": _decimal,
    "minNotional": _decimal, "maxNotional": _decimal, "collarBps": _RATE, "refMaxAgeUs": _TIME, "maxPosition": _decimal,
}
ACCOUNT_KEYS: dict[str, Reader] = {
    "account": _name, "symbols": _list, "maxOpenNotional": _decimal, "creditLimit": _decimal,
    "rateCapacity": _RATE, "ratePerSecond": _RATE, "cancelRateCapacity": _RATE, "cancelRatePerSecond": _RATE,
    "selfTrade": _self_trade, "deadManUs": _TIME,
}
GLOBAL_RATE_KEYS: dict[str, Reader] = {"capacity": _RATE, "perSecond": _RATE}
TOP_KEYS: dict[str, Reader] = {
    "formatVersion": _version, "instruments": _filled, "accounts": _filled, "globalRate": _object,
    "duplicateWindow": _integer(1, 10**7), "rejectConsumesDuplicate": _boolean, "rejectConsumesRate": _boolean,
    "ackTimeoutUs": _TIME, "resumeWindowUs": _TIME, "sanityNotional": _decimal,
    "maxOpenPerSide": _COUNT, "maxOpenOrders": _COUNT, "terminalRetention": _integer(0, 10**8),
}


def _read_object(value: Any, keys: dict[str, Reader], path: str) -> list[Any]:
    """The values of `value` in the order of `keys`; every key known, present and well-typed."""
    found = _object(value, path or "rulebook")
    prefix = f"{path}." if path else ""
    for key in found:
        if key not in keys:
            raise RulebookError(f"{prefix}{key}: unknown key")
    for key in keys:
        if key not in found:
            raise RulebookError(f"{prefix}{key}: missing")
    return [read(found[key], f"{prefix}{key}") for key, read in keys.items()]


def parse_rulebook(value: Any) -> Rulebook:
    """Reads a parsed JSON value; raises RulebookError with the path of the first key at fault."""
    top = _read_object(value, TOP_KEYS, "")
    instruments: dict[str, Instrument] = {}
    for index, item in enumerate(top[1]):
        path = f"instruments[{index}]"
        instrument = Instrument(*_read_object(item, INSTRUMENT_KEYS, path))
        if instrument.symbol in instruments:
            raise RulebookError(f"{path}.symbol: appears twice")
        _check_quantities(instrument, path)
        instruments[instrument.symbol] = instrument
    accounts: dict[str, AccountRules] = {}
    for index, item in enumerate(top[2]):
        path = f"accounts[{index}]"
        values = _read_object(item, ACCOUNT_KEYS, path)
        values[1] = _read_symbols(values[1], instruments, f"{path}.symbols")
        account = AccountRules(*values)
        if account.account in accounts:
            raise RulebookError(f"{path}.account: appears twice")
        accounts[account.account] = account
    capacity, per_second = _read_object(top[3], GLOBAL_RATE_KEYS, "globalRate")
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
