"""bitmaxfutures' rows: what an order and a position tell under this or that name, field by field."""

from decimal import Decimal

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer
from ccxt_ext.venue.keys.shared import Memory
from ccxt_ext.venues.bitmaxfutures import edits, margins, order_answers, order_fills, order_requests
from ccxt_ext.venues.bitmaxfutures.fills import Mark, Report, marks_of
from ccxt_ext.venues.bitmaxfutures.sent_orders import SentOrders
from ccxt_ext.venues.bitmaxfutures.streams.order_desk import OrderDesk
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitmaxfutures"]
SYMBOL = "BTC/USDT:USDT"


@pytest.fixture(scope="module")
def exchange():
    options = {"accountGroup": 0, "userUID": "U0123456789"}
    return PROFILE.offline("sync", lambda request: Answer([]), options=options)[0]


def parsed(exchange, **told):
    row = {"orderId": "a1", "symbol": "BTC-PERP", "side": "Buy", "orderType": "Limit", "seqNum": 5, "time": 9}
    return exchange.parse_order({**row, "orderQty": "1", "price": "9000", "status": "New", **told})


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("New", "open"),
        ("PartiallyFilled", "open"),
        ("PendingNew", "open"),
        ("Ready", "open"),
        ("Filled", "closed"),
        ("Canceled", "canceled"),
        ("Cancelled", "canceled"),
        ("Rejected", "rejected"),
        ("Reject", "rejected"),
        ("Odd", None),
    ],
)
def test_statuses(exchange, word, status):
    assert parsed(exchange, status=word)["status"] == status


NAMES = pytest.mark.parametrize("name", ["cumFilledQty", "fillQty", "cumQty"])


@NAMES
@pytest.mark.parametrize("average", ["avgFilledPx", "avgFillPrice", "avgPx"])
def test_what_was_filled_and_at_what_price(exchange, name, average):
    order = parsed(exchange, **{name: "0.4", average: "8900", "lastExecTime": 12})
    assert (order["filled"], order["remaining"], order["average"], order["cost"]) == (0.4, 0.6, 8900, 3560)
    assert (order["timestamp"], order["lastTradeTimestamp"]) == (9, 12)


@pytest.mark.parametrize(
    ("told", "open", "touched"),
    [
        ({"status": "New"}, True, 9),
        ({"status": "New", "lastExecTime": 12}, True, 12),
        ({"status": "PartiallyFilled", "cumFilledQty": "0.4", "lastExecTime": 13}, True, 13),
        ({"status": "Filled", "cumFilledQty": "1", "lastExecTime": 14}, False, 14),
        ({"status": "Canceled", "lastExecTime": 15}, False, 15),
        ({"status": "Rejected"}, False, 9),
    ],
)
def test_what_a_report_tells_of_an_order(exchange, told, open, touched):
    row = {"orderId": "a1", "symbol": "BTC-PERP", "side": "Buy", "orderType": "Limit", "seqNum": 5, "time": 9}
    row = {**row, "orderQty": "1", "price": "9000", **told}
    report = order_fills.report_of(exchange, row, exchange.parse_order(row))
    assert (report.id, report.open, report.touched) == ("a1", open, touched)
    assert str(report.filled) == told.get("cumFilledQty", "0")


@pytest.mark.parametrize("name", ["orderPrice", "price"])
def test_a_new_order_has_what_was_asked_for(exchange, name):
    request = {"id": "abcdefghi", "orderType": "Limit", "side": "Buy", "orderQty": "1", name: "9000"}
    row = {"orderId": "a1", "symbol": "BTC-PERP", "seqNum": -1}
    order = order_answers.new_order(exchange, row, request, exchange.market(SYMBOL))
    told = {field: order[field] for field in ("id", "clientOrderId", "type", "side", "amount", "price")}
    assert told == {
        "id": "a1",
        "clientOrderId": "abcdefghi",
        "type": "limit",
        "side": "buy",
        "amount": 1,
        "price": 9000,
    }


@pytest.mark.parametrize(
    ("told", "side"),
    [
        ({"side": "LONG", "position": "0.5"}, "long"),
        ({"side": "LONG", "position": "0"}, "long"),
        ({"side": "SHORT", "position": "-0.5"}, "short"),
        ({"side": "short", "position": "0"}, "short"),
        ({"side": "", "position": "0.5"}, "long"),
        ({"side": "", "position": "-0.5"}, "short"),
        ({"side": "", "position": "0"}, None),
    ],
)
def test_the_side_of_a_position(exchange, told, side):
    row = PROFILE.sample("rest-v2-futures-position")["data"]["contracts"][0]
    assert exchange.parse_position({**row, "symbol": "BTC-PERP", **told})["side"] == side


@pytest.mark.parametrize("mode", ["isolated", "crossed"])
def test_the_margin_mode_of_a_position(exchange, mode):
    row = PROFILE.sample("rest-v2-futures-position")["data"]["contracts"][0]
    told = {"side": "LONG", "position": "0.5", "marginType": mode, "isolatedMargin": "1000"}
    position = exchange.parse_position({**row, "symbol": "BTC-PERP", **told})
    assert position["isolated"] is (mode == "isolated")
    assert position["marginMode"] == {"isolated": "isolated", "crossed": "cross"}[mode]
    assert (position["collateral"] == 1000) is (mode == "isolated")


