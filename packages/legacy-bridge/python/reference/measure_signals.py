"""Times the signal legacies on the ticks that they are handed, one JSON line a variant: the baselines that stand beside the engine.

    python measure_signals.py --ticks columns.f64 --count 20000 [--model model.txt] [--variants pandas-loop,numpy]

`--ticks` holds nine columns of little-endian doubles: time, symbol, then the tick. Every variant sees the same rows, one symbol.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from typing import Any, Callable, Iterator

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from signals.feature_names import TICK_FIELDS, feature_names  # noqa: E402
from signals.models import read_model  # noqa: E402
from signals.numpy_features import NumpyLast  # noqa: E402
from signals.pandas_features import LOOP_BARS, PandasLoop, compute_features  # noqa: E402

WARM = 2_000


def tell(variant: str, times_ns: Any, **more: Any) -> None:
    """One line: microseconds a window."""
    us = np.asarray(times_ns, dtype=float) / 1_000
    line = {"variant": variant, "unit": "us", "count": len(us), "p50": float(np.median(us)), "p99": float(np.percentile(us, 99)), "mean": float(us.mean()), **more}
    print(json.dumps(line), flush=True)


def each(step: Callable[[Any], Any], rows: Iterator[Any]) -> list[int]:
    times = []
    for row in rows:
        started = time.perf_counter_ns()
        step(row)
        times.append(time.perf_counter_ns() - started)
    return times


def pandas_loop(rows: Any, steps: int = 20) -> None:
    loop = PandasLoop()
    loop._bars = [tuple(row) for row in rows[:WARM]]
    tell("pandas-loop", each(loop.step, iter(map(tuple, rows[WARM : WARM + steps]))), bars=LOOP_BARS)


def pandas_batch(rows: Any) -> None:
    frame = pd.DataFrame(rows, columns=list(TICK_FIELDS))
    compute_features(frame.head(WARM))
    started = time.perf_counter_ns()
    compute_features(frame)
    tell("pandas-batch", [(time.perf_counter_ns() - started) / len(frame)], rows=len(frame))


def numpy_last(rows: Any, steps: int = 600) -> None:
    features = NumpyLast(rows=2_048)
    for row in rows[:WARM]:
        features._append(tuple(row))
    # the means of means keep their state, as in the service
    tell("numpy-last", each(features.step, iter(map(tuple, rows[WARM : WARM + steps]))))


def inference(rows: Any, model_path: str) -> None:
    import lightgbm

    booster = lightgbm.Booster(model_str=read_model(model_path))
    features = compute_features(pd.DataFrame(rows[: WARM + 1_000], columns=list(TICK_FIELDS)))[booster.feature_name()].to_numpy()[WARM:]
    single = [row[None, :] for row in features[:300]]
    booster.predict(single[0], num_threads=1)
    tell("lightgbm-single", each(lambda row: booster.predict(row, num_threads=1), iter(single)))
    started = time.perf_counter_ns()
    booster.predict(features, num_threads=1)
    tell("lightgbm-batch", [(time.perf_counter_ns() - started) / len(features)], rows=len(features))


def scikit(rows: Any) -> None:
    from sklearn.ensemble import HistGradientBoostingRegressor

    features = np.nan_to_num(compute_features(pd.DataFrame(rows[: WARM + 800], columns=list(TICK_FIELDS))).to_numpy()[WARM:])
    target = np.roll(features[:, 0], -20) - features[:, 0]
    model = HistGradientBoostingRegressor(max_iter=300, max_depth=6, max_leaf_nodes=None, min_samples_leaf=5, learning_rate=0.05, early_stopping=False).fit(features, target)
    single = [row[None, :] for row in features[:100]]
    tell("scikit-single", each(model.predict, iter(single)), trees=300)
    started = time.perf_counter_ns()
    model.predict(features)
    tell("scikit-batch", [(time.perf_counter_ns() - started) / len(features)], rows=len(features), trees=300)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ticks", required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--model")
    parser.add_argument("--variants", default="pandas-loop,pandas-batch,numpy-last,cpython,numba,lightgbm,scikit")
    options = parser.parse_args()
    rows = np.ascontiguousarray(np.fromfile(options.ticks, dtype="<f8").reshape(2 + len(TICK_FIELDS), options.count)[2:].T)
    wanted = options.variants.split(",")
    variants: dict[str, Callable[[], None]] = {"pandas-loop": lambda: pandas_loop(rows), "pandas-batch": lambda: pandas_batch(rows), "numpy-last": lambda: numpy_last(rows), "scikit": lambda: scikit(rows)}
    if options.model:
        variants["lightgbm"] = lambda: inference(rows, options.model)
    try:
        from signals.emitted_baselines import cpython_steps, numba_steps

        variants["cpython"] = lambda: cpython_steps(rows, tell, each)
        variants["numba"] = lambda: numba_steps(rows, tell)
    except ImportError:
        pass
    for name in wanted:
        try:
            if name in variants:
                variants[name]()
        except Exception as error:  # one baseline that cannot be had must not hide the others
            print(f"{name}: {type(error).__name__}: {str(error)[:200]}", file=sys.stderr)
    assert len(feature_names()) == 320
    return 0


if __name__ == "__main__":
    sys.exit(main())
