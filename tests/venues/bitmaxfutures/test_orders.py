"""What bitmaxfutures sends for orders, and what is known of an order before its answer comes."""

import asyncio
import json
import re
import threading

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitmaxfutures import accounts, order_fills, order_requests, order_rows, positions
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitmaxfutures"]
SYMBOL = "BTC/USDT:USDT"
NOW = 1613878579169
OPTIONS = {"accountGroup": 0, "userUID": "U0123456789"}

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


def trading(kind="sync", answer=lambda request: PROFILE.documented("rest-v2-order"), last="9500", **options):
    """`last` is the price by which orders are triggered."""

    def answered(request):
        prices = {"symbol": "BTC-PERP", "close": last, "markPrice": last, "indexPrice": last}
        if request.path.endswith("/ticker"):
            return Answer({"code": 0, "data": prices})
        if request.path.endswith("pricing-data") and "adjustForTimeDifference" not in options:
            return Answer({"code": 0, "data": {"contracts": [prices]}})
        return answer(request)

    exchange, wire = PROFILE.offline(kind, answered, options={**OPTIONS, **options})
    exchange.milliseconds = lambda: NOW
    return exchange, wire


def sent(params=None, type="limit", side="buy", price=9500, **options):
    params = dict(params or {})
    side = params.pop("side", side)
    # Which a buy waits for from below, and a sell from above.
    trigger = next(
        (params[name] for name in ("triggerPrice", "stopPrice", "stopLossPrice") if name in params), 0
    )
    exchange, wire = trading(last=str(trigger + (-50 if side == "buy" else 50) or 1), **options)
    call(exchange, "create_order", SYMBOL, type, side, 0.1, price, params)
    (posted,) = (request for request in wire.requests if request.method == "POST")
    return json.loads(posted.body)


PLAIN = {
    "time": NOW,
    "symbol": "BTC-PERP",
    "orderQty": "0.1",
    "orderType": "limit",
    "side": "buy",
    "orderPrice": "9500",
    "respInst": "ACCEPT",
}


def test_a_limit_order():
    body = sent()
    assert re.fullmatch("[A-Za-z0-9]{32}", body.pop("id"))
    assert body == PLAIN


@pytest.mark.parametrize(
    ("params", "more"),
    [
        ({"clientOrderId": "mine-1"}, {"id": "mine-1"}),
        ({"postOnly": True}, {"postOnly": True}),
        ({"timeInForce": "PO"}, {"postOnly": True}),
        ({"timeInForce": "GTC"}, {"timeInForce": "GTC"}),
        ({"timeInForce": "IOC"}, {"timeInForce": "IOC", "respInst": "DONE"}),
        ({"timeInForce": "fok"}, {"timeInForce": "FOK", "respInst": "DONE"}),
        ({"reduceOnly": True}, {"execInst": "ReduceOnly"}),
        ({"reduceOnly": True, "postOnly": True}, {"execInst": "PostReduceOnly", "postOnly": True}),
        ({"triggerPrice": 9400}, {"orderType": "StopLimit", "stopPrice": "9400"}),
        ({"stopPrice": 9400.1}, {"orderType": "StopLimit", "stopPrice": "9400"}),
        (
            {"triggerPrice": 9400, "triggerPriceType": "mark"},
            {"orderType": "StopLimit", "stopPrice": "9400", "execInst": "StopOnMark"},
        ),
        (
            {"triggerPrice": 9400, "triggerPriceType": "index", "reduceOnly": True, "postOnly": True},
            {"orderType": "StopLimit", "stopPrice": "9400", "execInst": "PostReduceRef"},
        ),
        (
            {"triggerPrice": 9400, "postOnly": True},
            {"orderType": "StopLimit", "stopPrice": "9400", "execInst": "PostStopMarket"},
        ),
        (
            {"triggerPrice": 9400, "reduceOnly": True},
            {"orderType": "StopLimit", "stopPrice": "9400", "execInst": "ReduceOnlyMarket"},
        ),
        (
            {"stopLoss": {"triggerPrice": 9000}, "takeProfit": {"triggerPrice": 9900.3, "type": "market"}},
            {"posStopLossPrice": "9000", "posTakeProfitPrice": "9900.25"},
        ),
        (
            {"stopLossPrice": 9000, "side": "sell"},
            {"orderType": "StopLimit", "stopPrice": "9000", "execInst": "ReduceOnlyMarket", "side": "sell"},
        ),
        ({"respInst": "DONE"}, {"respInst": "DONE"}),
        ({"execInst": "OpenStopMkt"}, {"execInst": "OpenStopMkt"}),
    ],
    ids=str,
)
def test_what_is_asked_for_is_sent(params, more):
    body = sent(params)
    if "id" not in more:
        del body["id"]
    assert body == {**PLAIN, **more}


