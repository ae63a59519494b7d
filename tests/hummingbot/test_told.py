"""What is told of orders and balances: more than once, too early, too late, in part."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

import ccxt.pro
import pytest
from ccxt.base.errors import BadSymbol, OrderNotFound
from hummingbot.core.data_type.common import OrderType, TradeType
from hummingbot.core.data_type.in_flight_order import OrderState
from hummingbot.core.event.event_logger import EventLogger
from hummingbot.core.event.events import MarketEvent

from ccxt_ext.integrations.hummingbot import balances
from ccxt_ext.integrations.hummingbot.abilities import takes_client_id
from ccxt_ext.integrations.hummingbot.lookup import Lookup, NotYetKnown
from ccxt_ext.venue.settling.asked import Wanted
from tests.hummingbot.test_fills import PAIR, PLACED_S, SYMBOL, Opened, tracking

NOW_MS = PLACED_S * 1000


def fill(number: int, amount: float, order: str = "7") -> dict[str, Any]:
    told = {"id": str(number), "order": order, "timestamp": NOW_MS, "price": 100.0, "amount": amount}
    return {**told, "fee": {"currency": "USDT", "cost": 0.1}}


def row(status: str, filled: float | None, **more: Any) -> dict[str, Any]:
    told = {"id": "7", "status": status, "filled": filled, "timestamp": NOW_MS, "type": "limit"}
    return {**told, "symbol": SYMBOL, **more}


def heard(connector: Any, event: MarketEvent) -> EventLogger:
    logger = EventLogger()
    connector.add_listener(event, logger)
    return logger


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0)


class Trades:
    """Lists an order's trades once it is let."""

    has: ClassVar = {"fetchOrderTrades": True, "fetchOrder": True}

    def __init__(self) -> None:
        self.trades: list[Any] = []
        self.order: Any = None
        self.asked, self.let = asyncio.Event(), asyncio.Event()

    async def fetch_order_trades(self, id: str, symbol: str) -> Any:
        self.asked.set()
        told = [*self.trades]
        await self.let.wait()
        return told

    async def fetch_order(self, id: str, symbol: str) -> Any:
        return self.order

    async def cancel_order(self, id: str, symbol: str) -> Any:
        raise OrderNotFound("it is not open")


class Quick(Trades):
    """Its stream tells the end of an order before a cancel is answered."""

    def __init__(self, connector: Any, order: Any, fills: list[Any]) -> None:
        super().__init__()
        self.connector, self.order, self.trades = connector, order, fills

    async def cancel_order(self, id: str, symbol: str) -> Any:
        for each in self.trades:
            self.connector.desk.trade_told(each)
        self.connector.desk.order_told(self.order)
        return self.order


@pytest.mark.parametrize("end", (row("canceled", 7.0), row("canceled", 0.0), row("canceled", None)), ids=str)
async def test_what_is_told_while_fills_are_asked_for_is_not_lost(end: Any) -> None:
    """Part of it is filled, and while its fill is asked for, more is, and the rest is cancelled."""
    connector, api = tracking("bitmart2"), Trades()
    connector.desk.client = Opened(api)
    order, ended = connector.in_flight_orders["1"], heard(connector, MarketEvent.OrderCancelled)
    api.trades = [fill(1, 4.0)]
    connector.desk.order_told(row("open", 4.0))
    await api.asked.wait()
    connector.desk.order_told(row("open", 7.0))
    connector.desk.order_told(end)
    connector.desk.order_told(row("open", 4.0))  # an answer that is older than that
    api.trades.append(fill(2, 3.0))
    api.let.set()
    await connector.desk.completed(order)
    await until(lambda: order.current_state is OrderState.CANCELED)
    assert order.executed_amount_base == 7
    assert len(ended.event_log) == 1
    assert (connector.desk._completing, connector.desk._latest) == ({}, {})


@pytest.mark.parametrize("is_filled", (False, True))
async def test_an_end_that_a_stream_tells_before_the_cancel_is_answered_is_told_once(is_filled: bool) -> None:
    connector = tracking("bitmart2")
    event = MarketEvent.BuyOrderCompleted if is_filled else MarketEvent.OrderCancelled
    told, order = heard(connector, event), connector.in_flight_orders["1"]
    end, fills = (row("closed", 10.0), [fill(1, 10.0)]) if is_filled else (row("canceled", 0.0), [])
    connector.client = connector.desk.client = Opened(Quick(connector, end, fills))
    assert await connector._execute_order_cancel(order) == "1"
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(told.event_log) == 1
    assert order.is_done


async def test_an_end_that_is_told_twice_at_once_is_told_once() -> None:
    """hummingbot takes what it is told a little later."""
    connector = tracking("bitmart2")
    told, order = heard(connector, MarketEvent.OrderCancelled), connector.in_flight_orders["1"]
    for each in (row("canceled", 0.0), row("canceled", 0.0)):
        connector.desk.order_told(each)
    connector.desk.placed(order, row("open", 0.0))
    await until(lambda: order.is_done)
    connector.desk.order_told(row("canceled", 0.0))
    for _ in range(10):
        await asyncio.sleep(0)
    assert (len(told.event_log), order.current_state) == (1, OrderState.CANCELED)


async def test_a_lost_order_that_was_filled_is_told_so_before_it_is_forgotten() -> None:
    """hummingbot cancels lost orders, and forgets those that are not there."""
    connector, api = tracking("bitmart2"), Trades()
    connector.client = connector.desk.client = Opened(api)
    order, fills = connector.in_flight_orders["1"], heard(connector, MarketEvent.OrderFilled)
    for _ in range(4):
        await connector.tracker.process_order_not_found("1")
    assert "1" in connector.tracker.lost_orders
    api.trades, api.order = [fill(1, 10.0)], row("closed", 10.0)
    api.let.set()
    await connector._execute_order_cancel(order)
    await until(lambda: "1" not in connector.tracker.lost_orders)
    assert order.executed_amount_base == 10
    assert len(fills.event_log) == 1


