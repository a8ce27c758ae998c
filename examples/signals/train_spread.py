"""Trains a small model on emitted features, so that training and live compute the very same numbers.

    python train_spread.py <emitted>/spread_of_means_features.py ticks-bookticker.txt FOLDER

Writes `model.txt`, `model.fit.json` (until when training knew the world) and `rows.csv` (rows for the golden rows).
"""
import importlib.util
import json
import sys
from pathlib import Path

import lightgbm
import numpy as np

AHEAD_TICKS = 50
WARM_TICKS = 100


def emitted(path):
    spec = importlib.util.spec_from_file_location("emitted_features", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def quotes(path):
    """Time in µs, symbol, and the seven values of a tick as the importer of this form makes them, quote by quote."""
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        nanoseconds, frame = line.split(" ", 1)
        quote = json.loads(frame)["data"]
        bid, ask, bid_size, ask_size = (float(quote[key]) for key in "baBA")
        middle = (bid + ask) / 2
        yield int(nanoseconds) // 1000, quote["s"], (middle, ask, bid, bid_size + ask_size, bid_size, ask_size, middle)


def main():
    module, folder = emitted(sys.argv[1]), Path(sys.argv[3])
    states, rows, prices, last_us = {}, {}, {}, 0
    for time_us, symbol, values in quotes(sys.argv[2]):
        states.setdefault(symbol, module.Features()).tick(*values)
        rows.setdefault(symbol, []).append(list(states[symbol].row))
        prices.setdefault(symbol, []).append(values[0])
        last_us = max(last_us, time_us)
    table = np.concatenate([np.array(rows[symbol][WARM_TICKS:-AHEAD_TICKS]) for symbol in rows])
    ahead = [np.array(prices[symbol]) for symbol in rows]
    target = np.concatenate([(price[WARM_TICKS + AHEAD_TICKS:] / price[WARM_TICKS:-AHEAD_TICKS] - 1) * 1e4 for price in ahead])
    parameters = {"objective": "regression", "num_leaves": 8, "learning_rate": 0.05, "num_threads": 1, "seed": 7, "deterministic": True, "verbosity": -1}
    booster = lightgbm.train(parameters, lightgbm.Dataset(table, target, feature_name=list(module.IDS)), num_boost_round=50)
    booster.save_model(folder / "model.txt")
    # targets look ahead, but never beyond the last tick: training knew the world until then
    (folder / "model.fit.json").write_text(json.dumps({"what": "the model of the spread of means", "trainEndUs": last_us}) + "\n", encoding="utf-8")
    np.savetxt(folder / "rows.csv", table, delimiter=",", header=",".join(module.IDS), comments="")
    print(f"{len(table)} rows of {len(rows)} symbols, {booster.num_trees()} trees, known until {last_us}")


if __name__ == "__main__":
    main()