def test_features_offer_what_closes_a_position():
    features = PROFILE.kind("sync")().features["swap"]["linear"]["createOrder"]
    assert (features["stopLossPrice"], features["takeProfitPrice"]) == (True, False)
    body = sent({"stopLossPrice": 9400}, type="market", side="sell")
    assert (body["orderType"], body["stopPrice"]) == ("StopMarket", "9400")
    assert body["execInst"] == "ReduceOnlyMarket"


def test_by_an_option_the_flat_prices_are_those_of_the_position():
    flat = {"stopLossPrice": 9000, "takeProfitPrice": 9900}
    body = sent(flat, stopLossTakeProfit="position")
    assert (body["posStopLossPrice"], body["posTakeProfitPrice"]) == ("9000", "9900")
    assert body["orderType"] == "limit" and "stopPrice" not in body
    with pytest.raises(ccxt.InvalidOrder, match="is the position's"):
        sent({**flat, "reduceOnly": True}, side="sell", stopLossTakeProfit="position")


def test_market_orders_have_no_price():
    body = sent(type="market", side="sell", price=9500)
    del body["id"]
    expected = {**PLAIN, "orderType": "market", "side": "sell", "respInst": "DONE"}
    del expected["orderPrice"]
    assert body == expected
    assert sent({"triggerPrice": 9400}, type="market", side="sell")["orderType"] == "StopMarket"
    assert "timeInForce" not in sent({"timeInForce": "IOC"}, type="market")


@pytest.mark.parametrize(
    ("options", "params", "fields"),
    [
        ({"priceKey": "price"}, {}, {"price": "9500"}),
        ({"priceKey": "both"}, {}, {"price": "9500", "orderPrice": "9500"}),
        ({"orderTypeCase": "capitalised"}, {"triggerPrice": 9400}, {"orderType": "StopLimit", "side": "Buy"}),
        ({"orderTypeCase": "lower"}, {"triggerPrice": 9400}, {"orderType": "stoplimit", "side": "buy"}),
        ({"sendReduceOnlyFlag": True}, {"reduceOnly": True}, {"reduceOnly": True, "execInst": "ReduceOnly"}),
        ({"defaultTriggerBy": "mark"}, {"triggerPrice": 9400}, {"execInst": "StopOnMark"}),
    ],
    ids=str,
)
def test_open_points_are_options(options, params, fields):
    body = sent(params, **options)
    assert {name: body.get(name) for name in fields} == fields
    assert "posStopLossPrice" not in body
    assert ("orderPrice" in body) is (options.get("priceKey") != "price")


