"""Runs in hummingbot's environment, pointed at a sandbox: what each connector that is named gives."""

import asyncio
import gc
import itertools
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from hummingbot.client.settings import AllConnectorSettings
from hummingbot.connector.exchange.paper_trade import create_paper_trade_market
from hummingbot.core.clock import Clock, ClockMode
from hummingbot.core.data_type.common import OrderType
from hummingbot.core.rate_oracle.rate_oracle import RateOracle
from hummingbot.core.utils.trading_pair_fetcher import TradingPairFetcher
from hummingbot.data_feed.candles_feed.candles_factory import CandlesFactory
from hummingbot.data_feed.candles_feed.data_types import CandlesConfig, HistoricalCandlesConfig
from hummingbot.data_feed.market_data_provider import MarketDataProvider
from hummingbot.strategy_v2.executors.data_types import ConnectorPair
from hummingbot.user.user_balances import UserBalances

PATIENCE_S = 90.0


def main() -> None:
    names = json.loads(sys.argv[1])
    keys = json.loads(sys.stdin.read())
    settings = AllConnectorSettings.get_connector_settings()
    assert "ccxt" not in sys.modules
    found = asyncio.run(everything(settings, names, keys))
    print("\n" + json.dumps(found))


async def everything(settings: Any, names: list[str], keys: Any) -> dict[str, Any]:
    await fetched(names)
    return {name: await one(settings[name], keys[name]) for name in names}


def sessions() -> int:
    import aiohttp

    gc.collect()
    return sum(isinstance(each, aiohttp.ClientSession) and not each.closed for each in gc.get_objects())


async def until(true: Any) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, true
        await asyncio.sleep(0.05)


async def fetched(names: list[str]) -> None:
    """hummingbot's fetcher makes connectors, asks for their pairs, and drops them."""
    fetcher = TradingPairFetcher.__new__(TradingPairFetcher)
    fetcher.trading_pairs = {}
    for name in names:
        fetcher._fetch_pairs_from_connector_setting(AllConnectorSettings.get_connector_settings()[name])
    await until(lambda: len(fetcher.trading_pairs) == len(names))
    assert all(fetcher.trading_pairs.values()), fetcher.trading_pairs
    assert sessions() == 0


async def one(setting: Any, keys: dict[str, str]) -> dict[str, Any]:
    idle = setting.non_trading_connector_instance_with_default_configuration()
    pair = next(each for each in await idle.all_trading_pairs() if each.startswith("BTC-"))
    prices = await idle.get_last_traded_prices([pair])
    assert prices[pair] > 0 and sessions() == 0
    candles = await history(setting.name, pair)
    assert sessions() == 0
    await live_candles(setting.name, pair)
    await rates(setting.name, pair)
    if setting.type.name == "Exchange":
        await paper(setting.name, pair)
    assert sessions() == 0
    await connected(setting.name, keys)
    return {"pair": pair, "candles": candles, **await traded(setting, pair, keys)}


async def connected(name: str, keys: dict[str, str]) -> None:
    """What `connect` does with keys: it asks for the balances."""
    balances = UserBalances.instance()
    assert await balances.add_exchange(name, None, **keys) is None
    assert balances.all_balances(name)
    wrong = {key: value[::-1] for key, value in keys.items()}
    error = await balances.add_exchange(name, None, **wrong)
    assert error is None or not [value for value in wrong.values() if value in error], error
    assert sessions() == 0


def feed_of(name: str, pair: str, records: int = 20) -> Any:
    config = CandlesConfig(connector=name, trading_pair=pair, interval="5m", max_records=records)
    return CandlesFactory.get_candle(config)


async def history(name: str, pair: str) -> int:
    feed, now = feed_of(name, pair), int(time.time())
    start = now - 100 * feed.interval_in_seconds
    told = await feed.get_historical_candles(
        HistoricalCandlesConfig(
            connector_name=name, trading_pair=pair, interval="5m", start_time=start, end_time=now
        )
    )
    at = told["timestamp"].tolist()
    assert {after - before for before, after in itertools.pairwise(at)} == {300.0}, at
    assert (told["low"] <= told["high"]).all() and (told["close"] > 0).all()
    return len(told)


async def live_candles(name: str, pair: str) -> None:
    feed = feed_of(name, pair)
    feed.start()
    await until(lambda: feed.ready)
    assert len(feed.candles_df) == 20 and sessions() == 1
    feed.stop()
    await until(lambda: sessions() == 0)


async def rates(name: str, pair: str) -> None:
    """A controller's rates come from connectors that are made for it alone."""
    provider = MarketDataProvider({})
    provider.initialize_rate_sources([ConnectorPair(connector_name=name, trading_pair=pair)])
    await until(lambda: RateOracle.get_instance().get_pair_rate(pair))
    provider.stop()
    RateOracle._shared_instance = None
    await until(lambda: sessions() == 0)


async def paper(name: str, pair: str) -> None:
    market = create_paper_trade_market(name, [pair])
    base, quote = pair.split("-")
    market.set_balance(quote, 1_000_000)
    market.set_balance(base, 10)
    async with running(market):
        await until(lambda: market.ready)
        price = market.get_price(pair, True)
        market.buy(pair, Decimal("0.5"), OrderType.LIMIT, price * 2)
        await until(lambda: market.get_balance(base) > 10)
    await until(lambda: sessions() == 0)


@asynccontextmanager
async def running(market: Any) -> AsyncIterator[None]:
    """The market under hummingbot's clock."""
    clock = Clock(ClockMode.REALTIME, 0.2)
    clock.add_iterator(market)
    with clock:
        task = asyncio.ensure_future(clock.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    market.stop(clock)
    await market.stop_network()


async def traded(setting: Any, pair: str, keys: dict[str, str]) -> dict[str, Any]:
    """Place an order far from the market, cancel it, and let another one be filled."""
    from hummingbot.client.config.config_helpers import get_connector_class

    given = setting.conn_init_parameters(trading_pairs=[pair], trading_required=True, api_keys=dict(keys))
    market = get_connector_class(setting.name)(**given)
    async with running(market):
        await until(lambda: market.ready)
        await market.stop_network()
        await until(lambda: sessions() == 0)
        await market.start_network()  # as it does whenever the network was gone
        await until(lambda: market.ready)
        bid = market.get_price(pair, False)
        rule = market.trading_rules[pair]
        price = market.quantize_order_price(pair, bid * Decimal("0.9"))
        least = max(rule.min_order_size, rule.min_notional_size / price * 2)
        amount = market.quantize_order_amount(pair, least * 2)
        id = market.buy(pair, amount, OrderType.LIMIT, price)
        await until(lambda: id in market.in_flight_orders and market.in_flight_orders[id].is_open)
        order = market.in_flight_orders[id]
        await until(lambda: order.exchange_order_id)
        market.cancel(pair, id)
        await until(lambda: order.is_cancelled)
        base = pair.split("-")[0]
        filled = market.buy(pair, amount, OrderType.LIMIT, market.quantize_order_price(pair, bid * 2))
        tracker = market._order_tracker
        await until(lambda: tracker.fetch_order(filled))
        taken = tracker.fetch_order(filled)
        await until(lambda: taken.is_done)
        assert taken.is_filled and taken.executed_amount_base == amount, taken
        await market._update_balances()
        balances = {name: str(held) for name, held in market.get_all_balances().items()}
    await until(lambda: sessions() == 0)
    return {"cancelled": order.exchange_order_id, "amount": str(amount), "base": base, "balances": balances}


main()
