"""Inference one row at a time, through the libraries that the models came from."""

from __future__ import annotations

from typing import Any, Callable, Sequence


def lightgbm_predictor(path: str, names: Sequence[str]) -> Callable[[Any], float]:
    """A function from a row in the order of `names` to the model's prediction; the model names its own features."""
    import lightgbm
    import numpy as np

    booster = lightgbm.Booster(model_file=path)
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
