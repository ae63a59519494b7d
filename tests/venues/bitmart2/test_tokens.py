"""Tokens of bitmart2: one login for all, renewal, what a refused token costs."""

import asyncio
import threading
from collections import deque

import ccxt
import pytest

from ccxt_ext.venue.keys.shared import Memory, lock
from ccxt_ext.venues.bitmart2 import signing
from ccxt_ext.venues.bitmart2.rest import bitmart2 as async_bitmart2
from ccxt_ext.venues.bitmart2.rest_sync import bitmart2 as sync_bitmart2
from ccxt_ext.venues.bitmart2.tokens import WINDOW, Token, TokenState
from tests.venues.bitmart2.listings import listing


class Venue:
    """Answers in place of the network; counts logins and remembers the bearer of each private request."""

    def __init__(self, expires_in=900, delay=0.0):
        self.expires_in = expires_in
        self.delay = delay
        self.logins = 0
        self.refused = set()
        self.bearers = []
        self.order_calls = self.most_order_calls = 0
        self.logins_among_orders = 0
        self.login_error = None
        self.private_error = None

    def attach(self, exchange):
        exchange.fetch = self.fetch if not exchange.synchronous else self.fetch_sync
        return exchange

    def client(self, kind, **config):
        exchange = kind({"apiKey": "key", "secret": "s" * 8, "uid": "memo", "rateLimit": 0, **config})
        exchange.options["createOrder"]["lookUp"] = False
        exchange.set_markets([exchange.parse_market(listing())])
        return self.attach(exchange)

    async def fetch(self, url, method="GET", headers=None, body=None):
        ordering = "/orders" in url and method != "GET"
        self.order_calls += ordering
        await asyncio.sleep(self.delay)
        self.order_calls -= ordering
        if url.endswith("/authentication"):
            self.logins_among_orders += self.order_calls
        return self.answer(url, headers)

    def fetch_sync(self, url, method="GET", headers=None, body=None):
        return self.answer(url, headers)

    def answer(self, url, headers):
        if url.endswith("/authentication"):
            self.logins += 1
            if self.login_error:
                raise self.login_error
            return {"access_token": f"token{self.logins}", "expires_in": self.expires_in}
        bearer = headers["X-BM-AUTHORIZATION"]
        self.bearers.append(bearer)
        if bearer in self.refused:
            exchange = sync_bitmart2()
            exchange.handle_errors(401, "", url, "GET", {}, "{}", {"message": "Unauthorized"}, {}, None)
        if self.private_error:
            raise self.private_error
        return {"entrust_id": len(self.bearers)} if url.endswith("/orders") else []


async def orders(exchange):
    await exchange.create_order("BMX/ETH", "limit", "buy", 1, 1)


async def cancels(exchange):
    await exchange.cancel_order("1")


async def test_many_callers_share_one_login():
    venue = Venue(delay=0.01)
    exchange = venue.client(async_bitmart2)
    await asyncio.gather(*(exchange.fetch_balance() for _ in range(20)))
    assert venue.logins == 1
    assert venue.bearers == ["Bearer token1"] * 20
    await exchange.close()


async def test_instances_with_the_same_key_share_the_token():
    venue = Venue()
    first = venue.client(async_bitmart2)
    second = venue.client(async_bitmart2)
    third = venue.client(sync_bitmart2)
    await first.fetch_balance()
    await second.fetch_balance()
    third.fetch_balance()
    other = venue.client(sync_bitmart2, apiKey="other")
    other.fetch_balance()
    assert venue.bearers == ["Bearer token1"] * 3 + ["Bearer token2"]
    await first.close()
    await second.close()


@pytest.mark.parametrize("trading", [False, True])
async def test_a_token_dropped_early_costs_one_login(trading):
    venue = Venue()
    exchange = venue.client(async_bitmart2)
    await exchange.sign_in()
    venue.refused.add("Bearer token1")
    if trading:
        order = await exchange.create_order("BMX/ETH", "limit", "buy", 1, 1)
        assert order["id"] == "2"
    else:
        await exchange.fetch_balance()
    assert venue.bearers == ["Bearer token1", "Bearer token2"]
    await exchange.close()


