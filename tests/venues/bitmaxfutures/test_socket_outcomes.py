"""Requests over bitmaxfutures' socket whose answer is not clear, and those that never left."""

import asyncio

import ccxt
import pytest

import ccxt_ext.pro
from ccxt_ext.venue.requests import turns
from ccxt_ext.venues.bitmaxfutures import accounts
from tests.venues.bitmaxfutures.other_end import (
    MARKET,
    PRIVATE,
    SYMBOL,
    UID,
    Bitmax,
    answered,
    asked,
    refused,
    sample,
    signed_on,
)

ID = "sampleRequestId2"
ORDER = ("limit", "buy", 0.12, 30000)


def told_unknown(error, client_id=ID):
    assert f"clientOrderId {client_id}" in str(error)
    assert "unknown" in str(error)
    order_id = venue_id_of(str(error))
    assert order_id.startswith("s") and order_id.endswith(client_id[-9:])
    assert (error.outcome, error.client_order_id, error.order_id) == ("unknown", client_id, order_id)


def venue_id_of(text):
    return text.rpartition(" ")[2]


@pytest.mark.parametrize(
    "frame",
    [
        "<html>",
        {"m": "disconnected", **refused(100014)},
        {"m": "order", "id": ID, "code": 0, "info": None},
        {"m": "order", "id": ID, "code": 0},
        {"m": "order", "id": ID, "code": 0, "info": {"symbol": MARKET}},
        {"m": "order", "id": ID, **refused(510001)},
        {"m": "error", "id": "who?", **refused(510001)},
    ],
)
async def test_without_an_answer_that_can_be_read_the_outcome_is_unknown(venue, frame):
    task, _ = await asked(venue, "create_order_ws", SYMBOL, *ORDER, {"clientOrderId": ID})
    await venue.say(frame)
    with pytest.raises(ccxt.BaseError) as caught:
        await task
    told_unknown(caught.value)


async def test_a_connection_that_is_lost_or_closed_leaves_the_outcome_unknown():
    for end in ("lose", "close"):
        async with Bitmax() as venue:
            task, _ = await asked(venue, "create_order_ws", SYMBOL, *ORDER, {"clientOrderId": ID})
            await (venue.lose(PRIVATE) if end == "lose" else venue.exchange.close())
            with pytest.raises(ccxt.NetworkError) as caught:
                await task
            told_unknown(caught.value)


async def test_no_answer_leaves_the_outcome_unknown(venue):
    venue.exchange.timeout = 50
    venue.exchange.maxRetriesOnFailure = 5
    venue.exchange.options["maxRetriesOnFailure"] = 5
    venue.exchange.options["createOrder"] = {"retryUnknown": 5}
    task = await venue.watch("create_order_ws", SYMBOL, *ORDER, {"clientOrderId": ID})
    (request,) = await venue.sign_on()
    with pytest.raises(ccxt.RequestTimeout) as caught:
        await asyncio.wait_for(task, 10)
    told_unknown(caught.value)
    assert venue.sent() == []
    # The answer comes after all: nobody is disturbed by it.
    await venue.say({**sample("ws-place-order"), "id": ID})
    known = accounts.state_of(venue.exchange).orders.order_id(ID)
    assert known == f"s{request['args']['time']:x}{UID}equestId2"


async def test_a_socket_that_fails_while_it_sends(venue):
    connection = await signed_on(venue)

    connection.connection.send_str = failing_to_send
    with pytest.raises(ccxt.NetworkError) as caught:
        await venue.exchange.create_order_ws(SYMBOL, *ORDER, {"clientOrderId": ID})
    told_unknown(caught.value)
    assert "canary" not in str(caught.value)


# -- what has not left is not placed ---------------------------------------------------------------


async def not_placed(exchange, task, error, client_id=ID):
    """A call that ended before anything left: its client id is free for another order."""
    with pytest.raises(error) as caught:
        await asyncio.wait_for(task, 10)
    assert not hasattr(caught.value, "outcome"), caught.value
    assert "unknown" not in str(caught.value)
    orders = accounts.state_of(exchange).orders
    assert orders.used([client_id]) is None and not orders.have_left([client_id])


async def test_with_a_refused_login_nothing_is_placed(venue):
    task = await venue.watch("create_order_ws", SYMBOL, *ORDER, {"clientOrderId": ID})
    (auth,) = venue.sent_to(PRIVATE)
    await venue.say({"m": "auth", "id": auth["id"], "code": 200006, "err": "no such key"}, url=PRIVATE)
    await not_placed(venue.exchange, task, ccxt.AuthenticationError)


async def test_without_a_connection_nothing_is_placed(venue):
    urls = {"api": {"ws": "ws://127.0.0.1:9"}}
    exchange = ccxt_ext.pro.bitmaxfutures(
        {"apiKey": "k", "secret": "s", "urls": urls, "options": venue.exchange.options}
    )
    exchange.set_markets(venue.exchange.markets)
    try:
        task = exchange.create_order_ws(SYMBOL, *ORDER, {"clientOrderId": ID})
        await not_placed(exchange, task, ccxt.ExchangeNotAvailable)
    finally:
        await exchange.close()


async def test_a_connection_that_is_lost_during_the_login(venue):
    task = await venue.watch("create_order_ws", SYMBOL, *ORDER, {"clientOrderId": ID})
    await venue.lose(PRIVATE)
    await not_placed(venue.exchange, task, ccxt.NetworkError)


