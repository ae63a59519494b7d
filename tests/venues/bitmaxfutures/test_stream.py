"""bitmaxfutures' stream of markets: documented frames against written expectations, and what can go wrong."""

import asyncio

import ccxt
import pytest

from tests.venues.bitmaxfutures.other_end import MARKET, PRIVATE, PUBLIC, SYMBOL, Bitmax, refused, sample
from tests.venues.offline_stream import levels, settled

SNAPSHOT = sample("ws-depth-snapshot-futures")
CHANGE = sample("ws-depth")
BOOK = {"bids": [[0.06733, 667.0], [0.06732, 750.0]], "asks": [[0.06758, 585.0], [0.06773, 8732.0]]}


def snapshot(number, bids=(("99", "1"),), asks=(("101", "2"),), m="depth-snapshot"):
    data = {"seqnum": number, "ts": 1573142900389, "asks": asks, "bids": bids}
    return {"m": m, "symbol": MARKET, "data": data}


def change(number, bids=(), asks=(), m="depth", ts=1573069021376):
    return {"m": m, "symbol": MARKET, "data": {"ts": ts, "seqnum": number, "asks": asks, "bids": bids}}


async def began(venue, number=7):
    book = await venue.told("watch_order_book", SYMBOL, frames=[snapshot(number)])
    venue.sent()
    return book


# -- order books -----------------------------------------------------------------------------------


async def test_a_book_is_asked_for_and_kept_up(venue):
    task = await venue.watch("watch_order_book", SYMBOL)
    assert venue.connection.url == PUBLIC
    subscribe, ask = venue.sent()
    assert subscribe == {**sample("ws-depth-sub"), "id": subscribe["id"]}
    assert ask == {**sample("ws-depth-snapshot-request"), "id": ask["id"]}
    await venue.say(
        sample("ws-connected-unauth"), {"m": "sub", "id": subscribe["id"], "ch": f"depth:{MARKET}"}
    )
    assert not task.done()
    await venue.say(SNAPSHOT)
    book = await task
    assert levels(book) == BOOK
    assert (book["symbol"], book["nonce"]) == (SYMBOL, 3167819629)
    assert (book["timestamp"], book["datetime"]) == (1573142900389, "2019-11-07T16:08:20.389Z")
    changed = change(3167819630, [["0.06732", "0"]], [["0.06758", "9"]])
    assert await venue.told("watch_order_book", SYMBOL, frames=[changed]) is book
    assert levels(book) == {"bids": [[0.06733, 667.0]], "asks": [[0.06758, 9.0], [0.06773, 8732.0]]}


async def test_the_documented_change_on_a_book_that_it_fits(venue):
    book = await venue.told(
        "watch_order_book",
        SYMBOL,
        frames=[snapshot(2097964, [["0.05", "1"]], [["0.06844", "5"], ["0.07", "1"]]), CHANGE],
    )
    assert levels(book) == {
        "bids": [[0.06777, 562.4], [0.05, 221760.6]],
        "asks": [[0.06844, 10760.0], [0.07, 1.0]],
    }
    assert (book["nonce"], book["timestamp"]) == (2097965, 1573069021376)


async def test_changes_wait_for_the_snapshot(venue):
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(change(6, [["99", "9"]]), change(7, [["99", "8"]]), change(8, [["98", "3"]]))
    assert not task.done()
    await venue.say(snapshot(7))
    book = await task
    assert levels(book) == {"bids": [[99.0, 1.0], [98.0, 3.0]], "asks": [[101.0, 2.0]]}
    assert book["nonce"] == 8


@pytest.mark.parametrize("bad", [change(9, [["99", "5"]]), change(8, [["101", "5"]])], ids=["gap", "crossed"])
async def test_a_gap_or_a_crossed_book_begins_anew_and_nothing_is_wrong_meanwhile(venue, bad):
    old = await began(venue)
    before = levels(old)
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(bad)
    leave, enter, ask = venue.sent()
    assert leave == {**sample("ws-depth-unsub"), "id": leave["id"]}
    assert (enter["op"], enter["ch"], ask["action"]) == ("sub", f"depth:{MARKET}", "depth-snapshot")
    assert not task.done()
    assert levels(old) == before
    await venue.say(change(20, [["98", "1"]]), snapshot(20))
    new = await task
    assert new is not old and new["nonce"] == 20
    assert levels(old) == before
    assert venue.exchange.orderbooks[SYMBOL] is new
    # Once it goes on well, it may begin anew at once again.
    assert list(venue.exchange.feed.books.strikes) == [f"depth:{MARKET}"]
    await venue.say(change(21, [["97", "1"]]))
    assert venue.exchange.feed.books.strikes == {}


