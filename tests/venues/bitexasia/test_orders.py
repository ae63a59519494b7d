"""Orders of bitexasia: what is sent for each kind, client order ids, and what happens after a timeout."""

import json
import multiprocessing
import re
import threading

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitexasia.nonce_texts import NonceTexts, nonce_texts
from tests.venues.profiles import PROFILES

kinds = pytest.mark.parametrize("kind", ["sync", "async"])

LIMIT = ("BTC/USD", "limit", "buy", 0.01, 63000)


def placed(request):
    """An answer that repeats the order, as the venue does."""
    sent = json.loads(request.body)
    return Answer(
        {**sent, "id": "ord_1", "status": "open", "filled_size": "0", "created_at": 1714521600123}, 201
    )


def exchange_and_wire(kind, answer=placed, **config):
    return PROFILES["bitexasia"].offline(kind, answer, **config)


def sent(kind, *order, options=None):
    exchange, wire = exchange_and_wire(kind, options={"createOrder": options or {}})
    call(exchange, "create_order", *order)
    return json.loads(wire.requests[-1].body)


# -- kinds of orders ---------------------------------------------------------------------------------

KINDS = [
    (("limit", "buy", 0.01, 63000), {"type": "limit", "price": "63000", "size": "0.01"}),
    (("market", "buy", 0.01), {"type": "market", "size": "0.01"}),
    (("market", "buy", 0.01, 63000), {"type": "market", "size": "0.01"}),
    (
        ("limit", "buy", 0.01, 63000, {"timeInForce": "IOC"}),
        {"type": "limit", "price": "63000", "size": "0.01", "time_in_force": "IOC"},
    ),
    (
        ("limit", "buy", 0.01, 63000, {"timeInForce": "fok"}),
        {"type": "limit", "price": "63000", "size": "0.01", "time_in_force": "FOK"},
    ),
    (
        ("limit", "buy", 0.01, 64000, {"triggerPrice": 63500.123, "triggerDirection": "ascending"}),
        {"type": "stop", "price": "64000", "size": "0.01", "stop_price": "63500.12"},
    ),
    (
        ("market", "buy", 0.01, None, {"stopLossPrice": "63500", "triggerPriceType": "last"}),
        {"type": "stop", "size": "0.01", "stop_price": "63500"},
    ),
]


@kinds
@pytest.mark.parametrize(("order", "fields"), KINDS)
def test_fields_of_each_kind(kind, order, fields):
    body = sent(kind, "BTC/USD", *order)
    id = body.pop("client_order_id")
    assert re.fullmatch("[0-9a-f]{32}", id)
    assert body == {"pair": "BTC-USD", "side": "buy", **fields}


REFUSED = [
    (("limit", "buy", 0.01, 63000, {"timeInForce": "GTD"}), ccxt.NotSupported),
    (("market", "sell", 0.01, None, {"triggerPrice": 1, "triggerDirection": "up"}), ccxt.NotSupported),
    (("market", "buy", 0.01, None, {"triggerPrice": 1, "triggerDirection": "descending"}), ccxt.NotSupported),
    (("market", "buy", 0.01, None, {"triggerPrice": 1, "triggerPriceType": "mark"}), ccxt.NotSupported),
    (("market", "buy", 0.01, None, {"triggerPrice": 0}), ccxt.InvalidOrder),
    (("market", "buy", 0.01, None, {"triggerPrice": 10**39}), ccxt.InvalidOrder),
    (("market", "buy", 0.01, None, {"triggerPrice": 1, "stopPrice": 2}), ccxt.InvalidOrder),
    (("limit", "buy", 0.01, None, {"triggerPrice": 1}), ccxt.ArgumentsRequired),
    (("market", "buy", 0.00001), ccxt.InvalidOrder),
    (("limit", "buy", 0.01, 63000, {"clientOrderId": "not/good"}), ccxt.InvalidOrder),
    (("limit", "buy", 0.01, 63000, {"clientOrderId": "x" * 37}), ccxt.InvalidOrder),
]


@kinds
@pytest.mark.parametrize(("order", "error"), REFUSED)
def test_what_is_wrong_is_not_sent(kind, order, error):
    exchange, wire = exchange_and_wire(kind)
    with pytest.raises(error, match="bitexasia"):
        call(exchange, "create_order", "BTC/USD", *order)
    assert wire.requests == []


@kinds
def test_market_buys_by_cost_when_asked_for(kind):
    options = {"marketBuyByCost": True}
    order = ("BTC/USD", "market", "buy", 0.01)
    assert sent(kind, *order, 63000, options=options)["size"] == "630"
    assert sent(kind, *order, None, {"cost": 12.345}, options=options)["size"] == "12.34"
    assert sent(kind, "BTC/USD", "market", "sell", 0.01, options=options)["size"] == "0.01"
    exchange, wire = exchange_and_wire(kind, options={"createOrder": options})
    for cost in ({}, {"cost": 10**39}):
        with pytest.raises(ccxt.InvalidOrder, match="cost"):
            call(exchange, "create_order", *order, None, cost)
    assert wire.requests == []


