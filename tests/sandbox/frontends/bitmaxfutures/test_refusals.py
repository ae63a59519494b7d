"""bitmaxfutures' frontend: what it refuses, and how orders, margin and money behave."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.sandbox.frontends.bitmaxfutures.raw_client import RawClient, Venue

HOUR = 3_600_000


def refused(answer: tuple[int, Any], code: int, reason: str, text: str = "", status: int = 200) -> Any:
    told_status, body = answer
    assert (told_status, body["code"], body["reason"]) == (status, code, reason)
    assert text in body["message"]
    return body


# -- who asks ---------------------------------------------------------------------------------------


def test_without_the_headers(venue: Venue) -> None:
    refused(venue.send("GET", "/0/api/pro/v2/futures/position"), 100009, "AUTHORIZATION_NEEDED", status=401)


@pytest.mark.parametrize("part", ["api_key", "secret"])
def test_with_a_wrong_key_or_secret(client: RawClient, part: str) -> None:
    setattr(client, part, "wrong" if part == "api_key" else b"wrong")
    answer = client.call("GET", "v2/futures/position")
    refused(answer, 200001, "AUTHENTICATION_FAILED", status=401)


def test_what_is_signed_is_the_path_of_the_documents(client: RawClient) -> None:
    whole = client.call("GET", "v2/futures/position", signs="/0/api/pro/v2/futures/position")
    refused(whole, 200001, "AUTHENTICATION_FAILED", status=401)
    hist = {"account": "futures"}
    refused(client.call("GET", "v2/order/hist", hist), 200001, "AUTHENTICATION_FAILED", status=401)
    assert client.call("GET", "v2/order/hist", hist, signs="order/hist")[1]["code"] == 0
    assert client.call("GET", "v1/cash/balance", signs="balance")[1]["code"] == 0
    assert client.call("GET", "v1/info", signs="info", grouped=False)[1]["code"] == 0


@pytest.mark.parametrize("late", [-31_000, 31_000])
def test_a_timestamp_that_is_off(venue: Venue, client: RawClient, late: int) -> None:
    answer = client.call("GET", "v2/futures/position", time=venue.clock.now() + late)
    refused(answer, 100011, "INVALID_TIMESTAMP")
    fields = client.order(time=venue.clock.now() + late)
    refused(client.call("POST", "v2/futures/order", fields), 100011, "INVALID_TIMESTAMP")


def test_the_group_of_another_account(venue: Venue, client: RawClient) -> None:
    client.group = venue.client("counterparty").group
    refused(
        client.call("GET", "v2/futures/position"), 200006, "ACCOUNT_ERROR", "Unable to find User Account Data"
    )


def test_a_key_without_permission(venue: Venue, client: RawClient) -> None:
    viewer = venue.frontend.add_key(
        "config", "viewer", "secret", group=0, uid="U0000000001", permissions=("view",)
    )
    client.api_key, client.secret = viewer.api_key, viewer.secret.encode()
    assert client.call("GET", "v2/futures/position")[1]["code"] == 0
    refused(client.call("POST", "v2/futures/order", client.order()), 200015, "PERMISSION_DENIED")


def test_a_decoded_secret_and_another_status_are_options() -> None:
    client = Venue(secretFormat="base64").client()
    refused(client.call("GET", "v2/futures/position"), 200001, "AUTHENTICATION_FAILED", status=401)
    client.secret = base64.b64decode(client.secret)
    assert client.call("GET", "v2/futures/position")[1]["code"] == 0
    client = Venue(refusalStatus=200).client()
    client.api_key = "wrong"
    refused(client.call("GET", "v2/futures/position"), 200001, "AUTHENTICATION_FAILED")


def test_a_body_that_is_no_json(venue: Venue, client: RawClient) -> None:
    sent = {}

    def keep(*args: Any) -> Any:
        sent["args"] = args
        return 0, None

    send, venue.send = venue.send, keep  # type: ignore[method-assign]
    client.call("POST", "v2/futures/order")
    method, path, query, headers, _ = sent["args"]
    for body in (b"{", b"[]", b"7", b"", b"[" * 10_000):
        refused(send(method, path, query, headers, body), 150001, "INVALID_JSON_FORMAT")


def test_no_such_endpoint(venue: Venue) -> None:
    refused(venue.send("GET", "/api/pro/v2/nothing"), 100001, "INVALID_HTTP_INPUT", status=404)
    refused(venue.send("POST", "/api/pro/v1/depth"), 100001, "INVALID_HTTP_INPUT", status=404)


# -- what is wrong with an order --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code", "reason", "text"),
    [
        ({"symbol": "ABC-PERP"}, 300012, "INVALID_PRODUCT", "Invalid Product Symbol"),
        ({"symbol": None}, 300012, "INVALID_PRODUCT", ""),
        ({"orderPrice": "40000.1"}, 300014, "TICK_SIZE_VIOLATION", "conform to the required tick size: 0.25"),
        ({"orderPrice": "0.1"}, 300001, "INVALID_PRICE", "Order price is too low from market price."),
        ({"orderPrice": "1000001"}, 300001, "INVALID_PRICE", ""),
        ({"orderPrice": None}, 300001, "INVALID_PRICE", ""),
        ({"orderPrice": "4e4"}, 300001, "INVALID_PRICE", ""),
        ({"orderPrice": 40000}, 300001, "INVALID_PRICE", ""),
        ({"orderQty": "0.00005"}, 300002, "INVALID_QTY", ""),
        ({"orderQty": "0.00015"}, 300002, "INVALID_QTY", "lot size"),
        ({"orderQty": "1000000001"}, 300002, "INVALID_QTY", ""),
        ({"orderQty": None}, 300002, "INVALID_QTY", ""),
        ({"side": "long"}, 300003, "INVALID_SIDE", ""),
        ({"orderType": "iceberg"}, 300005, "INVALID_TYPE", ""),
        ({"id": "no@sign"}, 300006, "INVALID_ORDER_ID", "Invalid Client Order Id: no@sign"),
        ({"id": "x" * 33}, 300006, "INVALID_ORDER_ID", "Client Order Id too Long"),
        ({"timeInForce": "GTD"}, 300007, "INVALID_TIME_IN_FORCE", ""),
        ({"timeInForce": "IOC", "postOnly": True}, 300007, "INVALID_TIME_IN_FORCE", ""),
        ({"execInst": "Liquidation"}, 300008, "INVALID_ORDER_PARAMETER", ""),
        ({"execInst": "StopOnMark"}, 300008, "INVALID_ORDER_PARAMETER", ""),
        ({"execInst": "ReduceOnly"}, 300008, "INVALID_ORDER_PARAMETER", "would not reduce"),
        ({"orderType": "StopLimit"}, 300001, "INVALID_PRICE", "Stop price"),
        ({"time": "soon"}, 100011, "INVALID_TIMESTAMP", ""),
        ({"orderQty": "2000"}, 320008, "FUTURES_TOO_RISKY", "exposure higher than system acceptable level"),
    ],
    ids=str,
)
def test_refused_orders(
    client: RawClient, changes: dict[str, Any], code: int, reason: str, text: str
) -> None:
    fields = client.order(**changes)
    body = refused(client.call("POST", "v2/futures/order", fields), code, reason, text)
    assert set(body) == {"ac", "accountId", "action", "code", "info", "message", "reason"}
    assert (body["action"], set(body["info"])) == ("place-order", {"id", "symbol"})
    assert client.call("GET", "v2/futures/order/open")[1]["data"] == []


def test_letter_case_and_the_other_name_of_the_price(client: RawClient) -> None:
    answer = client.place(orderType="Limit", side="BUY", orderPrice=None, price="40000")
    assert (answer["data"]["order"]["price"], answer["data"]["order"]["side"]) == ("40000", "Buy")


# -- ids --------------------------------------------------------------------------------------------


def test_the_id_of_an_order_can_be_computed(client: RawClient) -> None:
    fields = client.order(id="sampleRequestId2")
    answer = client.call("POST", "v2/futures/order", fields)[1]
    assert answer["data"]["order"]["orderId"] == f"a{fields['time']:x}{client.key.uid}equestId2"
    again = refused(client.call("POST", "v2/futures/order", fields), 100003, "KEY_CONFLICT")
    assert again["info"]["id"] == "sampleRequestId2"


def test_short_ids_and_none_do_not_enter_it(client: RawClient) -> None:
    for id in ("mine", None, "with-a-dash-in-it"):
        made = client.place(id=id)["data"]
        assert made["meta"]["id"] == (id or "")
        assert len(made["order"]["orderId"]) == 32 and not made["order"]["orderId"].endswith("dash-in-it")


# -- what becomes of orders -------------------------------------------------------------------------


def test_answers_wait_as_long_as_asked(client: RawClient) -> None:
    acknowledged = client.place(respInst="ACK")["data"]
    assert (acknowledged["meta"]["respInst"], acknowledged["order"]["seqNum"]) == ("ACK", -1)
    accepted = client.place(orderPrice="60000")["data"]
    assert (accepted["meta"]["respInst"], accepted["order"]["status"]) == ("ACCEPT", "New")
    done = client.call("POST", "v2/futures/order", client.market())[1]["data"]
    assert (done["meta"]["respInst"], done["order"]["status"]) == ("DONE", "Filled")
    assert float(done["order"]["cumFee"]) == pytest.approx(0.01 * float(done["order"]["avgFilledPx"]) * 0.001)
    resting = client.place(respInst="DONE")["data"]
    assert resting["meta"]["respInst"] == "ACK"


def test_post_only_that_would_take_is_rejected_and_remembered(client: RawClient) -> None:
    order = client.place(orderPrice="60000", postOnly=True)["data"]["order"]
    assert (order["status"], order["errorCode"]) == ("Rejected", "PostOnlyWouldTake")
    told = client.call("GET", "v2/futures/order/status", {"orderId": order["orderId"]})[1]["data"]
    assert (told["status"], told["execInst"]) == ("Rejected", "Post")
    assert client.call("GET", "v2/futures/order/open")[1]["data"] == []
    assert [row["orderId"] for row in client.call("GET", "v2/futures/order/hist/current")[1]["data"]] == [
        order["orderId"]
    ]


@pytest.mark.parametrize(("in_force", "filled"), [("IOC", True), ("FOK", False)])
def test_time_in_force(venue: Venue, client: RawClient, in_force: str, filled: bool) -> None:
    best = venue.get("v1/depth", symbol="BTC-PERP")["data"]["data"]["asks"][0]
    amount = f"{float(best[1]) + 1:.4f}"
    order = client.place(orderPrice=best[0], orderQty=amount, timeInForce=in_force, respInst="DONE")["data"][
        "order"
    ]
    assert order["status"] == "Canceled"
    assert order["cumFilledQty"] == (best[1] if filled else "0")


def test_a_stop_waits_and_triggers(venue: Venue, client: RawClient) -> None:
    book = venue.get("v1/depth", symbol="BTC-PERP")["data"]["data"]
    stop = client.place(orderType="StopMarket", orderPrice=None, stopPrice=book["asks"][3][0])["data"][
        "order"
    ]
    assert (stop["status"], stop["orderType"], stop["stopBy"]) == ("PendingNew", "StopMarket", "market")
    swept = sum(float(level[1]) for level in book["asks"][:4])
    venue.client("counterparty").place(orderPrice=book["asks"][3][0], orderQty=f"{swept:.4f}")
    told = client.call("GET", "v2/futures/order/status", {"orderId": stop["orderId"]})[1]["data"]
    assert told["status"] == "Filled"


def test_position_exits(venue: Venue, client: RawClient) -> None:
    book = venue.get("v1/depth", symbol="BTC-PERP")["data"]["data"]
    fields = client.market(posStopLossPrice="30000", posTakeProfitPrice=book["asks"][3][0])
    client.call("POST", "v2/futures/order", fields)
    row = client.call("GET", "v2/futures/position")[1]["data"]["contracts"][0]
    assert (row["stopLossPrice"], row["takeProfitPrice"]) == ("30000", book["asks"][3][0])
    swept = sum(float(level[1]) for level in book["asks"][:4])
    venue.client("counterparty").place(orderPrice=book["asks"][3][0], orderQty=f"{swept:.4f}")
    row = client.call("GET", "v2/futures/position")[1]["data"]["contracts"][0]
    assert (row["position"], row["side"]) == ("0", "NULL_VAL")
    newest = client.call("GET", "v2/futures/order/hist/current", {"n": 1})[1]["data"][0]
    assert (newest["execInst"], newest["side"], newest["orderId"][0]) == ("PosStopMkt", "Sell", "r")


# -- cancelling -------------------------------------------------------------------------------------


def cancel(client: RawClient, order: Any, **changes: Any) -> tuple[int, Any]:
    fields = {"orderId": order["orderId"], "symbol": "BTC-PERP", "time": client.venue.clock.now(), **changes}
    return client.call("DELETE", "v2/futures/order", fields)


def test_cancel(venue: Venue, client: RawClient) -> None:
    order = client.place()["data"]["order"]
    refused(cancel(venue.client("counterparty"), order), 300006, "INVALID_ORDER_ID")
    refused(cancel(client, order, symbol="ETH-PERP"), 300006, "INVALID_ORDER_ID")
    assert cancel(client, order)[1]["data"]["order"]["status"] == "Canceled"
    body = refused(
        cancel(client, order), 300006, "INVALID_ORDER_ID", "The order is already filled or canceled."
    )
    assert body["action"] == "cancel-order"


def test_cancel_all(client: RawClient) -> None:
    client.place(), client.place(symbol="ETH-PERP", orderPrice="1000")
    wrong = client.call("DELETE", "v2/futures/order/all", {"symbol": "ABC-PERP"})
    body = refused(wrong, 300012, "INVALID_PRODUCT", "Invalid Product Symbol")
    assert body["data"]["info"] == {"symbol": "ABC-PERP"}
    client.call("DELETE", "v2/futures/order/all", {"symbol": "ETH-PERP"})
    assert [o["symbol"] for o in client.call("GET", "v2/futures/order/open")[1]["data"]] == ["BTC-PERP"]
    client.call("DELETE", "v2/futures/order/all", {})
    assert client.call("GET", "v2/futures/order/open")[1]["data"] == []


# -- batches ----------------------------------------------------------------------------------------


def batch(client: RawClient, *changes: dict[str, Any]) -> tuple[int, Any]:
    orders = [client.order(**{"respInst": "ACK", **each}) for each in changes]
    return client.call("POST", "v2/futures/order/batch", {"orders": orders})


def test_one_bad_order_spoils_a_batch(client: RawClient) -> None:
    for bad, code in (
        ({"orderPrice": "40000.1"}, 300014),
        ({"orderQty": "2000"}, 320008),
        ({"respInst": "DONE"}, 300008),
    ):
        body = refused(batch(client, {}, bad, {}), 300013, "INVALID_BATCH_ORDER", "please check each order")
        assert [row["code"] for row in body["info"]] == [300013, code, 300013]
        assert body["info"][0]["message"] == "Some invalid order in this batch."
    assert client.call("GET", "v2/futures/order/open")[1]["data"] == []


def test_a_batch_needs_margin_for_all_of_it(client: RawClient) -> None:
    part = {"orderQty": "300"}  # at 40000 and leverage 10 each takes 1.2 of the 2 million
    assert batch(client, part)[1]["code"] == 0
    client.call("DELETE", "v2/futures/order/all", {})
    refused(batch(client, part, part), 300013, "INVALID_BATCH_ORDER")
    assert client.call("GET", "v2/futures/order/open")[1]["data"] == []


def test_a_batch_has_ten_orders_at_most(client: RawClient) -> None:
    assert batch(client, *[{}] * 10)[1]["code"] == 0
    refused(batch(client, *[{}] * 11), 300013, "INVALID_BATCH_ORDER", "10 orders at most")
    ids = [order["orderId"] for order in client.call("GET", "v2/futures/order/open")[1]["data"]]
    items = [{"orderId": id, "symbol": "BTC-PERP", "time": client.venue.clock.now()} for id in ids]
    spoilt = [*items[:1], {**items[1], "orderId": "x"}]
    answer = client.call("DELETE", "v2/futures/order/batch", {"orders": spoilt})
    body = refused(answer, 300013, "INVALID_BATCH_ORDER")
    assert [row["code"] for row in body["info"]] == [300013, 300006]
    assert len(client.call("GET", "v2/futures/order/open")[1]["data"]) == 10
    assert client.call("DELETE", "v2/futures/order/batch", {"orders": items})[1]["code"] == 0
    assert client.call("GET", "v2/futures/order/open")[1]["data"] == []


# -- positions and money ----------------------------------------------------------------------------


def position(client: RawClient) -> Any:
    return client.call("GET", "v2/futures/position")[1]["data"]["contracts"][0]


def test_reference_cost_explains_the_profit(client: RawClient) -> None:
    client.call("POST", "v2/futures/order", client.market("sell"))
    row = position(client)
    assert (row["side"], row["position"]) == ("SHORT", "-0.01")
    profit = float(row["position"]) * float(row["markPrice"]) + float(row["referenceCost"])
    assert profit == pytest.approx(float(row["unrealizedPnl"]), abs=1e-9)


def test_margin_type_and_isolated_margin(client: RawClient) -> None:
    change = {"symbol": "BTC-PERP", "marginType": "isolated"}
    assert client.call("POST", "v2/futures/margin-type", change)[1] == {"code": 0}
    client.call("POST", "v2/futures/order", client.market())
    before = float(position(client)["isolatedMargin"])
    path = "v2/futures/isolated-position-margin"
    assert client.call("POST", path, {"symbol": "BTC-PERP", "amount": "25"})[1] == {"code": 0}
    assert float(position(client)["isolatedMargin"]) == before + 25
    too_much = {"symbol": "BTC-PERP", "amount": "-1000"}
    refused(client.call("POST", path, too_much), 300011, "INVALID_BALANCE", "Not Enough Account Balance")
    crossed = {"symbol": "BTC-PERP", "marginType": "crossed"}
    refused(client.call("POST", "v2/futures/margin-type", crossed), 100010, "INVALID_OPERATION")
    refused(client.call("POST", path, {"symbol": "ETH-PERP", "amount": "5"}), 100010, "INVALID_OPERATION")
    wrong = {"symbol": "ETH-PERP", "marginType": "cross"}
    refused(client.call("POST", "v2/futures/margin-type", wrong), 100006, "INVALID_ARGUMENT")


@pytest.mark.parametrize("leverage", [0, 101, "0", "101", "x", "1.5", 1.5, True, None])
def test_leverage_that_is_none(client: RawClient, leverage: Any) -> None:
    answer = client.call("POST", "v2/futures/leverage", {"symbol": "BTC-PERP", "leverage": leverage})
    refused(answer, 100006, "INVALID_ARGUMENT")


def test_transfers(client: RawClient) -> None:
    def balance(asset: str) -> float:
        rows = client.call("GET", "v1/cash/balance", signs="balance")[1]["data"]
        return next(float(row["availableBalance"]) for row in rows if row["asset"] == asset)

    before = balance("BTC")
    moved = {"asset": "BTC", "amount": "1.5"}
    assert client.call("POST", "v2/futures/transfer/deposit", moved)[1] == {"code": 0}
    assert balance("BTC") == before - 1.5
    rows = client.call("GET", "v2/futures/position")[1]["data"]["collaterals"]
    assert {row["asset"]: row["balance"] for row in rows}["BTC"] == "1.5"
    assert client.call("POST", "v2/futures/transfer/withdraw", moved)[1] == {"code": 0}
    too_much = {"asset": "BTC", "amount": "1000"}
    answer = client.call("POST", "v2/futures/transfer/deposit", too_much)
    refused(answer, 300011, "INVALID_BALANCE", "Not Enough Account Balance")
    for wrong in (
        {"asset": "XYZ", "amount": "1"},
        {"asset": "BTC", "amount": "-1"},
        {"asset": "BTC", "amount": 1},
    ):
        refused(client.call("POST", "v2/futures/transfer/deposit", wrong), 100006, "INVALID_ARGUMENT")
    token = {"asset": "USDTR", "amount": "1"}
    refused(client.call("POST", "v2/futures/transfer/deposit", token), 100010, "INVALID_OPERATION")


def test_other_collateral_counts_less_its_discount(client: RawClient) -> None:
    def free() -> float:
        return float(client.call("GET", "v2/futures/free-margin")[1]["data"]["crossed"]["freeMargin"])

    before = free()
    client.call("POST", "v2/futures/transfer/deposit", {"asset": "BTC", "amount": "1"})
    rows = client.call("GET", "v2/futures/position")[1]["data"]["collaterals"]
    price = next(float(row["referencePrice"]) for row in rows if row["asset"] == "BTC")
    assert free() - before == pytest.approx(price * 0.98)


def test_closing_everything(client: RawClient) -> None:
    client.call("POST", "v2/futures/order", client.market())
    client.place()
    kept = client.call("DELETE", "v2/futures/position/all", {"cancelOpen": False, "symbol": "BTC-PERP"})[1]
    assert kept["data"]["info"] == {"cancelOpen": False, "symbol": "BTC-PERP"}
    assert position(client)["position"] == "0"
    assert len(client.call("GET", "v2/futures/order/open")[1]["data"]) == 1
    client.call("DELETE", "v2/futures/position/all", {})
    assert client.call("GET", "v2/futures/order/open")[1]["data"] == []
    wrong = client.call("DELETE", "v2/futures/position/all", {"symbol": "ABC-PERP"})
    assert refused(wrong, 300012, "INVALID_PRODUCT")["data"]["action"] == "close-all-position"


def test_funding_moves_money_between_longs_and_shorts(venue: Venue, client: RawClient) -> None:
    client.call("POST", "v2/futures/order", client.market())
    usdt = lambda: float(client.call("GET", "v2/futures/position")[1]["data"]["collaterals"][0]["balance"])  # noqa: E731
    before = usdt()
    venue.engine_clock.advance(8 * HOUR)
    assert usdt() != before
    totals = venue.frontend.engine.ledger()
    assert all(total == deposited for total, deposited in totals.values())


# -- market data ------------------------------------------------------------------------------------


def test_bars(venue: Venue) -> None:
    def bars(**query: Any) -> list[int]:
        answer = venue.get("v1/barhist", symbol="BTC-PERP", **query)
        return [row["data"]["ts"] for row in answer["data"]]

    latest = bars(interval="60")
    assert len(latest) == 10 and latest == sorted(latest)
    assert bars(interval="60", n=600)[-10:] == latest and len(bars(interval="60", n=600)) == 500
    begin, end = latest[2], latest[5]
    assert bars(interval="60", **{"from": begin}, to=end) == latest[2:6]
    assert bars(interval="60", **{"from": begin}, to=end, n=2) == latest[4:6]  # the newest of them
    assert bars(interval="60", to=end, n=3) == latest[3:6]
    refused(
        venue.send("GET", "/api/pro/v1/barhist", {"symbol": "BTC-PERP", "interval": "7"}),
        100006,
        "INVALID_ARGUMENT",
    )


def test_unknown_symbols(venue: Venue) -> None:
    for path in ("depth", "trades", "ticker", "barhist"):
        answer = venue.send("GET", f"/api/pro/v1/{path}", {"symbol": "ABC-PERP", "interval": "1"})
        refused(answer, 100008, "SYMBOL_ERROR")
    refused(venue.send("GET", "/api/pro/v1/depth"), 100006, "INVALID_ARGUMENT")


def test_tickers(venue: Venue) -> None:
    assert isinstance(venue.get("v1/ticker", symbol="BTC-PERP")["data"], dict)
    assert [row["symbol"] for row in venue.get("v1/ticker", symbol="BTC-PERP,")["data"]] == ["BTC-PERP"]
    assert len(venue.get("v1/ticker")["data"]) == 3
