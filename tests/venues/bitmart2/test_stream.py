"""BitMart's stream, frame by frame, as its pages document it."""

import asyncio
import copy

import ccxt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccxt_ext.testing.any_json import any_json, field_names, mutated, named
from tests.venues.offline_stream import Offline, levels, sample, settled

SYMBOL = "BMX/ETH"
DEPTH, KLINE, PRICE, TRADE, OBSERVED, OVERVIEW = (
    sample("bitmart2", name)
    for name in ("ws-depth", "ws-kline", "ws-price", "ws-trade", "observed-ws-trade", "ws-overview-trade")
)


@pytest.fixture
async def offline():
    async with Offline("bitmart2") as offline:
        yield offline


async def test_a_book(offline):
    book = await offline.told("watch_order_book", SYMBOL, frames=[DEPTH])
    assert levels(book)["bids"][:3] == [[0.000111, 30657.0], [0.00011, 53266.6], [0.000109, 41565.65]]
    assert levels(book)["asks"][0] == [
        float(DEPTH["data"]["sells"][0]["price"]),
        float(DEPTH["data"]["sells"][0]["amount"]),
    ]
    assert (book["symbol"], book["nonce"], book["timestamp"]) == (SYMBOL, None, None)
    # The finest precision, as levels would be merged otherwise.
    assert offline.sent() == [{"subscribe": "order", "symbol": "BMX_ETH", "precision": 8}]


async def test_each_message_is_the_whole_book(offline):
    first = await offline.told("watch_order_book", SYMBOL, frames=[DEPTH])
    less = copy.deepcopy(DEPTH)
    del less["data"]["buys"][0]
    second = await offline.told("watch_order_book", SYMBOL, frames=[less])
    assert second is first
    assert levels(second)["bids"][0] == [0.00011, 53266.6]
    assert len(second["asks"]) == len(DEPTH["data"]["sells"])


async def test_or_a_change_where_the_option_says_so():
    async with Offline("bitmart2", options={"ws": {"depthIsSnapshot": False}}) as offline:
        first = levels(await offline.told("watch_order_book", SYMBOL, frames=[DEPTH]))
        gone = {"price": "0.000111", "amount": "0", "total": "0", "count": "0"}
        change = {**DEPTH, "data": {"buys": [gone], "sells": []}}
        second = levels(await offline.told("watch_order_book", SYMBOL, frames=[change]))
        assert second == {"bids": first["bids"][1:], "asks": first["asks"]}


async def test_a_limit_cuts_what_is_given_and_not_the_book(offline):
    book = await offline.told("watch_order_book", SYMBOL, 2, frames=[DEPTH])
    assert len(book["bids"]) == len(book["asks"]) == 2
    assert len(offline.exchange.orderbooks[SYMBOL]["bids"]) == len(DEPTH["data"]["buys"])


async def test_trades_oldest_first_and_each_once(offline):
    trades = await offline.told("watch_trades", SYMBOL, frames=[TRADE])
    rows = TRADE["data"]["trades"]
    assert [trade["timestamp"] for trade in trades] == sorted(row["time"] for row in rows)
    newest = trades[-1]
    assert newest["side"] == "buy"
    assert (newest["price"], newest["amount"], newest["cost"]) == (0.000112, 18556.0, 2.078272)
    again = copy.deepcopy(TRADE)
    again["data"]["trades"].insert(0, {**rows[0], "time": rows[0]["time"] + 1})
    news = await offline.told("watch_trades", SYMBOL, frames=[again])
    assert [trade["timestamp"] for trade in news] == [rows[0]["time"] + 1]
    assert len(offline.exchange.trades[SYMBOL]) == len(rows) + 1


async def test_two_trades_that_are_alike_are_two(offline):
    twice = {**TRADE, "data": {"trades": [TRADE["data"]["trades"][0]] * 2}}
    assert len(await offline.told("watch_trades", SYMBOL, frames=[twice])) == 2


async def test_trades_of_a_repeated_message_wake_nobody(offline):
    await offline.told("watch_trades", SYMBOL, frames=[TRADE])
    task = await offline.watch("watch_trades", SYMBOL)
    await offline.say(TRADE)
    assert not task.done()
    task.cancel()


async def test_a_ticker(offline):
    ticker = await offline.told("watch_ticker", SYMBOL, frames=[PRICE])
    expected = {
        "symbol": SYMBOL,
        "timestamp": 1532033149669,
        "open": 0.000109,
        "high": 0.000122,
        "low": 0.000094,
        "last": 0.000112,
        "close": 0.000112,
        "quoteVolume": 2396.650514,
        "baseVolume": None,
        "bid": None,
        "ask": None,
        "info": PRICE["data"],
    }
    assert {name: ticker[name] for name in expected} == expected
    assert offline.sent() == [{"subscribe": "price", "symbol": "BMX_ETH"}]


async def test_the_volume_of_a_ticker_may_be_in_base():
    async with Offline("bitmart2", options={"ws": {"priceVolumeIsQuote": False}}) as offline:
        ticker = await offline.told("watch_ticker", SYMBOL, frames=[PRICE])
        assert ticker["baseVolume"] == 2396.650514


async def test_candles_begin_at_their_step(offline):
    rows = await offline.told("watch_ohlcv", SYMBOL, "1m", frames=[KLINE])
    assert rows == [[1532033100000, 0.000112, 0.000112, 0.000112, 0.000112, 0.0]]
    assert offline.sent() == [{"subscribe": "kline", "symbol": "BMX_ETH", "step": 1}]
    later = {**KLINE, "data": {**KLINE["data"], "timestamp": 1532033150000, "current_price": "0.000113"}}
    assert [row[4] for row in await offline.told("watch_ohlcv", SYMBOL, "1m", frames=[later])] == [0.000113]
    assert len(offline.exchange.ohlcvs[SYMBOL]["1m"]) == 1


