"""The 320 features by name, and the windows that they come in."""

from __future__ import annotations

WINDOWS = (5, 8, 10, 14, 20, 30, 50, 100, 200, 300, 500, 1000)
LONG_WINDOWS = WINDOWS[4:]
SPANS = (3, 5, 8, 10, 12, 16, 20, 26, 32, 50, 64, 100, 128, 200, 256, 500)
OBV_SPANS = SPANS[2:9]
MACDS = ((5, 13, 4), (8, 17, 9), (12, 26, 9), (16, 35, 11), (20, 50, 10), (24, 52, 18), (32, 64, 12), (50, 100, 20))

TICK_FIELDS = ("price", "high", "low", "volume", "bidSize", "askSize", "reference")


def feature_names() -> list[str]:
    """All names; the order is that in which both legacies give their values."""
    names = [f"ema_{s}" for s in SPANS] + [f"emadev_{s}" for s in SPANS] + [f"emaabs_{w}" for w in LONG_WINDOWS]
    names += [f"rsi_{w}" for w in WINDOWS]
    for parts in MACDS:
        label = "-".join(map(str, parts))
        names += [f"macd_{label}", f"macds_{label}", f"macdh_{label}"]
    names += [f"atr_{w}" for w in WINDOWS] + [f"natr_{w}" for w in WINDOWS] + [f"imb_{w}" for w in WINDOWS]
    names += ["obv"] + [f"obvema_{s}" for s in OBV_SPANS]
    for w in WINDOWS:
        names += [f"mean_{w}", f"std_{w}", f"z_{w}"]
        if w in LONG_WINDOWS:
            names += [f"bbu_{w}", f"bbl_{w}", f"bbp_{w}", f"bbw_{w}"]
        names += [f"rvol_{w}", f"skew_{w}", f"corr_{w}", f"beta_{w}", f"slope_{w}", f"ret_{w}", f"vwap_{w}", f"vwapdev_{w}", f"ofi_{w}"]
    for w in LONG_WINDOWS:
        names += [f"max_{w}", f"min_{w}", f"stoch_{w}"]
    return names
