"""Signatures of bitmart2 against the venue's published vectors, and the text that is signed and sent."""

import json
from urllib.parse import parse_qs

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitmart2 import signing
from tests.venues.bitmart2.listings import listing
from tests.venues.profiles import PROFILES

KEY = "6591f7c2491db0a23a1d8ad6911c825e"
SECRET = "8c08d9d5c3d15b105dbddaf96e427ac6"
MEMO = "mymemo"

# The first three are the venue's own, the others follow by the same rule.
PROOF = "18b9beb027d9ee75202655f37344ea5829c5c0d66a0781bf642bb3e944cf5019"
BUY_ONE = "2302088e474141fc7b498d0fa96c9cc2eda39a5a24fd1495d469d0a72e5fd483"
CANCEL = "de4ed768cea4eb2f0fe081009eab1f41c5fd6ff6ed53768df7fe252472c257b3"
SELL_WAVES = "dee4419c041ac3930dd37737271d70ee7213f7ad825ad0b6be9c2532ae8dcbe3"
CANCEL_ALL = "aabb88b82cdbb10d74e13bd2de94dcce8d9a2b1e59d5df0b0e35f533d82de8ca"

# Printed in older revisions of the venue's page; only their beginnings are worth comparing.
UNSORTED = "3277b4e6"
OUTDATED = "df658d1d"

MARKETS = [
    listing(id, quote_increment="1", base_min_size="1.0000000000", base_max_size="10000000.0000000000")
    for id in ("BMX_ETH", "WAVES_BTC")
]

pytestmark = pytest.mark.parametrize("kind", ["sync", "async"])


def exchange_and_wire(kind, options=None, answer=None):
    return PROFILES["bitmart2"].offline(
        kind,
        answer or (lambda request: Answer({} if request.method == "DELETE" else {"entrust_id": 1})),
        markets=MARKETS,
        apiKey=KEY,
        secret=SECRET,
        uid=MEMO,
        options={
            **(options or {}),
            "createOrder": {"lookUp": False, **(options or {}).get("createOrder", {})},
        },
    )


def signed(kind, method, *args, options=None):
    exchange, wire = exchange_and_wire(kind, options)
    call(exchange, method, *args)
    return wire.requests


def test_proof_of_the_key(kind):
    def answer(request):
        return Answer({"access_token": "t", "expires_in": 900})

    exchange, wire = exchange_and_wire(kind, answer=answer)
    exchange.token = None
    call(exchange, "sign_in")
    (request,) = wire.requests
    assert request.line == "POST /v2/authentication"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert not [name for name in request.headers if name.upper().startswith("X-BM")]
    assert parse_qs(request.body) == {
        "grant_type": ["client_credentials"],
        "client_id": [KEY],
        "client_secret": [PROOF],
    }


def test_the_secret_itself_as_proof_when_asked_for(kind):
    exchange, _ = exchange_and_wire(kind, {"token": {"clientSecret": "secret"}})
    assert signing.login_fields(exchange)["client_secret"] == SECRET


def test_creating(kind):
    (request,) = signed(kind, "create_order", "BMX/ETH", "limit", "buy", 1, 1)
    signature = request.headers["X-BM-SIGNATURE"]
    assert signature == BUY_ONE
    assert not signature.startswith((UNSORTED, OUTDATED))
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["X-BM-AUTHORIZATION"] == "Bearer canaryToken"
    assert request.headers["X-BM-TIMESTAMP"].isdigit() and len(request.headers["X-BM-TIMESTAMP"]) == 13
    assert json.loads(request.body) == {"symbol": "BMX_ETH", "amount": 1, "price": 1, "side": "buy"}


def test_cancelling_signs_the_id_that_stands_in_the_path_only(kind):
    (request,) = signed(kind, "cancel_order", "1223181", "BMX/ETH")
    assert request.line == "DELETE /v2/orders/1223181"
    assert request.body == ""
    assert request.headers["X-BM-SIGNATURE"] == CANCEL


@pytest.mark.parametrize("id", [None, "", " ", ".", "..", True, [], {}, 1.5], ids=repr)
def test_a_path_without_its_piece_is_not_sent(kind, id):
    exchange, wire = exchange_and_wire(kind)
    with pytest.raises(ccxt.ArgumentsRequired, match="entrust_id"):
        call(exchange, "private_delete_orders_entrust_id", {"entrust_id": id})
    assert wire.requests == []


def test_a_piece_does_not_lead_to_another_path(kind):
    (request,) = signed(kind, "cancel_order", "../orders?side=buy#", "BMX/ETH")
    assert request.line == "DELETE /v2/orders/..%2Forders%3Fside%3Dbuy%23"


