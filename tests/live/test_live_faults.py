"""Each kind of fault gives the right exception, and no order is lost or doubled."""

import asyncio
import random
import re

import ccxt
import pytest

FAULTS = {
    "latency": ({"ms": 3000}, ccxt.RequestTimeout),
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
    return {
        "clientOrderId": re.search(r"sent again as it was, with its clientOrderId ([\w-]+)", str(error))[1]
    }


@pytest.fixture(params=FAULTS)
def name(request):
    return request.param


async def test_reading(trader, symbol, sandbox, fault, name):
    details, expected = FAULTS[name]
    await trader("fetchTicker", symbol)
    trader.exchange.timeout = 1000 if name == "latency" else 10_000
    # aiohttp repeats a read whose kept-alive connection was cut, once.
    fault(name.partition("-")[0], count=2, **details)
    with pytest.raises(expected) as caught:
        await trader("fetchTicker", symbol)
    sandbox.control("DELETE", "/faults")
    assert type(caught.value).__module__ == "ccxt.base.errors"
    trader.exchange.timeout = 10_000
    assert (await trader("fetchTicker", symbol))["last"] > 0


async def test_ordering(trader, symbol, fault, name, placed):
    details, expected = FAULTS[name]
    market = trader.exchange.market(symbol)
    amount = max(market["limits"]["amount"]["min"], market["precision"]["amount"])
    bid = (await trader("fetchOrderBook", symbol))["bids"][-1][0]
    await trader("fetchBalance")
    trader.exchange.timeout = 1000 if name == "latency" else 10_000
    trader.exchange.options["maxRetriesOnFailure"] = 3
    fault(name.partition("-")[0], method="POST", **details)
    with pytest.raises(expected) as caught:
        await trader("createOrder", symbol, "limit", "buy", amount, bid)
    refused = expected is ccxt.RateLimitExceeded
    assert (UNKNOWN in str(caught.value)) is not refused
    if name == "latency":
        await asyncio.sleep(3)  # until the venue has done what it was slow to do
    trader.exchange.timeout = 10_000
    assert len(placed()) == (1 if name in PROCESSED else 0)
    # What the caller is told to do finds the order where there is one.
    if trader.exchange.has["fetchOpenOrders"]:
        found = await trader("fetchOpenOrders", symbol)
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


@pytest.mark.parametrize("credential", ["apiKey", "secret", "uid"])
async def test_wrong_keys(trader, symbol, credential, placed):
    if not trader.exchange.requiredCredentials[credential]:
        return
    setattr(trader.exchange, credential, "0123456789wrong")
    with pytest.raises(ccxt.AuthenticationError) as caught:
        await trader("fetchBalance")
    assert "0123456789wrong" not in str(caught.value)
    assert placed() == []


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
    exchange.timeout = 2000
    believed, unknown, canceled = set(), [], set()

    async def trade(number):
        side = "buy" if number % 2 else "sell"
        levels = book["bids" if side == "buy" else "asks"]
        price = levels[-1 - number % 5][0]
        try:
            order = await trader("createOrder", symbol, "limit", side, amount, price)
        except ccxt.RateLimitExceeded:
            return
        except (ccxt.NetworkError, ccxt.BadResponse) as error:
            assert UNKNOWN in str(error)
            unknown.append((side, price, error))
            return
        believed.add(order["id"])
        if number % 3 == 0:
            try:
                await trader("cancelOrder", order["id"], symbol)
            except (ccxt.NetworkError, ccxt.BadResponse):
                return
            canceled.add(order["id"])

    kinds = ["reset", "drop_reply", "truncate", "garbage", "empty", "status"]
    for start in range(0, 200, 20):
        kind = dice.choice(kinds)
        fault(kind, count=2, path="order", **({"status": 502, "body": ""} if kind == "status" else {}))
        await asyncio.gather(*(trade(number) for number in range(start, start + 20)))
    sandbox.control("DELETE", "/faults")

    assert unknown, "no fault met an order: the test shows nothing"
    truth = {order["id"]: order["status"] for order in placed()}
    assert believed <= set(truth)
    assert len(truth) <= len(believed) + len(unknown)
    assert {order for order in canceled if truth[order] != "canceled"} == set()
    if exchange.has["fetchOpenOrders"]:
        still = {order["id"] for order in await trader("fetchOpenOrders", symbol)}
        assert still == {order for order, status in truth.items() if status == "open"}
        return
    for side, price, error in unknown:
        order = await trader("createOrder", symbol, "limit", side, amount, price, told_id(error))
        believed.add(order["id"])
    truth = {order["id"]: order["status"] for order in placed()}
    assert set(truth) == believed
