# Generated from turns.py by scripts/generate.py. Do not edit.
"""The part of a venue's class that lets its requests leave one after the other, the urgent ones first."""

import functools
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from ccxt_ext.venue.blocking import SyncExchange, SyncWaiter
from ccxt_ext.venue.contexts import within
from ccxt_ext.venue.keys.lines import held, show_life
from ccxt_ext.venue.requests.ranks import Rank, at_least, rank_now, rank_of_method
from ccxt_ext.venue.requests.throttle import Limits, Throttle, Ticket


class Turn:
    """Of a request that is being made."""

    def __init__(self) -> None:
        self.ticket: Ticket | None = None
        self.failed = False  # before anything was sent


_turn: ContextVar[Turn | None] = ContextVar("turn", default=None)

# When the latest request of this task or thread left.
_left: ContextVar[int] = ContextVar("left")

# Whether it failed before anything of it was sent.
_unsent: ContextVar[bool] = ContextVar("unsent", default=False)


class SyncTurns(SyncExchange):
    """ccxt's Exchange, with a throttle that keeps the limit as the venue counts it and knows what is urgent.

    Cancellations go before orders, and orders before all else; so do the requests that these need on their
    way. An endpoint of the `api` tree may tell its rank: `'priority': 'cancel'` or `'order'`.
    """

    throttler: Any
    own_bucket: Mapping[str, Any]
    made_bucket: Any = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in dir(cls):
            rank = rank_of_method(name)
            method = None if rank is None else getattr(cls, name)
            done = method is getattr(SyncExchange, name, None) or hasattr(method, "refuses")
            if rank is not None and not done and not hasattr(method, "rank"):
                setattr(cls, name, ranked(method, rank))

    # -- the limits ---------------------------------------------------------------------------------

    def init_rest_rate_limiter(self) -> None:
        if self.tokenBucket is not self.made_bucket or self.tokenBucket is None:
            # ccxt adds to it what follows from `rateLimit`, which may change later.
            self.own_bucket = dict(self.tokenBucket or {})
        super().init_rest_rate_limiter()
        self.made_bucket = self.tokenBucket

    def init_throttler(self, cost: Any = None) -> None:
        if not isinstance(self.throttler, Throttle):
            self.throttler = Throttle(self.rate_limits)

    def rate_limits(self) -> Limits:
        """As they are now: `rateLimit` may be changed at any time."""
        bucket = self.own_bucket if self.tokenBucket is self.made_bucket else self.tokenBucket or {}
        per_unit = self.rateLimit / 1000
        if bucket.get("refillRate"):
            per_unit = 1 / bucket["refillRate"] / 1000
        most = bucket.get("maxCapacity", self.options.get("maxRequestsQueue"))
        cost = bucket.get("cost", 1)
        full = float("inf") if most is None else most
        rolling = bucket.get("windowSize", getattr(self, "rollingWindowSize", 0))
        algorithm = bucket.get("algorithm", getattr(self, "rateLimiterAlgorithm", "leakyBucket"))
        if rolling and algorithm != "leakyBucket":
            return Limits(0, rolling / 1000, rolling / 1000 / per_unit, 0, cost, full)
        # Of a venue that does not tell in what time it counts, a second is assumed.
        units = self.options.get("throttleWindow") or max(1 / per_unit, 1)
        return Limits(per_unit, units * per_unit, units, bucket.get("capacity", 1), cost, full)

    # -- turns --------------------------------------------------------------------------------------

    def throttle(self, cost: Any = None) -> None:
        """Wait until a request of that cost may leave."""
        turn = _turn.get()
        if self.rateLimit > 0 and cost != 0:
            ticket = self.wait_for_turn(self.throttler, cost)
            if turn is None:
                self.throttler.leave(ticket)  # nobody would tell when it has its answer
            else:
                turn.ticket = ticket
        if turn is not None:
            self.depart()

    def wait_for_turn(self, throttle: Throttle, cost: float | None) -> Ticket:
        ticket = throttle.enter(cost, self.rank())
        place = held()
        if place is not None:
            place.hurry = functools.partial(throttle.hurry, ticket)
            place.hurry(place.rank)
        try:
            while True:
                waiter = SyncWaiter()
                pause = throttle.pause(ticket, waiter.wake)
                if not pause:
                    return ticket
                waiter.wait(min(pause, self.timeout / 1000))
                show_life()
        except BaseException:
            throttle.leave(ticket)
            raise

    def rank(self) -> Rank:
        """How urgent what this task or thread does is."""
        return rank_now() if self.options.get("throttlePriority", True) else Rank.REST

    def in_turn(
        self, path: str, api: Any, method: str, params: Any, *args: Any, config: dict[str, Any]
    ) -> Any:
        """Send one request, once the throttle lets it."""
        with within(_turn, Turn()) as turn:
            _unsent.set(False)
            try:
                if not self.enableRateLimit:
                    self.depart()
                return super().request(path, api, method, params, *args, config=config)
            finally:
                # Now, as the requests on its way have ended.
                _unsent.set(turn is not None and turn.failed)
                if turn is not None and turn.ticket is not None:
                    self.throttler.leave(turn.ticket)

    def depart(self) -> None:
        """The request of this task or thread is about to be signed and sent."""
        try:
            self.before_signing()
        except BaseException:
            turn = _turn.get()
            if turn is not None:
                turn.failed = True
            raise
        _left.set(self.milliseconds())

    @staticmethod
    def mark_unsent(unsent: bool) -> None:
        """Of what goes another way than requests do."""
        _unsent.set(unsent)

    @staticmethod
    def was_unsent() -> bool:
        """Whether the latest request of this task or thread is certain not to have been sent."""
        return _unsent.get()

    def before_signing(self) -> None:
        """What a venue has to have at hand then, and could be too old if it were fetched before the wait."""

    def timed(self, method: Any, *args: Any) -> tuple[int, Any]:
        """What `method` gives, and when its latest request left: its wait in the throttle is over then."""
        _left.set(self.milliseconds())
        found = method(*args)
        return _left.get(), found


def ranked(method: Any, rank: Rank) -> Any:
    """`method`, all whose requests are at least that urgent."""

    @functools.wraps(method)
    def at_rank(*args: Any, **kwargs: Any) -> Any:
        with at_least(rank):
            return method(*args, **kwargs)

    at_rank.rank = rank  # type: ignore[attr-defined]
    return at_rank
