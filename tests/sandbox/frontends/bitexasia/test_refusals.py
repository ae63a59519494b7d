"""BitexAsia's frontend: what it refuses, in the venue's order, and what it does with orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ccxt_ext.sandbox.frontend import Request
from tests.sandbox.frontends.bitexasia.raw_client import NOON, Venue


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status, answer.code) == (status, code), answer.json


BALANCES = ("GET", "/v1/account/balances")

# -- the proof ---------------------------------------------------------------------------------------


def test_each_check_comes_before_the_next(venue: Venue) -> None:
    """Wrong in every way at once; then one thing after the other is mended."""
    key = venue.key(scopes=(), addresses=("203.0.113.7",))
    used = venue.proof(key.secret, *BALANCES, "", b"")["x-api-nonce"]
    key.nonces.add(used)
    wrong: dict[str, str | None] = {
        "x-api-key": "nobody",
        "x-api-timestamp": str(NOON - 10**9),
        "x-api-nonce": used,
        "x-api-signature": "0" * 64,
    }
    refused(venue.call(*BALANCES, key=key, changed=wrong), 401, "INVALID_API_KEY")
    del wrong["x-api-key"]
    refused(venue.call(*BALANCES, key=key, changed=wrong), 403, "IP_NOT_ALLOWED")
    here = {"key": key, "remote": "203.0.113.7"}
    refused(venue.call(*BALANCES, changed=wrong, **here), 401, "INVALID_TIMESTAMP")
    del wrong["x-api-timestamp"]
    refused(venue.call(*BALANCES, changed=wrong, **here), 401, "NONCE_REUSED")
    del wrong["x-api-nonce"]
    refused(venue.call(*BALANCES, changed=wrong, **here), 401, "INVALID_SIGNATURE")
    refused(venue.call(*BALANCES, **here), 403, "INSUFFICIENT_SCOPE")


@pytest.mark.parametrize("name", ["x-api-key", "x-api-timestamp", "x-api-nonce", "x-api-signature"])
def test_a_header_that_is_missing(venue: Venue, name: str) -> None:
    answer = venue.call(*BALANCES, changed={name: None}, sound=False)
    assert answer.status in (400, 401)


def test_a_nonce_is_good_once_and_only_if_all_was_right(venue: Venue) -> None:
    key = venue.key()
    request = Request(
        *BALANCES, "", {"x-api-key": key.api_key, **venue.proof(key.secret, *BALANCES, "", b"")}
    )
    spoilt = Request(*BALANCES, "", {**request.headers, "x-api-signature": "0" * 64})
    refused(venue.send(spoilt), 401, "INVALID_SIGNATURE")
    assert venue.send(request).status == 200
    refused(venue.send(request), 401, "NONCE_REUSED")


@pytest.mark.parametrize("nonce", ["abc", "ABCDEF01", "0123456z", ""])
def test_a_nonce_that_is_none(venue: Venue, nonce: str) -> None:
    refused(venue.call(*BALANCES, changed={"x-api-nonce": nonce}, sound=False), 400, "INVALID_REQUEST")


@pytest.mark.parametrize(("tolerance", "off", "fits"), [(30_000, 29_000, True), (30_000, 31_000, False)])
@pytest.mark.parametrize("sign", [1, -1])
def test_clock_tolerance(tolerance: int, off: int, fits: bool, sign: int) -> None:
    for options in ({}, {"clockTolerance": tolerance * 2}):
        venue = Venue(options=options)
        factor = 2 if options else 1
        key = venue.frontend.keys.of("config")
        proof = {"x-api-key": key.api_key, **venue.proof(key.secret, *BALANCES, "", b"")}
        venue.clock.skew_ms = sign * off * factor
        answer = venue.send(Request(*BALANCES, "", proof))
        assert (answer.status == 200) is fits


def test_every_part_of_a_request_is_signed(venue: Venue) -> None:
    body = venue.order("buy", "1.00", "1")
    for changed in (
        {"path": "/v1/orders/ord_1/cancel"},
        {"query": "x=1"},
        {"data": b"{}"},
        {"method": "PUT"},
    ):
        key = venue.frontend.keys.of("config")
        parts = {"method": "POST", "path": "/v1/orders", "query": "", "data": b"[]", **changed}
        proof = venue.proof(key.secret, *parts.values())
        headers = {"x-api-key": key.api_key, "content-type": "application/json", **proof}
        request = Request("POST", "/v1/orders", "", headers, str(body).encode())
        refused(venue.send(request, sound=False), 401, "INVALID_SIGNATURE")


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [(("read",), {"GET"}), (("trade",), {"POST"}), (("read", "trade"), {"GET", "POST"})],
)
def test_scopes(scopes: tuple[str, ...], allowed: set[str]) -> None:
    venue = Venue(options={"scopes": scopes})
    for method, path, body in (
        ("GET", "/v1/account/balances", None),
        ("GET", "/v1/orders/ord_1", None),
        ("POST", "/v1/orders", venue.order("buy", "1.00", "1")),
        ("POST", "/v1/orders/ord_1/cancel", None),
    ):
        answer = venue.call(method, path, body)
        assert (answer.status == 403) is (method not in allowed)


def test_the_allowlist_of_all_keys() -> None:
    venue = Venue(options={"ipAllowlist": ["10.0.0.1"]})
    refused(venue.call(*BALANCES), 403, "IP_NOT_ALLOWED")
    assert venue.call(*BALANCES, remote="10.0.0.1").status == 200


# -- rates -------------------------------------------------------------------------------------------


def test_weights_of_a_key_and_of_an_address() -> None:
    venue = Venue("venue")
    answer = venue.get("/v1/markets")
    assert answer.headers["X-RateLimit-Limit"] == "1200"
    assert answer.headers["X-RateLimit-Remaining"] == "1195"
    end = int(answer.headers["X-RateLimit-Reset"])
    assert 0 < end - NOON // 1000 <= 60
    remaining = [
        venue.get("/v1/ticker/BTC-USD").headers["X-RateLimit-Remaining"],
        venue.get("/v1/orderbook/BTC-USD").headers["X-RateLimit-Remaining"],
        venue.call(*BALANCES).headers["X-RateLimit-Remaining"],
        venue.call("GET", "/v1/orderbook/BTC-USD", query="depth=1000").headers["X-RateLimit-Remaining"],
        venue.call("GET", "/v1/orders/ord_1").headers["X-RateLimit-Remaining"],
        venue.call("POST", "/v1/orders/ord_1/cancel").headers["X-RateLimit-Remaining"],
    ]
    assert remaining == ["1194", "1193", "1195", "1190", "1189", "1188"]


def test_too_much() -> None:
    venue = Venue("venue")
    for _ in range(240):
        assert venue.get("/v1/markets").status == 200
    answer = venue.get("/v1/ticker/BTC-USD")
    refused(answer, 429, "RATE_LIMITED")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert venue.call(*BALANCES).status == 200  # a key has a window of its own
    venue.clock.engine_clock.advance(60_000)
    assert venue.get("/v1/ticker/BTC-USD").status == 200


def test_a_call_that_is_too_heavy_costs_nothing() -> None:
    venue = Venue("venue")
    for _ in range(1197):
        venue.get("/v1/ticker/BTC-USD")
    refused(venue.get("/v1/markets"), 429, "RATE_LIMITED")
    assert venue.get("/v1/ticker/BTC-USD").status == 200


def test_relaxed_limits_are_a_hundred_times_wider(venue: Venue) -> None:
    assert venue.get("/v1/markets").headers["X-RateLimit-Limit"] == "120000"
    assert venue.frontend.config("config", "http://h", "ws://h")["rateLimit"] == 1
    assert Venue("venue").frontend.config("config", "http://h", "ws://h")["rateLimit"] == 50


# -- requests that make no sense ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/v1/orders"), ("DELETE", "/v1/orders/ord_1"), ("GET", "/v1/trades/BTC-USD")],
)
def test_no_such_endpoint(venue: Venue, method: str, path: str) -> None:
    refused(venue.call(method, path, sound=False), 404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["/v1/ticker/NOPE-USD", "/v1/orderbook/btc-usd", "/v1/ticker/%20"])
def test_no_such_pair(venue: Venue, path: str) -> None:
    refused(venue.get(path, sound=False), 404, "PAIR_NOT_FOUND")


@pytest.mark.parametrize("depth", ["50", "0", "x", "1001", "-100"])
def test_no_such_depth(venue: Venue, depth: str) -> None:
    answer = venue.get("/v1/orderbook/BTC-USD", f"depth={depth}", sound=False)
    refused(answer, 400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"pair": None}, 400, "INVALID_REQUEST"),
        ({"side": None}, 400, "INVALID_REQUEST"),
        ({"type": None}, 400, "INVALID_REQUEST"),
        ({"size": None}, 400, "INVALID_REQUEST"),
        ({"side": "long"}, 400, "INVALID_REQUEST"),
        ({"type": "iceberg"}, 400, "INVALID_REQUEST"),
        ({"time_in_force": "GTD"}, 400, "INVALID_REQUEST"),
        ({"post_only": "true"}, 400, "INVALID_REQUEST"),
        ({"size": 1}, 400, "INVALID_REQUEST"),
        ({"price": 63000.5}, 400, "INVALID_REQUEST"),
        ({"size": "1e3"}, 400, "INVALID_REQUEST"),
        ({"size": ""}, 400, "INVALID_REQUEST"),
        ({"client_order_id": "a b"}, 400, "INVALID_REQUEST"),
        ({"client_order_id": "x" * 37}, 400, "INVALID_REQUEST"),
        ({"price": None}, 400, "INVALID_ORDER"),
        ({"type": "market"}, 400, "INVALID_ORDER"),
        ({"type": "stop"}, 400, "INVALID_ORDER"),
        ({"stop_price": "1"}, 400, "INVALID_ORDER"),
        ({"price": "0"}, 400, "INVALID_PRICE"),
        ({"price": "-1"}, 400, "INVALID_PRICE"),
        ({"price": "1.001"}, 400, "INVALID_PRICE"),
        ({"type": "stop", "stop_price": "1.001"}, 400, "INVALID_PRICE"),
        ({"size": "0"}, 400, "INVALID_SIZE"),
        ({"size": "0.00009"}, 400, "INVALID_SIZE"),
        ({"size": "0.123456789"}, 400, "INVALID_SIZE"),
        ({"size": "99999999999"}, 400, "INVALID_SIZE"),
        ({"pair": "NOPE-USD"}, 404, "PAIR_NOT_FOUND"),
        ({"pair": "DOGE-USDT", "price": "0.14", "size": "100"}, 400, "MARKET_CLOSED"),
        ({"size": "10000", "price": "63000"}, 400, "INSUFFICIENT_BALANCE"),
    ],
    ids=str,
)
def test_orders_that_are_refused(venue: Venue, fields: dict[str, Any], status: int, code: str) -> None:
    body = {"pair": "BTC-USD", "side": "buy", "type": "limit", "price": "1.00", "size": "1", **fields}
    body = {name: value for name, value in body.items() if value is not None}
    refused(venue.call("POST", "/v1/orders", body, sound=False), status, code)
    assert venue.engine.orders("config") == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b"NaN", b"[" * 100_000])
def test_bodies_that_are_no_order(venue: Venue, body: bytes) -> None:
    key = venue.frontend.keys.of("config")
    text = body.decode("utf-8", "replace")
    headers = {"x-api-key": key.api_key, "content-type": "application/json"}
    headers |= venue.proof(key.secret, "POST", "/v1/orders", "", text.encode())
    answer = venue.send(Request("POST", "/v1/orders", "", headers, text.encode()), sound=False)
    refused(answer, 400, "INVALID_REQUEST")


def test_an_order_comes_as_json_and_a_cancel_without_a_body(venue: Venue) -> None:
    body = venue.order("buy", "1.00", "1")
    answer = venue.call("POST", "/v1/orders", body, changed={"content-type": "text/plain"}, sound=False)
    refused(answer, 400, "INVALID_REQUEST")
    order = venue.place("buy", "1.00", "1")
    answer = venue.call("POST", f"/v1/orders/{order['id']}/cancel", {"id": order["id"]}, sound=False)
    refused(answer, 400, "INVALID_REQUEST")


# -- orders ------------------------------------------------------------------------------------------


def test_an_order_rests_fills_and_ends(venue: Venue) -> None:
    bid, ask = venue.best()
    price = str(Decimal(bid) + Decimal("0.01"))
    assert Decimal(price) < Decimal(ask)
    other = venue.frontend.keys.of("counterparty")
    order = venue.place("buy", price, "0.02")
    assert (order["status"], order["filled_size"], order["avg_fill_price"]) == ("open", "0", None)
    assert Decimal(venue.balance("USD")["locked"]) == Decimal(price) * Decimal("0.02")
    venue.place("sell", price, "0.005", key=other)
    seen = venue.call("GET", f"/v1/orders/{order['id']}").json
    assert (seen["status"], seen["filled_size"], seen["remaining_size"]) == (
        "partially_filled",
        "0.005",
        "0.015",
    )
    assert Decimal(seen["avg_fill_price"]) == Decimal(price)
    venue.place("sell", price, "0.015", key=other)
    assert venue.call("GET", f"/v1/orders/{order['id']}").json["status"] == "filled"
    assert venue.balance("USD")["locked"] == "0"


def test_the_same_id_again_is_the_same_order(venue: Venue) -> None:
    first = venue.place("buy", "1.00", "1", client_order_id="mine")
    again = venue.call("POST", "/v1/orders", venue.order("buy", "1", "1.0", client_order_id="mine"))
    assert (again.status, again.json) == (200, first)
    spelled_out = venue.order("buy", "1", "1", client_order_id="mine", time_in_force="GTC")
    assert venue.call("POST", "/v1/orders", spelled_out).status == 200
    venue.cancel(first["id"])
    late = venue.call("POST", "/v1/orders", venue.order("buy", "1", "1", client_order_id="mine"))
    assert (late.status, late.json["status"]) == (200, "cancelled")
    assert len(venue.engine.orders("config")) == 1


@pytest.mark.parametrize(
    "change",
    [{"size": "2"}, {"price": "2"}, {"side": "sell"}, {"pair": "ETH-USD"}, {"time_in_force": "IOC"}],
    ids=str,
)
def test_the_same_id_for_another_order_is_refused(venue: Venue, change: dict[str, str]) -> None:
    venue.place("buy", "1.00", "1", client_order_id="mine")
    body = {**venue.order("buy", "1.00", "1", client_order_id="mine"), **change}
    refused(venue.call("POST", "/v1/orders", body), 409, "DUPLICATE_CLIENT_ORDER_ID")
    assert len(venue.engine.orders("config")) == 1


def test_an_id_of_a_refused_order_and_of_another_account_is_free(venue: Venue) -> None:
    poor = venue.order("buy", "63000", "10000", client_order_id="mine")
    refused(venue.call("POST", "/v1/orders", poor), 400, "INSUFFICIENT_BALANCE")
    venue.place("buy", "1.00", "1", client_order_id="mine")
    venue.place("buy", "1.00", "2", client_order_id="mine", key=venue.frontend.keys.of("counterparty"))


def test_a_cancel_can_be_repeated(venue: Venue) -> None:
    order = venue.place("buy", "1.00", "1")
    first, second = venue.cancel(order["id"]), venue.cancel(order["id"])
    assert first == second and first["status"] == "cancelled"
    filled = venue.place("buy", None, "0.001")
    assert venue.cancel(filled["id"])["status"] == "filled"


@pytest.mark.parametrize("id", ["ord_999", "1000001", "ord_x", "ORD_1000001", "ord_1000001%20"])
def test_no_such_order(venue: Venue, id: str) -> None:
    venue.place("buy", "1.00", "1")
    refused(venue.call("GET", f"/v1/orders/{id}"), 404, "ORDER_NOT_FOUND")
    refused(venue.call("POST", f"/v1/orders/{id}/cancel"), 404, "ORDER_NOT_FOUND")


def test_an_order_of_another_account_is_not_shown(venue: Venue) -> None:
    order = venue.place("buy", "1.00", "1", key=venue.frontend.keys.of("counterparty"))
    refused(venue.call("GET", f"/v1/orders/{order['id']}"), 404, "ORDER_NOT_FOUND")


def test_times_in_force(venue: Venue) -> None:
    bid, ask = venue.best()
    size = str(venue.engine.would_fill("BTC-USD", "buy", Decimal(ask), Decimal(1000)) * 2)
    ioc = venue.place("buy", ask, size, time_in_force="IOC")
    assert (ioc["status"], ioc["time_in_force"]) == ("cancelled", "IOC")
    assert Decimal(ioc["filled_size"]) * 2 == Decimal(size)
    fok = venue.place("sell", bid, "400", time_in_force="FOK")
    assert (fok["status"], fok["filled_size"]) == ("cancelled", "0")
    assert venue.place("sell", bid, "0.001", time_in_force="FOK")["status"] == "filled"
    assert venue.place("buy", None, "0.001")["time_in_force"] is None
    assert venue.place("buy", "1.00", "1")["time_in_force"] == "GTC"


def test_stop_orders_wait_and_follow_their_side(venue: Venue) -> None:
    bid, ask = venue.best()
    other = venue.frontend.keys.of("counterparty")
    low, high = str(Decimal(bid) - 100), str(Decimal(ask) + 100)
    sell = venue.place("sell", None, "0.01", type="stop", stop_price=low)
    buy = venue.place("buy", str(Decimal(high) + 500), "0.01", type="stop", stop_price=high)
    for order in (sell, buy):
        assert (order["type"], order["status"], order["filled_size"]) == ("stop", "open", "0")
    assert (sell["price"], buy["price"]) == (None, str(Decimal(high) + 500))
    # The other account trades up through the book.
    amount = str(venue.engine.would_fill("BTC-USD", "buy", Decimal(high), Decimal(1000)) + Decimal("0.5"))
    venue.place("buy", str(Decimal(high) + 50), amount, key=other)
    assert venue.call("GET", f"/v1/orders/{buy['id']}").json["status"] == "filled"
    assert venue.call("GET", f"/v1/orders/{sell['id']}").json["status"] == "open"
    assert venue.cancel(sell["id"])["status"] == "cancelled"
    assert venue.balance("BTC")["locked"] == "0"


def test_the_money_that_cannot_trade_is_told_and_in_the_ledger(venue: Venue) -> None:
    assert venue.balance("USD", "margin") == {
        "account": "margin",
        "asset": "USD",
        "total": "2500",
        "available": "2500",
        "locked": "0",
    }
    assert venue.balance("USDT", "earn")["locked"] == "1200"
    for total, deposited in venue.engine.ledger().values():
        assert total == deposited


# -- depth -------------------------------------------------------------------------------------------


def test_more_than_a_hundred_levels_are_for_verified_accounts(venue: Venue) -> None:
    for number in range(150):
        venue.place("buy", f"{1000 + number}.00", "0.0001")
    assert len(venue.get("/v1/orderbook/BTC-USD").json["bids"]) == 100
    deep = ("GET", "/v1/orderbook/BTC-USD")
    assert len(venue.call(*deep, query="depth=1000").json["bids"]) > 150
    refused(venue.get(deep[1], "depth=1000"), 401, "INVALID_API_KEY")
    unverified = venue.key(verified=False)
    refused(venue.call(*deep, query="depth=1000", key=unverified), 403, "INSUFFICIENT_SCOPE")


def test_the_sequence_counts_changes(venue: Venue) -> None:
    before = venue.get("/v1/orderbook/BTC-USD").json["sequence"]
    venue.place("buy", "1.00", "1")
    assert venue.get("/v1/orderbook/BTC-USD").json["sequence"] > before


def test_maintenance_and_faults_have_the_venues_shape(venue: Venue) -> None:
    assert b'"MAINTENANCE"' in venue.frontend.maintenance().body
    assert venue.frontend.error(418, "x").status == 418
