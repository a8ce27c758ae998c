"""Runs a team's own pandas features over ticks that it is handed, again and again, so that what looks ahead can be found.

    python feature_trial.py features.py

The module has `compute(frame) -> frame`: a row for each row, a column for each feature. A request is a line of JSON
`{"ticks","count","symbols","out"}`: a file of columns in, a file of rows out (little-endian doubles); the answer names the columns.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from typing import Any

import numpy as np
import pandas as pd

COLUMNS = ("timeUs", "symbol", "price", "high", "low", "volume", "bidSize", "askSize", "reference")


def load(path: str) -> Any:
    spec = importlib.util.spec_from_file_location("features_under_trial", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.compute


def run(compute: Any, request: dict[str, Any]) -> dict[str, Any]:
    count = request["count"]
    values = np.fromfile(request["ticks"], dtype="<f8").reshape(len(COLUMNS), count)
    frame = pd.DataFrame({name: values[at] for at, name in enumerate(COLUMNS)})
    frame["symbol"] = frame["symbol"].map(lambda at: request["symbols"][int(at)])
    features = compute(frame)
    if len(features) != count:
        return {"fault": f"{len(features)} rows for {count} ticks"}
    np.ascontiguousarray(features.to_numpy(dtype="<f8")).tofile(request["out"])
    return {"names": [str(name) for name in features.columns]}


def main() -> int:
    # what a module prints must not stand between the answers
    answers, sys.stdout = sys.stdout, sys.stderr
    compute = load(sys.argv[1])
    for line in sys.stdin:
        try:
            answer = run(compute, json.loads(line))
        except Exception as error:  # what a team's module does wrong is said, and the next request is served
            answer = {"fault": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
