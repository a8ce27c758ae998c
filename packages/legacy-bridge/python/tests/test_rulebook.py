"""A rulebook with anything odd in it is refused with the path of the key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import pytest

from both_variants import rulebook
from order_path_parts.rulebook import RulebookError, load_rulebook, parse_rulebook
from random_traffic import roomy_rulebook, small_rulebook

Change = Callable[[dict[str, Any]], Any]


def set_at(*path: Any, value: Any) -> Change:
    def change(rules: dict[str, Any]) -> None:
        at: Any = rules
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value

    return change


BAD: list[tuple[Change, str]] = [
    (set_at("more", value=1), "more: unknown key"),
    (lambda rules: rules.pop("sanityNotional"), "sanityNotional: missing"),
    (set_at("formatVersion", value="2.0"), "formatVersion: "),
    (set_at("instruments", value=[]), "instruments: expected at least one entry"),
    (set_at("accounts", value={}), "accounts: expected a list"),
    (set_at("accounts", 0, value=[]), "accounts[0]: expected an object"),
    (set_at("instruments", 1, "colour", value="red"), "instruments[1].colour: unknown key"),
    (lambda rules: rules["instruments"][1].pop("tickSize"), "instruments[1].tickSize: missing"),
    (set_at("instruments", 0, "tickSize", value=0.05), "instruments[0].tickSize: expected decimal text"),
    (set_at("instruments", 0, "tickSize", value="0"), "instruments[0].tickSize: expected more than 0"),
    (set_at("instruments", 0, "tickSize", value="0.0000001"), "instruments[0].tickSize: expected more than 0"),
    (set_at("instruments", 0, "lotSize", value="1e-3"), "instruments[0].lotSize: expected decimal text"),
    (set_at("instruments", 0, "minQty", value="0.0015"), "instruments[0].minQty: expected whole lots"),
    (set_at("instruments", 0, "maxPosition", value="-1"), "instruments[0].maxPosition: expected decimal text"),
    (set_at("instruments", 0, "maxPosition", value="4503599627371"), "instruments[0].maxPosition: expected whole lots"),
    (set_at("instruments", 0, "collarBps", value=True), "instruments[0].collarBps: expected an integer"),
    (set_at("instruments", 0, "collarBps", value=1_000_001), "instruments[0].collarBps: expected an integer"),
    (set_at("instruments", 0, "maxNotional", value="45035996274"), "instruments[0].maxNotional: expected whole cash units"),
    (set_at("instruments", 0, "minNotional", value="0.000001"), "instruments[0].minNotional: expected whole cash units"),
    (set_at("instruments", 1, "symbol", value="BTC"), "instruments[1].symbol: appears twice"),
    (set_at("instruments", 0, "symbol", value="B C"), "instruments[0].symbol: expected a name"),
    (set_at("accounts", 0, "account", value=""), "accounts[0].account: expected a name"),
    (set_at("accounts", 1, "account", value="A"), "accounts[1].account: appears twice"),
    (set_at("accounts", 0, "symbols", value=["BTC", "DOGE"]), "accounts[0].symbols[1]: expected a known symbol"),
    (set_at("accounts", 0, "symbols", value=["BTC", "BTC"]), "accounts[0].symbols[1]: expected a known symbol, once"),
    (set_at("accounts", 0, "symbols", value="BTC"), "accounts[0].symbols: expected a list"),
    (set_at("accounts", 0, "selfTrade", value="maybe"), "accounts[0].selfTrade: expected one of"),
    (set_at("accounts", 0, "rateCapacity", value=-1), "accounts[0].rateCapacity: expected an integer"),
    (set_at("accounts", 0, "creditLimit", value="99999999999"), "accounts[0].creditLimit: expected whole cash units"),
    (set_at("globalRate", value=[]), "globalRate: expected an object"),
    (set_at("globalRate", value={"capacity": 1}), "globalRate.perSecond: missing"),
    (set_at("duplicateWindow", value=0), "duplicateWindow: expected an integer"),
    (set_at("rejectConsumesRate", value=1), "rejectConsumesRate: expected true or false"),
    (set_at("terminalRetention", value=1.0), "terminalRetention: expected an integer"),
    (set_at("sanityNotional", value="1."), "sanityNotional: expected decimal text"),
]


@pytest.mark.parametrize("change, message", BAD, ids=[message for _, message in BAD])
def test_refusals(change: Change, message: str) -> None:
    rules = rulebook()
    change(rules)
    with pytest.raises(RulebookError) as caught:
        parse_rulebook(rules)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("value", [None, [], "x", 5])
def test_not_an_object(value: Any) -> None:
    with pytest.raises(RulebookError, match="rulebook: expected an object"):
        parse_rulebook(value)


def test_good_ones(tmp_path: Path) -> None:
    for rules in [rulebook(), small_rulebook(3), roomy_rulebook()]:
        path = tmp_path / "rulebook.json"
        path.write_text(json.dumps(rules))
        assert list(load_rulebook(str(path)).accounts) == [account["account"] for account in rules["accounts"]]
