"""A bounded memory of keys: two sets that take turns, so that insert and lookup stay O(1) and memory stays flat."""

from __future__ import annotations

from typing import Generic, TypeVar

Key = TypeVar("Key")


class SeenWindow(Generic[Key]):
    def __init__(self, size: int) -> None:
        self._size = size
        self.current: set[Key] = set()
        self.previous: set[Key] = set()

    def __contains__(self, key: Key) -> bool:
        return key in self.current or key in self.previous

    def insert(self, key: Key) -> None:
        self.current.add(key)
        if len(self.current) >= self._size:
            self.previous = self.current
            self.current = set()