@kinds
@pytest.mark.parametrize(
    ("params", "type", "error"),
    [
        ({"postOnly": True}, "market", ccxt.InvalidOrder),
        ({"postOnly": True, "timeInForce": "IOC"}, "limit", ccxt.InvalidOrder),
        ({"triggerPrice": 9400, "timeInForce": "FOK"}, "limit", ccxt.NotSupported),
        ({"timeInForce": "FOK"}, "market", ccxt.NotSupported),
        ({"triggerPrice": 9400, "triggerPriceType": "bid"}, "limit", ccxt.NotSupported),
        ({"triggerPrice": -1}, "limit", ccxt.InvalidOrder),
        ({"triggerPrice": 10**9}, "limit", ccxt.InvalidOrder),
        ({"triggerPrice": 10**39}, "limit", ccxt.InvalidOrder),
        ({"stopLoss": {"triggerPrice": 10**39}}, "limit", ccxt.InvalidOrder),
        ({"stopLoss": {"triggerPrice": 9000, "price": 8990}}, "limit", ccxt.NotSupported),
        ({"stopLoss": {"triggerPrice": 9000, "triggerPriceType": "mark"}}, "limit", ccxt.NotSupported),
        ({"stopLoss": {}}, "limit", ccxt.ArgumentsRequired),
        ({"stopLossPrice": 9000, "reduceOnly": False}, "market", ccxt.InvalidOrder),
        ({"stopLossPrice": 9000, "triggerPrice": 9100}, "market", ccxt.InvalidOrder),
        ({"takeProfitPrice": 9900}, "market", ccxt.NotSupported),
        ({"takeProfitPrice": 9900, "stopLossPrice": 9000}, "market", ccxt.NotSupported),
        ({"clientOrderId": "a"}, "limit", ccxt.InvalidOrder),
        ({"clientOrderId": "x" * 33}, "limit", ccxt.InvalidOrder),
        ({"clientOrderId": "no@sign"}, "limit", ccxt.InvalidOrder),
        ({"clientOrderId": 5}, "limit", ccxt.InvalidOrder),
    ],
    ids=str,
)
def test_what_does_not_go_together_is_refused_before_it_is_sent(kind, params, type, error):
    exchange, wire = trading(kind)
    with pytest.raises(error, match="bitmaxfutures"):
        call(exchange, "create_order", SYMBOL, type, "sell", 0.1, 9500, params)
    assert wire.requests == []


# -- batches ----------------------------------------------------------------------------------------


def orders(count):
    return [{"symbol": SYMBOL, "type": "limit", "side": "buy", "amount": 0.1, "price": 9500}] * count


@kinds
def test_a_batch_is_ten_at_most_and_is_never_split(kind):
    exchange, wire = trading(kind)
    for method, arguments in (("create_orders", (orders(11),)), ("cancel_orders", (["x"] * 11, SYMBOL))):
        with pytest.raises(ccxt.BadRequest, match="10 orders at most"):
            call(exchange, method, *arguments)
    for method, arguments in (("create_orders", ([],)), ("cancel_orders", ([], SYMBOL))):
        with pytest.raises(ccxt.ArgumentsRequired):
            call(exchange, method, *arguments)
    assert wire.requests == []
    for method in ("create_orders", "cancel_orders"):
        order_requests.check_batch(exchange, ["x"] * 10, method)


@pytest.mark.parametrize("name", ["takeProfit", "stopLoss"])
def test_exits_have_a_price_and_the_venues_way_of_waiting_for_it(name):
    exchange, _ = trading()
    usual = {
        "triggerPrice": 9000,
        "type": "market",
        "triggerPriceType": "last",
        "priceType": "last",
        "x": None,
    }
    for wanted in (usual, 9000, {"stopPrice": 9000}):
        assert order_requests.attached_price(exchange, name, wanted) == 9000
    for odd in ({"type": "limit"}, {"triggerPriceType": "mark"}, {"priceType": "mark"}, {"price": 9000}):
        with pytest.raises(ccxt.NotSupported, match=f"does not support {name} with {next(iter(odd))}"):
            order_requests.attached_price(exchange, name, {"triggerPrice": 9000, **odd})
    with pytest.raises(ccxt.ArgumentsRequired, match=f"{name}.triggerPrice"):
        order_requests.attached_price(exchange, name, {"type": "market"})


