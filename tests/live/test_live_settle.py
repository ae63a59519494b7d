"""Storms of like orders whose answers are lost, settled at once, and compared with the engine's orders."""

import asyncio
import random

import ccxt
import pytest

import ccxt_ext
from ccxt_ext.testing.conformance.placing import resting

# Where each venue takes orders.
PATHS = {
    "bitmart2": "/v2/orders$",
    "btex": "place_order",
    "bitexbit": "/order/create|/order/$",
    "bitexasia": "/v1/orders$",
    "bitmaxfutures": "/futures/order$",
}
FAULTS = (
    {"kind": "drop_reply"},
    {"kind": "reset"},
    {"kind": "status", "status": 502},
    {"kind": "truncate"},
    {"kind": "garbage"},
    {"kind": "latency", "ms": 900},
)


async def test_no_order_is_lost_and_none_doubled(sandbox, trader, kind, symbol, id, placed):
    if kind == "sync":
        return await one_after_the_other(sandbox, trader.exchange, symbol, id, placed)
    exchange, chance = trader.exchange, random.Random(id)
    amount, price = await resting(trader, symbol)
    exchange.timeout = 600
    sandbox.control("POST", "/clock", {"venue": id, "skew_ms": chance.choice([0, 3_000, -3_000])})
    for fault in chance.choices(FAULTS, k=8):
        sandbox.control("POST", "/faults", {"venue": id, "method": "POST", "path": PATHS[id], **fault})
    answers = await asyncio.gather(
        *(exchange.create_order(symbol, "limit", "buy", amount, price) for _ in range(14)),
        return_exceptions=True,
    )
    sandbox.control("DELETE", "/faults")
    errors = [answer for answer in answers if isinstance(answer, BaseException)]
    assert errors and all(error.outcome == "unknown" for error in errors), errors
    sandbox.advance(minutes=3)
    sandbox.control("POST", "/faults", {"venue": id, "kind": "status", "status": 503, "count": 3})
    found = await asyncio.gather(*(ccxt_ext.async_support.settle(exchange, error) for error in errors))
    orders = [*(answer for answer in answers if isinstance(answer, dict)), *filter(None, found)]
    compare(orders, placed, {"status": "open", "amount": amount, "price": price})


async def one_after_the_other(sandbox, exchange, symbol, id, placed):
    book = exchange.fetch_order_book(symbol)
    price = float(exchange.price_to_precision(symbol, book["asks"][0][0] * 1.01))
    market = exchange.market(symbol)
    amount = max(market["limits"]["amount"]["min"], market["precision"]["amount"])
    cost = (market["limits"]["cost"]["min"] or 0) / price
    amount = float(
        exchange.amount_to_precision(symbol, max(amount, cost * 1.2 + market["precision"]["amount"]))
    )
    exchange.timeout = 600
    orders = []
    for fault in FAULTS:
        sandbox.control("POST", "/faults", {"venue": id, "method": "POST", "path": PATHS[id], **fault})
        with pytest.raises(ccxt.BaseError) as caught:
            exchange.create_order(symbol, "limit", "buy", amount, price)
        if fault["kind"] in ("reset", "status"):
            sandbox.advance(minutes=3)
        orders.append(ccxt_ext.settle(exchange, caught.value))
    assert [order is None for order in orders].count(True) == (0 if id == "bitexasia" else 2)
    compare([order for order in orders if order], placed, {"status": "closed", "filled": amount})


def compare(orders, placed, fields):
    told = sorted(order["id"] for order in orders)
    assert told == sorted(order["id"] for order in placed()), "the engine has other orders"
    assert len(set(told)) == len(told)
    for order in orders:
        assert {name: order[name] for name in fields if order[name] is not None} == {
            name: value for name, value in fields.items() if order[name] is not None
        }


@pytest.fixture
async def bitmax(sandbox):
    exchange = ccxt_ext.pro.bitmaxfutures(sandbox.config("bitmaxfutures"))
    exchange.timeout_on_exit = 0
    yield exchange
    await exchange.close()


FUTURE = "BTC/USDT:USDT"


async def resting_at(exchange):
    book = await exchange.fetch_order_book(FUTURE)
    return (FUTURE, "limit", "buy", 0.001, book["bids"][-1][0])


async def lost(sandbox, call, *arguments):
    """The error of a call over a socket whose answer does not come, as the connection is cut."""
    sandbox.control("POST", "/faults", {"venue": "bitmaxfutures", "kind": "ws_close"})
    with pytest.raises(ccxt.NetworkError) as caught:
        await call(*arguments)
    assert caught.value.outcome == "unknown"
    return caught.value


async def test_an_order_over_a_socket_is_found_over_rest(sandbox, bitmax):
    order = await resting_at(bitmax)
    first = await bitmax.create_order_ws(*order)
    error = await lost(sandbox, bitmax.create_order_ws, *order)
    assert error.asked.method == "createOrder"
    found = await ccxt_ext.pro.settle(bitmax, error)
    assert found["status"] == "open" and found["id"] != first["id"]
    await bitmax.create_order_ws(*order)  # there is a connection again
    error = await lost(sandbox, bitmax.cancel_order_ws, found["id"], FUTURE)
    assert (await ccxt_ext.pro.settle(bitmax, error))["status"] == "canceled"


async def test_all_orders_are_cancelled_over_a_socket_in_the_end(sandbox, bitmax):
    order = await resting_at(bitmax)
    for _ in range(2):
        await bitmax.create_order_ws(*order)
    error = await lost(sandbox, bitmax.cancel_all_orders_ws, FUTURE)
    assert error.asked.method == "cancelAllOrders"
    await ccxt_ext.pro.settle(bitmax, error)
    assert await bitmax.fetch_open_orders(FUTURE) == []


@pytest.mark.parametrize("cut", ["cancel_order_ws", "create_order_ws"])
async def test_an_edit_over_a_socket_is_told_by_the_order_that_is_there(sandbox, bitmax, cut):
    """Whichever of its two steps has lost its answer."""
    order = await resting_at(bitmax)
    old = await bitmax.create_order_ws(*order)
    step = getattr(bitmax, cut)

    async def cut_step(*arguments):
        sandbox.control("POST", "/faults", {"venue": "bitmaxfutures", "kind": "ws_close"})
        return await step(*arguments)

    setattr(bitmax, cut, cut_step)
    with pytest.raises(ccxt.NetworkError) as caught:
        await bitmax.edit_order_ws(old["id"], *order[:4], order[4] - 10)
    assert caught.value.outcome == "unknown"
    found = await ccxt_ext.pro.settle(bitmax, caught.value)
    left = await bitmax.fetch_open_orders(FUTURE)
    if cut == "cancel_order_ws":
        assert (found["id"], found["status"], left) == (old["id"], "canceled", [])
    else:
        assert caught.value.canceled_order_id == old["id"]
        assert [(each["id"], each["price"]) for each in left] == [(found["id"], order[4] - 10)]
