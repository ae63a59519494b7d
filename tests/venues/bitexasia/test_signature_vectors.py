"""Signatures of bitexasia against its vectors, every way to change them, and what is signed and sent."""

import json

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitexasia import signing
from tests.venues.profiles import DATA, PROFILES

SECRET = "bxa-test-secret-0123456789abcdef"
NONCE = "7f3a1b8e"
NOW = 1714521600000
BUY = {"pair": "BTC-USD", "side": "buy", "type": "limit", "price": "63000", "size": "0.01"}
STOP = {
    "pair": "BTC-USD",
    "side": "sell",
    "type": "stop",
    "price": "59900",
    "size": "0.015",
    "stop_price": "60000",
    "time_in_force": "GTC",
    "client_order_id": "cx-0001",
}

pytestmark = pytest.mark.parametrize("kind", ["sync", "async"])


@pytest.fixture(autouse=True)
def told_nonces(monkeypatch):
    """Those of the vectors, in place of random ones."""
    monkeypatch.setattr(signing, "request_nonce", lambda exchange: exchange.told_nonce)


def exchange_and_wire(kind, options=None, answer=None, now=NOW, nonce=NONCE):
    exchange, wire = PROFILES["bitexasia"].offline(
        kind,
        answer or (lambda request: Answer({"id": "ord_1001", "status": "cancelled"})),
        secret=SECRET,
        options=options or {},
    )
    exchange.milliseconds = lambda: now
    exchange.told_nonce = nonce
    return exchange, wire


VECTORS = [
    (
        "private_get_account_balances",
        {},
        (NOW, NONCE),
        "GET /v1/account/balances",
        "8cdf71625564d27f4ac638efd165f7d570069773a373cf1d65984f4caa98c345",
    ),
    (
        "private_post_orders",
        BUY,
        (NOW, NONCE),
        "POST /v1/orders",
        "5c5057c3431529d84079dd8c71757e61aa8d3bdaee777da182d43dd7afa27158",
    ),
    (
        "private_post_orders_id_cancel",
        {"id": "ord_1001"},
        (NOW, NONCE),
        "POST /v1/orders/ord_1001/cancel",
        "0270f9af4c1e0e5e179fecebfe535876560d67e2258640c4c847d2838712845c",
    ),
    (
        "private_get_orders_id",
        {"id": "ord_1001"},
        (1714521601234, "00c0ffee00c0ffee"),
        "GET /v1/orders/ord_1001",
        "1935aa48900c569d1ecfaa303a87139749bb74b534a1c8479bfcb94969b0d3f6",
    ),
    (
        "public_get_orderbook_pair",
        {"pair": "BTC-USD", "depth": 1000},
        (NOW, NONCE),
        "GET /v1/orderbook/BTC-USD?depth=1000",
        "1fad73c05f5095c33c058fddc312c009fc89f7f7f2c265e6a5c8551d3e5965f9",
    ),
    (
        "private_post_orders",
        STOP,
        (1714521602000, "a1b2c3d4e5f60718"),
        "POST /v1/orders",
        "837ab696a0fa6a145f9bfb32a4937a0e28d77180c265e35a2e2c0c57525ea957",
    ),
]


@pytest.mark.parametrize(("method", "params", "when", "line", "signature"), VECTORS)
def test_vector(kind, method, params, when, line, signature):
    now, nonce = when
    exchange, wire = exchange_and_wire(kind, now=now, nonce=nonce)
    call(exchange, method, params)
    (request,) = wire.requests
    assert request.line == line
    assert request.headers["X-Api-Key"] == "canaryApiKey"
    assert request.headers["X-Api-Timestamp"] == str(now)
    assert request.headers["X-Api-Nonce"] == nonce
    assert request.headers["X-Api-Signature"] == signature


def test_the_bytes_of_the_pages_own_example(kind):
    """The page indents its body; a client of ours never does, but the signature is over the bytes sent."""
    exchange, _ = exchange_and_wire(kind)
    body = (DATA / "bitexasia" / "documented" / "documented-post-orders-request.json").read_text()
    assert len(body) == 109
    headers = signing.signed_headers(exchange, "POST", "/v1/orders", body)
    assert headers["X-Api-Signature"] == "338c9e023e13430a93e2ddd0c6e053c36e4dad91c60846c3bce8ba5c5c5e6746"


