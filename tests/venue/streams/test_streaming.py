"""Connections: what is followed over them survives whatever happens to them, and nothing is left behind."""

import asyncio
import gc
from types import SimpleNamespace

import ccxt
import pytest

from ccxt_ext.venue.streams.addresses import Dialling
from ccxt_ext.venue.streams.connection import Connection
from tests.venue.streams.toy_streams import Server, streamed

C0, C1, C2 = "C0/Q", "C1/Q", "C2/Q"


@pytest.fixture
async def server():
    async with Server() as server:
        yield server


@pytest.fixture
async def toy(server):
    toy = streamed(server)
    await toy.load_markets()
    yield toy
    await toy.close()


async def started(call):
    task = asyncio.ensure_future(call)
    await asyncio.sleep(0)
    return task


def last(ticker):
    return ticker["last"]


async def test_what_comes_reaches_all_who_wait_for_it_and_nobody_else(server, toy):
    waiting = [await started(toy.watch_ticker(C0)) for _ in range(3)]
    other = await started(toy.watch_ticker(C1))
    await server.subscribed("C0_Q", "C1_Q")
    await server.say({"on": "C0_Q", "value": 7})
    assert [last(ticker) for ticker in await asyncio.gather(*waiting)] == [7, 7, 7]
    assert not other.done()
    await server.say({"on": "C1_Q", "value": 8})
    assert last(await other) == 8
    assert len(server.connections) == 1
    assert sorted(m["sub"] for m in server.heard[0]) == ["C0_Q", "C1_Q"]


async def test_two_hundred_symbols_over_one_connection(server):
    toy = streamed(server)
    toy.options["markets"] = 200
    await toy.load_markets()
    everything = await started(toy.watch_tickers())
    single = [await started(toy.watch_ticker(symbol)) for symbol in toy.symbols]
    await server.subscribed(*toy.market_ids(toy.symbols))
    for number, id in enumerate(toy.market_ids(toy.symbols)):
        await server.say({"on": id, "value": number})
    assert [last(await task) for task in single] == list(range(200))
    assert C0 in await everything
    assert len(server.connections) == 1
    assert len(server.heard[0]) == 200
    await toy.close()


@pytest.mark.parametrize("how", ["cut", "closed"])
async def test_a_lost_connection_is_told_and_everything_is_subscribed_again(server, toy, how):
    for symbol in (C0, C1):
        task = await started(toy.watch_ticker(symbol))
        await server.subscribed(toy.market_id(symbol))
        await server.say({"on": toy.market_id(symbol), "value": 1})
        await task
    waiting = await started(toy.watch_ticker(C0))
    await asyncio.sleep(0.01)
    await (server.cut() if how == "cut" else server.connections[-1].close())
    with pytest.raises(ccxt.NetworkError):
        await waiting
    again = await started(toy.watch_ticker(C0))
    await server.until(lambda: len(server.connections) == 2)
    await server.subscribed("C0_Q", "C1_Q")  # C1 as well, though nobody waits for it now
    await server.say({"on": "C0_Q", "value": 2})
    assert last(await again) == 2


async def test_a_silent_connection_is_noticed(server):
    toy = streamed(server, pingInterval=50, timeout=500)
    task = await started(toy.watch_ticker(C0))
    await server.subscribed("C0_Q")
    await asyncio.sleep(0.8)
    assert not task.done()  # pongs come
    server.connections[-1]._req.transport.pause_reading()
    with pytest.raises(ccxt.RequestTimeout, match="nothing came"):
        await asyncio.wait_for(task, 5)
    await toy.close()


async def test_a_refused_connection_is_told_each_time_and_dialled_again(server, toy):
    server.refusals = 2
    for _ in range(2):
        with pytest.raises(ccxt.ExchangeNotAvailable, match="503"):
            await toy.watch_ticker(C0)
    task = await started(toy.watch_ticker(C0))
    await server.subscribed("C0_Q")
    await server.say({"on": "C0_Q", "value": 3})
    assert last(await task) == 3


async def test_nothing_listens_there(toy, server):
    await server.__aexit__()
    with pytest.raises(ccxt.ExchangeNotAvailable):
        await toy.watch_ticker(C0)


