"""Requests of whole exchanges in their turn: who goes first, what is stamped when, what leaves in a time."""

import asyncio
import copy
import itertools
import pickle
import random
import threading
import time
import types

import ccxt
import ccxt.async_support
import pytest

from ccxt_ext.venue.requests import turns_sync
from ccxt_ext.venue.requests.ranks import Rank
from ccxt_ext.venues.bitexasia.rest import bitexasia
from ccxt_ext.venues.bitexasia.rest_sync import bitexasia as sync_bitexasia
from ccxt_ext.venues.bitexbit.rest import bitexbit
from ccxt_ext.venues.bitexbit.rest_sync import bitexbit as sync_bitexbit
from ccxt_ext.venues.bitmart2 import signing
from ccxt_ext.venues.bitmart2.rest import bitmart2
from tests.venue.requests.virtual_time import START, Clock, in_virtual_time, now, run
from tests.venues.bitmart2.listings import listing

KEYS = {"apiKey": "key", "secret": "secret", "uid": "memo"}
_keys = itertools.count()


def keys():
    return {**KEYS, "apiKey": f"turns-{next(_keys)}"}


class Venue:
    """Answers all with `{}` or what `answers` has for a path, and remembers what arrived when."""

    def __init__(self, kind, there=0.0, back=0.0, answers=None, **config):
        self.arrived = []
        self.there, self.back = (way if callable(way) else lambda way=way: way for way in (there, back))
        self.answers = answers or {}
        self.exchange = in_virtual_time(kind({**keys(), **config}))
        self.exchange.fetch = self.fetch

    async def fetch(self, url, method="GET", headers=None, body=None):
        await asyncio.sleep(self.there())
        path = url.split("/", 3)[3].split("?")[0]
        self.arrived.append((now(), f"{method} {path}", headers or {}))
        await asyncio.sleep(self.back())
        return next((answer for name, answer in self.answers.items() if name in path), {})

    @property
    def times(self):
        return [round(when - START, 3) for when, _, _ in self.arrived]

    def lines(self, word=""):
        return [line for _, line, _ in self.arrived if word in line]


# -- in turn ----------------------------------------------------------------------------------------


def test_cancellations_overtake_tickers_and_orders():
    async def scene():
        venue = Venue(bitexasia)
        calls = [venue.exchange.public_get_ticker_pair({"pair": "BTC-USD"}) for _ in range(155)]
        calls += [venue.exchange.private_post_orders({"pair": "BTC-USD"}) for _ in range(10)]
        calls += [venue.exchange.private_post_orders_id_cancel({"id": str(n)}) for n in range(20)]
        await asyncio.gather(*calls)
        return venue

    venue = run(scene())
    # The first ticker left before there was anything else.
    assert [line.rpartition("/")[2] for line in venue.lines()[1:31]] == ["cancel"] * 20 + ["orders"] * 10
    # In the same time as ever: no slot is lost over it.
    assert venue.times == pytest.approx([0.05 * n for n in range(185)], abs=0.011)


@pytest.mark.parametrize("off", [{"options": {"throttlePriority": False}}])
def test_the_order_of_arrival_if_so_wished(off):
    async def scene():
        venue = Venue(bitexasia, **off)
        calls = [venue.exchange.public_get_ticker_pair({"pair": f"N-{n}"}) for n in range(40)]
        calls += [venue.exchange.private_post_orders_id_cancel({"id": str(n)}) for n in range(20)]
        await asyncio.gather(*calls)
        return venue

    lines = run(scene()).lines()
    assert [line.rpartition("/")[2] for line in lines[40:]] == ["cancel"] * 20


def test_nothing_starves():
    async def scene():
        venue = Venue(bitexasia)
        tickers = [venue.exchange.public_get_ticker_pair({"pair": f"N-{n}"}) for n in range(5)]

        async def cancel_on_and_on():
            for _ in range(50):
                await venue.exchange.private_post_orders_id_cancel({"id": "1"})

        await asyncio.gather(*tickers, *(cancel_on_and_on() for _ in range(4)))
        return venue

    lines = run(scene()).lines()
    found = [place for place, line in enumerate(lines) if "ticker" in line]
    assert len(found) == 5 and found[1:] == [31, 62, 93, 124]


