"""The clock of a sandbox."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """A running clock that can be moved forward, never back.

    It reads the wall clock once, at the start; after that it follows the monotonic clock,
    so that a correction of the computer's time cannot put trades out of order.
    """

    def __init__(
        self, start_ms: int | None = None, monotonic_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self.start_ms = time.time_ns() // 1_000_000 if start_ms is None else start_ms
        self._monotonic_ns = monotonic_ns
        self._origin_ns = monotonic_ns()
        self._advanced_ms = 0
        self._listeners: list[Callable[[int], None]] = []

    def now(self) -> int:
        """Milliseconds since the epoch."""
        elapsed_ms = (self._monotonic_ns() - self._origin_ns) // 1_000_000
        return self.start_ms + elapsed_ms + self._advanced_ms

    def advance(self, ms: int) -> None:  # internal
        """Move time forward; listeners are called afterwards with the milliseconds gained."""
        if ms < 0:
            raise ValueError(f"a clock cannot go back: {ms} ms")
        self._advanced_ms += ms
        for listener in self._listeners:
            listener(ms)

    def on_advance(self, listener: Callable[[int], None]) -> None:
        """Call `listener` after each jump, with its milliseconds."""
        self._listeners.append(listener)
