"""When a request may leave, so that the venue does not count too many. No I/O.

A client knows when a request leaves, the venue counts when it arrives. Between the two lie new connections,
busy networks and busy threads: what left evenly arrives in a bunch. All that is certain is that a request has
arrived before its answer. So two rules hold:

- The pace. Requests leave `rateLimit` times their cost apart; a pause, as in ccxt, earns what the
  bucket holds.
- The window. A venue counts so many units of cost in so much time. What has left counts from its answer on
  until that time is over; without an answer, for as long as it may be on its way at most.

The second makes the first safe, at the price of one round trip for each window, not for each request. A
margin learnt from round trips would cost less, and would be too small whenever a request goes over a kept
connection after one that had to make its own.
"""

import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from ccxt.base.errors import RateLimitExceeded

from ccxt_ext.venue.requests.ranks import Rank, RankedQueue

# A request that has no answer yet has arrived after so many seconds, even if its first packet was lost.
ON_ITS_WAY_S = 2.0

# Who waits for another to keep the time looks after so many seconds whether it is still there.
PATIENCE_S = 5.0

# Less is not waited for: timers are no more exact.
_INSTANT_S = 1e-6


class Limits(NamedTuple):
    interval: float  # seconds a unit of cost; 0 is no pace
    window: float  # seconds that are counted together
    units: float  # of cost that the venue takes in them
    credit: float = 1.0  # units that may leave at once after a pause
    cost: float = 1.0  # of a request that does not tell its own
    most_waiting: float = float("inf")


class QueueFull(RateLimitExceeded, RuntimeError):
    """ccxt raises a RuntimeError. A bot sees by the other that nothing was sent."""


class Ticket:
    """A request that waits, or has left."""

    __slots__ = ("arrived", "cost", "departed", "wake")

    def __init__(self, cost: float) -> None:
        self.cost = cost
        self.wake: Callable[[], None] | None = None
        self.departed: float | None = None
        self.arrived: float | None = None

    def arrived_by(self) -> float:
        """When it has arrived at the latest."""
        if self.departed is None:
            raise ValueError("it waits yet")
        return self.departed + ON_ITS_WAY_S if self.arrived is None else self.arrived


class Throttle:
    """What the requests of one exchange share, whatever threads they come from.

    One of those who wait keeps the time; the others are woken when they may go.
    """

    def __init__(self, limits: Callable[[], Limits], clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self.clock = clock
        self.loop: object = None  # ccxt sets it
        # Reentrant: the collector may run within it, and destroy a call that waited here, which then leaves.
        self._lock = threading.RLock()
        self._waiting: RankedQueue[Ticket] = RankedQueue()
        self._timekeeper: Ticket | None = None
        self._window: deque[Ticket] = deque()
        self._used = 0.0  # units in the window
        self._debt = 0.0  # units until the pace allows the next
        self._paid_at: float | None = None
        _throttles.add(self)

    def __getstate__(self) -> dict[str, Any]:
        """Exchanges can be copied and sent to other processes, where nothing has left yet."""
        return {"limits": self.limits, "clock": self.clock}

    def __setstate__(self, state: dict[str, Any]) -> None:
        Throttle.__init__(self, state["limits"], state["clock"])

    def start_anew(self) -> None:
        """In a forked child: whoever waits is in the parent, and maybe holds the lock."""
        self._lock = threading.RLock()
        self._waiting.clear()
        self._timekeeper = None

    def waiting(self) -> int:
        return len(self._waiting)

    def enter(self, cost: float | None = None, rank: Rank = Rank.REST) -> Ticket:
        limits = self.limits()
        ticket = Ticket(limits.cost if cost is None else cost)
        with self._lock:
            if rank is not Rank.CANCEL and len(self._waiting) > limits.most_waiting:
                raise QueueFull(
                    f"throttle queue is over maxCapacity ({int(limits.most_waiting)}), see "
                    "https://docs.ccxt.com/#/README?id=maximum-requests-capacity"
                )
            self._waiting.join(ticket, rank)
        return ticket

    def pause(self, ticket: Ticket, wake: Callable[[], None]) -> float:
        """Seconds to wait, at most, before asking again; 0 if it may leave now. `wake` may end the wait."""
        limits = self.limits()
        with self._lock:
            ticket.wake = wake
            wait, woken = self._let_go(limits)
            if ticket.departed is not None:
                pause = 0.0
            elif self._timekeeper is ticket:
                pause = wait
            else:
                pause = wait + PATIENCE_S
        self._wake(woken, ticket)
        return pause

    def leave(self, ticket: Ticket) -> None:
        """Who was waiting does not wait any more, or its request has ended."""
        with self._lock:
            if ticket.departed is None:
                self._waiting.leave(ticket)
            elif ticket.arrived is None:
                now = self.clock()
                # What need not be counted any more, even if it has no answer.
                self._forget(now, self.limits())
                ticket.arrived = now
            # Whoever keeps the time has to look again: it may be sooner now, or somebody else's to keep.
            woken = [first] if (first := self._waiting.first()) is not None else []
            self._timekeeper = first
        self._wake(woken, ticket)

    def hurry(self, ticket: Ticket, rank: Rank) -> None:
        with self._lock:
            self._waiting.hurry(ticket, rank)

    # -- what needs the lock ------------------------------------------------------------------------

    def _let_go(self, limits: Limits) -> tuple[float, list[Ticket]]:
        """Let go who may leave. Seconds until the next may, and who has to be told of all this."""
        now = self.clock()
        woken = []
        wait = 0.0
        while (first := self._waiting.first()) is not None:
            self._pay(now, limits)
            wait = max(self._debt * limits.interval, self._window_wait(now, first.cost, limits))
            if wait > _INSTANT_S:
                break
            first = self._waiting.take()
            first.departed = now
            self._window.append(first)
            self._used += first.cost
            self._debt += first.cost
            woken.append(first)
        if first is None:
            self._timekeeper = None
        elif self._timekeeper not in self._waiting:
            self._timekeeper = first
            woken.append(first)
        return wait, woken

    def _pay(self, now: float, limits: Limits) -> None:
        """Time pays off what has left, and makes up for late timers and answers."""
        if self._paid_at is not None and limits.interval > 0:
            self._debt = max(self._debt - (now - self._paid_at) / limits.interval, -limits.credit)
        else:
            self._debt = 0.0
        self._paid_at = now

    def _window_wait(self, now: float, cost: float, limits: Limits) -> float:
        self._forget(now, limits)
        if not self._window:
            return 0.0
        over = self._used + cost - limits.units
        wait = 0.0
        for ticket in self._window:
            if over <= 1e-9:
                break
            over -= ticket.cost
            wait = max(wait, ticket.arrived_by() + limits.window - now)
        return wait

    def _forget(self, now: float, limits: Limits) -> None:
        while self._window and self._window[0].arrived_by() + limits.window <= now:
            self._used -= self._window.popleft().cost
        if not self._window:
            self._used = 0.0

    # -- without it, which who is woken may want -----------------------------------------------------

    @staticmethod
    def _wake(woken: list[Ticket], but: Ticket) -> None:
        for ticket in woken:
            wake = ticket.wake
            if ticket is not but and wake is not None:
                wake()


_throttles: "weakref.WeakSet[Throttle]" = weakref.WeakSet()


def _in_child() -> None:
    for throttle in list(_throttles):
        throttle.start_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
