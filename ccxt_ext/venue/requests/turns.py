"""Requests leave one after the other, at the pace that the venue allows, the urgent ones first."""

import functools
from contextvars import ContextVar
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.aio import AsyncExchange, AsyncWaiter
from ccxt_ext.venue.contexts import within
from ccxt_ext.venue.keys.lines import held_place, show_life
from ccxt_ext.venue.requests.ranks import Rank, at_least, rank_now, rank_of_method
from ccxt_ext.venue.requests.throttle import Throttle, Ticket


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


def rank_methods(kind: Any) -> None:
    """Cancellations go before orders, and orders before all else; so do the requests that these need on their
    way."""
    for name in dir(kind):
        rank = rank_of_method(name)
        method = None if rank is None else getattr(kind, name)
        done = method is getattr(AsyncExchange, name, None) or hasattr(method, "refuses")
        if rank is not None and not done and not hasattr(method, "rank"):
            setattr(kind, name, with_rank(method, rank))


def with_rank(method: Any, rank: Rank) -> Any:
    """`method`, all whose requests are at least that urgent."""

    @functools.wraps(method)
    async def at_rank(*args: Any, **kwargs: Any) -> Any:
        with at_least(rank):
            return await method(*args, **kwargs)

    at_rank.rank = rank  # type: ignore[attr-defined]
    return at_rank


async def wait_to_send(exchange: Exchange, cost: Any = None) -> None:
    """Wait until a request of that cost may leave."""
    turn = _turn.get()
    if exchange.rateLimit > 0 and cost != 0:
        ticket = await wait_for_turn(exchange, exchange.throttler, cost)
        if turn is None:
            exchange.throttler.leave(ticket)  # nobody would tell when it has its answer
        else:
            turn.ticket = ticket
    if turn is not None:
        await depart(exchange)


async def wait_for_turn(exchange: Exchange, throttle: Throttle, cost: float | None) -> Ticket:
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
    """How urgent what this task or thread does is."""
    return rank_now() if exchange.options.get("throttlePriority", True) else Rank.REST


async def send_in_turn(
    exchange: Exchange, path: str, api: Any, method: str, params: Any, *args: Any, config: dict[str, Any]
) -> Any:
    """Send one request, once the throttle lets it."""
    with within(_turn, Turn()) as turn:
        _unsent.set(False)
        try:
            if not exchange.enableRateLimit:
                await depart(exchange)
            return await AsyncExchange.request(exchange, path, api, method, params, *args, config=config)
        finally:
            # Now, as the requests on its way have ended.
            _unsent.set(turn is not None and turn.failed)
            if turn is not None and turn.ticket is not None:
                exchange.throttler.leave(turn.ticket)


async def depart(exchange: Exchange) -> None:
    """The request of this task or thread is about to be signed and sent."""
    try:
        await exchange.before_signing()
    except BaseException:
        turn = _turn.get()
        if turn is not None:
            turn.failed = True
        raise
    _left.set(exchange.milliseconds())


def mark_unsent(unsent: bool) -> None:
    """Of what goes another way than requests do."""
    _unsent.set(unsent)


def was_unsent() -> bool:
    """Whether the latest request of this task or thread is certain not to have been sent."""
    return _unsent.get()


async def with_departure_time(exchange: Exchange, method: Any, *args: Any) -> tuple[int, Any]:
    """What `method` gives, and when its latest request left: its wait in the throttle is over then."""
    _left.set(exchange.milliseconds())
    found = await method(*args)
    return _left.get(), found
