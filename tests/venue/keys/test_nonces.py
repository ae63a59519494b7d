"""Nonces rise in the order in which calls arrive, whatever instances, threads and loops they come from."""

import asyncio
import itertools
import threading
import time
from types import SimpleNamespace

import ccxt
import pytest

from ccxt_ext.venue.keys.nonces import Nonces, shared_nonces
from ccxt_ext.venue.keys.shared import Memory
from ccxt_ext.venues.bitexbit import signing
from ccxt_ext.venues.bitexbit.rest import bitexbit as async_bitexbit
from ccxt_ext.venues.bitexbit.rest_sync import bitexbit as sync_bitexbit


@pytest.fixture
def key():
    return "nonce-key"


def nonces(venue, key):
    return shared_nonces(SimpleNamespace(id=venue, apiKey=key))


class Server:
    """Takes rising nonces only, as the venue does; `delays` are how long each answer takes."""

    def __init__(self, delays=()):
        self.delays = iter(delays)
        self.arrived = []
        self.under_way = self.most_under_way = 0
        self._lock = threading.Lock()

    def receive(self, headers):
        with self._lock:
            nonce = int(headers["X-NONCE"])
            last = self.arrived[-1] if self.arrived else 0
            self.arrived.append(nonce)
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
        if nonce <= last:
            self.answered()
            raise ccxt.InvalidNonce("bitexbit Nonce must be greater")
        return next(self.delays, 0.002)

    async def busy(self):
        """Until a call has arrived."""
        while not self.arrived:
            await asyncio.sleep(0.001)

    def answered(self):
        with self._lock:
            self.under_way -= 1

    def sync(self, key, **config):
        exchange = sync_bitexbit(settings(key, config))

        def fetch(url, method="GET", headers=None, body=None):
            time.sleep(self.receive(headers))
            self.answered()
            return []

        exchange.fetch = fetch
        return exchange

    def asynchronous(self, key, **config):
        exchange = async_bitexbit(settings(key, config))

        async def fetch(url, method="GET", headers=None, body=None):
            delay = self.receive(headers)
            # Whoever is sent later would arrive earlier.
            await asyncio.sleep(delay)
            self.answered()
            return []

        exchange.fetch = fetch
        return exchange


def settings(key, config):
    return {"apiKey": key, "secret": "secret", "enableRateLimit": False, **config}


def rises(numbers):
    return all(first < second for first, second in itertools.pairwise(numbers))


async def test_coroutines_of_several_instances(key):
    server = Server(delays=[0.02, 0.001] * 30)
    exchanges = [server.asynchronous(key) for _ in range(3)]
    await asyncio.gather(*(e.v1_private_get_wallets() for e in exchanges for _ in range(20)))
    assert len(server.arrived) == 60 and rises(server.arrived)
    assert server.most_under_way == 1


def test_threads_and_event_loops_together(key):
    server = Server()

    def sync():
        exchange = server.sync(key)
        for _ in range(10):
            exchange.v1_private_get_wallets()

    def looping():
        async def all_at_once():
            exchange = server.asynchronous(key)
            await asyncio.gather(*(exchange.v1_private_get_wallets() for _ in range(10)))

        asyncio.run(all_at_once())

    threads = [threading.Thread(target=target) for target in (sync, looping) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.arrived) == 60 and rises(server.arrived)
    assert server.most_under_way == 1


async def test_keys_do_not_wait_for_each_other(key):
    server = Server()
    slow, other = server.asynchronous(key), server.asynchronous(f"{key}-other")
    server.delays = iter([60])
    waiting = asyncio.create_task(slow.v1_private_get_wallets())
    await server.busy()
    server.arrived.clear()
    await asyncio.wait_for(other.v1_private_get_wallets(), 5)
    waiting.cancel()


async def test_calls_that_need_no_nonce_do_not_wait(key):
    server = Server(delays=[60])
    exchange = server.asynchronous(key)
    waiting = asyncio.create_task(exchange.v1_private_get_wallets())
    await server.busy()

    async def fetch(*args):
        return []

    exchange.fetch = fetch
    await asyncio.wait_for(exchange.v1_public_get_pairs(), 5)
    await asyncio.wait_for(exchange.gateway_get_payment_methods(), 5)
    waiting.cancel()


async def test_who_is_cancelled_leaves_the_line(key):
    server = Server(delays=[60])
    exchange = server.asynchronous(key)
    first = asyncio.create_task(exchange.v1_private_get_wallets())
    await server.busy()
    second = asyncio.create_task(exchange.v1_private_get_wallets())
    third = asyncio.create_task(exchange.v1_private_get_wallets())
    await asyncio.sleep(0.01)
    second.cancel()
    first.cancel()
    await asyncio.wait_for(third, 5)


