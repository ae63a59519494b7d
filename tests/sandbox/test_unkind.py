"""What a venue may do that is not kind: refuse what it could do, cancel by itself, list markets meanwhile."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fake_wire import FakeWire

from ccxt_ext._ids import IDS
from ccxt_ext.sandbox.control import Control
from ccxt_ext.sandbox.frontends._http import Request
from ccxt_ext.sandbox.frontends._streams import Stream
from ccxt_ext.sandbox.world import Settings, World

NOON = 1_614_816_000_000 + 12 * 3_600_000
WORDS = "Order is being matched"
FUTURES = "bitmaxfutures"


class Box:
    def __init__(self, *venues: str) -> None:
        self.world = World(Settings(venues=venues or IDS, start_ms=NOON))
        self.control = Control(self.world, dict)

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        path, _, query = path.partition("?")
        return self.control.handle(method, path, query, json.dumps(body or {}).encode())

    def ok(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = self.call(method, path, body)
        assert status == 200, answer
        return answer

    def send(self, venue: str, method: str, path: str) -> tuple[int, Any]:
        path, _, query = path.partition("?")
        response, _, _ = self.world.receive(venue, Request(method, path, query))
        return response.status, json.loads(response.body)

    def place(self, venue: str, market: str, count: int) -> list[str]:
        """Open orders that nobody meets, oldest first."""
        engine = self.world.frontends[venue].engine
        spec = engine.markets[market].spec
        orders = [
            engine.place("config", market, "buy", spec.tick * (n + 1), spec.min_amount * 1000)
            for n in range(count)
        ]
        return [str(order.id) for order in orders]

    def open_orders(self, venue: str) -> list[str]:
        return [order["id"] for order in self.ok("GET", f"/orders?venue={venue}&status=open")]


# Anything at all is refused in the venue's own shape, with the status that it has for refusals.
SHAPES = {
    "bitmart2": ("/v2/orders/1", 400, {"message": WORDS}),
    "btex": ("/mx_openapi1/cancel_order", 200, {"code": -1, "info": WORDS, "data": {}}),
    FUTURES: (
        "/0/api/pro/v2/futures/order",
        200,
        {"code": 100010, "message": WORDS, "reason": "INVALID_OPERATION"},
    ),
    "bitexbit": ("/api/v1/order-cancel/", 400, {"error": WORDS}),
    "bitexasia": ("/v1/orders/ord_1/cancel", 400, {"error": {"code": "INVALID_REQUEST", "message": WORDS}}),
}
CODES = {
    "btex": (-7, {"code": -7}),
    FUTURES: (300006, {"code": 300006, "reason": "INVALID_ORDER_ID"}),
    "bitexasia": ("INVALID_ORDER", {"error": {"code": "INVALID_ORDER", "message": WORDS}}),
}


@pytest.fixture(scope="module")
def all_venues() -> Box:
    return Box()


@pytest.mark.parametrize("venue", IDS)
def test_a_refusal_has_the_shape_of_the_venue(all_venues: Box, venue: str) -> None:
    path, status, body = SHAPES[venue]
    fault = {"kind": "refuse", "venue": venue, "path": path, "message": WORDS}
    all_venues.ok("POST", "/faults", fault)
    assert all_venues.send(venue, "POST", path) == (status, body)
    code, changed = CODES.get(venue, (None, {}))
    all_venues.ok("POST", "/faults", {**fault, "status": 503, **({"code": code} if code else {})})
    assert all_venues.send(venue, "POST", path) == (503, {**body, **changed})
    assert all_venues.ok("GET", "/faults") == {"faults": []}


def test_the_gateway_has_a_shape_of_its_own(all_venues: Box) -> None:
    all_venues.ok("POST", "/faults", {"kind": "refuse", "venue": "bitexbit"})
    answer = all_venues.send("bitexbit", "POST", "/api/gateway/withdraw/create")
    assert answer == (400, {"detail": "Refused by the sandbox"})


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "refuse", "message": 1}, "'message' must be text"),
        ({"kind": "refuse", "code": True}, "'code' must be"),
        ({"kind": "refuse", "status": 99}, "'status' must be"),
        ({"kind": "status", "status": 400, "message": "x"}, "'message' goes with kind 'refuse'"),
        ({"kind": "then"}, "'call' and kind 'then' go together"),
        ({"kind": "reset", "call": {"path": "/deposit"}}, "'call' and kind 'then' go together"),
        ({"kind": "then", "call": "/deposit"}, "'call' has 'path'"),
        ({"kind": "then", "call": {"path": "/reset"}}, "'call' must be one of POST /deposit"),
        ({"kind": "then", "call": {"path": []}}, "'call' must be one of"),
        ({"kind": "then", "call": {"path": "/cancel", "body": 1}}, "'body' of a 'call'"),
    ],
)
def test_faults_that_make_no_sense(all_venues: Box, fault: Any, words: str) -> None:
    status, answer = all_venues.call("POST", "/faults", fault)
    assert status == 400 and words in answer["error"]


def test_a_venue_cancels_by_itself() -> None:
    box = Box("bitexbit")
    first, second, third, fourth = box.place("bitexbit", "BTC_USD", 4)
    cancelled = box.ok("POST", "/cancel", {"venue": "bitexbit", "account": "config"})
    assert [(order["id"], order["status"]) for order in cancelled] == [(fourth, "canceled")]
    wanted = {"venue": "bitexbit", "account": "config", "market": "BTC_USD", "count": 2, "oldest": True}
    assert [order["id"] for order in box.ok("POST", "/cancel", wanted)] == [first, second]
    assert box.ok("POST", "/cancel", {**wanted, "market": "LTC_USD"}) == []
    assert box.open_orders("bitexbit") == [third]


def test_after_a_request_a_control_call_is_made_as_often_as_is_asked() -> None:
    box = Box("bitmart2")
    box.place("bitmart2", "BMX_ETH", 5)
    call = {"method": "POST", "path": "/cancel", "body": {"venue": "bitmart2", "account": "config"}}
    box.ok("POST", "/faults", {"kind": "then", "venue": "bitmart2", "path": "ping", "count": 2, "call": call})
    assert box.ok("GET", "/faults")["faults"][0]["call"] == call
    for left in (4, 3, 3):
        assert box.send("bitmart2", "GET", "/v2/time")[0] == box.send("bitmart2", "GET", "/v2/ping")[0] == 200
        assert len(box.open_orders("bitmart2")) == left
    made = [seen["then"] for seen in box.ok("GET", "/requests?venue=bitmart2")]
    assert [each and [order["status"] for order in each] for each in made] == [
        *(None, ["canceled"], None, ["canceled"], None, None)
    ]


def test_a_connection_is_made_all_the_same() -> None:
    box = Box("bitmart2")
    box.place("bitmart2", "BMX_ETH", 2)
    call = {"path": "/cancel", "body": {"venue": "bitmart2", "account": "config"}}
    box.ok("POST", "/faults", {"kind": "then", "call": call})
    outcome, _, _ = box.world.upgrade("bitmart2", Request("GET", "/"), FakeWire())
    assert isinstance(outcome, Stream)
    assert len(box.open_orders("bitmart2")) == 1


def test_a_control_call_that_is_refused_is_told() -> None:
    box = Box("bitmart2")
    call = {"path": "/deposit", "body": {"venue": "bitmart2", "account": "config", "currency": "DM"}}
    box.ok("POST", "/faults", {"kind": "then", "call": call})
    assert box.send("bitmart2", "GET", "/v2/ping")[0] == 200
    [seen] = box.ok("GET", "/requests?venue=bitmart2")
    assert "unknown currency 'DM'" in seen["then"]["error"]


def test_a_contract_is_listed_while_others_are_traded() -> None:
    box = Box(FUTURES)
    told = {"venue": FUTURES, "like": "ETH-PERP", "market": "SOL-PERP"}
    assert box.ok("POST", "/markets", told)["markets"] == ["BTC-PERP", "ETH-PERP", "XRP-PERP", "SOL-PERP"]
    rows = box.send(FUTURES, "GET", "/api/pro/v2/futures/contract")[1]["data"]
    eth, sol = rows[1], rows[-1]
    own = {"symbol": "SOL-PERP", "underlying": "SOL/USDT", "displayName": "SOLUSDT"}
    assert sol == {**eth, **own, "tradingStartTime": sol["tradingStartTime"]}
    assert NOON <= sol["tradingStartTime"] < NOON + 60_000
    engine = box.world.frontends[FUTURES].engine
    assert engine.leverage("config", "SOL-PERP") == engine.leverage("config", "ETH-PERP")
    ids = box.place(FUTURES, "SOL-PERP", 2)
    assert len(set(ids)) == 2
    for totals in engine.ledger().values():
        assert totals[0] == totals[1]
    assert box.call("POST", "/markets", told)[0] == 400
    box.ok("POST", "/reset")
    assert "SOL-PERP" not in box.world.frontends[FUTURES].engine.markets


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"like": "BTC-PERP"}, "'market' must be the name"),
        ({"like": "BTC-PERP", "market": "ETH-PERP"}, "that there is not yet"),
        ({"like": "BTC-PERP", "market": "SOL"}, "named like SOL-PERP"),
        ({"like": "SOL-PERP", "market": "SOL-PERP"}, "unknown like"),
    ],
)
def test_markets_that_cannot_be_listed(all_venues: Box, fields: Any, words: str) -> None:
    status, answer = all_venues.call("POST", "/markets", {"venue": FUTURES, **fields})
    assert status == 400 and words in answer["error"]
