"""Copies of the state on disk, so that a process that is started again need not answer the whole log again.

One is taken right behind the answer to a test request and bears its id: whoever feeds this process knows which inputs came before it. A child
process writes it (the copy is the one that `fork` makes), so that no message waits. File: one line of JSON, then the pickled state. Only classes of
this package, Decimal and deque are ever made from it, and nothing is when its sum or the digest of the state that it gives does not fit.
"""

from __future__ import annotations

import gc
import hashlib
import io
import json
import os
import pickle
import sys
import time
from collections import deque
from decimal import Decimal
from pathlib import Path
from typing import Any, Optional

from .decision_core import OrderPath
from .desk_state import Account, DeskState, Reference, ResumeRequest
from .order_records import Order, PendingReplace
from .order_store import OrderStore
from .rulebook import AccountRules, Instrument, Rulebook
from .seen_window import SeenWindow
from .state_digest import state_hash
from .token_bucket import TokenBucket

FORMAT = "tandem-order-path-python/1"
SUFFIX = ".snapshot"
KEPT = 3
MIN_SECONDS = 1.0
HEADER_BYTES_MAX = 4096
KNOWN = {
    (cls.__module__, cls.__qualname__): cls
    for cls in (Account, DeskState, Reference, ResumeRequest, Order, PendingReplace, OrderStore, SeenWindow, TokenBucket, Decimal, deque)
}


class Refused(Exception):
    """A file that is no sound snapshot of this rulebook's state."""


class _Writer(pickle.Pickler):
    """What the rulebook says is named, not copied."""

    def persistent_id(self, value: Any) -> Optional[tuple[str, str]]:
        if isinstance(value, Instrument):
            return ("instrument", value.symbol)
        if isinstance(value, AccountRules):
            return ("account", value.account)
        if isinstance(value, Rulebook):
            return ("rules", "")
        return None


class _Reader(pickle.Unpickler):
    def __init__(self, payload: bytes, rules: Rulebook) -> None:
        super().__init__(io.BytesIO(payload))
        self._rules = rules

    def persistent_load(self, pid: Any) -> Any:
        kind, name = pid
        if kind == "rules":
            return self._rules
        return self._rules.instruments[name] if kind == "instrument" else self._rules.accounts[name]

    def find_class(self, module: str, name: str) -> Any:
        found = KNOWN.get((module, name))
        if found is None:
            raise Refused(f"it names {module}.{name}")
        return found


def to_bytes(core: OrderPath, at: str) -> bytes:
    payload = io.BytesIO()
    _Writer(payload, protocol=5).dump(core.state)
    body = payload.getvalue()
    header = {"format": FORMAT, "at": at, "stateHash": core.state_hash(), "sha256": hashlib.sha256(body).hexdigest(), "sizeBytes": len(body)}
    return json.dumps(header, separators=(",", ":")).encode("ascii") + b"\n" + body


def from_bytes(octets: bytes, rules: Rulebook) -> tuple[DeskState, str]:
    """The state and the id of the test request at which it was taken; Refused for anything that is not exactly that."""
    end = octets.find(b"\n", 0, HEADER_BYTES_MAX)
    try:
        header = json.loads(octets[: max(end, 0)])
        at, wanted, size, sha256 = str(header["at"]), header["stateHash"], header["sizeBytes"], header["sha256"]
        sound = header["format"] == FORMAT
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("no header") from error
    body = octets[end + 1 :]
    if not sound or len(body) != size or hashlib.sha256(body).hexdigest() != sha256:
        raise Refused("another format, cut short or changed")
    try:
        state = _Reader(body, rules).load()
        fits = isinstance(state, DeskState) and state_hash(state) == wanted
    except Refused:
        raise
    except Exception as error:  # whatever a changed class or rulebook makes of it
        raise Refused(repr(error)) from error
    if not fits:
        raise Refused("its state is not the one that it was taken of")
    return state, at


class Snapshots:
    """`folder` empty: none are kept."""

    def __init__(self, folder: str, every: int) -> None:
        self._folder = Path(folder) if folder else None
        self._every = every
        self._since = 0
        self._taken_s = time.monotonic()
        self._child = 0

    def restore(self, core: OrderPath) -> dict[str, Any]:
        """Goes on from the newest sound one; what the ready line says of it."""
        refused = 0
        for path in self._newest_first():
            try:
                core.state, at = from_bytes(path.read_bytes(), core.state.rules)
                return {"restored": at, "refused": refused}
            except (Refused, OSError) as error:
                refused += 1
                print(f"snapshot {path.name} is not used: {error}", file=sys.stderr, flush=True)
        return {"restored": None, "refused": refused}

    def after(self, core: OrderPath) -> None:
        """To be called when the outputs of a message have left."""
        self._since += 1
        at, core.answered = core.answered, None
        if at is None or self._folder is None or self._since < self._every or time.monotonic() - self._taken_s < MIN_SECONDS or self._is_writing():
            return
        self._since = 0
        self._taken_s = time.monotonic()
        self._child = os.fork()
        if self._child == 0:
            self._write_and_exit(core, at)

    def _is_writing(self) -> bool:
        if self._child == 0:
            return False
        done, _ = os.waitpid(self._child, os.WNOHANG)
        if done == 0:
            return True
        self._child = 0
        return False

    def _write_and_exit(self, core: OrderPath, at: str) -> None:
        code = 1
        try:
            gc.disable()
            os.nice(10)
            self._write(core, at)
            code = 0
        finally:
            os._exit(code)

    def _write(self, core: OrderPath, at: str) -> None:
        folder = self._folder
        if folder is None or not at.replace(".", "").isalnum():
            return
        part = folder / f"{at}.part"
        octets = to_bytes(core, at)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(octets)
            file.flush()
            os.fsync(file.fileno())
        part.rename(folder / f"{at}{SUFFIX}")
        for old in self._newest_first()[KEPT:]:
            old.unlink(missing_ok=True)

    def _newest_first(self) -> list[Path]:
        if self._folder is None or not self._folder.is_dir():
            return []
        found = [(path.stat().st_mtime_ns, path) for path in self._folder.iterdir() if path.suffix == SUFFIX]
        return [path for _, path in sorted(found, reverse=True)]
