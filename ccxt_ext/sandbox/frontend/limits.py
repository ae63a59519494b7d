"""Rate limits: windows of time that count a client's calls, or their weight."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

Limits = Literal["relaxed", "venue"]
"""The venue's documented limits, or ones that are `RELAXED_FACTOR` times wider."""
RELAXED_FACTOR = 100
"""How many times wider the relaxed limits are."""


class Window:
    """At most `limit` calls in any `period_ms`, counted separately for each key."""

    MANY_KEYS = 1000

    def __init__(self, limit: int, period_ms: int = 60_000) -> None:
        self.limit = limit
        self.period_ms = period_ms
        self._calls: dict[str, deque[int]] = {}

    def allow(self, key: str, now: int) -> bool:
        """Count a call, if it is within the limit. Returns whether it is."""
        if key not in self._calls and len(self._calls) >= self.MANY_KEYS:
            self._forget_before(now - self.period_ms)
        calls = self._calls.setdefault(key, deque())
        while calls and calls[0] <= now - self.period_ms:
            calls.popleft()
        if len(calls) >= self.limit:
            return False
        calls.append(now)
        return True

    def _forget_before(self, time: int) -> None:
        self._calls = {key: calls for key, calls in self._calls.items() if calls and calls[-1] > time}


@dataclass(frozen=True)
class Spent:
    """How much of its limit a key has used after a call."""

    allowed: bool
    limit: int
    remaining: int
    ends: int
    """When the window is full again."""


class WeightWindow:
    """Calls of at most `limit` in total weight in `period_ms`, which begins with a key's first call."""

    MANY_KEYS = 1000

    def __init__(self, limit: int, period_ms: int = 60_000) -> None:
        self.limit = limit
        self.period_ms = period_ms
        self._spent: dict[str, tuple[int, int]] = {}

    def spend(self, key: str, weight: int, now: int) -> Spent:
        """Count a call's weight, if it is within the limit."""
        if key not in self._spent and len(self._spent) >= self.MANY_KEYS:
            self._spent = {name: entry for name, entry in self._spent.items() if entry[0] > now}
        ends, spent = self._spent.get(key, (0, 0))
        if ends <= now:
            ends, spent = now + self.period_ms, 0
        allowed = spent + weight <= self.limit
        if allowed:
            spent += weight
        self._spent[key] = ends, spent
        return Spent(allowed, self.limit, self.limit - spent, ends)
