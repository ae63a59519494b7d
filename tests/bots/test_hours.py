"""Virtual time: a bot that sleeps lives through hours of the sandbox's time, and the test goes on at once."""

import asyncio
import datetime
import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from time import sleep as sleep_by_name

import ccxt
import ccxt.pro
import pytest

from ccxt_ext.sandbox import Sandbox, SandboxError
from ccxt_ext.testing.bots.hours import clocks, stuck

SYMBOL = "BTC/USDT"
MINUTE_MS = 60_000
START_MS = 1_700_000_000_000
LIVE = pytest.mark.ccxt_sandbox(venues=["bitmart2"], live=True, clock="frozen", start_ms=START_MS)
STILL = pytest.mark.ccxt_sandbox(venues=["bitmart2"], start_ms=START_MS)


def trader(exchange):
    """A bot that looks once a minute, and buys when the price has fallen."""
    last = None
    while True:
        price = exchange.fetch_ticker(SYMBOL)["last"]
        if last is not None and price < last:
            exchange.create_order(SYMBOL, "limit", "buy", 0.01, 20_000)
        last = price
        time.sleep(60)


async def async_trader(exchange):
    last = None
    while True:
        price = (await exchange.fetch_ticker(SYMBOL))["last"]
        if last is not None and price < last:
            await exchange.create_order(SYMBOL, "limit", "buy", 0.01, 20_000)
        last = price
        await asyncio.sleep(60)


async def watcher(exchange):
    last = None
    while True:
        price = (await exchange.watch_ticker(SYMBOL))["last"]
        if last is not None and price < last:
            await exchange.create_order(SYMBOL, "limit", "buy", 0.01, 20_000)
        last = price


BOTS = {"sync": trader, "async": async_trader, "pro": watcher}
_traded = {}


# -- what a bot lives through ------------------------------------------------------------------------------


@LIVE
@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("kind", BOTS)
def test_the_same_seed_gives_the_same_hour(ccxt_sandbox, kind, again):
    exchange = ccxt_sandbox.exchange("bitmart2", kind)
    began = ccxt_sandbox.now()
    assert ccxt_sandbox.run_for(lambda: BOTS[kind](exchange), minutes=20) is None
    assert 20 * MINUTE_MS <= ccxt_sandbox.now() - began < 21 * MINUTE_MS
    trades = ccxt_sandbox.trades("bitmart2")
    assert len(trades) > 5
    assert trades[-1]["timestamp"] - trades[0]["timestamp"] > 10 * MINUTE_MS
    assert _traded.setdefault(kind, trades) == trades


@pytest.mark.ccxt_sandbox(venues=["bitexbit"], live=True, clock="frozen", start_ms=START_MS)
def test_frames_are_seen_at_their_own_time(ccxt_sandbox):
    async def bot():
        books = []
        async with ccxt.pro.bitexbit(ccxt_sandbox.config("bitexbit")) as exchange:
            try:
                while True:
                    book = await exchange.watch_order_book("BTC/USD")
                    books.append((time.time(), book["bids"][0], book["asks"][0]))
            except asyncio.CancelledError:
                return books

    books = ccxt_sandbox.run_for(bot, minutes=5)
    assert len(books) > 25
    assert {round(at - START_MS / 1000, 3) % 10 for at, *_ in books} == {0}  # when the traders act
    ccxt_sandbox.reset()
    assert ccxt_sandbox.run_for(bot, minutes=5) == books


@STILL
def test_who_asks_the_sandbox_at_the_very_end_is_answered(ccxt_sandbox):
    def bot():
        ccxt_sandbox.advance(minutes=5)
        return ccxt_sandbox.orders("bitmart2")

    assert ccxt_sandbox.run_for(bot, minutes=5) == []


