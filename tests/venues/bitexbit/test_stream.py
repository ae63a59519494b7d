"""bitexbit's stream, frame by frame: socket.io, and books and trades out of the documented messages."""

import asyncio
import json

import ccxt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccxt_ext.testing.any_json import any_json, field_names, mutated, named
from tests.venues.bitexbit.other_end import (
    BOOK,
    CAME,
    CANCELLED,
    CHANNEL,
    FIRST,
    JOINED,
    OPEN,
    OTHER,
    SUBSCRIBE,
    SUBSCRIBED,
    SYMBOL,
    Venue,
    frame,
)
from tests.venues.offline_stream import levels, settled, with_options


@pytest.fixture
async def venue(request):
    async with Venue(**getattr(request, "param", {})) as venue:
        yield venue


# -- socket.io -------------------------------------------------------------------------------------


async def test_the_frames_of_version_4(venue):
    task = await venue.watch("watch_trades", SYMBOL)
    assert venue.connection.url == "wss://bitexbit.com/socket.io/?EIO=4&transport=websocket"
    assert venue.sent() == []
    await venue.say(OPEN)
    assert venue.sent() == ["40"]
    await venue.say(JOINED[4])
    assert venue.sent() == [SUBSCRIBE]
    await venue.say("2", "2probe", "3", "6", "430[]", '40/other,{"sid":"x"}', '42["hello",{"a":1}]')
    assert venue.sent() == ["3", "3probe"]
    await venue.exchange.feed.ping(venue.connection)
    assert venue.sent() == ["a WebSocket's ping"]  # packets of this kind are the server's
    task.cancel()


@with_options(engineIoVersion=3)
async def test_the_frames_of_version_3(venue):
    task = await venue.watch("watch_trades", SYMBOL)
    assert venue.connection.url == "wss://bitexbit.com/socket.io/?EIO=3&transport=websocket"
    await venue.say(OPEN)
    assert venue.sent() == []
    await venue.say(JOINED[3])
    assert venue.sent() == [SUBSCRIBE]
    await venue.exchange.feed.ping(venue.connection)
    assert venue.sent() == ["2"]
    await venue.say("3")
    task.cancel()


@with_options(engineIoVersion=2)
async def test_there_is_no_other_version(venue):
    with pytest.raises(ccxt.BadRequest, match="3 and 4"):
        await venue.exchange.watch_trades(SYMBOL)


async def test_the_handshake_says_how_often_to_ping_unless_the_options_do(venue):
    task = await venue.begin("watch_trades", SYMBOL)
    timing = venue.connection.timing
    assert (timing["pingInterval"], timing["timeout"]) == (25000, 45000)
    task.cancel()
    async with Venue() as other:
        other.exchange.options["ws"]["timeout"] = 7000
        task = await other.begin("watch_trades", SYMBOL)
        timing = other.connection.timing
        assert (timing["pingInterval"], timing["timeout"]) == (25000, 7000)
        task.cancel()


async def test_a_handshake_that_does_not_come():
    async with Venue() as venue:
        venue.exchange.options["ws"]["connectTimeout"] = 10
        task = await venue.watch("watch_trades", SYMBOL)
        await venue.say(OPEN)
        with pytest.raises(ccxt.RequestTimeout, match="handshake"):
            await task


@pytest.mark.parametrize(
    ("said", "kind", "text"),
    [
        ("1", ccxt.NetworkError, "closed the session"),
        ("41", ccxt.NetworkError, "ended the connection"),
        ('44{"message":"Not now"}', ccxt.ExchangeNotAvailable, "Not now"),
        ("0", ccxt.BadResponse, "no handshake"),
        ('0{"sid":"x","pingInterval":"often"}', ccxt.BadResponse, "no handshake"),
    ],
)
async def test_what_ends_the_connection(venue, said, kind, text):
    task = await venue.begin("watch_trades", SYMBOL)
    await venue.say(said)
    with pytest.raises(kind, match=text):
        await task
    venue.forget_failures()
    again = await venue.begin("watch_trades", SYMBOL)
    assert len(venue.connections) == 2
    await venue.say(frame(CAME))
    assert len(await again) == 1


