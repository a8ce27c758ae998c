"""The locked requirements: every package pinned and hashed, nothing that names a host."""

from __future__ import annotations

import re

import pytest

from conftest import PYTHON_ROOT

PIN = re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.]* (; .+ )?\\")


@pytest.mark.parametrize("name, wanted", [("requirements", {"pyzmq", "msgspec", "uvloop"}), ("requirements-dev", {"pytest", "mypy"}), ("requirements-signals", {"numpy", "pandas", "numba", "scikit-learn", "lightgbm"}), ("requirements-object-store", {"moto"})])
def test_lock(name: str, wanted: set[str]) -> None:
    lines = (PYTHON_ROOT / f"{name}.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("    --hash=sha256:")]
    assert all(PIN.fullmatch(pin) for pin in pins)
    assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in lines if line not in pins)
    assert all(following.startswith("    --hash") for pin, following in zip(lines, lines[1:]) if pin in pins)
    assert wanted <= {pin.split("==")[0] for pin in pins}


@pytest.mark.parametrize("name", ["requirements.in", "requirements.txt", "requirements-dev.in", "requirements-dev.txt", "requirements-signals.in", "requirements-signals.txt", "requirements-object-store.in", "requirements-object-store.txt"])
def test_no_host_is_named(name: str) -> None:
    text = (PYTHON_ROOT / name).read_text()
    assert "://" not in text and "--index" not in text and "--find-links" not in text