@pytest.mark.parametrize(
    ("row", "cost"),
    [
        ({"cumFee": "-0.5"}, -0.5),
        ({"cumFee": "-0.5", "fee": "0.7", "createTime": 5}, -0.5),
        ({"fee": "-0.7", "createTime": 5}, 0.7),
        ({"fee": "0.7"}, None),
        ({}, None),
    ],
)
def test_the_fee_of_an_order_is_told_under_one_of_two_names(row, cost):
    exchange, _ = trading()
    fee = order_rows.order_fee(exchange, {**row, "feeAsset": "USDT"})
    assert fee == (None if cost is None else {"cost": cost, "currency": "USDT"})


@pytest.mark.parametrize("name", ["cumFilledQty", "fillQty", "cumQty"])
@pytest.mark.parametrize("average", ["avgFilledPx", "avgFillPrice", "avgPx"])
def test_what_was_filled_is_told_under_one_of_several_names(name, average):
    exchange, _ = trading()
    row = {name: "0.4", average: "9000", "lastExecTime": 7}
    told = dict.fromkeys(("status", "amount", "price", "average", "triggerPrice", "fee"))
    report = order_fills.report_of(
        exchange, row, {"id": "a", "filled": 0.4, "timestamp": 5, "lastUpdateTimestamp": 6, **told}
    )
    assert (str(report.filled), str(report.cost), report.touched) == ("0.4", "3600.0", 7)


@kinds
def test_one_bad_order_spoils_the_batch_before_it_is_sent(kind):
    exchange, wire = trading(kind)
    for bad in ({"amount": -1}, {"price": None}, {"params": {"cost": 1}}, {"symbol": "NO/SUCH"}):
        with pytest.raises(ccxt.BaseError):
            call(exchange, "create_orders", [*orders(1), {**orders(1)[0], **bad}])
    mine = {**orders(1)[0], "params": {"clientOrderId": "justTheSame"}}
    with pytest.raises(ccxt.InvalidOrder, match="of its own"):
        call(exchange, "create_orders", [mine, mine])
    assert wire.requests == []


@kinds
def test_a_batch_has_one_time_and_asks_for_an_acknowledgement(kind):
    exchange, wire = trading(kind, lambda request: PROFILE.documented("rest-v2-order-batch"))
    placed = call(exchange, "create_orders", orders(2))
    body = json.loads(wire.requests[0].body)
    assert [(order["time"], order["respInst"]) for order in body["orders"]] == [(NOW, "ACK")] * 2
    assert wire.requests[0].headers["x-auth-timestamp"] == str(NOW)
    assert [order["status"] for order in placed] == [None, None]


# -- ids that are known before the answer -----------------------------------------------------------


def no_answer(request):
    if request.method == "POST":
        return Answer("<html>gone</html>", 502, "text/html")
    return PROFILE.documented("rest-v2-order-status")


@kinds
def test_after_a_timeout_the_order_is_found(kind):
    exchange, wire = trading(kind, no_answer)
    exchange.options["maxRetriesOnFailure"] = 3
    with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
        call(
            exchange, "create_order", SYMBOL, "limit", "buy", 0.1, 9500, {"clientOrderId": "sampleRequestId2"}
        )
    id = "a177c2a8cfe1U0123456789equestId2"
    assert "unknown: look it up by its clientOrderId sampleRequestId2" in str(caught.value)
    assert str(caught.value).endswith(f"its id is {id}")
    assert len(wire.requests) == 1
    for arguments in ((id, SYMBOL), (None, SYMBOL, {"clientOrderId": "sampleRequestId2"})):
        call(exchange, "fetch_order", *arguments)
        assert wire.requests[-1].query == {"orderId": f"{id},"}


@kinds
def test_after_a_batch_without_an_answer_all_ids_are_told(kind):
    exchange, _ = trading(kind, no_answer)
    batch = [
        {**order, "params": {"clientOrderId": f"sampleRequestId{n}"}} for n, order in enumerate(orders(2))
    ]
    with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
        call(exchange, "create_orders", batch)
    for n in range(2):
        assert f"sampleRequestId{n}" in str(caught.value)
        assert f"a177c2a8cfe1U0123456789equestId{n}" in str(caught.value)


