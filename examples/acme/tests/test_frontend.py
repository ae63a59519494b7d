"""What the sandbox refuses as the venue does, and what it does with orders."""

import pickle
from decimal import Decimal

import pytest
from venue import Venue


@pytest.fixture
def venue():
    return Venue()


def number(answer):
    """Of a refusal; to most of them the venue answers 200."""
    assert answer[1]["ok"] is False
    return answer[1]["error"]["number"]


def result(answer):
    assert (answer[0], answer[1]["ok"]) == (200, True)
    return answer[1]["result"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"authorization": None}, 101),
        ({"authorization": "Acme nobody:c2lnbmVk"}, 101),
        ({"authorization": "Basic bm9ib2R5"}, 101),
        ({"acme_time": None}, 103),
        ({"acme_time": "soon"}, 103),
        ({"acme_time": "1714521594000"}, 103),
        ({"acme_time": "1714521599999"}, 102),
    ],
)
def test_who_is_not_let_in(venue, changed, expected):
    assert number(venue.call("GET", "/v2/account/funds", **changed)) == expected
    assert result(venue.call("GET", "/v2/account/funds"))


def test_its_state_can_be_kept_and_goes_on(venue):
    venue.place()
    before = result(venue.call("GET", "/v2/account/orders"))
    venue.frontend = pickle.loads(pickle.dumps(venue.frontend))
    venue.clock = venue.frontend.clock.engine_clock
    assert result(venue.call("GET", "/v2/account/orders")) == before


def test_a_further_account_has_its_own_money_and_key(venue):
    venue.frontend.add_account("maker", {"main": {"USDT": Decimal(1_000)}})
    funds = result(venue.call("GET", "/v2/account/funds", account="maker"))
    assert {row["currency"]: row["total"] for row in funds if row["total"] != "0"} == {"USDT": "1000"}
    assert result(venue.place("maker", rate="50000", quantity="0.01"))
    assert number(venue.place("maker", rate="50000", quantity="0.02", tag="more")) == 302


def test_a_query_may_come_in_any_order(venue):
    for query in ("limit=5&pair=BTC_USDT", "pair=BTC_USDT&limit=5"):
        assert result(venue.call("GET", "/v2/account/orders", query)) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"pair": "SHELL_USDT"}, 200),
        ({"side": "borrow"}, 100),
        ({"rate": "much"}, 100),
        ({"rate": "50000.001"}, 300),
        ({"rate": "0"}, 300),
        ({"quantity": 1}, 100),
        ({"quantity": "0.000001"}, 301),
        ({"quantity": "0.010000001"}, 301),
        ({"quantity": "1000"}, 301),
        ({"rate": "10", "quantity": "0.0001"}, 301),
        ({"rate": "5000000", "quantity": "99"}, 302),
        ({"tag": "Not Mine"}, 100),
    ],
)
def test_orders_that_are_refused(venue, changed, expected):
    assert number(venue.place(**changed)) == expected
    assert result(venue.call("GET", "/v2/account/orders")) == []


def test_a_tag_is_carried_out_once(venue):
    order = result(venue.place())
    assert result(venue.place()) == order
    assert number(venue.place(quantity="0.02")) == 303
    assert result(venue.call("GET", "/v2/account/orders")) == [order]


def test_an_order_that_is_filled_and_one_that_is_cancelled(venue):
    bid = result(venue.get("/v2/ticker", "pair=BTC_USDT"))["bid"]
    order = result(venue.place(rate=bid))
    venue.place("counterparty", side="sell", rate=bid, quantity="5", tag="theirs")
    assert result(venue.call("GET", f"/v2/account/orders/{order['id']}"))["state"] == "done"
    fills = result(venue.call("GET", "/v2/account/fills", "pair=BTC_USDT"))
    assert {fill["order"] for fill in fills} == {order["id"]}
    assert number(venue.call("POST", f"/v2/account/orders/{order['id']}/cancel")) == 305
    other = result(venue.place(tag="mine-2"))
    assert result(venue.call("POST", f"/v2/account/orders/{other['id']}/cancel"))["state"] == "cancelled"


def test_orders_of_others_are_not_there(venue):
    order = result(venue.place())
    for method, more in (("GET", ""), ("POST", "/cancel")):
        path = f"/v2/account/orders/{order['id']}{more}"
        assert number(venue.call(method, path, account="counterparty")) == 304
    assert number(venue.call("GET", "/v2/account/orders/seven")) == 304


def test_lists_come_in_pages(venue):
    ids = [result(venue.place(tag=f"mine-{each}"))["id"] for each in range(5)]
    seen, query = [], "limit=2"
    while query:
        _, page = venue.call("GET", "/v2/account/orders", query)
        seen += [order["id"] for order in page["result"]]
        query = page["more"] and f"before={seen[-1]}&limit=2"
    assert seen == ids[::-1]


def test_too_many_requests():
    venue = Venue("venue")
    for _ in range(1200):
        result(venue.get("/v2/clock"))
    assert venue.get("/v2/clock")[0] == 429
    assert number(venue.get("/v2/clock")) == 104
    venue.clock.advance(60_000)
    result(venue.get("/v2/clock"))


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/v2/nothing", "", 100),
        ("/v2/ticker", "", 200),
        ("/v2/ticker", "pair=SHELL_USDT", 200),
        ("/v2/depth", "pair=BTC_USDT&levels=1000", 100),
        ("/v2/candles", "pair=BTC_USDT&minutes=7", 100),
        ("/v2/trades", "pair=BTC_USDT&limit=many", 100),
    ],
)
def test_public_calls_that_are_refused(venue, path, query, expected):
    assert number(venue.get(path, query)) == expected
