"""Recomputes each feature of the reference set from raw ticks with 40 digits: two passes over the window, no running state.

Usage: exact_features.py ticks.bin total ids.json   (ticks.bin: the last N ticks, seven doubles each; total: ticks since the beginning)
Prints a JSON object of id -> [value, size of what it is made from]. Recursive features are run over all N ticks, so N must be so large that
the seed has faded; `obv` and `obvema` need all ticks.
"""
import json
import struct
import sys
from decimal import Decimal, getcontext

getcontext().prec = 40
ZERO, ONE = Decimal(0), Decimal(1)


def main(path, total, ids):
    data = open(path, "rb").read()
    n = len(data) // 56
    cols = list(zip(*struct.iter_unpack("<7d", data)))
    p, hi, lo, vol, bid, ask, ref = [[Decimal(x) for x in c] for c in cols]
    ret = [ZERO] + [p[i] / p[i - 1] - 1 for i in range(1, n)]
    bret = [ZERO] + [ref[i] / ref[i - 1] - 1 for i in range(1, n)]
    tr = [hi[0] - lo[0]] + [max(hi[i] - lo[i], abs(hi[i] - p[i - 1]), abs(lo[i] - p[i - 1])) for i in range(1, n)]
    step = [p[i] - p[i - 1] for i in range(1, n)]
    up, down = [max(d, ZERO) for d in step], [max(-d, ZERO) for d in step]
    signed = [ZERO] + [vol[i] if p[i] > p[i - 1] else -vol[i] if p[i] < p[i - 1] else ZERO for i in range(1, n)]
    imb = [(b - a) / (b + a) for b, a in zip(bid, ask)]
    price, cache = p[-1], {}

    def ema(name, x, alpha):
        """The last value; what lies further back than the seed can be felt (1e-18) is left out."""
        if (name, alpha) not in cache:
            a = Decimal(alpha)
            keep = int(42 / alpha) + 1
            y = x[-keep] if len(x) > keep else x[0]
            for v in (x[-keep + 1:] if len(x) > keep else x[1:]):
                y = a * v + (1 - a) * y
            cache[name, alpha] = y
        return cache[name, alpha]

    def ema_series(x, alpha, keep):
        a, y, out = Decimal(alpha), x[-keep] if len(x) > keep else x[0], []
        for v in (x[-keep:] if len(x) > keep else x):
            y = a * v + (1 - a) * y
            out.append(y)
        return out

    def moments(x, w):
        x = x[-w:]
        mean = sum(x) / w
        return mean, sum((v - mean) ** 2 for v in x), x

    def value(name, ws):
        w = ws[0] if ws else 0
        span = 2 / (w + 1) if w else 0
        if name == "ema": return ema("p", p, span), price
        if name == "emadev": return price / ema("p", p, span) - 1, ONE
        if name == "emaabs": return ema("r", [abs(r) for r in ret[1:]], span), None
        if name == "rsi":
            u, d = ema("u", up, 1 / w), ema("d", down, 1 / w)
            return 100 * u / (u + d), Decimal(100)
        if name.startswith("macd"):
            fast, slow, sig = ws
            keep = int(45 / (2 / (slow + 1))) + int(45 / (2 / (sig + 1)))
            line = [f - s for f, s in zip(ema_series(p, 2 / (fast + 1), keep), ema_series(p, 2 / (slow + 1), keep))]
            signal = ema_series(line, 2 / (sig + 1), len(line))[-1]
            return {"macd": line[-1], "macds": signal, "macdh": line[-1] - signal}[name], price
        if name == "atr": return ema("tr", tr, 1 / w), None
        if name == "natr": return ema("tr", tr, 1 / w) / price, None
        if name in ("mean", "std", "z", "bbu", "bbl", "bbp", "bbw"):
            mean, sq, _ = moments(p, w)
            sd = (sq / (w - 1)).sqrt()
            return {"mean": (mean, price), "std": (sd, None), "z": ((price - mean) / sd if sd else ZERO, ONE), "bbu": (mean + 2 * sd, price), "bbl": (mean - 2 * sd, price),
                    "bbp": ((price - mean + 2 * sd) / (4 * sd) if sd else Decimal("0.5"), ONE), "bbw": (4 * sd / mean, None)}[name]
        if name == "slope":
            x, k0 = p[-w:], Decimal(w - 1) / 2
            s = sum((k - k0) * v for k, v in enumerate(x)) * 12 / (Decimal(w) * (w * w - 1))
            return s, (moments(p, w)[1] / (w - 1)).sqrt() / w
        if name in ("rvol", "skew", "corr", "beta"):
            m, s, x = moments(ret, w)
            mb, sb, y = moments(bret, w)
            if name == "rvol": return (s / (w - 1)).sqrt(), None
            if name == "skew":
                v = s / w
                return sum((r - m) ** 3 for r in x) / w / (v * v.sqrt()) * (Decimal(w) * (w - 1)).sqrt() / (w - 2), ONE
            c = sum((a - m) * (b - mb) for a, b in zip(x, y))
            return (c / (s * sb).sqrt(), ONE) if name == "corr" else (c / sb, (s / sb).sqrt())
        if name == "ret": return price / p[-1 - w] - 1, ONE
        if name == "obv": return sum(signed), max(abs(sum(signed)), sum(vol) / n)
        if name == "obvema":
            line, acc = [], ZERO
            for v in signed:
                acc += v
                line.append(acc)
            return ema_series(line, span, len(line))[-1], max(abs(acc), sum(vol) / n)
        if name in ("vwap", "vwapdev"):
            v = sum(a * b for a, b in zip(p[-w:], vol[-w:])) / sum(vol[-w:])
            return (v, price) if name == "vwap" else (price / v - 1, ONE)
        if name == "ofi": return sum((bid[i] - bid[i - 1]) - (ask[i] - ask[i - 1]) for i in range(n - w, n)), bid[-1] + ask[-1]
        if name == "imb": return ema("imb", imb, span), ONE
        top, bottom = max(hi[-w:]), min(lo[-w:])
        return {"max": (top, price), "min": (bottom, price), "stoch": (100 * (price - bottom) / (top - bottom) if top != bottom else Decimal(50), Decimal(100))}[name]

    out = {}
    for one in ids:
        name, _, tail = one.partition("_")
        if name in ("obv", "obvema") and n < total:
            continue
        v, size = value(name, [int(w) for w in tail.split("-")] if tail else [])
        out[one] = [float(v), float(abs(v) if size is None else max(abs(v), abs(size)))]
    print(json.dumps(out))


main(sys.argv[1], int(sys.argv[2]), json.load(open(sys.argv[3])))
