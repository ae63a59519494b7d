"""Brings a market along the candles that were given to it."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple, Protocol

from ..model import Side
from .path import Point, points
from .quotes import Quotes, TradedMarket
from .rows import TickRows


class Stop(NamedTuple):
    """A price, in ticks, at which something of an account waits for the market."""

    ticks: int
    is_order: bool
    """Whether it is an order in the book. Other things wait to see a trade at that price."""


class PlayedMarket(TradedMarket, Protocol):
    """The part of a market that is needed to play candles."""

    @property
    def last_time(self) -> int: ...

    def first_stop(self, from_ticks: int, to_ticks: int) -> Stop | None: ...


class Player:
    """Trades at the prices of given candles, in place of the usual traders. After these, nothing moves.

    Within a candle the price goes from one trade to the next without a jump: where something of an account
    waits for a price between, the market stops there first. From one candle to the next it jumps.
    """

    makes_up = True

    def __init__(
        self, market: PlayedMarket, quotes: Quotes, rows: TickRows, step_ms: int, after: int
    ) -> None:
        """What the rows have until `after` has happened already."""
        self._market = market
        self._quotes = quotes
        quotes.is_tight = True
        self._rows = rows
        self._step_ms = step_ms
        self._rng = market.crowd.random("played")
        self._next = 0
        """The number of the next row."""
        self._path: deque[Point] = deque()
        """What is left of the present row."""
        self._ticks = market.last_ticks
        self._side: Side = "buy"
        self.skip(after)
        self._jumps = self._is_ahead

    def __len__(self) -> int:
        """How many rows have not begun."""
        return len(self._rows) - self._next + self._is_ahead

    @property
    def _is_ahead(self) -> bool:
        """Whether the present row has not begun yet."""
        return bool(self._path) and self._path[0].at == self._rows[self._next - 1].timestamp

    def next_event(self) -> int | None:
        return self._path[0].at if self._path else None

    def skip(self, now: int) -> None:
        while True:
            while self._path and self._path[0].at <= now:
                self._path.popleft()
                self._jumps = True
            if self._path or self._next == len(self._rows):
                return
            self._next = max(self._next, self._rows.first_from(now - self._step_ms + 1))
            self._open()

    def act(self, now: int) -> None:
        """Make the next trade, or stop on the way to it."""
        point = self._path[0]
        # A trade that comes late has its own time, unless others have traded meanwhile.
        at = min(max(point.at, self._market.last_time), now)
        self._market.crowd.home_ticks = point.ticks
        stop = None if self._jumps else self._market.first_stop(self._ticks, point.ticks)
        if stop is None:
            self._move(point.ticks, point.steps, at)
            self._path.popleft()
            if not self._path:
                self._open()
            return
        seen = 1 if point.steps and not stop.is_order else 0
        self._path[0] = point._replace(steps=max(point.steps - seen, min(point.steps, 1)))
        self._move(stop.ticks, seen, at)

    def _move(self, ticks: int, steps: int, at: int) -> None:
        if ticks != self._ticks:
            self._side = "buy" if ticks > self._ticks else "sell"
        self._quotes.move_to(ticks, steps, self._side, at, self._rng)
        self._ticks, self._jumps = ticks, False

    def _open(self) -> None:
        """Go on to the next row."""
        if self._next < len(self._rows):
            unit = self._market.crowd.per_step
            self._path.extend(points(self._rows[self._next], self._step_ms, unit))
            self._next += 1
            self._jumps = True
