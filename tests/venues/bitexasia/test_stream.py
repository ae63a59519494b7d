"""bitexasia's stream, frame by frame, as its reference assumes it."""

import asyncio
import copy

import ccxt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccxt_ext.testing.any_json import any_json, field_names, mutated, named
from tests.venues.offline_stream import Offline, levels, sample, settled, with_options

SYMBOL = "BTC/USD"
OTHER = "ETH/USD"
SNAPSHOT, DELTA, GAP, TRADES, MORE_TRADES, ERROR = (
    sample("bitexasia", f"assumed-ws-{name}")
    for name in (
        "orderbook-snapshot",
        "orderbook-delta",
        "orderbook-delta-gap",
        "trades-snapshot",
        "trades-delta",
        "error",
    )
)
SUBSCRIBE, UNSUBSCRIBE, SUBSCRIBE_TRADES = (
    sample("bitexasia", f"assumed-ws-{name}")
    for name in ("subscribe-orderbook", "unsubscribe-orderbook", "subscribe-trades")
)
FIRST = {
    "bids": [[62999.5, 0.8], [62999.0, 1.25], [62990.0, 3.0]],
    "asks": [[63000.5, 0.4], [63001.0, 2.0], [63010.0, 5.5]],
}
SECOND = {
    "bids": [[62999.0, 1.25], [62998.0, 0.7], [62990.0, 3.0]],
    "asks": [[63000.5, 0.35], [63001.0, 2.0], [63010.0, 5.5]],
}


@pytest.fixture
async def venue(request):
    async with Offline("bitexasia", options={"ws": getattr(request, "param", {})}) as venue:
        yield venue


def refused(**about):
    return {"type": "error", "error": {"code": "RATE_LIMITED", "message": "Too fast"}, **about}


# -- order books -----------------------------------------------------------------------------------


async def test_a_book_is_its_snapshot_and_what_changed(venue):
    book = await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT])
    assert venue.sent() == [SUBSCRIBE]
    assert levels(book) == FIRST
    assert (book["symbol"], book["nonce"], book["timestamp"]) == (SYMBOL, 1001, 1714521600000)
    assert book["datetime"] == "2024-05-01T00:00:00.000Z"
    assert await venue.told("watch_order_book", SYMBOL, frames=[DELTA]) is book
    assert levels(book) == SECOND
    assert (book["nonce"], book["timestamp"]) == (1002, 1714521600250)
    assert venue.sent() == []


async def test_an_acknowledgement_is_no_news_and_need_not_come(venue):
    acknowledged = sample("bitexasia", "assumed-ws-subscribed")
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(acknowledged, sample("bitexasia", "assumed-ws-pong"))
    assert not task.done()
    await venue.say(SNAPSHOT)
    assert levels(await task) == FIRST


async def test_only_so_many_levels_as_asked_for(venue):
    book = await venue.told("watch_order_book", SYMBOL, 2, frames=[SNAPSHOT])
    assert levels(book) == {side: rows[:2] for side, rows in FIRST.items()}


async def test_a_gap_brings_a_new_book_and_nothing_wrong_meanwhile(venue):
    old = await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT, DELTA])
    venue.sent()
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(GAP)
    assert venue.sent() == [UNSUBSCRIBE, SUBSCRIBE]
    # What was on its way belongs to the book that was dropped.
    await venue.say({**GAP, "sequence": 1005}, {**DELTA, "sequence": 1006})
    assert not task.done()
    assert venue.sent() == []
    assert levels(old) == SECOND
    await venue.say({**SNAPSHOT, "sequence": 1006})
    new = await task
    assert new is not old
    assert (levels(new), new["nonce"]) == (FIRST, 1006)
    assert levels(old) == SECOND


async def test_what_is_not_newer_is_ignored(venue):
    book = await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT, DELTA])
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(DELTA, {**GAP, "sequence": 900})
    assert not task.done()
    assert levels(book) == SECOND


async def test_a_crossed_book_begins_anew(venue):
    await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT])
    venue.sent()
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say({**DELTA, "bids": [["63001.00", "1"]], "asks": []})
    assert venue.sent() == [UNSUBSCRIBE, SUBSCRIBE]
    assert not task.done()
    await venue.say({**SNAPSHOT, "sequence": 7})
    assert (await task)["nonce"] == 7


@with_options(checkSequence=False)
async def test_without_numbers_changes_are_taken_as_they_come(venue):
    book = await venue.told("watch_order_book", SYMBOL, frames=[without(SNAPSHOT, "sequence")])
    assert levels(book) == FIRST
    frames = [without(DELTA, "sequence"), {**GAP, "sequence": 5}]
    assert await venue.told("watch_order_book", SYMBOL, frames=frames) is book
    assert levels(book) == {**SECOND, "asks": [[63000.5, 0.35], [63001.0, 1.5], [63010.0, 5.5]]}


