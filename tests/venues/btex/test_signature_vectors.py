"""Signatures of btex against the published vectors, and the text that is signed and sent."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.btex import signing
from tests.venues.profiles import PROFILES

DOCS = {"apiKey": "abcdefgh", "secret": "abcdefgh"}
OURS = {"apiKey": "btex-key-01", "secret": "btex-secret-01"}

# (keys, second, implicit method, parameters, what is signed, its signature, what is sent)
CONTRACTS = {
    "C1": (
        DOCS,
        1544400608,
        "contract_private_post_active_orders",
        {"contract_id": 123456},
        "access_key=abcdefgh&contract_id=123456&secret_key=abcdefgh&ts=1544400608",
        "WpmnPiHJpJAOInr6bLV7iilqi7hmC6P5izJ9m2jR96M=",
        "access_key=abcdefgh&contract_id=123456&sign=WpmnPiHJpJAOInr6bLV7iilqi7hmC6P5izJ9m2jR96M%3D"
        "&ts=1544400608",
    ),
    "C2": (
        OURS,
        1543228468,
        "contract_private_post_place_order",
        {
            "contract_id": 1,
            "price": 3918.8,
            "amount": 1000,
            "leverage": 10,
            "direction": -1,
            "type": "limit",
            "is_cross": -1,
        },
        "access_key=btex-key-01&amount=1000&contract_id=1&direction=-1&is_cross=-1&leverage=10&price=3918.8"
        "&secret_key=btex-secret-01&ts=1543228468&type=limit",
        "7bE37eIxEGfcaA/iPPsqzZmgVKacINKEPnzobB7zS4s=",
        "access_key=btex-key-01&amount=1000&contract_id=1&direction=-1&is_cross=-1&leverage=10&price=3918.8"
        "&sign=7bE37eIxEGfcaA%2FiPPsqzZmgVKacINKEPnzobB7zS4s%3D&ts=1543228468&type=limit",
    ),
    "C3": (
        OURS,
        1543228746,
        "contract_private_post_mytrades",
        {"contract_id": 1, "page": 2, "page_size": 50},
        "access_key=btex-key-01&contract_id=1&page=2&page_size=50&secret_key=btex-secret-01&ts=1543228746",
        "eaL4nRQvP5n+KVMa/VbemKYU1FleFZ9+Klk9V7oEbQs=",
        "access_key=btex-key-01&contract_id=1&page=2&page_size=50"
        "&sign=eaL4nRQvP5n%2BKVMa%2FVbemKYU1FleFZ9%2BKlk9V7oEbQs%3D&ts=1543228746",
    ),
    "C4": (
        OURS,
        1547522291,
        "contract_private_post_get_order_batch",
        {"order_id": "1234567,2088691"},
        "access_key=btex-key-01&order_id=1234567%2C2088691&secret_key=btex-secret-01&ts=1547522291",
        "Or8hiJnC0F7Dz73fVZVW33nM080pHu3aBLa2ZnL17gk=",
        "access_key=btex-key-01&order_id=1234567%2C2088691"
        "&sign=Or8hiJnC0F7Dz73fVZVW33nM080pHu3aBLa2ZnL17gk%3D&ts=1547522291",
    ),
}
SPOT = {
    "S1": (
        DOCS,
        1544400608,
        "spot_private_post_buy_coin",
        {"pair": "BTC_USDT", "price": 2000, "num": 0.001},
        {},
        "access_key=abcdefgh&method=buy_coin&num=0.001&pair=BTC_USDT&price=2000&secret_key=abcdefgh"
        "&ts=1544400608",
        "7280ecb3694bcdf8790894826b9e1eaa",
        "access_key=abcdefgh&method=buy_coin&num=0.001&pair=BTC_USDT&price=2000"
        "&sign=7280ecb3694bcdf8790894826b9e1eaa&ts=1544400608",
    ),
    "S2": (
        OURS,
        1553595062,
        "spot_private_post_getinfo",
        {},
        {"spotTimestampParam": "created"},
        "access_key=btex-key-01&created=1553595062&method=getinfo&secret_key=btex-secret-01",
        "4ba7a20d8d81a639bdac487b8f3f099f",
        "access_key=btex-key-01&created=1553595062&method=getinfo&sign=4ba7a20d8d81a639bdac487b8f3f099f",
    ),
    "S3": (
        OURS,
        1553595062,
        "spot_private_post_myorders",
        {"pair": "BTC_USDT", "amount": 50},
        {"spotTimestampParam": None},
        "access_key=btex-key-01&amount=50&method=myorders&pair=BTC_USDT&secret_key=btex-secret-01",
        "71529bfc07e6310e6c3777103d6954a4",
        "access_key=btex-key-01&amount=50&method=myorders&pair=BTC_USDT&sign=71529bfc07e6310e6c3777103d6954a4",
    ),
}

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


def exchange_and_wire(monkeypatch, kind, keys, options, milliseconds=1544400608999):
    exchange, wire = PROFILES["btex"].offline(
        kind, lambda request: Answer({"code": 1, "info": "ok", "data": {}}), options=options, **keys
    )
    # Whatever is past the second is cut off.
    exchange.milliseconds = lambda: milliseconds
    signed = []
    canonical = signing.canonical

    def noted(exchange, fields):
        signed.append(canonical(exchange, fields))
        return signed[-1]

    monkeypatch.setattr(signing, "canonical", noted)
    return exchange, wire, signed


@kinds
@pytest.mark.parametrize("name", CONTRACTS)
def test_contracts(monkeypatch, kind, name):
    keys, second, method, params, canonical, sign, body = CONTRACTS[name]
    exchange, wire, signed = exchange_and_wire(monkeypatch, kind, keys, {}, second * 1000 + 999)
    call(exchange, method, params)
    [request] = wire.requests
    assert signed == [canonical]
    assert request.body == body
    assert dict(parse_qsl(request.body))["sign"] == sign
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert keys["secret"] not in request.url and "secret_key" not in request.body


@kinds
@pytest.mark.parametrize("name", SPOT)
def test_spot(monkeypatch, kind, name):
    keys, second, method, params, options, canonical, sign, body = SPOT[name]
    exchange, wire, signed = exchange_and_wire(monkeypatch, kind, keys, options, second * 1000 + 999)
    call(exchange, method, params)
    [request] = wire.requests
    assert signed == [canonical]
    assert (request.line, request.body) == ("POST /openapi1/auth_api", body)
    assert dict(parse_qsl(request.body))["sign"] == sign
    assert "secret_key" not in request.body


@kinds
def test_no_header_has_a_credential(monkeypatch, kind):
    exchange, wire, _ = exchange_and_wire(monkeypatch, kind, OURS, {})
    call(exchange, "contract_private_post_account_info")
    call(exchange, "spot_private_post_getinfo")
    for request in wire.requests:
        assert OURS["apiKey"] not in str(request.headers) and OURS["secret"] not in str(request.headers)


@kinds
def test_values_that_are_not_encoded_for_the_signature_when_asked_for(monkeypatch, kind):
    exchange, wire, signed = exchange_and_wire(
        monkeypatch, kind, OURS, {"signUrlEncode": False}, 1547522291000
    )
    call(exchange, "contract_private_post_get_order_batch", {"order_id": "1234567,2088691"})
    assert "order_id=1234567,2088691&" in signed[0]
    fields = dict(parse_qsl(wire.requests[0].body))
    assert fields["sign"] == "zKQ0GnWfCn4eEBprOPIphBlwU9FErqGjO0Wp+w2TZO8="
    assert "1234567%2C2088691" in wire.requests[0].body


@kinds
def test_the_secret_is_sent_only_when_asked_for(monkeypatch, kind):
    exchange, wire, _ = exchange_and_wire(monkeypatch, kind, OURS, {"sendSecretKey": True})
    call(exchange, "contract_private_post_active_orders", {"contract_id": 1})
    plain, plain_wire, _ = exchange_and_wire(monkeypatch, kind, OURS, {})
    call(plain, "contract_private_post_active_orders", {"contract_id": 1})
    told, untold = (dict(parse_qsl(each.requests[0].body)) for each in (wire, plain_wire))
    assert told == {**untold, "secret_key": OURS["secret"]}


@kinds
def test_spot_by_get_when_asked_for(monkeypatch, kind):
    exchange, wire, _ = exchange_and_wire(monkeypatch, kind, DOCS, {"spotAuthMethod": "GET"})
    call(exchange, "spot_private_post_buy_coin", SPOT["S1"][3])
    [request] = wire.requests
    assert (request.method, urlsplit(request.url).path, request.body) == ("GET", "/openapi1/auth_api", "")
    assert urlsplit(request.url).query == SPOT["S1"][7]


@kinds
def test_milliseconds_when_asked_for(monkeypatch, kind):
    exchange, wire, _ = exchange_and_wire(
        monkeypatch, kind, DOCS, {"spotTimestampParam": "created", "spotTimestampUnit": "ms"}
    )
    call(exchange, "spot_private_post_getinfo")
    assert dict(parse_qsl(wire.requests[0].body))["created"] == "1544400608999"


@kinds
@pytest.mark.parametrize("value", [1e-7, 0.0000001, "0.0000001"])
def test_numbers_have_no_exponent(monkeypatch, kind, value):
    exchange, wire, signed = exchange_and_wire(monkeypatch, kind, DOCS, {})
    call(exchange, "contract_private_post_place_order", {"price": value, "amount": 1e6})
    for text in (signed[0], wire.requests[0].body):
        assert "price=0.0000001" in text and "amount=1000000&" in text


@kinds
def test_the_venues_time(monkeypatch, kind):
    exchange, wire, _ = exchange_and_wire(monkeypatch, kind, DOCS, {"timeDifference": 10_000})
    call(exchange, "contract_private_post_account_info")
    assert dict(parse_qsl(wire.requests[0].body))["ts"] == "1544400598"