def test_delays_grow_are_jittered_and_have_an_end():
    options = {"reconnectDelay": 100, "maxReconnectDelay": 1000, "connectInterval": 0}
    dialling = Dialling("ws://delays.test")
    assert dialling.delay(options) <= 0
    for ceiling in (0.1, 0.2, 0.4, 0.8, 1.0, 1.0):
        dialling.ended(0)
        delays = {dialling.delay(options) for _ in range(50)}
        assert ceiling / 2 <= min(delays) < max(delays) <= ceiling
    dialling.ended(3600)
    assert dialling.delay(options) <= 0.1


def test_connections_to_one_host_keep_their_distance():
    options = {"reconnectDelay": 0, "maxReconnectDelay": 0, "connectInterval": 4000}
    first, second = Dialling("ws://distance.test/a"), Dialling("ws://distance.test/b")
    assert first.delay(options) <= 0
    assert 3.9 < second.delay(options) <= 4
    assert 7.9 < first.delay(options) <= 8
    assert Dialling("ws://elsewhere.test").delay(options) <= 0


async def test_a_watcher_that_is_cancelled_takes_nobody_with_it(server, toy):
    patient = await started(toy.watch_ticker(C0))
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(toy.watch_ticker(C0), 0.05)
    await server.subscribed("C0_Q")
    await server.say({"on": "C0_Q", "value": 4})
    assert last(await patient) == 4


@pytest.mark.parametrize(
    "frame", ['{"on": "C0_Q", "value": "x"}', '{"on": "C0_Q"}', '{"on": "C0_Q", "value": null}']
)
async def test_a_bad_frame_raises_where_it_belongs_and_kills_nothing_else(server, toy, frame):
    bad, good = await started(toy.watch_ticker(C0)), await started(toy.watch_ticker(C1))
    await server.subscribed("C0_Q", "C1_Q")
    await server.say(frame)
    with pytest.raises(ccxt.BadResponse):
        await bad
    assert not good.done()
    # That topic begins anew, the other is left alone.
    await server.until(lambda: {"unsub": "C0_Q"} in server.heard[0])
    await server.say({"on": "C1_Q", "value": 5})
    assert last(await good) == 5
    again = await started(toy.watch_ticker(C0))
    await server.say({"on": "C0_Q", "value": 6})
    assert last(await again) == 6
    assert len(server.connections) == 1
    assert {"unsub": "C1_Q"} not in server.heard[0]


@pytest.mark.parametrize("frame", ["<html>", "", "\x00", "[1, 2", "7", "null", '"text"', "[" * 3000])
async def test_a_frame_that_nobody_can_attribute_is_told_to_all(server, toy, frame):
    tasks = [await started(toy.watch_ticker(symbol)) for symbol in (C0, C1)]
    await server.subscribed("C0_Q", "C1_Q")
    await server.say(frame)
    for task in tasks:
        with pytest.raises(ccxt.BadResponse):
            await task
    again = await started(toy.watch_ticker(C0))
    await server.say({"on": "C0_Q", "value": 6})
    assert last(await again) == 6
    assert len(server.connections) == 1


async def test_what_begins_anew_is_told_to_the_next_who_watches(server, toy):
    """Who had it before holds what is out of date, and the market may not move for long."""
    task = await started(toy.watch_ticker(C0))
    await server.subscribed("C0_Q")
    await server.say({"on": "C0_Q", "value": 1})
    await task
    await server.say("garbage")
    await server.until(lambda: {"unsub": "C0_Q"} in server.heard[0])
    await server.say({"on": "C0_Q", "value": 2})  # nobody waits
    await server.until(lambda: toy.tickers[C0]["last"] == 2)
    assert last(await asyncio.wait_for(toy.watch_ticker(C0), 10)) == 2
    # Once: the next waits for news.
    task = await started(toy.watch_ticker(C0))
    await asyncio.sleep(0.01)
    assert not task.done()
    await server.say({"on": "C0_Q", "value": 3})
    assert last(await task) == 3
    await server.say({"on": "C0_Q", "value": 4})
    await server.until(lambda: toy.tickers[C0]["last"] == 4)
    task = await started(toy.watch_ticker(C0))
    await asyncio.sleep(0.01)
    assert not task.done()
    await server.say({"on": "C0_Q", "value": 5})
    assert last(await task) == 5


async def test_what_is_left_is_not_told_later(server, toy):
    task = await started(toy.watch_ticker(C0))
    await server.subscribed("C0_Q")
    await server.say("garbage")
    with pytest.raises(ccxt.BadResponse):
        await task
    await server.until(lambda: server.heard[0].count({"sub": "C0_Q"}) == 2)
    await server.say({"on": "C0_Q", "value": 2})
    await server.until(lambda: C0 in toy.tickers)
    await toy.un_watch_ticker(C0)
    task = await started(toy.watch_ticker(C0))
    await asyncio.sleep(0.01)
    assert not task.done()
    task.cancel()


