"""Requests over bitmaxfutures' socket: the documented ones, and orders that are never sent twice."""

import asyncio
import re

import ccxt
import pytest

from ccxt_ext.venues.bitmaxfutures import accounts
from tests.venues.bitmaxfutures.other_end import (
    MARKET,
    PRIVATE,
    PUBLIC,
    SYMBOL,
    UID,
    Bitmax,
    answered,
    asked,
    row,
    sample,
    signed_on,
)
from tests.venues.offline_stream import settled

ID = "sampleRequestId2"
ORDER = ("limit", "buy", 0.12, 30000)


def same(sent, documented):
    """What was sent is what the document shows, apart from ids and times."""
    return plain(sent) == plain(documented)


def plain(message):
    args = {name: value for name, value in message.get("args", {}).items() if name not in ("id", "time")}
    return {**message, "id": None, "args": args}


# -- what is documented ----------------------------------------------------------------------------


async def test_an_order(venue):
    params = {"clientOrderId": ID, "time": 1613753879921}
    request, order = await answered(
        venue, "create_order_ws", SYMBOL, *ORDER, params, answer=sample("ws-place-order")
    )
    documented = sample("ws-place-order-request")
    del documented["args"]["postOnly"]  # false is as good as nothing
    assert same(request, documented)
    assert request["id"] == request["args"]["id"] == ID
    expected = {
        "id": "s177bbb671b7U1234567890leOrderId",
        "clientOrderId": ID,
        "symbol": SYMBOL,
        "type": "limit",
        "side": "buy",
        "price": 30000.0,
        "amount": 0.12,
        "status": None,
        "postOnly": False,
    }
    assert {name: order[name] for name in expected} == expected
    assert order["info"] == {**sample("ws-place-order"), "id": ID}


def test_the_demo_program_sends_the_same():
    demo = sample("ws-demo-place-order-request")
    assert (demo["action"], demo["ac"], set(demo["args"])) == (
        "place-order",
        "futures",
        {"id", "symbol", "orderPrice", "orderQty", "orderType", "side"},
    )


async def test_the_client_id_once_by_option():
    async with Bitmax(wsOrderIdInArgs=False) as venue:
        task, request = await asked(venue, "create_order_ws", SYMBOL, *ORDER, {"clientOrderId": ID})
        assert request["id"] == ID and "id" not in request["args"]
        await venue.say({**sample("ws-place-order"), "id": ID})
        assert (await task)["clientOrderId"] == ID


async def test_cancelling(venue):
    id = sample("ws-cancel-order-request")["args"]["orderId"]
    request, order = await answered(venue, "cancel_order_ws", id, SYMBOL, answer=sample("ws-cancel-order"))
    assert same(request, sample("ws-cancel-order-request"))
    assert (order["id"], order["symbol"], order["status"]) == (id, SYMBOL, None)
    request, _ = await answered(venue, "cancel_all_orders_ws", answer=sample("ws-cancel-all"))
    assert same(request, sample("ws-cancel-all-request"))
    request, orders = await answered(venue, "cancel_all_orders_ws", SYMBOL, answer=sample("ws-cancel-all"))
    assert same(request, sample("ws-cancel-all-symbol-request"))
    assert [one["symbol"] for one in orders] == [SYMBOL]


async def test_cancelling_by_the_client_id(venue):
    params = {"clientOrderId": ID, "time": 1613878579169}
    elsewhere = {"clientOrderId": "anotherOrder1", "orderTime": 1613878579169, "orderSource": "s"}
    task, request = await asked(venue, "cancel_order_ws", "", SYMBOL, elsewhere)
    assert request["args"]["orderId"] == f"s177c2a8cfe1{UID}herOrder1"
    task.cancel()
    placing, _ = await asked(venue, "create_order_ws", SYMBOL, *ORDER, params)
    task, request = await asked(venue, "cancel_order_ws", "", SYMBOL, {"clientOrderId": ID})
    assert request["args"]["orderId"] == f"s177c2a8cfe1{UID}equestId2"
    task.cancel()
    await venue.say({**sample("ws-place-order"), "id": ID})
    answered_id = (await placing)["id"]
    task, request = await asked(venue, "cancel_order_ws", "", SYMBOL, {"clientOrderId": ID})
    assert request["args"]["orderId"] == answered_id == "s177bbb671b7U1234567890leOrderId"
    assert set(request["args"]) == {"orderId", "symbol", "time"}
    task.cancel()


