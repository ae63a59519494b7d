"""bitmaxfutures' editOrder: what is filled is not placed again, and nothing of the old order is lost."""

import json

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from tests.venues.bitmaxfutures.other_end import PRIVATE, UID, Bitmax
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitmaxfutures"]
SYMBOL = "BTC/USDT:USDT"
OPTIONS = {"accountGroup": 0, "userUID": UID}
OLD = "a177cOld"

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


class Venue:
    """Has one order, which fills up to `later` before it is cancelled."""

    def __init__(self, later="0", refuses=None, cancels="Canceled", last="30000", **row):
        self.row = {
            **PROFILE.sample("rest-v2-order-status")["data"],
            **{"orderId": OLD, "symbol": "BTC-PERP", "side": "Buy", "orderType": "Limit", "price": "9500"},
            **{"orderQty": "1.0", "cumFilledQty": "0", "avgFilledPx": "0", "status": "New", "seqNum": 5},
            **{"stopPrice": "0", "execInst": "NULL_VAL", "posStopLossPrice": "0", "posTakeProfitPrice": "0"},
            **row,
        }
        self.later = later
        self.refuses = refuses
        self.cancels = cancels
        self.last = last

    def __call__(self, request):
        if request.path.endswith("ticker"):
            return Answer({"code": 0, "data": {"symbol": "BTC-PERP", "close": self.last}})
        if request.method == "GET":
            return Answer({"code": 0, "data": [self.row]})
        if request.method == "DELETE":
            self.row = {**self.row, "status": self.cancels, "cumFilledQty": self.later}
            return Answer({"code": 0, "data": {"meta": {}, "order": self.row}})
        sent = json.loads(request.body)
        if self.refuses:
            return Answer(self.refuses)
        row = {**self.row, "orderId": "a177cNew", "status": "New", "cumFilledQty": "0"}
        row.update({name: sent[name] for name in ("orderQty", "orderType", "side")})
        meta = {"id": sent["id"], "respInst": "ACCEPT"}
        return Answer({"code": 0, "data": {"meta": meta, "order": row}})


def edited(kind, venue, *args, **options):
    exchange, wire = PROFILE.offline(kind, venue, options={**OPTIONS, **options})
    new = call(exchange, "edit_order", OLD, SYMBOL, *args)
    return new, json.loads(wire.requests[-1].body)


def refused(kind, venue, error, match, *args):
    """The error of an edit that sends nothing but questions."""
    exchange, wire = PROFILE.offline(kind, venue, options=OPTIONS)
    with pytest.raises(error, match=match) as caught:
        call(exchange, "edit_order", OLD, SYMBOL, *args)
    assert {request.method for request in wire.requests} <= {"GET"}
    return caught.value


@kinds
def test_what_is_filled_is_not_placed_again(kind):
    new, sent = edited(kind, Venue("0.6", cumFilledQty="0.6"), "limit", "buy", 1.0, 9600)
    assert (sent["orderQty"], sent["orderPrice"]) == ("0.4", "9600")
    assert (new["id"], new["amount"]) == ("a177cNew", 0.4)


@kinds
def test_what_is_filled_until_it_is_cancelled_counts(kind):
    _, sent = edited(kind, Venue("0.75"), "limit", "buy", 2, 9600)
    assert sent["orderQty"] == "1.25"


@kinds
def test_what_is_not_named_stays(kind):
    _, sent = edited(kind, Venue("0.5", cumFilledQty="0.5"), "limit", "buy")
    assert (sent["orderQty"], sent["orderPrice"]) == ("0.5", "9500")
    _, sent = edited(kind, Venue(execInst="PostReduceOnly"), "limit", "buy", None, 9400)
    assert (sent["postOnly"], sent["execInst"]) == (True, "PostReduceOnly")
    _, sent = edited(kind, Venue(posStopLossPrice="9000", posTakeProfitPrice="9900"), "limit", "buy", 2)
    assert (sent["posStopLossPrice"], sent["posTakeProfitPrice"]) == ("9000", "9900")


@kinds
@pytest.mark.parametrize(
    ("execution", "sent"),
    [
        ("NULL_VAL", None),
        ("StopOnMarket", "StopOnMarket"),
        ("ReduceOnlyMarket", "ReduceOnlyMarket"),
        ("ReduceOnlyMark", "ReduceOnlyMark"),
        ("PostReduceRef", "PostReduceRef"),
    ],
)
def test_a_stop_stays_one(kind, execution, sent):
    """Without its trigger it would trade at once."""
    stop = {"orderType": "StopLimit", "stopPrice": "9400", "status": "PendingNew", "side": "Sell"}
    venue = Venue(execInst=execution, **stop)
    venue_prices = {"symbol": "BTC-PERP", "markPrice": "9600", "indexPrice": "9600"}

    def answer(request):
        if request.path.endswith("pricing-data"):
            return Answer({"code": 0, "data": {"contracts": [venue_prices]}})
        return venue(request)

    _, body = edited(kind, answer, "limit", "sell", 0.5, 9350)
    assert (body["orderType"], body["stopPrice"], body.get("execInst")) == ("StopLimit", "9400", sent)
    assert "postOnly" not in body
    venue.row["status"] = "PendingNew"
    _, body = edited(kind, answer, "limit", "sell", 0.5, 9350, {"triggerPrice": 9300})
    assert (body["stopPrice"], body.get("execInst")) == ("9300", sent)


