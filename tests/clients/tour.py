"""One plain ccxt program for all venues: it knows of each only the symbol to trade.

Reads {"kind": "sync" or "async", "skips": {...}, "venues": {ID: {"symbol", "config", "counterparty"}}} as
JSON and prints what it saw. Every structure goes through ccxt's own checks, which the installed package has.
"""

import asyncio
import inspect
import json
import sys

import ccxt
import ccxt.async_support
from ccxt.test.exchange.base.test_balance import test_balance
from ccxt.test.exchange.base.test_market import test_market
from ccxt.test.exchange.base.test_ohlcv import test_ohlcv
from ccxt.test.exchange.base.test_order import test_order
from ccxt.test.exchange.base.test_order_book import test_order_book
from ccxt.test.exchange.base.test_position import test_position
from ccxt.test.exchange.base.test_ticker import test_ticker
from ccxt.test.exchange.base.test_trade import test_trade


class Tourist:
    def __init__(self, exchange, skips):
        self.exchange = exchange
        self.skips = skips
        self.used = set()

    async def call(self, method, *args):
        self.used.add(method)
        result = getattr(self.exchange, method)(*args)
        return await result if inspect.isawaitable(result) else result

    def check(self, test, method, entry, *more):
        test(self.exchange, self.skips.get(method, {}), method, entry, *more)

    def now(self):
        # The sandbox may be some milliseconds ahead of the answer that is checked.
        return self.exchange.milliseconds() + 1000

    async def close(self):
        if not self.exchange.synchronous:
            await self.exchange.close()


async def tour(me, other, symbol):
    has = me.exchange.has
    for market in (await me.call("load_markets")).values():
        me.check(test_market, "fetchMarkets", market)
    await other.call("load_markets")
    book = await me.call("fetch_order_book", symbol)
    me.check(test_order_book, "fetchOrderBook", book, symbol)
    me.check(test_ticker, "fetchTicker", await me.call("fetch_ticker", symbol), symbol)
    if has["fetchTickers"]:
        for ticker in (await me.call("fetch_tickers", [symbol])).values():
            me.check(test_ticker, "fetchTickers", ticker, symbol)
    if has["fetchTrades"]:
        for trade in await me.call("fetch_trades", symbol):
            me.check(test_trade, "fetchTrades", trade, symbol, me.now(), True)
    if has["fetchOHLCV"]:
        for candle in await me.call("fetch_ohlcv", symbol, "1h"):
            me.check(test_ohlcv, "fetchOHLCV", candle, symbol, me.now())

    market = me.exchange.market(symbol)
    amount = max(market["limits"]["amount"]["min"], market["precision"]["amount"]) * 100
    before = await me.call("fetch_balance")
    me.check(test_balance, "fetchBalance", before)
    resting = await me.call("create_order", symbol, "limit", "buy", amount, book["bids"][5][0])
    shown = await me.call("fetch_order", resting["id"], symbol)
    me.check(test_order, "fetchOrder", shown, symbol, me.now())
    assert shown["status"] == "open", shown
    if has["fetchOpenOrders"]:
        assert [order["id"] for order in await me.call("fetch_open_orders", symbol)] == [resting["id"]]
    await me.call("cancel_order", resting["id"], symbol)
    assert (await me.call("fetch_order", resting["id"], symbol))["status"] == "canceled"

    # Between bid and ask, so that nobody else trades with us.
    price = float(me.exchange.price_to_precision(symbol, (book["bids"][0][0] + book["asks"][0][0]) / 2))
    maker = await me.call("create_order", symbol, "limit", "buy", amount, price)
    await other.call("create_order", symbol, "limit", "sell", amount, price)
    filled = await me.call("fetch_order", maker["id"], symbol)
    me.check(test_order, "fetchOrder", filled, symbol, me.now())
    assert (filled["status"], filled["filled"]) == ("closed", amount), filled
    if has["fetchMyTrades"]:
        trades = await me.call("fetch_my_trades", symbol)
        for trade in trades:
            me.check(test_trade, "fetchMyTrades", trade, symbol, me.now(), False)
        assert sum(trade["amount"] for trade in trades) == amount, trades
    if has["fetchPositions"]:
        positions = [held for held in await me.call("fetch_positions", [symbol]) if held["contracts"]]
        for position in positions:
            me.check(test_position, "fetchPositions", position, symbol, me.now())
        assert [position["contracts"] for position in positions] == [amount] * bool(market["contract"]), (
            positions
        )
    after = await me.call("fetch_balance")
    me.check(test_balance, "fetchBalance", after)
    assert after["total"] != before["total"]
    return {"order": maker["id"], "used": sorted(me.used)}


async def main():
    told = json.load(sys.stdin)
    home = ccxt if told["kind"] == "sync" else ccxt.async_support
    seen = {}
    for id, venue in told["venues"].items():
        skips = told["skips"][id]
        me, other = (
            Tourist(getattr(home, id)(venue[account]), skips) for account in ("config", "counterparty")
        )
        try:
            seen[id] = await tour(me, other, venue["symbol"])
        finally:
            await me.close()
            await other.close()
    print(json.dumps(seen))


asyncio.run(main())
