"""Trains the model of the signals example on recorded ticks: 300 trees of depth 6, on features that no price scale is in.

    python train_example.py ticks.f64 COUNT FOLDER

`ticks.f64`: nine columns of doubles, one symbol. Writes `model.txt.gz`, its golden rows, and `model.fit.json`, which says until when training knew
the world; whatever is simulated must begin after that.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pandas as pd

from signals.feature_names import TICK_FIELDS
from signals.golden_rows import dump, lightgbm_golden
from signals.pandas_features import compute_features

AHEAD_TICKS = 20
WARM_TICKS = 1_001
ROUNDS = 300
#: No feature that is a difference of nearly equal numbers (emadev, vwapdev, z, bbp): where prices rest it is 0 in one system and 1e-16 in the other,
#: and LightGBM always offers a split at 0, so that the rounding of a legacy would choose the leaf (it did, for 21 of 6,000 signals).
SCALE_FREE = ("emaabs_", "rsi_", "natr_", "imb_", "bbw_", "rvol_", "ret_", "stoch_")
GOLDEN_ROWS = 24


def write_gzip(path: Path, octets: bytes) -> None:
    with open(path, "wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
        packed.write(octets)


def train(features: Any, target: Any) -> Any:
    parameters = {
        "objective": "regression", "num_leaves": 64, "max_depth": 6, "min_data_in_leaf": 20, "learning_rate": 0.05, "lambda_l2": 1.0, "bagging_fraction": 0.7, "bagging_freq": 1, "feature_fraction": 0.5,
        "num_threads": 1, "seed": 7, "deterministic": True, "force_row_wise": True, "verbosity": -1,
    }
    return lightgbm.train(parameters, lightgbm.Dataset(features, target), num_boost_round=ROUNDS)


def main() -> int:
    source, count, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    columns = np.fromfile(source, dtype="<f8").reshape(2 + len(TICK_FIELDS), count)
    frame = pd.DataFrame(columns[2:].T, columns=list(TICK_FIELDS))
    every = compute_features(frame)
    chosen = [name for name in every.columns if name.startswith(SCALE_FREE)]
    features = every[chosen].iloc[WARM_TICKS:-AHEAD_TICKS]
    target = (frame["price"].shift(-AHEAD_TICKS) / frame["price"] - 1.0).iloc[WARM_TICKS:-AHEAD_TICKS] * 1e4
    octets = train(features, target).model_to_string().encode()
    write_gzip(folder / "model.txt.gz", octets)
    write_gzip(folder / "model.golden.json.gz", dump(lightgbm_golden(octets, features.to_numpy(), count=GOLDEN_ROWS)).encode())
    # the target of the last row that was used looks ahead: training knew the world until then
    fit = {"what": "the model of the example", "trainEndUs": int(columns[0, -1]), "rows": len(features), "library": f"lightgbm {lightgbm.__version__}"}
    (folder / "model.fit.json").write_text(json.dumps(fit, indent=1) + "\n")
    print(json.dumps({"features": len(chosen), "rows": len(features), "modelBytes": len(octets)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
