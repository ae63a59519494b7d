"""What faults may be asked for, and what each does to a connection."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from ccxt_ext.sandbox import Sandbox, SandboxError
from ccxt_ext.sandbox.faults import STREAM_KINDS, BadFault, Faults, parse_fault
from ccxt_ext.sandbox.frontend import Request
from tests.ids import IDS
from tests.sandbox.control_box import Box
from tests.sandbox.frontends.bitmart2.raw_client import RawClient, sign

VENUE = "bitmart2"
MARKET = "BMX_ETH"


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox([VENUE, "btex"]) as sandbox:
        yield sandbox


class Wire:
    """One connection a request, so that a cut is seen as what it is."""

    def __init__(self, sandbox: Sandbox) -> None:
        address = urlsplit(sandbox.config(VENUE)["urls"]["api"]["rest"])
        assert address.hostname is not None
        assert address.port is not None
        self.host, self.port = address.hostname, address.port

    def raw(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        try:
            connection.request(method, target, body or None, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def exchange(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        status, answer = self.raw(method, target, headers, body)
        return status, json.loads(answer)

    def get(self, target: str = "/v2/ping") -> tuple[int, bytes]:
        return self.raw("GET", target, {}, b"")


@pytest.fixture
def wire(sandbox: Sandbox) -> Wire:
    return Wire(sandbox)


@pytest.fixture
def trader(sandbox: Sandbox, wire: Wire) -> RawClient:
    config = sandbox.config(VENUE)
    return RawClient(wire.exchange, config, lambda: time.time_ns() // 1_000_000).login()


def fault(sandbox: Sandbox, kind: str, **fields: Any) -> None:
    sandbox.control("POST", "/faults", {"venue": VENUE, "kind": kind, **fields})


def orders(sandbox: Sandbox) -> list[Any]:
    found: list[Any] = sandbox.control("GET", f"/orders?venue={VENUE}")
    return found


# on the wire


def test_reset_cuts_before_the_request_is_processed(sandbox: Sandbox, trader: RawClient) -> None:
    fault(sandbox, "reset", path="^/v2/orders$", method="POST")
    with pytest.raises(ConnectionResetError):
        trader.place(MARKET, "buy", "0.00005", "1")
    assert orders(sandbox) == []
    assert trader.place(MARKET, "buy", "0.00005", "1")[0] == 200


def test_drop_reply_cuts_after_the_request_is_processed(sandbox: Sandbox, trader: RawClient) -> None:
    fault(sandbox, "drop_reply", path="^/v2/orders$", method="POST")
    with pytest.raises(http.client.RemoteDisconnected):
        trader.place(MARKET, "buy", "0.00005", "1")
    assert [order["status"] for order in orders(sandbox)] == ["open"]
    seen = sandbox.control("GET", f"/requests?venue={VENUE}&limit=1")[0]
    assert (seen["method"], seen["status"], seen["fault"]) == ("POST", None, "drop_reply")
    # The call is over, so another token of the key may trade: after a cut as after an answer.
    for _ in range(2):
        assert trader.login().place(MARKET, "buy", "0.00005", "1")[0] == 200


def test_truncate_announces_more_than_it_sends(sandbox: Sandbox, wire: Wire, trader: RawClient) -> None:
    whole = wire.get("/v2/symbols")[1]
    fault(sandbox, "truncate")
    with pytest.raises(http.client.IncompleteRead) as cut:
        wire.get("/v2/symbols")
    assert cut.value.partial == whole[: len(whole) // 2]
    assert cut.value.expected == len(whole) - len(whole) // 2
    fault(sandbox, "truncate", path="orders")
    with pytest.raises(http.client.IncompleteRead):
        trader.place(MARKET, "buy", "0.00005", "1")
    assert len(orders(sandbox)) == 1


def test_garbage_and_empty_replace_the_answer_of_a_processed_request(
    sandbox: Sandbox, wire: Wire, trader: RawClient
) -> None:
    fault(sandbox, "garbage")
    status, body = wire.get()
    assert status == 200
    with pytest.raises(ValueError, match="decode"):
        json.loads(body)
    fault(sandbox, "garbage", body="<html>oops</html>")
    assert wire.get() == (200, b"<html>oops</html>")
    fault(sandbox, "empty")
    assert wire.get() == (200, b"")
    fault(sandbox, "empty", path="orders")
    with pytest.raises(ValueError, match="Expecting value"):
        trader.place(MARKET, "buy", "0.00005", "1")
    assert len(orders(sandbox)) == 1


def test_status_answers_instead_of_the_venue(sandbox: Sandbox, wire: Wire, trader: RawClient) -> None:
    fault(sandbox, "status", status=502, body="<html>Bad Gateway</html>")
    assert wire.get() == (502, b"<html>Bad Gateway</html>")
    fault(sandbox, "status", status=500, body={"message": "x", "n": [1.5, None]})
    assert wire.get() == (500, b'{"message": "x", "n": [1.5, null]}')
    fault(sandbox, "status", status=418)
    assert wire.exchange("GET", "/v2/ping", {}, b"") == (418, {"message": "Fault of the sandbox"})
    fault(sandbox, "status", status=204)
    assert wire.get() == (204, b"")
    fault(sandbox, "status", status=500, path="orders")
    assert trader.place(MARKET, "buy", "0.00005", "1")[0] == 500
    assert orders(sandbox) == []


def test_maintenance_is_the_venues_own_refusal(sandbox: Sandbox, wire: Wire) -> None:
    fault(sandbox, "maintenance", count=2)
    for _ in range(2):
        assert wire.exchange("GET", "/v2/time", {}, b"") == (503, {"message": "System maintenance"})
    assert wire.get() == (200, b"{}")


def test_latency_holds_back_the_answer_of_a_processed_request(
    sandbox: Sandbox, wire: Wire, trader: RawClient
) -> None:
    fault(sandbox, "latency", ms=60_000, path="orders")
    body = b'{"symbol":"BMX_ETH","amount":1,"price":0.00005,"side":"buy"}'
    headers = trader.headers()
    with socket.create_connection((wire.host, wire.port), timeout=20) as connection:
        text = "amount=1&price=0.00005&side=buy&symbol=BMX_ETH"
        trader_headers = {**headers, "content-type": "application/json", "content-length": str(len(body))}
        trader_headers["x-bm-signature"] = sign(trader.config["secret"], text)
        lines = [f"{name}: {value}" for name, value in trader_headers.items()]
        head = "\r\n".join(["POST /v2/orders HTTP/1.1", "host: localhost", *lines, "", ""])
        connection.sendall(head.encode() + body)
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        # Others are served meanwhile, and the order is there although its sender cannot know.
        assert wire.get() == (200, b"{}")
        assert len(orders(sandbox)) == 1
        # While the answer is due, the key may not trade with a second token.
        first = trader.token
        assert trader.login().token != first
        assert trader.place(MARKET, "buy", "0.00005", "1")[0] == 403
    fault(sandbox, "latency", ms=150)
    before = time.monotonic()
    assert wire.get() == (200, b"{}")
    assert time.monotonic() - before >= 0.15


def test_every_kind_can_be_late(sandbox: Sandbox, wire: Wire) -> None:
    fault(sandbox, "status", status=503, ms=150)
    before = time.monotonic()
    assert wire.get()[0] == 503
    assert time.monotonic() - before >= 0.15


def test_faults_can_be_taken_back(sandbox: Sandbox, wire: Wire) -> None:
    fault(sandbox, "status", status=503, count=1000)
    assert wire.get()[0] == 503
    assert sandbox.control("GET", "/faults")["faults"][0]["count"] == 999
    assert sandbox.control("DELETE", "/faults") == {"removed": 1}
    assert wire.get()[0] == 200


@pytest.mark.parametrize("kind", ["reset", "drop_reply", "truncate"])
def test_a_cut_ends_the_connection_and_nothing_else(
    sandbox: Sandbox, wire: Wire, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    kept = http.client.HTTPConnection(wire.host, wire.port, timeout=20)
    kept.request("GET", "/v2/ping")
    assert kept.getresponse().read() == b"{}"
    fault(sandbox, kind, count=3)
    for _ in range(3):
        with pytest.raises((ConnectionError, http.client.IncompleteRead)):
            wire.get("/v2/symbols")
    kept.request("GET", "/v2/ping")
    assert kept.getresponse().read() == b"{}"
    kept.close()
    assert sandbox.control("GET", "/")["crashes"] == 0
    assert capfd.readouterr().err == ""


# which request suffers


def test_the_oldest_fault_that_fits_is_taken_until_it_is_used_up() -> None:
    faults = Faults()
    for spec in (
        {"kind": "reset", "path": "orders$", "method": "delete", "count": 2},
        {"kind": "empty", "path": "^/v2/o"},
        {"kind": "garbage"},
    ):
        faults.add(parse_fault(spec, (VENUE,)))

    def taken(method: str, path: str) -> str | None:
        found = faults.take(VENUE, Request(method, path), lambda request: False)
        return None if found is None else found.kind

    assert taken("DELETE", "/v2/orders") == "reset"
    assert taken("GET", "/v2/orders") == "empty"
    assert taken("GET", "/v2/orders") == "garbage"
    assert taken("GET", "/v2/orders") is None
    assert taken("DELETE", "/v2/orders/1") is None
    assert taken("DELETE", "/v2/orders") == "reset"
    assert taken("DELETE", "/v2/orders") is None
    faults.add(parse_fault({"kind": "empty", "venue": VENUE}, (VENUE, "other")))
    assert faults.take("other", Request("GET", "/"), lambda request: False) is None
    assert faults.take(VENUE, Request("GET", "/"), lambda request: False) is not None


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({}, "'kind' must be one of latency, status"),
        ({"kind": "nothing"}, "'kind' must be one of"),
        ({"kind": ["reset"]}, "'kind' must be one of"),
        ({"kind": "reset", "venue": "x"}, "unknown venue 'x'"),
        ({"kind": "reset", "count": 0}, "'count' must be a whole number from 1"),
        ({"kind": "reset", "count": "2"}, "'count' must be a whole number"),
        ({"kind": "reset", "path": "("}, "'path' is not a regular expression"),
        ({"kind": "reset", "path": 1}, "'path' must be a regular expression"),
        ({"kind": "reset", "method": 1}, "'method' must be a name"),
        ({"kind": "reset", "paths": "x"}, "unknown field 'paths'"),
        ({"kind": "latency"}, "a latency needs 'ms'"),
        ({"kind": "latency", "ms": -1}, "'ms' must be a whole number"),
        ({"kind": "latency", "ms": True}, "'ms' must be a whole number"),
        ({"kind": "status"}, "needs 'status'"),
        ({"kind": "status", "status": 99}, "'status' must be a whole number from 200"),
        ({"kind": "reset", "status": 500}, "'status' goes with the kinds 'status' and 'refuse'"),
        ({"kind": "empty", "body": "x"}, "'body' goes with the kinds"),
        *(({"kind": kind, "venue": VENUE}, f"{VENUE} has no streams") for kind in STREAM_KINDS),
        *(
            ({"kind": kind, "method": "GET"}, "'method' goes with faults of requests")
            for kind in STREAM_KINDS
        ),
        ({"kind": "ws_stall", "ms": 5}, "'ms' goes with faults of requests"),
        ({"kind": "ws_close", "body": "x"}, "'body' goes with the kinds"),
        ({"kind": "ws_gap", "status": 500}, "'status' goes with the kinds 'status' and 'refuse'"),
    ],
)
def test_bad_faults_are_refused(spec: dict[str, Any], message: str) -> None:
    with pytest.raises(BadFault, match=message.replace("'", ".")):
        parse_fault(spec, (VENUE,))


def test_faults_of_streams_are_for_venues_that_have_them() -> None:
    venues = (VENUE, "other")
    assert parse_fault({"kind": "ws_close", "venue": VENUE}, venues, [VENUE]).kind == "ws_close"
    assert parse_fault({"kind": "ws_gap", "venue": VENUE}, venues, [VENUE], [VENUE]).kind == "ws_gap"
    assert parse_fault({"kind": "ws_gap"}, venues, [VENUE]).venue is None
    with pytest.raises(BadFault, match="the streams of bitmart2 have no sequence numbers"):
        parse_fault({"kind": "ws_gap", "venue": VENUE}, venues, [VENUE], ["other"])
    body = parse_fault({"kind": "ws_garbage", "venue": VENUE, "body": "<x>"}, venues, [VENUE]).body
    assert body == b"<x>"


def test_requests_and_frames_suffer_faults_of_their_own() -> None:
    faults = Faults()
    for spec in ({"kind": "ws_gap"}, {"kind": "ws_close", "path": "^/stream$"}, {"kind": "reset"}):
        faults.add(parse_fault(spec, (VENUE,)))

    def taken(path: str, sequenced: bool) -> str | None:
        found = faults.take_frame(VENUE, path, sequenced)
        return None if found is None else found.kind

    assert taken("/", False) is None
    assert taken("/stream", False) == "ws_close"
    assert taken("/stream", False) is None
    assert taken("/", True) == "ws_gap"
    assert taken("/", True) is None
    found = faults.take(VENUE, Request("GET", "/stream"), lambda request: False)
    assert found is not None
    assert found.kind == "reset"


def test_a_refused_fault_is_an_error_of_the_control(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match="btex has no streams"):
        fault(sandbox, "ws_close", venue="btex")
    assert sandbox.control("GET", "/faults") == {"faults": []}


@pytest.mark.parametrize("venue", IDS)
def test_a_fault_can_be_for_cancellations_alone(venue: str) -> None:
    frontend = Box(venue).world.frontends[venue]
    cancels = {
        "bitmart2": [("DELETE", "/v2/orders/17", ""), ("DELETE", "/v2/orders", "")],
        "bitexbit": [("POST", "/api/v1/order-cancel/", ""), ("POST", "/api/v2/private/order/7/cancel", "")],
        "bitexasia": [("POST", "/v1/orders/7/cancel", "")],
        "btex": [
            ("POST", "/mx_openapi1/cancel_order", ""),
            ("POST", "/openapi1/auth_api", "method=cancel_order&id=7"),
            ("POST", "/openapi1/auth_api/", "method=cancel_order"),
        ],
        "bitmaxfutures": [
            ("DELETE", "/1/api/pro/v2/futures/order", ""),
            ("DELETE", "//1/api/pro/v2/futures/order/all", ""),
        ],
    }
    others = {
        "bitmart2": [("POST", "/v2/orders", "")],
        "bitexbit": [("POST", "/api/v1/order/", ""), ("POST", "/api/v2/private/transfers/7/cancel", "")],
        "bitexasia": [("POST", "/v1/orders", ""), ("GET", "/v1/orders/7/cancel", "")],
        "btex": [("POST", "/openapi1/auth_api", "method=buy_coin"), ("POST", "/openapi1/auth_api", "")],
        "bitmaxfutures": [("DELETE", "/1/api/pro/v2/futures/position/all", "")],
    }
    for expected, table in ((True, cancels), (False, others)):
        for method, path, body in table[venue]:
            request = Request(method, path, "", body=body.encode())
            assert frontend.is_cancel(request) is expected, f"{method} {path} {body}"