async def test_a_call_that_fails_passes_the_turn_on(key):
    server = Server()
    exchange = server.asynchronous(key)
    answers = server.asynchronous(key).fetch

    async def fetch(*args):
        exchange.fetch = answers
        raise ccxt.RequestTimeout("bitexbit timed out")

    exchange.fetch = fetch
    results = await asyncio.gather(
        *(exchange.v1_private_get_wallets() for _ in range(3)), return_exceptions=True
    )
    assert [type(result) for result in results] == [ccxt.RequestTimeout, list, list]


async def test_a_turn_that_is_held_for_ever_is_lost(key):
    server = Server(delays=[60])
    stuck = server.asynchronous(key)
    holder = asyncio.create_task(stuck.v1_private_get_wallets())
    await server.busy()
    await asyncio.wait_for(server.asynchronous(key, timeout=50).v1_private_get_wallets(), 5)
    assert rises(server.arrived)
    holder.cancel()


async def test_a_sync_call_inside_a_loop_does_not_wait_for_that_loop(key):
    server = Server(delays=[60])
    holder = asyncio.create_task(server.asynchronous(key).v1_private_get_wallets())
    await server.busy()
    began = time.monotonic()
    server.sync(key).v1_private_get_wallets()
    assert time.monotonic() - began < 5  # and not the 20 s after which a turn is lost
    holder.cancel()


async def test_all_at_once_when_asked_for(key):
    server = Server(delays=[0.05] * 5)
    exchange = server.asynchronous(key, options={"nonce": {"inTurn": False, "retries": 0}})
    await asyncio.gather(*(exchange.v1_private_get_wallets() for _ in range(5)))
    assert server.most_under_way == 5
    assert rises(server.arrived)


def refusing(exchange, times, error):
    sent = []

    def fetch(url, method="GET", headers=None, body=None):
        sent.append((int(headers["X-NONCE"]), headers["X-SIGN"], body))
        if len(sent) <= times:
            raise error
        return {"success": True, "oid": 7, "amount": 1, "date": 1}

    exchange.fetch = fetch
    return sent


ORDER = {"type": "buy", "pair": "BTC_USD", "amount": "1", "price": "1"}


def test_a_refused_nonce_is_replaced_and_the_order_sent_again(key):
    """Another process uses the key as well. The refusal comes before anything is processed."""
    exchange = sync_bitexbit(settings(key, {}))
    sent = refusing(exchange, 2, ccxt.InvalidNonce("bitexbit Nonce must be greater"))
    exchange.v1_private_post_order(ORDER)
    assert len(sent) == 3 and rises([nonce for nonce, _, _ in sent])
    assert len({body for _, _, body in sent}) == 1


def test_a_nonce_that_is_refused_again_and_again_is_told(key):
    exchange = sync_bitexbit(settings(key, {"options": {"nonce": {"retries": 2}}}))
    sent = refusing(exchange, 99, ccxt.InvalidNonce("bitexbit Nonce must be greater"))
    with pytest.raises(ccxt.InvalidNonce) as caught:
        exchange.v1_private_post_order(ORDER)
    assert "unknown" not in str(caught.value)
    assert len(sent) == 3


class Ahead:
    """A venue that has heard from another process, whose clock is ahead, just before each call."""

    def __init__(self, exchange, ahead, words):
        self.exchange, self.ahead, self.words = exchange, ahead, words
        self.now = exchange.milliseconds()
        self.refused = 0
        exchange.milliseconds = lambda: self.now
        exchange.fetch = self.fetch

    def fetch(self, url, method="GET", headers=None, body=None):
        last = self.now + self.ahead - 1
        self.now += 100
        if int(headers["X-NONCE"]) <= last:
            self.refused += 1
            raise ccxt.InvalidNonce(self.words.format(last))
        return {"success": True, "oid": 7, "amount": 1, "date": 1}


@pytest.mark.parametrize("words", ["bitexbit Nonce must be greater than {}", "bitexbit Wrong nonce"])
@pytest.mark.parametrize("ahead", [1, 2000, 60_000])
def test_a_process_whose_clock_is_ahead_is_overtaken_once_and_for_all(key, words, ahead):
    exchange = sync_bitexbit(settings(key, {"options": {"nonce": {"retries": 12}}}))
    venue = Ahead(exchange, ahead, words)
    exchange.v1_private_post_order(ORDER)
    cost = venue.refused
    assert cost <= (2 if "{}" in words else 11)
    for _ in range(20):
        exchange.v1_private_post_order_cancel({"order": "7"})
    assert venue.refused == cost


