"""Private calls that wait for another's look-up or login end, whatever becomes of the other."""

import asyncio
import itertools
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ccxt_ext.venue.blocking import SyncWaiter
from tests.odd_errors import Demanding
from tests.venues.profiles import PROFILES

# Venues that ask for something once for all calls of a key: what a call sends first, and its answer.
SHARING = {
    "bitmart2": ("/authentication", {"access_token": "token", "expires_in": 900}),
    "bitmaxfutures": ("/account/info", PROFILES["bitmaxfutures"].sample("rest-v2-account-info")),
}
POSITIONS = PROFILES["bitmaxfutures"].sample("rest-v2-futures-position")
CALLS = {"bitmart2": ("fetch_balance", []), "bitmaxfutures": ("fetch_leverages", POSITIONS)}
CREDENTIALS = {"apiKey": "key", "secret": "c2VjcmV0", "uid": "memo", "enableRateLimit": False}

venues = pytest.mark.parametrize("id", SHARING)


class Venue:
    def __init__(self, id):
        self.id = id
        self.first, self.answer_to_first = SHARING[id]
        self.method, self.answer_to_call = CALLS[id]
        self.entered = threading.Event()
        self.asked = 0

    def client(self, kind, before_first=None, **config):
        """`before_first` is what happens before the first request is answered."""
        profile = PROFILES[self.id]
        exchange = profile.kind(kind)({**CREDENTIALS, **config})
        exchange.set_markets(profile.offline("sync", None)[0].markets)

        def asked(url):
            self.asked += self.first in url
            self.entered.set()
            return self.answer_to_first if self.first in url else self.answer_to_call

        def fetch(url, *args):
            if self.first in url and before_first is not None:
                self.entered.set()
                before_first()
            return asked(url)

        async def fetch_async(url, *args):
            if self.first in url and before_first is not None:
                self.entered.set()
                await before_first()
            return asked(url)

        exchange.fetch = fetch if kind == "sync" else fetch_async
        return exchange

    def call(self, exchange):
        return getattr(exchange, self.method)()


@venues
async def test_a_sync_call_does_not_wait_for_the_loop_that_it_blocks(id, monkeypatch):
    venue = Venue(id)
    never = asyncio.Event()
    holder = venue.client("async", never.wait)
    tasks = [asyncio.create_task(venue.call(holder)) for _ in range(5)]
    await asyncio.sleep(0)
    while not venue.entered.is_set():
        await asyncio.sleep(0.001)
    monkeypatch.setattr(SyncWaiter, "wait", lambda *args: pytest.fail("it waits for itself"))
    venue.call(venue.client("sync"))
    assert venue.asked == 1
    never.set()
    await asyncio.gather(*tasks)
    await holder.close()


@venues
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_who_never_comes_back_is_waited_for_only_so_long(id, kind):
    venue, free = Venue(id), threading.Event()
    stuck = [venue.client("sync", free.wait) for _ in range(2)]
    threads = [threading.Thread(target=venue.call, args=(client,)) for client in stuck]
    for thread in threads:
        thread.start()
    venue.entered.wait()

    async def call():
        exchange = venue.client("async", timeout=20)
        await venue.call(exchange)
        await exchange.close()

    try:
        if kind == "sync":
            venue.call(venue.client("sync", timeout=20))
        else:
            asyncio.run(call())
        assert venue.asked == 1
    finally:
        free.set()
        for thread in threads:
            thread.join()


@venues
async def test_whatever_the_error_demands_all_who_wait_are_woken(id):
    venue = Venue(id)

    async def fail():
        await asyncio.sleep(0.01)
        raise Demanding(502, reason="gone")

    exchange = venue.client("async", fail)
    results = await asyncio.gather(*(venue.call(exchange) for _ in range(5)), return_exceptions=True)
    assert {(type(result), str(result)) for result in results} == {(Demanding, "502 gone")}
    assert all(one is not other for one, other in itertools.combinations(results, 2))
    await exchange.close()


@venues
def test_a_child_that_is_forked_meanwhile_asks_by_itself(id):
    subprocess.run(
        [sys.executable, "-W", "ignore", __file__, id],
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def fork(id):
    venue, free = Venue(id), threading.Event()
    thread = threading.Thread(target=venue.call, args=(venue.client("sync", free.wait),))
    thread.start()
    venue.entered.wait()
    child = os.fork()
    if child == 0:
        venue.call(venue.client("sync", timeout=1_000_000))
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    free.set()
    thread.join()
    assert status == 0


if __name__ == "__main__":
    fork(sys.argv[1])
