"""What the sandbox refuses as the venue does, and what it does with orders."""

import pickle
from decimal import Decimal

import pytest
from venue import Venue  # with --external

from tests.sandbox.frontends.acme.raw_client import Venue  # without --external


@pytest.fixture
def venue():
    return Venue()


def code(answer):
    return answer[0], answer[1]["error"]["code"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"key": None}, "BAD_KEY"),
        ({"key": "nobody"}, "BAD_KEY"),
        ({"timestamp": None}, "BAD_TIMESTAMP"),
        ({"timestamp": "soon"}, "BAD_TIMESTAMP"),
        ({"timestamp": "1714521589000"}, "BAD_TIMESTAMP"),
        ({"signature": None}, "BAD_SIGNATURE"),
        ({"signature": "0" * 64}, "BAD_SIGNATURE"),
    ],
)
def test_who_is_not_let_in(venue, changed, expected):
    assert code(venue.call("GET", "/v1/balances", **changed)) == (401, expected)
    assert venue.call("GET", "/v1/balances")[0] == 200


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"market": "SHELL-USDT"}, (404, "NO_SUCH_MARKET")),
        ({"side": "borrow"}, (400, "BAD_REQUEST")),
        ({"type": "market"}, (400, "BAD_REQUEST")),
        ({"price": "much"}, (400, "BAD_REQUEST")),
        ({"price": "50000.001"}, (400, "BAD_PRICE")),
        ({"price": "0"}, (400, "BAD_PRICE")),
        ({"size": 1}, (400, "BAD_REQUEST")),
        ({"size": "0.000001"}, (400, "BAD_SIZE")),
        ({"size": "0.010000001"}, (400, "BAD_SIZE")),
        ({"size": "1000"}, (400, "BAD_SIZE")),
        ({"price": "10", "size": "0.0001"}, (400, "BAD_SIZE")),
        ({"price": "5000000", "size": "99"}, (400, "INSUFFICIENT_FUNDS")),
        ({"client_id": "not mine"}, (400, "BAD_REQUEST")),
    ],
)
def test_orders_that_are_refused(venue, changed, expected):
    assert code(venue.place(**changed)) == expected
    assert venue.call("GET", "/v1/orders") == (200, {"orders": [], "next": None})


def test_a_client_id_is_carried_out_once(venue):
    status, order = venue.place()
    assert status == 201
    assert venue.place() == (201, order)
    assert code(venue.place(size="0.02")) == (409, "DUPLICATE_CLIENT_ID")
    assert venue.call("GET", "/v1/orders")[1]["orders"] == [order]


def test_an_order_that_is_partly_filled_and_cancelled(venue):
    _, best = venue.get("/v1/markets/BTC-USDT/ticker")
    _, order = venue.place(price=best["bid"])
    venue.place("counterparty", side="sell", price=best["bid"], size="5", client_id="theirs")
    _, found = venue.call("GET", f"/v1/orders/{order['id']}")
    assert found["status"] == "filled"
    _, fills = venue.call("GET", "/v1/fills", "market=BTC-USDT")
    assert {fill["order_id"] for fill in fills["fills"]} == {order["id"]}
    assert code(venue.call("DELETE", f"/v1/orders/{order['id']}")) == (409, "ORDER_HAS_ENDED")
    _, other = venue.place(client_id="mine-2")
    assert venue.call("DELETE", f"/v1/orders/{other['id']}")[1]["status"] == "cancelled"


def test_orders_of_others_are_not_there(venue):
    _, order = venue.place()
    for method in ("GET", "DELETE"):
        answer = venue.call(method, f"/v1/orders/{order['id']}", account="counterparty")
        assert code(answer) == (404, "NO_SUCH_ORDER")
    assert code(venue.call("GET", "/v1/orders/seven")) == (404, "NO_SUCH_ORDER")


def test_its_state_can_be_kept_and_goes_on(venue):
    venue.place()
    before = venue.call("GET", "/v1/orders")[1]["orders"]
    venue.frontend = pickle.loads(pickle.dumps(venue.frontend))
    venue.clock = venue.frontend.clock.engine_clock
    assert venue.call("GET", "/v1/orders")[1]["orders"] == before


def test_a_further_account_has_its_own_money_and_key(venue):
    wallet = venue.frontend.engine.wallets[0]
    venue.frontend.add_account("maker", {wallet: {"USDT": Decimal(1_000)}})
    _, answer = venue.call("GET", "/v1/balances", account="maker")
    money = {row["currency"]: row["available"] for row in answer["balances"]}
    assert (money["USDT"], money["BTC"]) == ("1000", "0")
    assert venue.place("maker", price="100.00", size="1")[0] == 201
    assert code(venue.place("maker", price="100.00", size="10", client_id="more"))[1] == "INSUFFICIENT_FUNDS"


def test_lists_come_in_pages(venue):
    ids = [venue.place(client_id=f"mine-{number}")[1]["id"] for number in range(5)]
    seen, query = [], "limit=2"
    while query:
        _, page = venue.call("GET", "/v1/orders", query)
        seen += [order["id"] for order in page["orders"]]
        query = page["next"] and f"limit=2&cursor={page['next']}"
    assert seen == ids[::-1]


def test_too_many_requests():
    venue = Venue("venue")
    for _ in range(600):
        assert venue.get("/v1/time")[0] == 200
    assert code(venue.get("/v1/time")) == (429, "RATE_LIMITED")
    venue.clock.advance(60_000)
    assert venue.get("/v1/time")[0] == 200


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/v1/nothing", "", (404, "BAD_REQUEST")),
        ("/v1/markets/SHELL-USDT/ticker", "", (404, "NO_SUCH_MARKET")),
        ("/v1/markets/BTC-USDT/book", "depth=1000", (400, "BAD_REQUEST")),
        ("/v1/markets/BTC-USDT/candles", "interval=7m", (400, "BAD_REQUEST")),
        ("/v1/markets/BTC-USDT/trades", "limit=many", (400, "BAD_REQUEST")),
    ],
)
def test_public_calls_that_are_refused(venue, path, query, expected):
    assert code(venue.get(path, query)) == expected
