"""bitexbit's orders: what a cancel that was refused means, answers that leave the outcome open, v2's rows."""

import json

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitexbit import markets, payments
from tests.venues.profiles import PROFILES

kinds = pytest.mark.parametrize("kind", ["sync", "async"])
apis = pytest.mark.parametrize("api", ["v1", "v2"])

ROW = {
    "id": 7,
    "date": 1600000000000,
    "symbol": "BTC_USD",
    "type": "buy-limit",
    "price": "5",
    "amount": "1",
    "amount_unfilled": "1",
    "state": "submitted",
}
LIMIT = ("BTC/USD", "limit", "buy", 0.5, 870.69)


def order_of(api, state):
    """Order 7 as a list of v2 or as v1 shows it."""
    if api == "v2":
        return [{**ROW, "state": state}]
    status = {"submitted": "1", "canceled": "2", "filled": "3"}[state]
    return {"id": 7, "pair": "BTC_USD", "type": "buy", "price": 5, "amount": 1, "status": status}


def cancelled(kind, api, refusal, shown, status=400):
    """What a refused cancel of order 7 raises where the venue shows the order so."""

    def answer(request):
        return Answer(refusal, status) if request.method == "POST" else shown

    methods = {"cancelOrder": api, "fetchOrder": api}
    exchange, wire = PROFILES["bitexbit"].offline(kind, answer, options={"methods": methods})
    with pytest.raises(ccxt.BaseError) as caught:
        call(exchange, "cancel_order", "7", "BTC/USD")
    return caught.value, len(wire.requests)


LIVES = [
    ("Wrong nonce", ccxt.InvalidNonce),
    ("Wrong signature", ccxt.AuthenticationError),
    ("System maintenance", ccxt.OnMaintenance),
    ("Too many requests", ccxt.RateLimitExceeded),
    ("Orders of this pair cannot be cancelled", ccxt.OperationRejected),
    ("Order cannot be cancelled until it is confirmed", ccxt.OperationRejected),
    ("Cancelled orders are listed elsewhere", ccxt.OperationRejected),
    ("Not found.", ccxt.OperationRejected),
    ("?", ccxt.OperationRejected),
]


@kinds
@apis
@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize(("text", "error"), LIVES)
def test_an_order_that_is_open_is_not_called_gone(kind, api, status, text, error):
    raised, _ = cancelled(kind, api, {"error": text}, Answer(order_of(api, "submitted")), status)
    assert type(raised) is error and text in str(raised)


@kinds
@apis
@pytest.mark.parametrize("state", ["canceled", "filled"])
def test_a_refusal_in_unknown_words_of_an_order_that_has_ended(kind, api, state):
    raised, _ = cancelled(kind, api, {"error": "?"}, Answer(order_of(api, state)))
    assert type(raised) is ccxt.OrderNotFound and "?" in str(raised)


@kinds
def test_an_order_that_is_open_in_another_market_is_not_called_gone(kind):
    def answer(request):
        if request.method == "POST":
            return Answer({"error": "?"}, 400)
        return Answer([ROW] if request.query.get("symbol", ROW["symbol"]) == ROW["symbol"] else [])

    exchange, _ = PROFILES["bitexbit"].offline(kind, answer, options={"methods": {"cancelOrder": "v2"}})
    other = next(symbol for symbol in exchange.markets if symbol != "BTC/USD")
    with pytest.raises(ccxt.OperationRejected, match="the order is open"):
        call(exchange, "cancel_order", "7", other)


@kinds
@apis
def test_a_refusal_in_unknown_words_of_an_order_that_is_nowhere(kind, api):
    nowhere = Answer([]) if api == "v2" else Answer({"detail": "Not found."}, 404)
    raised, _ = cancelled(kind, api, {"error": "?"}, nowhere)
    assert type(raised) is ccxt.OrderNotFound


@kinds
@apis
def test_a_refusal_in_unknown_words_where_the_order_cannot_be_seen(kind, api):
    raised, _ = cancelled(kind, api, {"error": "?"}, Answer({"error": "busy"}, 503))
    assert type(raised) is ccxt.BadRequest


