"""Who waits for several things gets those that came, the first one first."""

import asyncio
import gc

import ccxt.async_support
import pytest

from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.streaming import Streaming


class Silent(AsyncRestClient):
    """Can nothing over REST."""

    @classmethod
    def metadata(cls):
        return {
            "id": "silent",
            "name": "Silent",
            "rateLimit": 1,
            "has": {},
            "urls": {"api": {"rest": "http://localhost", "ws": "ws://localhost"}},
            "api": {},
        }


class Talking(Streaming, Silent):
    over_socket = frozenset(("createOrderWs", "createLimitOrderWs"))

    async def create_order_ws(self, *args):
        return args


@pytest.fixture
async def connection():
    exchange = Talking()
    yield exchange.client("ws://localhost")
    await exchange.close()


async def waiting(connection, *hashes):
    task = asyncio.ensure_future(connection.all_news(hashes))
    await asyncio.sleep(0)
    return task


async def test_what_came_at_once_is_told_at_once_in_its_order(connection, caplog):
    task = await waiting(connection, "a", "b", "c")
    connection.resolve(2, "b")
    connection.resolve(1, "a")
    assert await task == [2, 1]
    assert caplog.records == []


async def test_one_who_wants_one_gets_the_first(connection):
    task = asyncio.ensure_future(connection.news(["a", "b"]))
    await asyncio.sleep(0)
    connection.resolve(2, "b")
    connection.resolve(1, "a")
    assert await task == 2


async def test_an_error_among_them_is_not_lost(connection):
    task = await waiting(connection, "a", "b")
    connection.resolve(1, "a")
    connection.reject(ccxt.BadResponse("b"), "b")
    with pytest.raises(ccxt.BadResponse):
        await task


async def test_nothing_is_left_on_those_that_had_no_news(connection):
    quiet = connection.future("quiet")
    before = len(quiet._callbacks or ())
    for _ in range(3):
        task = await waiting(connection, "a", "quiet")
        connection.resolve(1, "a")
        await task
    assert len(quiet._callbacks or ()) == before
    assert isinstance(connection, Connection)


@pytest.mark.parametrize("hash", ["a", None])
async def test_an_error_that_nobody_waits_for_any_more_is_nothing_to_complain_of(connection, hash, caplog):
    task = await waiting(connection, "a")
    task.cancel()
    await asyncio.wait([task])
    del task  # which holds on to the future
    connection.reject(ccxt.BadResponse("a"), hash)
    gc.collect()
    assert caplog.records == []
    assert connection.futures == {}
    task = await waiting(connection, "a")
    connection.resolve(1, "a")
    assert await task == [1]


async def test_news_of_what_was_cancelled_are_for_nobody(connection):
    connection.future("a").cancel()
    connection.resolve(1, "a")
    connection.future("b").cancel()
    connection.reject(ccxt.BadResponse("b"), "b")
    assert connection.futures == {}


async def test_what_ccxt_makes_of_a_request_over_the_socket_works():
    exchange = Talking()
    assert await exchange.createLimitOrderWs("A/B", "buy", 1, 2) == ("A/B", "limit", "buy", 1, 2, {})
    with pytest.raises(ccxt.NotSupported):
        await exchange.create_market_order_ws("A/B", "buy", 1)
    with pytest.raises(ccxt.NotSupported):
        await exchange.create_post_only_order_ws("A/B", "limit", "buy", 1, 2)
    await exchange.close()
