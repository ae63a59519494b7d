"""ccxt's own tests of exchanges, from the installed ccxt, over twenty ids, sync and async; and its validators
over what is watched."""

import asyncio
import importlib
import inspect
import sys

import ccxt
import pytest

from ccxt_ext.testing.simulated import described
from tests.simulated.conftest import result

IDS = (
    *("binance", "binanceusdm", "bingx", "bitfinex", "bitget", "bithumb", "bitbank", "bitstamp", "bitvavo"),
    *(
        "bybit",
        "coinbase",
        "cryptocom",
        "dydx",
        "gate",
        "hyperliquid",
        "kraken",
        "kucoin",
        "mexc",
        "okx",
        "upbit",
    ),
)
WATCHING = ("binance", "bitget", "gate", "hyperliquid", "kraken", "okx")
"""Those with ways of their own to watch."""
PUBLIC = (
    *("loadMarkets", "fetchCurrencies", "fetchTicker", "fetchTickers", "fetchLastPrices"),
    *("fetchOrderBook", "fetchL2OrderBook", "fetchOrderBooks", "fetchTrades", "fetchOHLCV", "fetchStatus"),
    *(
        "fetchFundingRateHistory",
        "fetchLeverageTiers",
        "fetchMarketLeverageTiers",
        "features",
        "afterConstruct",
    ),
)
PRIVATE = (
    *("signIn", "fetchBalance", "fetchOrders", "fetchOpenOrders", "fetchClosedOrders", "fetchMyTrades"),
    *("fetchPositions", "fetchTradingFee", "fetchTradingFees", "fetchDeposits", "fetchMarginMode"),
)
OF_CONTRACTS = {
    *("fetchPositions", "fetchFundingRateHistory", "fetchLeverageTiers", "fetchMarketLeverageTiers"),
    "fetchMarginMode",
}
NO_CAPABILITY = {"loadMarkets", "features", "afterConstruct"}
SKIPPED = {
    "optionsNotLoadedByDefault": "options are not simulated",
    "amountOfCurrencies": "the plain default has three",
}
OF_DEPOSITS = dict.fromkeys(("network", "fee"), "the money comes by no chain")
EXPIRY = 1_800_000_000_000  # of a dated future, where an exchange has any


@pytest.fixture(autouse=True)
def path_as_it_was():
    before = sys.path.copy()
    yield
    sys.path[:] = before


def snake(name):
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name.replace("OHLCV", "Ohlcv"))


def ccxts_test(kind, name):
    module = importlib.import_module(f"ccxt.test.exchange.{kind}.test_{snake(name)}")
    return getattr(module, f"test_{snake(name)}")


async def passes(kind, exchange, name, symbol):
    test = ccxts_test(kind, name)
    given = {"symbol": symbol, "code": "USDT"}
    arguments = [given[each] for each in list(inspect.signature(test).parameters)[2:]]
    skipped = {**SKIPPED, **(OF_DEPOSITS if name == "fetchDeposits" else {})}
    await result(test(exchange, skipped, *arguments))


def markets_of(id):
    """The plain default, and a dated future, which ccxt's test looks for where `has` tells of any."""
    rows = described(id)["markets"]
    if not getattr(ccxt, id)().has["future"]:
        return rows
    swap = next(row for row in rows if row["type"] == "swap")
    dated = {"type": "future", "swap": False, "future": True, "expiry": EXPIRY}
    name = f"{swap['symbol']}-270115"
    time = ccxt.Exchange.iso8601(EXPIRY)
    return [*rows, {**swap, **dated, "id": "BTCUSDT_270115", "symbol": name, "expiryDatetime": time}]


@pytest.mark.parametrize(("kind", "id"), [(("sync", "async")[at % 2], id) for at, id in enumerate(IDS)])
async def test_ccxts_own_tests_of_an_exchange_pass(exchange, kind, id):
    each = exchange(id, kind, markets=markets_of(id))
    await result(each.load_markets())
    types = {market["type"]: symbol for symbol, market in reversed(each.markets.items())}
    for symbol in types.values():
        await result(each.create_order(symbol, "market", "buy", 0.1, 63_000))
        await result(each.create_order(symbol, "limit", "buy", 0.1, 50_000))
    come_to = 0
    for name in (*PUBLIC, *PRIVATE):
        if not each.has.get(name) and name not in NO_CAPABILITY:
            continue
        symbol = types.get("swap") if name in OF_CONTRACTS else next(iter(types.values()))
        if symbol is not None:
            await passes(kind, each, name, symbol)
            come_to += 1
    assert come_to >= 12


async def checked(each, base, name, symbol, *more, parts=None):
    """Watch, and have ccxt's validator look at each thing that came."""
    if not each.has.get(name):
        return
    came = await asyncio.wait_for(getattr(each, name)(*([] if symbol is None else [symbol])), 20)
    validate = getattr(importlib.import_module("ccxt.test.exchange.base"), f"test_{base}")
    assert came
    for value in parts(came) if parts else [came]:
        validate(each, SKIPPED, name, value, *more)


@pytest.mark.parametrize("id", WATCHING)
async def test_what_is_watched_is_as_ccxts_validators_want_it(exchange, id):
    each, other = exchange(id, "pro"), exchange(id, "async", "counterparty")
    await each.load_markets()
    symbol, now = next(iter(each.markets)), each.milliseconds()
    await checked(each, "ticker", "watchTicker", symbol, symbol)
    await checked(each, "order_book", "watchOrderBook", symbol, symbol)
    await checked(each, "balance", "watchBalance", None)
    await checked(each, "ohlcv", "watchOHLCV", symbol, symbol, now, parts=list)

    async def trade():
        while True:
            for who in (each, other):
                await who.create_order(symbol, "market", "buy", 0.01, 63_000)
            await asyncio.sleep(0.02)

    trading = asyncio.ensure_future(trade())
    try:
        await checked(each, "trade", "watchTrades", symbol, symbol, now, True, parts=list)
        await checked(each, "trade", "watchMyTrades", symbol, symbol, now, False, parts=list)
        await checked(each, "order", "watchOrders", symbol, symbol, now, parts=list)
    finally:
        trading.cancel()
