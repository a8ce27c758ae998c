"""Makes the reference modules importable and counts which rows of the specification the tests reached."""

from __future__ import annotations

import sys
from pathlib import Path

PYTHON_ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PYTHON_ROOT / "reference"), str(PYTHON_ROOT / "tests"), str(PYTHON_ROOT)]