def test_the_look_ups_on_the_way_are_as_urgent_as_the_call():
    """The markets and the open orders of a cancelAllOrders, and the login of whatever needs a token."""
    answers = {
        "symbols_details": [listing()],
        "currencies": [],
        "authentication": {"access_token": "t", "expires_in": 900},
        "v2/orders": {},
    }

    async def scene():
        venue = Venue(bitmart2, answers=answers)
        tickers = [venue.exchange.public_get_ticker({"n": n}) for n in range(20)]
        tickers += [venue.exchange.private_get_wallet() for _ in range(5)]
        await asyncio.gather(*tickers, venue.exchange.cancel_all_orders("BMX/ETH"))
        return venue

    lines = run(scene()).lines()
    assert sorted(line.rpartition("/")[2] for line in lines[1:6]) == [
        "authentication",
        "currencies",
        "orders",
        "orders",
        "symbols_details",
    ]


def test_a_cancellation_overtakes_those_who_wait_for_their_nonce():
    async def scene(**config):
        venue = Venue(bitexbit, **config)
        reads = [venue.exchange.v1_private_get_wallets() for _ in range(30)]
        cancel = venue.exchange.v1_private_post_order_cancel({"order_id": 1})
        await asyncio.gather(*reads, cancel)
        nonces = [int(headers["X-NONCE"]) for _, _, headers in venue.arrived]
        assert nonces == sorted(nonces)
        return [line.rpartition("/v1/")[2] for line in venue.lines()].index("order-cancel/")

    assert run(scene()) == 1, "behind the one that is under way"
    assert run(scene(options={"throttlePriority": False})) == 30


def test_who_holds_up_a_cancellation_is_as_urgent():
    """A read has its turn with the key's nonces, but stands in the throttle behind many others."""

    async def scene():
        venue = Venue(bitexbit)
        calls = [venue.exchange.v1_public_get_currencies() for _ in range(100)]
        calls += [venue.exchange.v1_private_get_wallets() for _ in range(3)]
        tasks = [asyncio.ensure_future(call) for call in calls]
        await asyncio.sleep(0.1)
        before = len(venue.arrived)
        await venue.exchange.v1_private_post_order_cancel({"order_id": 1})
        behind = venue.lines()[before:]
        await asyncio.gather(*tasks)
        return [line.rpartition("/v1/")[2] for line in behind]

    assert run(scene()) == ["wallets/", "order-cancel/"]


def test_what_goes_on_beyond_an_urgent_call_is_not_urgent():
    from ccxt_ext.venue.requests.ranks import at_least, rank_now, without_rank

    async def tell():
        return rank_now()

    async def scene():
        with at_least(Rank.CANCEL):
            assert rank_now() is Rank.CANCEL
            return await without_rank(asyncio.ensure_future, tell())

    assert asyncio.run(scene()) is Rank.REST


# -- stamped when sent ------------------------------------------------------------------------------


def test_190_orders_at_once_are_all_fresh():
    async def scene():
        venue = Venue(bitexasia, rateLimit=200)
        order = {"pair": "BTC-USD", "side": "buy", "type": "limit", "price": "1", "size": "1"}
        await asyncio.gather(*(venue.exchange.private_post_orders(order) for _ in range(190)))
        return venue

    stamps = [(when, int(headers["X-Api-Timestamp"])) for when, _, headers in run(scene()).arrived]
    assert len(stamps) == 190 and stamps[-1][0] - START > 37
    assert max(abs(when * 1000 - stamp) for when, stamp in stamps) <= 1


def test_the_wait_in_the_throttle_is_no_part_of_a_round_trip():
    async def scene():
        venue = Venue(bitmart2, there=0.1, back=0.1, answers={"time": {"server_time": 0}})
        venue.answers["v2/time"] = {"server_time": 0}

        async def server_time(*args):
            await asyncio.sleep(0.1)
            venue.answers["v2/time"] = {"server_time": int(now() * 1000) - 5000}
            await asyncio.sleep(0.1)
            return venue.answers["v2/time"]

        tickers = [asyncio.ensure_future(venue.exchange.public_get_ticker({"n": n})) for n in range(60)]
        await asyncio.sleep(0)
        venue.exchange.fetch, plain = server_time, venue.exchange.fetch
        difference = await venue.exchange.load_time_difference()
        venue.exchange.fetch = plain
        await asyncio.gather(*tickers)
        return difference

    assert run(scene()) == pytest.approx(5000, abs=2)


def test_a_token_is_fetched_when_its_request_is_about_to_leave():
    """100 orders take longer to leave than their first token lives; none of them is sent with an old one."""
    logins = itertools.count()

    async def scene():
        venue = Venue(bitmart2)
        signing.token_state(venue.exchange)._shared._clock = now
        expires = {}
        plain = venue.fetch

        async def fetch(url, method="GET", headers=None, body=None):
            await plain(url, method, headers, body)
            if "authentication" in url:
                token = f"token{next(logins)}"
                expires[token] = now() + 30
                return {"access_token": token, "expires_in": 30}
            assert now() < expires[headers["X-BM-AUTHORIZATION"].split()[1]]
            return {"entrust_id": 1}

        venue.exchange.fetch = fetch
        await asyncio.gather(*(venue.exchange.private_post_orders({"n": n}) for n in range(100)))
        return venue

    venue = run(scene())
    assert len(venue.lines("orders")) == 100
    assert 2 < len(venue.lines("authentication")) < 7
    assert len(venue.arrived) == 100 + next(logins)


