"""bitexbit's frontend: what it refuses, with which status and words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.sandbox.frontend import Request
from tests.sandbox.frontends.bitexbit.raw_client import NOON, RawClient, Venue, sign

PAIR = "BTC_USD"
ADDRESS = "TR4d6N2HoC3Annqt2JK6HhQWuNARMNx5pW"


def error(status: int, words: str) -> tuple[int, dict[str, str]]:
    return status, {"error": words}


# signatures


@pytest.mark.parametrize("api", ["v1", "v2", "gateway"])
@pytest.mark.parametrize("broken", ["key", "sign", "none"])
def test_wrong_keys_and_signatures(venue: Venue, trader: RawClient, api: str, broken: str) -> None:
    target = {"v1": "wallets/", "v2": "balance", "gateway": "wallets"}[api]
    names = {"v1": ("x_key", "x_sign"), "v2": ("x_api_key", "x_signature"), "gateway": ("x_key", "x_sign")}
    key, signature = names[api]
    wrong = {"key": {key: "nobody"}, "sign": {signature: "0" * 64}, "none": {key: "", signature: ""}}[broken]
    status, answer = getattr(trader, api)("GET", target, **wrong)
    words = "Wrong signature" if broken == "sign" else "Wrong key"
    assert (status, answer) == (401, {"detail" if api == "gateway" else "error": words})


def test_another_accounts_secret_does_not_fit(venue: Venue, trader: RawClient) -> None:
    trader.secret = venue.client("counterparty").secret
    assert trader.v1("GET", "wallets/") == error(401, "Wrong signature")


def test_v1_signs_the_parameters_of_a_post_and_no_query(trader: RawClient) -> None:
    assert trader.v1("GET", "orders/own/?status=1&type=buy")[0] == 200
    query = sign(trader.secret, trader.key + "status=1")
    assert trader.v1("GET", "orders/own/?status=1", x_sign=query) == error(401, "Wrong signature")
    unsigned = sign(trader.secret, trader.key)
    refused = trader.v1("POST", "order-cancel/", "order=1", x_sign=unsigned)
    assert refused == error(401, "Wrong signature")
    # Whatever order they are sent in, they are signed sorted by name.
    body = "type=buy&price=1&pair=BTC_USD&amount=1"
    signature = sign(trader.secret, trader.key + "amount=1&pair=BTC_USD&price=1&type=buy")
    assert trader.v1("POST", "order/", body, x_sign=signature)[0] == 200


def test_v1_signs_the_query_if_set_up_so() -> None:
    trader = Venue(v1GetSignature="query").client()
    signature = sign(trader.secret, trader.key + "status=1")
    assert trader.v1("GET", "orders/own/?status=1", x_sign=signature)[0] == 200
    assert trader.v1("GET", "orders/own/?status=1") == error(401, "Wrong signature")


def test_v1_takes_json_whose_form_is_signed(trader: RawClient) -> None:
    body = '{"type":"buy","price":"1","pair":"BTC_USD","amount":"1"}'
    signature = sign(trader.secret, trader.key + "amount=1&pair=BTC_USD&price=1&type=buy")
    answer = trader.v1("POST", "order/", body, x_sign=signature, content_type="application/json")
    assert answer[0] == 200


def test_v2_and_gateway_sign_the_body_byte_for_byte(venue: Venue, trader: RawClient) -> None:
    path, nonce, body = "/api/v2/private/order/create", str(NOON), '{"symbol": "BTC_USD"}'
    for signed, status in ((body, 400), (body.replace(" ", ""), 401)):
        headers = {"x-api-key": trader.key, "x-nonce": nonce}
        headers["x-signature"] = sign(trader.secret, path + nonce + signed)
        assert venue.exchange("POST", path, headers, body)[0] == status
        nonce = str(int(nonce) + 1)


@pytest.mark.parametrize("api", ["v1", "v2"])
def test_nonces_have_to_rise(trader: RawClient, api: str) -> None:
    target = {"v1": "wallets/", "v2": "balance"}[api]
    trader.nonces = iter([NOON, NOON, NOON - 1, NOON + 1])
    statuses = [getattr(trader, api)("GET", target) for _ in range(4)]
    assert [status for status, _ in statuses] == [200, 401, 401, 200]
    assert statuses[1][1] == {"error": f"Nonce must be greater than {NOON}"}


def test_nonces_of_v1_and_v2_are_of_one_kind_and_each_keys_own(venue: Venue, trader: RawClient) -> None:
    trader.nonces = iter([NOON + 5, NOON + 4, NOON + 6])
    assert trader.v1("GET", "wallets/")[0] == 200
    assert trader.v2("GET", "balance")[0] == 401
    assert trader.v2("GET", "balance")[0] == 200
    other = venue.client("counterparty")
    other.nonces = iter([1])
    assert other.v1("GET", "wallets/")[0] == 200


def test_a_wrong_signature_uses_no_nonce_up(trader: RawClient) -> None:
    trader.nonces = iter([NOON + 9, NOON])
    assert trader.v1("GET", "wallets/", x_sign="0")[0] == 401
    assert trader.v1("GET", "wallets/")[0] == 200


@pytest.mark.parametrize("nonce", ["", "x", "-1", "1.5", "9" * 19])
def test_nonces_are_whole_numbers(trader: RawClient, nonce: str) -> None:
    assert trader.v1("GET", "wallets/", x_nonce=nonce) == error(401, "Wrong nonce")


def test_the_gateways_deadline(venue: Venue, trader: RawClient) -> None:
    assert trader.gateway("GET", "wallets", deadline=str(NOON))[0] == 200
    late = trader.gateway("GET", "wallets", deadline=str(NOON - 1))
    assert late == (401, {"detail": "Timeout has expired"})
    assert trader.gateway("GET", "wallets", deadline="soon") == (401, {"detail": "Wrong timeout"})
    venue.clock.skew_ms = 501
    assert trader.gateway("GET", "wallets", deadline=str(NOON + 500))[0] == 401
    venue.clock.skew_ms = 0
    # Time that is moved forward has passed for clients too, whose machines do not know.
    venue.engine_clock.advance(3_600_000)
    assert trader.gateway("GET", "wallets", deadline=str(NOON + 500))[0] == 200
    assert trader.gateway("GET", "wallets", deadline=str(NOON - 1))[0] == 401


def test_a_gateway_call_may_be_repeated_within_its_time(trader: RawClient) -> None:
    for _ in range(2):
        assert trader.gateway("GET", "wallets", deadline=str(NOON + 500))[0] == 200


# limits


def test_limits_as_documented() -> None:
    venue = Venue(limits="venue")
    trader = venue.client()
    assert [trader.v1("GET", "wallets/")[0] for _ in range(3)] == [200, 200, 429]
    assert trader.v2("GET", "balance")[0] == 429
    assert trader.gateway("GET", "wallets")[0] == 200  # for which none is stated
    assert venue.client("counterparty").v2("GET", "balance")[0] == 200
    statuses = [venue.exchange("GET", "/api/v1/pairs/", {}, "")[0] for _ in range(101)]
    assert statuses == [200] * 100 + [429]
    venue.engine_clock.advance(1000)
    assert trader.v1("GET", "wallets/")[0] == 200
    assert venue.exchange("GET", "/api/v1/pairs/", {}, "")[0] == 200


def test_relaxed_limits_are_a_hundred_times_wider(venue: Venue, trader: RawClient) -> None:
    assert [trader.v1("GET", "wallets/")[0] for _ in range(201)] == [200] * 200 + [429]
    assert venue.frontend.config("config", "", "")["rateLimit"] == 0.1


# what is asked for


@pytest.mark.parametrize(
    ("target", "status", "words"),
    [
        ("/api/v1/nothing/", 404, "Not found."),
        ("/api/v1/pairs", 404, "Not found."),
        ("/api/v1/orderbook/NO_PAIR/", 404, "Pair not found"),
        ("/api/v1/exchanges/?pair=NO_PAIR", 404, "Pair not found"),
        ("/api/v1/exchanges/?limit=x", 400, "limit: A valid integer is required."),
        ("/api/charts/BTC_USD/7/chart", 400, "Wrong timeframe"),
        ("/api/charts/BTC_USD/60/chart/", 404, "Not found."),
        ("/api/v2/public/ohlcv?symbol=BTC_USD&timeframe=1", 400, "Wrong timeframe"),
        ("/api/v2/public/ohlcv?timeframe=60", 400, "symbol: This field is required."),
        ("/api/v2/public/tickers?symbols=A,B,C,D,E,F", 400, "The maximum number of symbols is 5"),
        ("/api/v2/public/tickers?symbols=NO_PAIR", 404, "Pair not found"),
        ("/api/v2/public/currency/NO", 404, "Currency not found"),
        ("/api/v2/public/orders?status=open", 400, "Wrong status"),
    ],
)
def test_public_refusals(venue: Venue, target: str, status: int, words: str) -> None:
    assert venue.exchange("GET", target, {}, "") == error(status, words)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (("NO_PAIR", "buy", "1", "1"), "pair: Unknown or closed pair."),
        (("LTC_USDT", "buy", "1", "1"), "pair: Unknown or closed pair."),
        ((PAIR, "hold", "1", "1"), "type: Must be buy or sell."),
        ((PAIR, "buy", "1.0001", "1"), "price: The maximum precision is 3."),
        ((PAIR, "buy", "1", "0.0000101"), "amount: The maximum precision is 6."),
        ((PAIR, "buy", "1e3", "1"), "price: A valid positive number is required."),
        ((PAIR, "buy", "0", "1"), "price: A valid positive number is required."),
        ((PAIR, "buy", "1", "-1"), "amount: A valid positive number is required."),
        ((PAIR, "buy", "1", "0.000009"), "The minimum amount is 0.00001, the minimum value 0.00001"),
        ((PAIR, "buy", "0.001", "0.001"), "The minimum amount is 0.00001, the minimum value 0.00001"),
        ((PAIR, "buy", "1", "100000001"), "The maximum amount is 100000000"),
        ((PAIR, "buy", "1", "99999999"), "Out of balance"),
        ((PAIR, "sell", "1000", "501"), "Out of balance"),
    ],
)
def test_orders_that_are_refused(venue: Venue, trader: RawClient, order: Any, words: str) -> None:
    pair, side, price, amount = order
    assert trader.place(*order) == error(400, words)
    fields = {"symbol": pair, "type": f"{side}-limit", "price": price, "amount": amount}
    assert trader.v2("POST", "order/create", fields) == error(400, words)
    assert venue.frontend.engine.orders("config") == []


def test_an_open_buy_holds_the_fee_as_well(trader: RawClient) -> None:
    assert trader.place(PAIR, "buy", "100", "1")[0] == 200
    wallet = {row["currency"]: row for row in trader.ok("v1", "GET", "wallets/")}
    assert (wallet["USD"]["balance"], wallet["USD"]["reserve"]) == (5_000_000, 100.2)


@pytest.mark.parametrize("api", ["v1", "v2"])
def test_cancelling_what_is_done_missing_or_anothers(venue: Venue, trader: RawClient, api: str) -> None:
    def cancel(client: RawClient, id: Any) -> tuple[int, Any]:
        if api == "v1":
            return client.v1("POST", "order-cancel/", f"order={id}")
        return client.v2("POST", f"order/{id}/cancel")

    id = trader.place(PAIR, "buy", "100", "1")[1]["oid"]
    assert cancel(venue.client("counterparty"), id) == error(403, "This is not your order")
    assert cancel(trader, id)[0] == 200
    assert cancel(trader, id) == error(400, "The order is done or canceled already")
    assert cancel(trader, 7) == error(404, "Order not found")
    assert cancel(trader, "x") == error(404, "Order not found")


@pytest.mark.parametrize("api", ["v1", "v2"])
def test_pairs_whose_orders_cannot_be_cancelled(api: str) -> None:
    venue = Venue(cannotCancel=[PAIR])
    told = {row["symbol"]: row["can_cancel_order"] for row in venue.get("/api/v2/public/pairs")}
    assert told == {symbol: symbol != PAIR for symbol in told}
    assert venue.get(f"/api/v2/public/pairs/{PAIR}")["can_cancel_order"] is False
    trader = venue.client()
    for pair, status in ((PAIR, 400), ("LTC_USD", 200)):
        id = trader.place(pair, "buy", "1", "1")[1]["oid"]
        if api == "v1":
            answer = trader.v1("POST", "order-cancel/", f"order={id}")
        else:
            answer = trader.v2("POST", f"order/{id}/cancel")
        assert answer[0] == status
        assert (trader.ok("v1", "GET", f"order/{id}/")["status"] == "1") is (status == 400)


def test_reading_anothers_order(venue: Venue, trader: RawClient) -> None:
    id = trader.place(PAIR, "buy", "100", "1")[1]["oid"]
    other = venue.client("counterparty")
    assert other.v1("GET", f"order/{id}/") == error(403, "This is not your order")
    assert other.v1("GET", "order/7/") == error(404, "Order not found")
    assert other.v2("GET", f"orders?since_id={id}&until_id={id}") == (200, [])


WITHDRAWAL = {"ticker": "USDT", "network": "tron", "address": ADDRESS, "amount": 22}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"ticker": ""}, {"ticker": ["This field is required."]}),
        ({"network": None}, {"network": ["This field is required."]}),
        ({"network": "bitcoin"}, {"network": ["The payment method is not available."]}),
        ({"network": "payeer"}, {"network": ["The payment method is not available."]}),
        ({"address": ""}, {"address": ["This field is required."]}),
        ({"amount": 1}, {"amount": ["The minimum is 5.00000000, the maximum 5000000.00000000."]}),
        ({"amount": "x"}, {"amount": ["A valid number is required."]}),
        (
            {"amount": -1},
            {"amount": ["Ensure that this value is positive and has no more than 8 decimal places."]},
        ),
        ({"amount": 4_999_999}, {"detail": "Out of balance"}),
        ({"fee_payer": 3}, {"fee_payer": ["Must be 1 or 2."]}),
        ({"ticker": "UAH", "network": "wiretransfer", "amount": 100}, {"card": ["This field is required."]}),
    ],
)
def test_withdrawals_that_are_refused(trader: RawClient, changes: Any, refusal: Any) -> None:
    assert trader.gateway("POST", "withdraw/create", {**WITHDRAWAL, **changes}) == (400, refusal)
    assert trader.ok("gateway", "GET", "withdraw/history")["results"] == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"receiver": "nobody"}, "receiver: Receiver not found."),
        ({"receiver": "BL1314K55FL"}, "receiver: Receiver not found."),
        ({"currency": "NO"}, "currency: Unknown currency."),
        ({"amount": 10**9}, "Out of balance"),
        ({"valid_days": 367}, "valid_days: Must be from 1 to 366."),
        ({"security_code": "x"}, "valid_days: This field is required with a security code."),
        ({"description": "x" * 81}, "description: At most 80 characters."),
    ],
)
def test_transfers_that_are_refused(trader: RawClient, changes: Any, words: str) -> None:
    fields = {"receiver": "VB4DF1HQ4D7", "currency": "USDT", "amount": 10}
    assert trader.v2("POST", "transfers/create/", {**fields, **changes}) == error(400, words)


def test_bodies_that_are_no_json(venue: Venue, trader: RawClient) -> None:
    for body in ("{", "[1]", '{"a":NaN}', "[" * 100_000):
        nonce, path = str(next(trader.nonces)), "/api/v2/private/coupon/create"
        headers = {"x-api-key": trader.key, "x-nonce": nonce}
        headers["x-signature"] = sign(trader.secret, path + nonce + body)
        assert venue.exchange("POST", path, headers, body) == error(400, "Malformed JSON")


paths = st.sampled_from([route[1] for route in Venue().frontend.ROUTES])


@settings(deadline=None, max_examples=150)
@given(
    paths,
    st.sampled_from(["GET", "POST"]),
    st.dictionaries(
        st.sampled_from(["symbol", "pair", "amount", "price", "limit", "page", "ticker", "currency", "type"]),
        st.none()
        | st.integers()
        | st.floats()
        | st.text(max_size=5)
        | st.sampled_from(["BTC_USD", "1", "BTC"]),
        max_size=5,
    ),
)
def test_whatever_is_asked_gets_an_answer(path: str, method: str, fields: dict[str, Any]) -> None:
    """And no money appears or vanishes."""
    for name in ("pair", "symbol", "type", "id", "txid", "code"):
        path = path.replace(f"{{{name}}}", str(fields.get(name) or "1").replace("/", ""))
    api = next((api for api in ("gateway", "v1") if path.startswith(f"/api/{api}/")), "v2")
    target = path.split("/", 3)[3].removeprefix("private/")
    query = "&".join(f"{name}={value}" for name, value in fields.items())
    if method == "GET":
        target, sent = f"{target}?{query}", None
    else:
        sent = query if api == "v1" else fields
    try:
        status, _ = getattr(SHARED.client(), api)(
            method, target, *([sent] if sent else []), **fresh_nonce(api)
        )
    except UnicodeEncodeError:
        return
    assert status in (200, 400, 401, 403, 404)
    for total, deposited in SHARED.frontend.engine.ledger().values():
        assert total == deposited


SHARED = Venue()


def fresh_nonce(api: str) -> dict[str, str]:
    SHARED.frontend._private._calls.clear()
    for account in ("config", "counterparty"):
        SHARED.frontend.keys.of(account).nonce = 0
    return {}


def test_requests_in_process_need_no_headers() -> None:
    response = Venue().frontend.handle(Request("GET", "/api/v1/wallets/"))
    assert response.status == 401


def test_fees_are_exact(trader: RawClient) -> None:
    """Amounts are told to the last digit, also where they have more than eight decimals."""
    assert trader.place(PAIR, "buy", "911.701", "0.000123")[0] == 200
    spent = sum(
        Decimal(t["fee_amount"]) + Decimal(t["price"]) * Decimal(t["amount"])
        for t in trader.ok("v2", "GET", "trades")
    )
    trader.ok("v1", "GET", "wallets/")
    left = (5_000_000 - spent).normalize()
    assert len(str(left).partition(".")[2]) > 8
    assert f'"currency":"USD","balance":{left},' in trader.venue.text