@kinds
@apis
@pytest.mark.parametrize(
    "text",
    [
        "Order not found",
        "The order is done or canceled already",
        "This order has been filled.",
        "No such order",
    ],
)
def test_words_that_say_it_need_no_second_call(kind, api, text):
    raised, calls = cancelled(kind, api, {"detail": text}, Answer(order_of(api, "submitted")))
    assert type(raised) is ccxt.OrderNotFound and calls <= 2


@kinds
@pytest.mark.parametrize(
    ("api", "answer"),
    [
        ("v1", {}),
        ("v1", {"order": 8}),
        ("v1", {"order": 7, "error": "late"}),
        ("v1", {"success": False, "error": "Order not found"}),
        ("v1", {"message": "queued"}),
        ("v2", {}),
        ("v2", {"order": {**ROW, "state": "submitted"}}),
        ("v2", {"order": {**ROW, "id": 8, "state": "canceled"}}),
        ("v2", {"order": {**ROW, "state": "canceled"}, "error": "late"}),
    ],
)
def test_a_cancel_has_worked_when_the_venue_says_so(kind, api, answer):
    exchange, _ = PROFILES["bitexbit"].offline(kind, lambda request: Answer(answer))
    with pytest.raises(ccxt.BadResponse, match="order 7 was cancelled is unknown") as caught:
        call(exchange, "cancel_order", "7", "BTC/USD", {"method": api})
    assert (caught.value.outcome, caught.value.order_id) == ("unknown", "7")


@kinds
@pytest.mark.parametrize(
    ("api", "answer", "id"),
    [
        ("v1", {"oid": 7, "error": "late"}, "7"),
        ("v1", {"oid": 7, "success": False}, "7"),
        ("v1", {"success": False, "error": "Out of balance"}, None),
        ("v1", {"error": "late"}, None),
        ("v2", {"order": {"id": 7}, "message": "late"}, "7"),
        ("v2", {"order": ROW, "error": "late"}, "7"),
        ("v2", {"order": ROW, "success": False, "error": "Out of balance"}, "7"),
        ("v2", {"message": "late"}, None),
    ],
)
def test_a_success_with_an_errors_text_leaves_the_outcome_open(kind, api, answer, id):
    exchange, _ = PROFILES["bitexbit"].offline(kind, lambda request: Answer(answer))
    with pytest.raises(ccxt.BadResponse, match="unknown: look it up") as caught:
        call(exchange, "create_order", *LIMIT, {"method": api})
    assert (caught.value.outcome, caught.value.order_id) == ("unknown", id)


@kinds
def test_what_is_left_of_a_canceled_order_is_what_was_not_filled(kind):
    """The venue has nothing `unfilled` then, and the rest as `cancelled`."""
    canceled = {"state": "canceled", "amount_unfilled": "0", "amount_cancelled": "1"}
    part = {**canceled, "state": "partial-canceled", "amount_filled": "0.4", "amount_cancelled": "0.6"}
    rows = [{**ROW, **canceled, "id": 8}, {**ROW, **part, "id": 9}]
    many = [{**row, "id": 10 * number + row["id"]} for number in range(20) for row in rows]
    exchange, _ = PROFILES["bitexbit"].offline(kind, lambda request: Answer(many))
    for order in call(exchange, "fetch_canceled_orders", "BTC/USD", None, 100):
        expected = (0.4, 0.6) if order["id"].endswith("9") else (0, 1)
        assert (order["amount"], order["filled"], order["remaining"]) == (1, *expected)


@kinds
@pytest.mark.parametrize("included", [0, 1])
def test_an_order_is_found_whether_or_not_the_ends_of_a_range_belong_to_it(kind, included):
    def answer(request):
        least, most = int(request.query["since_id"]), int(request.query["until_id"])
        return Answer(
            [{**ROW, "id": id} for id in range(most + 1, 0, -1) if least - included < id < most + included]
        )

    exchange, wire = PROFILES["bitexbit"].offline(kind, answer)
    assert call(exchange, "fetch_order", "7", "BTC/USD")["id"] == "7"
    with pytest.raises(ccxt.OrderNotFound):
        call(exchange, "fetch_order", "seven", "BTC/USD")
    assert len(wire.requests) == 1