@STILL
def test_a_bots_clocks_all_follow(ccxt_sandbox):
    def told():
        return [
            time.time(),
            time.time_ns() / 1e9,
            datetime.datetime.now().timestamp(),
            datetime.datetime.now(datetime.timezone.utc).timestamp(),
            time.monotonic(),
            time.monotonic_ns() / 1e9,
            exchange.milliseconds() / 1000,
        ]

    def bot():
        first = told()
        sleep_by_name(1800.5)
        gained = [after - before for after, before in zip(told(), first, strict=True)]
        return first, gained, datetime.date.today(), time.strftime("%Y", time.gmtime())

    exchange = ccxt_sandbox.exchange("bitmart2")
    ccxt_sandbox.freeze()
    began = ccxt_sandbox.now() / 1000
    first, gained, today, year = ccxt_sandbox.run_for(bot, hours=1)
    assert all(each == pytest.approx(began, abs=0.001) for each in [*first[:4], first[-1]])
    assert gained == pytest.approx([1800.5] * 7)
    assert (today.year, today.month, year) == (2023, 11, "2023")


@STILL
def test_all_is_put_back(ccxt_sandbox):
    functions = time.sleep, time.monotonic, time.monotonic_ns, sleep_by_name, threading.Condition.wait
    start = threading.Thread.start

    def fails():
        assert time.sleep is not functions[0] and time.time() < 1_800_000_000
        raise ValueError("a bot's own error")

    before = time.time()
    for bot in (fails, lambda: time.sleep(9999), lambda: "done", lambda: asyncio.sleep(9999)):
        try:
            ccxt_sandbox.run_for(bot, hours=1)
        except ValueError as error:
            assert str(error) == "a bot's own error"
        assert (time.sleep, time.monotonic, time.monotonic_ns) == functions[:3]
        assert (sleep_by_name, threading.Condition.wait) == functions[3:]
        assert threading.Thread.start is start
        assert before <= time.time() < before + 600
        assert not ccxt_sandbox.control("GET", "/clock")["frozen"]
    assert ccxt_sandbox.run_for(lambda: "done", hours=1) == "done"


@STILL
def test_a_clock_that_stood_still_still_does(ccxt_sandbox):
    ccxt_sandbox.freeze()
    ccxt_sandbox.run_for(lambda: time.sleep(9999), minutes=1)
    assert ccxt_sandbox.control("GET", "/clock")["frozen"]
    assert ccxt_sandbox.run_for(time.monotonic, seconds=1) <= ccxt_sandbox.run_for(time.monotonic, seconds=1)


@STILL
def test_orders_are_filled_while_the_bot_sleeps(ccxt_sandbox):
    def bot():
        order = exchange.create_order(SYMBOL, "limit", "buy", 0.01, 8000)
        time.sleep(600)
        return exchange.fetch_order(order["id"], SYMBOL)

    exchange = ccxt_sandbox.exchange("bitmart2")
    ccxt_sandbox.freeze()
    ccxt_sandbox.price("bitmart2", SYMBOL, 7900, over_ms=500_000)
    order = ccxt_sandbox.run_for(bot, hours=1)
    assert order["status"] == "closed"
    [trade] = ccxt_sandbox.trades("bitmart2")
    assert START_MS < trade["timestamp"] < START_MS + 520_000


# -- its end -----------------------------------------------------------------------------------------------


@STILL
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_bot_cleans_up_when_its_time_is_over(ccxt_sandbox, kind):
    exchange, looks = ccxt_sandbox.exchange("bitmart2", kind), []

    def bot():
        exchange.create_order(SYMBOL, "limit", "buy", 0.01, 5000)
        try:
            while True:
                try:
                    looks.append(exchange.milliseconds())
                    time.sleep(60)
                except Exception:
                    looks.append("caught")
        finally:
            time.sleep(1)
            exchange.cancel_all_orders(SYMBOL)

    async def async_bot():
        await exchange.create_order(SYMBOL, "limit", "buy", 0.01, 5000)
        try:
            while True:
                try:
                    looks.append(exchange.milliseconds())
                    await asyncio.sleep(60)
                except Exception:
                    looks.append("caught")
        finally:
            await asyncio.sleep(1)
            await exchange.cancel_all_orders(SYMBOL)

    assert ccxt_sandbox.run_for(bot if kind == "sync" else async_bot, hours=1) is None
    assert len(looks) == 60 and "caught" not in looks
    assert [order["status"] for order in ccxt_sandbox.orders("bitmart2")] == ["canceled"]