async def test_a_second_refusal_is_raised():
    venue = Venue()
    exchange = venue.client(async_bitmart2)
    venue.refused |= {"Bearer token1", "Bearer token2"}
    with pytest.raises(ccxt.AuthenticationError, match="Unauthorized"):
        await exchange.create_order("BMX/ETH", "limit", "buy", 1, 1)
    assert len(venue.bearers) == 2
    await exchange.close()


async def test_retry_on_401_can_be_switched_off():
    venue = Venue()
    exchange = venue.client(async_bitmart2, options={"token": {"retryOn401": False}})
    venue.refused.add("Bearer token1")
    with pytest.raises(ccxt.AuthenticationError):
        await exchange.fetch_balance()
    assert venue.logins == 1
    await exchange.close()


async def test_twenty_callers_whose_token_was_dropped_log_in_once():
    venue = Venue(delay=0.01)
    exchange = venue.client(async_bitmart2)
    await exchange.sign_in()
    venue.refused.add("Bearer token1")
    await asyncio.gather(*(exchange.fetch_balance() for _ in range(20)))
    assert venue.logins == 2
    await exchange.close()


async def test_a_failed_login_fails_all_who_waited_for_it_and_is_not_repeated():
    venue = Venue(delay=0.01)
    venue.login_error = ccxt.AuthenticationError("bitmart2 Unauthorized")
    exchange = venue.client(async_bitmart2)
    results = await asyncio.gather(*(exchange.fetch_balance() for _ in range(20)), return_exceptions=True)
    assert all(isinstance(result, ccxt.AuthenticationError) for result in results)
    assert venue.logins == 1
    venue.login_error = None
    await exchange.fetch_balance()
    await exchange.close()


@pytest.mark.parametrize("error", [ccxt.RequestTimeout("late"), ccxt.ExchangeNotAvailable("502")], ids=repr)
@pytest.mark.parametrize("kind", [sync_bitmart2, async_bitmart2])
async def test_an_order_whose_login_fails_was_not_sent(kind, error):
    async def place():
        placed = exchange.create_order("BMX/ETH", "limit", "buy", 1, 1)
        return placed if exchange.synchronous else await placed

    venue = Venue()
    exchange = venue.client(kind)
    venue.login_error = error
    with pytest.raises(type(error)) as caught:
        await place()
    assert not hasattr(caught.value, "outcome") and venue.bearers == []
    venue.login_error, venue.private_error = None, error
    with pytest.raises(type(error)) as caught:  # with a login on its way that works
        await place()
    assert caught.value.outcome == "unknown" and venue.bearers == ["Bearer token2"]
    if not exchange.synchronous:
        await exchange.close()


async def test_a_cancelled_login_lets_the_next_one_try():
    venue = Venue(delay=0.05)
    exchange = venue.client(async_bitmart2)
    first = asyncio.create_task(exchange.fetch_balance())
    second = asyncio.create_task(exchange.fetch_balance())
    await asyncio.sleep(0.01)
    first.cancel()
    assert (await second)["info"] == []
    with pytest.raises(asyncio.CancelledError):
        await first
    await exchange.close()


async def test_never_more_logins_a_minute_than_allowed():
    venue = Venue()
    exchange = venue.client(async_bitmart2)
    for count in range(1, 6):
        venue.refused.add(f"Bearer token{count}")
    with pytest.raises(ccxt.AuthenticationError):
        await exchange.fetch_balance()  # two logins: the first token is refused, and so is the second
    with pytest.raises(ccxt.AuthenticationError):
        await exchange.fetch_balance()
    with pytest.raises(ccxt.RateLimitExceeded, match="5 logins a minute"):
        await exchange.fetch_balance()
    with pytest.raises(ccxt.RateLimitExceeded):
        await exchange.fetch_balance()
    assert venue.logins == 5
    await exchange.close()