@kinds
def test_an_order_of_v2_tells_time_fills_and_status(kind):
    done = {"state": "filled", "amount_unfilled": "0", "amount_filled": "0.5", "amount": "0.5"}
    told = {**ROW, **done, "value_filled": "400", "price_avg": "800", "price": "870.69", "fee_filled": "0.8"}
    sent = []

    def answer(request):
        sent.append((request.path, json.loads(request.body)))
        return Answer({"order": told, "trades": [], "funds": []})

    exchange, _ = PROFILES["bitexbit"].offline(kind, answer)
    order = call(exchange, "create_order", *LIMIT)
    fields = {"symbol": "BTC_USD", "type": "buy-limit", "price": "870.69", "amount": "0.5"}
    assert sent == [("/api/v2/private/order/create", fields)]
    assert (order["timestamp"], order["status"], order["filled"]) == (1600000000000, "closed", 0.5)
    assert (order["cost"], order["average"], order["remaining"]) == (400, 800, 0)


# -- money -------------------------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize(
    ("code", "network", "field"), [("UAH", "wiretransfer", "card"), ("LTC", "litecoin", "address")]
)
def test_a_withdrawal_to_a_named_network_names_a_card_or_an_address(kind, code, network, field):
    profile = PROFILES["bitexbit"]

    def answer(request):
        if request.method == "GET":
            return Answer(profile.sample("gateway-payment-methods"))
        return Answer({**profile.sample("gateway-withdraw-create"), "ticker": code})

    pair = {"symbol": "LTC_UAH", "base": "LTC", "quote": "UAH", "price_precision": 2}
    exchange, wire = profile.offline(kind, answer, [pair])
    call(exchange, "withdraw", code, 200, "4111111111111111", None, {"network": network})
    sent = json.loads(wire.requests[-1].body)
    assert {name: sent[name] for name in ("card", "address") if name in sent} == {field: "4111111111111111"}


@kinds
def test_what_is_not_told_of_a_way_to_move_a_currency_is_not_assumed(kind):
    exchange, _ = PROFILES["bitexbit"].offline(kind, lambda request: Answer([]))
    usd = {"ticker": "USD", "network": "card"}
    with pytest.raises(ccxt.BadRequest, match="not enabled"):
        payments.only_method(exchange, [usd], "USD", "is_withdraw_enabled", "withdraw")
    chosen = payments.only_method(exchange, [usd, {**usd, "enabled": True}], "USD", "enabled", "withdraw")
    assert chosen == {**usd, "enabled": True}
    for type, field in (("fiat", "card"), ("crypto", "address")):
        exchange.currencies["USD"]["type"] = type
        request = payments.withdrawal_request(exchange, "USD", 5, "4111", None, usd, {})
        assert request[field] == "4111"


@kinds
@pytest.mark.parametrize(("is_fiat", "type"), [(True, "fiat"), (False, "crypto"), (None, None)])
def test_the_type_of_a_currency(kind, is_fiat, type):
    exchange, _ = PROFILES["bitexbit"].offline(kind, lambda request: Answer([]))
    methods = [{**PROFILES["bitexbit"].sample("gateway-payment-methods")[0], "is_fiat": is_fiat}]
    assert exchange.parse_currency({"code": "X", "methods": methods})["type"] == type


@kinds
@pytest.mark.parametrize(
    ("deposit", "withdraw", "active"),
    [(True, True, True), (True, False, False), (False, True, False), (None, True, None), (True, None, None)],
)
def test_a_network_is_active_if_money_can_go_both_ways(kind, deposit, withdraw, active):
    told = {"is_deposit_enabled": deposit, "is_withdraw_enabled": withdraw}
    method = {**PROFILES["bitexbit"].sample("gateway-payment-methods")[0], **told}
    exchange, _ = PROFILES["bitexbit"].offline(kind, lambda request: Answer([]))
    assert markets.parse_network(exchange, method)["active"] is active