@kinds
@pytest.mark.parametrize("params", [{}, {"triggerPrice": 64000}])
def test_a_cost_is_no_amount(kind, params):
    options = {"createOrder": {"marketBuyByCost": True}}
    exchange, _ = exchange_and_wire(
        kind, lambda request: Answer({"id": 7, "state": "FILLED"}), options=options
    )
    order = call(exchange, "create_order", "BTC/USD", "market", "buy", 0.01, 63000, params)
    assert (order["status"], order["amount"], order["filled"]) == ("closed", None, None)


@kinds
def test_other_names_for_parameters(kind):
    options = {"stopPriceParameter": "trigger", "timeInForceParameter": "tif"}
    params = {"stopPrice": 60000, "timeInForce": "GTC", "clientOrderId": "a"}
    body = sent(kind, "BTC/USD", "market", "sell", 0.01, None, params, options=options)
    assert (body["trigger"], body["tif"]) == ("60000", "GTC")
    assert not {"stop_price", "time_in_force"} & set(body)


@kinds
def test_what_the_answer_leaves_out_is_what_was_asked_for(kind):
    """The page promises the order's id and its state, and no more."""
    exchange, _ = exchange_and_wire(kind, lambda request: Answer({"id": 7, "state": "FILLED"}))
    order = call(exchange, "create_order", *LIMIT, {"clientOrderId": "mine"})
    assert (order["id"], order["status"], order["clientOrderId"]) == ("7", "closed", "mine")
    assert (order["side"], order["price"], order["amount"]) == ("buy", 63000, 0.01)
    assert order["info"] == {"id": "7", "state": "FILLED"} or order["info"] == {"id": 7, "state": "FILLED"}
    assert call(exchange, "cancel_order", "7", "BTC/USD")["status"] == "closed"


# -- client order ids and repeats --------------------------------------------------------------------


@kinds
@pytest.mark.parametrize("name", ["clientOrderId", "client_order_id"])
def test_the_callers_own_id_is_sent_and_told(kind, name):
    exchange, wire = exchange_and_wire(kind)
    order = call(exchange, "create_order", *LIMIT, {name: "mine-1"})
    assert json.loads(wire.requests[0].body)["client_order_id"] == order["clientOrderId"] == "mine-1"


@kinds
def test_no_id_when_switched_off(kind):
    assert "client_order_id" not in sent(kind, *LIMIT, options={"autoClientOrderId": False})


class Failing:
    """Fails as told, then places; remembers what each attempt carried."""

    def __init__(self, *failures):
        self.failures = list(failures)
        self.nonces = []
        self.bodies = []

    def __call__(self, request):
        self.nonces.append(request.headers["X-Api-Nonce"])
        self.bodies.append(request.body)
        failure = self.failures.pop(0) if self.failures else placed(request)
        if isinstance(failure, Exception):
            raise failure
        return failure


def outage():
    return Answer({"error": {"code": "INTERNAL_ERROR", "message": "?"}}, 500)


def busy():
    return Answer({"error": {"code": "RATE_LIMITED", "message": "?"}}, 429)


@kinds
@pytest.mark.parametrize(
    "failure", [outage(), Answer("", 200), Answer("<html>", 502, "text/html"), Answer({})]
)
def test_an_unknown_outcome_tells_the_id(kind, failure):
    venue = Failing(failure)
    exchange, _ = exchange_and_wire(kind, venue, options={"maxRetriesOnFailure": 3})
    with pytest.raises(ccxt.OperationFailed, match="is unknown: sent again as it was") as caught:
        call(exchange, "create_order", *LIMIT)
    [body] = venue.bodies
    assert json.loads(body)["client_order_id"] in str(caught.value)


@kinds
def test_without_an_id_there_is_no_safe_way_to_repeat(kind):
    venue = Failing(outage(), outage())
    options = {"createOrder": {"autoClientOrderId": False, "retryUnknown": 3}}
    exchange, _ = exchange_and_wire(kind, venue, options=options)
    with pytest.raises(ccxt.ExchangeNotAvailable, match="look it up before"):
        call(exchange, "create_order", *LIMIT)
    assert len(venue.bodies) == 1


