"""bitexbit's lists of own trades: both sides of a trade with oneself, wherever a page ends."""

import json
from urllib.parse import parse_qsl

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from tests.venues.profiles import PROFILES

SIDES = ["buy", "sell", "buy", "buy", "sell"]
IDS = [9, 7, 7, 5, 3]  # newest first; the second is one with oneself


def pages_of(size, monkeypatch):
    for module in ("rest_pages", "rest_pages_sync"):
        for name in ("V1_PAGE", "V2_PAGE"):
            monkeypatch.setattr(f"ccxt_ext.venues.bitexbit.{module}.{name}", size)


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
    pages_of(size, monkeypatch)
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


START = 1600000000
FIRST_ID = 10_000  # all as long, as ccxt sorts ids of one moment as texts


class PublicTrades:
    """A venue's trades 1 to `count`, one a second or several in the same, as v1 and as v2 list them."""

    def __init__(self, count, at_once=1, coming=0):
        self.count, self.at_once, self.coming = count, at_once, coming

    def second(self, id):
        return START + (id - 1) // self.at_once

    def row(self, id, api):
        row = {"id": FIRST_ID + id, "price": 5, "amount": 1, "type": "buy"}
        if api == "v1":
            return {**row, "pair": "BTC_USD", "timestamp": self.second(id)}
        return {**row, "symbol": "BTC_USD", "date": self.second(id) * 1000}

    def __call__(self, request):
        query = request.query
        limit = int(query.get("limit", 100))
        self.count += self.coming
        if "/v1/" in request.path:
            ids = range(1, self.count + 1) if query.get("ordering") == "id" else range(self.count, 0, -1)
            found = list(ids)[int(query.get("offset", 0)) :]
            return Answer([self.row(id, "v1") for id in found[:limit]])
        since, until = int(query.get("since", 0)), int(query.get("until", 10**15))
        last = int(query.get("until_id", 10**15)) - FIRST_ID
        found = [
            id for id in range(self.count, 0, -1) if since <= self.second(id) * 1000 <= until and id <= last
        ]
        return Answer([self.row(id, "v2") for id in found[:limit]])


@pytest.mark.parametrize("since", [-5, 0, 1, 499, 500, 990, 2000])
@pytest.mark.parametrize("at_once", [1, 7])
@pytest.mark.parametrize("coming", [0, 1])
@pytest.mark.parametrize("api", ["v1", "v2"])
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_public_trades_begin_where_they_are_asked_for(kind, api, since, at_once, coming, monkeypatch):
    """Both list the newest, of which a page does not reach that far back."""
    pages_of(5, monkeypatch)
    trades = PublicTrades(1000, at_once, coming)
    exchange, wire = PROFILES["bitexbit"].offline(kind, trades)
    first = max(since, 0) * at_once + 1
    for limit in (3, None, 12):
        found = call(exchange, "fetch_trades", "BTC/USD", (START + since) * 1000, limit, {"method": api})
        expected = [str(FIRST_ID + id) for id in range(first, trades.count + 1)]
        # Without a limit, as many as a page has, or more.
        assert [trade["id"] for trade in found] == expected[: limit or max(len(found), 5)]
    assert len(wire.requests) <= 3 * 40


@pytest.mark.parametrize("api", ["v1", "v2"])
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_public_trades_of_a_time(kind, api, monkeypatch):
    pages_of(5, monkeypatch)
    exchange, _ = PROFILES["bitexbit"].offline(kind, PublicTrades(300))

    def ids(since, limit, **params):
        params = {"method": api, **params}
        found = call(exchange, "fetch_trades", "BTC/USD", since and (START + since) * 1000, limit, params)
        return [int(trade["id"]) - FIRST_ID for trade in found]

    until = (START + 19) * 1000
    assert ids(10, None, until=until)[:5] == list(range(11, 16))
    assert ids(10, 20, until=until) == list(range(11, 21))
    assert ids(10, None, until=until, paginate=True) == list(range(11, 21))
    assert ids(280, None, paginate=True) == list(range(281, 301))
    assert ids(None, 2) == [299, 300]


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_client_that_pages_by_time_gets_every_trade(kind, monkeypatch):
    """As freqtrade does: from the last one's time on."""
    pages_of(6, monkeypatch)
    for api in ("v1", "v2"):
        exchange, _ = PROFILES["bitexbit"].offline(kind, PublicTrades(60, at_once=2))
        ids, since = [], START * 1000
        while True:
            found = call(exchange, "fetch_trades", "BTC/USD", since, None, {"method": api})
            new = [int(trade["id"]) - FIRST_ID for trade in found]
            new = [id for id in new if id not in ids]
            if not new:
                break
            ids += new
            since = found[-1]["timestamp"]
        assert ids == list(range(1, 61))