@kinds
def test_an_id_that_cannot_be_computed_is_not_told(kind):
    exchange, _ = trading(kind, no_answer)
    with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
        call(exchange, "create_order", SYMBOL, "limit", "buy", 0.1, 9500, {"clientOrderId": "my-own"})
    assert "clientOrderId my-own" in str(caught.value) and "its id" not in str(caught.value)
    with pytest.raises(ccxt.ArgumentsRequired, match="my-own"):
        call(exchange, "fetch_order", None, SYMBOL, {"clientOrderId": "my-own"})


@kinds
def test_an_order_of_another_process_is_found_by_its_time(kind):
    exchange, wire = trading(kind, lambda request: PROFILE.documented("rest-v2-order-status"))
    order = call(exchange, "fetch_order_with_client_order_id", "sampleRequestId2", SYMBOL, {"orderTime": NOW})
    assert wire.requests[-1].query == {"orderId": "a177c2a8cfe1U0123456789equestId2,"}
    assert order["clientOrderId"] == "sampleRequestId2"


@kinds
def test_cancelling_by_the_client_order_id(kind):
    exchange, wire = trading(kind, lambda request: PROFILE.documented("rest-v2-order-cancel"))
    call(exchange, "cancel_order", None, SYMBOL, {"clientOrderId": "sampleRequestId2", "orderTime": NOW})
    assert json.loads(wire.requests[-1].body) == {
        "orderId": "a177c2a8cfe1U0123456789equestId2",
        "symbol": "BTC-PERP",
        "time": NOW,
        "respInst": "ACCEPT",
        "id": "sampleRequestId2",
    }


@kinds
@pytest.mark.parametrize("data", [None, [], {}])
def test_an_order_that_the_venue_does_not_know(kind, data):
    exchange, _ = trading(kind, lambda request: Answer({"code": 0, "data": data}))
    with pytest.raises(ccxt.OrderNotFound):
        call(exchange, "fetch_order", "x", SYMBOL)


@kinds
def test_a_refused_time_is_renewed_with_the_orders_id(kind):
    answers = []

    def answer(request):
        if "pricing-data" in request.path:
            return PROFILE.documented("rest-v2-futures-pricing-data")
        answers.append(json.loads(request.body))
        if len(answers) == 1:
            return Answer({"code": 100011, "reason": "INVALID_TIMESTAMP"})
        return Answer("<html>gone</html>", 502, "text/html")

    exchange, wire = trading(kind, answer, adjustForTimeDifference=True)
    with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
        call(
            exchange, "create_order", SYMBOL, "limit", "buy", 0.1, 9500, {"clientOrderId": "sampleRequestId2"}
        )
    server = 1614815005717
    assert [body["time"] for body in answers] == [NOW, server]
    assert wire.requests[-1].headers["x-auth-timestamp"] == str(server)
    assert f"its id is a{server:x}U0123456789equestId2" in str(caught.value)


@kinds
def test_a_time_that_a_5xx_refuses_is_no_reason_to_send_an_order_again(kind):
    refusal = Answer({"code": 100011, "reason": "INVALID_TIMESTAMP"}, 503)
    exchange, wire = trading(kind, lambda request: refusal, adjustForTimeDifference=True)
    with pytest.raises(ccxt.InvalidNonce, match="whether this was carried out is unknown"):
        call(exchange, "create_order", SYMBOL, "limit", "buy", 0.1, 9500)
    assert len(wire.requests) == 1