@with_options(
    url="wss://stream.example/x/?k=v",
    subscribeEvent="join",
    messageEvent="update",
    cancelIdField="cancel_order_id",
)
async def test_what_is_not_documented_can_be_set(venue):
    venue.answers = [{"buy": [{"price": 930, "id": 4535, "amount": 2}], "sell": BOOK["sell"]}]
    task = await venue.watch("watch_order_book", SYMBOL)
    # As messages do not tell their channel, it has a connection to itself.
    url = "wss://stream.example/x/?k=v&EIO=4&transport=websocket#"
    assert venue.connection.url == f"{url}{CHANNEL}"
    await venue.say(OPEN, JOINED[4])
    assert venue.sent() == ["40", f'42["join","{CHANNEL}"]']
    await task
    book = await venue.told("watch_order_book", SYMBOL, frames=[frame(CANCELLED, "update")])
    assert levels(book)["bids"] == []
    other = await venue.watch("watch_trades", OTHER)
    assert venue.connection.url == f"{url}book_ETH_USDT"
    await venue.say(OPEN, JOINED[4])
    await venue.say(frame(CAME, "update"))
    assert (await other)[0]["symbol"] == OTHER


async def test_options_that_are_put_in_place_of_others_need_not_have_all(venue):
    venue.exchange.options["stream"] = {"engineIoVersion": 3}
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(OPEN, JOINED[3])
    await venue.say(SUBSCRIBED)
    assert levels(await task) == FIRST


# -- messages --------------------------------------------------------------------------------------


async def test_a_book_is_its_snapshot_and_what_orders_changed(venue):
    book = await venue.book()
    assert venue.asked == [{"pair": "BTC_USD", "group": 0}]
    assert levels(book) == FIRST
    assert (book["symbol"], book["timestamp"], book["nonce"]) == (SYMBOL, None, None)
    # 0.1 of the first order is sold, and nothing is left of the taker.
    assert await venue.told("watch_order_book", SYMBOL, frames=[frame(CAME)]) is book
    assert levels(book) == {**FIRST, "bids": [[936.0, 0.4], [930.0, 2.0]]}
    assert (book["timestamp"], book["datetime"]) == (1485686507094, "2017-01-29T10:41:47.094Z")
    await venue.told("watch_order_book", SYMBOL, frames=[frame(CANCELLED)])
    assert levels(book) == {"bids": [[936.0, 0.4], [930.0, 2.0]], "asks": []}
    rows = [{**CAME["trades"][0], "amount": "0.25"}, {**CAME["trades"][0], "amount": "0.15", "o_id": 15200}]
    rests = {**CAME, "oid": 15300, "amount": 0.75, "trades": rows}
    await venue.told("watch_order_book", SYMBOL, frames=[frame(rests)])
    assert levels(book) == {"bids": [[930.0, 2.0]], "asks": [[935.23, 0.75]]}
    assert len(venue.asked) == 1


async def test_amounts_are_exact(venue):
    venue.answers = [{"buy": [{"price": 1, "id": 1, "amount": "0.3"}], "sell": []}]
    book = await venue.book()
    for number in (1, 2):
        taken = {**CAME, "oid": number + 10, "trades": [{**CAME["trades"][0], "amount": 0.1, "o_id": 1}]}
        await venue.told("watch_order_book", SYMBOL, frames=[frame(taken)])
    assert levels(book)["bids"] == [[1.0, 0.1]]
    taken["oid"] += 1
    await venue.told("watch_order_book", SYMBOL, frames=[frame(taken)])
    assert levels(book)["bids"] == []