# -- own trades and their orders ---------------------------------------------------------------------


def own(api, id, side="buy", **more):
    row = {"id": id, "price": "5", "amount": "1", "type": side}
    if api == "v1":
        return {**row, "pair": "BTC_USD", "timestamp": 1600000000 + id, **more}
    fee = {"fee_amount": "0.01", "fee_rate": "0.002", "fee_symbol": "USD"}
    return {**row, **fee, "symbol": "BTC_USD", "date": (1600000000 + id) * 1000}


def own_lists(v1, v2):
    def answer(request):
        query = request.query
        if "/v1/" not in request.path:
            return Answer(v2)
        start = int(query.get("offset", 0))
        return Answer(v1[start : start + int(query.get("limit", 100))])

    return answer


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_each_own_trade_has_its_order_and_its_fee(kind):
    v1 = [own("v1", id, "sell", my_side="buy", o_id=70 + id) for id in range(250, 0, -1)]
    both = [own("v1", 0, "buy", my_side=side, o_id=order) for side, order in (("buy", 1), ("sell", 2))]
    v2 = [own("v2", id) for id in (249, 248, 101)] + [own("v2", 0), own("v2", 0, "sell")]
    exchange, wire = PROFILES["bitexbit"].offline(kind, own_lists([*v1, *both], v2))
    trades = call(exchange, "fetch_my_trades", "BTC/USD", None, 10)
    told = {(trade["id"], trade["side"]): (trade["order"], trade["fee"]["cost"]) for trade in trades}
    assert told == {
        ("0", "buy"): ("1", 0.01),
        ("0", "sell"): ("2", 0.01),
        ("101", "buy"): ("171", 0.01),
        ("248", "buy"): ("318", 0.01),
        ("249", "buy"): ("319", 0.01),
    }
    assert sum("/v1/" in request.path for request in wire.requests) == 3
    assert {trade["order"] for trade in call(exchange, "fetch_my_trades", "BTC/USD", None, 10)} != {None}
    assert sum("/v1/" in request.path for request in wire.requests) == 3  # what was told once is known


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_what_v1_does_not_tell_is_left_open(kind):
    """No sample shows its rows: they may have neither one's own side nor the order."""
    v1 = [
        own("v1", 3, "sell", o_id=7),
        own("v1", 2),
        own("v1", 1, "buy", o_id=8),
        own("v1", 1, "buy", o_id=9),
    ]
    v2 = [own("v2", 3), own("v2", 2), own("v2", 1), own("v2", 1, "sell")]
    exchange, _ = PROFILES["bitexbit"].offline(kind, own_lists(v1, v2))
    trades = call(exchange, "fetch_my_trades", "BTC/USD")
    assert [(trade["id"], trade["order"]) for trade in trades] == [
        ("1", None),
        ("1", None),
        ("2", None),
        ("3", "7"),
    ]
    assert call(exchange, "fetch_my_trades", "BTC/USD", None, 1, {"method": "v2"})[0]["order"] is None


@pytest.mark.parametrize("api", ["v1", "v2"])
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_the_fills_of_a_new_order_are_known(kind, api):
    profile = PROFILES["bitexbit"]
    v1 = {**profile.sample("v1-order"), "amount": 0}
    v2 = profile.sample("v2-private-order-create")
    v2["trades"] = [{"id": 6049, "price": "870.69", "amount": "0.0015", "side_order": 5}]
    v2["order"]["type"] = "buy-limit"

    def answer(request):
        if request.method == "POST":
            return Answer(v1 if api == "v1" else v2)
        assert "/v1/" not in request.path
        return Answer([own("v2", 6049)])

    exchange, _ = profile.offline(kind, answer)
    order = call(exchange, "create_order", "BTC/USD", "limit", "buy", 0.0015, 870.69, {"method": api})
    [trade] = call(exchange, "fetch_my_trades", "BTC/USD")
    assert trade["order"] == order["id"]