async def test_a_snapshot_that_does_not_fit_is_asked_for_again(venue):
    task = await venue.watch("watch_order_book", SYMBOL)
    venue.sent()
    await venue.say(change(12), snapshot(7))
    assert [message["op"] for message in venue.sent()] == ["unsub", "sub", "req"]
    await venue.say(snapshot(12))
    assert (await task)["nonce"] == 12


@pytest.mark.parametrize("how", ["silence", "refusal"])
async def test_rest_helps_where_no_snapshot_comes(how):
    told = {"code": 0, "data": {"m": "depth-snapshot", "symbol": MARKET, "data": snapshot(7)["data"]}}
    patience = 20 if how == "silence" else 60_000
    options = {"channel": "depth", "snapshot": "depth-snapshot", "snapshotTimeout": patience}
    async with Bitmax({"v1/depth": told}, watchOrderBook=options) as venue:
        task = await venue.watch("watch_order_book", SYMBOL)
        await venue.say(change(8, [["98", "3"]]))
        if how == "refusal":
            await venue.say({**sample("ws-error"), "id": venue.sent()[-1]["id"]})
        book = await asyncio.wait_for(task, 10)
        assert levels(book)["bids"] == [[99.0, 1.0], [98.0, 3.0]]
        assert [request.path for request in venue.wire.requests] == ["/api/pro/v1/depth"]


async def test_neither_way_brings_a_book_its_watchers_are_told_and_it_is_tried_again():
    answers = iter([{"code": 100101, "reason": "UNKNOWN_ERROR"}])
    whole = {"code": 0, "data": {"m": "depth-snapshot", "symbol": MARKET, "data": snapshot(7)["data"]}}
    options = {"channel": "depth", "snapshot": "rest", "snapshotTimeout": 10}
    async with Bitmax({"v1/depth": lambda _: next(answers, whole)}, watchOrderBook=options) as venue:
        with pytest.raises(ccxt.ExchangeError, match="UNKNOWN_ERROR"):
            await asyncio.wait_for(venue.exchange.watch_order_book(SYMBOL), 10)
        assert (await asyncio.wait_for(venue.exchange.watch_order_book(SYMBOL), 10))["nonce"] == 7
        assert [message["op"] for message in venue.sent()] == ["sub"]


@pytest.mark.parametrize(
    "frame",
    [
        change(8, [["99", "x"]]),
        change(8, [["99"]]),
        change(8, [["99", "5"]], 7),
        change("x"),
        change(8, ts=None),
        {**change(8), "data": None},
    ],
)
async def test_a_change_that_is_none_is_told_and_the_book_begins_anew(venue, frame):
    old = await began(venue)
    before = levels(old)
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(frame)
    with pytest.raises(ccxt.BadResponse):
        await task
    assert levels(old) == before
    assert [message["op"] for message in venue.sent()] == ["unsub", "sub", "req"]


async def test_garbage_is_answered_by_subscribing_to_all_anew(venue):
    """The market may not move for long, and nobody is told what it is until then."""
    task = await venue.watch("watch_bids_asks", [SYMBOL])
    venue.sent()
    await venue.say("garbage")
    with pytest.raises(ccxt.BadResponse):
        await task
    assert [(m["op"], m["ch"]) for m in venue.sent()] == [
        ("unsub", f"bbo:{MARKET}"),
        ("sub", f"bbo:{MARKET}"),
    ]
    best = {"m": "bbo", "symbol": MARKET, "data": {"ts": 1573068442532, "bid": ["9309.11", "0.01"]}}
    best["data"]["ask"] = ["9309.12", "0.2"]
    await venue.say(best)  # while nobody waits
    assert (await asyncio.wait_for(venue.exchange.watch_bids_asks([SYMBOL]), 5))[SYMBOL]["bid"] == 9309.11


async def test_the_book_that_garbage_brings_is_told_though_nobody_waited(venue):
    await began(venue)
    await venue.say("garbage")
    assert [m["op"] for m in venue.sent()] == ["unsub", "sub", "req"]
    await venue.say(snapshot(12))
    assert (await asyncio.wait_for(venue.exchange.watch_order_book(SYMBOL), 5))["nonce"] == 12