# -- as the venue counts ----------------------------------------------------------------------------


def most_in(times, window):
    times = sorted(times)
    return max(sum(first <= each < first + window for each in times) for first in times)


@pytest.mark.parametrize("seed", range(5))
def test_a_venue_that_takes_two_in_a_second_never_sees_three(seed):
    """Whatever the ways of requests are like: some need a new connection, some a long answer."""
    chance = random.Random(seed)

    async def scene():
        ways = {
            "there": lambda: chance.choice([0.002, 0.05, 0.3, 0.9]),
            "back": lambda: chance.choice([0.002, 0.05, 2]),
        }
        venue = Venue(bitexbit, **ways)
        wallets = [venue.exchange.v1_private_get_wallets() for _ in range(20)]
        gateway = [venue.exchange.gateway_get_wallets() for _ in range(20)]
        await asyncio.gather(*wallets, *gateway)
        return venue

    venue = run(scene())
    assert len(venue.times) == 40
    assert most_in([when for when, _, _ in venue.arrived], 0.999) <= 2


def test_it_costs_a_round_trip_in_each_window_and_no_more():
    async def scene(kind, call):
        venue = Venue(kind, there=0.05, back=0.05)
        await asyncio.gather(*(call(venue.exchange) for _ in range(41)))
        return venue.times

    # Two in a second and a round trip; the limit alone would take 20 s.
    assert run(scene(bitexbit, lambda exchange: exchange.gateway_get_wallets()))[-1] == pytest.approx(
        20 + 20 * 0.1 + 0.05, abs=0.02
    )
    # 1,200 in a minute: the 41st is not held up at all.
    assert run(scene(bitexasia, lambda exchange: exchange.public_get_ticker_pair({"pair": "A"})))[
        -1
    ] == pytest.approx(2 + 0.05, abs=0.02)


# -- what ccxt has ----------------------------------------------------------------------------------


@pytest.mark.parametrize("config", [{"enableRateLimit": False}, {"rateLimit": 0}], ids=str)
def test_no_limit_if_so_wished(config):
    async def scene():
        venue = Venue(bitexasia, **config)
        await asyncio.gather(*(venue.exchange.public_get_markets() for _ in range(50)))
        return venue

    assert set(run(scene()).times) == {0}


def test_the_rate_limit_may_be_changed_at_any_time():
    async def scene():
        venue = Venue(bitexasia)
        for rate in (50, 200, 10):
            venue.exchange.rateLimit = rate
            for _ in range(3):
                await venue.exchange.private_get_orders_id({"id": "1"})
        return venue

    assert run(scene()).times == pytest.approx([0, 0.05, 0.1, 0.3, 0.5, 0.7, 0.71, 0.72, 0.73], abs=0.002)


def test_costs_and_a_bucket_of_ones_own():
    async def scene(**config):
        venue = Venue(bitexasia, **config)
        await venue.exchange.public_get_markets()
        await asyncio.sleep(60)
        await asyncio.gather(*(venue.exchange.public_get_markets() for _ in range(4)))
        return [when - 60 for when in venue.times[1:]]

    # The markets cost 5, of which a bucket of 1 has one.
    assert run(scene()) == pytest.approx([0, 0.2, 0.45, 0.7], abs=0.002)
    assert run(scene(tokenBucket={"refillRate": 0.1})) == pytest.approx([0, 0.04, 0.09, 0.14], abs=0.002)
    assert run(scene(tokenBucket={"capacity": 10})) == pytest.approx([0, 0, 0, 0.25], abs=0.002)


def test_a_rolling_window():
    async def scene():
        config = {"rateLimiterAlgorithm": "rollingWindow", "rollingWindowSize": 1000.0, "rateLimit": 200}
        venue = Venue(bitexasia, **config)
        await asyncio.gather(*(venue.exchange.private_get_orders_id({"id": "1"}) for _ in range(12)))
        return venue.times

    assert run(scene()) == pytest.approx([0] * 5 + [1] * 5 + [2] * 2, abs=0.01)


