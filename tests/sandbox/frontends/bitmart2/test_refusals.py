"""BitMart's frontend: vectors, tokens, every refusal and the order in which they are checked."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.sandbox.frontend import Request
from tests.sandbox.frontends.bitmart2.raw_client import RawClient, Venue, sign, signed_text

SECRET = "8c08d9d5c3d15b105dbddaf96e427ac6"
DOCUMENTED_KEY = "6591f7c2491db0a23a1d8ad6911c825e"
MARKET = "BMX_ETH"


@pytest.fixture(scope="module")
def shared() -> Venue:
    """For tests that leave no trace but orders far from the market."""
    return Venue()


@pytest.fixture
def trader(shared: Venue) -> RawClient:
    return shared.client().login()


def refused(answer: tuple[int, Any], status: int, message: str) -> None:
    assert answer == (status, {"message": message})


def documented_client(venue: Venue) -> RawClient:
    venue.frontend.add_key("config", DOCUMENTED_KEY, SECRET, "mymemo")
    config = {"apiKey": DOCUMENTED_KEY, "secret": SECRET, "uid": "mymemo"}
    return RawClient(venue.exchange, config, venue.clock.now)


# the documented vectors, as literals


def test_documented_grant_is_accepted() -> None:
    client = documented_client(Venue())
    form = {
        "grant_type": "client_credentials",
        "client_id": DOCUMENTED_KEY,
        "client_secret": "18b9beb027d9ee75202655f37344ea5829c5c0d66a0781bf642bb3e944cf5019",
    }
    status, answer = client.authenticate(form)
    assert status == 200
    assert answer["expires_in"] == 900
    unsorted = "3277b4e6" + "0" * 56
    refused(client.authenticate({**form, "client_secret": unsorted}), 401, "Unauthorized")


def test_documented_signatures_are_accepted() -> None:
    venue = Venue()
    client = documented_client(venue).login()

    def call(method: str, target: str, signature: str, body: bytes = b"") -> tuple[int, Any]:
        headers = client.headers(**{"x-bm-signature": signature, "content-type": "application/json"})
        return venue.exchange(method, target, headers, body)

    order = b'{"symbol":"BMX_ETH","amount":1,"price":1,"side":"buy"}'
    status, answer = call(
        "POST", "/v2/orders", "2302088e474141fc7b498d0fa96c9cc2eda39a5a24fd1495d469d0a72e5fd483", order
    )
    # Signed well; a price of 1 is far beyond what the market allows.
    assert status == 400
    assert answer["message"].startswith("Maximum price is ")
    refused(
        call(
            "DELETE",
            "/v2/orders/1223181",
            "de4ed768cea4eb2f0fe081009eab1f41c5fd6ff6ed53768df7fe252472c257b3",
        ),
        404,
        "Not found",
    )
    order = b'{"symbol":"WAVES_BTC","amount":151,"price":0.00007,"side":"sell"}'
    status, answer = call(
        "POST", "/v2/orders", "dee4419c041ac3930dd37737271d70ee7213f7ad825ad0b6be9c2532ae8dcbe3", order
    )
    assert (status, list(answer)) == (200, ["entrust_id"])
    assert call(
        "DELETE",
        "/v2/orders?side=buy&symbol=BMX_ETH",
        "aabb88b82cdbb10d74e13bd2de94dcce8d9a2b1e59d5df0b0e35f533d82de8ca",
    ) == (200, {})


# tokens


def test_token_ends_after_900_seconds_of_the_venues_clock() -> None:
    venue = Venue()
    client = venue.client().login()
    venue.engine_clock.advance(899_999)
    assert client.private("/v2/wallet")[0] == 200
    venue.clock.skew_ms = 1
    refused(client.private("/v2/wallet"), 401, "Unauthorized")
    assert client.login().private("/v2/wallet")[0] == 200


def test_several_tokens_coexist() -> None:
    venue = Venue()
    first, second = venue.client().login(), venue.client().login()
    assert first.token != second.token
    for client in (first, second, first):
        assert client.private("/v2/wallet")[0] == 200
        assert client.place(MARKET, "buy", "0.00005", "1")[0] == 200


def test_two_tokens_must_not_trade_at_the_same_time() -> None:
    venue = Venue()
    first, second, other = (
        venue.client().login(),
        venue.client().login(),
        venue.client("counterparty").login(),
    )
    body = b'{"symbol":"BMX_ETH","amount":1,"price":0.00005,"side":"buy"}'
    text = "amount=1&price=0.00005&side=buy&symbol=BMX_ETH"
    headers = {"x-bm-signature": sign(first.config["secret"], text), "content-type": "application/json"}
    under_way = venue.frontend.handle(Request("POST", "/v2/orders", "", first.headers(**headers), body))
    assert under_way.status == 200

    forbidden = "Trading with more than one token at the same time is forbidden"
    refused(second.post_order(body, text), 403, forbidden)
    refused(second.cancel(1), 403, forbidden)
    assert first.post_order(body, text)[0] == 200
    assert second.private("/v2/wallet")[0] == 200
    assert other.place(MARKET, "buy", "0.00005", "1")[0] == 200

    assert under_way.done is not None
    under_way.done()
    assert second.post_order(body, text)[0] == 200


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"client_id": "nobody"}, 401, "Unauthorized"),
        ({"client_secret": "0" * 64}, 401, "Unauthorized"),
        ({"client_secret": "ä"}, 401, "Unauthorized"),
        ({"grant_type": "password"}, 400, "Invalid grant_type"),
        ({"grant_type": ""}, 400, "Required String parameter 'grant_type' is not present"),
        ({"client_id": ""}, 400, "Required String parameter 'client_id' is not present"),
        ({"client_secret": ""}, 400, "Required String parameter 'client_secret' is not present"),
    ],
)
def test_bad_grants(shared: Venue, change: dict[str, str], status: int, message: str) -> None:
    client = shared.client()
    refused(client.authenticate({**client.grant(), **change}), status, message)


def test_grant_must_be_a_form(shared: Venue) -> None:
    client = shared.client()
    body = json.dumps(client.grant()).encode()
    status, _ = shared.exchange("POST", "/v2/authentication", {"content-type": "application/json"}, body)
    assert status == 400


def test_plain_secret_is_accepted_only_by_option() -> None:
    for venue, plain_status, hmac_status in ((Venue(), 401, 200), (Venue(clientSecret="secret"), 200, 401)):
        client = venue.client()
        form = {**client.grant(), "client_secret": client.config["secret"]}
        assert client.authenticate(form)[0] == plain_status
        assert client.authenticate()[0] == hmac_status


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Bearer nonsense", "{token}", "Basic {token}"])
def test_bad_tokens(trader: RawClient, shared: Venue, value: str) -> None:
    headers = {**trader.headers(), "x-bm-authorization": value.format(token=trader.token)}
    refused(shared.exchange("GET", "/v2/wallet", headers, b""), 401, "Unauthorized")


# the refusals, and their order


@pytest.mark.parametrize("offset", [-60_001, 60_001])
def test_timestamp_must_be_within_a_minute(trader: RawClient, shared: Venue, offset: int) -> None:
    for shift, status in ((offset, 400), (offset - (1 if offset > 0 else -1), 200)):
        headers = {**trader.headers(), "x-bm-timestamp": str(shared.clock.now() + shift)}
        assert shared.exchange("GET", "/v2/wallet", headers, b"")[0] == status
    for text in ("", "now", "-1", "1e12", "9" * 100):
        headers = {**trader.headers(), "x-bm-timestamp": text}
        refused(shared.exchange("GET", "/v2/wallet", headers, b""), 400, "Invalid X-BM-TIMESTAMP")


def test_timestamp_goes_by_the_skewed_clock() -> None:
    venue = Venue()
    client = venue.client().login()
    before = venue.clock.now()
    venue.clock.skew_ms = 120_000
    refused(
        venue.exchange("GET", "/v2/wallet", {**client.headers(), "x-bm-timestamp": str(before)}, b""),
        400,
        "Invalid X-BM-TIMESTAMP",
    )
    assert client.get("/v2/time") == {"server_time": before + 120_000}


def test_a_clock_that_was_not_moved_forward_is_right_as_well() -> None:
    venue = Venue()
    client = venue.client().login()
    known = [venue.clock.now()]
    for jump in (200_000, 300_000):
        venue.engine_clock.advance(jump)
        known.append(venue.clock.now())

    def status(timestamp: int) -> int:
        headers = {**client.headers(), "x-bm-timestamp": str(timestamp)}
        return venue.exchange("GET", "/v2/wallet", headers, b"")[0]

    for right in known:
        assert [status(right + shift) for shift in (-60_001, -60_000, 60_000, 60_001)] == [400, 200, 200, 400]
    venue.clock.skew_ms = 90_000
    assert {status(right) for right in known} == {400}
    assert {status(right + 90_000) for right in known} == {200}


def test_checks_come_in_the_documented_order(shared: Venue) -> None:
    """An order wrong in every way is refused for one reason after the other, as they are put right."""
    client = shared.client()
    client.token = "nonsense"
    fields = {"symbol": "NO_SUCH", "side": "up", "price": "1.000000001", "amount": "1000000000"}
    headers = {"x_bm_timestamp": "1", "x_bm_signature": "0" * 64}

    def attempt() -> tuple[int, Any]:
        return client.place(fields["symbol"], fields["side"], fields["price"], fields["amount"], **headers)

    refused(attempt(), 401, "Unauthorized")
    client.login()
    refused(attempt(), 400, "Invalid X-BM-TIMESTAMP")
    del headers["x_bm_timestamp"]
    refused(attempt(), 400, "Invalid X-BM-SIGNATURE")
    del headers["x_bm_signature"]
    refused(attempt(), 400, "Invalid parameter 'side'")
    fields["side"] = "buy"
    refused(attempt(), 400, "Invalid symbol")
    fields["symbol"] = MARKET
    refused(attempt(), 400, "Place order error")
    fields["amount"] = "100000000"
    refused(attempt(), 400, "Place order error")
    fields["price"] = "1"
    bid = client.get(f"/v2/ticker?symbol={MARKET}")["bid_1"]
    refused(attempt(), 400, f"Maximum price is {(Decimal(bid) * 5).normalize():f}")
    fields["price"] = bid
    refused(attempt(), 400, "Insufficient balance")
    fields["amount"] = "1"
    assert attempt()[0] == 200


@pytest.mark.parametrize(
    ("symbol", "side", "price", "amount"),
    [
        (MARKET, "buy", "0", "1"),
        (MARKET, "buy", "-0.00005", "1"),
        (MARKET, "buy", "0.000000001", "1"),
        (MARKET, "buy", "0.000050001", "1"),
        (MARKET, "buy", "0.00005", "0"),
        (MARKET, "buy", "0.00005", "0.001"),
        (MARKET, "buy", "0.00005", "1.001"),
        (MARKET, "buy", "0.00005", "100000000.01"),
        ("WAVES_BTC", "buy", "0.00005", "1.5"),
        ("QTUM_BTC", "buy", "0.0002", "0.009"),
        ("BTC_USDT", "buy", "8000.001", "1"),
    ],
)
def test_bad_sizes(trader: RawClient, symbol: str, side: str, price: str, amount: str) -> None:
    refused(trader.place(symbol, side, price, amount), 400, "Place order error")


def test_price_guard_is_five_times_the_best_price(trader: RawClient) -> None:
    ticker = trader.get(f"/v2/ticker?symbol={MARKET}")
    for side, best in (("buy", Decimal(ticker["bid_1"])), ("sell", Decimal(ticker["ask_1"]))):
        most = best * 5
        above = f"{most + Decimal('1e-8'):f}"
        refused(trader.place(MARKET, side, above, "0.01"), 400, f"Maximum price is {most.normalize():f}")
        assert trader.place(MARKET, side, f"{most:f}", "0.01")[0] == 200


def test_delisted_market_takes_no_orders(trader: RawClient) -> None:
    refused(trader.place("MOBI_ETH", "buy", "0.00005", "1"), 400, "Invalid symbol")
    assert trader.cancel_all(symbol="MOBI_ETH", side="buy") == (200, {})


def test_signature_is_over_the_text_as_sent(trader: RawClient) -> None:
    def post(body: str, text: str) -> tuple[int, Any]:
        return trader.post_order(body.encode(), text)

    numbers = '{"symbol":"BMX_ETH","amount":1.50,"price":0.00005,"side":"buy"}'
    assert post(numbers, "amount=1.50&price=0.00005&side=buy&symbol=BMX_ETH")[0] == 200
    refused(post(numbers, "amount=1.5&price=0.00005&side=buy&symbol=BMX_ETH"), 400, "Invalid X-BM-SIGNATURE")
    quoted = '{"symbol":"BMX_ETH","amount":"1.50","price":"0.00005","side":"buy"}'
    assert post(quoted, "amount=1.50&price=0.00005&side=buy&symbol=BMX_ETH")[0] == 200
    # As Python writes a small float, in the body and in the signature.
    scientific = '{"symbol":"BMX_ETH","amount":1,"price":5e-05,"side":"buy"}'
    for price in ("5e-05", "0.00005"):
        text = f"amount=1&price={price}&side=buy&symbol=BMX_ETH"
        refused(post(scientific, text), 400, "Invalid X-BM-SIGNATURE")
    unsorted = "symbol=BMX_ETH&amount=1.50&price=0.00005&side=buy"
    refused(post(numbers, unsorted), 400, "Invalid X-BM-SIGNATURE")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"1",
        b"[" * 100_000,
        b'{"symbol":"BMX_ETH","amount":NaN,"price":1,"side":"buy"}',
        b'{"symbol":"BMX_ETH","amount":null,"price":1,"side":"buy"}',
        b'{"symbol":["BMX_ETH"],"amount":1,"price":1,"side":"buy"}',
        b'{"symbol":"BMX_ETH","amount":true,"price":1,"side":"buy"}',
        b'{"symbol":"\\ud800","amount":1,"price":1,"side":"buy"}',
        b'{"symbol":"BMX_ETH","amount":1' + b"0" * 10_000 + b',"price":1,"side":"buy"}',
    ],
)
def test_garbage_in_an_order_is_refused(trader: RawClient, body: bytes) -> None:
    status, answer = trader.post_order(body, "")
    assert status == 400
    assert list(answer) == ["message"]


def test_missing_and_odd_fields_of_a_signed_order(trader: RawClient) -> None:
    whole = {"symbol": MARKET, "amount": "1", "price": "0.00005", "side": "buy"}
    for name in whole:
        fields = {key: value for key, value in whole.items() if key != name}
        status, answer = trader.post_order(json.dumps(fields).encode(), signed_text(fields))
        assert status == 400
        assert answer["message"].endswith(f"parameter '{name}' is not present")
    for name, value in (("amount", "one"), ("price", ".5"), ("price", "0x1"), ("amount", "9" * 60)):
        fields = {**whole, name: value}
        answer = trader.post_order(json.dumps(fields).encode(), signed_text(fields))
        refused(answer, 400, f"Invalid parameter '{name}'")
    body = json.dumps(whole).encode()
    status, _ = trader.post_order(body, signed_text(whole), content_type="text/plain")
    assert status == 400


def test_cancelling_needs_a_signature(trader: RawClient, shared: Venue) -> None:
    order_id = trader.place(MARKET, "buy", "0.00005", "1")[1]["entrust_id"]
    for target in (f"/v2/orders/{order_id}", f"/v2/orders?symbol={MARKET}&side=buy"):
        for more in ({}, {"x-bm-signature": sign(trader.config["secret"], "entrust_id=0")}):
            answer = shared.exchange("DELETE", target, trader.headers(**more), b"")
            refused(answer, 400, "Invalid X-BM-SIGNATURE")
    assert trader.private(f"/v2/orders/{order_id}")[1]["status"] == 1
    assert trader.cancel(order_id) == (200, {})


def test_unknown_orders(trader: RawClient, shared: Venue) -> None:
    foreign = shared.client("counterparty").login().place(MARKET, "buy", "0.00005", "1")[1]["entrust_id"]
    finished = trader.place(MARKET, "buy", "0.00005", "1")[1]["entrust_id"]
    assert trader.cancel(finished) == (200, {})
    refused(trader.cancel(finished), 404, "Not found")
    assert trader.private(f"/v2/orders/{finished}")[1]["status"] == 4
    for order_id in (foreign, 1, "abc", "9" * 5000, "-1"):
        refused(trader.cancel(order_id), 404, "Not found")
        refused(trader.private(f"/v2/orders/{order_id}"), 404, "Not found")


def test_cancel_all_needs_symbol_and_side(trader: RawClient) -> None:
    refused(trader.cancel_all(symbol=MARKET), 400, "Required String parameter 'side' is not present")
    refused(trader.cancel_all(side="buy"), 400, "Required String parameter 'symbol' is not present")
    refused(trader.cancel_all(symbol=MARKET, side="both"), 400, "Invalid parameter 'side'")
    refused(trader.cancel_all(symbol="NO_SUCH", side="buy"), 400, "Invalid symbol")


@pytest.mark.parametrize(
    ("target", "status", "message"),
    [
        ("/v2/orders", 400, "Required String parameter 'symbol' is not present"),
        ("/v2/orders?symbol=BMX_ETH", 400, "Required Integer parameter 'status' is not present"),
        ("/v2/orders?symbol=BMX_ETH&status=5", 400, "Required Integer parameter 'offset' is not present"),
        (
            "/v2/orders?symbol=BMX_ETH&status=5&offset=0",
            400,
            "Required Integer parameter 'limit' is not present",
        ),
        (
            "/v2/orders?symbol=BMX_ETH&status=6&offset=0&limit=10",
            400,
            "Invalid status. status=6 not support any more, "
            "please use 3:deal_success orders, 4:cancelled orders",
        ),
        ("/v2/orders?symbol=BMX_ETH&status=0&offset=0&limit=10", 400, "Invalid status"),
        ("/v2/orders?symbol=BMX_ETH&status=7&offset=0&limit=10", 400, "Invalid status"),
        ("/v2/orders?symbol=NO_SUCH&status=5&offset=0&limit=10", 400, "Invalid symbol"),
        ("/v2/orders?symbol=BMX_ETH&status=5&offset=-1&limit=10", 400, "Invalid offset"),
        ("/v2/orders?symbol=BMX_ETH&status=5&offset=0&limit=0", 400, "Invalid limit"),
        ("/v2/orders?symbol=BMX_ETH&status=5&offset=0&limit=1001", 400, "Invalid limit"),
        ("/v2/orders?symbol=BMX_ETH&status=5&offset=x&limit=10", 400, "Invalid parameter 'offset'"),
        ("/v2/trades?offset=0&limit=10", 400, "Required String parameter 'symbol' is not present"),
        ("/v2/trades?symbol=BMX_ETH", 500, "Internal Server Error"),
        ("/v2/trades?symbol=BMX_ETH&offset=0", 500, "Internal Server Error"),
        ("/v2/trades?symbol=NO_SUCH&offset=0&limit=10", 400, "Invalid symbol"),
        ("/v2/trades?symbol=BMX_ETH&entrust_id=x", 400, "Invalid parameter 'entrust_id'"),
    ],
)
def test_refused_reads(trader: RawClient, target: str, status: int, message: str) -> None:
    refused(trader.private(target), status, message)


@pytest.mark.parametrize(
    ("target", "status", "message"),
    [
        ("/v2/ticker?symbol=NO_SUCH", 400, "Invalid symbol"),
        ("/v2/symbols/NO_SUCH/trades", 400, "Invalid symbol"),
        ("/v2/symbols/NO_SUCH/orders", 400, "Invalid symbol"),
        ("/v2/symbols/NO_SUCH/kline?from=0&to=1", 400, "Invalid symbol"),
        ("/v2/symbols/BMX_ETH/kline?to=1", 400, "Required Long parameter 'from' is not present"),
        ("/v2/symbols/BMX_ETH/kline?from=1", 400, "Required Long parameter 'to' is not present"),
        ("/v2/symbols/BMX_ETH/kline?from=1&to=2&step=2", 400, "Invalid step"),
        ("/v2/symbols/BMX_ETH/kline?from=1&to=2.5", 400, "Invalid parameter 'to'"),
        ("/v2/symbols/BMX_ETH/orders?precision=5", 400, "Invalid precision"),
        ("/v2/symbols/BMX_ETH/orders?precision=9", 400, "Invalid precision"),
        ("/v2/symbols/BMX_ETH", 404, "Not found"),
        ("/v2/ping/", 404, "Not found"),
        ("/v1/ping", 404, "Not found"),
        ("/", 404, "Not found"),
    ],
)
def test_refused_public_calls(shared: Venue, target: str, status: int, message: str) -> None:
    refused(shared.exchange("GET", target, {}, b""), status, message)


# limits


def test_documented_limits() -> None:
    venue = Venue("venue")
    client = venue.client().login()
    config = venue.frontend.config("config", "http://x", "ws://x")
    assert config["rateLimit"] == 667
    assert "options" not in config
    for _ in range(4):
        assert client.authenticate({**client.grant(), "client_secret": "wrong"})[0] == 401
    refused(client.authenticate(), 429, "Too many requests")
    assert venue.client("counterparty").authenticate()[0] == 200
    for _ in range(89):
        client.get("/v2/ping")
    assert client.private("/v2/wallet")[0] == 200
    refused(client.private("/v2/wallet"), 429, "Too many requests")
    refused(venue.exchange("GET", "/v2/ping", {}, b""), 429, "Too many requests")
    venue.remote = "127.0.0.2"
    client.get("/v2/ping")
    venue.remote = "127.0.0.1"
    venue.engine_clock.advance(59_999)
    refused(client.authenticate(), 429, "Too many requests")
    refused(venue.exchange("GET", "/v2/ping", {}, b""), 429, "Too many requests")
    venue.engine_clock.advance(1)
    client.login().get("/v2/ping")


def test_relaxed_limits_are_a_hundred_times_wider() -> None:
    venue = Venue()
    client = venue.client()
    config = venue.frontend.config("config", "http://x", "ws://x")
    assert config["rateLimit"] == 7
    assert config["options"] == {"token": {"maxPerMinute": 500}, "ws": {"connectInterval": 40}}
    for _ in range(9000):
        venue.exchange("GET", "/v2/ping", {}, b"")
    refused(venue.exchange("GET", "/v2/ping", {}, b""), 429, "Too many requests")
    for _ in range(500):
        assert client.authenticate()[0] == 200
    refused(client.authenticate(), 429, "Too many requests")


# nothing breaks it

TEXTS = st.text(max_size=20)
PATHS = st.one_of(
    st.sampled_from([target for _, target, _ in Venue().frontend.ROUTES]),
    st.builds("/v2/symbols/{}/kline".format, st.one_of(TEXTS, st.just("BMX_ETH"))),
    st.builds("/v2/orders/{}".format, TEXTS),
    TEXTS,
)
NAMES = st.sampled_from(
    ["symbol", "step", "from", "to", "precision", "status", "offset", "limit", "entrust_id", "side"]
)
VALUES = st.one_of(
    TEXTS, st.integers().map(str), st.floats().map(str), st.sampled_from(["BMX_ETH", "buy", "1", "5"])
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.just(MARKET),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.one_of(TEXTS, NAMES), inner, max_size=5),
)
BODIES = st.one_of(st.binary(max_size=50), JSON.map(lambda value: json.dumps(value).encode()))


@pytest.fixture(scope="module")
def logged_in(shared: Venue) -> RawClient:
    return shared.client().login()


@settings(max_examples=400, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "DELETE", "PUT"]),
    path=PATHS,
    query=st.dictionaries(st.one_of(NAMES, TEXTS), VALUES, max_size=5),
    body=BODIES,
    kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "\udcff"]),
    honest=st.booleans(),
)
def test_nothing_at_all_breaks_it(
    shared: Venue,
    logged_in: RawClient,
    method: str,
    path: str,
    query: dict[str, str],
    body: bytes,
    kind: str,
    honest: bool,
) -> None:
    client = replace(logged_in, token=logged_in.token if honest else path)
    query_string = "&".join(f"{name}={value}" for name, value in query.items())
    try:
        fields = json.loads(body, parse_int=str, parse_float=str)
        parameters = {
            name: str(fields[name]) for name in ("symbol", "amount", "price", "side") if name in fields
        }
    except (ValueError, TypeError):
        parameters = query if method == "DELETE" else {}
    signature = sign(client.config["secret"], signed_text(parameters).encode("utf-8", "replace").decode())
    headers = client.headers(**{"content-type": kind, "x-bm-signature": signature})
    request = Request(method, path, query_string, headers, body)
    response = shared.frontend.handle(request)
    if response.done is not None:
        response.done()
    assert response.status in (200, 400, 401, 404, 429) or path == "/v2/trades"
    answer = json.loads(response.body)
    assert response.status == 200 or set(answer) == {"message"}


def test_a_ticker_with_a_slash_before_the_query(shared: Venue) -> None:
    plain = shared.exchange("GET", "/v2/ticker?symbol=BMX_ETH", {}, b"")
    assert shared.exchange("GET", "/v2/ticker/?symbol=BMX_ETH", {}, b"") == plain
    assert plain[0] == 200