def test_a_rejected_order_is_told_or_raised():
    sample = PROFILE.sample("rest-v2-order")
    sample["data"]["order"].update(status="Rejected", errorCode="PostOnlyWouldTake")
    exchange, _ = trading(answer=lambda request: Answer(sample))
    assert call(exchange, "create_order", SYMBOL, "limit", "buy", 0.1, 9500)["status"] == "rejected"
    exchange, _ = trading(answer=lambda request: Answer(sample), raiseOnRejected=True)
    with pytest.raises(ccxt.OrderImmediatelyFillable, match="PostOnlyWouldTake"):
        call(exchange, "create_order", SYMBOL, "limit", "buy", 0.1, 9500)
    sample["data"]["order"].update(errorCode="Whatever")
    with pytest.raises(ccxt.InvalidOrder, match="Whatever") as caught:
        call(exchange, "create_order", SYMBOL, "limit", "buy", 0.1, 9500)
    assert caught.type is ccxt.InvalidOrder


# -- the account ------------------------------------------------------------------------------------


class Venue:
    def __init__(self):
        self.asked = 0
        self.fails = 0
        self.group = 0

    def __call__(self, request):
        if request.path.endswith("account/info"):
            self.asked += 1
            if self.fails:
                self.fails -= 1
                return Answer({"code": 200001, "reason": "AUTHENTICATION_FAILED"}, 401)
            sample = PROFILE.sample("rest-v2-account-info")
            sample["data"]["accountGroup"] = self.group
            return Answer(sample)
        assert request.path.startswith(f"/{self.group}/api/pro/"), request.path
        return PROFILE.documented("rest-v2-futures-position")

    def exchange(self, kind, **options):
        return PROFILE.offline(kind, self, options=options)[0]


@kinds
@pytest.mark.parametrize("group", [0, 7])
def test_the_account_group_is_asked_for_once(kind, group):
    venue = Venue()
    venue.group = group
    exchange = venue.exchange(kind)
    for _ in range(3):
        call(exchange, "fetch_leverages")
    another = PROFILE.kind(kind)({**PROFILE.credentials, "urls": exchange.urls, "enableRateLimit": False})
    assert accounts.known_account(another).group == str(group)
    assert venue.asked == 1


@kinds
def test_the_option_spares_the_call(kind):
    venue = Venue()
    call(venue.exchange(kind, accountGroup=0), "fetch_leverages")
    assert venue.asked == 0


@kinds
def test_a_failure_is_not_kept(kind):
    venue = Venue()
    venue.fails = 1
    exchange = venue.exchange(kind)
    with pytest.raises(ccxt.AuthenticationError):
        call(exchange, "fetch_leverages")
    call(exchange, "fetch_leverages")
    assert venue.asked == 2


def test_twenty_coroutines_ask_once():
    venue = Venue()
    exchange = venue.exchange("async")

    async def many():
        await asyncio.gather(*(exchange.fetch_leverages() for _ in range(20)))

    exchange.many = many
    call(exchange, "many")
    assert venue.asked == 1