async def test_trades_of_messages(venue):
    (trade,) = await (await said(venue, await venue.begin("watch_trades", SYMBOL), frame(CAME)))
    assert trade == {
        "id": "14876",
        "order": None,
        "symbol": SYMBOL,
        "timestamp": 1485686507094,
        "datetime": "2017-01-29T10:41:47.094Z",
        "type": None,
        "side": "sell",
        "takerOrMaker": None,
        "price": 936.0,
        "amount": 0.1,
        "cost": 93.6,
        "fee": {"cost": None, "currency": None},
        "fees": [],
        "info": CAME["trades"][0],
    }
    assert venue.asked == []
    task = await venue.watch("watch_trades", SYMBOL)
    await venue.say(frame(CANCELLED), frame({**CAME, "oid": 1, "trades": []}))
    assert not task.done()
    rows = [{**CAME["trades"][0], "tid": 14877}, {**CAME["trades"][0], "tid": 14878}]
    await venue.say(frame({**CAME, "oid": 2, "trades": rows}))
    assert [trade["id"] for trade in await task] == ["14877", "14878"]


async def said(venue, task, *frames):
    await venue.say(*frames)
    return task


async def test_books_and_trades_share_a_subscription(venue):
    trades = await venue.begin("watch_trades", SYMBOL)
    venue.sent()
    book = await venue.watch("watch_order_book", SYMBOL)
    assert levels(await book) == FIRST
    assert venue.sent() == []
    book = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(frame(CAME))
    assert len(await trades) == 1
    assert (await book)["bids"][0] == [936.0, 0.4]
    # The book is left, the trades stay.
    await venue.exchange.un_watch_order_book(SYMBOL)
    assert venue.sent() == []
    trades = await venue.watch("watch_trades", SYMBOL)
    await venue.say(frame({**CAME, "oid": 9}))
    assert len(await trades) == 1
    assert venue.exchange.orderbooks == {}
    # It comes back with a snapshot.
    book = await (await venue.watch("watch_order_book", SYMBOL))
    assert levels(book) == FIRST
    await venue.exchange.un_watch_trades(SYMBOL)
    await venue.exchange.un_watch_order_book(SYMBOL)
    assert venue.sent() == [f'42["unsubscribe","{CHANNEL}"]']
    await venue.say(frame(CAME))
    assert venue.exchange.orderbooks == venue.exchange.feed.channels == {}


# -- snapshots -------------------------------------------------------------------------------------


@with_options(subscribeWait=60_000)
async def test_the_snapshot_is_asked_for_once_the_subscription_is_there(venue):
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(OPEN, JOINED[4])
    assert venue.asked == []
    await venue.say('42["subscribe.success","book_ETH_USDT"]')
    assert venue.asked == []
    await venue.say(SUBSCRIBED)
    assert levels(await task) == FIRST
    # A message tells as much.
    task = await venue.watch("watch_order_book", OTHER)
    assert len(venue.asked) == 1
    await venue.say(frame({**CAME, "trades": []}, "book_ETH_USDT"))
    assert venue.asked[1:] == [{"pair": "ETH_USDT", "group": 0}]
    await task


@with_options(subscribeWait=1)
async def test_a_server_need_not_acknowledge(venue):
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(OPEN, JOINED[4])
    assert levels(await asyncio.wait_for(task, 5)) == FIRST


@with_options(lag=60_000)
async def test_what_comes_while_the_snapshot_is_on_its_way(venue):
    venue.gate = asyncio.Semaphore(0)
    task = await venue.begin("watch_order_book", SYMBOL)
    # The first is in it, the second not; nothing else can be.
    known = {**CAME, "oid": 15100, "type": "buy", "price": 930, "amount": 2, "trades": []}
    await venue.say(frame(known), frame(CANCELLED))
    assert not task.done()
    venue.gate.release()
    assert levels(await task) == {**FIRST, "asks": []}
    assert len(venue.asked) == 1


