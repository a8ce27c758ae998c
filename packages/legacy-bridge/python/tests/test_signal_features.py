"""The legacies in pandas and numpy against each other; needs the packages of requirements-signals.txt."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy", reason="the signal legacies need requirements-signals.txt: tandem signals setup")
pd = pytest.importorskip("pandas", reason="the signal legacies need requirements-signals.txt: tandem signals setup")

from signals.feature_names import TICK_FIELDS, WINDOWS, feature_names  # noqa: E402
from signals.numpy_features import NumpyLast  # noqa: E402
from signals.pandas_features import PandasLoop, compute_features  # noqa: E402

ROWS = 1_300


def walk(rows: int, seed: int) -> Any:
    chance = np.random.default_rng(seed)
    price = np.round(100 + np.cumsum(chance.normal(0, 0.02, rows)), 2)
    sizes = chance.integers(1, 100, (3, rows))
    return np.column_stack([price, price + 0.01, price - 0.01, *sizes, np.round(50 + np.cumsum(chance.normal(0, 0.02, rows)), 2)]).astype(float)


@pytest.fixture(scope="module")
def ticks() -> Any:
    return walk(ROWS, 3)


@pytest.fixture(scope="module")
def batch(ticks: Any) -> Any:
    return compute_features(pd.DataFrame(ticks, columns=list(TICK_FIELDS)))


def test_there_are_320_names_in_one_order(batch: Any) -> None:
    assert len(set(feature_names())) == 320
    assert list(batch.columns) == feature_names()


def test_numpy_and_pandas_agree(ticks: Any, batch: Any) -> None:
    features = NumpyLast()
    rows = np.array([features.step(tuple(row)) for row in ticks])
    wanted = batch.to_numpy()
    assert np.array_equal(np.isnan(rows), np.isnan(wanted))
    # pandas carries what it added and took away, so a price that hardly moves is off by its drift; numpy sums anew
    scale = 1e-7 * np.maximum(np.abs(rows), np.abs(wanted)) + 1e-9 * np.nanmax(np.abs(wanted), axis=0)
    far = np.argwhere(np.nan_to_num(np.abs(rows - wanted) / np.maximum(scale, 1e-12)) > 1)
    names = sorted({feature_names()[column] for _, column in far})
    assert [name for name in names if not name.startswith(("slope_", "z_", "bbp_", "emadev_", "beta_"))] == []
    assert np.nanmax(np.abs(rows - wanted)[:, [feature_names().index(f"slope_{w}") for w in WINDOWS]]) < 1e-6


def test_the_loop_is_the_batch_over_its_bars(ticks: Any) -> None:
    loop = PandasLoop(loop_bars=200)
    loop._bars = [tuple(row) for row in ticks[:229]]
    last = loop.step(tuple(ticks[229]))
    wanted = compute_features(pd.DataFrame(ticks[30:230], columns=list(TICK_FIELDS))).iloc[-1].to_numpy()
    assert np.array_equal(last, wanted, equal_nan=True)


def test_history_may_be_any_length(ticks: Any) -> None:
    small, large = NumpyLast(rows=1_024), NumpyLast(rows=4_096)
    for row in ticks:
        short, long = small.step(tuple(row)), large.step(tuple(row))
    windowed = [at for at, name in enumerate(feature_names()) if name.startswith(("mean_", "std_", "max_", "min_", "ofi_", "ret_", "vwap_"))]
    assert np.array_equal(short[windowed], long[windowed])
