"""Each kind of fault gives the right exception, and no order is lost or doubled."""

import asyncio
import random
import re

import ccxt
import pytest

from ccxt_ext.testing.client import Client
from tests.live.live_venues import COUNTS_BY_ACCOUNT

FAULTS = {
    "latency": ({"ms": 800}, ccxt.RequestTimeout),
    "reset": ({}, ccxt.ExchangeNotAvailable),
    "drop_reply": ({}, ccxt.ExchangeNotAvailable),
    "truncate": ({}, ccxt.ExchangeNotAvailable),
    "garbage": ({}, ccxt.BadResponse),
    "empty": ({}, ccxt.BadResponse),
    "status-500": ({"status": 500, "body": "<html>oops</html>"}, ccxt.ExchangeNotAvailable),
    "status-502": ({"status": 502, "body": ""}, ccxt.ExchangeNotAvailable),
    "status-429": ({"status": 429, "body": "slow down"}, ccxt.RateLimitExceeded),
    "status-503": ({"status": 503, "body": "<html>back soon</html>"}, ccxt.ExchangeNotAvailable),
    "status-404": ({"status": 404, "body": "<html>nothing here</html>"}, ccxt.ExchangeNotAvailable),
    "status-200": ({"status": 200, "body": "<html>hello</html>"}, ccxt.BadResponse),
}

# Of these the client cannot know whether the venue took the order.
PROCESSED = {"latency", "drop_reply", "truncate", "garbage", "empty"}


UNKNOWN = "whether this was carried out is unknown: "


def told_id(error):
    """The parameters that make an order the same order again, as the error tells them."""
    told = re.search(r"sent again as it was, with its clientOrderId ([\w-]+)", str(error))
    assert told, (
        "no list of open orders, and no clientOrderId that is honoured once: nothing can find the order"
    )
    return {"clientOrderId": told[1]}


@pytest.fixture(params=FAULTS)
def name(request):
    return request.param


@pytest.mark.any_state
async def test_reading(trader, symbol, sandbox, fault, name):
    details, expected = FAULTS[name]
    await trader("fetchTicker", symbol)
    trader.exchange.timeout = 200 if name == "latency" else 10_000
    # aiohttp repeats a read whose kept-alive connection was cut, once.
    fault(name.partition("-")[0], count=2, **details)
    with pytest.raises(expected) as caught:
        await trader("fetchTicker", symbol)
    sandbox.control("DELETE", "/faults")
    assert type(caught.value).__module__ == "ccxt.base.errors"
    trader.exchange.timeout = 10_000
    assert (await trader("fetchTicker", symbol))["last"] > 0


def answered(sandbox, id):
    """The status of the answer to the latest request; None before there is one."""
    return sandbox.control("GET", f"/requests?venue={id}&limit=1")[0]["status"]


@pytest.mark.any_state
async def test_ordering(trader, symbol, sandbox, id, fault, name, placed):
    details, expected = FAULTS[name]
    market = trader.exchange.market(symbol)
    amount = max(market["limits"]["amount"]["min"], market["precision"]["amount"])
    bid = (await trader("fetchOrderBook", symbol))["bids"][-1][0]
    await trader("fetchBalance")
    # The fault is for the order, not for what one venue would ask before it.
    trader.exchange.options["leverageOfPosition"] = False
    can_list = trader.exchange.has["fetchOpenOrders"]
    earlier = {order["id"] for order in await trader("fetchOpenOrders", symbol)} if can_list else set()
    trader.exchange.timeout = 200 if name == "latency" else 10_000
    trader.exchange.options["maxRetriesOnFailure"] = 3
    fault(name.partition("-")[0], method="POST", **details)
    with pytest.raises(expected) as caught:
        await trader("createOrder", symbol, "limit", "buy", amount, bid)
    refused = expected is ccxt.RateLimitExceeded
    assert (UNKNOWN in str(caught.value)) is not refused
    assert (getattr(caught.value, "outcome", None) == "unknown") is not refused
    trader.exchange.timeout = 10_000
    while name == "latency" and answered(sandbox, id) is None:
        await asyncio.sleep(0.02)  # until the venue has done what it was slow to do
    assert len(placed()) == (1 if name in PROCESSED else 0)
    # What the caller is told to do finds the order where there is one.
    if can_list:
        listed = await trader("fetchOpenOrders", symbol)
        found = [order for order in listed if order["id"] not in earlier]
    else:
        again = {} if refused else told_id(caught.value)
        found = [await trader("createOrder", symbol, "limit", "buy", amount, bid, again)]
    assert [order["id"] for order in found] == [order["id"] for order in placed()]


async def test_time_that_passes_costs_no_order(trader, symbol, sandbox, placed):
    """An hour later, tokens have ended: they are renewed, and nothing is sent twice."""
    market = trader.exchange.market(symbol)
    amount = max(market["limits"]["amount"]["min"], market["precision"]["amount"])
    bid = (await trader("fetchOrderBook", symbol))["bids"][-1][0]
    hour = 3_600_000
    for count in (1, 2):
        await trader("createOrder", symbol, "limit", "buy", amount, bid)
        assert len(placed()) == count
        sandbox.control("POST", "/clock", {"advance_ms": hour})
    if trader.exchange.has["fetchTime"]:
        await trader("loadTimeDifference")
        assert trader.exchange.options["timeDifference"] == pytest.approx(-2 * hour, abs=5000)
    await trader("createOrder", symbol, "limit", "buy", amount, bid)
    assert len(placed()) == 3


