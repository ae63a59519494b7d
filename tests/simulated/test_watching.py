"""The watching methods of simulated exchanges."""

import asyncio

import ccxt
import pytest
from ccxt.base.errors import UnsubscribeError

BTC, ETH, SWAP = "BTC/USDT", "ETH/USDT", "BTC/USDT:USDT"
WAIT_S = 20


async def soon(awaitable):
    return await asyncio.wait_for(awaitable, WAIT_S)


async def begun(exchange, *topics):
    """Wait until the sandbox knows that these are watched."""
    for topic in topics:
        while exchange.client(exchange.simulatedAt["ws"]).subscriptions.get(topic) != "begun":
            await asyncio.sleep(0.01)


async def after(exchange, topic, news, *calls):
    """What is watched next, when these have been made meanwhile."""
    task = asyncio.ensure_future(news)
    await asyncio.sleep(0)
    await begun(exchange, topic)
    for call in calls:
        await call
    return await soon(task)


@pytest.fixture
def binance(exchange):
    return exchange("binance", "pro")


async def test_a_book_follows_its_changes(box, binance):
    book = await soon(binance.watch_order_book(BTC))
    first = book["nonce"]
    assert book["bids"][0][0] < book["asks"][0][0] and book["symbol"] == BTC
    await after(
        binance,
        f"book {BTC}",
        binance.watch_order_book(BTC),
        binance.create_order(BTC, "limit", "buy", 0.5, 62_000),
    )
    while not any(level == [62_000, 0.5] for level in binance.orderbooks[BTC]["bids"]):
        await soon(binance.watch_order_book(BTC))
    assert binance.orderbooks[BTC]["nonce"] > first
    fresh = await binance.fetch_order_book(BTC)
    assert [list(level) for level in binance.orderbooks[BTC]["bids"]] == fresh["bids"]
    assert len((await soon(binance.watch_order_book(ETH, 3)))["bids"]) == 3


async def test_a_gap_is_noticed_and_the_book_begins_anew(box, binance):
    await soon(binance.watch_order_book(BTC))
    box.control("POST", "/faults", {"venue": "binance", "kind": "ws_gap"})
    with pytest.raises(ccxt.ChecksumError, match="is missing"):
        while True:
            orders = [binance.create_order(BTC, "limit", "buy", 0.1, price) for price in (61_000, 61_001)]
            await after(binance, f"book {BTC}", binance.watch_order_book(BTC), *orders)
    book = await soon(binance.watch_order_book(BTC))
    assert [list(level) for level in book["bids"]] == (await binance.fetch_order_book(BTC))["bids"]


async def test_tickers_trades_and_candles(binance):
    assert (await soon(binance.watch_ticker(BTC)))["last"] == 63_000
    assert (await soon(binance.watch_tickers([BTC, ETH]))).keys() <= {BTC, ETH}
    assert (await soon(binance.watch_bids_asks([BTC])))[BTC]["bid"]
    first = await soon(binance.watch_ohlcv(BTC, "1m"))
    assert first[-1][4] == 63_000
    buying = binance.create_order(BTC, "market", "buy", 0.01)
    (trade,) = (await after(binance, f"trades {BTC}", binance.watch_trades(BTC), buying))[-1:]
    assert trade["side"] == "buy" and trade["symbol"] == BTC
    found = await after(
        binance,
        f"candles {ETH} 300000",
        binance.watch_ohlcv_for_symbols([[BTC, "1m"], [ETH, "5m"]]),
        binance.create_order(BTC, "market", "buy", 0.01),
    )
    assert set(found) <= {BTC, ETH}


async def test_what_happens_to_an_account(binance):
    balance = await soon(binance.watch_balance())
    assert balance["USDT"]["free"] == 1_000_000
    watched = [
        asyncio.ensure_future(watch)
        for watch in (
            binance.watch_orders(BTC),
            binance.watch_my_trades(),
            binance.watch_balance(),
        )
    ]
    await asyncio.sleep(0)
    await begun(binance, "orders", "fills")
    placed = await binance.create_order(BTC, "market", "buy", 0.1)
    orders, trades, balance = await soon(asyncio.gather(*watched))
    assert orders[-1]["id"] == placed["id"] and trades[-1]["order"] == placed["id"]
    assert balance["BTC"]["free"] > 10 and "ETH" in balance
    assert await soon(binance.watch_positions()) == []
    (position,) = await after(
        binance,
        "positions",
        binance.watch_positions([SWAP]),
        binance.create_order(SWAP, "market", "buy", 0.1),
    )
    assert (position["symbol"], position["contracts"]) == (SWAP, 0.1)


