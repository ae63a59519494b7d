"""BitexAsia's frontend: its answers beside the assumed ones, and all traffic beside the OpenAPI document."""

from __future__ import annotations

import inspect
import json
from decimal import Decimal
from functools import partial
from typing import Any

import ccxt
import pytest
import yaml
from openapi_core.exceptions import OpenAPIError

import ccxt_ext
import ccxt_ext.async_support
from ccxt_ext.sandbox import Sandbox
from ccxt_ext.sandbox.frontend import Request, Response
from ccxt_ext.sandbox.frontends.bitexasia.frontend import Frontend
from ccxt_ext.venue.surface.implicit import endpoints
from ccxt_ext.venues.bitexasia.metadata import metadata
from tests.sandbox.frontends.bitexasia.raw_client import (
    DOCUMENT,
    NOON,
    Venue,
    check_answer,
    check_request,
    openapi,
)
from tests.sandbox.frontends.documented import DATA, payloads
from tests.sandbox.frontends.documented import shape as shape_of

SAMPLES = DATA / "bitexasia" / "documented"
sample = payloads(SAMPLES)
shape = partial(shape_of, in_order=True)


def fill(venue: Venue, price: str, size: str) -> None:
    venue.place("sell", price, size, key=venue.frontend.keys.of("counterparty"))


def limit(venue: Venue, filled: str = "0", client_order_id: str = "cx-0001") -> str:
    """An order one tick above the best bid, of which so much is filled."""
    price = str(Decimal(venue.best()[0]) + Decimal("0.01"))
    order: str = venue.place("buy", price, "0.01", client_order_id=client_order_id)["id"]
    if filled != "0":
        fill(venue, price, filled)
    return order


def shown(venue: Venue, id: str) -> Any:
    return venue.call("GET", f"/v1/orders/{id}").json


def repeated(venue: Venue) -> Any:
    order = shown(venue, limit(venue, "0.004"))
    fields = venue.order("buy", order["price"], "0.01", client_order_id="cx-0001")
    return venue.call("POST", "/v1/orders", fields).json


def stop(venue: Venue) -> Any:
    return venue.place("sell", "59900", "0.015", type="stop", stop_price="60000", client_order_id="cx-0005")


ANSWERS = {
    "assumed-get-markets": lambda v: v.get("/v1/markets").json,
    "assumed-get-ticker": lambda v: v.get("/v1/ticker/BTC-USD").json,
    "assumed-get-orderbook": lambda v: v.get("/v1/orderbook/BTC-USD").json,
    "assumed-get-balances": lambda v: v.call("GET", "/v1/account/balances").json,
    "assumed-post-orders": lambda v: v.place("buy", "60000", "0.01", client_order_id="cx-0001"),
    "assumed-post-orders-repeated": repeated,
    "assumed-get-order-filled": lambda v: shown(v, limit(v, "0.01")),
    "assumed-get-order-partially_filled": lambda v: shown(v, limit(v, "0.004")),
    "assumed-get-order-market-filled": lambda v: v.place("sell", None, "0.01", client_order_id="cx-0003"),
    "assumed-get-order-stop-open": lambda v: shown(v, stop(v)["id"]),
    "assumed-post-order-cancel": lambda v: v.cancel(limit(v)),
    "assumed-post-order-cancel-filled": lambda v: v.cancel(limit(v, "0.01")),
    "assumed-post-order-cancel-partial": lambda v: v.cancel(limit(v, "0.004")),
}
STATES = ("status", "filled_size", "remaining_size", "side", "type", "stop_price", "time_in_force")


@pytest.mark.parametrize("name", ANSWERS)
def test_answer(venue: Venue, name: str) -> None:
    answer, assumed = ANSWERS[name](venue), sample(name)
    assert shape(answer) == shape(assumed)
    for field in STATES:
        if "filled_size" in assumed:
            assert answer[field] == assumed[field], field


def test_a_rejected_order() -> None:
    """The engine ends an order so that could not be paid when its turn came."""
    assumed = sample("assumed-get-order-rejected")
    venue = Venue()
    order = venue.engine.order("config", int(limit(venue).removeprefix("ord_")))
    order.status, order.reason, order.remaining = "canceled", "insufficient_funds", order.amount
    answer = shown(venue, venue.frontend.order_name(order))
    assert shape(answer) == shape(assumed)
    assert answer["status"] == assumed["status"]


