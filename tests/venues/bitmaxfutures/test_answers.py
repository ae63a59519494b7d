"""bitmaxfutures: what is told of an order that was just placed, and orders that would trade too soon."""

import json

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from tests.venues.bitmaxfutures.other_end import UID, Bitmax
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitmaxfutures"]
SYMBOL, OTHER = "BTC/USDT:USDT", "ETH/USDT:USDT"
OPTIONS = {"accountGroup": 0, "userUID": UID}

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


class Venue:
    """Places what comes; `told` is what it says of that, `state` what becomes of it."""

    def __init__(self, respond="DONE", told=(), state=None, prices=()):
        self.respond = respond
        self.told = {"status": "New", "cumFilledQty": "0", "avgFilledPx": "0", **dict(told)}
        self.state = state
        self.prices = {"close": "9500", "markPrice": "9500", "indexPrice": "9500", **dict(prices)}
        self.row = PROFILE.sample("rest-v2-order-status")["data"]

    def __call__(self, request):
        if request.path.endswith("/ticker"):
            return Answer({"code": 0, "data": {"symbol": request.query["symbol"], **self.prices}})
        if request.path.endswith("pricing-data"):
            return Answer({"code": 0, "data": {"contracts": [{"symbol": "BTC-PERP", **self.prices}]}})
        if request.method == "GET":
            if isinstance(self.state, Answer):
                return self.state
            rows = [{**self.row, "orderId": "a177cNew", **self.state}] if self.state else []
            return Answer({"code": 0, "data": rows})
        sent = json.loads(request.body)
        sent = sent["orders"][0] if "orders" in sent else sent
        names = ("symbol", "side", "orderType", "orderQty", "stopPrice")
        row = {"orderId": "a177cNew", "seqNum": -1 if self.respond == "ACK" else 7, **self.told}
        row.update({name: sent[name] for name in names if name in sent})
        meta = {"id": sent["id"], "respInst": self.respond}
        if request.path.endswith("batch"):
            row = {"id": sent["id"], "orderId": "a177cNew", "symbol": sent["symbol"], "timestamp": 1}
            return Answer({"code": 0, "data": {"meta": meta, "orders": [row]}})
        return Answer({"code": 0, "data": {"meta": meta, "order": row}})


def placed(kind, venue, params=(), type="limit", side="buy", amount=0.1, **options):
    exchange, wire = PROFILE.offline(kind, venue, options=OPTIONS)
    exchange.options = exchange.deep_extend(exchange.options, options)
    order = call(exchange, "create_order", SYMBOL, type, side, amount, 9500, dict(params))
    posted = [json.loads(request.body) for request in wire.requests if request.method == "POST"]
    return order, posted[0], [request.path.rpartition("/")[2] for request in wire.requests]


def state(order):
    return tuple(order[name] for name in ("status", "filled", "remaining", "average", "cost"))


FILLED = {
    "status": "Filled",
    "cumFilledQty": "0.1",
    "avgFilledPx": "9400",
    "cumFee": "0.94",
    "orderQty": "0.1",
}


# -- what became of an order ------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize("in_force", ["IOC", "FOK"])
def test_what_is_over_at_once_is_told_as_it_ended(kind, in_force):
    order, sent, asked = placed(kind, Venue(told=FILLED), {"timeInForce": in_force})
    assert sent["respInst"] == "DONE"
    assert state(order) == ("closed", 0.1, 0.0, 9400.0, 940.0)
    order, _, _ = placed(kind, Venue(told={"status": "Canceled"}), {"timeInForce": in_force})
    assert state(order)[:3] == ("canceled", 0.0, 0.1)
    assert asked == ["order"]


@kinds
def test_an_acknowledgement_tells_nothing_and_one_look_tells_it(kind):
    """Who waits for DONE may get no more than that, if nothing came of the order in time."""
    nothing = (None, None, None, None, None)
    order, _, asked = placed(kind, Venue("ACK"), type="market", createOrder={"lookUp": False})
    assert (state(order), asked) == (nothing, ["order"])
    order, _, asked = placed(kind, Venue("ACK", state={**FILLED, "seqNum": 9}), type="market")
    assert (state(order), asked) == (("closed", 0.1, 0.0, 9400.0, 940.0), ["order", "status"])
    assert order["fee"]["cost"] == 0.94 and len(order["clientOrderId"]) == 32