def test_twenty_threads_ask_once():
    venue = Venue()
    exchange = venue.exchange("sync")
    threads = [threading.Thread(target=exchange.fetch_leverages) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert venue.asked == 1


def test_the_email_is_in_no_text():
    exchange, _ = PROFILE.offline("sync", lambda request: PROFILE.documented("rest-v2-account-info"))
    assert "gmail" not in exchange.redact(json.dumps(PROFILE.sample("rest-v2-account-info")))


# -- what is calculated -----------------------------------------------------------------------------


def contract(**changes):
    row = PROFILE.sample("rest-v2-futures-position")["data"]["contracts"][0]
    return {**row, **changes}


@pytest.mark.parametrize(
    ("row", "liquidation"),
    [
        (
            {"side": "LONG", "position": "0.5", "isolatedMargin": "1000", "unrealizedPnl": "-100"},
            18309.859154929577,
        ),
        (
            {"side": "SHORT", "position": "-0.5", "isolatedMargin": "1000", "unrealizedPnl": "-100"},
            21669.980119284294,
        ),
        ({"side": "LONG", "position": "3", "isolatedMargin": "1000", "unrealizedPnl": "0"}, 19905.5330634278),
    ],
)
def test_liquidation_price(row, liquidation):
    sample = PROFILE.sample("rest-v2-futures-position")
    sample["data"]["contracts"] = [contract(marginType="isolated", markPrice="20000", **row)]
    exchange, _ = trading(answer=lambda request: Answer(sample))
    [position] = call(exchange, "fetch_positions")
    assert position["liquidationPrice"] == pytest.approx(liquidation, rel=1e-12)
    assert (position["marginMode"], position["collateral"]) == ("isolated", 1000)


def test_margin_of_the_crossed_group():
    exchange, _ = trading()
    group = positions.crossed_group(exchange, PROFILE.sample("rest-v2-futures-position"), [])
    assert group == {"margin": "228251.7344374", "unrealized": "0", "maintenance": "0"}


def test_flat_positions_are_shown_when_asked_for():
    sample = PROFILE.sample("rest-v2-futures-position")
    sample["data"]["contracts"] = [contract(side="NULL_VAL", position="0")]
    exchange, _ = trading(answer=lambda request: Answer(sample))
    assert call(exchange, "fetch_positions") == []
    [flat] = call(exchange, "fetch_positions", None, {"includeFlat": True})
    assert (flat["contracts"], flat["side"]) == (0, None)
    assert call(exchange, "fetch_position", SYMBOL)["contracts"] == 0


def test_months_end_where_months_end():
    exchange, wire = trading(answer=lambda request: PROFILE.documented("rest-v1-barhist-futures"))
    march, february, january = 1583020800000, 1580515200000, 1577836800000
    for since, count, to in ((february, 1, march - 1), (january, 2, march - 1)):
        call(exchange, "fetch_ohlcv", SYMBOL, "1M", since, count)
        assert wire.requests[-1].query["to"] == str(to)
        assert wire.requests[-1].query["interval"] == "1m"


@pytest.mark.parametrize("leverage", [0, 101, 1.5, -1, "x", None, True, float("nan")])
def test_leverage_that_is_none(leverage):
    exchange, wire = trading()
    with pytest.raises(ccxt.BadRequest):
        call(exchange, "set_leverage", leverage, SYMBOL)
    assert wire.requests == []


@pytest.mark.parametrize(
    ("source", "target"), [("spot", "cash"), ("swap", "futures"), ("margin", "swap"), ("x", "swap")]
)
def test_transfers_that_go_nowhere(source, target):
    exchange, wire = trading()
    with pytest.raises(ccxt.BadRequest):
        call(exchange, "transfer", "USDT", 1, source, target)
    assert wire.requests == []


@pytest.mark.parametrize("amount", [0, -1, "x", None, True, float("inf")])
def test_money_that_is_none(amount):
    exchange, wire = trading()
    for method, arguments in (
        ("transfer", ("USDT", amount, "spot", "swap")),
        ("add_margin", (SYMBOL, amount)),
    ):
        with pytest.raises(ccxt.BadRequest):
            call(exchange, method, *arguments)
    assert wire.requests == []


@kinds
def test_an_order_has_the_exits_of_no_other(kind):
    exchange, wire = trading(kind)
    place = "create_order_with_take_profit_and_stop_loss"
    own = {"timeInForce": "GTC"}
    call(exchange, place, SYMBOL, "limit", "buy", 0.1, 9500, 9900, 9000)
    call(exchange, place, SYMBOL, "limit", "buy", 0.1, 9500, None, 9100)
    call(exchange, place, SYMBOL, "limit", "buy", 0.1, 9500, 9800, None, own)
    bodies = [json.loads(request.body) for request in wire.requests if request.method == "POST"]
    exits = [(body.get("posTakeProfitPrice"), body.get("posStopLossPrice")) for body in bodies]
    assert exits == [("9900", "9000"), (None, "9100"), ("9800", None)]
    assert own == {"timeInForce": "GTC"}
