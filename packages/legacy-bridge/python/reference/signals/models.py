"""Inference one row at a time, through the libraries that the models came from."""

from __future__ import annotations

import gzip
from typing import Any, Callable, Sequence


def read_model(path: str) -> str:
    """The text of a LightGBM model, packed or not."""
    if path.endswith(".gz"):
        with gzip.open(path, "rt", encoding="utf-8") as packed:
            return packed.read()
    with open(path, encoding="utf-8") as file:
        return file.read()


def lightgbm_predictor(path: str, names: Sequence[str]) -> Callable[[Any], float]:
    """A function from a row in the order of `names` to the model's prediction; the model names its own features."""
    import lightgbm
    import numpy as np

    booster = lightgbm.Booster(model_str=read_model(path))
    places = {name: at for at, name in enumerate(names)}
    order = np.array([places[name] for name in booster.feature_name()])

    def predict(row: Any) -> float:
        return float(booster.predict(np.asarray(row, dtype=float)[order][None, :], num_threads=1)[0])

    return predict


def scikit_predictor(model: Any) -> Callable[[Any], float]:
    """The same for a fitted scikit-learn estimator."""
    import numpy as np

    def predict(row: Any) -> float:
        return float(model.predict(np.asarray(row, dtype=float)[None, :])[0])

    return predict
