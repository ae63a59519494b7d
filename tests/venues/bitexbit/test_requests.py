"""bitexbit's requests and refusals, without a call: which fields go out, and which error a refusal is."""

import json
from decimal import Decimal

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitexbit import bodies, errors, payments, requests
from ccxt_ext.venues.bitexbit.bodies import NumberText
from tests.venues.profiles import PROFILES

START = 1600000000000
HOUR = 3_600_000
ADDRESS = "TR4d6N2HoC3Annqt2JK6HhQWuNARMNx5pW"


@pytest.fixture(scope="module")
def exchange():
    return PROFILES["bitexbit"].offline("sync", lambda request: Answer({}))[0]


# -- requests ----------------------------------------------------------------------------------------


def test_json_without_blanks_and_exponents(exchange):
    value = {"a": [1e-7, Decimal("1.50"), NumberText("2.0"), "x", None, True, 5], "b": {'"': 1}}
    assert bodies.json_text(exchange, value) == '{"a":[0.0000001,"1.50",2.0,"x",null,true,5],"b":{"\\"":1}}'


def test_where_the_fields_of_a_call_go():
    """In the query of a GET, in the body of a POST, each once."""
    exchange, wire = PROFILES["bitexbit"].offline("sync", lambda request: Answer({}))
    exchange.v2_private_get_trades({"symbol": "BTC_USD", "limit": 5})
    exchange.v2_private_post_coupon_create({"symbol": "BTC"})
    exchange.gateway_get_wallets({"page": 2})
    exchange.gateway_post_wallet_create({"ticker": "ETH"})
    exchange.v2_public_get_pairs_symbol({"symbol": "BTC_USD", "x": 1})
    exchange.v1_private_post_order_cancel()
    sent = [(request.path.split("/", 2)[2], request.query, request.body) for request in wire.requests]
    assert sent == [
        ("v2/private/trades", {"symbol": "BTC_USD", "limit": "5"}, ""),
        ("v2/private/coupon/create", {}, '{"symbol":"BTC"}'),
        ("gateway/wallets", {"page": "2"}, ""),
        ("gateway/wallet/create", {}, '{"ticker":"ETH"}'),
        ("v2/public/pairs/BTC_USD", {"x": "1"}, ""),
        ("v1/order-cancel/", {}, ""),
    ]
    hosts = [request.url.split("/")[2] for request in wire.requests]
    assert hosts == ["bitexbit.com"] * 2 + ["www.bitexbit.com"] * 2 + ["bitexbit.com"] * 2
    assert not [name for name in wire.requests[4].headers if name.startswith("X-")]


def test_fields_of_an_order(exchange):
    order = requests.order_request(
        exchange, "BTC/USD", "limit", "sell", 0.5, 870.6999, {"x": 1, "amount": "7"}
    )
    assert order == {"type": "sell", "pair": "BTC_USD", "amount": "7", "price": "870.7", "x": 1}
    order = requests.order_request(exchange, "BTC/USD", "limit", "buy", 0.5, 870, {})
    assert order == {"type": "buy", "pair": "BTC_USD", "amount": "0.5", "price": "870"}
    for type in ("market", "stop", None):
        with pytest.raises(ccxt.NotSupported, match="limit orders only"):
            requests.order_request(exchange, "BTC/USD", type, "buy", 0.5, 870, {})


@pytest.mark.parametrize(
    ("id", "bounds"),
    [
        ("7", ("6", "8")),
        ("0", ("-1", "1")),
        ("9" * 40, ("9" * 39 + "8", "1" + "0" * 40)),
        ("9" * 41, None),
        ("7x", None),
        ("X7", None),
        ("-7", None),
    ],
)
def test_bounds_around_one_order(exchange, id, bounds):
    if bounds is None:
        with pytest.raises(ccxt.OrderNotFound, match="ids are numbers"):
            requests.around(exchange, id)
    else:
        assert requests.around(exchange, id) == dict(zip(("since_id", "until_id"), bounds, strict=True))


