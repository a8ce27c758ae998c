"""Token bucket in millionths of a token, on the clock of the messages; integers, so that every boundary is exact."""

from __future__ import annotations

TOKEN = 1_000_000
MAX_ELAPSED_US = 1_000_000_000


class TokenBucket:
    def __init__(self, capacity: int, per_second: int) -> None:
        self._full = capacity * TOKEN
        self._per_second = per_second
        self.tokens = -1
        self.last = -1

    @property
    def used(self) -> bool:
        return self.last >= 0

    def refill(self, now: int) -> None:
        if self.used:
            self.tokens = min(self._full, self.tokens + min(now - self.last, MAX_ELAPSED_US) * self._per_second)
        else:
            self.tokens = self._full
        self.last = now

    @property
    def has_token(self) -> bool:
        return self.tokens >= TOKEN

    def take(self) -> bool:
        """Takes one whole token if there is one."""
        if self.tokens < TOKEN:
            return False
        self.tokens -= TOKEN
        return True
