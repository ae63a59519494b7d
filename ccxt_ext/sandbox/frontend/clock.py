"""A venue's clock, which may differ from the sandbox's."""

from __future__ import annotations

import time

from ccxt_ext.sandbox.engine import Clock


class VenueClock:
    """The engine's clock as one venue reads it: `skew_ms` ahead of the engine's time."""

    def __init__(self, clock: Clock, skew_ms: int = 0) -> None:
        self.engine_clock = clock
        """The engine's clock, without the skew. The venue's own actions go by it."""
        self.skew_ms = skew_ms

    def now(self) -> int:
        """The venue's time, in milliseconds since the epoch."""
        return self.engine_clock.now() + self.skew_ms

    def is_near(self, timestamp: int, window_ms: int) -> bool:
        """Whether a client's timestamp is this venue's time, give or take the window.

        The engine's time can be moved forward, and stand still, and not every client's clock follows. So a
        timestamp also counts as near if it is the machine's time, or if it goes by a difference that there
        has been between the engine's time and real time.
        """
        clock, time_told = self.engine_clock, timestamp - self.skew_ms
        for right in (clock.now, _wall, clock.ticking):
            if abs(time_told - right()) <= window_ms:
                return True
        lead = time_told - clock.real()
        return clock.had_lead(lead - window_ms, lead + window_ms)

    def unmoved(self) -> int:
        """Real time: it goes on while the engine's time stands still, and does not jump with it.

        Whatever happens between two ends of a connection goes by it, such as pings. Time that a bot lives
        through as if it were real is part of it.
        """
        return self.engine_clock.real() + self.engine_clock.lived_ms

    def ticking(self) -> int:
        """A time that never stands still, and jumps with the engine's. Rate limits go by it.

        So a client that has spent its limit can go on after real time or the engine's time has passed.
        """
        return self.engine_clock.ticking()

    def has_passed(self, deadline: int) -> bool:
        """Whether a client's deadline has passed, by whichever clock the client may go."""
        clock = self.engine_clock
        return deadline < min(clock.now(), clock.real(), _wall()) + self.skew_ms


def _wall() -> int:
    return time.time_ns() // 1_000_000