async def test_candles_of_another_timeframe_are_not_mixed_in(offline):
    task = await offline.watch("watch_ohlcv", SYMBOL, "5m")
    await offline.say(KLINE)
    assert not task.done()
    await offline.say({**KLINE, "step": "5"})
    assert (await task)[0][0] % 300_000 == 0


async def test_what_says_nothing_is_passed_over(offline):
    task = await offline.watch("watch_trades", SYMBOL)
    await offline.say(
        {"subscribe": "pong"}, {"subscribe": "trade", "symbol": "BMX_ETH"}, {"subscribe": "new", "data": {}}
    )
    assert not task.done()
    await offline.say(TRADE)
    assert await task


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Invalid symbol", ccxt.BadSymbol),
        ("Too many requests", ccxt.RateLimitExceeded),
        ("Hm", ccxt.BadRequest),
    ],
)
async def test_errors(offline, text, kind):
    task = await offline.watch("watch_ticker", SYMBOL)
    await offline.say({"message": text})
    with pytest.raises(kind, match=text):
        await task


async def test_what_is_refused_is_subscribed_to_anew_and_the_rest_goes_on(offline):
    await offline.told("watch_order_book", SYMBOL, frames=[DEPTH])
    task, other = await offline.watch("watch_ticker", SYMBOL), await offline.watch("watch_order_book", SYMBOL)
    offline.sent()
    await offline.say({"message": "Too many requests"})
    with pytest.raises(ccxt.RateLimitExceeded):
        await task
    assert not other.done() and offline.sent() == []
    assert await offline.told("watch_ticker", SYMBOL, frames=[PRICE, DEPTH])
    assert offline.sent() == [{"subscribe": "price", "symbol": "BMX_ETH"}]
    assert await other


@pytest.mark.parametrize(
    "frame",
    [
        "<html>",
        "",
        {**DEPTH, "data": {"buys": [{"price": "x"}], "sells": []}},
        {**DEPTH, "data": {"buys": []}},
    ],
    ids=["html", "empty", "no-price", "no-asks"],
)
async def test_a_held_book_is_begun_anew_after_a_frame_that_cannot_be_read(offline, frame):
    held = await offline.told("watch_order_book", SYMBOL, frames=[DEPTH])
    before = levels(held)
    offline.sent()
    await offline.say(frame)
    # At once, though nobody waits, and whatever the market does.
    topic = {"symbol": "BMX_ETH", "precision": 8}
    assert offline.sent() == [{"unsubscribe": "order", **topic}, {"subscribe": "order", **topic}]
    assert SYMBOL not in offline.exchange.orderbooks and levels(held) == before
    await offline.say(DEPTH)
    task = await offline.watch("watch_order_book", SYMBOL)
    assert task.done() and (await task) is not held
    assert levels(await task) == before


async def test_leaving(offline):
    await offline.told("watch_order_book", SYMBOL, frames=[DEPTH])
    offline.sent()
    await offline.exchange.un_watch_order_book(SYMBOL)
    assert offline.sent() == [{"unsubscribe": "order", "symbol": "BMX_ETH", "precision": 8}]
    assert offline.exchange.orderbooks == {}


async def test_pings(offline):
    task = await offline.watch("watch_ticker", SYMBOL)
    offline.sent()
    await offline.exchange.feed.ping(offline.connection)
    assert offline.sent() == [{"subscribe": "ping"}]
    task.cancel()


@pytest.mark.parametrize("frame", [OBSERVED, OVERVIEW], ids=["observed", "overview"])
async def test_other_trades_that_were_seen(offline, frame):
    if frame["symbol"] == "BMX_BTC":
        market = {
            **offline.exchange.market(SYMBOL),
            "id": "BMX_BTC",
            "symbol": "BMX/BTC",
            "quote": "BTC",
            "quoteId": "BTC",
        }
        offline.exchange.set_markets([*offline.exchange.markets.values(), market])
    symbol = offline.exchange.safe_symbol(frame["symbol"])
    trades = await offline.told("watch_trades", symbol, frames=[frame])
    rows = frame["data"]["trades"]
    assert [trade["cost"] for trade in trades] == [float(row["amount"]) for row in reversed(rows)]
    assert [trade["amount"] for trade in trades] == [float(row["count"]) for row in reversed(rows)]


WATCHES = (("watch_order_book",), ("watch_trades",), ("watch_ticker",), ("watch_ohlcv", "1m"))
FRAMES = (DEPTH, KLINE, PRICE, TRADE)
KEYS = sorted(set().union(*map(field_names, FRAMES)))
ANY = any_json.map(lambda tree: named(tree, KEYS))
NEW_TRADE = {**TRADE, "data": {"trades": [{**TRADE["data"]["trades"][0], "time": 1532099999999}]}}


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(ANY, mutated(FRAMES)))
def test_any_frame_gives_a_structure_or_an_error_of_ccxt(frame):
    async def attempt():
        async with Offline("bitmart2") as offline:
            tasks = [await offline.watch(name, SYMBOL, *rest) for name, *rest in WATCHES]
            await offline.say(frame)
            for task in tasks:
                if task.done() and task.exception() is not None:
                    assert isinstance(task.exception(), ccxt.BaseError)
            # And the stream goes on.
            again = [await offline.watch(name, SYMBOL, *rest) for name, *rest in WATCHES]
            await offline.say(DEPTH, KLINE, PRICE, NEW_TRADE)
            await asyncio.gather(*again)
            await settled()

    asyncio.run(attempt())
