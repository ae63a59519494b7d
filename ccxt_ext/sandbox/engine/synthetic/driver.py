"""Who moves a market by itself."""

from __future__ import annotations

from typing import Protocol


class Actor(Protocol):
    """Acts at instants of the engine's time.

    It is called at each of them, with the clock standing there, while time is passed.
    """

    def next_event(self) -> int | None:
        """When it acts next; None if there is nothing to do."""

    def act(self, now: int) -> None:
        """Do all that is due by now. The next event is later than that."""


class Driver(Actor, Protocol):
    """One that is also called soon after each of its instants while the clock runs."""

    def skip(self, now: int) -> None:
        """Leave out what is due by now: time has passed without it. The next event is later than that."""


class MarketDriver(Driver, Protocol):
    """What moves a market."""

    makes_up: bool
    """Whether it does later what it was not called for in time. If not, that is left out."""