@with_options(lag=60_000)
async def test_when_a_trade_may_be_in_the_snapshot_or_not_there_is_another(venue):
    venue.gate = asyncio.Semaphore(0)
    task = await venue.begin("watch_order_book", SYMBOL)
    await venue.say(frame(CAME))
    left = [{**BOOK["buy"][0], "amount": 0.25}, *BOOK["buy"][1:]]
    venue.answers = [BOOK, {**BOOK, "buy": left}]
    venue.gate.release()
    venue.gate.release()
    book = await asyncio.wait_for(task, 5)
    assert levels(book) == {**FIRST, "bids": [[936.0, 0.4], [930.0, 2.0]]}
    assert len(venue.asked) == 2


@pytest.mark.parametrize(
    "message",
    [
        {**CANCELLED, "oid": 1},
        {**CAME, "trades": [{**CAME["trades"][0], "o_id": 1}]},
        {**CAME, "trades": [{**CAME["trades"][0], "amount": "0.36"}]},
        {**CAME, "oid": 15100, "amount": 1, "trades": []},
        {**CAME, "price": 930.5, "amount": 1, "trades": []},
    ],
    ids=["unknown cancelled", "unknown met", "more than there was", "placed twice", "crossed"],
)
async def test_what_cannot_be_begins_the_book_anew_and_nobody_is_told(venue, message):
    old = await venue.book()
    await venue.told("watch_order_book", SYMBOL, frames=[frame({**CANCELLED, "oid": 15200})])
    before = levels(old)
    venue.sent()
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(frame(message))
    new = await task
    assert new is not old
    assert (levels(new), levels(old)) == (FIRST, before)
    assert len(venue.asked) == 2
    assert venue.sent() == []


async def test_a_snapshot_that_fails_is_told_and_asked_for_again(venue, monkeypatch):
    monkeypatch.setattr("ccxt_ext.venues.bitexbit.stream.FIRST_PAUSE_S", 0.01)
    venue.answers = [
        ccxt.ExchangeNotAvailable("down"),
        {"buy": []},
        {"buy": [{"price": 1, "id": 1, "amount": "x"}], "sell": []},
        {"buy": [{"price": 5, "id": 1, "amount": 1}], "sell": [{"price": 5, "id": 2, "amount": 1}]},
        BOOK,
    ]
    venue.gate = asyncio.Semaphore(0)
    task = await venue.begin("watch_order_book", SYMBOL)
    refusals = (ccxt.ExchangeNotAvailable, "down"), (ccxt.BadResponse, "list"), (ccxt.BadResponse, "x")
    for kind, text in refusals:
        venue.gate.release()
        with pytest.raises(kind, match=text):
            await asyncio.wait_for(task, 5)
        task = await venue.watch("watch_order_book", SYMBOL)
    # One that is crossed is told to nobody.
    venue.gate.release()
    venue.gate.release()
    assert levels(await asyncio.wait_for(task, 5)) == FIRST
    assert len(venue.asked) == 5


async def test_after_a_lost_connection_there_is_another_snapshot(venue):
    old = await venue.book()
    venue.forget_failures()
    venue.connection.on_close(1006)
    await settled()
    task = await venue.begin("watch_order_book", SYMBOL)
    assert len(venue.connections) == 2
    new = await task
    assert new is not old
    assert levels(new) == FIRST


@with_options(snapshotAge=5)
async def test_a_snapshot_out_of_a_cache(venue):
    book = await asyncio.wait_for(venue.book(), 5)
    assert levels(book) == FIRST


# -- errors ----------------------------------------------------------------------------------------