@pytest.mark.needs("fetchTime")
async def test_a_clock_that_is_off_is_corrected_when_asked(trader, symbol, sandbox, id, placed):
    sandbox.control("POST", "/clock", {"venue": id, "skew_ms": -3_600_000})
    try:
        with pytest.raises(ccxt.InvalidNonce):
            await trader("fetchBalance")
        trader.exchange.options["adjustForTimeDifference"] = True
        await trader("fetchBalance")
    finally:
        sandbox.control("POST", "/clock", {"venue": id, "skew_ms": 0})


@pytest.mark.any_state
@pytest.mark.parametrize("credential", ["apiKey", "secret", "uid"])
async def test_wrong_keys(trader, symbol, credential, placed):
    if not trader.exchange.requiredCredentials[credential]:
        return
    setattr(trader.exchange, credential, "0123456789wrong")
    with pytest.raises(ccxt.AuthenticationError) as caught:
        await trader("fetchBalance")
    assert "0123456789wrong" not in str(caught.value)
    assert placed() == []


CLIENTS = 10
ACTIONS = 100  # of each client
ACTIONS_A_FAULT = 40
EVERY_FAULT = {
    "latency": {"ms": 30},
    "reset": {},
    "drop_reply": {},
    "truncate": {},
    "garbage": {},
    "empty": {},
    "status": {"status": 502, "body": ""},
}


class Trading:
    """What one client does, and what it believes of it."""

    def __init__(self, client, symbol, dice):
        self.client = client
        self.symbol = symbol
        self.dice = dice
        self.placed = []
        self.canceled = set()
        self.unknown = []  # (side, price, error) of orders that may be placed

    async def act(self, book, amount):
        left = [id for id in self.placed if id not in self.canceled]
        if left and self.dice.random() < 0.5:
            await self.cancel(self.dice.choice(left))
        else:
            side = self.dice.choice(["buy", "sell"])
            price = self.dice.choice(book["bids" if side == "buy" else "asks"][-10:])[0]
            await self.place(side, amount, price)

    async def place(self, side, amount, price):
        try:
            order = await self.client("createOrder", self.symbol, "limit", side, amount, price)
        except (ccxt.NetworkError, ccxt.BadResponse) as error:
            assert UNKNOWN in str(error)
            self.unknown.append((side, price, error))
        else:
            self.placed.append(order["id"])

    async def cancel(self, id):
        try:
            await self.client("cancelOrder", id, self.symbol)
        except (ccxt.NetworkError, ccxt.BadResponse):
            return  # it may be cancelled or not, and is tried again
        except ccxt.OrderNotFound:
            pass  # the one before was carried out
        self.canceled.add(id)


@pytest.mark.parametrize("kind", ["async"], indirect=True)
async def test_random_orders_among_faults_are_neither_lost_nor_doubled(
    trader, symbol, sandbox, id, fault, placed
):
    """What a client believes placed is at the venue exactly once; the rest is found by looking."""
    dice = random.Random(id)
    exchange = trader.exchange
    market = exchange.market(symbol)
    amount = max(market["limits"]["amount"]["min"], market["precision"]["amount"])
    book = await trader("fetchOrderBook", symbol)
    config = sandbox.config(id)
    if id in COUNTS_BY_ACCOUNT:
        config["rateLimit"] *= CLIENTS  # they share what one may send
    clients = [Client("async", id, config) for _ in range(CLIENTS)]
    tradings = [Trading(client, symbol, random.Random(f"{id}{n}")) for n, client in enumerate(clients)]
    try:
        for client in clients:
            await client("loadMarkets")
        for _ in range(0, ACTIONS, ACTIONS_A_FAULT // CLIENTS):
            kind = dice.choice(list(EVERY_FAULT))
            # Few would meet cancels only, which are sent first as they take less time to prepare.
            fault(kind, count=dice.randint(1, CLIENTS), path="order", **EVERY_FAULT[kind])
            for _ in range(ACTIONS_A_FAULT // CLIENTS):
                await asyncio.gather(*(trading.act(book, amount) for trading in tradings))
    finally:
        for client in clients:
            await client.close()
    sandbox.control("DELETE", "/faults")

    believed = [order for trading in tradings for order in trading.placed]
    canceled = {order for trading in tradings for order in trading.canceled}
    unknown = [order for trading in tradings for order in trading.unknown]
    assert unknown, "no fault met an order: the test shows nothing"
    listed = [order["id"] for order in placed()]
    truth = {order["id"]: order["status"] for order in placed()}
    assert len(listed) == len(truth)
    assert len(believed) == len(set(believed))
    assert set(believed) <= set(truth)
    assert len(truth) <= len(believed) + len(unknown)
    assert {order for order in canceled if truth[order] != "canceled"} == set()
    if exchange.has["fetchOpenOrders"]:
        still = {order["id"] for order in await trader("fetchOpenOrders", symbol)}
        assert still == {order for order, status in truth.items() if status == "open"}
        return
    for side, price, error in unknown:
        order = await trader("createOrder", symbol, "limit", side, amount, price, told_id(error))
        believed.append(order["id"])
    truth = {order["id"]: order["status"] for order in placed()}
    assert set(truth) == set(believed)