REQUESTS = [path.stem for path in sorted(SAMPLES.glob("*-request.json"))]


@pytest.mark.parametrize("name", REQUESTS)
def test_the_assumed_requests_are_taken(venue: Venue, name: str) -> None:
    assert venue.call("POST", "/v1/orders", (SAMPLES / f"{name}.json").read_bytes()).status == 201


def test_every_rest_sample_is_compared() -> None:
    elsewhere = {"assumed-get-order-rejected", "assumed-get-order-aliases"}
    errors = {path.stem for path in SAMPLES.glob("assumed-error-*.json")}
    assert {path.stem for path in SAMPLES.glob("*.json")} == {*ANSWERS, *REQUESTS, *elsewhere, *errors}


# -- errors ------------------------------------------------------------------------------------------


def bare(venue: Venue, **fields: str) -> Any:
    body = {"pair": "BTC-USD", "side": "buy", "type": "limit", "price": "1.00", "size": "1", **fields}
    return venue.call("POST", "/v1/orders", {name: text for name, text in body.items() if text}, sound=False)


def duplicate(venue: Venue) -> Any:
    bare(venue, client_order_id="mine")
    return bare(venue, client_order_id="mine", size="2")


def too_much(venue: Venue) -> Any:
    venue.frontend.window.limit = 0
    return venue.get("/v1/markets")


def again(venue: Venue) -> Any:
    key = venue.key()
    proof = venue.proof(key.secret, "GET", "/v1/orders/ord_1", "", b"")
    request = Request("GET", "/v1/orders/ord_1", "", {"x-api-key": key.api_key, **proof})
    venue.send(request)
    return venue.send(request)


def spoilt(venue: Venue, name: str, text: str) -> Any:
    return venue.call("GET", "/v1/orders/ord_1", changed={name: text})


ERRORS = {
    "duplicate_client_order_id": duplicate,
    "insufficient_balance": lambda v: bare(v, price="63000", size="10000"),
    "insufficient_scope": lambda v: v.call("GET", "/v1/orders/ord_1", key=v.key(scopes=())),
    "invalid_api_key": lambda v: spoilt(v, "x-api-key", "nobody"),
    "invalid_order": lambda v: bare(v, price=""),
    "invalid_price": lambda v: bare(v, price="1.001"),
    "invalid_request": lambda v: bare(v, size=""),
    "invalid_signature": lambda v: spoilt(v, "x-api-signature", "0"),
    "invalid_size": lambda v: bare(v, size="0.00001"),
    "invalid_timestamp": lambda v: spoilt(v, "x-api-timestamp", "1"),
    "ip_not_allowed": lambda v: v.call("GET", "/v1/orders/ord_1", key=v.key(addresses=())),
    "market_closed": lambda v: bare(v, pair="DOGE-USDT", price="0.14", size="100"),
    "nonce_reused": again,
    "order_not_found": lambda v: v.call("GET", "/v1/orders/ord_1"),
    "pair_not_found": lambda v: v.get("/v1/ticker/NOPE-USD"),
    "rate_limited": too_much,
}
# Their words name what is concrete.
OWN_WORDS = {"insufficient_scope"}


@pytest.mark.parametrize("name", ERRORS)
def test_error(venue: Venue, name: str) -> None:
    answer, assumed = ERRORS[name](venue), sample(f"assumed-error-{name}")
    if name in OWN_WORDS:
        assumed["error"]["message"] = answer.json["error"]["message"]
    assert answer.json == assumed


def test_maintenance(venue: Venue) -> None:
    response = venue.frontend.maintenance()
    assert (response.status, json.loads(response.body)) == (503, sample("assumed-error-maintenance"))


# -- the OpenAPI document ----------------------------------------------------------------------------


def test_the_document_is_served(venue: Venue) -> None:
    response = venue.frontend.handle(Request("GET", "/openapi.yaml"))
    assert (response.status, response.body) == (200, DOCUMENT.read_bytes())