async def test_garbage_brings_new_books_as_a_change_may_have_been_lost(venue):
    await began(venue)
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say("<html>")
    with pytest.raises(ccxt.BadResponse):
        await task
    assert [message["op"] for message in venue.sent()] == ["unsub", "sub", "req"]


async def test_the_channel_that_is_not_throttled():
    async with Bitmax(watchOrderBook={"channel": "depth-realtime", "snapshotTimeout": 10_000}) as venue:
        task = await venue.watch("watch_order_book", SYMBOL)
        assert venue.connection.url == PRIVATE
        (subscribe,) = await venue.sign_on()
        documented = sample("ws-depth-realtime-sub")
        assert subscribe == {**documented, "id": subscribe["id"], "ch": f"depth-realtime:{MARKET}"}
        first = {**sample("ws-depth-snapshot-realtime"), "symbol": MARKET}
        await venue.say(first, url=PRIVATE)
        book = await task
        # Its levels are not in order in the document.
        assert levels(book) == {
            "bids": [[0.043, 2720.0], [0.042, 9600.0]],
            "asks": [[0.044, 4760.0], [0.045, 3350.0]],
        }
        assert (book["nonce"], book["timestamp"]) == (33346, None)
        realtime = {**sample("ws-depth-realtime"), "symbol": MARKET}
        await venue.say(sample("ws-depth-realtime"), url=PRIVATE)  # of a symbol that nobody watches
        realtime["data"]["seqnum"] = 33347
        assert await venue.told("watch_order_book", SYMBOL, frames=[realtime]) is book
        assert levels(book)["asks"][-1] == [0.06844, 10760.0]


async def test_where_that_channel_does_not_begin_by_itself_it_is_asked():
    async with Bitmax(
        watchOrderBook={"channel": "depth-realtime", "snapshot": "x", "snapshotTimeout": 20}
    ) as venue:
        task = await venue.watch("watch_order_book", SYMBOL)
        await venue.sign_on()
        await asyncio.sleep(0.1)
        asked = venue.sent_to(PRIVATE)[0]
        request = sample("ws-demo-depth-snapshot-realtime-request")
        assert asked == {**request, "id": asked["id"]}
        assert sample("ws-depth-snapshot-realtime-request")["action"] == request["action"]
        await venue.say({**sample("ws-depth-snapshot-realtime-error"), "id": asked["id"]}, url=PRIVATE)
        assert not task.done()
        await venue.say({**sample("ws-depth-snapshot-realtime"), "symbol": MARKET}, url=PRIVATE)
        assert (await task)["nonce"] == 33346


async def test_a_snapshot_of_a_hundred_levels_by_option():
    options = {"channel": "depth", "snapshot": "depth-snapshot-top100", "snapshotTimeout": 5000}
    async with Bitmax(watchOrderBook=options) as venue:
        task = await venue.watch("watch_order_book", SYMBOL)
        asked = venue.sent()[-1]
        assert asked == {**sample("ws-demo-depth-snapshot-top100-request"), "id": asked["id"]}
        await venue.say(snapshot(7, m="depth-snapshot-top100"))
        assert (await task)["nonce"] == 7


# -- prices ----------------------------------------------------------------------------------------


async def test_best_prices(venue):
    told = await venue.told("watch_bids_asks", [SYMBOL], frames=[sample("ws-bbo")])
    (subscribe,) = venue.sent()
    assert subscribe == {**sample("ws-bbo-sub"), "id": subscribe["id"]}
    best = told[SYMBOL]
    expected = {
        "symbol": SYMBOL,
        "bid": 9309.11,
        "bidVolume": 0.0197172,
        "ask": 9309.12,
        "askVolume": 0.8851266,
        "timestamp": 1573068442532,
        "datetime": "2019-11-06T19:27:22.532Z",
        "info": sample("ws-bbo"),
        "last": None,
    }
    assert {name: best[name] for name in expected} == expected


async def test_a_side_without_orders_has_no_price(venue):
    frame = sample("ws-bbo")
    frame["data"].update(bid=["0", "0"], ask=["9999999", "0"])
    best = (await venue.told("watch_bids_asks", [SYMBOL], frames=[frame]))[SYMBOL]
    assert [best[name] for name in ("bid", "bidVolume", "ask", "askVolume")] == [None] * 4