async def test_what_happens_to_another_account_is_not_told(exchange, binance):
    other = exchange("binance", "async", "counterparty")
    assert await soon(binance.watch_positions()) == []
    watched = [
        asyncio.ensure_future(watch)
        for watch in (binance.watch_orders(), binance.watch_my_trades(), binance.watch_positions())
    ]
    await asyncio.sleep(0)
    await begun(binance, "orders", "fills", "positions")
    for symbol in (BTC, SWAP):
        await other.create_order(symbol, "market", "buy", 0.1)
    own = [await binance.create_order(symbol, "market", "sell", 0.2) for symbol in (BTC, SWAP)]
    while len(binance.myTrades or ()) < 2 or len(binance.orders or ()) < 2 or not binance.positions:
        await asyncio.sleep(0.01)
    await soon(asyncio.gather(*watched))
    ids = {order["id"] for order in own}
    assert {order["id"] for order in binance.orders} == {trade["order"] for trade in binance.myTrades} == ids
    assert {(each["side"], each["contracts"]) for each in binance.positions} == {("short", 0.2)}


async def test_a_balance_is_told_when_its_own_wallet_changes(binance):
    assert await soon(binance.watch_balance()) and await soon(binance.watch_positions()) == []
    balance, positions = map(asyncio.ensure_future, (binance.watch_balance(), binance.watch_positions()))
    await asyncio.sleep(0)
    await begun(binance, "balance spot", "positions")
    await binance.create_order(SWAP, "market", "buy", 0.1)
    assert await soon(positions) and not balance.done()
    await binance.create_order(BTC, "market", "buy", 0.1)
    assert (await soon(balance))["BTC"]["free"] > 10


async def test_a_wrong_key_is_refused_and_tickers_go_on(exchange):
    wrong = exchange("binance", "pro", secret="wrong")
    with pytest.raises(ccxt.AuthenticationError):
        await soon(wrong.watch_balance())
    assert await soon(wrong.watch_ticker(BTC))


async def test_nothing_is_watched_any_more(binance):
    waiting = asyncio.ensure_future(binance.watch_trades(BTC))
    await asyncio.sleep(0)
    await begun(binance, f"trades {BTC}")
    await soon(binance.un_watch_trades(BTC))
    with pytest.raises(UnsubscribeError):
        await soon(waiting)
    book = await soon(binance.watch_order_book(BTC))
    await soon(binance.un_watch_order_book(BTC))
    assert BTC not in binance.orderbooks and book is not None
    assert await soon(binance.watch_order_book(BTC))


@pytest.mark.parametrize(
    ("kind", "error"), [("ws_close", ccxt.NetworkError), ("ws_garbage", ccxt.BadResponse)]
)
async def test_faults_of_the_stream(box, binance, kind, error):
    await soon(binance.watch_ticker(BTC))
    box.control("POST", "/faults", {"venue": "binance", "kind": kind})
    with pytest.raises(error):
        await after(
            binance,
            f"ticker {BTC}",
            binance.watch_ticker(BTC),
            binance.create_order(BTC, "market", "buy", 0.01),
        )
    assert await soon(binance.watch_ticker(ETH))


async def test_orders_over_the_stream_are_placed(binance):
    order = await binance.create_order_ws(BTC, "limit", "buy", 0.1, 50_000)
    assert (await binance.cancel_order_ws(order["id"], BTC))["status"] == "canceled"


async def test_what_has_denies_is_refused(exchange):
    kraken = exchange("coinbaseexchange", "pro")
    assert not kraken.has["watchOHLCV"]
    with pytest.raises(ccxt.NotSupported, match="not supported yet"):
        await kraken.watch_ohlcv(BTC)
