"""Values of a rulebook by kind: each reader takes a JSON value and its path and refuses what is not of its kind."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Callable

DECIMAL_TEXT = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?")
NAME_TEXT = re.compile(r"[!#-\[\]-~]{1,36}")
SELF_TRADE_MODES = ("none", "cancel-newest", "cancel-oldest", "cancel-both", "decrement")


class RulebookError(ValueError):
    """A key of the rulebook is unknown, missing or ill-typed; the message starts with its path."""


def decimals_of(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent


Reader = Callable[[Any, str], Any]


def a_decimal(value: Any, path: str) -> Decimal:
    if not isinstance(value, str) or not DECIMAL_TEXT.fullmatch(value):
        raise RulebookError(f"{path}: expected decimal text")
    return Decimal(value)


def a_step(value: Any, path: str) -> Decimal:
    step = a_decimal(value, path)
    if step <= 0 or decimals_of(step) > 6:
        raise RulebookError(f"{path}: expected more than 0 with at most 6 decimals")
    return step


def an_integer(low: int, high: int) -> Reader:
    def read(value: Any, path: str) -> int:
        if type(value) is not int or not low <= value <= high:
            raise RulebookError(f"{path}: expected an integer {low}..{high}")
        return value

    return read


def a_boolean(value: Any, path: str) -> bool:
    if type(value) is not bool:
        raise RulebookError(f"{path}: expected true or false")
    return value


def a_name(value: Any, path: str) -> str:
    if not isinstance(value, str) or not NAME_TEXT.fullmatch(value):
        raise RulebookError(f"{path}: expected a name of 1..36 printable characters")
    return value


def a_self_trade_mode(value: Any, path: str) -> str:
    if value not in SELF_TRADE_MODES:
        raise RulebookError(f"{path}: expected one of {', '.join(SELF_TRADE_MODES)}")
    return str(value)


def a_version(value: Any, path: str) -> str:
    if value != "1.0":
        raise RulebookError(f"{path}: expected \"1.0\"")
    return "1.0"


def a_list(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise RulebookError(f"{path}: expected a list")
    return value


def a_filled_list(value: Any, path: str) -> list[Any]:
    if not a_list(value, path):
        raise RulebookError(f"{path}: expected at least one entry")
    return list(value)


def an_object(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RulebookError(f"{path}: expected an object")
    return value


def read_object(value: Any, keys: dict[str, Reader], path: str) -> list[Any]:
    """The values of `value` in the order of `keys`; every key known, present and well-typed."""
    found = an_object(value, path or "rulebook")
    prefix = f"{path}." if path else ""
    for key in found:
        if key not in keys:
            raise RulebookError(f"{prefix}{key}: unknown key")
    for key in keys:
        if key not in found:
            raise RulebookError(f"{prefix}{key}: missing")
    return [read(found[key], f"{prefix}{key}") for key, read in keys.items()]
