"""bitmaxfutures' streams: orders that are sent over them, and what an account is told about itself."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from ccxt_ext.sandbox.engine import Clock
from tests.sandbox.frontends.bitmaxfutures.raw_client import NOON, RawClient, RawStream, Venue

HOUR = 3_600_000


@pytest.fixture
def venue() -> Venue:
    return Venue(clock=Clock(NOON, monotonic_ns=lambda: 0))


@pytest.fixture
def stream(client: RawClient) -> RawStream:
    return client.stream()


def refused(answer: Any, code: int, reason: str, text: str = "") -> None:
    """Of an action on orders."""
    assert set(answer) == {"m", "action", "ac", "id", "code", "info"}
    assert (answer["m"], answer["ac"], answer["code"]) == ("order", "FUTURES", code)
    assert set(answer["info"]) == {"symbol", "reason", "errorMsg"}
    assert answer["info"]["reason"] == reason
    assert text in answer["info"]["errorMsg"]


# -- orders' ids ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "uid", "given", "id"),
    [
        (
            1613753879921,
            "U5051470287",
            "22eb9a8355fc41bd9bf5b08bc0d18f6c",
            "s177bb3a0d71U5051470287bc0d18f6c",
        ),
        (1613762032055, "U1234567890", "sampleOrderId", "s177bbb671b7U1234567890leOrderId"),
    ],
)
def test_documented_ids(time: int, uid: str, given: str, id: str) -> None:
    venue = Venue(clock=Clock(time, monotonic_ns=lambda: 0))
    venue.frontend.add_key("config", "documented", "secret", group=7, uid=uid)
    client = venue.client()
    client.api_key, client.secret, client.group = "documented", b"secret", 7
    answer = client.stream().request("place-order", client.order(time=time, id=given))
    assert answer["info"] == {"orderId": id, "symbol": "BTC-PERP"}


def test_the_id_is_of_the_arguments_else_of_the_request_else_made(
    client: RawClient, stream: RawStream
) -> None:
    def end(request_id: str | None, own: str | None) -> str:
        answer = stream.request("place-order", client.order(id=own), id=request_id)
        assert answer["code"] == 0
        return str(answer["info"]["orderId"])[-9:]

    assert end("theRequestsOwn", "theOrdersOwn") == "OrdersOwn"
    assert end("theRequestsOwn", None) == "questsOwn"
    assert end("short", None).isdigit()
    assert end("with-a-dash", None).isdigit()
    assert end(None, None).isdigit()


def test_the_same_id_twice(client: RawClient, stream: RawStream) -> None:
    fields = client.order()
    assert stream.request("place-order", fields)["code"] == 0
    refused(stream.request("place-order", fields), 100003, "KEY_CONFLICT")
    # Over REST the order's id is another one.
    assert client.call("POST", "v2/futures/order", fields)[1]["data"]["order"]["orderId"][0] == "a"


# -- requests ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "action",
    ["place-order", "cancel-order", "cancel-all", "close-all-position"],
)
def test_actions_need_who_signed_on(venue: Venue, client: RawClient, action: str) -> None:
    stream = RawStream(venue, f"/{client.group}")
    answer = stream.request(action, {"symbol": "BTC-PERP"})
    refused(answer, 100009, "AUTHORIZATION_NEEDED")
    assert (answer["action"], answer["id"], answer["info"]["symbol"]) == (action, "abc123", "BTC-PERP")


@pytest.mark.parametrize(
    "action", ["futures-open-orders", "futures-account-snapshot", "order-status", "depth-snapshot-realtime"]
)
def test_questions_need_who_signed_on(venue: Venue, action: str) -> None:
    answer = RawStream(venue).request(action, {"symbol": "BTC-PERP"})
    assert answer["m"] == ("error" if action != "depth-snapshot-realtime" else action)
    assert (answer["id"], answer["code"], answer["reason"]) == ("abc123", 100009, "AUTHORIZATION_NEEDED")


@pytest.mark.parametrize(
    ("changes", "code", "reason", "text"),
    [
        ({"symbol": "ABC-PERP"}, 300012, "INVALID_PRODUCT", "Invalid Product Symbol"),
        ({"orderPrice": "40000.1"}, 300014, "TICK_SIZE_VIOLATION", "required tick size: 0.25"),
        ({"orderPrice": "0.1"}, 300001, "INVALID_PRICE", "Order price is too low from market price."),
        ({"orderQty": "2000"}, 320008, "FUTURES_TOO_RISKY", "exposure higher"),
        ({"id": "no@sign"}, 300006, "INVALID_ORDER_ID", "Invalid Client Order Id: no@sign"),
        ({"id": "x" * 33}, 300006, "INVALID_ORDER_ID", "Client Order Id too Long"),
        ({"time": NOON - 31_000}, 100011, "INVALID_TIMESTAMP", ""),
    ],
    ids=str,
)
def test_refused_orders(
    client: RawClient, stream: RawStream, changes: dict[str, Any], code: int, reason: str, text: str
) -> None:
    refused(stream.request("place-order", client.order(**changes)), code, reason, text)
    assert stream.request("futures-open-orders", {})["data"] == []


@pytest.mark.parametrize(
    ("message", "code"),
    [({}, 100005), ({"args": []}, 100005), ({"args": {}, "ac": "cash"}, 100006), ({"args": {}}, 300012)],
    ids=str,
)
def test_requests_that_lack_something(stream: RawStream, message: dict[str, Any], code: int) -> None:
    assert stream.request("place-order", **message)["code"] == code


def test_the_demo_programs_order_has_no_time(client: RawClient, stream: RawStream) -> None:
    fields = client.order(time=None, respInst=None)
    answer = stream.request("place-order", fields)
    assert answer["info"]["orderId"].startswith(f"s{NOON:x}{client.key.uid}")


def test_cancelling(client: RawClient, stream: RawStream) -> None:
    stream.sub("futures-order")
    id = stream.request("place-order", client.order())["info"]["orderId"]
    fields = {"time": NOON, "orderId": id, "symbol": "BTC-PERP"}
    refused(stream.request("cancel-order", {**fields, "symbol": "ETH-PERP"}), 300006, "INVALID_ORDER_ID")
    refused(stream.request("cancel-order", {**fields, "symbol": "ABC-PERP"}), 300012, "INVALID_PRODUCT")
    refused(stream.request("cancel-order", {**fields, "orderId": "unknown"}), 300006, "INVALID_ORDER_ID")
    too_long = stream.request("cancel-order", {**fields, "orderId": id + "1"})
    refused(too_long, 300006, "INVALID_ORDER_ID", f"Client Order Id too Long: {id}1")
    refused(
        stream.request("cancel-order", {"orderId": id, "symbol": "BTC-PERP"}), 100011, "INVALID_TIMESTAMP"
    )
    assert stream.take() == []
    assert stream.request("cancel-order", fields)["info"] == {"orderId": id, "symbol": "BTC-PERP"}
    [report] = stream.take()
    assert (report["orderId"], report["st"]) == (id, "Canceled")
    refused(stream.request("cancel-order", fields), 300006, "INVALID_ORDER_ID", "already filled or canceled")


@pytest.mark.parametrize("action", ["cancel-all", "cancel-All"])
def test_cancelling_all(client: RawClient, stream: RawStream, action: str) -> None:
    def place() -> None:
        for symbol, price in (("BTC-PERP", "40000"), ("BTC-PERP", "41000"), ("ETH-PERP", "1000")):
            fields = client.order(symbol=symbol, orderPrice=price)
            assert stream.request("place-order", fields)["code"] == 0

    def left() -> list[str]:
        return [row["symbol"] for row in stream.request("futures-open-orders", {})["data"]]

    place()
    refused(stream.request(action, {"symbol": "ABC-PERP"}), 300012, "INVALID_PRODUCT")
    refused(stream.request(action, []), 100005, "INVALID_WS_REQUEST_DATA")
    answer = stream.request(action, {"symbol": "BTC-PERP"})
    assert (answer["action"], answer["info"]) == ("cancel-all", {"symbol": "BTC-PERP"})
    assert left() == ["ETH-PERP"]
    place()
    assert stream.request(action)["info"] == {"symbol": ""}
    assert left() == []


def test_closing_positions(client: RawClient, stream: RawStream) -> None:
    for symbol, amount in (("BTC-PERP", "0.1"), ("ETH-PERP", "1")):
        assert stream.request("place-order", client.market(symbol=symbol, orderQty=amount))["code"] == 0
    stream.request("place-order", client.order())

    def held() -> list[str]:
        rows = stream.request("futures-account-snapshot")["pos"]
        return [row["s"] for row in rows if row["sd"] != "NULL_VAL"]

    stream.sub("futures-order")
    for fields in ({}, {"cancelOpen": "true"}, {"cancelOpen": 1}):
        answer = stream.request("close-all-position", fields)
        refused(answer, 100006, "INVALID_ARGUMENT", "expecting boolean): cancelOpen")
    refused(
        stream.request("close-all-position", {"cancelOpen": False, "symbol": "ABC-PERP"}),
        300012,
        "INVALID_PRODUCT",
    )
    assert held() == ["BTC-PERP", "ETH-PERP"]
    answer = stream.request("close-all-position", {"cancelOpen": False, "symbol": "ETH-PERP"})
    assert (answer["m"], answer["info"]) == ("position", {"cancelOpen": False, "symbol": "ETH-PERP"})
    reports = stream.take()
    assert {report["orderId"][0] for report in reports} == {"r"}
    assert {report["ei"] for report in reports} == {"ReduceOnly"}
    assert reports[-1]["st"] == "Filled"
    assert held() == ["BTC-PERP"]
    assert len(stream.request("futures-open-orders", {})["data"]) == 1
    assert stream.request("close-all-position", {"cancelOpen": True})["info"] == {"cancelOpen": True}
    assert held() == []
    assert stream.request("futures-open-orders", {})["data"] == []


def test_open_orders_are_those_of_rest_with_their_exits(client: RawClient, stream: RawStream) -> None:
    client.place(posStopLossPrice="30000")
    client.place(symbol="ETH-PERP", orderPrice="1000")
    rows = stream.request("futures-open-orders", {})["data"]
    told = client.call("GET", "v2/futures/order/open")[1]["data"]
    assert [{name: row[name] for name in told[0]} for row in rows] == told
    assert [row["posStopLossPrice"] for row in rows] == ["0", "30000"]
    assert stream.request("futures-open-orders", {"symbol": "ETH-PERP"})["data"] == rows[:1]
    assert stream.request("futures-open-orders", {"symbol": "ABC-PERP"})["code"] == 300012


def test_the_status_of_orders(client: RawClient, stream: RawStream) -> None:
    stream.sub("futures-order")
    ids = [stream.request("place-order", client.order())["info"]["orderId"] for _ in range(2)]
    other = client.venue.client("counterparty").place()["data"]["order"]["orderId"]
    for asked in (",".join([ids[1], ids[0], "unknown", other]), [ids[1], 7, ids[0]]):
        rows = stream.request("order-status", {"orderId": asked})["data"]
        assert [row["orderId"] for row in rows] == [ids[1], ids[0]]
        assert [row["sn"] for row in rows] == [2, 1]
    assert stream.request("order-status", {})["code"] == 100005
    assert stream.request("order-status", {"orderId": ids[0]}, account="cash")["code"] == 100006


# -- execution reports ------------------------------------------------------------------------------


def test_an_answer_comes_before_what_follows(client: RawClient, stream: RawStream) -> None:
    for channel in ("futures-order", "futures-account-update", "trades:BTC-PERP", "depth:BTC-PERP"):
        stream.sub(channel)
    answer = stream.request("place-order", client.order(orderPrice="60000"))
    assert answer["m"] == "order"
    reports = [frame for frame in stream.take() if frame["m"] == "futures-order"]
    assert [report["st"] for report in reports] == ["New", "Filled"]
    assert {report["orderId"] for report in reports} == {answer["info"]["orderId"]}


@pytest.mark.parametrize("over", ["rest", "stream"])
def test_reports_of_an_order(venue: Venue, client: RawClient, stream: RawStream, over: str) -> None:
    other = venue.client("counterparty")
    elsewhere, twin = other.stream(), client.stream()
    for each in (stream, elsewhere, twin):
        each.sub("futures-order")
    fields = client.order(orderPrice="50657.5", orderQty="0.3")  # between the best prices
    if over == "rest":
        id = client.call("POST", "v2/futures/order", fields)[1]["data"]["order"]["orderId"]
    else:
        id = stream.request("place-order", fields)["info"]["orderId"]
    [new] = stream.take()
    assert elsewhere.take() == []
    assert (new["orderId"], new["sn"], new["st"], new["sd"], new["ot"]) == (id, 1, "New", "Buy", "Limit")
    assert (new["q"], new["p"], new["lq"], new["cfq"], new["ct"]) == ("0.3", "50657.5", "0", "0", NOON)
    venue.engine_clock.advance(5)
    for amount in ("0.1", "0.2"):
        other.place(side="sell", orderPrice="50657.5", orderQty=amount)
    partly, filled = stream.take()
    assert [report["st"] for report in elsewhere.take()] == ["New", "Filled"] * 2
    assert (partly["st"], partly["lp"], partly["lq"], partly["cfq"]) == (
        "PartiallyFilled",
        "50657.5",
        "0.1",
        "0.1",
    )
    assert (filled["st"], filled["lq"], filled["cfq"], filled["ap"]) == ("Filled", "0.2", "0.3", "50657.5")
    assert (filled["t"], filled["ct"], filled["sn"]) == (NOON + 5, NOON, 3)
    assert Decimal(filled["f"]) + Decimal(partly["f"]) == Decimal(filled["cf"]) == Decimal("15.19725")
    assert twin.take() == [new, partly, filled]


def test_what_is_told_when_nothing_was_filled_has_no_fill(client: RawClient, stream: RawStream) -> None:
    stream.sub("futures-order")
    stream.request("place-order", client.order(orderPrice="50657.75", orderQty="5"))
    stream.take()
    stream.request("cancel-all")
    [report] = stream.take()
    assert (report["st"], report["lq"], report["f"]) == ("Canceled", "0", "0")
    assert Decimal(report["cfq"]) > 0


def test_a_rejected_order(client: RawClient, stream: RawStream) -> None:
    stream.sub("futures-order")
    answer = stream.request("place-order", client.order(orderPrice="60000", postOnly=True))
    assert answer["code"] == 0
    [report] = stream.take()
    assert (report["orderId"], report["st"]) == (answer["info"]["orderId"], "Rejected")
    assert (report["err"], report["ei"], report["cfq"]) == ("PostOnlyWouldTake", "Post", "0")
    [row] = stream.request("order-status", {"orderId": report["orderId"]})["data"]
    assert row == {name: value for name, value in report.items() if name != "m"}


def test_a_stop_order(client: RawClient, stream: RawStream) -> None:
    stream.sub("futures-order")
    fields = client.order(orderType="StopLimit", stopPrice="50700", orderPrice="50000")
    stream.request("place-order", fields)
    [waiting] = stream.take()
    assert (waiting["st"], waiting["ot"], waiting["sp"], waiting["spb"]) == (
        "PendingNew",
        "StopLimit",
        "50700",
        "market",
    )
    client.venue.client("counterparty").place(orderPrice="51000", orderQty="9")
    [triggered] = stream.take()
    assert (triggered["orderId"], triggered["st"]) == (waiting["orderId"], "New")


def test_the_exit_of_a_position(client: RawClient, stream: RawStream) -> None:
    fields = client.market(posStopLossPrice="50650")
    assert stream.request("place-order", fields)["code"] == 0
    stream.sub("futures-order")
    client.venue.client("counterparty").place(side="sell", orderPrice="50000", orderQty="3")
    reports = stream.take()
    assert [report["st"] for report in reports] == ["New", "Filled"]
    assert {report["ei"] for report in reports} == {"PosStopMkt"}
    [id] = {report["orderId"] for report in reports}
    [row] = stream.request("order-status", {"orderId": id})["data"]
    assert (row["st"], row["cfq"], row["sd"]) == ("Filled", "0.01", "Sell")


def test_a_reduce_only_order_that_shrinks(client: RawClient, stream: RawStream) -> None:
    stream.sub("futures-order")
    stream.request("place-order", client.market(orderQty="0.5"))
    fields = client.order(side="sell", orderPrice="60000", orderQty="0.5", execInst="ReduceOnly")
    id = stream.request("place-order", fields)["info"]["orderId"]
    stream.request("place-order", client.market("sell", orderQty="0.2"))
    told = [report for report in stream.take() if report["orderId"] == id][-1]
    [row] = stream.request("futures-open-orders", {})["data"]
    assert (told["st"], told["q"]) == (row["status"], row["orderQty"]) == ("New", "0.3")


# -- what the account has ---------------------------------------------------------------------------


def test_only_what_is_new_is_told(venue: Venue, client: RawClient, stream: RawStream) -> None:
    elsewhere = venue.client("counterparty").stream()
    assert elsewhere.sub("futures-account-update") == []
    stream.sub("futures-account-update")
    before = stream.request("futures-account-snapshot")
    id = stream.request("place-order", client.order())["info"]["orderId"]
    [update] = stream.take()
    assert elsewhere.take() == []
    assert (update["e"], update["id"], update["at"]) == ("ExecutionReport", id, "FUTURES")
    assert update["acc"] == before["acc"] == client.key.ids["accountId"]
    assert update["sn"] > before["sn"]
    assert update["col"] == []
    [row] = update["pos"]
    assert (row["s"], row["sd"], row["boon"]) == ("BTC-PERP", "NULL_VAL", "400")


def test_what_no_order_brought_about(venue: Venue, client: RawClient, stream: RawStream) -> None:
    stream.sub("futures-account-update")
    venue.frontend.engine.deposit("config", "USDT", Decimal(5))
    [deposit] = stream.take()
    assert (deposit["e"], deposit["id"], deposit["pos"]) == ("AccountUpdate", "", [])
    assert deposit["col"] == [{"a": "USDT", "b": "2000005", "f": "1"}]
    client.call("POST", "v2/futures/leverage", {"symbol": "ETH-PERP", "leverage": 3})
    [leverage] = stream.take()
    assert [(row["s"], row["lev"]) for row in leverage["pos"]] == [("ETH-PERP", "3")]
    client.call("POST", "v2/futures/margin-type", {"symbol": "ETH-PERP", "marginType": "isolated"})
    assert [row["mt"] for row in stream.take()[0]["pos"]] == ["isolated"]
    client.call("POST", "v2/futures/transfer/deposit", {"asset": "BTC", "amount": "1"})
    assert stream.take()[0]["col"] == [{"a": "BTC", "b": "1", "f": "0.98"}]
    client.call("POST", "v2/futures/transfer/withdraw", {"asset": "BTC", "amount": "1"})
    assert stream.take()[0]["col"] == [{"a": "BTC", "b": "0", "f": "0.98"}]
    client.call("POST", "v2/futures/order", client.market())
    stream.take()
    venue.engine_clock.advance(8 * HOUR)
    [funding] = stream.take()
    assert (funding["e"], [row["a"] for row in funding["col"]]) == ("AccountUpdate", ["USDT"])


def test_snapshot_and_updates_make_what_rest_tells(
    venue: Venue, client: RawClient, stream: RawStream
) -> None:
    """Except for the profit of positions: it follows the mark price, of which other channels tell."""
    rng, other = random.Random(5), venue.client("counterparty")
    for _ in range(3):  # so that not all begins at zero
        client.call("POST", "v2/futures/order", client.market(orderQty="0.1"))
    snapshot = stream.request("futures-account-snapshot")
    stream.sub("futures-account-update")
    has = {row["a"]: row for row in snapshot["col"]}
    holds = {row["s"]: row for row in snapshot["pos"]}
    for _ in range(60):
        who = rng.choice([client, other])
        fields = rng.choice(
            [
                who.market(rng.choice(["buy", "sell"]), orderQty=str(rng.randrange(1, 9) / 10)),
                who.order(side="sell", orderPrice="51000", orderQty="0.2"),
                who.order(symbol="ETH-PERP", orderPrice=str(rng.randrange(1500, 1600)), orderQty="2"),
            ]
        )
        assert who.call("POST", "v2/futures/order", fields)[1]["code"] == 0
    numbers = [snapshot["sn"]]
    for update in stream.take():
        numbers.append(update["sn"])
        has.update((row["a"], row) for row in update["col"])
        holds.update((row["s"], row) for row in update["pos"])
    assert len(numbers) > 20
    assert all(later > earlier for earlier, later in pairwise(numbers))
    truth = client.call("GET", "v2/futures/position")[1]["data"]
    assert {asset: row["b"] for asset, row in has.items()} == {
        row["asset"]: row["balance"] for row in truth["collaterals"]
    }
    steady = {
        "sd": "side",
        "pos": "position",
        "rp": "realizedPnl",
        "aop": "avgOpenPrice",
        "boon": "buyOpenOrderNotional",
        "soon": "sellOpenOrderNotional",
        "lev": "leverage",
    }
    assert {symbol: {name: row[name] for name in steady} for symbol, row in holds.items()} == {
        row["symbol"]: {short: row[name] for short, name in steady.items()} for row in truth["contracts"]
    }
    now = stream.request("futures-account-snapshot")
    assert now["sn"] == numbers[-1]
    assert now["pos"][0]["up"] == truth["contracts"][0]["unrealizedPnl"]
