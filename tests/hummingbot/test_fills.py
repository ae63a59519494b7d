"""How the fills of orders are asked for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest
from bidict import bidict
from ccxt.base.errors import RequestTimeout
from hummingbot.client.config.config_helpers import get_connector_class
from hummingbot.core.data_type.common import OrderType, TradeType

PAIR, SYMBOL = "BTC-USDT", "BTC/USDT"
PLACED_S = 1640780000


def trade(number: int, at_ms: int) -> dict[str, Any]:
    told = {"id": str(number), "order": "7", "timestamp": at_ms, "price": 100.0, "amount": 1.0}
    return {**told, "fee": {"currency": "USDT", "cost": 0.1}}


class Listing:
    """An exchange of ccxt's that lists trades in pages."""

    def __init__(self, *pages: Any) -> None:
        self.has = {"fetchMyTrades": True}
        self.pages = list(pages)
        self.asked: list[int] = []

    def milliseconds(self) -> int:
        return PLACED_S * 1000

    async def fetch_my_trades(self, symbol: str, since: int) -> Any:
        self.asked.append(since)
        page = self.pages.pop(0)
        if isinstance(page, Exception):
            raise page
        return page


class Opened:
    """A client whose exchange is given."""

    def __init__(self, api: Any) -> None:
        self.api = api
        self.markets: dict[str, Any] = {}

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Any]:
        yield self.api


@pytest.fixture
async def connector() -> Any:
    made = get_connector_class("bitmart2")(trading_pairs=[PAIR])
    made._set_trading_pair_symbol_map(bidict({SYMBOL: PAIR}))
    made._set_current_timestamp(PLACED_S)
    made.start_tracking_order(
        order_id="1",
        exchange_order_id="7",
        trading_pair=PAIR,
        trade_type=TradeType.BUY,
        price=Decimal(100),
        amount=Decimal(10),
        order_type=OrderType.LIMIT,
    )
    return made


async def test_a_page_of_fills_is_taken_though_the_next_does_not_come(connector):
    api = Listing([trade(1, PLACED_S * 1000 + 5)], RequestTimeout("late"))
    connector.desk.client = Opened(api)
    order = connector.in_flight_orders["1"]
    with pytest.raises(RequestTimeout):
        await connector.desk.fetch_fills([order])
    assert order.executed_amount_base == 1
    assert api.asked[1] == PLACED_S * 1000 + 5


async def test_pages_are_asked_for_until_nothing_is_new(connector):
    first, second = trade(1, PLACED_S * 1000 + 5), trade(2, PLACED_S * 1000 + 9)
    api = Listing([first], [first, second], [second])
    connector.desk.client = Opened(api)
    order = connector.in_flight_orders["1"]
    await connector.desk.fetch_fills([order])
    assert (order.executed_amount_base, len(api.asked)) == (2, 3)


async def test_a_list_of_our_venues_is_whole(connector):
    api, asked = connector.client.api, []

    async def fetch_my_trades(symbol: str, since: int) -> Any:
        asked.append(since)
        return [trade(1, PLACED_S * 1000 + 5)]

    api.fetch_my_trades = fetch_my_trades
    connector.desk.client = Opened(api)
    order = connector.in_flight_orders["1"]
    await connector.desk.fetch_fills([order])
    assert (order.executed_amount_base, len(asked)) == (1, 1)