def daily(close="11000"):
    return {"code": 0, "data": {**sample("rest-v1-ticker-futures")["data"], "close": close}}


async def test_a_ticker_is_the_days_with_the_latest_best_prices():
    asked = []

    def ticker(request):
        asked.append(request.query)
        return daily(str(11000 + len(asked)))

    async with Bitmax({"v1/ticker": ticker}, watchTicker={"rest": True, "refresh": 30}) as venue:
        tasks = [await venue.watch("watch_ticker", SYMBOL) for _ in range(3)]
        await settled()
        await venue.say(sample("ws-bbo"))
        for ticker in await asyncio.gather(*tasks):
            assert (ticker["bid"], ticker["ask"], ticker["timestamp"]) == (9309.11, 9309.12, 1573068442532)
            assert (ticker["last"], ticker["high"]) == (11001.0, 11000.0)
        assert asked == [{"symbol": MARKET}]
        # What else is in it is asked for again, while somebody waits.
        ticker = await asyncio.wait_for(venue.exchange.watch_ticker(SYMBOL), 10)
        assert (ticker["bid"], ticker["last"]) == (9309.11, 11002.0)


async def test_a_ticker_that_was_left_is_asked_for_anew():
    async with Bitmax({"v1/ticker": daily()}, watchTicker={"rest": True, "refresh": 0}) as venue:
        for count in (1, 2):
            await venue.told("watch_ticker", SYMBOL, frames=[sample("ws-bbo")])
            await venue.told("watch_ticker", SYMBOL, frames=[sample("ws-bbo")])
            await venue.exchange.un_watch_ticker(SYMBOL)
            assert len(venue.wire.requests) == count


async def test_tickers_without_rest(venue):
    told = await venue.told("watch_tickers", frames=[sample("ws-bbo")])
    assert (told[SYMBOL]["bid"], told[SYMBOL]["last"]) == (9309.11, None)
    assert venue.wire.requests == []


async def test_trades(venue):
    trades = await venue.told("watch_trades", SYMBOL, frames=[sample("ws-trades")])
    (subscribe,) = venue.sent()
    assert subscribe == {**sample("ws-trades-sub"), "id": subscribe["id"]}
    (trade,) = trades
    expected = {
        "id": "144115188077966308",
        "symbol": SYMBOL,
        "side": "buy",
        "price": 0.0686,
        "amount": 100.0,
        "cost": 6.86,
        "timestamp": 1573069903254,
        "info": sample("ws-trades")["data"][0],
    }
    assert {name: trade[name] for name in expected} == expected


async def test_candles(venue):
    candles = await venue.told("watch_ohlcv", SYMBOL, "1m", frames=[sample("ws-bar")])
    (subscribe,) = venue.sent()
    assert subscribe == {**sample("ws-bar-sub"), "id": subscribe["id"]}
    assert candles == [[1575398940000, 0.04993, 0.04993, 0.04970, 0.04970, 8052.0]]
    later, earlier = sample("ws-bar"), sample("ws-bar")
    later["data"].update(ts=1575399000000, c="0.05")
    earlier["data"].update(ts=1575398880000)
    candles = await venue.told("watch_ohlcv", SYMBOL, "1m", frames=[earlier, later])
    assert [candle[0] for candle in candles] == [1575398940000, 1575399000000][-len(candles) :]
    assert [candle[0] for candle in venue.exchange.ohlcvs[SYMBOL]["1m"]] == [1575398940000, 1575399000000]


async def test_a_month_is_not_a_minute(venue):
    month = sample("ws-bar")
    month["data"]["i"] = "1m"
    task = await venue.watch("watch_ohlcv", SYMBOL, "1m")
    await venue.say(month)
    assert not task.done()
    candles = await venue.told("watch_ohlcv", SYMBOL, "1M", frames=[month])
    assert venue.sent()[-1]["ch"] == f"bar:1m:{MARKET}"
    assert len(candles) == 1


PRICES = sample("ws-futures-pricing-data")


async def test_mark_prices_and_funding_rates(venue):
    rate_task = await venue.watch("watch_funding_rate", SYMBOL)
    marks = await venue.told("watch_mark_prices", frames=[PRICES])
    (subscribe,) = venue.sent()
    assert subscribe == {**sample("ws-futures-pricing-data-sub"), "id": subscribe["id"]}
    mark, rate = marks[SYMBOL], await rate_task
    assert (mark["markPrice"], mark["indexPrice"], mark["timestamp"]) == (50652.3553, 50702.8, 1614814705716)
    assert (rate["fundingRate"], rate["fundingTimestamp"]) == (0.000565699, 1614816000000)
    assert (rate["markPrice"], rate["indexPrice"], rate["interval"]) == (50652.3553, 50702.8, "8h")
    assert mark["info"] == rate["info"] == PRICES["con"][0]


