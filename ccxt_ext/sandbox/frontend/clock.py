"""A venue's clock, which may differ from the sandbox's."""

from __future__ import annotations

from ccxt_ext.sandbox.engine import Clock


class VenueClock:
    """The engine's clock as one venue reads it: `skew_ms` ahead of the engine's time."""

    def __init__(self, clock: Clock, skew_ms: int = 0) -> None:
        self.engine_clock = clock
        """The engine's clock, without the skew. Rate limits and the venue's own actions go by it."""
        self.skew_ms = skew_ms
        self._jumps: list[int] = []
        clock.on_advance(self._jumps.append)

    def now(self) -> int:
        """The venue's time, in milliseconds since the epoch."""
        return self.engine_clock.now() + self.skew_ms

    def is_near(self, timestamp: int, window_ms: int) -> bool:
        """Whether a client's timestamp is this venue's time, give or take the window.

        The control port can move the engine's time forward, and no client's clock follows. So a timestamp
        also counts as near if it was near before any of these jumps.
        """
        expected = self.now()
        if abs(timestamp - expected) <= window_ms:
            return True
        for jump in reversed(self._jumps):
            expected -= jump
            if abs(timestamp - expected) <= window_ms:
                return True
        return False

    def unmoved(self) -> int:
        """The engine's time without its jumps, which runs like real time."""
        return self.engine_clock.now() - sum(self._jumps)

    def has_passed(self, deadline: int) -> bool:
        """Whether a client's deadline has passed. Jumps do not count, as no client's clock follows them."""
        return deadline < self.unmoved() + self.skew_ms