def test_the_search_for_the_lead_goes_on_in_the_next_call(key):
    exchange = sync_bitexbit(settings(key, {"options": {"nonce": {"retries": 2}}}))
    venue = Ahead(exchange, 60_000, "bitexbit Wrong nonce")
    for _ in range(3):
        with pytest.raises(ccxt.InvalidNonce):
            exchange.v1_private_get_wallets()
    exchange.v1_private_get_wallets()
    assert venue.refused <= 11


def test_a_number_that_no_clock_can_have_is_not_believed(key):
    numbers = nonces("venue", key)
    now = numbers.take(1_700_000_000_000)
    numbers.refused("Wrong nonce for order 123456789012345678")
    assert now < numbers.take(now) < now + 1000


def test_a_refusal_about_something_else_ends_the_search(key):
    exchange = sync_bitexbit(settings(key, {}))
    numbers = shared_nonces(exchange)
    now = exchange.milliseconds()
    numbers.take(now)
    numbers.refused("Wrong nonce")
    first = numbers.take(now) - now
    refusing(exchange, 1, ccxt.InsufficientFunds("bitexbit Out of balance"))
    with pytest.raises(ccxt.InsufficientFunds):
        exchange.v1_private_post_order(ORDER)
    numbers.refused("Wrong nonce")
    numbers.refused("Wrong nonce")
    now = exchange.milliseconds()
    assert numbers.take(now) - now < 5 * first


def test_a_repeated_read_is_signed_anew_and_an_order_is_not_repeated(key):
    exchange = sync_bitexbit(settings(key, {}))
    sent = refusing(exchange, 2, ccxt.RequestTimeout("bitexbit timed out"))
    exchange.v1_private_get_wallets({"maxRetriesOnFailure": 2})
    assert len(sent) == 3 and rises([nonce for nonce, _, _ in sent])
    sent = refusing(exchange, 1, ccxt.RequestTimeout("bitexbit timed out"))
    with pytest.raises(ccxt.RequestTimeout, match="unknown"):
        exchange.v1_private_post_order({**ORDER, "maxRetriesOnFailure": 2})
    assert len(sent) == 1


def test_both_apis_of_a_key_count_together(key):
    exchange = sync_bitexbit(settings(key, {}))
    exchange.milliseconds = lambda: 5000
    taken = [signing.next_nonce(exchange) for _ in range(2)]
    assert signing.sign_v2(exchange, "/x", "")["X-Nonce"] == str(taken[-1] + 1)
    assert signing.sign_v1(exchange, "GET", {})[0]["X-NONCE"] == str(taken[-1] + 2)
    assert taken == [5000, 5001]


def test_a_clock_that_goes_back_does_not_take_the_nonces_along():
    numbers = Nonces(Memory())
    assert [numbers.take(least) for least in (10, 5, 5, 20, 3)] == [10, 11, 12, 20, 21]


def test_a_key_is_one_venues(key):
    assert nonces("a", key).take(10**15) == 10**15
    assert nonces("a", key).take(0) == 10**15 + 1
    assert nonces("b", key).take(0) == 1


def leads(words, refusals):
    """How far beyond the clock the numbers are after each refusal in these words."""
    numbers, now = Nonces(Memory()), 1_700_000_000_000
    found = []
    for _ in range(refusals):
        taken = numbers.take(now)
        numbers.refused(words(taken))
        now += 1000
        found.append(numbers.take(now) - now)
    return found


def test_the_steps_of_the_search_double_up_to_an_hour():
    found = leads(lambda taken: "Wrong nonce", 40)
    steps = [second - first for first, second in itertools.pairwise([0, *found])]
    assert steps[:4] == [50, 100, 200, 400]
    assert steps[16:] == [3_276_800 if number == 16 else 3_600_000 for number in range(16, 40)]


def test_a_number_that_is_told_is_passed_by_one_and_then_by_steps():
    assert leads(lambda taken: f"Nonce must be greater than {taken + 7}", 3) == [8, 65, 172]


def test_of_several_numbers_that_are_told_the_largest_counts():
    assert leads(lambda taken: f"Nonce {taken} is not above {taken + 7} of {taken - 9}", 1) == [8]


@pytest.mark.parametrize(("beyond", "lead"), [(0, 50), (86_400_000, 86_400_001), (86_400_001, 50)])
def test_a_number_is_believed_up_to_a_day(beyond, lead):
    assert leads(lambda taken: f"Nonce must be greater than {taken + beyond}", 1) == [lead]


def test_a_number_that_was_told_is_passed_though_the_clock_goes_back():
    numbers = Nonces(Memory())
    told = numbers.take(1_700_000_000_000) + 5000
    numbers.refused(f"Nonce must be greater than {told}")
    assert numbers.take(1_600_000_000_000) == told + 1