@STILL
def test_a_bot_that_lets_nothing_through_is_ended_all_the_same(ccxt_sandbox):
    looks = []

    def deaf():
        while True:
            try:
                looks.append(1)
                time.sleep(60)
            except:  # noqa: E722
                looks.append("deaf")

    async def async_deaf():
        while True:
            try:
                await asyncio.sleep(60)
            except BaseException:
                looks.append("deaf")

    assert ccxt_sandbox.run_for(deaf, minutes=5) is None
    assert looks.count("deaf") == 3
    looks.clear()
    assert ccxt_sandbox.run_for(async_deaf, minutes=5) is None
    assert looks.count("deaf") == 3


@STILL
def test_an_async_bot_may_answer_its_cancellation(ccxt_sandbox):
    async def bot(pause):
        looks = 0
        try:
            while True:
                looks += 1
                await asyncio.sleep(pause)
        except asyncio.CancelledError:
            return looks

    for pause in (60, 0.7, 0.1, 0.3):  # as exact as floats may be
        assert ccxt_sandbox.run_for(bot(pause), seconds=30 * pause) == 30


# -- bots that wait in other ways ----------------------------------------------------------------------------


@STILL
def test_busy_waiting_is_waiting(ccxt_sandbox):
    def until(clock):
        end = clock() + 90
        while clock() < end:
            pass
        return clock() - end

    async def yielding():
        end = time.time() + 90
        while time.time() < end:
            await asyncio.sleep(0)
        return time.time() - end

    async def spinning():
        over = asyncio.Event()
        asyncio.get_running_loop().call_later(90, over.set)
        while not over.is_set():
            await asyncio.sleep(0)

    for clock in (time.time, lambda: time.monotonic()):
        assert 0 <= ccxt_sandbox.run_for(lambda clock=clock: until(clock), hours=1) <= 1
    assert 0 <= ccxt_sandbox.run_for(yielding, hours=1) <= 1
    ccxt_sandbox.run_for(spinning, hours=1)

    def for_ever():
        while True:
            time.time()

    assert ccxt_sandbox.run_for(for_ever, minutes=2) is None


@STILL
def test_a_bot_that_never_sleeps_is_ended_with_an_explanation(ccxt_sandbox):
    def never_sleeps():
        while True:
            pass

    async def never_awaits():
        while True:
            pass

    for bot in (never_sleeps, never_awaits):
        with pytest.raises(SandboxError, match=r"the bot did not sleep[\s\S]*test_hours.py[\s\S]*in never_"):
            ccxt_sandbox.run_for(bot, hours=1, patience=1)


@STILL
def test_waiting_with_a_timeout_is_sleeping(ccxt_sandbox):
    def bot():
        before = time.monotonic()
        assert not threading.Event().wait(100)
        with pytest.raises(queue.Empty):
            queue.Queue().get(timeout=200)
        return time.monotonic() - before

    assert ccxt_sandbox.run_for(bot, hours=1) == pytest.approx(300)


@STILL
def test_threads_of_a_bot_share_its_time(ccxt_sandbox):
    ticks = []

    def worker(every, stop):
        while not stop.wait(every):
            ticks.append((every, round(time.time() - began)))

    def bot():
        stop = threading.Event()
        threads = [threading.Thread(target=worker, args=(every, stop)) for every in (20, 30)]
        for thread in threads:
            thread.start()
        time.sleep(65)
        stop.set()
        for thread in threads:
            thread.join()

    ccxt_sandbox.freeze()
    began = ccxt_sandbox.now() / 1000
    ccxt_sandbox.run_for(bot, hours=1)
    assert {each for each in ticks if each[1] <= 60} == {(20, 20), (30, 30), (20, 40), (20, 60), (30, 60)}


