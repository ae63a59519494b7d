# Generated from waiting.py by scripts/generate.py. Do not edit.
"""Waiting in a line of those who use one key."""

from collections.abc import Callable
from typing import Any, TypeVar

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers.errors import copy_error
from ccxt_ext.venue.blocking import SyncWaiter
from ccxt_ext.venue.keys.lines import Line, Place, holding, show_life
from ccxt_ext.venue.requests.ranks import Rank

T = TypeVar("T")


def take_turn(exchange: Exchange, line: Line, together: bool = False, rank: Rank = Rank.REST) -> Place:
    """Wait until those before in the line are done, of whatever instance and thread, or do not go on."""
    waiter = SyncWaiter()
    place = line.join(waiter.wake, together, rank)
    patience = 2 * exchange.timeout / 1000
    try:
        while (first := line.ahead_of(place)) is not None:
            # A call that this thread is to finish cannot, while the thread waits for it.
            stuck = waiter.blocks_its_thread and first.thread == place.thread
            left = 0 if stuck else patience - first.silence()
            if left > 0:
                waiter.wait(left)
            else:
                line.pass_by(place, first, waiter.blocks_its_thread or first.thread != place.thread)
    except BaseException:
        line.leave(place)
        raise
    return place


def pause_in_turn(exchange: Exchange, seconds: float) -> None:
    """Sleep while others wait for this one, who have to know that it goes on."""
    while seconds > 0:
        step = min(seconds, exchange.timeout / 1000)
        exchange.sleep(step * 1000)
        seconds -= step
        show_life()


def fetch_once(exchange: Exchange, line: Line, known: Callable[[], T | None], fetch: Any) -> T:
    """What is `known`, or else what `fetch()` gives, called by one of those who want it.

    If that fails, it fails for all who waited for it.
    """
    value = known()
    if value is not None:
        return value
    place = take_turn(exchange, line)
    with holding(line, place):
        value = known()
        if value is not None:
            return value
        if place.failure is not None:
            raise copy_error(place.failure)
        try:
            return fetch()
        except Exception as error:
            line.leave(place, error)
            raise