@pytest.mark.parametrize("end", ["full", "lost", "closed", "half closed"])
@pytest.mark.parametrize("method", ["create_order_ws", "cancel_order_ws", "cancel_all_orders_ws"])
async def test_what_waits_for_its_turn_has_not_left(venue, method, end, monkeypatch):
    connection = await signed_on(venue)
    turn = asyncio.get_running_loop().create_future()

    async def waiting(exchange, throttle, cost):
        await turn

    venue.exchange.enableRateLimit = True
    monkeypatch.setattr(turns, "wait_for_turn", waiting)
    arguments = {
        "create_order_ws": (SYMBOL, *ORDER, {"clientOrderId": ID}),
        "cancel_order_ws": ("someOrder1", SYMBOL),
        "cancel_all_orders_ws": (),
    }[method]
    task = await venue.watch(method, *arguments)
    assert not task.done() and connection.connection.sent == []
    if end == "full":
        turn.set_exception(ccxt.RateLimitExceeded("the throttle is full"))
    elif end == "lost":
        await venue.lose(PRIVATE)
    elif end == "closed":
        await connection.close()
    else:
        connection.connection.closed = True  # and nobody has noticed yet
    if not turn.done():
        turn.set_result(None)
    await not_placed(venue.exchange, task, ccxt.RateLimitExceeded if end == "full" else ccxt.NetworkError)
    assert connection.connection.sent == []


async def test_after_it_the_same_client_id_may_be_sent(venue):
    await test_with_a_refused_login_nothing_is_placed(venue)
    task, request = await asked(venue, "create_order_ws", SYMBOL, *ORDER, {"clientOrderId": ID})
    assert request["id"] == ID
    await venue.say({**sample("ws-place-order"), "id": ID})
    assert (await task)["clientOrderId"] == ID


@pytest.mark.parametrize("error", [ccxt.InvalidNonce, ccxt.RateLimitExceeded, ccxt.AuthenticationError])
async def test_once_it_may_have_left_the_end_of_the_connection_refuses_nothing(error):
    async with Bitmax(adjustForTimeDifference=True) as venue:
        task, _ = await asked(venue, "create_order_ws", SYMBOL, *ORDER, {"clientOrderId": ID})
        venue.end(PRIVATE).fail(error("the venue ends the connection"))
        with pytest.raises(error) as caught:
            await task
        told_unknown(caught.value)
        assert venue.asked == []
        with pytest.raises(ccxt.DuplicateOrderId):
            await venue.exchange.create_order_ws(SYMBOL, *ORDER, {"clientOrderId": ID})


# -- cancels without a clear answer ----------------------------------------------------------------

CANCELS = [
    ("cancel_order_ws", ("someOrder1", SYMBOL), "someOrder1"),
    ("cancel_all_orders_ws", (), None),
    ("cancel_all_orders_ws", (SYMBOL,), None),
]


@pytest.mark.parametrize(
    "answer",
    [
        *("lose", "close", "nothing", "fail"),
        {"m": "order", "code": 0},
        {"m": "order", "info": {"orderId": "someOrder1"}},
        {"m": "order", "code": 0, "info": "done"},
        {"m": "order", **refused(510001)},
        {"m": "order", **refused(100101)},
    ],
    ids=str,
)
@pytest.mark.parametrize(("method", "arguments", "id"), CANCELS)
async def test_a_cancel_without_a_clear_answer(venue, method, arguments, id, answer):
    await signed_on(venue)
    if answer == "fail":
        venue.end(PRIVATE).connection.send_str = failing_to_send
        task = await venue.watch(method, *arguments)
    else:
        venue.exchange.timeout = 50 if answer == "nothing" else 10_000
        task, request = await asked(venue, method, *arguments)
        if answer == "lose":
            await venue.lose(PRIVATE)
        elif answer == "close":
            await venue.exchange.close()
        elif answer != "nothing":
            await venue.say({**answer, "id": request["id"]})
    with pytest.raises(ccxt.OperationFailed) as caught:
        await asyncio.wait_for(task, 10)
    assert (caught.value.outcome, caught.value.order_id) == ("unknown", id)
    assert "was cancelled is unknown" in str(caught.value)


async def test_of_a_cancel_by_the_client_id_that_id_is_told(venue):
    params = {"clientOrderId": "anotherOrder1", "orderTime": 1613878579169, "orderSource": "s"}
    task, request = await asked(venue, "cancel_order_ws", "", SYMBOL, params)
    await venue.lose(PRIVATE)
    with pytest.raises(ccxt.NetworkError) as caught:
        await task
    assert (caught.value.outcome, caught.value.client_order_id) == ("unknown", "anotherOrder1")
    assert caught.value.order_id == request["args"]["orderId"]


@pytest.mark.parametrize("code", [300006, 100006, 200015, 200002])
@pytest.mark.parametrize(("method", "arguments", "id"), CANCELS)
async def test_a_clear_refusal_of_a_cancel_is_one(venue, method, arguments, id, code):
    with pytest.raises(ccxt.BaseError) as caught:
        await answered(venue, method, *arguments, answer={"m": "order", **refused(code)})
    assert not hasattr(caught.value, "outcome")


async def failing_to_send(text):
    raise ConnectionResetError("secret canarySecret")