# -- pages with numbers ------------------------------------------------------------------------------


class Pages:
    """A list in pages of two rows, to which something happens after the first page was read."""

    def __init__(self, rows, happens):
        self.rows, self.happens, self.calls = rows, happens, 0

    def __call__(self, request):
        self.calls += 1
        if self.calls == 2:
            self.happens(self.rows)
        page = int(request.query.get("page", 1))
        left = len(self.rows) > 2 * page
        results = [dict(row) for row in self.rows[2 * page - 2 : 2 * page]]
        return Answer({"count": len(self.rows), "next": " https://x" if left else None, "results": results})


def listed(method, number):
    time = f"2021-05-21T13:{number % 60:02d}:32.095Z"
    if method == "fetch_transfers":
        currency = {"code": "USDT", "name": "Tether", "precision": 8}
        row = {"txid": f"t{number}", "date": time, "amount": "1", "currency": currency, "sender": "A"}
        return {**row, "receiver": {"uid": "B", "verified": True}, "status": {"key": 10, "label": "Pending"}}
    row = {
        "ticker": "USDT",
        "network": "tron",
        "address": "TR4",
        "amount": "1",
        "status": 1,
        "created_at": time,
    }
    if method == "fetch_withdrawals":
        return {**row, "id": number, "client_order_id": f"c{number}", "fee_payer": 1, "txid": None}
    return {**row, "txid": f"t{number}", "wallet_slug": "w", "fee": "0"}


def comes(rows):
    rows.insert(
        0, {**rows[0], "txid": "new", **({"id": 99, "client_order_id": "new"} if "id" in rows[0] else {})}
    )


def goes(rows):
    del rows[1]


def changes(rows):
    for row in rows:
        row.update({"status": row["status"] if isinstance(row["status"], dict) else 5})


@pytest.mark.parametrize("happens", [comes, goes, changes])
@pytest.mark.parametrize("method", ["fetch_deposits", "fetch_withdrawals", "fetch_transfers"])
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_list_that_changes_between_two_of_its_pages(kind, method, happens):
    venue = Pages([listed(method, number) for number in range(7, 0, -1)], happens)
    exchange, _ = PROFILES["bitexbit"].offline(kind, venue)
    params = {} if method == "fetch_transfers" else {"method": "gateway"}
    found = call(exchange, method, "USDT", None, None, params)
    parsed = {"fetch_transfers": "parse_transfer"}.get(method, "parse_transaction")
    expected = {getattr(exchange, parsed)(row)["id"] for row in venue.rows}
    assert sorted(row["id"] for row in found) == sorted(expected)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_list_that_never_stays_is_told(kind):
    def answer(request):
        page = int(request.query.get("page", 1))
        answer.count += 1
        row = listed("fetch_transfers", 1)
        return Answer(
            {"count": answer.count, "next": "x", "results": [{**row, "txid": f"{answer.count}{page}"}]}
        )

    answer.count = 10
    exchange, _ = PROFILES["bitexbit"].offline(kind, answer)
    with pytest.raises(ccxt.OperationFailed, match="kept changing"):
        call(exchange, "fetch_transfers")


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
    pages_of(3, monkeypatch)
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
    pages_of(3, monkeypatch)
    row = next(rows("v2"))
    listed = [{**row, "id": id, "date": 1600000000000 + id} for id in range(12, 0, -1)]

    def answer(request):
        found = [row for row in listed if row["id"] <= int(request.query.get("until_id", 12))]
        return Answer(found[: int(request.query["limit"])])

    exchange, wire = PROFILES["bitexbit"].offline(kind, answer)
    trades = call(exchange, method, "BTC/USD", None, 5, {"method": "v2"})
    assert [int(trade["id"]) for trade in trades] == list(range(8, 13))
    assert len(wire.requests) == 2  # each begins with the last of the one before
