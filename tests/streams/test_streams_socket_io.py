"""bitexbit's stream by a real socket.io server: both versions, other names, snapshots that are late."""

import asyncio
import contextlib
import random

import ccxt
import pytest

import ccxt_ext.async_support
import ccxt_ext.pro
from ccxt_ext.sandbox import Sandbox

SYMBOL, OTHER, MARKET = "BTC/USD", "ETH/USD", "BTC_USD"
NAMES = {"subscribeEvent": "join", "messageEvent": "update", "cancelIdField": "cancel_order_id"}
PINGS = {"pingInterval": 1000, "pingTimeout": 3000}


@pytest.fixture(scope="module", params=[{}, NAMES], ids=["usual names", "other names"])
def venue(request):
    with Sandbox(
        venues=["bitexbit"], seed=7, options={"bitexbit": {"stream": {**request.param, **PINGS}}}
    ) as sandbox:
        yield sandbox


@pytest.fixture(params=[4, 3])
async def watcher(venue, request):
    config = venue.config("bitexbit")
    names = config.get("options", {}).get("stream", {})
    options = {"stream": {**names, "engineIoVersion": request.param}, "ws": {"reconnectDelay": 5}}
    exchange = ccxt_ext.pro.bitexbit({**config, "options": options})
    exchange.timeout_on_exit = 0
    await exchange.load_markets()
    yield exchange
    await exchange.close()
    venue.control("DELETE", "/faults")


@pytest.fixture
async def trader(venue):
    exchange = ccxt_ext.async_support.bitexbit(venue.config("bitexbit", "counterparty"))
    exchange.timeout_on_exit = 0
    await exchange.load_markets()
    yield exchange
    await exchange.close()


async def follow(exchange, method, *args):
    while True:
        with contextlib.suppress(ccxt.NetworkError):
            await getattr(exchange, method)(*args)


async def trade(exchange, middle, times, dice):
    placed = []
    for _ in range(times):
        side, price = dice.choice(["buy", "sell"]), middle + dice.randint(-8, 8) / 1000
        if placed and dice.random() < 0.3:
            with contextlib.suppress(ccxt.OrderNotFound):
                await exchange.cancel_order(placed.pop(dice.randrange(len(placed))), SYMBOL)
        else:
            order = await exchange.create_order(SYMBOL, "limit", side, dice.randint(1, 3) / 1000, price)
            placed.append(order["id"])


def levels(book):
    return book and [
        [[float(price), float(amount)] for price, amount in book[side]] for side in ("bids", "asks")
    ]


async def holds_the_book(sandbox, exchange):
    for _ in range(100):
        truth = levels(sandbox.control("GET", f"/book?venue=bitexbit&market={MARKET}"))
        if levels(exchange.orderbooks.get(SYMBOL)) == truth:
            return
        await asyncio.sleep(0.05)
    assert levels(exchange.orderbooks.get(SYMBOL)) == truth


async def test_late_snapshots_and_lost_connections(venue, watcher, trader):
    """While one is on its way there are trades, each of which may be in it or not."""
    sandbox = venue
    late = {"venue": "bitexbit", "kind": "latency", "path": "orderbook", "ms": 150, "count": 1000}
    cut = {"venue": "bitexbit", "kind": "ws_close", "count": 1}
    sandbox.control("POST", "/faults", late)
    task = asyncio.ensure_future(follow(watcher, "watch_order_book", SYMBOL))
    book = await trader.fetch_l3_order_book(SYMBOL)
    middle, dice = (book["bids"][0][0] + book["asks"][0][0]) / 2, random.Random(5)
    for _ in range(4):
        await trade(trader, middle, 25, dice)
        sandbox.control("POST", "/faults", cut)
    await trade(trader, middle, 25, dice)
    await holds_the_book(sandbox, watcher)
    assert not task.done()
    task.cancel()


@pytest.mark.parametrize("venue", [{}], indirect=True, ids=["usual names"])
async def test_pings_keep_the_connection(watcher, trader):
    """Either side ends it if the other falls silent for longer than these four seconds."""
    for symbol in (SYMBOL, OTHER):
        await trader.fetch_order_book(
            symbol
        )  # now, as the past of a market is made when it is first asked for
    tasks = [asyncio.ensure_future(watcher.watch_trades(symbol)) for symbol in (SYMBOL, OTHER)]
    await asyncio.sleep(5)
    assert not any(task.done() for task in tasks)
    for symbol, task in zip((SYMBOL, OTHER), tasks, strict=True):
        price = (await trader.fetch_order_book(symbol))["asks"][0][0]
        order = await trader.create_order(symbol, "limit", "buy", 0.001, price)
        (told,) = await asyncio.wait_for(task, 10)
        assert (told["symbol"], told["side"], told["price"], told["amount"]) == (symbol, "buy", price, 0.001)
        assert [told["id"]] == [fill["id"] for fill in order["trades"]]
