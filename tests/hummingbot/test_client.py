"""An exchange is opened again after it was closed, as hummingbot restarts networks that fail."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from ccxt.base.errors import NetworkError

from ccxt_ext.integrations.hummingbot.client import Client
from tests.hummingbot.markets import PERPETUAL, SPOT, Market
from tests.hummingbot.trading import Trader, engine_fills, told_fills


@pytest.mark.parametrize("market", (*SPOT, *PERPETUAL), ids=str)
async def test_a_network_that_restarts_goes_on_with_its_exchange(
    box: Any, trader: Callable[..., Trader], other: Any, market: Market
) -> None:
    async with trader(market) as trading:
        connector = trading.connector
        api = connector.client.api
        for _ in range(3):
            await connector.stop_network()
            await trading.until(lambda: api.session is None, lambda: "closed")
            await connector.start_network()
            await trading.until(lambda: connector.ready, lambda: f"ready: {connector.status_dict}")
        assert connector.client.api is api
        amount, price = trading.small() * 2, trading.best("buy")
        id = trading.order("buy", amount, price)
        venue_id = await trading.on_venue(id)
        lots = float(amount / trading.size)
        await other(market).create_order(market.symbol, "limit", "sell", lots, float(price))
        await trading.ended(id, "completed")
        assert told_fills(trading, id) == engine_fills(box, market, venue_id, trading.size)
    await trading.forgotten()


@pytest.fixture
def client(box: Any) -> Client:
    return Client("bitmart2", {}, "spot")


async def test_one_that_is_being_closed_is_not_given_out(client: Client) -> None:
    async with client.open() as first:
        assert client.api is first
    closing = asyncio.Event()
    close = first.close

    async def slowly() -> None:
        closing.set()
        await asyncio.sleep(0.05)
        await close()

    first.close = slowly

    async def used() -> None:
        async with client.open():
            pass

    leaving = asyncio.create_task(used())
    await closing.wait()
    async with client.open() as second:
        assert second is not first
        await leaving
        assert (await second.fetch_time()) > 0 and second.markets
    assert (first.session, second.session) == (None, None)


async def test_calls_do_not_wait_for_markets_that_are_loaded_again_nor_fail_with_them(client: Client) -> None:
    """An order that fails with them was refused, for a strategy, and some never place another one."""
    async with client.open() as api:
        asked, let = asyncio.Event(), asyncio.Event()

        async def failing(params: Any) -> Any:
            asked.set()
            await let.wait()
            raise NetworkError("no answer")

        api.fetch_markets = failing
        reloading = asyncio.create_task(client.load_markets())
        await asked.wait()
        assert "BTC/USDT" in await api.load_markets()
        let.set()
        with pytest.raises(NetworkError):
            await reloading
        assert "BTC/USDT" in await api.load_markets()


async def test_who_waits_for_the_first_markets_is_not_cancelled_with_another(client: Client) -> None:
    """hummingbot cancels what takes too long, such as a look at the network."""
    asked, let = asyncio.Event(), asyncio.Event()
    fetch = client.api.fetch_markets

    async def slowly(params: Any) -> Any:
        asked.set()
        await let.wait()
        return await fetch(params)

    client.api.fetch_markets = slowly

    async def used() -> Any:
        async with client.open() as api:
            return api.markets

    first, second = asyncio.create_task(used()), asyncio.create_task(used())
    await asked.wait()
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait({first})
    let.set()
    assert "BTC/USDT" in await second
    assert first.cancelled()


def test_another_loop_gets_one_of_its_own(client: Client) -> None:
    async def used() -> Any:
        async with client.open() as api:
            assert await api.fetch_time() > 0
        return api

    first, second = asyncio.run(used()), asyncio.run(used())
    assert first is not second
    assert first.asyncio_loop is not second.asyncio_loop