@kinds
def test_a_stop_at_the_market_stays_one(kind):
    stop = {"orderType": "StopMarket", "stopPrice": "9400", "status": "PendingNew", "side": "Sell"}
    _, body = edited(kind, Venue(execInst="ReduceOnlyMarket", price="0", **stop), "market", "sell", 0.5)
    assert (body["orderType"], body["stopPrice"]) == ("StopMarket", "9400")
    assert body["execInst"] == "ReduceOnlyMarket" and "orderPrice" not in body


@kinds
def test_a_stop_that_has_filled_waits_no_more(kind):
    stop = {"orderType": "StopLimit", "stopPrice": "9400", "status": "PartiallyFilled", "side": "Sell"}
    venue = Venue("0.5", cumFilledQty="0.5", execInst="ReduceOnlyMarket", **stop)
    _, body = edited(kind, venue, "limit", "sell", 1, 9350)
    assert (body["orderType"], body["execInst"], body["orderQty"]) == ("limit", "ReduceOnly", "0.5")
    assert "stopPrice" not in body


@kinds
def test_what_is_named_goes_before_what_was(kind):
    _, sent = edited(kind, Venue(execInst="PostReduceOnly"), "limit", "buy", 1, 9400, {"postOnly": False})
    assert "postOnly" not in sent and sent["execInst"] == "ReduceOnly"
    _, sent = edited(kind, Venue(execInst="Post"), "limit", "buy", 1, 9400, {"timeInForce": "IOC"})
    assert "postOnly" not in sent and sent["timeInForce"] == "IOC"
    _, sent = edited(
        kind, Venue(posStopLossPrice="9000"), "limit", "buy", 1, 9400, {"stopLoss": {"triggerPrice": 9100}}
    )
    assert sent["posStopLossPrice"] == "9100"


@kinds
@pytest.mark.parametrize(
    "execution", ["PosStopMkt", "OpenStopMkt", "OpenPostStopRef", "InternalPost", "Liquidation"]
)
def test_what_cannot_be_placed_anew_is_not_cancelled(kind, execution):
    refused(kind, Venue(execInst=execution), ccxt.NotSupported, execution, "limit", "buy", 1, 9400)


@kinds
def test_what_is_known_to_be_wrong_is_found_before_anything_is_cancelled(kind):
    filled = {"cumFilledQty": "0.6"}
    refused(kind, Venue(**filled), ccxt.InvalidOrder, "nothing is left", "limit", "buy", 0.6, 9400)
    refused(kind, Venue(**filled), ccxt.InvalidOrder, "minimum", "limit", "buy", 0.6000000001, 9400)
    refused(kind, Venue(), ccxt.InvalidOrder, "cannot become 'sell'", "limit", "sell", 1, 9400)
    refused(kind, Venue(), ccxt.InvalidOrder, "positive", "limit", "buy", -1, 9400)
    refused(kind, Venue(status="Filled"), ccxt.OrderNotFound, "closed", "limit", "buy", 1, 9400)
    refused(kind, Venue(execInst="Post"), ccxt.InvalidOrder, "post-only", "market", "buy", 1)
    stop = {"orderType": "StopLimit", "stopPrice": "9400", "status": "PendingNew", "side": "Sell"}
    refused(kind, Venue(last="9300", **stop), ccxt.InvalidOrder, "at once", "limit", "sell", 1, 9400)


@kinds
def test_a_client_id_that_was_sent_before_is_found_before_anything_is_cancelled(kind):
    exchange, wire = PROFILE.offline(kind, Venue(), options=OPTIONS)
    mine = {"clientOrderId": "mineAlready1"}
    call(exchange, "create_order", SYMBOL, "limit", "buy", 1, 9500, mine)
    with pytest.raises(ccxt.DuplicateOrderId, match="mineAlready1"):
        call(exchange, "edit_order", OLD, SYMBOL, "limit", "buy", 1, 9400, mine)
    assert "DELETE" not in [request.method for request in wire.requests]


@kinds
def test_if_the_second_half_fails_the_error_says_that_the_first_is_done(kind):
    venue = Venue("0.6", cumFilledQty="0.6", refuses={"code": 320008, "reason": "FUTURES_TOO_RISKY"})
    with pytest.raises(ccxt.InsufficientFunds) as caught:
        edited(kind, venue, "limit", "buy", 1.0, 9600)
    assert f"the order {OLD} was cancelled before that, with 0.6 of 1 filled" in str(caught.value)
    assert caught.value.canceled_order_id == OLD
    assert not hasattr(caught.value, "outcome")