@pytest.mark.parametrize(("told", "most"), [(50, 50), (200, 100), (None, 100)])
def test_the_highest_leverage(exchange, told, most):
    limits = exchange.market(SYMBOL)["limits"]["leverage"]
    kept, limits["max"] = limits["max"], told
    try:
        for leverage in (1, most):
            assert margins.leverage_request(exchange, leverage, SYMBOL, {}) == {
                "symbol": "BTC-PERP",
                "leverage": leverage,
            }
        for leverage in (0, most + 1, 1.5, True, "x", None, float("inf")):
            with pytest.raises(ccxt.BadRequest, match=f"whole number from 1 to {most}"):
                margins.leverage_request(exchange, leverage, SYMBOL, {})
    finally:
        limits["max"] = kept


def test_an_odd_kind_of_order_may_be_placed_anew_as_what_is_named(exchange):
    old = {**parsed(exchange), "info": {"execInst": "InternalPost"}}
    with pytest.raises(ccxt.NotSupported, match="cannot be placed anew"):
        edits.kept_params(exchange, old, {"execInst": None})
    assert edits.kept_params(exchange, old, {"execInst": "Post"}) == {}


# As the venue tabulates them: no trigger, then one by the last price, the mark price and the index.
EXECUTIONS = {
    (False, False): (None, "StopOnMarket", "StopOnMark", "StopOnRef"),
    (True, False): (None, "PostStopMarket", "PostStopMark", "PostStopRef"),
    (False, True): ("ReduceOnly", "ReduceOnlyMarket", "ReduceOnlyMark", "ReduceOnlyRef"),
    (True, True): ("PostReduceOnly", "PostReduceMarket", "PostReduceMark", "PostReduceRef"),
}


@pytest.mark.parametrize(
    ("post", "reduce", "by", "word"),
    [(*key, by, word) for key, words in EXECUTIONS.items() for by, word in enumerate(words)],
)
def test_how_an_order_is_carried_out(exchange, post, reduce, by, word):
    source = (None, "last", "mark", "index")[by]
    wish = {"timeInForce": None, "postOnly": post, "triggerPriceType": source, "triggerDirection": None}
    fields = order_requests.execution_fields(exchange, "limit", wish, source is not None, reduce)
    fields.pop("reduceOnly", None)
    expected = {} if word is None else {"execInst": word}
    if post and source is None:
        expected["postOnly"] = True
    assert fields == expected


def test_the_exits_of_a_new_order(exchange):
    request = {"orderType": "Limit", "side": "Buy", "orderQty": "1", "stopPrice": "3"}
    request.update(posStopLossPrice="1", posTakeProfitPrice="2")
    row = {"orderId": "a1", "symbol": "BTC-PERP", "seqNum": -1}
    order = order_answers.new_order(exchange, row, request, None)
    exits = (order["stopLossPrice"], order["takeProfitPrice"], order["triggerPrice"])
    assert exits == (1, 2, 3)


def test_whose_an_orders_id_is():
    sent = SentOrders(Memory())
    assert sent.claim(["mine", "other"]) is None
    sent.leaves("mine", "a1")
    sent.leaves("other", "a1")  # of which the venue would not take both
    sent.release(["other"])
    assert sent.client_id("a1") == "mine"
    assert sent.claim(["other"]) is None
    sent.leaves("other", None)
    sent.release(["other"])
    assert sent.client_id("a1") == "mine"
    sent.release(["mine"])
    assert sent.client_id("a1") is None and sent.used(["mine", "other"]) is None


@pytest.mark.parametrize("last", ["-0.5", "0", "3"])
def test_a_last_fill_that_cannot_be_is_none(last):
    report = Report("a", True, 5, "s", Decimal(2), Decimal(20), Decimal(1), Decimal(last), Decimal(7))
    assert marks_of(report, Mark()) == [Mark(Decimal(2), Decimal(20), Decimal(1), False, 5)]


def test_of_an_old_order_that_goes_on_the_last_fill_alone_is_news():
    desk = OrderDesk(since=1000)
    report = Report(
        "a", True, 2000, "s", Decimal(3), Decimal(32), Decimal(4), Decimal(1), Decimal(12), Decimal(2)
    )
    changed, [fill] = desk.take(report, True)
    assert changed and (fill.amount, fill.cost, fill.fee, fill.filled) == (1, 12, 2, 3)


def test_what_a_position_needs_as_a_share_of_its_worth(exchange):
    row = PROFILE.sample("rest-v2-futures-position")["data"]["contracts"][0]
    told = {"side": "LONG", "position": "1", "avgOpenPrice": "30", "markPrice": "30", "leverage": "3"}
    position = exchange.parse_position({**row, "symbol": "BTC-PERP", **told})
    assert (position["initialMargin"], position["initialMarginPercentage"]) == (10, 0.33333333)
