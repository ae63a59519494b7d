"""How often a venue is asked: so that orders are not kept waiting by what is looked at."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.hummingbot.markets import PERPETUAL, SPOT
from tests.hummingbot.trading import Trader

MARKETS = {market.name: market for market in (*SPOT, *PERPETUAL)}


@pytest.mark.ccxt_sandbox(limits="venue")
@pytest.mark.parametrize("name", ("bitmart2", "btex", "btex_perpetual"))
async def test_most_of_a_venues_limit_is_left(box: Any, trader: Callable[..., Trader], name: str) -> None:
    market = MARKETS[name]
    async with trader(market) as trading:
        trading.order("buy", trading.small(), trading.away("buy"))
        trading.order("sell", trading.small(), trading.away("sell"))
        await trading.until(lambda: len(box.orders(market.id, status="open")) == 2)
        await trading.looked_again()
        api = trading.connector.client.api
        begun, before = box.now(), len(box.requests(market.id))
        await asyncio.sleep(15)
        passed, asked = box.now() - begun, len(box.requests(market.id)) - before
        assert 0 < asked * api.rateLimit < passed * 0.9, f"{asked} requests in {passed} ms"