async def test_on_limit_wait_sleeps_until_a_login_is_allowed():
    venue = Venue()
    exchange = venue.client(async_bitmart2, options={"token": {"maxPerMinute": 1, "onLimit": "wait"}})
    await exchange.fetch_balance()
    clock = [0.0]
    state = signing.token_state(exchange)
    state._shared._clock = lambda: clock[0]
    state._shared._done["login"] = deque([0.0])
    state.drop(state.token)
    slept = []

    async def sleep(milliseconds):
        slept.append(milliseconds)
        clock[0] += milliseconds / 1000

    exchange.sleep = sleep
    await exchange.fetch_balance()
    assert sum(slept) == WINDOW * 1000
    assert max(slept) <= exchange.timeout  # others wait for this one, and have to see that it goes on
    assert venue.logins == 2
    del exchange.sleep
    await exchange.close()


async def test_no_renewal_among_order_calls():
    venue = Venue(delay=0.02)
    exchange = venue.client(async_bitmart2)
    await exchange.sign_in()
    venue.refused.add("Bearer token1")
    calls = [exchange.create_order("BMX/ETH", "limit", "buy", 1, 1) for _ in range(5)]
    calls += [exchange.fetch_balance() for _ in range(5)]
    calls += [exchange.cancel_order("1") for _ in range(5)]
    venue_answer = venue.answer

    def answer(url, headers):
        result = venue_answer(url, headers)
        return {} if isinstance(result, list) and "/wallet" not in url else result

    venue.answer = answer
    await asyncio.gather(*calls)
    assert venue.logins == 2
    assert venue.logins_among_orders == 0
    await exchange.close()


@pytest.mark.parametrize("act", [orders, cancels])
@pytest.mark.parametrize(
    ("error", "logins"),
    [
        (ccxt.RequestTimeout("no answer"), 1),
        (ccxt.ExchangeNotAvailable("cut"), 1),
        (asyncio.CancelledError(), 1),
        (ccxt.InvalidOrder("refused"), 2),
    ],
)
async def test_no_renewal_while_an_order_call_without_an_answer_may_be_under_way(act, error, logins):
    """The venue refuses what comes with another token meanwhile."""
    venue = Venue()
    exchange = venue.client(async_bitmart2)
    now = [0.0]
    signing.token_state(exchange)._shared._clock = lambda: now[0]
    await exchange.sign_in()
    now[0] = 835.0
    venue.private_error = error
    with pytest.raises(type(error)):
        await act(exchange)
    venue.private_error = None
    now[0] = 841.0
    await exchange.create_order("BMX/ETH", "limit", "buy", 1, 1)
    assert venue.logins == logins
    now[0] = 846.0
    await exchange.create_order("BMX/ETH", "limit", "buy", 1, 1)
    assert venue.logins == 2
    await exchange.close()


async def test_a_callers_own_token_is_used_until_refused():
    venue = Venue()
    exchange = venue.client(async_bitmart2, token="mine")
    await exchange.fetch_balance()
    assert venue.logins == 0
    venue.refused.add("Bearer mine")
    await exchange.fetch_balance()
    assert venue.bearers == ["Bearer mine", "Bearer mine", "Bearer token1"]
    await exchange.close()


async def test_sign_in_is_idempotent_and_tells_no_token():
    venue = Venue()
    exchange = venue.client(async_bitmart2)
    assert await exchange.sign_in() == await exchange.signIn() == {"expiresIn": 900_000}
    assert venue.logins == 1
    await exchange.close()


async def test_a_short_lived_token_does_not_make_every_call_log_in():
    venue = Venue(expires_in=30)
    exchange = venue.client(async_bitmart2)
    await exchange.fetch_balance()
    await exchange.fetch_balance()
    assert venue.logins == 1
    await exchange.close()


async def test_a_login_without_a_token_is_a_bad_response():
    venue = Venue()
    exchange = venue.client(async_bitmart2)
    venue.answer = lambda url, headers: {"expires_in": 900}
    with pytest.raises(ccxt.BadResponse, match="access_token"):
        await exchange.fetch_balance()
    await exchange.close()


