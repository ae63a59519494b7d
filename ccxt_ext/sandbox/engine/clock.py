"""The clock of a sandbox."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from .spans import Spans


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
        """The real time at the origin."""
        self._advanced_ms = 0
        self._stood_ms = 0
        """How long it stood still, in all, until it last began to run."""
        self._frozen_at = self._still_ms = self.start_ms if frozen else None
        self.instant: int | None = None  # internal
        self._listeners: list[Callable[[int], None]] = []
        self._leads = Spans()
        """By how much it has ever been ahead of real time, but for the present stretch."""
        self._lead = 0
        """The same at the beginning of the present stretch, in which it has not jumped."""
        self.lived_ms = 0  # internal
        """How much of what it was moved by was lived through by a bot, connections included."""

    def now(self) -> int:
        """Milliseconds since the epoch."""
        if self.instant is not None:
            return self.instant
        if self._still_ms is not None:
            return self._still_ms
        elapsed_ms = (self._monotonic_ns() - self._origin_ns) // 1_000_000
        return self._origin_ms + elapsed_ms + self._advanced_ms - self._stood_ms

    def real(self) -> int:  # internal
        """The time that it would be, had the clock never been moved or stood still."""
        return self._origin_ms + (self._monotonic_ns() - self._origin_ns) // 1_000_000

    def ticking(self) -> int:  # internal
        """The time that it would be, had the clock never stood still."""
        return self.real() + self._advanced_ms

    @property
    def is_frozen(self) -> bool:  # internal
        """Whether it stands still until it is moved."""
        return self._still_ms is not None

    @property
    def frozen_at(self) -> int | None:  # internal
        """The time at which it was made to stand still; None while it runs."""
        return self._frozen_at

    def freeze(self) -> None:  # internal
        """Stand still from now on."""
        if self._still_ms is None:
            self._end_stretch()
            self._frozen_at = self._still_ms = self.now()
            self._begin_stretch()

    def unfreeze(self) -> None:  # internal
        """Run on from the present time."""
        if self._still_ms is not None:
            self._end_stretch()
            self._stood_ms = self.ticking() - self._still_ms
            self._frozen_at = self._still_ms = None
            self._begin_stretch()

    def advance(self, ms: int) -> None:  # internal
        """Move time forward; listeners are called afterwards with the milliseconds gained."""
        if ms < 0:
            raise ValueError(f"a clock cannot go back: {ms} ms")
        self._jump(ms)
        for listener in self._listeners:
            listener(ms)

    def _jump(self, ms: int) -> None:
        self._end_stretch()
        self._advanced_ms += ms
        if self._still_ms is not None:
            self._still_ms += ms
        self._begin_stretch()

    def had_lead(self, least: int, most: int) -> bool:  # internal
        """Whether it was ever ahead of real time by something from `least` to `most`."""
        low, high = sorted((self.now() - self.real(), self._lead))
        return (low <= most and high >= least) or self._leads.meets(least, most)

    def _end_stretch(self) -> None:
        lead = self.now() - self.real()
        self._leads.add(min(lead, self._lead), self._lead)

    def _begin_stretch(self) -> None:
        self._lead = self.now() - self.real()

    def at(self, instant: int) -> AbstractContextManager[None]:  # internal
        """Stand at an instant: one that time passes on the way to the end of an advance, or a request's."""
        return _Standing(self, instant)

    def on_advance(self, listener: Callable[[int], None]) -> None:
        """Call `listener` after each jump, with its milliseconds."""
        self._listeners.append(listener)

    def __getstate__(self) -> dict[str, Any]:
        state = {**vars(self), "_origin_ms": self.real()}
        del state["_monotonic_ns"], state["_origin_ns"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Go on from the time at which it was saved, as the monotonic clock may be another one."""
        vars(self).update({"lived_ms": 0, **state})
        self._monotonic_ns = time.monotonic_ns
        self._origin_ns = time.monotonic_ns()
        reached, self.instant = self.instant, None
        if reached is not None:  # it was saved while time was passed, of which the rest is not passed here
            self._jump(max(reached - self.now(), 0))


class _Standing(AbstractContextManager[None]):
    """Lets a clock stand at an instant for a `with` block."""

    def __init__(self, clock: Clock, instant: int) -> None:
        self._clock = clock
        self._instant = instant
        self._before: int | None = None

    def __enter__(self) -> None:
        self._before, self._clock.instant = self._clock.instant, self._instant

    def __exit__(self, *_: object) -> None:
        self._clock.instant = self._before