@kinds
@pytest.mark.parametrize(
    "unknown", [None, Answer({"code": 100002, "reason": "DATA_NOT_AVAILABLE"}), Answer("", 502)]
)
def test_if_the_look_tells_nothing_the_order_is_placed_all_the_same(kind, unknown):
    order, _, _ = placed(kind, Venue("ACK", state=unknown), type="market")
    assert order["id"] == "a177cNew" and state(order) == (None,) * 5


@kinds
def test_an_accepted_order_may_have_filled_since(kind):
    order, _, asked = placed(kind, Venue("ACCEPT"))
    assert (state(order), asked) == (("open", None, None, None, None), ["order"])
    order, _, asked = placed(kind, Venue("ACCEPT", state=FILLED), createOrder={"lookUp": "always"})
    assert (state(order), asked) == (("closed", 0.1, 0.0, 9400.0, 940.0), ["order", "status"])
    # What rests cannot have.
    order, _, _ = placed(kind, Venue("ACCEPT"), {"postOnly": True}, createOrder={"lookUp": "always"})
    assert state(order)[:3] == ("open", 0.0, 0.1)


@kinds
def test_a_rejection_that_the_look_finds_is_raised_if_that_is_wanted(kind):
    rejected = Venue("ACK", state={"status": "Rejected", "errorCode": "Whatever"})
    assert placed(kind, rejected, type="market")[0]["status"] == "rejected"
    with pytest.raises(ccxt.InvalidOrder, match="Whatever"):
        placed(kind, rejected, type="market", raiseOnRejected=True)


@kinds
def test_a_batch_is_looked_up_if_that_is_wanted(kind):
    batch = [{"symbol": SYMBOL, "type": "limit", "side": "buy", "amount": 0.1, "price": 9500}]
    for params, told in (({}, None), ({"lookUp": True}, "closed")):
        exchange, _ = PROFILE.offline(kind, Venue("ACK", state=FILLED), options=OPTIONS)
        assert [order["status"] for order in call(exchange, "create_orders", batch, params)] == [told]


@kinds
def test_lists_leave_open_what_a_row_does_not_tell(kind):
    row = {**PROFILE.sample("rest-v2-order-open")["data"][0], "seqNum": -1, "status": "New"}
    exchange, _ = PROFILE.offline(
        kind, lambda request: Answer({"code": 0, "data": [row] * 9}), options=OPTIONS
    )
    for order in call(exchange, "fetch_open_orders", SYMBOL):
        assert state(order) == (None,) * 5 and order["fee"] is None


# -- what would be triggered at once ----------------------------------------------------------------


AT_ONCE = [
    ("sell", {"triggerPrice": 9600}),
    ("sell", {"triggerPrice": 9500}),
    ("buy", {"triggerPrice": 9400}),
    ("buy", {"stopPrice": 9500}),
    ("sell", {"stopLossPrice": 9600}),
    ("sell", {"triggerPrice": 9600, "triggerPriceType": "mark"}),
    ("sell", {"triggerPrice": 9600, "triggerPriceType": "index", "reduceOnly": True}),
]


@kinds
@pytest.mark.parametrize(("side", "params"), AT_ONCE)
def test_what_would_be_triggered_at_once_is_not_sent(kind, side, params):
    exchange, wire = PROFILE.offline(kind, Venue(), options=OPTIONS)
    for type in ("limit", "market"):
        with pytest.raises(ccxt.InvalidOrder, match="at once, as the price is 9500"):
            call(exchange, "create_order", SYMBOL, type, side, 0.1, 9500, params)
    batch = [
        {"symbol": SYMBOL, "type": "limit", "side": side, "amount": 0.1, "price": 9500, "params": params}
    ]
    with pytest.raises(ccxt.InvalidOrder, match="at once"):
        call(exchange, "create_orders", batch)
    assert {request.method for request in wire.requests} == {"GET"}
    # Unless that is what is wanted.
    for wanted in ({**params, "immediateTrigger": True}, params):
        _, sent, asked = placed(kind, Venue(), wanted, side=side, createOrder={"immediateTrigger": True})
        assert sent["orderType"] == "StopLimit" and "immediateTrigger" not in sent
        assert asked == ["order"]