@STILL
def test_who_was_told_comes_before_time_passes(ccxt_sandbox):
    """However late a thread, or a loop, notices that another one has told it something."""
    late = []

    def bot():
        calls, answers = queue.Queue(), queue.Queue()

        def worker():
            while (sent := calls.get()) is not None:
                late.append(time.time() - sent)
                answers.put(time.time())
                time.sleep(5)

        thread = threading.Thread(target=worker)
        thread.start()
        for _ in range(100):
            calls.put(time.time())
            late.append(time.time() - answers.get())
            time.sleep(10)
        calls.put(None)
        thread.join()

    async def async_bot():
        loop = asyncio.get_running_loop()

        def worker():
            for _ in range(100):
                sent = time.time()
                loop.call_soon_threadsafe(lambda sent=sent: late.append(time.time() - sent))
                time.sleep(10)

        await loop.run_in_executor(None, worker)

    ccxt_sandbox.freeze()
    for each in (bot, async_bot):
        late.clear()
        ccxt_sandbox.run_for(each, hours=1)
        assert len(late) >= 100 and not any(late)


@STILL
def test_a_request_takes_no_time_while_another_thread_sleeps(ccxt_sandbox):
    async def bot():
        over, took = False, []

        def worker():
            while not over:
                time.sleep(1)

        exchange = ccxt_sandbox.exchange("bitmart2", "async")
        await exchange.load_markets()
        sleeping = asyncio.get_running_loop().run_in_executor(None, worker)
        for _ in range(30):
            await asyncio.sleep(2)
            before = time.time()
            await exchange.fetch_ticker(SYMBOL)
            took.append(time.time() - before)
        over = True
        await sleeping
        return took

    ccxt_sandbox.freeze()
    took = ccxt_sandbox.run_for(bot, hours=1)
    assert len(took) == 30 and not any(took)


@STILL
def test_a_thread_that_sleeps_beyond_the_end_ends_without_a_word(ccxt_sandbox, monkeypatch):
    said, threads = [], []
    monkeypatch.setattr(threading, "excepthook", said.append)

    def bot():
        threads.append(threading.Thread(target=time.sleep, args=(9999,)))
        threads.append(threading.Thread(target=threading.Event().wait))
        for thread in threads:
            thread.start()
        time.sleep(600)

    ccxt_sandbox.run_for(bot, minutes=5)
    for thread in threads:
        thread.join()
    assert said == []


@STILL
def test_a_thread_that_works_is_waited_for(ccxt_sandbox):
    ccxt_sandbox.freeze()
    began, woke = ccxt_sandbox.now() / 1000, []

    def worker():
        until = time.thread_time() + 0.3
        while time.thread_time() < until:
            sum(range(1000))
        threading.Event().wait(30)
        woke.append(time.time() - began)

    def bot():
        thread = threading.Thread(target=worker)
        thread.start()
        time.sleep(65)
        thread.join()

    ccxt_sandbox.run_for(bot, hours=1)
    assert woke == [pytest.approx(30)]


@STILL
def test_time_passes_beside_a_thread_that_never_sleeps(ccxt_sandbox):
    stop = False

    def worker():
        while not stop:
            sum(range(1000))

    def bot():
        nonlocal stop
        thread = threading.Thread(target=worker)
        thread.start()
        time.sleep(600)
        stop = True
        thread.join()
        return time.monotonic()

    before = time.monotonic()
    ccxt_sandbox.run_for(bot, hours=1)
    assert time.monotonic() - before < 100


@STILL
def test_timers_and_timeouts_of_a_loop_follow(ccxt_sandbox):
    async def bot():
        loop, calls = asyncio.get_running_loop(), []
        before = loop.time()
        loop.call_later(50, calls.append, "later")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 100)
        await asyncio.to_thread(time.sleep, 200)
        return calls, loop.time() - before

    calls, gained = ccxt_sandbox.run_for(bot, hours=1)
    assert calls == ["later"] and gained == pytest.approx(300)