@kinds
@pytest.mark.parametrize("asked", ["options", "params"])
def test_an_order_is_repeated_with_its_id_and_a_new_nonce(kind, asked):
    venue = Failing(outage(), Answer("", 200), busy())
    options = {"createOrder": {"retryUnknown": 3 if asked == "options" else 0}}
    exchange, _ = exchange_and_wire(kind, venue, options=options)
    params = {"retryUnknown": 3} if asked == "params" else {}
    order = call(exchange, "create_order", *LIMIT, params)
    assert order["id"] == "ord_1"
    assert len(venue.bodies) == 4
    assert len(set(venue.bodies)) == 1 and "retryUnknown" not in venue.bodies[0]
    assert json.loads(venue.bodies[0])["client_order_id"] == order["clientOrderId"]
    assert len(set(venue.nonces)) == 4


@kinds
def test_a_refused_order_is_not_repeated(kind):
    for refusal in (busy(), Answer({"error": {"code": "NONCE_REUSED", "message": "?"}}, 401)):
        venue = Failing(refusal)
        exchange, _ = exchange_and_wire(kind, venue, options={"createOrder": {"retryUnknown": 3}})
        with pytest.raises((ccxt.RateLimitExceeded, ccxt.InvalidNonce)) as caught:
            call(exchange, "create_order", *LIMIT)
        assert "unknown" not in str(caught.value)
        assert len(venue.bodies) == 1


@kinds
def test_what_ends_the_repeats_leaves_the_first_attempt_unknown(kind):
    poor = Answer({"error": {"code": "INSUFFICIENT_BALANCE", "message": "Not enough USD"}}, 400)
    for failures in ((outage(), poor), (outage(), busy(), busy())):
        venue = Failing(*failures)
        exchange, _ = exchange_and_wire(kind, venue, options={"createOrder": {"retryUnknown": 1}})
        with pytest.raises((ccxt.InsufficientFunds, ccxt.RateLimitExceeded), match="is unknown"):
            call(exchange, "create_order", *LIMIT)
        assert len(venue.bodies) == 2


@kinds
@pytest.mark.parametrize("method", ["cancel_order", "fetch_order", "fetch_balance"])
def test_other_calls_are_repeated_as_ccxt_does_each_with_its_own_nonce(kind, method):
    answer = Answer([]) if method == "fetch_balance" else Answer({"id": "ord_1", "status": "cancelled"})
    venue = Failing(outage(), outage(), answer)
    exchange, _ = exchange_and_wire(kind, venue, options={"maxRetriesOnFailure": 2})
    call(exchange, method, *([] if method == "fetch_balance" else ["ord_1", "BTC/USD"]))
    assert len(set(venue.nonces)) == 3


@kinds
def test_an_order_can_only_be_asked_for_by_the_venues_id(kind):
    exchange, wire = exchange_and_wire(kind)
    for method in ("fetch_order", "cancel_order"):
        for id in (None, ""):
            with pytest.raises(ccxt.ArgumentsRequired, match="id"):
                call(exchange, method, id, "BTC/USD")
            with pytest.raises(ccxt.NotSupported, match="clientOrderId"):
                call(exchange, method, id, "BTC/USD", {"clientOrderId": "mine"})
    assert wire.requests == []


# -- answers that are none ---------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize(
    ("answer", "id"),
    [
        ({"message": "queued"}, None),
        ({"code": "ODD", "message": "queued"}, None),
        ({"error": "timeout"}, None),
        ({"error": {"code": "ODD", "message": "?"}}, None),
        ({"data": {"message": "queued"}}, None),
        ({"id": "ord_9", "message": "queued"}, "ord_9"),
        ({"id": "ord_9", "status": "open", "error": "late"}, "ord_9"),
        ({"id": "ord_9", "error": {"code": "INSUFFICIENT_BALANCE", "message": "?"}}, "ord_9"),
    ],
    ids=str,
)
def test_a_success_with_an_errors_text_leaves_the_outcome_open(kind, answer, id):
    exchange, _ = exchange_and_wire(kind, lambda request: Answer(answer))
    with pytest.raises(ccxt.BadResponse, match="is unknown: sent again as it was") as caught:
        call(exchange, "create_order", *LIMIT, {"clientOrderId": "mine"})
    error = caught.value
    assert (error.outcome, error.client_order_id, error.order_id) == ("unknown", "mine", id)


@kinds
def test_a_success_that_is_a_refusal_by_its_code(kind):
    answer = {"error": {"code": "INSUFFICIENT_BALANCE", "message": "?"}}
    exchange, _ = exchange_and_wire(kind, lambda request: Answer(answer))
    with pytest.raises(ccxt.InsufficientFunds) as caught:
        call(exchange, "create_order", *LIMIT)
    assert not hasattr(caught.value, "outcome")


