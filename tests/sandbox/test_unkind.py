"""What a venue may do that is not kind: refuse what it could do, cancel by itself."""

from __future__ import annotations

from typing import Any

import pytest

from ccxt_ext.sandbox.frontend import Request, Stream
from tests.ids import IDS
from tests.sandbox.control_box import Box
from tests.sandbox.frontends.fake_wire import FakeWire

WORDS = "Order is being matched"
FUTURES = "bitmaxfutures"


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
