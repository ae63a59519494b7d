# twin: turns_sync.py
"""Makes requests wait for their turn in the throttle, urgent ones first, and knows when each one was sent."""

import functools
from contextvars import ContextVar
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.aio import AsyncExchange, AsyncWaiter
from ccxt_ext.venue.contexts import within
from ccxt_ext.venue.keys.lines import held_place, show_life
from ccxt_ext.venue.requests.ranks import Rank, at_least, rank_now, rank_of_method
from ccxt_ext.venue.requests.throttle import Throttle, Ticket

__all__ = ["was_unsent"]


class Turn:
    """The state of a request that is being made."""

    def __init__(self) -> None:
        self.ticket: Ticket | None = None
        self.failed = False  # whether it failed before anything was sent


_turn: ContextVar[Turn | None] = ContextVar("turn", default=None)

# When the latest request of this task or thread was sent.
_left: ContextVar[int] = ContextVar("left")

# Whether the latest request failed before anything of it was sent.
_unsent: ContextVar[bool] = ContextVar("unsent", default=False)


def rank_methods(cls: Any) -> None:
    """Give the class's methods that cancel or place orders their rank.

    All requests that such a method makes have its rank, also those that it needs first.
    """
    for name in dir(cls):
        rank = rank_of_method(name)
        method = None if rank is None else getattr(cls, name)
        done = method is getattr(AsyncExchange, name, None) or hasattr(method, "refuses")
        if rank is not None and not done and not hasattr(method, "rank"):
            setattr(cls, name, with_rank(method, rank))


def with_rank(method: Any, rank: Rank) -> Any:
    """`method`, with at least this rank for all requests that it makes."""

    @functools.wraps(method)
    async def at_rank(*args: Any, **kwargs: Any) -> Any:
        with at_least(rank):
            return await method(*args, **kwargs)

    at_rank.rank = rank  # type: ignore[attr-defined]
    return at_rank


async def wait_to_send(exchange: Exchange, cost: Any = None) -> None:
    """Wait until a request of this cost may be sent."""
    turn = _turn.get()
    if exchange.rateLimit > 0 and cost != 0:
        ticket = await wait_for_turn(exchange, exchange.throttler, cost)
        if turn is None:
            exchange.throttler.leave(ticket)  # nobody will report when its answer has come
        else:
            turn.ticket = ticket
    if turn is not None:
        await depart(exchange)


async def wait_for_turn(exchange: Exchange, throttle: Throttle, cost: float | None) -> Ticket:
    """Wait in the throttle. If somebody more urgent waits for this request, it takes over that rank."""
    ticket = throttle.enter(cost, rank_for(exchange))
    place = held_place()
    if place is not None:
        place.hurry = functools.partial(throttle.hurry, ticket)
        place.hurry(place.rank)
    try:
        while True:
            waiter = AsyncWaiter()
            pause = throttle.pause(ticket, waiter.wake)
            if not pause:
                return ticket
            await waiter.wait(min(pause, exchange.timeout / 1000))
            show_life()
    except BaseException:
        throttle.leave(ticket)
        raise


def rank_for(exchange: Exchange) -> Rank:
    """The rank of what this task or thread is doing; the lowest one if the exchange ignores ranks."""
    return rank_now() if exchange.options.get("throttlePriority", True) else Rank.REST


async def send_in_turn(
    exchange: Exchange, path: str, api: Any, method: str, params: Any, *args: Any, config: dict[str, Any]
) -> Any:
    """Wait in the throttle, then send one request."""
    with within(_turn, Turn()) as turn:
        _unsent.set(False)
        try:
            if not exchange.enableRateLimit:
                await depart(exchange)
            return await AsyncExchange.request(exchange, path, api, method, params, *args, config=config)
        finally:
            # Set only now: requests that were made in between, such as one for a token, have set it as well.
            _unsent.set(turn is not None and turn.failed)
            if turn is not None and turn.ticket is not None:
                exchange.throttler.leave(turn.ticket)


async def depart(exchange: Exchange) -> None:
    """Prepare what signing needs, and note the time: the request is about to be signed and sent."""
    try:
        await exchange.before_signing()
    except BaseException:
        turn = _turn.get()
        if turn is not None:
            turn.failed = True
        raise
    _left.set(exchange.milliseconds())


def mark_unsent(unsent: bool) -> None:
    """Note whether something failed before it was sent; for what goes over a socket."""
    _unsent.set(unsent)


def was_unsent() -> bool:
    """Whether it is certain that the latest request of this task or thread was not sent."""
    return _unsent.get()


async def with_departure_time(exchange: Exchange, method: Any, *args: Any) -> tuple[int, Any]:
    """When the latest request of `method` was sent, after its wait in the throttle; and the result."""
    _left.set(exchange.milliseconds())
    found = await method(*args)
    return _left.get(), found