@STILL
@pytest.mark.parametrize("kind", ["async", "pro"])
def test_latencies_go_by_the_bots_time(ccxt_sandbox, kind):
    exchange = ccxt_sandbox.exchange("bitmart2", kind)

    async def bot():
        await exchange.load_markets()
        before = time.time()
        ccxt_sandbox.fault("latency", ms=8_000, path="ticker")
        await exchange.fetch_ticker(SYMBOL)
        took = time.time() - before
        ccxt_sandbox.fault("latency", ms=60_000, path="ticker")
        with pytest.raises(ccxt.RequestTimeout):
            await exchange.fetch_ticker(SYMBOL)
        return took, time.time() - before

    first, both = ccxt_sandbox.run_for(bot, hours=1)
    assert 8 <= first < 8.5
    assert 10 <= both - first < 11.5  # aiohttp rounds such a timeout up to a whole second of its loop


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("venue", "symbol", "method"),
    [("bitmart2", SYMBOL, "watch_ticker"), ("bitexbit", "BTC/USD", "watch_order_book")],
)
async def test_a_step_ends_where_there_is_news_or_soon(venue, symbol, method):
    def lives(ms):
        before = sandbox.now()
        sandbox.running.result_of(sandbox.running.server.live_until(before + ms))
        return sandbox.now() - before

    with Sandbox(venues=[venue], live=True, clock="frozen", start_ms=START_MS) as sandbox:
        assert lives(60_000) == 60_000
        async with getattr(ccxt.pro, venue)(sandbox.config(venue)) as exchange:
            await getattr(exchange, method)(symbol)
            lives(1_234)
            steps = [lives(60_000) for _ in range(4)]
            assert max(steps) == 5_000 and min(steps) < 5_000


# -- in async tests ------------------------------------------------------------------------------------------


@LIVE
@pytest.mark.asyncio
async def test_in_an_async_test_it_is_awaited(ccxt_sandbox):
    loop = asyncio.get_running_loop()
    exchange = ccxt_sandbox.exchange("bitmart2", "pro")
    await exchange.load_markets()
    fired = []
    loop.call_later(0.2, fired.append, "a timer of before")
    before = loop.time()
    assert await ccxt_sandbox.run_for(watcher(exchange), minutes=20) is None
    assert fired
    assert len(ccxt_sandbox.trades("bitmart2")) > 10
    assert before <= loop.time() < before + 600
    await asyncio.sleep(0.01)
    assert (await exchange.fetch_ticker(SYMBOL))["last"]
    assert await ccxt_sandbox.run_for(asyncio.sleep(30, "slept"), minutes=1) == "slept"
    assert ccxt_sandbox.run_for(lambda: time.sleep(30) or "slept", minutes=1) == "slept"
    await exchange.close()


# -- what is refused -----------------------------------------------------------------------------------------


@STILL
def test_what_cannot_be_is_refused(ccxt_sandbox):
    for time_given in ({}, {"hours": 0}, {"hours": -1}):
        with pytest.raises(SandboxError, match="for how long"):
            ccxt_sandbox.run_for(lambda: None, **time_given)
    with pytest.raises(SandboxError, match="a function, a coroutine function or a coroutine, not 3"):
        ccxt_sandbox.run_for(3, hours=1)
    with pytest.raises(SandboxError, match="under way already"):
        ccxt_sandbox.run_for(lambda: ccxt_sandbox.run_for(print, hours=1), hours=1)


@STILL
def test_waiting_for_other_threads_takes_no_time(ccxt_sandbox):
    def bot():
        exchange = ccxt_sandbox.exchange("bitmart2")
        before = time.time()
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(exchange.fetch_ticker, [SYMBOL] * 4))
            found.append(pool.submit(exchange.fetch_ticker, SYMBOL).result(timeout=600))
        return len(found), time.time() - before

    def waits_for_ever():
        threading.Event().wait()

    assert ccxt_sandbox.run_for(bot, hours=1) == (5, pytest.approx(0, abs=5))
    with pytest.raises(SandboxError, match=r"did not sleep[\s\S]*in waits_for_ever"):
        ccxt_sandbox.run_for(waits_for_ever, hours=1, patience=1)


@STILL
def test_the_clocks_are_put_back_however_long_that_takes(ccxt_sandbox, monkeypatch):
    """Nobody who is impatient comes in between, nor before the bot has begun."""

    def slowly(others):
        real(0.8)
        replace(others)
        real(0.8)

    real, replace = time.sleep, clocks._replace
    monkeypatch.setattr(clocks, "_replace", slowly)
    monkeypatch.setattr(stuck, "AGAIN_S", 0.5)
    with pytest.raises(SandboxError, match=r"did not sleep[\s\S]*in <lambda>"):
        ccxt_sandbox.run_for(lambda: threading.Event().wait(), hours=1, patience=0.5)
    assert time.sleep is real
