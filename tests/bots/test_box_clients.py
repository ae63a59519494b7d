"""Clients of a test are closed whatever happens: in their own loops, and before those are closed."""

import asyncio
import gc
import threading
import warnings

import pytest
import requests

from ccxt_ext.testing.bots.clients import Clients, before_close, forget
from ccxt_ext.testing.configs import merged
from ccxt_ext.testing.venues import class_of

SYMBOL = "BTC/USDT"


@pytest.fixture(autouse=True)
def nothing_is_left():
    """No socket, loop or coroutine that nobody has closed, which Python tells when it takes them away."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
        gc.collect()
    assert [str(each.message) for each in caught] == []


class Maker:
    """Makes clients as a test's sandbox does, and ends them as that does."""

    def __init__(self, box):
        self.box = box
        self.clients = Clients()
        self.made = []

    def __call__(self, kind="pro", **config):
        given = {**self.box.config("bitexbit"), **config}
        exchange = self.clients.keep(class_of("bitexbit", kind)(given), "session" not in config)
        self.made.append(exchange)
        return exchange

    def end(self):
        self.clients.close()
        waiting = [each for each in self.made if not each.synchronous]
        assert [each for each in waiting if each.session is not None or each.clients] == []


@pytest.fixture
def made(ccxt_sandbox):
    maker = Maker(ccxt_sandbox)
    yield maker
    maker.end()


async def use(exchange):
    if exchange.has["watchOrderBook"]:
        await exchange.watch_order_book(SYMBOL)
    return await exchange.fetch_ticker(SYMBOL)


def test_a_loop_that_asyncio_ends(made):
    first, second = made("async"), made("pro")

    async def bot():
        await asyncio.gather(use(first), use(second))
        left = asyncio.ensure_future(second.watch_trades(SYMBOL))
        await asyncio.sleep(0)
        assert not left.done()

    asyncio.run(bot())
    assert first.session is None and second.session is None


def test_a_loop_that_is_only_closed(made):
    exchange, loop = made(), asyncio.new_event_loop()
    loop.run_until_complete(use(exchange))
    loop.close()
    assert exchange.session is None


def test_a_loop_that_nobody_closes(made):
    exchange, loop = made(), asyncio.new_event_loop()
    loop.run_until_complete(use(exchange))
    assert exchange.session is not None
    made.end()
    assert not loop.is_closed()
    loop.close()


def test_a_loop_of_another_thread(made):
    exchange, loop = made(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(use(exchange), loop).result(60)
        made.end()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_one_that_was_never_used(made):
    for kind in ("sync", "async", "pro"):
        made(kind)


def test_one_that_the_test_has_closed(made):
    exchange = made()

    async def bot():
        await use(exchange)
        await exchange.close()

    asyncio.run(bot())


def test_one_that_is_used_again(made):
    exchange = made()

    async def bot():
        await use(exchange)
        await exchange.close()
        assert (await use(exchange))["symbol"] == SYMBOL

    asyncio.run(bot())
    assert exchange.session is None


def test_a_session_that_it_was_given_stays_open(made):
    class Session(requests.Session):
        is_closed = False

        def close(self):
            self.is_closed = True
            super().close()

    given, own = Session(), made("sync")
    own.session.__class__ = Session
    for exchange in (own, made("sync", session=given)):
        exchange.fetch_ticker(SYMBOL)
    made.end()
    assert own.session.is_closed and not given.is_closed
    given.close()


def test_one_that_cannot_be_closed_does_not_keep_the_others_open():
    clients, closed = Clients(), []

    class Exchange:
        synchronous = True

        def __init__(self, session):
            self.session = session

    class Session:
        def __init__(self, error=None):
            self.error = error

        def close(self):
            closed.append(self)
            if self.error:
                raise self.error

    sessions = [Session(), Session(OSError("no")), Session()]
    kept = [clients.keep(Exchange(session)) for session in sessions]
    with pytest.raises(OSError, match="no"):
        clients.close()
    assert closed == sessions and len(clients.known) == len(kept)
    clients.close()
    assert closed == sessions


def test_what_is_called_before_a_loop_is_closed():
    called = []

    async def call(loop):
        called.append(loop.is_running())

    async def other(loop):
        called.append("other")

    loop = asyncio.new_event_loop()
    for _ in range(2):
        before_close(loop, call)
        before_close(loop, other)
    forget(loop, other)
    loop.run_until_complete(loop.shutdown_asyncgens())
    assert called == [True]
    loop.close()
    assert called == [True] and loop.is_closed()


def test_tables_of_a_configuration_are_merged():
    config = {"apiKey": "k", "options": {"a": 1, "b": 2}, "urls": {"api": 1}}
    assert merged(config, {"options": {"b": 3}, "apiKey": "m", "urls": None}) == {
        "apiKey": "m",
        "options": {"a": 1, "b": 3},
        "urls": None,
    }
    assert config["options"] == {"a": 1, "b": 2}
