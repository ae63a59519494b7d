"""bitmaxfutures' orders on their way: when they are stamped, under which ids, and what is known of them."""

import asyncio
import inspect
import json
import logging

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitmaxfutures import accounts, signing
from tests.venues.bitmaxfutures.other_end import PRIVATE, UID, Bitmax, sample
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitmaxfutures"]
SYMBOL = "BTC/USDT:USDT"
NOW = 1613878579169
LATER = NOW + 60_000
OPTIONS = {"accountGroup": 0, "userUID": UID}
ID = "sampleRequestId2"
PREDICTED = f"a{NOW:x}{UID}equestId2"
ORDER = (SYMBOL, "limit", "buy", 0.1, 9500)
GONE = Answer("<html>gone</html>", 502, "text/html")

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


def accepted(request):
    """As the venue would answer: with the id that follows from what was sent."""
    sent = json.loads(request.body)
    told = PROFILE.sample("rest-v2-order")
    told["data"]["meta"]["id"] = sent["id"]
    told["data"]["order"]["orderId"] = f"a{sent['time']:x}{UID}{sent['id'][-9:]}"
    return Answer(told)


class Venue:
    """Answers one after the other; what is left over is the last."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def __call__(self, request):
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer(request) if callable(answer) else answer


def trading(kind, *answers, now=lambda: NOW, **options):
    exchange, wire = PROFILE.offline(kind, Venue(*answers), options={**OPTIONS, **options})
    exchange.milliseconds = now
    return exchange, wire


def place(exchange, id=ID, **params):
    return call(exchange, "create_order", *ORDER, {"clientOrderId": id, **params})


# -- when the time is told --------------------------------------------------------------------------


def waiting(exchange):
    """Each request waits a minute for its turn."""
    moment = [NOW]
    exchange.milliseconds = lambda: moment[0]
    exchange.enableRateLimit = True

    async def wait(*args):
        moment[0] += 60_000

    def blocks(*args):
        moment[0] += 60_000

    exchange.throttle = wait if inspect.iscoroutinefunction(exchange.throttle) else blocks


@kinds
def test_an_order_that_waited_for_its_turn_has_the_time_at_which_it_is_sent(kind):
    exchange, wire = trading(kind, accepted)
    waiting(exchange)
    placed = place(exchange)
    (request,) = wire.requests
    assert json.loads(request.body)["time"] == LATER
    assert request.headers["x-auth-timestamp"] == str(LATER)
    assert placed["id"] == f"a{LATER:x}{UID}equestId2"


@kinds
def test_what_cancels_has_the_time_at_which_it_is_sent(kind):
    answers = {
        False: PROFILE.documented("rest-v2-order-cancel"),
        True: PROFILE.documented("rest-v2-order-cancel-batch"),
    }
    exchange, wire = trading(kind, lambda request: answers[request.path.endswith("batch")])
    waiting(exchange)
    call(exchange, "cancel_order", "a1", SYMBOL)
    call(exchange, "cancel_orders", ["a1", "a2"], SYMBOL)
    one, some = (json.loads(request.body) for request in wire.requests)
    assert one["time"] == LATER
    assert [item["time"] for item in some["orders"]] == [LATER + 60_000] * 2


@kinds
def test_a_batch_that_waited_has_ids_of_the_time_at_which_it_is_sent(kind):
    exchange, wire = trading(kind, GONE)
    waiting(exchange)
    order = dict(zip(("symbol", "type", "side", "amount", "price"), ORDER, strict=True))
    batch = [{**order, "params": {"clientOrderId": f"{ID}{n}"}} for n in range(2)]
    with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
        call(exchange, "create_orders", batch)
    assert [order["time"] for order in json.loads(wire.requests[0].body)["orders"]] == [LATER] * 2
    assert caught.value.order_ids == [f"a{LATER:x}{UID}questId2{n}" for n in range(2)]


@kinds
def test_an_implicit_call_is_stamped_as_well_unless_it_has_a_time(kind):
    exchange, wire = trading(kind, accepted)
    call(exchange, "v2_group_post_futures_order", {"id": ID, "orderQty": "1"})
    call(exchange, "v2_group_post_futures_order", {"id": "another9id", "orderQty": "1", "time": NOW - 5})
    assert [json.loads(request.body)["time"] for request in wire.requests] == [NOW, NOW - 5]


async def test_over_the_socket_the_time_is_told_when_it_is_sent():
    async with Bitmax() as venue:
        connection = await signed_on(venue)
        waiting(venue.exchange)
        connection.timing["cost"] = 1
        connection.throttle = venue.exchange.throttle
        placing = await venue.watch("create_order_ws", *ORDER, {"clientOrderId": ID})
        (request,) = venue.sent_to(PRIVATE)
        assert request["args"]["time"] == LATER
        orders = accounts.state_of(venue.exchange).orders
        assert orders.order_id(ID) == f"s{LATER:x}{UID}equestId2"
        canceling = await venue.watch("cancel_order_ws", "a1", SYMBOL)
        (request,) = venue.sent_to(PRIVATE)
        assert request["args"]["time"] == LATER + 60_000
        placing.cancel()
        canceling.cancel()


async def test_the_keys_are_stamped_when_they_are_sent():
    async with Bitmax() as venue:
        waiting(venue.exchange)
        make = venue.exchange.feed.make_connection

        def slow(url):
            connection = make(url)
            connection.timing["cost"] = 1
            connection.throttle = venue.exchange.throttle
            return connection

        venue.exchange.feed.make_connection = slow
        task = await venue.watch("cancel_all_orders_ws")
        (auth,) = venue.sent_to(PRIVATE)
        assert auth["t"] == LATER
        assert auth["sig"] == signing.signature(venue.exchange, f"{LATER}+v2/stream")
        task.cancel()


async def signed_on(venue):
    task = await venue.watch("fetch_open_orders_ws")
    await venue.reply(await venue.sign_on())
    assert await task == []
    return venue.end(PRIVATE)


# -- one client id, one order -----------------------------------------------------------------------


@kinds
def test_a_client_id_is_not_sent_twice(kind):
    exchange, wire = trading(kind, accepted)
    first = place(exchange)
    with pytest.raises(ccxt.DuplicateOrderId, match=f"the id {first['id']} was sent with the clientOrderId"):
        place(exchange)
    assert len(wire.requests) == 1
    assert accounts.state_of(exchange).orders.order_id(ID) == first["id"]


@kinds
def test_not_after_an_unknown_outcome_either_and_not_by_another_instance(kind):
    exchange, wire = trading(kind, GONE)
    with pytest.raises(ccxt.ExchangeNotAvailable):
        place(exchange)
    another = wire.exchange(
        PROFILE.kind(kind), {**PROFILE.credentials, "urls": exchange.urls, "options": OPTIONS}
    )
    another.set_markets(exchange.markets)
    for one in (exchange, another):
        with pytest.raises(ccxt.DuplicateOrderId):
            place(one)
    order = dict(zip(("symbol", "type", "side", "amount", "price"), ORDER, strict=True))
    batch = [{**order, "params": {"clientOrderId": id}} for id in ("aNewOne12", ID)]
    with pytest.raises(ccxt.DuplicateOrderId, match=ID):
        call(exchange, "create_orders", batch)
    assert len(wire.requests) == 1
    assert accounts.state_of(exchange).orders.used(["aNewOne12"]) is None
    assert accounts.state_of(exchange).orders.order_id(ID) == PREDICTED


@kinds
def test_after_a_refusal_it_may_be_sent_again(kind):
    refusal = Answer({"code": 300011, "reason": "INVALID_BALANCE"})
    exchange, wire = trading(kind, refusal, accepted)
    with pytest.raises(ccxt.InsufficientFunds):
        place(exchange)
    with pytest.raises(ccxt.ArgumentsRequired):  # there is no such order, and none is made up
        call(exchange, "fetch_order", None, SYMBOL, {"clientOrderId": ID})
    assert place(exchange)["id"] == PREDICTED
    assert len(wire.requests) == 2


def test_of_two_at_once_one_is_sent():
    exchange, wire = trading("async", accepted)

    async def both():
        return await asyncio.gather(
            *(exchange.create_order(*ORDER, {"clientOrderId": ID}) for _ in range(2)), return_exceptions=True
        )

    exchange.both = both
    kinds = [type(told) for told in call(exchange, "both")]
    assert sorted(kind.__name__ for kind in kinds) == ["DuplicateOrderId", "dict"]
    assert len(wire.requests) == 1


def test_what_is_cancelled_before_it_left_was_not_sent():
    exchange, wire = trading("async", accepted)
    exchange.enableRateLimit = True

    async def for_ever(*args):
        await asyncio.Event().wait()

    async def one_that_waits():
        usual, exchange.throttle = exchange.throttle, for_ever
        task = asyncio.ensure_future(exchange.create_order(*ORDER, {"clientOrderId": ID}))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        exchange.throttle = usual

    exchange.one_that_waits = one_that_waits
    call(exchange, "one_that_waits")
    assert wire.requests == []
    exchange.enableRateLimit = False
    assert place(exchange)["id"] == PREDICTED


def test_what_is_cancelled_while_its_answer_is_awaited_was_sent():
    exchange, _ = trading("async", accepted)

    async def one_that_is_left():
        task = asyncio.ensure_future(exchange.create_order(*ORDER, {"clientOrderId": ID}))
        while not accounts.state_of(exchange).orders.have_left([ID]):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    exchange.one_that_is_left = one_that_is_left
    call(exchange, "one_that_is_left")
    with pytest.raises(ccxt.DuplicateOrderId):
        place(exchange)


async def test_the_same_over_the_socket():
    async with Bitmax() as venue:
        await signed_on(venue)
        task = await venue.watch("create_order_ws", *ORDER, {"clientOrderId": ID})
        (request,) = venue.sent_to(PRIVATE)
        refusal = {"m": "order", "id": ID, "code": 300001, "info": {"reason": "INVALID_PRICE"}}
        await venue.say(refusal, url=PRIVATE)
        with pytest.raises(ccxt.InvalidOrder):
            await task
        task = await venue.watch("create_order_ws", *ORDER, {"clientOrderId": ID})
        (request,) = venue.sent_to(PRIVATE)
        await venue.say({**sample("ws-place-order"), "id": ID}, url=PRIVATE)
        first = await task
        for method in ("create_order_ws", "create_order"):
            with pytest.raises(ccxt.DuplicateOrderId, match=first["id"]):
                await getattr(venue.exchange, method)(*ORDER, {"clientOrderId": ID})
        assert venue.sent_to(PRIVATE) == [] and venue.asked == []
        assert request["id"] == ID


def test_what_is_remembered_has_an_end():
    orders = accounts.state_of(trading("sync", accepted)[0]).orders
    for n in range(10_002):
        assert orders.claim([f"mine{n}"]) is None
        orders.leaves(f"mine{n}", f"a{n}")
    assert orders.used(["mine0", "mine1"]) is None
    assert (orders.client_id("a1"), orders.client_id("a2")) == (None, "mine2")


# -- ids that turn out otherwise --------------------------------------------------------------------


@kinds
def test_once_the_venue_has_given_another_id_none_is_computed_any_more(kind, caplog):
    exchange, _ = trading(kind, PROFILE.documented("rest-v2-order"), GONE)
    with caplog.at_level(logging.WARNING):
        told = place(exchange)
    assert [record.message for record in caplog.records] == [
        f"bitmaxfutures gave the order {ID} the id {told['id']}, and not the one that was expected:"
        " ids of orders are not computed any more before they are told"
    ]
    assert accounts.state_of(exchange).orders.order_id(ID) == told["id"] != PREDICTED
    with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
        place(exchange, "anotherOrder1")
    assert (caught.value.outcome, caught.value.client_order_id) == ("unknown", "anotherOrder1")
    assert caught.value.order_id is None
    assert "fetchOpenOrders() and fetchOrders()" in str(caught.value)
    assert "look it up by" not in str(caught.value)
    for params in ({}, {"orderTime": NOW}):
        with pytest.raises(ccxt.ArgumentsRequired, match="anotherOrder1"):
            call(exchange, "fetch_order", None, SYMBOL, {"clientOrderId": "anotherOrder1", **params})


@kinds
def test_an_id_as_expected_is_no_reason_to_doubt(kind, caplog):
    exchange, _ = trading(kind, accepted, GONE)
    place(exchange)
    with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
        place(exchange, "anotherOrder1")
    assert caught.value.order_id == f"a{NOW:x}{UID}herOrder1"
    assert "look it up by its clientOrderId anotherOrder1 before sending it again" in str(caught.value)
    assert caplog.records == []


@kinds
def test_of_a_client_id_that_enters_no_order_id_no_look_up_is_advised(kind):
    exchange, _ = trading(kind, GONE)
    with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
        place(exchange, "bot-17")
    assert "look it up by" not in str(caught.value) and "fetchOpenOrders()" in str(caught.value)
    assert caught.value.client_order_id == "bot-17"


# -- an order's own id counts first -----------------------------------------------------------------


@kinds
def test_an_explicit_id_counts_before_a_client_order_id(kind):
    exchange, wire = trading(kind, PROFILE.documented("rest-v2-order-cancel"))
    call(exchange, "cancel_order", "a-given-id", SYMBOL, {"clientOrderId": "bot-17"})
    body = json.loads(wire.requests[0].body)
    assert body["orderId"] == "a-given-id" and "id" not in body
    exchange, wire = trading(kind, PROFILE.documented("rest-v2-order-status"))
    by_both = {"clientOrderId": "bot-17"}
    for method, args in (("fetch_order", (by_both,)), ("fetch_order_trades", (None, None, by_both))):
        call(exchange, method, "a-given-id", SYMBOL, *args)
        assert wire.requests[-1].query == {"orderId": "a-given-id,"}


async def test_so_it_does_over_the_socket():
    async with Bitmax() as venue:
        await signed_on(venue)
        task = await venue.watch("cancel_order_ws", "a-given-id", SYMBOL, {"clientOrderId": "bot-17"})
        (request,) = venue.sent_to(PRIVATE)
        assert request["args"]["orderId"] == "a-given-id"
        task.cancel()


# -- refusals that are none -------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize(
    "refusal",
    [
        {"code": 100101, "reason": "UNKNOWN_ERROR", "message": "try later"},
        {"code": 1, "reason": "UNKNOWN_ERROR"},
        {"code": 509999, "reason": "NEVER_HEARD_OF"},
        {"message": "something went wrong"},
        {"code": 0, "message": "something went wrong"},
        {"code": 0, "data": {"meta": {}, "order": {}}, "message": "something went wrong"},
    ],
    ids=str,
)
def test_an_answer_that_does_not_say_refused_leaves_the_outcome_unknown(kind, refusal):
    exchange, wire = trading(kind, Answer(refusal))
    with pytest.raises(ccxt.BaseError, match="whether this was carried out is unknown") as caught:
        place(exchange)
    error = caught.value
    assert (error.outcome, error.client_order_id, error.order_id) == ("unknown", ID, PREDICTED)
    with pytest.raises(ccxt.DuplicateOrderId):
        place(exchange)
    assert len(wire.requests) == 1


@kinds
@pytest.mark.parametrize("code", [300099, 310099, 320099, 150099, 200099, 300002])
def test_a_code_of_a_group_of_refusals_is_one(kind, code):
    exchange, _ = trading(kind, Answer({"code": code, "reason": "NEW", "message": "no"}))
    with pytest.raises(ccxt.ExchangeError) as caught:
        place(exchange)
    assert not hasattr(caught.value, "outcome")


@kinds
@pytest.mark.parametrize(
    "told",
    [
        {"info": {"id": ID, "symbol": "BTC-PERP", "orderId": "a177given"}},
        {"data": {"order": {"orderId": "a177given"}}},
        {"data": {"info": {"orderId": "a177given"}}},
        {"orderId": "a177given"},
    ],
    ids=str,
)
def test_a_refusal_with_an_id_is_none_and_tells_it(kind, told):
    exchange, _ = trading(kind, Answer({"code": 300001, "reason": "INVALID_PRICE", **told}))
    with pytest.raises(ccxt.InvalidOrder, match="its id is a177given") as caught:
        place(exchange)
    assert (caught.value.outcome, caught.value.order_id) == ("unknown", "a177given")
    with pytest.raises(ccxt.DuplicateOrderId):
        place(exchange)


@kinds
def test_a_refusal_to_cancel_names_an_order_and_is_a_refusal(kind):
    exchange, _ = trading(kind, PROFILE.documented("rest-v1-order-cancel-batch-error"))
    with pytest.raises(ccxt.ExchangeError) as caught:
        call(exchange, "cancel_orders", ["a1"], SYMBOL)
    assert not hasattr(caught.value, "outcome")


async def test_the_same_refusals_over_the_socket():
    async with Bitmax() as venue:
        await signed_on(venue)
        for number, info in enumerate(({"reason": "UNKNOWN_ERROR"}, {"reason": "X", "orderId": "s177given"})):
            id = f"anotherOrder{number}"
            task = await venue.watch("create_order_ws", *ORDER, {"clientOrderId": id})
            code = 300001 if "orderId" in info else 100101
            await venue.say({"m": "order", "id": id, "code": code, "info": info}, url=PRIVATE)
            with pytest.raises(ccxt.BaseError, match="whether this was carried out is unknown") as caught:
                await task
            assert (caught.value.outcome, caught.value.client_order_id) == ("unknown", id)
            if "orderId" in info:
                assert caught.value.order_id == "s177given"
