"""The clock of a sandbox."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Clock:
    """A clock that runs or stands still. It can be moved forward, never back.

    It reads the wall clock once, at the start; while it runs, it follows the monotonic clock,
    so that a correction of the computer's time cannot put trades out of order.
    """

    def __init__(
        self,
        start_ms: int | None = None,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
        *,
        frozen: bool = False,
    ) -> None:
        self.start_ms = time.time_ns() // 1_000_000 if start_ms is None else start_ms
        self._monotonic_ns = monotonic_ns
        self._origin_ns = monotonic_ns()
        self._origin_ms = self.start_ms
        """The time at the origin. If the clock stands still, it is the present time."""
        self._frozen_ms = self.start_ms if frozen else None
        self._instant: int | None = None
        self._listeners: list[Callable[[int], None]] = []

    def now(self) -> int:
        """Milliseconds since the epoch."""
        if self._instant is not None:
            return self._instant
        if self._frozen_ms is not None:
            return self._origin_ms
        return self._origin_ms + (self._monotonic_ns() - self._origin_ns) // 1_000_000

    @property
    def is_frozen(self) -> bool:  # internal
        """Whether it stands still until it is moved."""
        return self._frozen_ms is not None

    @property
    def frozen_ms(self) -> int | None:  # internal
        """The time at which it was made to stand still; None while it runs."""
        return self._frozen_ms

    def freeze(self) -> None:  # internal
        """Stand still from now on."""
        if self._frozen_ms is None:
            self._frozen_ms = self._origin_ms = self.now()

    def unfreeze(self) -> None:  # internal
        """Run on from the present time."""
        if self._frozen_ms is not None:
            self._frozen_ms = None
            self._origin_ns = self._monotonic_ns()

    def advance(self, ms: int) -> None:  # internal
        """Move time forward; listeners are called afterwards with the milliseconds gained."""
        if ms < 0:
            raise ValueError(f"a clock cannot go back: {ms} ms")
        self._origin_ms += ms
        for listener in self._listeners:
            listener(ms)

    @contextmanager
    def at(self, instant: int) -> Iterator[None]:  # internal
        """Stand at an instant that time passes on the way to the end of an advance."""
        before, self._instant = self._instant, instant
        try:
            yield
        finally:
            self._instant = before

    def on_advance(self, listener: Callable[[int], None]) -> None:
        """Call `listener` after each jump, with its milliseconds."""
        self._listeners.append(listener)

    def __getstate__(self) -> dict[str, Any]:
        state = {**vars(self), "_origin_ms": self.now()}
        del state["_monotonic_ns"], state["_origin_ns"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Go on from the time at which it was saved, as the monotonic clock may be another one."""
        vars(self).update(state)
        self._monotonic_ns = time.monotonic_ns
        self._origin_ns = time.monotonic_ns()