async def test_numbers_are_needed_unless_it_is_said_that_they_are_not(venue):
    with pytest.raises(ccxt.BadResponse, match="sequence"):
        await venue.told("watch_order_book", SYMBOL, frames=[without(SNAPSHOT, "sequence")])


async def test_a_side_without_changes_may_be_missing(venue):
    await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT])
    book = await venue.told("watch_order_book", SYMBOL, frames=[without(DELTA, "asks")])
    assert levels(book) == {"bids": SECOND["bids"], "asks": FIRST["asks"]}


async def test_other_names_and_shapes(venue):
    snapshot = {
        "type": "Snapshot",
        "channel": "orderbook",
        "data": {
            "symbol": "BTC-USD",
            "seq": "1001",
            "timestamp": "2024-05-01T00:00:00Z",
            "bids": [{"price": 62999.5, "quantity": 0.8}],
            "asks": [{"price": "63000.50", "qty": "0.4"}],
        },
    }
    book = await venue.told("watch_order_book", SYMBOL, frames=[snapshot])
    assert levels(book) == {"bids": [[62999.5, 0.8]], "asks": [[63000.5, 0.4]]}
    assert (book["nonce"], book["timestamp"]) == (1001, 1714521600000)
    trades = {
        "type": "delta",
        "channel": "trades",
        "market": "BTC-USD",
        "result": [{"trade_id": 7, "price": 5, "amount": 2, "side": "SELL", "time": 1714521600}],
    }
    (trade,) = await venue.told("watch_trades", SYMBOL, frames=[trades])
    assert (trade["id"], trade["amount"], trade["side"]) == ("7", 2.0, "sell")
    assert trade["timestamp"] == 1714521600000


# -- trades ----------------------------------------------------------------------------------------


async def test_trades_of_the_snapshot_and_those_that_follow(venue):
    first = await venue.told("watch_trades", SYMBOL, frames=[TRADES])
    assert venue.sent() == [SUBSCRIBE_TRADES]
    assert [trade["id"] for trade in first] == ["t_501", "t_502"]
    assert first[0] == {
        "id": "t_501",
        "order": None,
        "symbol": SYMBOL,
        "timestamp": 1714521590100,
        "datetime": "2024-04-30T23:59:50.100Z",
        "type": None,
        "side": "sell",
        "takerOrMaker": None,
        "price": 62999.5,
        "amount": 0.02,
        "cost": 1259.99,
        "fee": {"cost": None, "currency": None},
        "fees": [],
        "info": TRADES["trades"][0],
    }
    (trade,) = await venue.told("watch_trades", SYMBOL, frames=[MORE_TRADES])
    assert (trade["id"], trade["price"], trade["amount"]) == ("t_503", 63000.5, 0.05)


async def test_no_trade_is_told_twice(venue):
    await venue.told("watch_trades", SYMBOL, frames=[TRADES, MORE_TRADES])
    task = await venue.watch("watch_trades", SYMBOL)
    await venue.say(TRADES, MORE_TRADES)
    assert not task.done()
    missed = {**MORE_TRADES["trades"][0], "id": "t_504"}
    await venue.say({**TRADES, "trades": [*TRADES["trades"], *MORE_TRADES["trades"], missed, missed]})
    assert [trade["id"] for trade in await task] == ["t_504"]


@with_options(emitTradeSnapshot=False)
async def test_the_snapshot_of_trades_can_be_left_out(venue):
    trades = await venue.told("watch_trades", SYMBOL, frames=[TRADES, MORE_TRADES])
    assert [trade["id"] for trade in trades] == ["t_503"]


# -- subscriptions ---------------------------------------------------------------------------------


async def test_symbols_share_a_connection_and_do_not_mix(venue):
    task = await venue.watch("watch_order_book_for_symbols", [SYMBOL, OTHER])
    trades = await venue.watch("watch_trades", OTHER)
    assert venue.sent() == [
        SUBSCRIBE,
        {**SUBSCRIBE, "pair": "ETH-USD"},
        {**SUBSCRIBE_TRADES, "pair": "ETH-USD"},
    ]
    await venue.say({**SNAPSHOT, "pair": "ETH-USD"})
    book = await task
    assert book["symbol"] == OTHER
    assert not trades.done()
    trades.cancel()
    # A gap of one leaves the other as it is.
    await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT])
    await venue.say({**GAP, "pair": "ETH-USD"})
    assert levels(await venue.told("watch_order_book", SYMBOL, frames=[DELTA])) == SECOND