@kinds
@pytest.mark.parametrize(
    ("prices", "by", "fine"),
    [
        ({"close": "9700"}, None, True),
        ({"close": "9700"}, "last", True),
        ({"close": "9700"}, "mark", False),
        ({"markPrice": "9700"}, "mark", True),
        ({"markPrice": "9700"}, "index", False),
        ({"indexPrice": "9700"}, "index", True),
        ({"indexPrice": "9700"}, None, False),
        ({"close": "0"}, None, True),  # there is no price that could trigger it
        ({"markPrice": "-1"}, "mark", True),
    ],
)
def test_it_is_the_price_that_triggers_the_order_which_counts(kind, prices, by, fine):
    params = {"triggerPrice": 9600} if by is None else {"triggerPrice": 9600, "triggerPriceType": by}
    if fine:
        assert placed(kind, Venue(prices=prices), params, side="sell")[1]["stopPrice"] == "9600"
        return
    with pytest.raises(ccxt.InvalidOrder, match="at once"):
        placed(kind, Venue(prices=prices), params, side="sell")


@kinds
def test_a_stop_loss_closes_and_waits(kind):
    """What ccxt's createStopLossOrder passes on other exchanges, and what it passes here."""
    for method, args in (
        ("create_order", (SYMBOL, "market", "sell", 0.1, None, {"stopLossPrice": 9400})),
        ("create_stop_loss_order", (SYMBOL, "market", "sell", 0.1, None, 9400)),
    ):
        exchange, wire = PROFILE.offline(kind, Venue(), options=OPTIONS)
        order = call(exchange, method, *args)
        sent = json.loads(wire.requests[-1].body)
        assert (sent["orderType"], sent["stopPrice"]) == ("StopMarket", "9400")
        assert sent["execInst"] == "ReduceOnlyMarket" and "posStopLossPrice" not in sent
        assert (order["triggerPrice"], order["reduceOnly"]) == (9400.0, True)


async def test_over_the_socket_nothing_is_triggered_at_once_either():
    last = {"code": 0, "data": {"symbol": "BTC-PERP", "close": "9500"}}
    async with Bitmax({"ticker": last}) as venue:
        with pytest.raises(ccxt.InvalidOrder, match="at once"):
            await venue.exchange.create_order_ws(SYMBOL, "market", "sell", 0.1, None, {"stopLossPrice": 9600})
        assert venue.connections == []
        params = {"stopLossPrice": 9600, "immediateTrigger": True}
        task = await venue.watch("create_order_ws", SYMBOL, "market", "sell", 0.1, None, params)
        (request,) = await venue.sign_on()
        assert request["args"]["stopPrice"] == "9600" and "immediateTrigger" not in request["args"]
        task.cancel()


# -- the answer to a cancel -------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize("data", [{}, {"order": []}, {"orders": {}}, None], ids=json.dumps)
@pytest.mark.parametrize("method", ["cancel_order", "cancel_orders"])
def test_an_odd_answer_to_a_cancel_leaves_open_whether_it_worked(kind, data, method):
    exchange, _ = PROFILE.offline(kind, lambda request: Answer({"code": 0, "data": data}), options=OPTIONS)
    one = method == "cancel_order"
    with pytest.raises(ccxt.BadResponse, match="cancelled is unknown") as caught:
        call(exchange, method, "a177cOne" if one else ["a177cOne", "a177cTwo"], SYMBOL)
    assert (caught.value.outcome, caught.value.order_id) == ("unknown", "a177cOne" if one else None)