def test_an_order_is_sent_compactly_in_the_order_of_its_fields(kind):
    exchange, wire = exchange_and_wire(kind)
    params = {"stopPrice": 60000, "timeInForce": "GTC", "clientOrderId": "cx-0001"}
    call(exchange, "create_order", "BTC/USD", "limit", "sell", 0.015, 59900, params)
    (request,) = wire.requests
    assert request.body == json.dumps(STOP, separators=(",", ":"))
    assert request.headers["Content-Type"] == "application/json"


def test_a_cancel_has_no_body(kind):
    exchange, wire = exchange_and_wire(kind)
    call(exchange, "cancel_order", "ord_1001")
    assert wire.requests[0].body == ""
    exchange, wire = exchange_and_wire(kind, {"cancelOrder": {"body": "{}"}})
    call(exchange, "cancel_order", "ord_1001")
    assert wire.requests[0].body == "{}"


@pytest.mark.parametrize(
    ("options", "signature"),
    [
        ({"separator": ""}, "387e70ab0aed2a6e6a53d22c0441c7598b4a933d5fb80ea87061dd5774bb3b0f"),
        ({"digest": "base64"}, "XFBXw0MVKdhAed2McXV+YaqNO9rud32hgtQ916+icVg="),
        ({"digest": "hexUpper"}, "5C5057C3431529D84079DD8C71757E61AA8D3BDAEE777DA182D43DD7AFA27158"),
        (
            {"order": ["timestamp", "nonce", "method", "path", "body"], "separator": ""},
            "c469451c3b3bed2e1c901a19a6112e0b61967272f665e5f11b3f56dff5de1862",
        ),
    ],
)
def test_the_signature_can_be_changed(kind, options, signature):
    exchange, wire = exchange_and_wire(kind, {"signature": options})
    call(exchange, "private_post_orders", BUY)
    assert wire.requests[0].headers["X-Api-Signature"] == signature


def test_other_hashes_secrets_and_units(kind, monkeypatch):
    signatures = set()
    for options, secret in (
        ({}, "6162"),
        ({"hash": "sha512"}, "6162"),
        ({"secretEncoding": "hex"}, "6162"),
        ({"secretEncoding": "base64"}, "6162"),
        ({"order": ["apiKey", "nonce"]}, "6162"),
        ({"timestampUnit": "s"}, "6162"),
    ):
        exchange, wire = exchange_and_wire(kind, {"signature": options})
        exchange.secret = secret
        call(exchange, "private_get_account_balances")
        (request,) = wire.requests
        signatures.add(request.headers["X-Api-Signature"])
        seconds = options.get("timestampUnit") == "s"
        assert request.headers["X-Api-Timestamp"] == str(NOW // 1000 if seconds else NOW)
    assert len(signatures) == 6
    exchange, _ = exchange_and_wire(kind, {"signature": {"secretEncoding": "hex"}})
    exchange.secret = "ab"
    as_bytes = signing.signature(exchange, "text")
    exchange, _ = exchange_and_wire(kind)
    monkeypatch.setattr(signing, "secret_bytes", lambda exchange: b"\xab")
    assert signing.signature(exchange, "text") == as_bytes


@pytest.mark.parametrize("encoding", ["hex", "base64"])
def test_a_secret_that_is_not_encoded_so(kind, encoding):
    exchange, wire = exchange_and_wire(kind, {"signature": {"secretEncoding": encoding}})
    exchange.secret = "*not it*"
    with pytest.raises(ccxt.AuthenticationError, match=encoding) as caught:
        call(exchange, "fetch_balance")
    assert "not it" not in str(caught.value)
    assert wire.requests == []


def test_public_calls_are_signed_only_when_asked(kind):
    for sign_public in (False, True):
        exchange, wire = exchange_and_wire(kind, {"signPublic": sign_public}, lambda request: Answer([]))
        call(exchange, "fetch_markets")
        assert ("X-Api-Signature" in wire.requests[0].headers) is sign_public


def test_an_id_is_signed_as_it_is_sent(kind):
    exchange, wire = exchange_and_wire(kind)
    call(exchange, "fetch_order", "a b/ü?#")
    (request,) = wire.requests
    assert request.url.endswith("/v1/orders/a%20b%2F%C3%BC%3F%23")
    message = f"GET\n{request.path}\n\n{NOW}\n{NONCE}"
    assert request.headers["X-Api-Signature"] == signing.signature(exchange, message)


def test_numbers_given_to_the_implicit_method_are_texts(kind):
    exchange, wire = exchange_and_wire(kind)
    call(exchange, "private_post_orders", {**BUY, "price": 7e-05, "size": 1e6, "stop_price": None})
    assert json.loads(wire.requests[0].body) == {**BUY, "price": "0.00007", "size": "1000000"}