async def test_a_storm_of_bad_frames_is_not_answered_by_one(server, toy):
    task = await started(toy.watch_ticker(C0))
    await server.subscribed("C0_Q")
    for _ in range(50):
        await server.say("garbage")
    with pytest.raises(ccxt.BadResponse):
        await task
    task = await started(toy.watch_ticker(C0))
    await server.say({"on": "C0_Q", "value": 2})
    assert last(await task) == 2
    assert 1 <= server.heard[0].count({"unsub": "C0_Q"}) <= 5
    assert len(server.connections) == 1


def test_the_pauses_between_restarts(monkeypatch):
    now = 100.0
    monkeypatch.setattr("ccxt_ext.venue.streams.connection.time.monotonic", lambda: now)
    connection = object.__new__(Connection)
    connection._restarts = {}
    assert [connection.pause_before_restart(["a"]) for _ in range(3)] == [0, 0.1, 0.2]
    assert connection.pause_before_restart(["b"]) == 0
    assert connection.pause_before_restart(["a", "b"]) == 0.4
    assert [connection.pause_before_restart(["a"]) for _ in range(20)][-1] == 5
    now += 10
    assert connection.pause_before_restart(["a"]) == 0


async def test_a_silent_connection_is_lost_after_its_patience_and_not_before(monkeypatch):
    """By a clock of its own: what a silence is, is a matter of the options alone."""
    now, pinged, slept = 1000.0, [], []

    async def sleep(seconds):
        nonlocal now
        slept.append(seconds)
        now += seconds
        if now - 1000 == 4:
            connection.last_frame = now  # a frame comes, once

    async def ping(self):
        pinged.append(now - 1000)

    monkeypatch.setattr("ccxt_ext.venue.streams.connection.time.monotonic", lambda: now)
    monkeypatch.setattr("ccxt_ext.venue.streams.connection.asyncio.sleep", sleep)
    connection = object.__new__(Connection)
    connection.url = "ws://quiet.test"
    connection.timing = {"pingInterval": 4000, "timeout": 10000}
    connection.established = connection.last_frame = now
    connection.feed = SimpleNamespace(ping=ping.__get__(None, object))
    with pytest.raises(ccxt.RequestTimeout, match=r"nothing came from ws://quiet\.test for 10 s"):
        await connection.keep_alive()
    # Looked at every four seconds: after the frame, it is silent for 8 at the second look, 12 at the third.
    assert (pinged, now - 1000) == ([4, 8, 12], 16)
    # Where pings are rare, it is looked at twice within the patience.
    now, slept[:], pinged[:] = 2000.0, [], []
    connection.timing = {"pingInterval": 60000, "timeout": 10000}
    connection.established = connection.last_frame = now
    with pytest.raises(ccxt.RequestTimeout):
        await connection.keep_alive()
    assert (slept, pinged) == ([5, 5], [])


async def test_what_is_left_is_unsubscribed_when_nobody_else_needs_it(server, toy):
    ticker, trades = await started(toy.watch_ticker(C0)), await started(toy.watch_trades(C0))
    await server.subscribed("C0_Q")
    await toy.un_watch_ticker(C0)
    with pytest.raises(ccxt.UnsubscribeError):
        await ticker
    assert {"unsub": "C0_Q"} not in server.heard[0]
    await server.say({"on": "C0_Q", "value": 5})
    assert [trade["id"] for trade in await trades] == ["5"]
    await toy.un_watch_trades(C0)
    await server.until(lambda: {"unsub": "C0_Q"} in server.heard[0])
    assert toy.trades == {}
    again = await started(toy.watch_ticker(C0))
    await server.until(lambda: server.heard[0].count({"sub": "C0_Q"}) == 2)
    await server.say({"on": "C0_Q", "value": 6})
    assert last(await again) == 6