@kinds
def test_all_that_is_wrong_is_told(kind):
    refusal = Answer({"price": ["Too low", "Odd"], "amount": ["Too high"]}, 400)
    exchange, _ = PROFILES["bitexbit"].offline(kind, lambda request: refusal)
    with pytest.raises(ccxt.InvalidOrder, match=r"bitexbit price: Too low, Odd; amount: Too high$"):
        call(exchange, "create_order", *LIMIT)


@kinds
@pytest.mark.parametrize(("unit", "until"), [("s", 1600000000), ("ms", 1600000000000)])
def test_candles_are_asked_for_in_the_unit_of_the_api(kind, unit, until):
    options = {"methods": {"fetchOHLCV": "v2"}, "v2OhlcvTimeUnit": unit}
    exchange, wire = PROFILES["bitexbit"].offline(kind, lambda request: Answer([]), options=options)
    call(exchange, "fetch_ohlcv", "BTC/USD", "1h", None, 5, {"until": 1600000000000})
    assert (wire.requests[-1].query["until"], wire.requests[-1].query["limit"]) == (str(until), "5")


@kinds
@pytest.mark.parametrize("answer", [{}, {"message": "busy"}, {"result": True}], ids=str)
def test_an_answer_without_rates_is_none(kind, answer):
    exchange, _ = PROFILES["bitexbit"].offline(kind, lambda request: Answer(answer))
    with pytest.raises(ccxt.BadResponse, match="expected rates of fees"):
        call(exchange, "fetch_trading_fees")


@kinds
def test_a_fee_of_two_parts_is_told_whole(kind):
    rows = PROFILES["bitexbit"].sample("gateway-payment-methods")
    exchange, _ = PROFILES["bitexbit"].offline(kind, lambda request: Answer(rows))
    fees = call(exchange, "fetch_deposit_withdraw_fees")
    assert fees["UAH"]["withdraw"] == {"fee": 5, "percentage": False, "rate": 0.015}
    assert fees["UAH"]["deposit"] == {"fee": 5, "percentage": False, "rate": 0.01}
    assert fees["BTC"]["withdraw"] == {"fee": 0.0004, "percentage": False}
    assert markets.parse_network(exchange, rows[1])["fee"] is None
    assert markets.parse_network(exchange, rows[0])["fee"] == 0.0004


@kinds
@pytest.mark.parametrize(
    ("left", "filled", "remaining", "status"),
    [("0.2", 0.3, 0.2, "open"), ("0", 0.5, 0, "closed"), (None,) * 4],
)
def test_a_new_order_of_v1_tells_what_is_left_of_it(kind, left, filled, remaining, status):
    answer = Answer({"oid": 5, "date": 1600000000, "amount": left})
    exchange, _ = PROFILES["bitexbit"].offline(kind, lambda request: answer)
    order = call(exchange, "create_order", *LIMIT, {"method": "v1"})
    assert tuple(order[name] for name in ("amount", "filled", "remaining", "status")) == (
        0.5,
        filled,
        remaining,
        status,
    )


@kinds
@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"amount": "1", "status": "1"}, (1, None, None, "open")),
        ({"amount": "0.4", "amount_original": "1", "status": "1"}, (1, 0.6, 0.4, "open")),
        ({"amount": "1", "amount_filled": "0.3", "status": "2"}, (1, 0.3, 0.7, "canceled")),
        ({"amount": "1", "status": "3"}, (1, 1, 0, "closed")),
        ({"amount": "1", "amount_filled": "0.9", "status": "3"}, (1, 0.9, 0.1, "closed")),
    ],
)
def test_an_order_of_v1_tells_what_its_row_tells(kind, row, told):
    shown = {"id": 7, "pair": "BTC_USD", "type": "buy", "price": 5, **row}
    exchange, _ = PROFILES["bitexbit"].offline(
        kind, lambda request: Answer(shown), options={"methods": {"fetchOrder": "v1"}}
    )
    order = call(exchange, "fetch_order", "7", "BTC/USD")
    assert tuple(order[name] for name in ("amount", "filled", "remaining", "status")) == told