async def test_open_orders(venue):
    request, orders = await answered(
        venue, "fetch_open_orders_ws", SYMBOL, answer=sample("ws-futures-open-orders")
    )
    assert same(request, sample("ws-futures-open-orders-request"))
    assert [(order["id"], order["status"], order["price"]) for order in orders] == [
        ("r1782f04c58aU3792951278sbtcp7EbA", "open", 66000.0)
    ]


async def test_the_account(venue):
    free = sample("rest-v2-futures-free-margin")
    venue.rest["free-margin"] = free
    snapshot = sample("ws-futures-account-snapshot")
    request, balance = await answered(venue, "fetch_balance_ws", answer=snapshot)
    assert (
        same(request, {**sample("ws-futures-account-snapshot-request"), "args": {}}) or "args" not in request
    )
    assert {code: balance[code]["total"] for code in ("ETH", "BTC", "USDT")} == {
        "ETH": 500,
        "BTC": 100,
        "USDT": 10**6,
    }
    told = {one["asset"]: float(one["availableForTransfer"]) for one in free["data"]["collaterals"]}
    assert balance["BTC"]["free"] == told["BTC"]
    assert venue.asked == ["free-margin"]
    _, balance = await answered(venue, "fetch_balance_ws", {"freeMargin": False}, answer=snapshot)
    assert balance["BTC"]["free"] is None and venue.asked == ["free-margin"]
    _, positions = await answered(venue, "fetch_positions_ws", answer=snapshot)
    assert positions == []


async def test_positions_with_prices_from_rest(venue):
    venue.rest["pricing-data"] = sample("rest-v2-futures-pricing-data")
    held = {**sample("ws-futures-account-snapshot"), "pos": sample("ws-futures-account-update")["pos"]}
    _, (position,) = await answered(venue, "fetch_positions_ws", [SYMBOL], answer=held)
    told = {one["symbol"]: one for one in venue.rest["pricing-data"]["data"]["contracts"]}
    assert position["markPrice"] == float(told[MARKET]["markPrice"])
    assert (position["side"], position["contracts"], position["marginMode"]) == ("long", 0.011, "cross")
    assert position["maintenanceMargin"] > 0 and position["marginRatio"] > 0
    _, one = await answered(venue, "fetch_position_ws", SYMBOL, answer=held)
    _, of_symbol = await answered(venue, "fetch_positions_for_symbol_ws", SYMBOL, answer=held)
    assert one == of_symbol[0] == position


async def test_market_data_needs_no_keys(venue):
    venue.exchange.apiKey = venue.exchange.secret = ""
    task, request = await asked(venue, "fetch_order_book_ws", SYMBOL, 1, url=PUBLIC)
    assert same(request, sample("ws-depth-snapshot-request"))
    await venue.say(sample("ws-depth-snapshot"))  # of another symbol
    assert not task.done()
    answer = {key: value for key, value in sample("ws-depth-snapshot-futures").items() if key != "id"}
    await venue.say(answer)
    book = await task
    assert (book["bids"], book["asks"], book["nonce"]) == ([[0.06733, 667.0]], [[0.06758, 585.0]], 3167819629)
    answer = {**sample("ws-market-trades"), "symbol": MARKET}
    request, trades = await answered(venue, "fetch_trades_ws", SYMBOL, None, 12, answer=answer, url=PUBLIC)
    documented = {**sample("ws-market-trades-request"), "args": {"symbol": MARKET, "level": 12}}
    assert same(request, documented)
    assert [(trade["id"], trade["price"]) for trade in trades] == [("144115188077966308", 0.0686)]