async def test_leaving(venue):
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(SNAPSHOT)
    await task
    venue.sent()
    await venue.exchange.un_watch_order_book(SYMBOL)
    assert venue.sent() == [UNSUBSCRIBE]
    await venue.say(sample("bitexasia", "assumed-ws-unsubscribed"), DELTA)
    assert venue.exchange.orderbooks == {}
    task = await venue.watch("watch_order_book", SYMBOL)
    assert venue.sent() == [SUBSCRIBE]
    await venue.say(DELTA)
    assert not task.done()
    await venue.say(SNAPSHOT)
    assert levels(await task) == FIRST


@with_options(
    subscribe={
        "op": None,
        "channel": None,
        "pair": None,
        "cmd": "subscribe",
        "args": ["{channel}.{pair}"],
        "v": 2,
    }
)
async def test_the_form_of_a_subscription_can_be_changed(venue):
    await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT])
    await venue.exchange.un_watch_order_book(SYMBOL)
    assert venue.sent() == [
        {"cmd": "subscribe", "args": ["orderbook.BTC-USD"], "v": 2},
        {"cmd": "unsubscribe", "args": ["orderbook.BTC-USD"], "v": 2},
    ]


async def test_parameters_go_along(venue):
    await venue.told("watch_trades", SYMBOL, None, None, {"recent": 5}, frames=[TRADES])
    assert venue.sent() == [{**SUBSCRIBE_TRADES, "recent": 5}]


async def test_options_that_are_put_in_place_of_others_need_not_have_all(venue):
    venue.exchange.options["ws"] = {"emitTradeSnapshot": False}
    book = await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT])
    assert venue.sent() == [SUBSCRIBE]
    assert levels(book) == FIRST


@with_options(maxSubscriptions=2)
async def test_no_more_subscriptions_than_allowed(venue):
    await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT])
    await venue.told("watch_trades", SYMBOL, frames=[TRADES])
    with pytest.raises(ccxt.BadRequest, match="3 subscriptions are more than the 2"):
        await venue.exchange.watch_order_book(OTHER)
    await venue.told("watch_order_book", SYMBOL, frames=[DELTA])
    await venue.exchange.un_watch_trades(SYMBOL)
    await venue.told("watch_order_book", OTHER, frames=[{**SNAPSHOT, "pair": "ETH-USD"}])


async def test_after_a_lost_connection_all_is_subscribed_again(venue):
    await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT])
    await venue.told("watch_trades", SYMBOL, frames=[TRADES])
    venue.forget_failures()
    venue.connection.on_close(1006)
    await settled()
    task = await venue.watch("watch_trades", SYMBOL)
    assert len(venue.connections) == 2
    assert venue.sent() == [SUBSCRIBE, SUBSCRIBE_TRADES]
    await venue.say({**TRADES, "trades": [*TRADES["trades"], *MORE_TRADES["trades"]]})
    assert [trade["id"] for trade in await task] == ["t_503"]
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(DELTA)
    assert not task.done()
    await venue.say({**SNAPSHOT, "sequence": 5})
    assert (await task)["nonce"] == 5


# -- pings -----------------------------------------------------------------------------------------


async def test_pings_both_ways(venue):
    await venue.watch("watch_order_book", SYMBOL)
    venue.sent()
    await venue.exchange.feed.ping(venue.connection)
    await venue.say(sample("bitexasia", "assumed-ws-server-ping"))
    assert venue.sent() == [
        sample("bitexasia", "assumed-ws-ping"),
        sample("bitexasia", "assumed-ws-client-pong"),
    ]


# -- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (ERROR["error"], ccxt.BadSymbol, "PAIR_NOT_FOUND Unknown pair"),
        ({"code": "RATE_LIMITED", "message": "Too fast"}, ccxt.RateLimitExceeded, "Too fast"),
        ({"code": "NEW", "message": "?"}, ccxt.ExchangeError, "NEW"),
        ("MAINTENANCE", ccxt.OnMaintenance, "MAINTENANCE"),
        ({}, ccxt.ExchangeError, "an error without a text"),
        (None, ccxt.ExchangeError, "orderbook"),
    ],
)
async def test_an_error_reaches_whom_it_names_who_may_try_again(venue, error, kind, text):
    book, trades = await venue.watch("watch_order_book", SYMBOL), await venue.watch("watch_trades", SYMBOL)
    venue.sent()
    await venue.say({**ERROR, "pair": "BTC-USD", "error": error})
    with pytest.raises(kind, match=text) as raised:
        await book
    assert type(raised.value) is kind
    assert not trades.done()
    again = await venue.watch("watch_order_book", SYMBOL)
    assert venue.sent() == [SUBSCRIBE]
    await venue.say(SNAPSHOT, TRADES)
    assert levels(await again) == FIRST
    assert len(await trades) == 2


async def test_an_error_about_another_pair_concerns_nobody(venue):
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(ERROR, refused(pair="BTCUSD"))
    assert not task.done()
    task.cancel()


