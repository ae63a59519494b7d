"""Of every venue: what is urgent, and that times, nonces and tokens are those of the moment of sending."""

import asyncio
import contextlib
import re
import time

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venue.requests import turns, turns_sync
from ccxt_ext.venue.requests.ranks import Rank, rank_of_endpoint
from ccxt_ext.venue.surface.implicit import endpoints
from tests.venues.profiles import PROFILES

KINDS = ("sync", "async")
venues = pytest.mark.parametrize("id", PROFILES)
kinds = pytest.mark.parametrize("kind", KINDS)


def ranked(exchange):
    """The ranks of what waits in the throttle of an exchange from now on."""
    ranks = []
    enter = exchange.throttler.enter

    def noted(cost, rank):
        ranks.append(rank)
        return enter(cost, rank)

    exchange.throttler.enter = noted
    return ranks


def tried(exchange, method, *args):
    # What comes of an answer that tells nothing is no matter here.
    with contextlib.suppress(ccxt.BaseError):
        call(exchange, method, *args)


@venues
def test_endpoints_that_cancel_are_urgent_and_those_that_place_are_orders(id):
    for _sections, method, path, config in endpoints(PROFILES[id].kind("sync").metadata()["api"]):
        rank = rank_of_endpoint(method, config)
        if re.search(r"cancel", path) and "order" in path:
            assert rank is Rank.CANCEL, path
        elif re.search(r"transfer|withdraw|coupon|invoice|wallet|isolated", path):
            assert rank is Rank.REST, path
        elif config.get("once"):
            assert rank is Rank.ORDER, path


@venues
@kinds
@pytest.mark.parametrize(
    ("method", "rank"),
    [("cancelOrder", Rank.CANCEL), ("cancelAllOrders", Rank.CANCEL), ("createOrder", Rank.ORDER)],
)
def test_all_that_a_call_sends_is_as_urgent_as_itself(id, kind, method, rank):
    profile = PROFILES[id]
    exchange, wire = profile.offline(
        kind, lambda request: Answer(profile.nothing), enableRateLimit=True, rateLimit=0.001
    )
    if not exchange.has.get(method):
        assert method == "cancelAllOrders"
        return
    ranks = ranked(exchange)
    order = (profile.symbol, "limit", "buy", profile.amount, profile.price)
    tried(
        exchange,
        method,
        *{"createOrder": order, "cancelOrder": ("123", profile.symbol)}.get(method, (profile.symbol,)),
    )
    assert len(ranks) == len(wire.requests) > 0
    assert all(each <= rank for each in ranks), ranks
    tried(exchange, "fetchTicker", profile.symbol)
    assert ranks[-1] is Rank.REST


@venues
@kinds
def test_what_is_signed_is_of_the_moment_of_sending(id, kind, monkeypatch):
    """An hour in the throttle changes all that tells the time."""
    profile = PROFILES[id]
    exchange, wire = profile.offline(kind, lambda request: Answer(profile.nothing), enableRateLimit=True)
    late = [0]
    exchange.milliseconds = lambda: int(time.time() * 1000) + late[0]
    exchange.seconds = lambda: exchange.milliseconds() // 1000

    def wait(*args):
        late[0] += 3_600_000

    waits = {"sync": waited, "async": async_waited}[kind](wait)
    monkeypatch.setattr({"sync": turns_sync, "async": turns}[kind], "wait_for_turn", waits)
    order = (profile.symbol, "limit", "buy", profile.amount, profile.price)
    for method, args in (("createOrder", order), ("cancelOrder", ("123", profile.symbol))):
        wire.requests.clear()
        tried(exchange, method, *args)
        assert late[0] >= 3_600_000 * len(wire.requests) > 0
        stamps = [stamp for stamp in stamps_of(wire.requests[-1]) if abs(stamp - time.time()) < 400 * 86_400]
        assert all(abs(stamp - exchange.milliseconds() / 1000) < 60 for stamp in stamps), stamps
        assert stamps


def waited(wait):
    def wait_for_turn(exchange, throttle, cost):
        wait()
        return throttle.enter(cost)

    return wait_for_turn


def async_waited(wait):
    async def wait_for_turn(exchange, throttle, cost):
        await asyncio.sleep(0)
        return waited(wait)(exchange, throttle, cost)

    return wait_for_turn


def stamps_of(request):
    """All that may tell the time, in seconds."""
    text = " ".join([request.url, request.body, *map(str, request.headers.values())])
    numbers = [
        int(number) for number in re.findall(r"(?<![0-9a-zA-Z])1[0-9]{9}(?:[0-9]{3})?(?![0-9a-zA-Z])", text)
    ]
    return [number / 1000 if number > 10**11 else number for number in numbers]