@kinds
def test_if_the_end_of_the_first_cannot_be_seen_the_error_says_that_it_was_cancelled(kind):
    venue = Venue(cancels="PendingCancel")

    def answer(request):
        seen = request.method == "GET" and venue.row["status"] == "PendingCancel"
        return Answer({"error": "busy"}, 503) if seen else venue(request)

    exchange, wire = PROFILE.offline(kind, answer, options=OPTIONS)
    with pytest.raises(ccxt.ExchangeNotAvailable, match=f"taken a cancel of the order {OLD}") as caught:
        call(exchange, "edit_order", OLD, SYMBOL, "limit", "buy", 1.0, 9600)
    assert caught.value.canceled_order_id == OLD
    assert (caught.value.outcome, caught.value.order_id) == ("unknown", OLD)
    assert "POST" not in [request.method for request in wire.requests]


@kinds
@pytest.mark.parametrize("answer", [Answer("<html>busy</html>", 502), Answer({"code": 0, "data": {}})])
def test_if_the_cancel_has_no_clear_answer_nothing_is_placed_and_the_error_says_so(kind, answer):
    venue = Venue()
    exchange, wire = PROFILE.offline(
        kind, lambda request: answer if request.method == "DELETE" else venue(request), options=OPTIONS
    )
    with pytest.raises(ccxt.OperationFailed, match=f"whether order {OLD} was cancelled is unknown") as caught:
        call(exchange, "edit_order", OLD, SYMBOL, "limit", "buy", 1.0, 9600)
    assert str(caught.value).endswith("; no order was placed in its place")
    assert (caught.value.outcome, caught.value.order_id) == ("unknown", OLD)
    assert not hasattr(caught.value, "canceled_order_id")
    assert "POST" not in [request.method for request in wire.requests]


@kinds
def test_if_its_outcome_is_unknown_the_error_says_both(kind):
    venue = Venue(refuses={"code": 100101, "reason": "UNKNOWN_ERROR"})
    with pytest.raises(ccxt.OperationFailed, match=f"unknown.*{OLD} was cancelled before") as caught:
        edited(kind, venue, "limit", "buy", 1.0, 9600, {"clientOrderId": "mineAlready2"})
    assert (caught.value.outcome, caught.value.client_order_id) == ("unknown", "mineAlready2")
    assert caught.value.canceled_order_id == OLD


@kinds
def test_an_order_that_filled_too_far_meanwhile_is_not_placed_beyond_its_amount(kind):
    exchange, wire = PROFILE.offline(kind, Venue("1.0"), options=OPTIONS)
    with pytest.raises(ccxt.InvalidOrder, match=f"nothing is left.*{OLD} was cancelled before") as caught:
        call(exchange, "edit_order", OLD, SYMBOL, "limit", "buy", 1.0, 9600)
    assert caught.value.canceled_order_id == OLD
    assert "POST" not in [request.method for request in wire.requests]


@kinds
@pytest.mark.parametrize(("status", "error"), [("Filled", ccxt.OrderNotFound), ("New", ccxt.OperationFailed)])
def test_nothing_is_placed_beside_an_order_that_is_not_cancelled(kind, status, error):
    exchange, wire = PROFILE.offline(kind, Venue(cancels=status), options=OPTIONS)
    with pytest.raises(error) as caught:
        call(exchange, "edit_order", OLD, SYMBOL, "limit", "buy", 1.0, 9600)
    assert getattr(caught.value, "order_id", None) == (OLD if status == "New" else None)
    assert "POST" not in [request.method for request in wire.requests]


async def test_over_the_socket_a_cancel_without_an_answer_places_nothing_either():
    venue = Venue()
    async with Bitmax({"order/status": lambda request: {"code": 0, "data": [venue.row]}}) as bitmax:
        task = await bitmax.watch("edit_order_ws", OLD, SYMBOL, "limit", "buy", 1.0, 9600)
        await bitmax.sign_on()
        await bitmax.lose(PRIVATE)
        with pytest.raises(ccxt.NetworkError, match="; no order was placed in its place") as caught:
            await task
        assert (caught.value.outcome, caught.value.order_id) == ("unknown", OLD)


async def test_the_same_over_the_socket():
    venue = Venue("0.6", cumFilledQty="0.25", execInst="ReduceOnly")
    async with Bitmax({"order/status": lambda request: {"code": 0, "data": [venue.row]}}) as bitmax:
        task = await bitmax.watch("edit_order_ws", OLD, SYMBOL, "limit", "buy", 1.0, 9600)
        (cancel,) = await bitmax.sign_on()
        assert (cancel["action"], cancel["args"]["orderId"]) == ("cancel-order", OLD)
        venue.row = {**venue.row, "status": "Canceled", "cumFilledQty": "0.6"}
        await bitmax.say({"m": "order", "id": cancel["id"], "code": 0, "info": {"orderId": OLD}}, url=PRIVATE)
        (place,) = bitmax.sent_to(PRIVATE)
        assert (place["args"]["orderQty"], place["args"]["execInst"]) == ("0.4", "ReduceOnly")
        refusal = {"m": "order", "id": place["id"], "code": 320008, "info": {"reason": "FUTURES_TOO_RISKY"}}
        await bitmax.say(refusal, url=PRIVATE)
        with pytest.raises(ccxt.InsufficientFunds, match=f"{OLD} was cancelled before") as caught:
            await task
        assert caught.value.canceled_order_id == OLD