@pytest.mark.parametrize("price", [0.00007, 7e-05, "0.00007", "7e-05"])
def test_the_body_has_the_characters_that_were_signed(kind, price):
    (request,) = signed(kind, "create_order", "WAVES/BTC", "limit", "sell", 151, price)
    assert request.headers["X-BM-SIGNATURE"] == SELL_WAVES
    assert request.body == '{"symbol":"WAVES_BTC","amount":151,"price":0.00007,"side":"sell"}'


@pytest.mark.parametrize(
    ("amount", "price", "texts"),
    [
        (1e6, 1e-8, ("1000000", "0.00000001")),
        (10000000, 12345678.12345678, ("10000000", "12345678.12345678")),
        (1.0, 100000.0, ("1", "100000")),
        (3, 1e5, ("3", "100000")),
    ],
)
def test_numbers_are_plain_decimals(kind, amount, price, texts):
    (request,) = signed(kind, "create_order", "BMX/ETH", "limit", "buy", amount, price)
    amount_text, price_text = texts
    assert f'"amount":{amount_text},"price":{price_text},' in request.body


def test_numbers_as_strings_when_asked_for(kind):
    options = {"createOrder": {"quoteNumbers": True}}
    (request,) = signed(kind, "create_order", "WAVES/BTC", "limit", "sell", 151, 0.00007, options=options)
    assert request.body == '{"symbol":"WAVES_BTC","amount":"151","price":"0.00007","side":"sell"}'
    assert request.headers["X-BM-SIGNATURE"] == SELL_WAVES


def test_a_plain_number_given_to_the_implicit_method_is_written_the_same_way(kind):
    fields = {"symbol": "WAVES_BTC", "amount": 151, "price": 0.00007, "side": "sell"}
    (request,) = signed(kind, "private_post_orders", fields)
    assert request.headers["X-BM-SIGNATURE"] == SELL_WAVES
    assert request.body == '{"symbol":"WAVES_BTC","amount":151,"price":0.00007,"side":"sell"}'


def test_cancelling_all(kind):
    (request,) = signed(kind, "cancel_all_orders", "BMX/ETH", {"side": "buy"})
    assert request.query == {"side": "buy", "symbol": "BMX_ETH"}
    assert request.headers["X-BM-SIGNATURE"] == CANCEL_ALL


def test_cancelling_all_unsigned_when_asked_for(kind):
    requests = signed(kind, "cancel_all_orders", "BMX/ETH", options={"signCancelAll": False})
    assert [request.query["side"] for request in requests] == ["buy", "sell"]
    assert all("X-BM-SIGNATURE" not in request.headers for request in requests)
    assert all("X-BM-AUTHORIZATION" in request.headers for request in requests)


@pytest.mark.parametrize(
    ("status", "error", "sides"), [(400, ccxt.BadRequest, 2), (403, ccxt.PermissionDenied, 1)]
)
def test_when_one_side_cannot_be_cancelled_the_other_is(kind, status, error, sides):
    def answer(request):
        is_buy = request.query["side"] == "buy"
        return Answer({"message": "who knows"}, status) if is_buy else Answer({})

    exchange, wire = exchange_and_wire(kind, answer=answer)
    with pytest.raises(error, match="who knows"):
        call(exchange, "cancel_all_orders", "BMX/ETH")
    assert [request.query["side"] for request in wire.requests] == ["buy", "sell"][:sides]


def test_reading_is_not_signed(kind):
    exchange, wire = exchange_and_wire(kind, answer=lambda request: Answer([]))
    call(exchange, "fetch_balance")
    assert "X-BM-SIGNATURE" not in wire.requests[0].headers
    assert wire.requests[0].headers["X-BM-AUTHORIZATION"] == "Bearer canaryToken"


def test_a_memo_that_looks_like_a_number_stays_text(kind):
    texts = []
    for memo in (7, "7", "007"):
        exchange, _ = exchange_and_wire(kind)
        exchange.uid = memo
        texts.append(signing.login_fields(exchange)["client_secret"])
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize("missing", ["apiKey", "secret", "uid"])
def test_without_a_credential_nothing_is_sent(kind, missing):
    exchange, wire = exchange_and_wire(kind)
    setattr(exchange, missing, "")
    for method, args in (
        ("fetch_balance", ()),
        ("sign_in", ()),
        ("create_order", ("BMX/ETH", "limit", "buy", 1, 1)),
        ("token_post_authentication", ()),
    ):
        with pytest.raises(ccxt.AuthenticationError, match=missing):
            call(exchange, method, *args)
    assert wire.requests == []