async def test_what_cannot_be_taken_of_a_pair_keeps_nothing_from_others() -> None:
    connector = tracking("bitmart2")
    connector.start_tracking_order(
        *("2", "8", "ETH-USDT", TradeType.BUY, Decimal(100), Decimal(10), OrderType.LIMIT)
    )
    asked = []

    class Api(Trades):
        async def fetch_order_trades(self, id: str, symbol: str) -> Any:
            asked.append(id)
            return [fill(1, 4.0, "7")]

    connector.desk.client = Opened(Api())
    orders = [connector.in_flight_orders[id] for id in ("2", "1")]
    with pytest.raises(BadSymbol):
        await connector.desk.fetch_fills(orders)
    assert asked == ["7"]
    connector.stream_told("trades", [fill(2, 1.0, "8"), fill(3, 6.0, "7")])
    assert orders[1].executed_amount_base == 10


# -- the search for lost orders -----------------------------------------------------------------------


class Open:
    """An exchange of ccxt's own with an open order that is told with an id which is not ours."""

    id = "other"
    has: ClassVar = {"fetchOpenOrders": True}

    def milliseconds(self) -> int:
        return NOW_MS + 80_000

    def un_camel_case(self, name: str) -> str:
        return "fetch_open_orders"

    async def fetch_open_orders(self, symbol: str) -> Any:
        told = {"side": "buy", "amount": 1.0, "price": 100.0, "clientOrderId": "of-the-venue"}
        return [row("open", 0.0, **told)]


async def test_an_id_of_the_venues_own_tells_nothing_where_ours_was_not_sent() -> None:
    wanted = Wanted(SYMBOL, "limit", "buy", 1.0, 100.0)
    found = await Lookup(wanted, "1", NOW_MS).order(Open(), [])
    assert found["id"] == "7"


async def test_an_order_with_another_id_is_another_one_where_ours_was_sent() -> None:
    wanted = Wanted(SYMBOL, "limit", "buy", 1.0, 100.0, {"clientOrderId": "1"})
    assert await Lookup(wanted, "1", NOW_MS).order(Open(), []) is None
    with pytest.raises(NotYetKnown):
        await Lookup(wanted, "1", NOW_MS + 79_000).order(Open(), [])


@pytest.mark.parametrize("id", ("kucoin", "binance", "okx", "kraken", "bitget"))
def test_our_id_is_sent_where_code_of_ccxts_takes_it(id: str) -> None:
    assert takes_client_id(getattr(ccxt.pro, id)())


# -- balances and markets -----------------------------------------------------------------------------


def test_what_is_in_orders_is_not_available_though_only_totals_are_told() -> None:
    held, available = {"BTC": Decimal(100)}, {"BTC": Decimal(10)}
    for total, free in ((100.0, 10), (95.0, 5), (80.0, 0), (85.0, 5), (300.0, 220)):
        balances.take({"total": {"BTC": total}, "free": {}}, held, available)
        assert (held["BTC"], available["BTC"]) == (Decimal(str(total)), free)
    balances.take({"total": {"ETH": 2.0}}, held, available)
    assert available["ETH"] == 2
    balances.take({"total": {"BTC": 7.0}, "free": {"BTC": 6.0}}, held, available, whole=True)
    assert (held, available) == ({"BTC": 7}, {"BTC": 6})


async def test_a_pair_of_ours_that_is_suspended_or_gone_is_known() -> None:
    connector = tracking("bitmart2")
    api = connector.client.api

    def market(base: str, active: bool) -> Any:
        told = {"base": base, "quote": "USDT", "spot": True, "active": active}
        precision = {"price": 0.01, "amount": 0.001}
        return api.safe_market_structure({"symbol": f"{base}/USDT", **told, "precision": precision})

    markets = {f"{base}/USDT": market(base, False) for base in ("BTC", "ETH")}
    connector.client.markets = markets
    connector._initialize_trading_pair_symbols_from_exchange_info(markets)
    assert await connector.all_trading_pairs() == [PAIR]
    assert connector.symbol_of("ETH-USDT") == "ETH/USDT"
    rules = await connector._format_trading_rules(markets)
    assert [rule.trading_pair for rule in rules] == [PAIR]

    async def loaded(reload: bool) -> Any:
        return {"LTC/USDT": market("LTC", True)}

    api.load_markets_helper = loaded
    told = await connector._make_trading_pairs_request()
    connector._initialize_trading_pair_symbols_from_exchange_info(told)
    assert await connector.all_trading_pairs() == ["LTC-USDT"]
    assert connector.symbol_of(PAIR) == SYMBOL
    assert connector.desk.size_of(PAIR) == 1
    await api.close()


@pytest.mark.parametrize("best", ("100", "NaN", None), ids=("a price", "none", "no book"))
async def test_an_order_at_market_takes_what_it_costs_at_the_best_price(best: str | None) -> None:
    """And the fee. It has no price itself, and no balance is a number that is reckoned with one."""
    connector = tracking("bitexasia", price=Decimal("NaN"))
    if best is not None:
        connector.get_price = lambda pair, is_buy: Decimal(best)
    taken = connector.in_flight_asset_balances(connector.in_flight_orders)
    assert taken == ({"USDT": Decimal(1001)} if best == "100" else {})