async def test_prices_under_their_older_name(venue):
    older = {
        "m": "futures-pricing-data-batch",
        "data": [{"s": MARKET, "t": 1, "f": 2, "mp": "5", "ip": "6", "r": "0.1"}],
    }
    references = {"m": "futures-ref-price", "data": [{"a": "BTC", "q": "USDT", "t": 1, "p": "5"}]}
    mark = await venue.told("watch_mark_price", SYMBOL, frames=[references, older])
    assert (mark["markPrice"], mark["indexPrice"]) == (5.0, 6.0)


# -- subscriptions ---------------------------------------------------------------------------------


def listed(venue, count):
    contracts = venue.profile.sample(venue.profile.markets_sample)["data"]
    more = [{**contracts[0], "symbol": f"C{n}-PERP", "underlying": f"C{n}/USDT"} for n in range(count)]
    venue.exchange.set_markets(venue.exchange.parse_markets(more))
    return venue.exchange.symbols


async def test_symbols_are_subscribed_to_ten_at_a_time(venue):
    symbols = listed(venue, 200)
    task = await venue.watch("watch_trades_for_symbols", symbols)
    sent = venue.sent()
    assert [len(message["ch"].split(",")) for message in sent] == [10] * 20
    assert sample("ws-sub-multi")["ch"] == "trades:BTC/USDT,ETH/USDT,BTMX/USDT"
    assert sent[0]["ch"].startswith("trades:C0-PERP,C")
    await venue.say({**sample("ws-trades"), "symbol": "C137-PERP"})
    assert (await task)[0]["symbol"] == "C137/USDT:USDT"
    await venue.exchange.un_watch_trades_for_symbols(symbols)
    assert [message["op"] for message in venue.sent()] == ["unsub"] * 20


UN_WATCHED = [
    ("watch_order_book", (SYMBOL,), "ws-depth-unsub"),
    ("watch_bids_asks", ([SYMBOL],), "ws-bbo-unsub"),
    ("watch_ticker", (SYMBOL,), "ws-bbo-unsub"),
    ("watch_trades", (SYMBOL,), "ws-trades-unsub"),
    ("watch_ohlcv", (SYMBOL,), "ws-bar-unsub"),
]


@pytest.mark.parametrize(("method", "arguments", "documented"), UN_WATCHED)
async def test_leaving(venue, method, arguments, documented):
    task = await venue.watch(method, *arguments)
    venue.sent()
    await getattr(venue.exchange, f"un_{method}")(*arguments)
    with pytest.raises(ccxt.UnsubscribeError):
        await task
    (message,) = venue.sent()
    assert message == {**sample(documented), "id": message["id"]}
    await venue.say({**sample("ws-unsub-ack"), "id": message["id"]})


async def test_what_two_share_is_left_by_the_last(venue):
    await venue.told("watch_ticker", SYMBOL, frames=[sample("ws-bbo")])
    await venue.told("watch_bids_asks", [SYMBOL], frames=[sample("ws-bbo")])
    assert len(venue.sent()) == 1
    await venue.exchange.un_watch_ticker(SYMBOL)
    assert venue.sent() == []
    await venue.exchange.un_watch_bids_asks([SYMBOL])
    assert [message["ch"] for message in venue.sent()] == [f"bbo:{MARKET}"]


async def test_a_book_that_was_left_begins_anew(venue):
    old = await began(venue)
    await venue.exchange.un_watch_order_book(SYMBOL)
    await venue.say(change(8, [["98", "1"]]))
    assert levels(old)["bids"] == [[99.0, 1.0]]
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(change(12), snapshot(12))
    assert (await task)["nonce"] == 12


async def test_a_refused_subscription_is_told_to_those_whom_it_concerns(venue):
    bad, good = await venue.watch("watch_trades", SYMBOL), await venue.watch("watch_ohlcv", SYMBOL)
    await venue.say({**sample("ws-depth-realtime-sub-ack"), "ch": f"trades:{MARKET}"}, sample("ws-sub-ack"))
    assert not bad.done()
    await venue.say({**sample("ws-depth-realtime-sub-error"), "ch": f"trades:{MARKET}"})
    with pytest.raises(ccxt.BadSymbol, match="Unable to handle symbol"):
        await bad
    assert not good.done()
    venue.sent()
    await venue.watch("watch_trades", SYMBOL)
    assert [message["ch"] for message in venue.sent()] == [f"trades:{MARKET}"]