@kinds
@pytest.mark.parametrize(
    ("status", "code", "message", "error"),
    [
        (400, "ODD", "Not enough USD balance", ccxt.InsufficientFunds),
        (400, "ODD", "Order does not exist", ccxt.OrderNotFound),
        (400, "ODD", "Orders of this pair cannot be cancelled", ccxt.BadRequest),
        (400, "ODD", "System maintenance", ccxt.OnMaintenance),
        (500, "ODD", "Order does not exist", ccxt.ExchangeNotAvailable),
        (500, "ORDER_NOT_FOUND", "?", ccxt.ExchangeNotAvailable),
        (502, "MAINTENANCE", "?", ccxt.OnMaintenance),
    ],
)
def test_a_code_that_is_not_known_has_words(kind, status, code, message, error):
    answer = Answer({"error": {"code": code, "message": message}}, status)
    exchange, _ = exchange_and_wire(kind, lambda request: answer)
    with pytest.raises(error) as caught:
        call(exchange, "cancel_order", "ord_1", "BTC/USD")
    assert type(caught.value) is error


@kinds
def test_an_order_with_a_kind_word(kind):
    answer = {"id": "ord_9", "status": "open", "message": "Thank you"}
    for status in (200, 201, 299):
        exchange, _ = exchange_and_wire(kind, lambda request, status=status: Answer(answer, status))
        assert call(exchange, "create_order", *LIMIT)["id"] == "ord_9"


@kinds
@pytest.mark.parametrize("status", [199, 300])
def test_a_refusal_counts_whatever_else_is_told_if_the_status_is_no_success(kind, status):
    answer = {"id": "ord_9", "error": {"code": "INSUFFICIENT_BALANCE", "message": "?"}}
    exchange, _ = exchange_and_wire(kind, lambda request: Answer(answer, status))
    with pytest.raises(ccxt.InsufficientFunds) as caught:
        call(exchange, "create_order", *LIMIT)
    assert not hasattr(caught.value, "outcome")


@kinds
@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"result": True},
        {"message": "busy"},
        {"error": "busy"},
        {"id": "ord_1"},
        {"status": "cancelling"},
        {"id": "ord_1", "status": "open"},
        {"id": "ord_2", "status": "cancelled"},
        {"id": "ord_1", "status": "cancelled", "error": "late"},
    ],
    ids=str,
)
def test_a_cancel_has_worked_when_the_venue_shows_the_order_ended(kind, answer):
    exchange, _ = exchange_and_wire(kind, lambda request: Answer(answer))
    with pytest.raises(ccxt.BadResponse, match="order ord_1 was cancelled is unknown") as caught:
        call(exchange, "cancel_order", "ord_1", "BTC/USD")
    assert (caught.value.outcome, caught.value.order_id) == ("unknown", "ord_1")


@kinds
@pytest.mark.parametrize("status", ["cancelled", "filled", "rejected", "expired"])
def test_a_cancel_of_what_has_ended_shows_how(kind, status):
    exchange, _ = exchange_and_wire(kind, lambda request: Answer({"data": {"status": status}}))
    assert call(exchange, "cancel_order", "ord_1", "BTC/USD")["status"] in (
        "canceled",
        "closed",
        "rejected",
        "expired",
    )


# -- nonces ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", [8, 16])
def test_no_nonce_comes_twice(digits):
    made = [nonce_texts.next(digits) for _ in range(150_000)]
    assert len(set(made)) == len(made)  # so many random texts of 8 digits would have some twice
    assert all(re.fullmatch(f"[0-9a-f]{{{digits}}}", nonce) for nonce in made)


def test_the_numbers_of_a_small_range_all_come_before_one_comes_again():
    own = NonceTexts()
    assert len({own.next(2) for _ in range(256)}) == 256


def test_threads_and_instances_share_the_nonces():
    made = []

    def take():
        exchange, wire = exchange_and_wire("sync", lambda request: Answer([]))
        for _ in range(20):
            call(exchange, "fetch_balance")
        made.extend(request.headers["X-Api-Nonce"] for request in wire.requests)

    threads = [threading.Thread(target=take) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == len(set(made)) == 100


def in_a_child(queue):
    queue.put([nonce_texts.next(16) for _ in range(5)])


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_does_not_go_on_where_its_parent_is():
    if "fork" not in multiprocessing.get_all_start_methods():
        return
    context = multiprocessing.get_context("fork")
    nonce_texts.next(16)
    queue = context.SimpleQueue()
    process = context.Process(target=in_a_child, args=(queue,))
    process.start()
    theirs = queue.get()
    process.join()
    assert not {nonce_texts.next(16) for _ in range(5)} & set(theirs)


@kinds
@pytest.mark.parametrize(("asked", "length"), [(12, 12), (4, 8)])
def test_the_length_can_be_set_but_not_below_what_the_venue_demands(kind, asked, length):
    exchange, wire = exchange_and_wire(
        kind, lambda request: Answer([]), options={"signature": {"nonceLength": asked}}
    )
    call(exchange, "fetch_balance")
    assert len(wire.requests[0].headers["X-Api-Nonce"]) == length
