"""Small bots, the same for each kind of class, and a way to record and replay them without pytest."""

import inspect

from ccxt_ext.testing.bots.clients import close
from ccxt_ext.testing.cassettes.fixture import Cassette
from ccxt_ext.testing.cassettes.settings import Settings

KINDS = ("pro", "async", "sync")


async def call(exchange, method, *arguments):
    told = getattr(exchange, method)(*arguments)
    return await told if inspect.isawaitable(told) else told


async def on_binance(exchange):
    since = exchange.milliseconds() - 3_600_000
    told = {
        "ticker": (await call(exchange, "fetch_ticker", "BTC/USDT"))["last"],
        "candles": len(await call(exchange, "fetch_ohlcv", "BTC/USDT", "1m", since, 1)),
        "balance": (await call(exchange, "fetch_balance"))["USDT"],
        "order": (await call(exchange, "create_order", "BTC/USDT", "limit", "buy", 1, 90))["clientOrderId"],
    }
    if exchange.has["ws"]:
        told["tickers"] = [(await exchange.watch_ticker("BTC/USDT"))["last"] for _ in range(3)]
        told["books"] = [list((await exchange.watch_order_book("BTC/USDT"))["bids"][0]) for _ in range(3)]
        told["orders"] = [order["id"] for order in await exchange.watch_orders("BTC/USDT")]
    return told


async def on_kraken(exchange):
    told = {
        "balance": (await call(exchange, "fetch_balance"))["USD"],
        "orders": [
            (await call(exchange, "create_order", "BTC/USD", "limit", "buy", 1, 90))["id"] for _ in range(3)
        ],
    }
    if exchange.has["ws"]:
        told["watched"] = [order["id"] for order in await exchange.watch_orders("BTC/USD")]
    return told


async def on_kucoin(exchange):
    told = {"balance": (await call(exchange, "fetch_balance"))["USDT"]}
    if exchange.has["ws"]:
        told["tickers"] = [(await exchange.watch_ticker("BTC/USDT"))["last"] for _ in range(3)]
    return told


BOTS = {"binance": on_binance, "kraken": on_kraken, "kucoin": on_kucoin}


async def played(path, id, kind, bot, *, config=None, via=None, hide=None, **settings):
    """What a bot makes of a cassette, or records in it if the mode says so; and what is wrong afterwards."""
    command = "pytest tests/test_bot.py::test_it --ccxt-record=all"
    cassette = Cassette(Settings("bot/test_it", path, command, **{"patience": 10, **settings}))
    if hide is not None:
        hide(cassette)
    passed = False
    try:
        exchange = cassette.exchange(id, kind, via=via, **(config or {}))
        told = await bot(exchange)
        passed = True
    finally:
        complaints = cassette.finish(passed)
        if kind != "sync":
            await close(exchange)
        cassette.close()
    return told, complaints


async def recorded(path, id, stub, kind="pro", bot=None, **more):
    with stub.serve():
        arguments = {"config": stub.config, "via": stub.via, "mode": "all", **more}
        told, complaints = await played(path, id, kind, bot or BOTS[id], **arguments)
    assert not stub.failures
    return told, complaints
