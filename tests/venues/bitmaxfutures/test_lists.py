"""bitmaxfutures: client order ids in lists, pages of the wallet, and orders that are replaced."""

import json

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venue.answers.paging import STALE_PAGES
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitmaxfutures"]
SYMBOL = "BTC/USDT:USDT"
OPTIONS = {"accountGroup": 0, "userUID": "U0123456789"}

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


def order_row(id, **changes):
    return {**PROFILE.sample("rest-v2-order-open")["data"][0], "orderId": id, **changes}


class Venue:
    """Takes orders, gives each an id of its own making, and lists them with some of others."""

    def __init__(self, others):
        self.others = others
        self.ids = []

    def __call__(self, request):
        if request.method == "POST":
            self.ids.append(f"venue{len(self.ids)}")
            row = order_row(self.ids[-1])
            return Answer({"code": 0, "data": {"meta": {"respInst": "ACCEPT"}, "order": row}})
        if "status" in request.path:
            return Answer({"code": 0, "data": [order_row(request.query["orderId"].rstrip(","))]})
        listed = [id for pair in zip(self.ids, range(self.others), strict=True) for id in pair]
        return Answer({"code": 0, "data": [order_row(str(id), time=at) for at, id in enumerate(listed)]})


@kinds
@pytest.mark.parametrize("count", [2, 10])  # rows one by one, and many at once
def test_lists_tell_the_client_order_ids_of_orders_that_this_process_sent(kind, count):
    exchange, _ = PROFILE.offline(kind, Venue(count), options=OPTIONS)
    for number in range(count):
        params = {"clientOrderId": f"mine-{number}"}
        call(exchange, "create_order", SYMBOL, "limit", "buy", 0.1, 9500, params)
    listed = [order["clientOrderId"] for order in call(exchange, "fetch_open_orders", SYMBOL)]
    assert listed[::2] == [f"mine-{number}" for number in range(count)]
    assert listed[1::2] == [None] * count
    # Even one that is no part of the order's id.
    assert call(exchange, "fetch_order", None, SYMBOL, {"clientOrderId": "mine-1"})["id"] == "venue1"
    assert call(exchange, "fetch_order", "venue1", SYMBOL)["clientOrderId"] == "mine-1"


# -- the wallet -------------------------------------------------------------------------------------


def wallet(kind, times, size=3, knows_pages=True):
    row = PROFILE.sample("rest-v1-wallet-transactions")["data"]["data"][0]
    rows = [{**row, "requestId": str(time), "time": time} for time in times]

    def answer(request):
        page = int(request.query.get("page", 1)) if knows_pages else 1
        listed = rows[(page - 1) * size : page * size]
        return Answer({"code": 0, "data": {"data": listed, "hasNext": page * size < len(rows), "page": page}})

    return PROFILE.offline(kind, answer, options=OPTIONS)


def ids(transactions):
    return [int(transaction["id"]) for transaction in transactions]


@kinds
@pytest.mark.parametrize(
    ("args", "expected", "pages"),
    [
        ((), [8, 9, 10], 1),
        ((None, None, 4), [7, 8, 9, 10], 2),
        ((None, 5), [5, 6, 7, 8, 9, 10], 3),
        ((None, 1, 2), [1, 2], 4),
        ((None, None, None, {"page": 2}), [5, 6, 7], 1),
        ((None, 1, None, {"page": 2}), [5, 6, 7], 1),
        ((None, None, 2, {"until": 5}), [4, 5], 3),
        ((None, None, None, {"until": 9}), [5, 6, 7, 8, 9], 2),
    ],
    ids=str,
)
def test_as_many_pages_of_the_wallet_as_are_asked_for(kind, args, expected, pages):
    exchange, wire = wallet(kind, range(10, 0, -1))
    assert ids(call(exchange, "fetch_deposits", *args)) == expected
    assert len(wire.requests) == pages


@kinds
def test_a_wallet_that_lists_the_oldest_first_or_knows_no_pages(kind):
    exchange, _ = wallet(kind, range(1, 11))
    assert ids(call(exchange, "fetch_withdrawals", None, 8)) == [8, 9, 10]
    exchange, wire = wallet(kind, range(10, 0, -1), knows_pages=False)
    assert ids(call(exchange, "fetch_withdrawals", None, 1)) == [8, 9, 10]
    assert len(wire.requests) == 1 + STALE_PAGES + 1  # and the first, where what came in meanwhile would be


@kinds
def test_a_transaction_whose_status_changes_between_two_pages_is_one(kind):
    exchange, wire = wallet(kind, range(10, 0, -1))
    answer, pages = wire.answer, []

    def changing(request):
        told = answer(request)
        pages.append(told)
        if len(pages) == 1:
            return told
        last = json.loads(pages[-2].text)["data"]["data"][-1]  # it moved to this page, and was confirmed
        moved = json.loads(told.text)
        moved["data"]["data"] = [{**last, "status": "failed"}, *moved["data"]["data"]]
        return Answer(moved)

    wire.answer = changing
    assert ids(call(exchange, "fetch_deposits", None, 1)) == list(range(1, 11))


# -- orders that are changed ------------------------------------------------------------------------


def changing(kind, canceled, asked=None):
    """`canceled` and `asked` are what an answer to the cancel and a look at the order after it say of it."""
    done = []

    def answer(request):
        if request.method == "GET":
            return Answer({"code": 0, "data": [order_row("old", **(asked if done else {"status": "New"}))]})
        done.append(request.method)
        row = order_row("old", **canceled) if request.method == "DELETE" else order_row("new")
        return Answer({"code": 0, "data": {"meta": {"respInst": "ACCEPT"}, "order": row}})

    exchange, wire = PROFILE.offline(kind, answer, options=OPTIONS)
    return exchange, wire, ("edit_order", "old", SYMBOL, "limit", "buy", 0.2, 9400)


@kinds
@pytest.mark.parametrize(
    ("canceled", "asked"),
    [
        ({"status": "Canceled"}, None),
        ({"status": "New", "seqNum": -1}, {"status": "Canceled"}),
    ],
)
def test_an_order_is_placed_anew_when_the_old_one_is_canceled(kind, canceled, asked):
    exchange, wire, edit = changing(kind, canceled, asked)
    assert call(exchange, *edit)["id"] == "new"
    assert [request.method for request in wire.requests] == [
        *("GET", "DELETE"),
        *(["GET"] if asked else []),
        "POST",
    ]
    assert json.loads(wire.requests[-1].body)["orderQty"] == "0.2"


@kinds
@pytest.mark.parametrize(
    ("canceled", "asked", "error"),
    [
        ({"status": "Filled"}, None, ccxt.OrderNotFound),
        ({"status": "New", "seqNum": -1}, {"status": "Filled"}, ccxt.OrderNotFound),
        ({"status": "New", "seqNum": -1}, {"status": "PartiallyFilled"}, ccxt.OperationFailed),
    ],
)
def test_nothing_is_placed_anew_as_long_as_the_old_order_may_be_filled(kind, canceled, asked, error):
    exchange, wire, edit = changing(kind, canceled, asked)
    with pytest.raises(error, match="old"):
        call(exchange, *edit)
    assert "POST" not in [request.method for request in wire.requests]
