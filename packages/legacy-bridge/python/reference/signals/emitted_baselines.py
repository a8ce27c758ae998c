"""The engine's own algorithm in Python: the module that its feature compiler emits, as it is in CPython, and compiled by numba.

Without these two a comparison is unfair: constant state instead of windows is most of the gain, and numba has it too.
"""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path
from typing import Any, Callable, Iterator

import numpy as np

EMITTED = Path(__file__).resolve().parent / "oracle" / "reference_features.py"
WARM = 2_000
CPYTHON_STEPS = 4_000


def emitted_path() -> Path:
    if not EMITTED.exists():
        raise ImportError("the emitted features are not there")
    return EMITTED


def load_emitted() -> Any:
    spec = importlib.util.spec_from_file_location("reference_features", emitted_path())
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cpython_steps(rows: Any, tell: Callable[..., None], each: Callable[[Callable[[Any], Any], Iterator[Any]], list[int]]) -> None:
    features = load_emitted().Features()
    ticks = [tuple(map(float, row)) for row in rows[: WARM + CPYTHON_STEPS]]
    for values in ticks[:WARM]:
        features.tick(*values)
    tell("cpython", each(lambda values: features.tick(*values), iter(ticks[WARM:])))


def compiled() -> tuple[Any, Any]:
    """`run(M, I, F, rows, from, to)` over the emitted functions, and a fresh object that knows their sizes."""
    import numba

    module = load_emitted()
    jit = numba.njit(error_model="numpy")
    head, _, _ = emitted_path().read_text(encoding="utf-8").partition("\nclass ")
    # numba knows no number that may be missing; ticks are never negative
    head = head.replace("is None", "< 0").replace("else None", "else -1").replace("return None", "return -1")
    namespace: dict[str, Any] = {"__name__": module.__name__}
    exec(compile(head, str(emitted_path()), "exec"), namespace)
    namespace["by_zero"] = jit(_divide)
    for name in ("slide_max", "slide_min", "logarithm", "replace_sorted", "rank_sorted", "steady"):
        if name in namespace:
            namespace[name] = jit(namespace[name])
    return namespace, module


def _divide(a: float, b: float) -> float:
    return a / b


def numba_steps(rows: Any, tell: Callable[..., None]) -> None:
    namespace, module = compiled()
    state = module.Features()
    memory, integers, out = np.array(state.M, dtype=np.float64), np.array(state.I, dtype=np.int64), np.array(state.row, dtype=np.float64)
    steady = namespace["steady"]
    import numba

    @numba.njit
    def run(M: Any, I: Any, F: Any, ticks: Any, t: int) -> int:
        for row in ticks:
            steady(M, I, F, t, row[0], row[1], row[2], row[3], row[4], row[5], row[6])
            t += 1
        return t

    started = time.perf_counter()
    t = run(memory, integers, out, rows[:WARM], 0)
    compile_s = time.perf_counter() - started
    times = []
    for _ in range(5):
        begun = time.perf_counter_ns()
        t = run(memory, integers, out, rows, t)
        times.append((time.perf_counter_ns() - begun) / len(rows))
    tell("numba-batch", [min(times)], compile_s=compile_s, rows=len(rows))