@pytest.mark.parametrize(
    "config", [{"options": {"maxRequestsQueue": 5}}, {"tokenBucket": {"maxCapacity": 5}}], ids=str
)
def test_a_queue_over_its_capacity(config):
    async def scene():
        venue = Venue(bitexasia, **config)
        calls = [venue.exchange.private_get_orders_id({"id": str(n)}) for n in range(10)]
        return await asyncio.gather(*calls, return_exceptions=True)

    errors = [answer for answer in run(scene()) if answer != {}]
    assert len(errors) in (3, 4)
    assert all(isinstance(error, RuntimeError) and "over maxCapacity (5)" in str(error) for error in errors)


def test_throttle_may_be_called_by_itself():
    async def scene():
        exchange = in_virtual_time(bitexasia(keys()))
        times = []
        for cost in (1, None, 2, 0, 1):
            await exchange.throttle(cost)
            times.append(now() - START)
        return times

    assert run(scene()) == pytest.approx([0, 0.05, 0.1, 0.1, 0.2], abs=0.001)


def test_who_is_cancelled_leaves_the_queue():
    async def scene():
        venue = Venue(bitexasia)
        calls = [
            asyncio.ensure_future(venue.exchange.private_get_orders_id({"id": str(n)})) for n in range(6)
        ]
        await asyncio.sleep(0.01)
        for each in calls[1:5]:
            each.cancel()
        await asyncio.wait(calls)
        assert venue.exchange.throttler.waiting() == 0
        return venue

    assert run(scene()).times == pytest.approx([0, 0.05], abs=0.002)


# -- sync -------------------------------------------------------------------------------------------


def test_one_thread(monkeypatch):
    """The same rules, with a clock that moves when the thread waits."""
    clock = Clock()

    class Waiter:
        def wake(self):
            raise AssertionError("one thread has nobody to wake it")

        def wait(self, seconds):
            clock.now += seconds

    monkeypatch.setattr(turns_sync, "SyncWaiter", Waiter)
    exchange = sync_bitexbit(keys())
    exchange.throttler.clock = clock
    arrived = []
    ways = itertools.cycle([0.3, 0.001, 0.05])

    def fetch(url, method="GET", headers=None, body=None):
        way = next(ways)
        clock.now += way
        arrived.append(clock.now)
        clock.now += 0.002
        return []

    exchange.fetch = fetch
    for _ in range(30):
        exchange.v1_private_get_wallets()
    assert len(arrived) == 30 and most_in(arrived, 0.9999) == 2
    # Not slower than the limit and a round trip for each two.
    assert arrived[-1] - arrived[0] <= 14.5 + 15 * 0.31
    del exchange.fetch


def test_threads_share_an_instance():
    exchange = sync_bitexasia({**keys(), "rateLimit": 5})
    start = time.monotonic()
    begun = threading.Event()
    # Time stands still until all have come.
    exchange.throttler.clock = lambda: time.monotonic() if begun.is_set() else start
    exchange.throttle(1)
    left = []

    def fetch(url, method="GET", headers=None, body=None):
        left.append((turns_sync._turn.get().ticket.departed, "cancel" not in url))
        return {}

    exchange.fetch = fetch
    calls = [lambda: exchange.private_get_orders_id({"id": "1"})] * 10
    calls += [lambda: exchange.private_post_orders_id_cancel({"id": "1"})] * 10
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    while exchange.throttler.waiting() < 20:
        time.sleep(0.001)
    begun.set()
    for thread in threads:
        thread.join()
    left.sort()
    assert [other for _, other in left] == [False] * 10 + [True] * 10
    assert left[-1][0] - left[0][0] >= 0.005 * 18
    assert exchange.throttler.waiting() == 0


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda exchange: pickle.loads(pickle.dumps(exchange))])
def test_exchanges_are_copied_as_ccxts_are(copied):
    exchange = sync_bitexasia({**keys(), "rateLimit": 1000})
    exchange.throttle(1)
    other = copied(exchange)
    other.rateLimit = 5
    other.throttle(1)  # at once: what the first has sent is not its own
    assert other.throttler is not exchange.throttler
    assert (other.throttler.limits().interval, exchange.throttler.limits().interval) == (0.005, 1)


def test_methods_keep_their_names_and_signatures():
    import inspect

    for kind in (bitexbit, sync_bitexbit):
        method = kind.cancel_order
        assert isinstance(method, types.FunctionType) and method.__name__ == "cancel_order"
        assert list(inspect.signature(method).parameters) == ["self", "id", "symbol", "params"]
        assert inspect.iscoroutinefunction(method) is (kind is bitexbit)
        # ccxt's own, which call these, are left as they are.
        base = ccxt.async_support.Exchange if kind is bitexbit else ccxt.Exchange
        assert kind.create_limit_order is base.create_limit_order
