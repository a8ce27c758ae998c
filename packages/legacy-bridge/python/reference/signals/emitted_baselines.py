"""The engine's own algorithm in Python: the module that its feature compiler emits, as it is in CPython, and compiled by numba.

Without these two a comparison is unfair: constant state instead of windows is most of the gain, and numba has it too.
"""

from __future__ import annotations

import importlib.util
import inspect
import re
import textwrap
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
    """`tick(M, I, F, i0, ..., i6)` and all that it calls for numba, and the module that knows their sizes. `tick` is false where a tick needs
    the careful form (a window that is not full, a wick, a missing value), which is left to CPython: compiling it takes as long again."""
    import numba

    module = load_emitted()
    jit = numba.njit(error_model="numpy")
    text = emitted_path().read_text(encoding="utf-8")
    head, _, features = text.partition("\nclass ")
    # numba knows no number that may be missing; ticks are never negative
    head = head.replace("is None", "< 0").replace("else None", "else -1").replace("return None", "return -1")
    method = textwrap.dedent("    def tick" + features.partition("    def tick")[2])
    tick = method.replace("(self, ", "(M, I, F, ").replace("    M, I, F = self.M, self.I, self.row\n", "")
    tick = re.sub(r"careful\(.*\)", "return False", tick).replace("return F\n", "return True\n")
    namespace: dict[str, Any] = {"__name__": module.__name__}
    exec(compile(head + "\n\n" + tick, str(emitted_path()), "exec"), namespace)
    namespace["by_zero"] = jit(_divide)
    for name, part in list(namespace.items()):
        if inspect.isfunction(part) and part is not _divide and name != "careful":
            namespace[name] = jit(part)
    return namespace, module


def _divide(a: float, b: float) -> float:
    return a / b


class NumbaFeatures:
    """One symbol in numba's memory, warm after `rows`; `run` takes any number of rows, seven doubles each, and goes on where it ended. Gives the row that the engine gives."""

    def __init__(self, rows: Any) -> None:
        import numba

        namespace, module = compiled()
        state = module.Features()
        for row in rows:
            state.tick(*map(float, row))
        self.row: Any = np.array(state.row, dtype=np.float64)
        self._memory: Any = np.array(state.M, dtype=np.float64)
        self._integers: Any = np.array(state.I, dtype=np.int64)
        tick = namespace["tick"]

        @numba.njit
        def run(M: Any, I: Any, F: Any, ticks: Any) -> int:
            for at in range(len(ticks)):
                row = ticks[at]
                if not tick(M, I, F, row[0], row[1], row[2], row[3], row[4], row[5], row[6]):
                    return at
            return len(ticks)

        self._run = run
        self._run(self._memory, self._integers, self.row, rows[:0])

    def run(self, rows: Any) -> None:
        if self._run(self._memory, self._integers, self.row, rows) < len(rows):
            raise ValueError("a tick jumps or misses a value: numba has the features of steady ticks alone")


def numba_steps(rows: Any, tell: Callable[..., None]) -> None:
    started = time.perf_counter()
    features = NumbaFeatures(rows[:WARM])
    start_s = time.perf_counter() - started
    times = []
    for _ in range(5):
        begun = time.perf_counter_ns()
        features.run(rows)
        times.append((time.perf_counter_ns() - begun) / len(rows))
    tell("numba-batch", [min(times)], start_s=start_s, rows=len(rows))