async def test_what_is_followed_while_the_first_messages_leave(server, toy):
    """Messages wait for their turn, and meanwhile more is asked for, and some of it left."""
    toy.options["ws"]["cost"] = 1
    toy.enableRateLimit = True
    toy.tokenBucket = {**toy.tokenBucket, "refillRate": 1 / 30, "delay": 0.001, "capacity": 1, "tokens": 0}
    first = [await started(toy.watch_ticker(symbol)) for symbol in (C0, C1)]
    await server.until(lambda: server.heard and server.heard[0])
    last_one = await started(toy.watch_ticker(C2))
    await server.subscribed("C0_Q", "C1_Q", "C2_Q")
    await toy.un_watch_ticker(C1)
    await server.until(lambda: {"unsub": "C1_Q"} in server.heard[0])
    for id in ("C0_Q", "C2_Q"):
        await server.say({"on": id, "value": 1})
    assert last(await first[0]) == last(await last_one) == 1
    assert sorted(m["sub"] for m in server.heard[0] if "sub" in m) == ["C0_Q", "C1_Q", "C2_Q"]
    with pytest.raises(ccxt.UnsubscribeError):
        await first[1]


async def test_leaving_what_was_never_watched(server, toy):
    assert await toy.un_watch_ticker(C0) is True
    assert toy.clients == {} or toy.clients is None
    assert server.connections == []


async def test_news_since_the_last_look(server, toy):
    task = await started(toy.watch_trades(C0))
    await server.subscribed("C0_Q")
    await server.say({"on": "C0_Q", "value": 1})
    assert [trade["id"] for trade in await task] == ["1"]
    for value in (2, 3):
        await server.say({"on": "C0_Q", "value": value})
    await server.until(lambda: len(toy.trades[C0]) == 3)
    task = await started(toy.watch_trades(C0))
    await server.say({"on": "C0_Q", "value": 4})
    assert [trade["id"] for trade in await task] == ["2", "3", "4"]
    task = await started(toy.watch_trades(C0, limit=1))
    await server.say({"on": "C0_Q", "value": 5})
    assert [trade["id"] for trade in await task] == ["5"]
    toy.newUpdates = False
    task = await started(toy.watch_trades(C0, since=3))
    await server.say({"on": "C0_Q", "value": 6})
    assert [trade["id"] for trade in await task] == ["3", "4", "5", "6"]


async def test_closing_cancels_who_waits_and_leaves_nothing(server, caplog):
    asyncio.get_running_loop().set_debug(True)
    toy = streamed(server)
    await toy.load_markets()
    tasks = [await started(toy.watch_ticker(symbol)) for symbol in (C0, C1, C2)]
    await server.subscribed("C0_Q", "C1_Q", "C2_Q")
    await server.cut()
    await asyncio.wait(tasks)
    tasks += [await started(toy.watch_ticker(symbol)) for symbol in (C0, C1, C2)]
    await server.until(lambda: len(server.connections) == 2)
    await toy.close()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes[3:]] == [asyncio.CancelledError] * 3
    ours = [t for t in asyncio.all_tasks() if "ccxt_ext" in str(t.get_coro())]
    assert ours == []
    del tasks, outcomes
    gc.collect()
    assert [r for r in caplog.records if r.name == "asyncio" and "took" not in r.getMessage()] == []


@pytest.mark.parametrize("call", ["watch_ticker", "watch_order_book", "watch_balance"])
async def test_who_watches_while_it_closes_is_cancelled_too(server, call):
    toy = streamed(server)
    toy.apiKey, toy.secret = "key", "secret"
    toy.answers = {"fetch_order_book": {"bids": [], "asks": []}}
    await toy.load_markets()
    await started(toy.watch_ticker(C0))
    await server.subscribed("C0_Q")
    await toy.watch_order_book(C0)
    (connection,) = (client.connection for client in toy.clients.values() if client.connection)
    end, farewell = connection.close, asyncio.Event()

    async def slowly():
        await farewell.wait()
        return await end()

    connection.close = slowly
    closing = await started(toy.close())
    await asyncio.sleep(0.01)
    late = await started(getattr(toy, call)(*[C0][: call != "watch_balance"]))
    farewell.set()
    await closing
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(late, 5)
    assert [t for t in asyncio.all_tasks() if "ccxt_ext" in str(t.get_coro())] == []
    assert toy.clients == {}
    assert not any(address.followed for address in toy.feed.addresses.values())


async def test_closing_while_it_dials(server):
    toy = streamed(server)
    await toy.load_markets()
    task = await started(toy.watch_ticker(C0))
    await toy.close()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert toy.clients == {}


async def test_it_can_be_used_again_after_closing(server, toy):
    for round in range(2):
        task = await started(toy.watch_ticker(C0))
        await server.until(lambda expected=round + 1: len(server.connections) == expected)
        await server.subscribed("C0_Q")
        await server.say({"on": "C0_Q", "value": round})
        assert last(await task) == round
        await toy.close()
