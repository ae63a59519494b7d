"""Decides when a request may be sent, so that the venue never counts too many. No input or output.

A client knows when a request leaves; the venue counts it when it arrives. Requests that leave evenly may
arrive in a bunch, because of new connections, busy networks or busy threads. All that is certain is that a
request arrives before its answer does. So there are two rules:

- The pace. Requests leave `rateLimit` times their cost apart. As in ccxt, a pause earns as much credit as the
  bucket holds.
- The window. A venue counts so many units of cost in so much time. A request counts until that much time has
  passed since its answer; without an answer, since the latest moment at which it can have arrived.

The second rule makes the first one safe. It costs one round trip for each window, not for each request. A
safety margin learnt from round trips would cost less, but it would be too small whenever one request opens a
new connection and the next one uses an open one.
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

# A request without an answer has arrived after so many seconds, even if its first packet was lost.
ON_ITS_WAY_S = 2.0

# One of those who wait is the timekeeper. The others check after so many seconds whether it is still there.
PATIENCE_S = 5.0

# Shorter waits are skipped, as timers are not more exact than this.
_INSTANT_S = 1e-6


def monotonic() -> float:
    """It is looked up each time, as tests may put another clock in its place."""
    return time.monotonic()


class Limits(NamedTuple):
    """A venue's rate limit."""

    interval: float  # seconds for each unit of cost; 0 means that there is no pace
    window: float  # the time in which the venue counts, in seconds
    units: float  # how many units of cost the venue takes in that time
    credit: float = 1.0  # how many units may leave at once after a pause
    cost: float = 1.0  # the cost of a request that has none of its own
    most_waiting: float = float("inf")


class QueueFull(RateLimitExceeded, RuntimeError):
    """Too many requests wait already; this one was not sent.

    It is a RuntimeError because ccxt raises one, and a RateLimitExceeded so that a bot knows what to do.
    """


class Ticket:
    """A request that waits to be sent, or was sent."""

    __slots__ = ("arrived", "cost", "departed", "wake")

    def __init__(self, cost: float) -> None:
        self.cost = cost
        self.wake: Callable[[], None] | None = None
        self.departed: float | None = None
        self.arrived: float | None = None

    def arrived_by(self) -> float:
        """The latest moment at which it can have arrived at the venue."""
        if self.departed is None:
            raise ValueError("it waits yet")
        return self.departed + ON_ITS_WAY_S if self.arrived is None else self.arrived


class Throttle:
    """Lets the requests of one exchange go, one after the other, whatever threads they come from.

    One of those who wait, the timekeeper, watches the time. It wakes the others when they may go.
    """

    def __init__(self, limits: Callable[[], Limits], clock: Callable[[], float] = monotonic) -> None:
        self.limits = limits
        self.clock = clock
        self.loop: object = None  # ccxt sets it
        # Reentrant: the garbage collector may run while the lock is held, and destroy a call that waits here.
        # That call then leaves, which needs the lock.
        self._lock = threading.RLock()
        self._waiting: RankedQueue[Ticket] = RankedQueue()
        self._timekeeper: Ticket | None = None
        self._window: deque[Ticket] = deque()
        self._used = 0.0  # units in the window
        self._debt = 0.0  # units until the pace allows the next
        self._paid_at: float | None = None
        _throttles.add(self)

    def __getstate__(self) -> dict[str, Any]:
        """Exchanges can be copied or sent to other processes. There, nothing was sent yet."""
        return {"limits": self.limits, "clock": self.clock}

    def __setstate__(self, state: dict[str, Any]) -> None:
        Throttle.__init__(self, state["limits"], state["clock"])

    def start_anew(self) -> None:
        """Called in a forked child: those who wait are in the parent, and one of them may hold the lock."""
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
        """How many seconds to wait before asking again; 0 if the request may be sent now.

        `wake` is called if the wait can end sooner.
        """
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
        """The request was given up while it waited, or it has ended."""
        with self._lock:
            if ticket.departed is None:
                self._waiting.leave(ticket)
            elif ticket.arrived is None:
                now = self.clock()
                # First forget what need not be counted any more, which may include this request.
                self._forget(now, self.limits())
                ticket.arrived = now
            # Wake the first in line, who now becomes the timekeeper: its turn may come sooner now.
            woken = [first] if (first := self._waiting.first()) is not None else []
            self._timekeeper = first
        self._wake(woken, ticket)

    def hurry(self, ticket: Ticket, rank: Rank) -> None:
        with self._lock:
            self._waiting.hurry(ticket, rank)

    # -- called with the lock held ------------------------------------------------------------------

    def _let_go(self, limits: Limits) -> tuple[float, list[Ticket]]:
        """Let all go who may. Returns the seconds until the next one may, and whom to wake."""
        now = self.clock()
        if self._paid_at is not None and now < self._paid_at:  # it was another clock until now
            self._window.clear()
            self._paid_at = None
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
        """Reduce the debt by the time that has passed since the last payment."""
        if self._paid_at is not None and limits.interval > 0:
            self._debt = max(self._debt - (now - self._paid_at) / limits.interval, -limits.credit)
        else:
            self._debt = 0.0
        self._paid_at = now

    def _window_wait(self, now: float, cost: float, limits: Limits) -> float:
        """Seconds until the window has room for a request of this cost."""
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
        """Drop the requests that the venue does not count any more."""
        while self._window and self._window[0].arrived_by() + limits.window <= now:
            self._used -= self._window.popleft().cost
        if not self._window:
            self._used = 0.0

    # -- called without the lock, as those who are woken may need it ---------------------------------

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