async def test_a_book_that_is_asked_for_leaves_the_followed_one_as_it_is(venue):
    task = await venue.watch("watch_order_book", SYMBOL)
    await venue.say(sample("ws-depth-snapshot-futures"))
    followed = await task
    task = await venue.watch("fetch_order_book_ws", SYMBOL)
    other = sample("ws-depth-snapshot-futures")
    other["data"]["seqnum"] += 5
    await venue.say(other)
    assert (await task)["nonce"] == 3167819634
    assert venue.exchange.orderbooks[SYMBOL] is followed and followed["nonce"] == 3167819629


async def test_ccxts_forms_of_an_order(venue):
    calls = [
        ("create_limit_order_ws", (SYMBOL, "buy", 0.1, 9500), {"orderType": "limit", "side": "buy"}),
        ("create_limit_buy_order_ws", (SYMBOL, 0.1, 9500), {"side": "buy"}),
        ("create_limit_sell_order_ws", (SYMBOL, 0.1, 9500), {"side": "sell"}),
        ("create_market_order_ws", (SYMBOL, "buy", 0.1), {"orderType": "market"}),
        ("create_market_buy_order_ws", (SYMBOL, 0.1), {"side": "buy"}),
        ("create_market_sell_order_ws", (SYMBOL, 0.1), {"side": "sell"}),
        ("create_post_only_order_ws", (SYMBOL, "limit", "buy", 0.1, 9500), {"postOnly": True}),
        ("create_reduce_only_order_ws", (SYMBOL, "limit", "buy", 0.1, 9500), {"execInst": "ReduceOnly"}),
        (
            "create_stop_limit_order_ws",
            (SYMBOL, "buy", 0.1, 9500, 9600),
            {"orderType": "StopLimit", "stopPrice": "9600"},
        ),
        ("create_stop_market_order_ws", (SYMBOL, "buy", 0.1, 9600), {"orderType": "StopMarket"}),
        ("create_stop_order_ws", (SYMBOL, "limit", "buy", 0.1, 9500, 9600), {"stopPrice": "9600"}),
        ("create_trigger_order_ws", (SYMBOL, "limit", "buy", 0.1, 9500, 9600), {"stopPrice": "9600"}),
        (
            "create_stop_loss_order_ws",
            (SYMBOL, "market", "sell", 0.1, None, 9400),
            {"stopPrice": "9400", "execInst": "ReduceOnlyMarket"},
        ),
        (
            "create_order_with_take_profit_and_stop_loss_ws",
            (SYMBOL, "limit", "buy", 0.1, 9500, 9900, 9000),
            {"posTakeProfitPrice": "9900", "posStopLossPrice": "9000"},
        ),
    ]
    venue.rest["ticker"] = {"code": 0, "data": {"symbol": MARKET, "close": "9500"}}
    able = [name for name, can in venue.exchange.has.items() if can and re.fullmatch("create.*Ws", name)]
    assert len(able) == len(calls) + 1
    for method, arguments, expected in calls:
        request, order = await answered(venue, method, *arguments, answer=sample("ws-place-order"))
        assert {name: request["args"].get(name) for name in expected} == expected, method
        assert order["id"] and request["args"]["respInst"] == "ACK"


async def edited(venue, status):
    """An order that is edited, up to what becomes of the old one."""
    told = [row(orderId="someOrder1", status=each, side="Buy") for each in ("New", status)]
    venue.rest["order/status"] = lambda request: {"code": 0, "data": told.pop(0)}
    task, cancel = await asked(venue, "edit_order_ws", "someOrder1", SYMBOL, *ORDER)
    assert cancel["action"] == "cancel-order"
    await venue.say({**sample("ws-cancel-order"), "id": cancel["id"]})
    return task


async def test_editing_cancels_then_places(venue):
    task = await edited(venue, "Canceled")
    (place,) = venue.sent()
    assert place["action"] == "place-order"
    await venue.say({**sample("ws-place-order"), "id": place["id"]})
    assert (await task)["id"]
    venue.rest["order/status"] = {"code": 0, "data": row(orderId="someOrder1", status="New", side="Buy")}
    with pytest.raises(ccxt.InvalidOrder):
        await venue.exchange.edit_order_ws("someOrder1", SYMBOL, "limit", "buy", -1, 5)
    assert venue.sent() == []


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("New", ccxt.OperationFailed),
        ("PartiallyFilled", ccxt.OperationFailed),
        ("Filled", ccxt.OrderNotFound),
    ],
)
async def test_nothing_is_placed_beside_an_order_that_is_not_known_to_be_cancelled(venue, status, error):
    task = await edited(venue, status)
    assert venue.sent() == []
    with pytest.raises(error, match="someOrder1"):
        await task


