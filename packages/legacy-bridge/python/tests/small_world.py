"""The rulebooks of random traffic: a world so small that everything collides, and one so roomy that nothing does."""

from __future__ import annotations

import random
from typing import Any

SELF_TRADE_MODES = ("none", "cancel-newest", "cancel-oldest", "cancel-both", "decrement")

INSTRUMENTS: list[dict[str, Any]] = [
    {"symbol": "BTCUSDT", "tickSize": "0.01", "lotSize": "0.00001", "minQty": "0.00010", "maxQty": "2", "minNotional": "10",
     "maxNotional": "60000", "collarBps": 300, "refMaxAgeUs": 2000000, "maxPosition": "1.2"},
    {"symbol": "ETH/USD", "tickSize": "0.05", "lotSize": "0.001", "minQty": "0.005", "maxQty": "40", "minNotional": "5",
     "maxNotional": "90000.5", "collarBps": 120, "refMaxAgeUs": 3000000, "maxPosition": "22"},
    {"symbol": "XRPEUR", "tickSize": "0.000001", "lotSize": "1", "minQty": "10", "maxQty": "100000", "minNotional": "5",
     "maxNotional": "50000", "collarBps": 500, "refMaxAgeUs": 2500000, "maxPosition": "50000"},
    {"symbol": "GOLD", "tickSize": "5", "lotSize": "0.5", "minQty": "1", "maxQty": "20", "minNotional": "4000",
     "maxNotional": "45000", "collarBps": 200, "refMaxAgeUs": 4000000, "maxPosition": "16.5"},
]
LEVELS = {"BTCUSDT": 3_000_000, "ETH/USD": 40_000, "XRPEUR": 500_000, "GOLD": 390}
TYPICAL_LOTS = {"BTCUSDT": 20_000, "ETH/USD": 4_000, "XRPEUR": 10_000, "GOLD": 6}


def small_rulebook(seed: int) -> dict[str, Any]:
    """A rulebook with every self-trade mode, tight limits and short windows; the seed turns the remaining switches."""
    rng = random.Random(f"rulebook {seed}")
    symbols = [instrument["symbol"] for instrument in INSTRUMENTS]
    accounts = [
        {"account": f"ACC{index}", "symbols": symbols if index % 2 else symbols[: 3 + index % 3], "maxOpenNotional": "90000",
         "creditLimit": "40000000", "rateCapacity": 6, "ratePerSecond": 16, "cancelRateCapacity": 2, "cancelRatePerSecond": 3,
         "selfTrade": mode, "deadManUs": 0 if index < 3 else 4000000}
        for index, mode in enumerate(SELF_TRADE_MODES)
    ]
    accounts.append({**accounts[1], "account": "poor", "selfTrade": "none", "maxOpenNotional": "20000", "creditLimit": "60000",
                     "rateCapacity": 2, "ratePerSecond": 7, "symbols": symbols[:1]})
    return {
        "formatVersion": "1.0", "instruments": INSTRUMENTS, "accounts": accounts,
        "globalRate": {"capacity": 15, "perSecond": 95},
        "duplicateWindow": rng.choice([16, 64, 200]), "rejectConsumesDuplicate": rng.random() < 0.6,
        "rejectConsumesRate": rng.random() < 0.6, "ackTimeoutUs": 1000000, "resumeWindowUs": 3000000, "sanityNotional": "150000",
        "maxOpenPerSide": rng.choice([6, 9]), "maxOpenOrders": rng.choice([40, 70]), "terminalRetention": rng.choice([5, 30, 120]),
    }


def roomy_rulebook() -> dict[str, Any]:
    """Limits that ordinary traffic does not meet: for measuring, where an order should run through all checks."""
    rulebook = small_rulebook(0)
    instruments = [{**item, "maxPosition": "500000000", "refMaxAgeUs": 60000000} for item in INSTRUMENTS]
    accounts = [
        {**rulebook["accounts"][1], "account": f"ACC{index}", "maxOpenNotional": "50000000", "creditLimit": "400000000",
         "rateCapacity": 1000, "ratePerSecond": 100000, "cancelRateCapacity": 1000, "cancelRatePerSecond": 100000,
         "selfTrade": SELF_TRADE_MODES[index % 5], "deadManUs": 0}
        for index in range(40)
    ]
    return {
        **rulebook, "instruments": instruments, "accounts": accounts, "globalRate": {"capacity": 100000, "perSecond": 1000000},
        "duplicateWindow": 65536, "ackTimeoutUs": 60000000, "maxOpenPerSide": 64, "maxOpenOrders": 65536, "terminalRetention": 524288,
    }
