"""bitexbit's three signatures against worked vectors, and the text that is signed and sent."""

import json

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitexbit import signing
from tests.venues.profiles import PROFILES

KEY, SECRET = "bxb-key-0001", "bxb-secret-0001"
NONCE, TIMEOUT = 1544617382079, 1621599054552
ADDRESS = "TR4d6N2HoC3Annqt2JK6HhQWuNARMNx5pW"

KEY_ALONE = "f57e57998afacc84a1b4d259ef8442e33371729704ec10e15fc7e61b0ca6e177"
V1_ORDER = "da73d02fe3e6bb3f5d41e24042a595adf63afae4c6fe30359599abec51dc6626"
V1_QUERY = "06129043e9b0ee5f65adb1bbf2f67c1e850576b7ccf9a81a5ac873c2f413c96d"
GATEWAY_BLANKS = "394c3333b3bc0a9c3b30e66b9a6603376c484d0edcdb9c452b5cbc06d16c2ae1"

# name: (implicit method, parameters, method and path, body, signature)
V1 = {
    "wallets": ("v1_private_get_wallets", {}, "GET /api/v1/wallets/", "", KEY_ALONE),
    "order": (
        "v1_private_post_order",
        {"type": "buy", "pair": "BTC_USD", "amount": "1.0", "price": "870.69"},
        "POST /api/v1/order/",
        "amount=1.0&pair=BTC_USD&price=870.69&type=buy",
        V1_ORDER,
    ),
    "cancel": (
        "v1_private_post_order_cancel",
        {"order": 63568},
        "POST /api/v1/order-cancel/",
        "order=63568",
        "b4730e412ebfcad73b2781b9cd1cdef23adf10b33ed9e92c9630c494825f9dd4",
    ),
    "orders": (
        "v1_private_get_orders_own",
        {"pair": "BTC_USD", "status": 1},
        "GET /api/v1/orders/own/?pair=BTC_USD&status=1",
        "",
        KEY_ALONE,
    ),
}
V2 = {
    "balance": (
        "v2_private_get_balance",
        {},
        "GET /api/v2/private/balance",
        "",
        "679a96599757912f585377b5791f7cfc66d598187a351d1b99c4e012f6c42fb8",
    ),
    "trades": (
        "v2_private_get_trades",
        {"symbol": "BTC_USD", "limit": 50},
        "GET /api/v2/private/trades?limit=50&symbol=BTC_USD",
        "",
        "51b9c569ffd556f4186b9ba8659e137e3d1a2027f758a740c628766ad107a24c",
    ),
    "order": (
        "v2_private_post_order_create",
        {"symbol": "BTC_USD", "type": "sell-limit", "price": "1000.000", "amount": "0.001500"},
        "POST /api/v2/private/order/create",
        '{"symbol":"BTC_USD","type":"sell-limit","price":"1000.000","amount":"0.001500"}',
        "ef728070836ecfd4b513a1ea26746f7b9ea70747234e1de65247a1e33c01dde5",
    ),
    "cancel": (
        "v2_private_post_order_id_cancel",
        {"id": 33852806},
        "POST /api/v2/private/order/33852806/cancel",
        "{}",
        "27ad8b75f3ddfa39c6af13c1e8924de2a336b0a1a91359c241beba7b733adcad",
    ),
    "transfer": (
        "v2_private_post_transfers_create",
        {"receiver": "VB4DF1HQ4D7", "currency": "USDT", "amount": 10},
        "POST /api/v2/private/transfers/create/",
        '{"receiver":"VB4DF1HQ4D7","currency":"USDT","amount":10}',
        "a859366a9998b02e9f93949f519799357a883c28f7341db0ed61fae70e393b16",
    ),
}
GATEWAY = {
    "methods": (
        "gateway_get_payment_methods",
        {},
        "GET /api/gateway/payment-methods",
        "",
        "9231039ea63953b05c2aaad63565c910828a151c89d14d71bf17008685dcf3c4",
    ),
    "wallet": (
        "gateway_post_wallet_create",
        {"ticker": "ETH", "network": "ethereum"},
        "POST /api/gateway/wallet/create",
        '{"ticker":"ETH","network":"ethereum"}',
        "afcece74d4ee08266973082c15c19c2596510ce1f66e03a1ed5515f33594c5e4",
    ),
    "withdrawal": (
        "gateway_post_withdraw_create",
        {
            "ticker": "USDT",
            "network": "tron",
            "address": ADDRESS,
            "amount": 22,
            "fee_payer": 1,
            "client_order_id": "order_123",
        },
        "POST /api/gateway/withdraw/create",
        f'{{"ticker":"USDT","network":"tron","address":"{ADDRESS}","amount":22,"fee_payer":1,'
        '"client_order_id":"order_123"}',
        "6c2f268fabc085d87a74d76c07bfca1d80353d71a9b2be49401e4de6bbda2153",
    ),
}

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


