"""How often candles are asked for that are not there."""

import asyncio
from typing import Any, ClassVar

import pytest

from ccxt_ext.integrations.hummingbot import candles, shelf
from tests.hummingbot.test_fills import Opened

NOON = 1640779200


class Young:
    """A market whose history begins at noon. Nothing streams its candles."""

    has: ClassVar = {"fetchOHLCV": True}
    timeframes: ClassVar = {"1m": "1m"}

    def __init__(self, *minutes: int) -> None:
        self.rows = [[(NOON + 60 * minute) * 1000, 1.0, 1.0, 1.0, 1.0, 1.0] for minute in minutes]

    async def fetch_ohlcv(self, symbol: str, timeframe: str, since: int, limit: Any = None) -> Any:
        return [row for row in self.rows if row[0] >= since][:limit]


class Feed:
    """A feed, and how long it has waited each time."""

    def __init__(self, api: Any) -> None:
        row = next(each for each in shelf.OURS if each.name == "bitmart2")
        self.feed = candles.feed_class(row)("BTC-USDT", "1m", 10)
        self.feed.client = Opened(api)
        self.feed._ex_trading_pair = "BTC/USDT"
        self.feed.initialize_exchange_data = self._known
        self.feed._sleep = self._sleep
        self.waited: list[float] = []

    async def _known(self) -> None:
        """The market is known."""

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        if len(self.waited) > 8:
            raise asyncio.CancelledError


async def test_a_history_that_is_shorter_than_was_asked_for_is_waited_for() -> None:
    """hummingbot asks again until it has all, and each request delays orders."""
    watched = Feed(Young(0, 1, 2, 3))
    watched.feed.take(candles.candle(watched.feed.client.api.rows[-1]))
    with pytest.raises(asyncio.CancelledError):
        await watched.feed._fill_candles_task
    assert watched.waited == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert [row[0] for row in watched.feed._candles] == [NOON + 60 * minute for minute in range(4)]


async def test_a_history_that_is_there_is_not_waited_for() -> None:
    watched = Feed(Young(*range(20)))
    told = await watched.feed.fetch_candles(end_time=NOON + 60 * 19, limit=5)
    assert len(told) == 6
    told = await watched.feed.fetch_candles(start_time=NOON, limit=1)
    assert len(told) > 0
    assert watched.waited == []


async def test_a_market_without_trades_is_looked_at_now_and_then() -> None:
    watched = Feed(Young())
    with pytest.raises(asyncio.CancelledError):
        await watched.feed.listen_for_subscriptions()
    assert watched.waited == [6.0] * 9