# (since, limit, until, in seconds): limit, since, until
CANDLES = [
    ((None, None, None, False), (720, None, None)),
    ((None, 5, None, True), (5, None, None)),
    ((None, 719, None, True), (719, None, None)),
    ((None, 721, None, True), (720, None, None)),
    ((None, 5, START + 999, False), (5, None, START + 999)),
    ((None, 5, START + 999, True), (5, None, START // 1000)),
    ((START, 5, None, False), (5, START, START + 5 * HOUR - 1)),
    ((START, 5, None, True), (5, START // 1000, START // 1000 + 5 * 3600 - 1)),
    ((START + 1, 5, None, True), (5, START // 1000 + 1, START // 1000 + 5 * 3600)),
    ((START + 999, 5, None, True), (5, START // 1000 + 1, START // 1000 + 5 * 3600)),
    ((START, 5, START + HOUR, False), (5, START, START + HOUR)),
    ((START, 5, START + 9 * HOUR, False), (5, START, START + 5 * HOUR - 1)),
    ((START, None, None, False), (720, START, START + 720 * HOUR - 1)),
    ((0, 5, 0, False), (5, 0, 0)),
]


@pytest.mark.parametrize(("args", "expected"), CANDLES, ids=str)
def test_the_time_of_candles_that_are_asked_for(exchange, args, expected):
    since, limit, until, seconds = args
    request = requests.ohlcv_request(exchange, "60", since, limit, until, seconds, 720)
    names = dict(zip(("limit", "since", "until"), expected, strict=True))
    assert request == {name: value for name, value in names.items() if value is not None}


def test_how_long_a_candle_is(exchange):
    assert [requests.step_ms(step) for step in ("1", "60", "D")] == [60_000, HOUR, 24 * HOUR]


@pytest.mark.parametrize(
    ("precision", "amount", "text"),
    [
        (0.01, 1.239, "1.23"),
        (0.01, "0.01", "0.01"),
        (0.01, 0.009, "below the currency's precision"),
        (0.01, 10**30, "cannot be cut"),
        (None, 0.009, "0.009"),
        (None, 1e-7, "0.0000001"),
        (None, 0, "needs a positive amount, not 0"),
        (0.01, -1, "needs a positive amount, not -1"),
        (0.01, "x", "needs a positive amount, not 'x'"),
    ],
)
def test_the_text_of_an_amount_of_money(exchange, precision, amount, text):
    exchange.currencies["USDT"]["precision"] = precision
    if " " in text:
        with pytest.raises(ccxt.BadRequest, match=rf"transfer\(\) .*{text}"):
            payments.positive_amount(exchange, "USDT", amount, "transfer")
    else:
        assert payments.positive_amount(exchange, "USDT", amount, "transfer") == text


@pytest.mark.parametrize(
    ("tag", "params", "told"),
    [
        ("a", {"x": 1}, ("a", {"x": 1})),
        ("a", {"tag": "b"}, ("a", {})),
        (None, {"tag": "b", "x": 1}, ("b", {"x": 1})),
        ({"tag": "c", "x": 1}, {"x": 2}, ("c", {"x": 2})),
        (None, {}, (None, {})),
    ],
)
def test_where_a_tag_is_told(exchange, tag, params, told):
    assert payments.tag_and_params(exchange, tag, params) == told


TRON = {"ticker": "USDT", "network": "tron"}


@pytest.mark.parametrize(
    ("method", "known", "field"),
    [
        ({}, None, "address"),
        ({}, "crypto", "address"),
        ({}, "fiat", "card"),
        ({"is_fiat": True}, "crypto", "card"),
        ({"is_fiat": False}, "fiat", "address"),
    ],
)
@pytest.mark.parametrize("name", ["clientOrderId", "client_order_id", None])
def test_fields_of_a_withdrawal(exchange, method, known, field, name):
    exchange.currencies["USDT"].update(type=known, precision=None)
    params = {"network": "TRC20", "fee_payer": 2, **({} if name is None else {name: "mine"})}
    request = payments.withdrawal_request(exchange, "USDT", 22, ADDRESS, None, {**TRON, **method}, params)
    id = request.pop("client_order_id")
    assert id == "mine" if name else len(id) > 20
    assert request == {**TRON, field: ADDRESS, "amount": "22", "fee_payer": 2}
    assert type(request["amount"]) is NumberText
    tagged = payments.withdrawal_request(exchange, "USDT", 22, ADDRESS, "a tag", TRON, {})
    assert tagged["memo"] == "a tag" and "memo" not in request


WAYS = [
    {**TRON, "on": True},
    {"ticker": "USDT", "network": "ethereum", "on": False},
    {"ticker": "BTC", "network": "bitcoin", "on": True},
    {"ticker": "USD", "network": "card"},
]


def test_the_only_way_to_move_a_currency(exchange):
    assert payments.only_method(exchange, WAYS, "USDT", "on", "withdraw") == WAYS[0]
    assert payments.only_method(exchange, WAYS, "BTC", "on", "withdraw") == WAYS[2]
    both = [WAYS[0], {**WAYS[1], "on": True}]
    with pytest.raises(ccxt.ArgumentsRequired, match=r"withdraw\(\) .* for USDT: one of TRC20, ERC20$"):
        payments.only_method(exchange, both, "USDT", "on", "withdraw")
    for methods, code in (([], "BTC"), (WAYS, "USD"), (WAYS[1:], "USDT")):
        with pytest.raises(ccxt.BadRequest, match=rf"withdraw\(\) is not enabled for {code}"):
            payments.only_method(exchange, methods, code, "on", "withdraw")
    with pytest.raises(ccxt.BadResponse, match="network"):
        payments.only_method(exchange, [{"ticker": "BTC", "on": True}], "BTC", "on", "withdraw")


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("name", ["withdraw", "create_deposit_address"])
def test_a_currency_that_cannot_be_moved(kind, name):
    rows = PROFILES["bitexbit"].sample("gateway-payment-methods")
    off = [{**row, "is_deposit_enabled": False, "is_withdraw_enabled": False} for row in rows]
    exchange, wire = PROFILES["bitexbit"].offline(kind, lambda request: Answer(off))
    args = ("BTC", 1, ADDRESS) if name == "withdraw" else ("BTC",)
    with pytest.raises(ccxt.BadRequest, match="is not enabled for BTC"):
        call(exchange, name, *args)
    assert [request.method for request in wire.requests] == ["GET"]


# -- refusals ----------------------------------------------------------------------------------------

TICKERS, BALANCE = "/api/v2/public/tickers", "/api/v2/private/balance"
LISTS = ("/api/v2/private/orders", "/api/v1/orders/own/")
SHOWN = "/api/v1/order/7/"
PLACING = ("/api/v1/order/", "/api/v2/private/order/create")
CANCELS = ("/api/v1/order-cancel/", "/api/v2/private/order/7/cancel")
WITHDRAW = "/api/gateway/withdraw/create"


def refused(exchange, status, method, path, response):
    """The error that an answer raises; None if it is none."""
    body = response if isinstance(response, str) else json.dumps(response)
    parsed = None if isinstance(response, str) else response
    try:
        exchange.handle_errors(
            status, "Reason", f"https://x{path}?error=1", method, {}, body, parsed, {}, None
        )
    except ccxt.BaseError as error:
        return error


def kind_of(*args):
    error = refused(*args)
    return None if error is None else type(error)


@pytest.mark.parametrize("words", ["?", "Wrong nonce", "Out of balance", "Order not found"])
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (403, ccxt.PermissionDenied),
        (429, ccxt.RateLimitExceeded),
        (500, ccxt.ExchangeNotAvailable),
        (502, ccxt.ExchangeNotAvailable),
        (503, ccxt.ExchangeNotAvailable),
        (418, ccxt.DDoSProtection),
        (300, ccxt.ExchangeNotAvailable),
        (199, ccxt.ExchangeNotAvailable),
    ],
)
def test_statuses_that_no_words_change(exchange, status, error, words):
    for method, path in (("GET", TICKERS), ("POST", PLACING[0]), ("POST", CANCELS[1]), ("GET", SHOWN)):
        assert kind_of(exchange, status, method, path, {"error": words}) is error


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("Nonce too small", ccxt.InvalidNonce),
        ("TIMEOUT has expired", ccxt.InvalidNonce),
        ("Out of balance", ccxt.AuthenticationError),
        ("?", ccxt.AuthenticationError),
    ],
)
def test_a_key_that_is_refused(exchange, words, error):
    assert kind_of(exchange, 401, "GET", BALANCE, {"error": words}) is error


@pytest.mark.parametrize("status", [200, 201, 299])
def test_a_success(exchange, status):
    for method in ("GET", "POST"):
        assert refused(exchange, status, method, BALANCE, {"error": "beside it"}) is None
        assert refused(exchange, status, method, BALANCE, []) is None
        assert refused(exchange, status, method, BALANCE, {"success": True}) is None
        assert kind_of(exchange, status, method, BALANCE, "<html>") is ccxt.BadResponse
    # One that says it is none: of a GET it is a refusal, of a POST it leaves open what was done.
    says = {"success": False, "error": "Wrong nonce"}
    assert kind_of(exchange, status, "GET", BALANCE, says) is ccxt.InvalidNonce
    assert kind_of(exchange, status, "GET", BALANCE, {**says, "error": "?"}) is ccxt.ExchangeError
    assert str(refused(exchange, status, "GET", BALANCE, {"success": False})) == 'bitexbit {"success": false}'
    for path in (*PLACING, WITHDRAW):
        assert refused(exchange, status, "POST", path, says) is None
        assert refused(exchange, status, "POST", path, {"success": False}) is None
        busy = {**says, "error": "Too many requests"}
        assert kind_of(exchange, status, "POST", path, busy) is ccxt.RateLimitExceeded


NOT_FOUND = "Order not found"
WORDS = [
    # (words, of a call to place, to cancel, to show orders, of any other)
    ("?", ccxt.BadRequest, ccxt.BadRequest, ccxt.BadRequest, ccxt.BadRequest),
    ("Wrong nonce", *[ccxt.InvalidNonce] * 4),
    ("Wrong signature", *[ccxt.AuthenticationError] * 4),
    ("System maintenance", *[ccxt.OnMaintenance] * 4),
    ("Out of balance", *[ccxt.InsufficientFunds] * 4),
    ("Unknown pair", *[ccxt.BadSymbol] * 4),
    ("Wrong pair", ccxt.BadSymbol, ccxt.BadRequest, ccxt.BadSymbol, ccxt.BadSymbol),
    ("Wrong symbol", ccxt.BadSymbol, ccxt.BadRequest, ccxt.BadSymbol, ccxt.BadSymbol),
    (NOT_FOUND, ccxt.BadRequest, ccxt.OrderNotFound, ccxt.OrderNotFound, ccxt.BadRequest),
    *(
        (f"Wrong {word}", ccxt.InvalidOrder, ccxt.BadRequest, ccxt.InvalidOrder, ccxt.BadRequest)
        for word in ("precision", "minimum", "maximum", "amount", "price")
    ),
    ("Wrong price: not enough money", *[ccxt.InsufficientFunds] * 4),
]


@pytest.mark.parametrize(("words", "placing", "cancelling", "showing", "other"), WORDS)
def test_words_of_a_refusal(exchange, words, placing, cancelling, showing, other):
    cases = [
        *(("POST", path, placing) for path in PLACING),
        *(("POST", path, cancelling) for path in CANCELS),
        *(("GET", path, showing) for path in (*LISTS, SHOWN)),
        *((method, path, other) for method, path in (("GET", TICKERS), ("POST", WITHDRAW))),
    ]
    for method, path, error in cases:
        for response in ({"error": words}, {"detail": words}, {"message": words}, {"x": [words]}):
            found = refused(exchange, 400, method, path, response)
            assert type(found) is error, (method, path, response)
            assert str(found) == f"bitexbit {'x: ' if 'x' in response else ''}{words}"


def test_an_order_that_is_not_there(exchange):
    """v1 has a call for one order, of which status 404 says that it is not."""
    assert kind_of(exchange, 404, "GET", SHOWN, {"detail": "?"}) is ccxt.OrderNotFound
    assert kind_of(exchange, 404, "GET", SHOWN, {"detail": "Wrong nonce"}) is ccxt.InvalidNonce
    for status, path in ((400, SHOWN), (404, LISTS[0]), (404, "/api/v1/orders/own/"), (404, PLACING[0])):
        assert kind_of(exchange, status, "GET", path, {"detail": "?"}) is ccxt.BadRequest


@pytest.mark.parametrize("status", [400, 404, 503])
@pytest.mark.parametrize("response", [{}, "<html>", [], {"error": ""}, {"error": 5}])
def test_a_refusal_without_words_is_not_the_venues(exchange, status, response):
    found = refused(exchange, status, "GET", BALANCE, response)
    assert type(found) is ccxt.ExchangeNotAvailable
    assert str(found).startswith(f"bitexbit {status} Reason")


@pytest.mark.parametrize(
    ("response", "text"),
    [
        ({"message": "c", "detail": "b", "error": "a"}, "a"),
        ({"message": "c", "detail": "b", "error": ""}, "b"),
        ({"message": "c", "detail": ["b"], "error": None}, "c"),
        ({"error": ["a", "b"], "x": ["c"]}, "error: a, b; x: c"),
        ({"x": [], "y": ["a", 5], "z": "a", "w": ["b"]}, "w: b"),
        ({"x": []}, None),
        ({}, None),
        (["a"], None),
        ("a", None),
        (None, None),
    ],
)
def test_the_words_of_a_refusal(exchange, response, text):
    assert errors.error_text(response) == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ('{"code":"' + "A1" * 10 + '"}', '{"code":"***"}'),
        ('{"code":"' + "A" * 19 + '"}', '{"code":"' + "A" * 19 + '"}'),
        ("{'code': '" + "A1" * 10 + "'}", "{'code': '***'}"),
        ('{"security_code":"7531","x":1}', '{"security_code":"***","x":1}'),
        ("security_code=7531&x=1", "security_code=***&x=1"),
        ('{\\"code\\": \\"' + "A1" * 10 + '\\"}', '{\\"code\\": \\"***\\"}'),
    ],
)
def test_what_can_be_spent_is_not_told(exchange, text, clean):
    assert exchange.redact(text) == clean
