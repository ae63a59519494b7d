"""bitexbit's lists of own trades: both sides of a trade with oneself, wherever a page ends."""

import json
from urllib.parse import parse_qsl

import pytest
from profiles import PROFILES
from wire import Answer, call

SIDES = ["buy", "sell", "buy", "buy", "sell"]
IDS = [9, 7, 7, 5, 3]  # newest first; the second is one with oneself


def rows(api):
    for number, (id, side) in enumerate(zip(IDS, SIDES, strict=True)):
        row = {"id": id, "price": "5", "amount": "1", "type": "buy" if api == "v1" else side}
        if api == "v1":
            yield {**row, "pair": "BTC_USD", "my_side": side, "timestamp": 1600000000.5 - number}
        else:
            yield {
                **row,
                "symbol": "BTC_USD",
                "fee_amount": "0",
                "fee_rate": "0",
                "date": 1600000000500 - number,
            }


@pytest.mark.parametrize("size", [2, 3, 4, 5, 10])
@pytest.mark.parametrize("api", ["v1", "v2"])
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_both_sides_of_a_trade_with_oneself(kind, api, size, monkeypatch):
    for module in ("rest", "rest_sync"):
        monkeypatch.setattr(f"ccxt_ext.venues.bitexbit.{module}.V2_PAGE", size)
    asked = []

    def answer(request):
        asked.append(request)
        query = request.query
        until = int(query.get("until_id", 10))
        found = [row for row in rows(api) if row["id"] <= until][int(query.get("offset", 0)) :]
        return Answer(json.dumps(found[: int(query["limit"])]))

    exchange, _ = PROFILES["bitexbit"].offline(kind, answer)
    trades = call(exchange, "fetch_my_trades", "BTC/USD", 1, None, {"method": api})
    assert {(trade["id"], trade["side"]) for trade in trades} == set(zip(map(str, IDS), SIDES, strict=True))
    assert len(trades) == len(IDS)
    assert len(asked) <= 8


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_public_trades_since_a_time_begin_there(kind):
    """v1 lists the newest only, so that the newest `limit` are not those after `since`."""
    listed = [
        {"id": id, "price": 5, "amount": 1, "type": "buy", "pair": "BTC_USD", "timestamp": 1600000000 + id}
        for id in range(9, 0, -1)
    ]
    exchange, _ = PROFILES["bitexbit"].offline(
        kind, lambda request: Answer(json.dumps(listed[: int(request.query["limit"])]))
    )
    trades = call(exchange, "fetch_trades", "BTC/USD", 1600000003_000, 2)
    assert [trade["id"] for trade in trades] == ["3", "4"]
    assert [trade["id"] for trade in call(exchange, "fetch_trades", "BTC/USD", None, 2)] == ["8", "9"]


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_all_orders_are_cancelled_though_they_are_not_listed_at_once(kind, monkeypatch):
    for module in ("rest", "rest_sync"):
        monkeypatch.setattr(f"ccxt_ext.venues.bitexbit.{module}.V1_ORDERS", 2)
    here = list(range(1, 7))

    def answer(request):
        if request.method == "POST":
            id = int(dict(parse_qsl(request.body))["order"])
            here.remove(id)
            return (
                Answer({"error": "The order is done"}, 400) if id == 3 else Answer({"order": id})
            )  # filled meanwhile
        row = {"pair": "BTC_USD", "type": "buy", "status": 1, "price": 5, "amount": 1}
        return Answer([{**row, "id": id} for id in here[-2:]])

    exchange, wire = PROFILES["bitexbit"].offline(kind, answer)
    canceled = call(exchange, "cancel_all_orders", "BTC/USD", {"method": "v1"})
    assert [order["id"] for order in canceled] == ["5", "6", "4", "1", "2"]
    assert here == []
    assert sum(request.method == "GET" for request in wire.requests) == 4


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_pages_of_v1_that_are_shorter_than_is_asked_for(kind):
    row = {"price": 5, "amount": 1, "type": "buy", "pair": "BTC_USD", "timestamp": 1600000000}
    listed = [{**row, "id": id} for id in range(350, 0, -1)]

    def answer(request):
        start = int(request.query.get("offset", 0))
        return Answer(json.dumps(listed[start : start + 150]))

    exchange, _ = PROFILES["bitexbit"].offline(kind, answer)
    trades = call(exchange, "fetch_trades", "BTC/USD", None, None, {"paginate": True})
    assert len(trades) == 350


@pytest.mark.parametrize(
    "method", ["fetch_orders", "fetch_closed_orders", "fetch_canceled_and_closed_orders"]
)
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_orders_of_v2_since_a_time_begin_there(kind, method, monkeypatch):
    for module in ("rest", "rest_sync"):
        monkeypatch.setattr(f"ccxt_ext.venues.bitexbit.{module}.V2_PAGE", 3)
    sample = PROFILES["bitexbit"].sample("v2-private-orders")[0]
    filled = {"state": "filled", "amount_unfilled": "0", "amount_filled": sample["amount"]}
    listed = [{**sample, **filled, "id": id, "date": 1600000000000 + id} for id in range(12, 0, -1)]

    def answer(request):
        since, until = int(request.query["since"]), int(request.query.get("until_id", 12))
        found = [row for row in listed if row["id"] <= until and row["date"] >= since]
        return Answer(found[: int(request.query["limit"])])

    exchange, _ = PROFILES["bitexbit"].offline(kind, answer)
    for limit, ids in ((2, [3, 4]), (None, range(3, 13))):
        orders = call(exchange, method, "BTC/USD", 1600000000003, limit, {"method": "v2"})
        assert [int(order["id"]) for order in orders] == list(ids)


@pytest.mark.parametrize("method", ["fetch_trades", "fetch_my_trades"])
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_limit_larger_than_a_page_of_v2_takes_several(kind, method, monkeypatch):
    for module in ("rest", "rest_sync"):
        monkeypatch.setattr(f"ccxt_ext.venues.bitexbit.{module}.V2_PAGE", 3)
    row = next(rows("v2"))
    listed = [{**row, "id": id, "date": 1600000000000 + id} for id in range(12, 0, -1)]

    def answer(request):
        found = [row for row in listed if row["id"] <= int(request.query.get("until_id", 12))]
        return Answer(found[: int(request.query["limit"])])

    exchange, wire = PROFILES["bitexbit"].offline(kind, answer)
    trades = call(exchange, method, "BTC/USD", None, 5, {"method": "v2"})
    assert [int(trade["id"]) for trade in trades] == list(range(8, 13))
    assert len(wire.requests) == 2  # each begins with the last of the one before
