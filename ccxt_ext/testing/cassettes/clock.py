"""The clock of recorded exchanges: it stands between requests and steps at each, when recording too."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any


class Clock:
    """Where the time stands, in milliseconds. `now` is None on replay, when the steps are those on file."""

    def __init__(self, begun: int, steps: Sequence[int] = (), now: Callable[[], int] | None = None) -> None:
        self.begun = begun
        self.steps = list(steps)  # since then
        self._now = now
        self._place = 0
        self.at = begun
        self.moved: Callable[[int], None] = lambda at: None
        """Called with the time at each step."""

    def step(self) -> int:
        if self._now is not None:
            self._go(max(self._now(), self.at + 1))
            self.steps.append(self.at - self.begun)
        elif self._place < len(self.steps):
            self._go(max(self.begun + self.steps[self._place], self.at + 1))
            self._place += 1
        else:
            self._go(self.at + 1)
        return self.at

    def look(self) -> int:
        """A step that is not numbered, as it goes with something that is on file by itself."""
        if self._now is not None:
            self._go(max(self._now(), self.at))
        return self.at

    def reach(self, at: int) -> None:
        """Replay is where the recording was at a time."""
        if at > self.at:
            self._go(at)
            self._place = max(self._place, bisect_right(self.steps, at - self.begun))

    def _go(self, at: int) -> None:
        self.at = at
        self.moved(at)

    def run(self, exchange: Any) -> None:
        """Have an exchange go by this clock."""
        exchange.milliseconds = lambda: self.at
        exchange.seconds = lambda: self.at // 1000
        exchange.microseconds = lambda: self.at * 1000


def machine_ms() -> int:
    return time.time_ns() // 1_000_000