async def test_a_refusal_of_several_is_tried_one_by_one(venue):
    symbols = listed(venue, 3)
    tasks = [await venue.watch("watch_trades", symbol) for symbol in symbols]
    together = await venue.watch("watch_trades_for_symbols", symbols)
    venue.sent()
    channel = "trades:" + ",".join(venue.exchange.market_ids(symbols))
    await venue.say(
        {"m": "sub", "id": "1", "ch": channel, "code": 100008, "reason": "Unable to handle symbol"}
    )
    assert not any(task.done() for task in [*tasks, together])
    singles = venue.sent()
    assert [message["ch"] for message in singles] == [
        f"trades:{id}" for id in venue.exchange.market_ids(symbols)
    ]
    await venue.say({"m": "error", **refused(100008, id=singles[1]["id"])})
    for task in (tasks[1], together):
        with pytest.raises(ccxt.BadSymbol):
            await task
    assert not tasks[0].done() and not tasks[2].done()


# -- life ------------------------------------------------------------------------------------------


async def test_pings_both_ways(venue):
    await venue.watch("watch_trades", SYMBOL)
    venue.sent()
    await venue.say(sample("ws-ping-server"))
    assert venue.sent() == [sample("ws-pong-client")]
    await venue.exchange.feed.ping(venue.connection)
    assert venue.sent() == [sample("ws-ping-client")]
    await venue.say(sample("ws-pong-server"))
    assert venue.sent() == []


async def test_a_farewell_ends_the_connection(venue):
    task = await venue.watch("watch_trades", SYMBOL)
    await venue.say(sample("ws-disconnected"))
    with pytest.raises(ccxt.NetworkError, match="missing pong") as caught:
        await task
    assert type(caught.value) is ccxt.NetworkError
    assert venue.exchange.clients == {}


@pytest.mark.parametrize(
    ("code", "error"),
    [(200001, ccxt.AuthenticationError), (100014, ccxt.RateLimitExceeded), (510001, ccxt.NetworkError)],
)
async def test_a_farewell_for_a_reason_that_will_be_there_again(venue, code, error):
    task = await venue.watch("watch_trades", SYMBOL)
    await venue.say({"m": "disconnected", **refused(code)})
    with pytest.raises(error):
        await task


async def test_frames_in_a_list(venue):
    trades, bar = await venue.watch("watch_trades", SYMBOL), await venue.watch("watch_ohlcv", SYMBOL)
    await venue.say([sample("ws-trades"), sample("ws-bar"), {"op": "connected", "type": "unauth"}])
    assert len(await trades) == len(await bar) == 1
    again = await venue.watch("watch_trades", SYMBOL)
    await venue.say([7, sample("ws-bar")])
    with pytest.raises(ccxt.BadResponse):
        await again


async def test_an_error_that_nobody_can_attribute_is_told_to_all_and_one_that_comes_too_late_to_none(venue):
    task = await venue.watch("watch_trades", SYMBOL)
    (subscribe,) = venue.sent()
    trades = await venue.watch("fetch_trades_ws", SYMBOL)
    late = venue.sent()[0]["id"]
    trades.cancel()
    await settled()
    await venue.say({**sample("ws-error"), "id": late})
    assert not task.done()
    await venue.say(sample("ws-error"))
    with pytest.raises(ccxt.BadRequest, match="Invalid request action: trade-snapshot"):
        await task
    assert subscribe["id"] != late


@pytest.mark.parametrize(
    "frame", ["{}", "[[]]", '{"m": 7}', '{"m": null}', '{"data": 1}', "7", '"x"', "", "\x00"]
)
async def test_what_is_no_message_is_told_to_all(venue, frame):
    task = await venue.watch("watch_trades", SYMBOL)
    await venue.say(frame)
    with pytest.raises(ccxt.BadResponse):
        await task


async def test_messages_that_nobody_knows_are_left_alone(venue):
    task = await venue.watch("watch_trades", SYMBOL)
    await venue.say({"m": "summary", "data": {}}, {"m": "brand-new"})
    assert not task.done()
