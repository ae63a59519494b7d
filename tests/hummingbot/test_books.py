"""What hummingbot is told of a market's book."""

import asyncio
from typing import Any, ClassVar

import pytest
from ccxt.base.errors import BadSymbol, RequestTimeout

from ccxt_ext.integrations.hummingbot import books
from tests.hummingbot.test_fills import PAIR, Opened, tracking

FULL = {"bids": [[99.0, 1.0]], "asks": [[101.0, 1.0]]}
NO_BIDS = {**FULL, "bids": []}
NO_ASKS = {**FULL, "asks": []}


class Stream:
    """Tells these books, one at a time, and nothing after them."""

    def __init__(self, *told: Any) -> None:
        self.told = list(told)

    async def watch_order_book(self, symbol: str) -> Any:
        if not self.told:
            await asyncio.Event().wait()
        return self.told.pop(0)


async def test_a_side_that_is_empty_for_a_moment_is_not_told() -> None:
    """A venue tells one by one that orders have gone, and of those that have come."""
    stream = Stream(NO_BIDS, NO_ASKS, FULL, NO_BIDS)
    assert await books.whole_book(stream, "BTC/USDT") == FULL
    assert stream.told == [NO_BIDS]


async def test_a_side_that_stays_empty_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "EMPTY_S", 0.01)
    assert await books.whole_book(Stream(NO_BIDS, NO_ASKS), "BTC/USDT") == NO_ASKS


async def test_an_empty_side_is_told_though_changes_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "EMPTY_S", 0.01)

    class Busy:
        async def watch_order_book(self, symbol: str) -> Any:
            await asyncio.sleep(0.001)
            return NO_BIDS

    assert await asyncio.wait_for(books.whole_book(Busy(), "BTC/USDT"), 60) == NO_BIDS


class Dropping:
    """A stream as ccxt has it: a book that comes while nobody waits for one is not told later."""

    has: ClassVar = {"watchOrderBook": True}

    def __init__(self) -> None:
        self.waiting: asyncio.Future[Any] | None = None

    async def watch_order_book(self, symbol: str) -> Any:
        self.waiting = asyncio.get_running_loop().create_future()
        return await self.waiting

    async def push(self, price: float) -> None:
        book = {"bids": [[price, 1.0]], "asks": [[price + 1, 1.0]], "timestamp": 1}
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(book)
        await asyncio.sleep(0)
        await asyncio.sleep(0)


async def test_the_last_book_of_a_burst_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "PAUSE_S", 0.05)
    source, api, told = tracking("bitmart2")._orderbook_ds, Dropping(), asyncio.Queue[Any]()
    following = asyncio.ensure_future(source._book(api, PAIR, told.put_nowait))
    await asyncio.sleep(0)
    for price in (100.0, 90.0, 80.0, 70.0):
        await api.push(price)
    prices = [(await asyncio.wait_for(told.get(), 60))["bids"][0][0]]
    while prices[-1] != 70.0:
        prices.append((await asyncio.wait_for(told.get(), 60))["bids"][0][0])
    assert prices[0] == 100.0
    assert len(prices) < 4
    following.cancel()
    await asyncio.wait({following})


async def test_a_book_is_not_told_any_more_once_nobody_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "PAUSE_S", 0.02)
    source, api, told = tracking("bitmart2")._orderbook_ds, Dropping(), list[Any]()
    following = asyncio.ensure_future(source._book(api, PAIR, told.append))
    await asyncio.sleep(0)
    for price in (100.0, 90.0):
        await api.push(price)
    following.cancel()
    await asyncio.wait({following})
    await asyncio.sleep(0.1)
    assert len(told) == 1


class Failing:
    """Has a book after these errors."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)

    async def fetch_order_book(self, symbol: str) -> Any:
        if self.errors:
            raise self.errors.pop(0)
        return {**FULL, "timestamp": 1}


async def test_the_first_book_is_asked_for_until_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """hummingbot asks once, and its connector is not ready before."""
    monkeypatch.setattr(books, "AGAIN_S", 0.0)
    connector = tracking("bitmart2")
    connector.client = Opened(Failing(RequestTimeout("late"), RequestTimeout("late")))
    message = await connector._orderbook_ds._order_book_snapshot(PAIR)
    assert message.content["bids"] == FULL["bids"]
    connector.client = Opened(Failing(BadSymbol("no such market")))
    with pytest.raises(BadSymbol):
        await connector._orderbook_ds._order_book_snapshot(PAIR)
