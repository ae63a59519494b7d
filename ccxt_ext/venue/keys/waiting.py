# twin: waiting_sync.py
"""Waits in the line of those who use the same key."""

from collections.abc import Callable
from typing import Any, TypeVar

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.aio import AsyncWaiter
from ccxt_ext.venue.answers.error_copies import copy_error
from ccxt_ext.venue.keys.lines import Line, Place, holding, show_life
from ccxt_ext.venue.requests.ranks import Rank

__all__ = ["fetch_once", "pause_in_turn", "take_turn"]

T = TypeVar("T")


async def take_turn(exchange: Exchange, line: Line, together: bool = False, rank: Rank = Rank.REST) -> Place:
    """Join a line, and wait until all before are done or show no life any more."""
    waiter = AsyncWaiter()
    place = line.join(waiter.wake, together, rank)
    patience = 2 * exchange.timeout / 1000
    try:
        while (first := line.ahead_of(place)) is not None:
            # A call of this same thread cannot finish while the thread waits for it.
            stuck = waiter.blocks_its_thread and first.thread == place.thread
            left = 0 if stuck else patience - first.silence()
            if left > 0:
                await waiter.wait(left)
            else:
                line.pass_by(place, first, waiter.blocks_its_thread or first.thread != place.thread)
    except BaseException:
        line.leave(place)
        raise
    return place


async def pause_in_turn(exchange: Exchange, seconds: float) -> None:
    """Sleep, and show life from time to time to those who wait for this task or thread."""
    while seconds > 0:
        step = min(seconds, exchange.timeout / 1000)
        await exchange.sleep(step * 1000)
        seconds -= step
        show_life()


async def fetch_once(exchange: Exchange, line: Line, known: Callable[[], T | None], fetch: Any) -> T:
    """The value of `known()`, or else of `fetch()`, which only one of those who want it calls.

    If `fetch()` fails, it fails for all who waited for it.
    """
    value = known()
    if value is not None:
        return value
    place = await take_turn(exchange, line)
    with holding(line, place):
        value = known()
        if value is not None:
            return value
        if place.failure is not None:
            raise copy_error(place.failure)
        try:
            return await fetch()
        except Exception as error:
            line.leave(place, error)
            raise