def test_the_document_the_frontend_and_the_client_have_the_same_endpoints() -> None:
    paths = yaml.safe_load(DOCUMENT.read_text())["paths"]
    described = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert {(method, path) for method, path, _ in Frontend.ROUTES} == described
    assert {(method, f"/v1/{path}") for _, method, path, _ in endpoints(metadata()["api"])} == described


def test_the_document_is_a_good_one_and_judges(venue: Venue) -> None:
    openapi()
    with pytest.raises(OpenAPIError):
        check_request(Request("GET", "/v1/orderbook/BTC-USD", "depth=50"))
    with pytest.raises(OpenAPIError):
        check_request(Request("GET", "/v1/account/balances"))
    with pytest.raises(OpenAPIError):
        check_answer(
            Request("GET", "/v1/markets"), 200, b'{"markets":[{}]}', {"Content-Type": "application/json"}
        )


async def trade(call: Any) -> None:
    """Every unified method and every kind of order, and the refusals."""
    await call("fetchMarkets")
    await call("fetchTicker", "BTC/USD")
    book = await call("fetchOrderBook", "BTC/USD", 500)
    bid, ask = book["bids"][0][0], book["asks"][0][0]
    await call("fetchL2OrderBook", "BTC/USD")
    for account in ("spot", "margin", "earn"):
        await call("fetchBalance", {"type": account})
    resting = await call("createOrder", "BTC/USD", "limit", "buy", 0.01, bid, {"clientOrderId": "mine"})
    again = await call("createOrder", "BTC/USD", "limit", "buy", 0.01, bid, {"clientOrderId": "mine"})
    assert again["id"] == resting["id"]
    await call("fetchOrder", resting["id"])
    await call("cancelOrder", resting["id"])
    assert (await call("cancelOrder", resting["id"]))["status"] == "canceled"
    for time_in_force in ("GTC", "IOC", "FOK"):
        await call("createOrder", "BTC/USD", "limit", "buy", 0.01, ask, {"timeInForce": time_in_force})
    await call("createMarketOrder", "BTC/USD", "buy", 0.01)
    await call("createMarketSellOrder", "BTC/USD", 0.01)
    await call("createStopLimitOrder", "BTC/USD", "sell", 0.01, bid - 150, bid - 100)
    await call("createStopMarketOrder", "BTC/USD", "buy", 0.01, ask + 100)
    for kind, method, *arguments in (
        (ccxt.OrderNotFound, "fetchOrder", "ord_7"),
        (ccxt.InsufficientFunds, "createOrder", "BTC/USD", "limit", "buy", 10_000, bid),
        (ccxt.MarketClosed, "createOrder", "DOGE/USDT", "limit", "buy", 100, 0.14),
        (
            ccxt.DuplicateOrderId,
            "createOrder",
            "BTC/USD",
            "limit",
            "buy",
            0.02,
            bid,
            {"clientOrderId": "mine"},
        ),
    ):
        with pytest.raises(kind):
            await call(method, *arguments)


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_all_traffic_of_the_client_is_as_described(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Request, Response]] = []
    handle = Frontend.handle

    def remember(self: Frontend, request: Request) -> Response:
        response = handle(self, request)
        seen.append((request, response))
        return response

    monkeypatch.setattr(Frontend, "handle", remember)
    with Sandbox(venues=["bitexasia"], start_ms=NOON) as sandbox:
        module = ccxt_ext if kind == "sync" else ccxt_ext.async_support
        exchange = module.bitexasia(sandbox.config("bitexasia"))
        exchange.options["timeDifference"] = exchange.milliseconds() - NOON

        async def call(method: str, *arguments: Any) -> Any:
            result = getattr(exchange, method)(*arguments)
            return await result if inspect.isawaitable(result) else result

        try:
            await trade(call)
        finally:
            if kind == "async":
                await exchange.close()
    for request, response in seen:
        check_request(request)
        check_answer(request, response.status, response.body, response.headers)
    assert len({request.path for request, _ in seen}) >= 7
    assert {response.status for _, response in seen} == {200, 201, 400, 404, 409}