@with_options(subscribeWait=60_000)
async def test_a_refused_subscription_is_told_and_can_be_tried_again(venue):
    book = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(OPEN, JOINED[4])
    other = await venue.watch("watch_trades", OTHER)
    await venue.say(f'42["subscribe.error",{{"channel":"{CHANNEL}","error":"Unknown channel"}}]')
    with pytest.raises(ccxt.BadSymbol, match="Unknown channel"):
        await book
    assert not other.done()
    venue.sent()
    task = await venue.watch("watch_order_book", SYMBOL)
    assert venue.sent() == [SUBSCRIBE]
    await venue.say(SUBSCRIBED)
    assert levels(await task) == FIRST
    # Without a name it is for those that have not begun.
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say('42["subscribe.error"]')
    with pytest.raises(ccxt.BadSymbol):
        await other
    assert not task.done()
    task.cancel()


BAD = [
    {**CAME, "date": None},
    {**CAME, "type": "?"},
    {**CAME, "amount": None},
    {**CAME, "amount": -1},
    {**CAME, "amount": 1, "price": 0},
    {**CAME, "oid": None},
    {**CAME, "trades": [{}]},
    {**CAME, "trades": {"a": 1}},
    {**CAME, "trades": [{**CAME["trades"][0], "amount": "nan"}]},
    {**CANCELLED, "oid": None},
    {"success": False, "error": "no"},
    [],
    "text",
]


@pytest.mark.parametrize("message", BAD)
async def test_a_bad_message_is_told_and_the_book_begins_anew(venue, message):
    await venue.book()
    other = await venue.watch("watch_order_book", OTHER)
    await venue.say('42["subscribe.success","book_ETH_USDT"]')
    await other
    other = await venue.watch("watch_order_book", OTHER)
    tasks = [await venue.watch(f"watch_{kind}", SYMBOL) for kind in ("order_book", "trades")]
    await venue.say(frame(message))
    for task in tasks:
        with pytest.raises(ccxt.BaseError):
            await task
    assert not other.done()
    other.cancel()
    book = await venue.told("watch_order_book", SYMBOL, frames=[frame(CANCELLED)])
    assert levels(book) == {**FIRST, "asks": []}
    assert len(venue.asked) == 3


@pytest.mark.parametrize(
    "said",
    [
        "",
        "7",
        "x",
        "4",
        "4x",
        "42",
        "42{}",
        '42["a"',
        "42[]",
        "451-[]",
        "46[]",
        "bAAAA",
    ],
)
async def test_what_nobody_can_attribute_begins_all_books_anew(venue, said):
    await venue.book()
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(said)
    with pytest.raises(ccxt.BadResponse):
        await task
    book = await venue.told("watch_order_book", SYMBOL, frames=[frame(CANCELLED)])
    assert levels(book) == {**FIRST, "asks": []}
    assert len(venue.asked) == 2


KEYS = sorted(field_names([CAME, CANCELLED]))
ANY = any_json.map(lambda tree: named(tree, KEYS))
MESSAGES = ANY | mutated([CAME, CANCELLED])
FRAMES = st.one_of(
    MESSAGES.map(frame),
    st.lists(ANY, max_size=3).map(lambda data: "42" + json.dumps(data)),
    st.builds(lambda kind, data: f"{kind}{json.dumps(data)}", st.integers(2, 46), ANY),
    st.text(max_size=10),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(FRAMES, max_size=4))
def test_whatever_comes_is_told_as_an_error_or_understood(frames):
    asyncio.run(meets(frames))


async def meets(frames):
    async with Venue() as venue:
        await venue.book()
        tasks = [await venue.watch(f"watch_{kind}", SYMBOL) for kind in ("order_book", "trades")]
        await venue.say(*frames)
        for task in tasks:
            if task.done():
                assert task.exception() is None or isinstance(task.exception(), ccxt.BaseError)
            task.cancel()
        if venue.connection.error is not None:
            return  # it was a farewell
        # Nothing is so bad that it does not go on.
        venue.exchange.handle_message(venue.connection, frame({**CANCELLED, "oid": "nobody's"}))
        await settled()
        book = await venue.told("watch_order_book", SYMBOL, frames=[frame(CANCELLED)])
        assert levels(book) == {**FIRST, "asks": []}