@pytest.mark.parametrize("token", ["t\r\nEvil: 1", "t\n", "two words", "t\u00f6ken", "t" * 5000], ids=repr)
async def test_a_token_that_no_header_can_carry_is_not_kept(token):
    venue = Venue()
    exchange = venue.client(async_bitmart2)
    answer, venue.answer = venue.answer, lambda url, headers: {"access_token": token}
    with pytest.raises(ccxt.BadResponse, match="header"):
        await exchange.fetch_balance()
    venue.answer = answer
    await exchange.fetch_balance()
    await exchange.close()


def test_threads_share_one_login():
    venue = Venue()
    started = threading.Barrier(8)
    clients = [venue.client(sync_bitmart2) for _ in range(8)]

    def call(exchange):
        started.wait()
        exchange.fetch_balance()

    threads = [threading.Thread(target=call, args=(exchange,)) for exchange in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert venue.logins == 1
    assert len(venue.bearers) == 8


# -- the state by itself ----------------------------------------------------------------------------


@pytest.fixture
def now():
    return [0.0]


@pytest.fixture
def state(now):
    return TokenState(Memory(lambda: now[0]))


def test_renewal_is_due_before_the_end(state, now):
    token = state.logged_in("t", 900.0, None)
    now[0] = 839.9
    assert state.fresh(60) == token
    now[0] = 840.0
    assert state.fresh(60) is None


def test_it_is_put_off_while_an_order_call_may_be_under_way(state, now):
    token = state.logged_in("t", 900.0, None)
    now[0] = 835.0
    state.may_go_on(token, 10.0)
    now[0] = 844.9
    assert state.fresh(60) == token
    now[0] = 845.0
    assert state.fresh(60) is None
    now[0] = 890.0
    state.may_go_on(token, 10.0)
    assert state.fresh(60) == token
    now[0] = 895.0
    assert state.fresh(60) is None, "it might expire on its way"


def test_of_a_token_that_was_dropped_no_call_is_under_way(state):
    token = state.logged_in("t", 900.0, None)
    state.may_go_on(token, 10.0)
    state.drop(token)
    assert state.fresh(60) is None


def test_while_a_renewal_waits_for_order_calls_reads_use_the_old_token(state, now):
    token = state.logged_in("t", 900.0, None)
    now[0] = 850.0
    assert state.last_resort() is None  # nobody prevents a login
    order = state.line.join(lambda: None, together=True)
    assert state.last_resort() == token
    now[0] = 900.0
    assert state.last_resort() is None
    state.line.leave(order)


def test_dropping_an_old_token_leaves_the_new_one(state):
    old = state.logged_in("old", 900.0, None)
    state.drop(old)
    assert state.fresh(60) is None and state.token == old
    new = state.logged_in("new", 900.0, old)
    state.drop(old)
    assert state.fresh(60) == new


def test_a_login_that_lands_late_brings_no_second_token(state):
    new = state.logged_in("new", 900.0, None)
    assert state.logged_in("late", 900.0, None) == new
    assert state.fresh(60) == new


def test_a_token_does_not_show_itself():
    assert "hidden" not in repr(Token("hidden", 900, 900))


def test_logins_are_counted_in_a_sliding_window(state, now):
    for now[0] in (0.0, 10.0, 20.0):
        assert state.pause_before_login(3) == 0
    now[0] = 30.0
    assert state.pause_before_login(3) == 30.0
    now[0] = 60.0
    assert state.pause_before_login(3) == 0
    assert state.pause_before_login(3) == 10.0


def test_collecting_an_unclosed_exchange_never_waits_for_itself():
    # Its destructor logs, and what it logs is freed of secrets, the token among them: wherever the collector
    # strikes, the lock that is held then has to let it pass.
    exchange = Venue().client(async_bitmart2)
    with lock:
        exchange.logger.warning("unclosed")


async def test_orders_wait_for_a_login_that_fails_and_fail_with_it():
    venue = Venue(delay=0.01)
    venue.login_error = ccxt.AuthenticationError("bitmart2 Unauthorized")
    exchange = venue.client(async_bitmart2)
    results = await asyncio.gather(
        *(exchange.create_order("BMX/ETH", "limit", "buy", 1, 1) for _ in range(20)), return_exceptions=True
    )
    assert {type(result) for result in results} == {ccxt.AuthenticationError}
    assert venue.logins == 1
    await exchange.close()