@pytest.fixture(autouse=True)
def one_nonce(monkeypatch):
    monkeypatch.setattr(signing, "next_nonce", lambda exchange: NONCE)


def exchange_and_wire(kind, answer=None, **options):
    exchange, wire = PROFILES["bitexbit"].offline(
        kind, answer or (lambda request: Answer({})), apiKey=KEY, secret=SECRET, options=options
    )
    exchange.milliseconds = lambda: TIMEOUT - 500
    return exchange, wire


def signed(kind, method, *args, **options):
    exchange, wire = exchange_and_wire(kind, **options)
    call(exchange, method, *args)
    return wire.requests[-1]


@kinds
@pytest.mark.parametrize("vector", V1)
def test_v1(kind, vector):
    method, params, line, body, signature = V1[vector]
    request = signed(kind, method, params)
    assert (request.line, request.body) == (line, body)
    assert request.headers["X-KEY"] == KEY
    assert request.headers["X-SIGN"] == signature
    assert request.headers["X-NONCE"] == str(NONCE)
    expected = "application/x-www-form-urlencoded" if body else None
    assert request.headers.get("Content-Type") == expected


@kinds
@pytest.mark.parametrize("vector", V2)
def test_v2(kind, vector):
    method, params, line, body, signature = V2[vector]
    request = signed(kind, method, params)
    assert (request.line, request.body) == (line, body)
    assert request.headers["X-API-Key"] == KEY
    assert request.headers["X-Signature"] == signature
    assert request.headers["X-Nonce"] == str(NONCE)
    assert request.headers.get("Content-Type") == ("application/json; charset=utf-8" if body else None)


@kinds
@pytest.mark.parametrize("vector", GATEWAY)
def test_gateway(kind, vector):
    method, params, line, body, signature = GATEWAY[vector]
    request = signed(kind, method, params)
    assert (request.line, request.body) == (line, body)
    assert "\u200b" not in request.url
    assert request.headers["X-Key"] == KEY
    assert request.headers["X-Sign"] == signature
    assert request.headers["X-Timeout"] == str(TIMEOUT)


@kinds
def test_what_is_signed_is_what_is_sent(kind):
    exchange, _ = exchange_and_wire(kind)
    blanks = signing.sign_gateway(
        exchange, "/api/gateway/wallet/create", '{"ticker": "ETH", "network": "ethereum"}'
    )
    assert blanks["X-Sign"] == GATEWAY_BLANKS


@kinds
def test_v1_with_the_query_signed_when_asked_for(kind):
    params = {"pair": "BTC_USD", "status": 1}
    request = signed(kind, "v1_private_get_orders_own", params, v1GetSignature="query")
    assert request.headers["X-SIGN"] == V1_QUERY


@kinds
def test_v1_with_a_json_body_when_asked_for(kind):
    """The signature is still over the form."""
    params = {"type": "buy", "pair": "BTC_USD", "amount": "1.0", "price": "870.69"}
    request = signed(kind, "v1_private_post_order", params, v1BodyFormat="json")
    assert request.headers["X-SIGN"] == V1_ORDER
    assert json.loads(request.body) == params


@kinds
def test_v1_reads_an_order_unsigned_when_asked_for(kind):
    request = signed(kind, "v1_private_get_order_id", {"id": 7}, v1FetchOrderSigned=False)
    assert request.line == "GET /api/v1/order/7/"
    assert not [name for name in request.headers if name.upper().startswith("X-")]


@kinds
@pytest.mark.parametrize(
    ("slashes", "listed", "created"),
    [
        ("documented", "transfers", "transfers/create/"),
        ("none", "transfers", "transfers/create"),
        ("all", "transfers/", "transfers/create/"),
    ],
)
def test_slashes_of_transfers(kind, slashes, listed, created):
    exchange, wire = exchange_and_wire(kind, v2TransferSlashes=slashes)
    call(exchange, "v2_private_get_transfers")
    call(exchange, "v2_private_post_transfers_create", {"amount": 1})
    assert [r.path for r in wire.requests] == [f"/api/v2/private/{path}" for path in (listed, created)]
    path, nonce, body = wire.requests[1].path, str(NONCE), '{"amount":1}'
    assert wire.requests[1].headers["X-Signature"] == signing.hash_text(exchange, path + nonce + body)


@kinds
def test_the_gateways_window_and_amounts(kind):
    exchange, wire = exchange_and_wire(
        kind, gatewayTimeout=2000, gatewayAmountAsString=True, timeDifference=60
    )
    call_failing(exchange, "withdraw", "USDT", 22.5, ADDRESS, None, {"network": "TRC20"})
    assert wire.requests[0].headers["X-Timeout"] == str(TIMEOUT - 500 - 60 + 2000)
    assert json.loads(wire.requests[0].body)["amount"] == "22.5"