async def test_an_error_without_a_channel_is_for_all_of_its_pair(venue):
    tasks = [await venue.watch(f"watch_{kind}", SYMBOL) for kind in ("order_book", "trades")]
    other = await venue.watch("watch_trades", OTHER)
    await venue.say(refused(pair="BTC-USD"))
    for task in tasks:
        with pytest.raises(ccxt.RateLimitExceeded):
            await task
    assert not other.done()
    other.cancel()


async def test_an_error_that_names_nothing_is_for_what_has_not_begun(venue):
    await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT])
    begun = await venue.watch("watch_order_book", SYMBOL)
    waiting = await venue.watch("watch_trades", SYMBOL)
    venue.sent()
    await venue.say(refused())
    with pytest.raises(ccxt.RateLimitExceeded, match="Too fast"):
        await waiting
    assert not begun.done()
    await venue.say(refused())
    with pytest.raises(ccxt.RateLimitExceeded):
        await begun
    task = await venue.watch("watch_trades", SYMBOL)
    assert venue.sent() == [SUBSCRIBE_TRADES]
    task.cancel()
    # The book goes on where it was.
    assert levels(await venue.told("watch_order_book", SYMBOL, frames=[DELTA])) == SECOND


@pytest.mark.parametrize(
    "frame",
    [
        {**DELTA, "bids": [["1"]]},
        {**DELTA, "bids": [["x", "1"]]},
        {**DELTA, "bids": {}},
        {**DELTA, "asks": [["63000.50", None]]},
        {**DELTA, "sequence": None},
        {**DELTA, "timestamp": "noon"},
        {**SNAPSHOT, "bids": None},
    ],
)
async def test_a_bad_frame_is_told_and_the_book_begins_anew(venue, frame):
    await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT])
    await venue.told("watch_order_book", OTHER, frames=[{**SNAPSHOT, "pair": "ETH-USD"}])
    other = await venue.watch("watch_order_book", OTHER)
    task = await venue.watch("watch_order_book", SYMBOL)
    venue.sent()
    await venue.say(frame)
    with pytest.raises(ccxt.BadResponse):
        await task
    assert venue.sent() == [UNSUBSCRIBE, SUBSCRIBE]
    assert not other.done()
    other.cancel()
    assert levels(await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT, DELTA])) == SECOND


@pytest.mark.parametrize("frame", ["", "{", "[1]", "7", '{"type":"delta","channel":"orderbook"}'])
async def test_what_nobody_can_attribute_begins_all_anew(venue, frame):
    await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT])
    tasks = [await venue.watch(f"watch_{kind}", SYMBOL) for kind in ("order_book", "trades")]
    venue.sent()
    await venue.say(frame)
    for task in tasks:
        with pytest.raises(ccxt.BadResponse):
            await task
    assert sorted(map(str, venue.sent())) == sorted(
        map(str, [UNSUBSCRIBE, {**SUBSCRIBE_TRADES, "op": "unsubscribe"}, SUBSCRIBE, SUBSCRIBE_TRADES])
    )
    assert levels(await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT])) == FIRST


@pytest.mark.parametrize(
    "frame", [{}, {"type": "hello"}, {**DELTA, "channel": "news"}, {**DELTA, "pair": "NOPE-USD"}]
)
async def test_what_concerns_nobody_is_ignored(venue, frame):
    task = await venue.watch("watch_order_book", SYMBOL)
    venue.sent()
    await venue.say(frame)
    assert not task.done()
    assert venue.sent() == []
    task.cancel()


FRAMES = [SNAPSHOT, DELTA, TRADES, MORE_TRADES, {**ERROR, "pair": "BTC-USD"}]
KEYS = sorted(set().union(*map(field_names, FRAMES)))
ANY = any_json.map(lambda tree: named(tree, KEYS))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ANY | mutated([copy.deepcopy(frame) for frame in FRAMES]), max_size=4))
def test_whatever_comes_is_told_as_an_error_or_understood(frames):
    asyncio.run(meets(frames))


async def meets(frames):
    async with Offline("bitexasia") as venue:
        tasks = [await venue.watch(f"watch_{kind}", SYMBOL) for kind in ("order_book", "trades")]
        await venue.say(*frames)
        for task in tasks:
            if task.done():
                assert task.exception() is None or isinstance(task.exception(), ccxt.BaseError)
            task.cancel()
        for kind in ("order_book", "trades"):  # what was told meanwhile
            (await venue.watch(f"watch_{kind}", SYMBOL)).cancel()
        # Nothing is so bad that it does not go on.
        book = await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT])
        assert levels(book) == FIRST
        trades = {**TRADES, "trades": [{**row, "id": f"after {row['id']}"} for row in TRADES["trades"]]}
        assert (await venue.told("watch_trades", SYMBOL, frames=[trades]))[-1]["id"] == "after t_502"


def without(frame, name):
    return {key: value for key, value in frame.items() if key != name}