@pytest.mark.parametrize("name", ["createTakeProfitOrder", "cancelOrders", "fetchOrder", "fetchMyTrades"])
async def test_what_the_socket_cannot_do_is_refused(venue, name):
    assert not venue.exchange.has[f"{name}Ws"]
    with pytest.raises(ccxt.NotSupported):
        await getattr(venue.exchange, f"{name}Ws")("x")


# -- refusals --------------------------------------------------------------------------------------


PLACE, CANCEL = ("create_order_ws", (SYMBOL, *ORDER)), ("cancel_order_ws", ("x1", SYMBOL))
CANCEL_ALL, OPEN, BALANCE = (
    (f"{name}_ws", ()) for name in ("cancel_all_orders", "fetch_open_orders", "fetch_balance")
)
TOO_RISKY = {"m": "order", "code": 320008, "info": {"reason": "FUTURES_TOO_RISKY"}}


@pytest.mark.parametrize(
    ("call", "answer", "error", "text"),
    [
        (PLACE, "ws-place-order-error", ccxt.InvalidOrder, "300001 INVALID_PRICE Order price is too low"),
        (CANCEL, "ws-cancel-order-error", ccxt.InvalidOrder, "Client Order Id too Long"),
        (CANCEL_ALL, "ws-cancel-all-error", ccxt.BadSymbol, "Invalid Product Symbol"),
        (CANCEL_ALL, "ws-close-all-position-draft-error", ccxt.BadRequest, "type-mismatched"),
        (OPEN, "ws-futures-open-orders-error", ccxt.BadRequest, "Missing required parameter: args"),
        (BALANCE, "ws-error", ccxt.BadRequest, "Invalid request action"),
        (PLACE, TOO_RISKY, ccxt.InsufficientFunds, "RISKY"),
        (PLACE, {"m": "order", "code": 100003, "info": {}}, ccxt.DuplicateOrderId, "100003"),
        (PLACE, {"m": "error", "code": 100014, "info": "x"}, ccxt.RateLimitExceeded, "100014 x"),
        (PLACE, {"m": "error", "code": 300006, "info": "x"}, ccxt.InvalidOrder, "300006 x"),
        (CANCEL, {"m": "order", "code": 300006, "info": {}}, ccxt.OrderNotFound, "300006"),
    ],
)
async def test_refusals(venue, call, answer, error, text):
    method, arguments = call
    answer = sample(answer) if isinstance(answer, str) else answer
    with pytest.raises(error, match=text) as caught:
        await answered(venue, method, *arguments, answer=answer)
    assert type(caught.value) is error
    assert "unknown" not in str(caught.value)


async def test_answers_of_actions_that_are_not_used(venue):
    """Closing all positions, and the status of orders: requests that somebody sends by himself."""
    connection = await asyncio.wait_for(signed_on(venue), 5)
    for action, answer in (
        (sample("ws-close-all-position-draft-request"), sample("ws-close-all-position-draft")),
        (sample("ws-close-all-position-draft-symbol-request"), sample("ws-close-all-position-draft")),
        (sample("ws-order-status-request"), sample("ws-order-status")),
    ):
        task = asyncio.ensure_future(venue.exchange.feed.requests.answer(connection, {**action, "id": "abc"}))
        await settled()
        await venue.say({**answer, "id": "abc"}, url=PRIVATE)
        assert (await task)["code"] == 0


# -- orders are not sent twice, and not lost -------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("limit", "buy", 0.1), ccxt.ArgumentsRequired),
        (("limit", "buy", -1, 9500), ccxt.InvalidOrder),
        (("limit", "buy", float("nan"), 9500), ccxt.InvalidOrder),
        (("limit", "buy", 0.00001, 9500), ccxt.InvalidOrder),
        (("limit", "hold", 0.1, 9500), ccxt.InvalidOrder),
        (("limit", "buy", 0.1, 9500, {"clientOrderId": "-"}), ccxt.InvalidOrder),
        (("limit", "buy", 0.1, 9500, {"trailingAmount": 5}), ccxt.NotSupported),
    ],
)
async def test_what_is_known_to_be_wrong_is_not_sent(venue, arguments, error):
    with pytest.raises(error):
        await venue.exchange.create_order_ws(SYMBOL, *arguments)
    assert venue.connections == []