def call_failing(exchange, method, *args):
    with pytest.raises(ccxt.BaseError) as caught:
        call(exchange, method, *args)
    return str(caught.value)


@kinds
@pytest.mark.parametrize(
    ("options", "field"), [({}, "memo"), ({"tagFields": {"tron": "destination_tag"}}, "destination_tag")]
)
def test_where_a_tag_goes(kind, options, field):
    exchange, wire = exchange_and_wire(kind, **options)
    call_failing(exchange, "withdraw", "USDT", 22, ADDRESS, "a tag", {"network": "TRC20"})
    assert json.loads(wire.requests[0].body)[field] == "a tag"


@kinds
@pytest.mark.parametrize(
    "args",
    [
        ("a tag", {"network": "TRC20"}),
        (None, {"network": "TRC20", "tag": "a tag"}),
        ({"network": "TRC20", "tag": "a tag"},),  # ccxt takes parameters in the tag's place
    ],
    ids=str,
)
def test_a_tag_is_told_in_all_the_ways_that_ccxt_has(kind, args):
    """Money that comes without its tag is lost."""
    exchange, wire = exchange_and_wire(kind)
    call_failing(exchange, "withdraw", "USDT", 22, ADDRESS, *args)
    body = json.loads(wire.requests[0].body)
    assert (body["memo"], body["network"]) == ("a tag", "tron")
    assert "tag" not in body


@kinds
def test_a_withdrawal_always_has_an_id_and_its_unknown_outcome_tells_it(kind):
    exchange, wire = exchange_and_wire(kind)
    told = call_failing(exchange, "withdraw", "USDT", 22, ADDRESS, None, {"network": "TRC20"})
    id = json.loads(wire.requests[0].body)["client_order_id"]
    assert len(id) > 20 and id in told and "unknown" in told
    assert len(wire.requests) == 1


@kinds
@pytest.mark.parametrize("amount", [1e-7, "1e-7", 0.0000001])
def test_numbers_are_plain_decimals(kind, amount):
    exchange, wire = exchange_and_wire(kind)
    exchange.currencies["USDT"]["precision"] = 1e-8
    call_failing(exchange, "withdraw", "USDT", amount, ADDRESS, None, {"network": "TRC20"})
    assert '"amount":0.0000001,' in wire.requests[0].body


@kinds
@pytest.mark.parametrize("amount", [22.123456789, "22.1234567899"])
def test_no_more_is_moved_than_was_asked_for(kind, amount):
    """Rounded up, all that is free would be more than there is."""
    exchange, wire = exchange_and_wire(kind)
    exchange.currencies["USDT"]["precision"] = 1e-8
    call_failing(exchange, "withdraw", "USDT", amount, ADDRESS, None, {"network": "TRC20"})
    call_failing(exchange, "transfer", "USDT", amount, "", "VB4DF1HQ4D7")
    assert [('"amount":22.12345678' in request.body) for request in wire.requests] == [True, True]
    assert "22.12345679" not in wire.requests[0].body + wire.requests[1].body


@kinds
@pytest.mark.parametrize("amount", [0, -1, float("nan"), None, "x", 1e-9, 10**30])
def test_no_money_is_not_sent(kind, amount):
    exchange, wire = exchange_and_wire(kind)
    exchange.currencies["USDT"]["precision"] = 1e-8
    for method, *args in (("withdraw", ADDRESS, None, {"network": "TRC20"}), ("transfer", "", "VB4DF1HQ4D7")):
        with pytest.raises(ccxt.BadRequest, match=r"USDT|positive"):
            call(exchange, method, "USDT", amount, *args)
    assert wire.requests == []


@kinds
def test_an_id_cannot_lead_to_another_path(kind):
    request = signed(kind, "v1_private_get_order_id", {"id": "../wallets/?x="})
    assert request.url.endswith("/api/v1/order/..%2Fwallets%2F%3Fx%3D/")


@kinds
def test_a_coupons_code_is_told_nowhere(kind, capsys, caplog):
    caplog.set_level("DEBUG", logger="ccxt.base.exchange")
    code = PROFILES["bitexbit"].sample("v2-private-coupon-create")["code"]
    exchange, _ = exchange_and_wire(kind, lambda request: Answer({"code": code, "error": f"x {code}"}, 200))
    exchange.verbose = True
    call(exchange, "v2_private_post_coupon_create", {"symbol": "BTC"})
    call(exchange, "v2_private_post_coupon_redeem", {"code": code, "security_code": "7531"})
    exchange, _ = exchange_and_wire(kind, lambda request: Answer({"error": request.body}, 400))
    told = call_failing(exchange, "v2_private_post_coupon_redeem", {"code": code, "security_code": "7531"})
    for text in (told, capsys.readouterr().out, caplog.text):
        assert '"code":"***' in text.replace(" ", "")
        assert f'"{code}"' not in text and "7531" not in text
