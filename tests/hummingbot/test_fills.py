"""How the fills of orders are asked for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from bidict import bidict
from ccxt.base.errors import RequestTimeout
from hummingbot.client.config.config_helpers import get_connector_class
from hummingbot.core.data_type.common import OrderType, PositionAction, TradeType
from hummingbot.core.data_type.trade_fee import TokenAmount

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
        self.id, self.credentials = "given", dict[str, str]()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Any]:
        yield self.api


def tracking(name: str, symbol: str = SYMBOL, **order: Any) -> Any:
    """A connector that has one order on its venue, by the name of 1 here and of 7 there."""
    made = get_connector_class(name)(trading_pairs=[PAIR])
    made._set_trading_pair_symbol_map(bidict({symbol: PAIR}))
    made._set_current_timestamp(PLACED_S)
    told = {"exchange_order_id": "7", "price": Decimal(100), "amount": Decimal(10), **order}
    made.start_tracking_order(
        order_id="1", trading_pair=PAIR, trade_type=TradeType.BUY, order_type=OrderType.LIMIT, **told
    )
    return made


@pytest.fixture
async def connector() -> Any:
    return tracking("bitmart2")


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


async def test_a_price_is_known_as_soon_as_there_are_markets(connector):
    """Fills that another process has missed are told at once, and then hummingbot asks for rates."""
    api = connector.client.api
    connector.client.markets = {
        SYMBOL: api.safe_market_structure(
            {
                "symbol": SYMBOL,
                "base": "BTC",
                "quote": "USDT",
                "spot": True,
                "active": True,
                "precision": {"price": 0.01, "amount": 0.001},
            }
        )
    }
    assert not connector.trading_rules
    assert connector.get_order_price_quantum(PAIR, Decimal(100)) == Decimal("0.01")


def of_sums(filled: str, amount: float, price: float, fee: float) -> dict[str, Any]:
    """A trade of BitMax's: what was filled of an order between two looks."""
    told = {"id": f"7:{filled}", "order": "7", "timestamp": PLACED_S * 1000, "price": price}
    return {**told, "amount": amount, "fee": {"currency": "USDT", "cost": fee}}


async def test_what_was_told_is_not_told_again_as_a_part_of_more():
    """Another process has been told of the first fill alone; this one hears of it with the next."""
    made = tracking(
        "bitmaxfutures_perpetual",
        "BTC/USDT:USDT",
        price=Decimal(130),
        amount=Decimal(1),
        position_action=PositionAction.OPEN,
    )
    rows = [of_sums("0.25", 0.25, 100.0, 0.025), of_sums("0.5", 0.5, 110.0, 0.055)]
    for row in (*rows, *rows, of_sums("1", 0.5, 90.0, 0.045)):
        made.desk.trade_told(row)
    fills = made.in_flight_orders["1"].order_fills.values()
    assert [(fill.fill_base_amount, fill.fill_price, fill.fee.flat_fees[0].amount) for fill in fills] == [
        (Decimal("0.25"), 100, Decimal("0.025")),
        (Decimal("0.25"), 120, Decimal("0.030")),
        (Decimal("0.5"), 90, Decimal("0.045")),
    ]


@pytest.mark.parametrize(
    ("side", "fees"), ((TradeType.BUY, [TokenAmount("BTC", Decimal("0.001"))]), (TradeType.SELL, []))
)
async def test_a_fee_that_is_not_told_is_of_what_was_bought(side: TradeType, fees: list[TokenAmount]) -> None:
    """hummingbot's executors go by its token: they close a position by that much less."""
    connector = tracking("bitexasia")
    order = connector.in_flight_orders["1"]
    order.trade_type = side
    connector._market_fees[PAIR] = replace(
        connector.trade_fee_schema(), buy_percent_fee_deducted_from_returns=True
    )
    connector.desk.trade_told({**trade(1, PLACED_S * 1000), "takerOrMaker": "taker", "fee": None})
    (fill,) = order.order_fills.values()
    assert fill.fee.flat_fees == fees
    assert (fill.fee.percent == 0) is bool(fees)
