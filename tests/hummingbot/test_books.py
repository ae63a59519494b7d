"""What hummingbot is told of a market's book."""

import asyncio
from typing import Any

import pytest

from ccxt_ext.integrations.hummingbot import books

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