async def test_one_client_id_at_a_time(venue):
    task, _ = await asked(venue, "create_order_ws", SYMBOL, *ORDER, {"clientOrderId": ID})
    with pytest.raises(ccxt.DuplicateOrderId):
        await venue.exchange.create_order_ws(SYMBOL, *ORDER, {"clientOrderId": ID})
    assert venue.sent() == []
    await venue.say({**sample("ws-place-order"), "id": ID})
    assert (await task)["clientOrderId"] == ID


async def test_a_client_id_that_looks_like_a_requests(venue):
    place, request = await asked(venue, "create_order_ws", SYMBOL, *ORDER, {"clientOrderId": "10"})
    tasks = [await venue.watch("cancel_all_orders_ws") for _ in range(12)]
    sent = venue.sent()
    assert len({message["id"] for message in sent} | {request["id"]}) == 13
    for message in [*sent, request]:
        answer = sample("ws-place-order") if message is request else sample("ws-cancel-all")
        await venue.say({**answer, "id": message["id"]})
    assert (await place)["clientOrderId"] == "10"
    assert len(await asyncio.gather(*tasks)) == 12


async def test_a_refused_time_is_corrected_and_the_order_sent_once_more():
    told = sample("rest-v2-futures-pricing-data")
    async with Bitmax({"pricing-data": told}, adjustForTimeDifference=True) as venue:
        task, first = await asked(venue, "create_order_ws", SYMBOL, *ORDER, {"clientOrderId": ID})
        await venue.say({"m": "order", "id": ID, "code": 100011, "info": {"reason": "INVALID_TIMESTAMP"}})
        for _ in range(10):
            await settled()
        (second,) = venue.sent()
        assert second["args"]["time"] < first["args"]["time"] - 10**9
        assert second["args"]["id"] == first["args"]["id"]
        predicted = accounts.state_of(venue.exchange).orders.order_id(ID)
        assert predicted.startswith(f"s{second['args']['time']:x}")
        await venue.say({**sample("ws-place-order"), "id": ID})
        await task
    async with Bitmax() as venue:
        with pytest.raises(ccxt.InvalidNonce):
            answer = {"m": "order", "code": 100011, "info": {}}
            await answered(venue, "create_order_ws", SYMBOL, *ORDER, answer=answer)


async def test_twenty_at_once_over_one_connection(venue):
    tasks = [await venue.watch("create_order_ws", SYMBOL, *ORDER) for _ in range(20)]
    requests = await venue.sign_on()
    assert len({request["id"] for request in requests}) == 20
    for request in reversed(requests):
        answer = sample("ws-place-order")
        answer["info"]["orderId"] = "s" + request["id"][-9:]
        await venue.say({**answer, "id": request["id"]})
    orders = await asyncio.gather(*tasks)
    assert all(order["id"] == "s" + order["clientOrderId"][-9:] for order in orders)
    assert len(venue.connections) == 1


async def test_an_order_over_the_socket_is_watched_like_any_other(venue):
    watching = await venue.watch_private("watch_orders")
    task, request = await asked(venue, "create_order_ws", SYMBOL, *ORDER, {"clientOrderId": ID})
    id = accounts.state_of(venue.exchange).orders.order_id(ID)
    await venue.say({**sample("ws-futures-order"), "orderId": id, "st": "Filled", "cfq": "0.1", "ap": "9"})
    assert [(order["id"], order["clientOrderId"]) for order in await watching] == [(id, ID)]
    answer = sample("ws-place-order")
    answer["info"]["orderId"] = id
    await venue.say({**answer, "id": request["id"]})
    await task
    assert venue.exchange.feed.orders.desk.unsettled() == []
    assert row(orderId=id)["orderId"] == id
