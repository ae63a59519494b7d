"""bitmaxfutures' stream of an account: nothing is lost and nothing told twice, whatever comes between."""

import asyncio

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer
from ccxt_ext.venues.bitmaxfutures import signing
from tests.venues.bitmaxfutures.other_end import (
    MARKET,
    PRIVATE,
    SYMBOL,
    Bitmax,
    fill,
    refused,
    report,
    row,
    sample,
)
from tests.venues.offline_stream import settled

A, B, C = (f"a17{letter}0c4957U0123456789sampleOrd" for letter in "abc")


def history(*rows):
    return {"order/hist/current": {"code": 0, "data": list(rows)}}


def seen(orders):
    return [(order["id"], order["status"], order["filled"]) for order in orders]


def amounts(trades):
    return [(trade["order"], trade["amount"], trade["price"], trade["fee"]["cost"]) for trade in trades]


async def reconnect(venue, method, *args, open_orders=(), **answers):
    """After the connection was lost: the next watch call, which begins the next one."""
    await venue.lose(PRIVATE)
    count = len(venue.connections)
    task = await venue.watch(method, *args)
    for _ in range(1000):
        if len(venue.connections) > count and venue.connections[-1].connection.sent:
            break
        await asyncio.sleep(0.005)
    await venue.reply(await venue.sign_on(), open_orders=open_orders, **answers)
    for _ in range(20):
        await settled()
    return task


# -- signing on ------------------------------------------------------------------------------------


@pytest.mark.parametrize("success", ["ws-auth-success", "ws-auth-ready"])
async def test_signing_on_by_a_message(venue, success):
    task = await venue.watch("watch_orders")
    (auth,) = venue.sent()
    assert venue.connection.url == PRIVATE
    assert set(auth) == set(sample("ws-auth-ready-request")) - {"ack"}
    assert isinstance(auth["t"], int)
    assert auth["sig"] == signing.signature(venue.exchange, f"{auth['t']}+v2/stream")
    await venue.say(sample("ws-connected-unauth"), {**sample(success), "id": auth["id"]})
    subscribe, ask = venue.sent()
    assert subscribe == {**sample("ws-futures-order-sub"), "id": subscribe["id"]}
    assert ask == {**sample("ws-futures-open-orders-request"), "id": ask["id"], "args": {}}
    assert not task.done()


def test_the_signature_of_the_vector():
    exchange = Bitmax().exchange
    exchange.secret = "hV8FgjyJtpvVeAcMAgzgAFQCN36wmbWuN7o3WPcYcYhFd8qvE43gzFGVsFcCqMNk"
    expected = "OdBOWATz1QnFxiTMnCoBXk4f6CLxIJ8i6kdIsVIehiU="
    assert signing.signature(exchange, "1608133910000+v2/stream") == expected


@pytest.mark.parametrize("frame", ["ws-auth-error", {"m": "error", **refused(200001, info="No")}])
async def test_keys_that_are_refused(venue, frame):
    task = await venue.watch("watch_orders")
    (auth,) = venue.sent()
    await venue.say({**(sample(frame) if isinstance(frame, str) else frame), "id": auth["id"]})
    with pytest.raises(ccxt.AuthenticationError, match=r"200006 Unable to find|200001 SOME_REASON No"):
        await task
    assert venue.exchange.apiKey not in str(task.exception())


async def test_a_refused_time_is_corrected():
    told = sample("rest-v2-futures-pricing-data")
    async with Bitmax({"pricing-data": told}, adjustForTimeDifference=True) as venue:
        await venue.watch("watch_orders")
        (auth,) = venue.sent()
        await venue.say({"m": "auth", "id": auth["id"], "code": 100011, "err": "INVALID_TIMESTAMP"})
        (again,) = venue.sent()
        assert again["op"] == "auth" and again["t"] < auth["t"] - 10**9
        await venue.say({"m": "auth", "id": again["id"], "code": 0})
        assert venue.sent()[0]["ch"] == "futures-order"


async def test_signing_on_in_the_handshake():
    async with Bitmax(wsAuthMethod="headers") as venue:
        headers = venue.exchange.feed.headers(PRIVATE)
        time = headers["x-auth-timestamp"]
        assert headers["x-auth-signature"] == signing.signature(venue.exchange, f"{time}+v2/stream")
        assert venue.exchange.feed.headers(venue.exchange.feed.requests.public_url()) is None
        await venue.watch("watch_orders")
        assert venue.sent() == []
        await venue.say(sample("ws-connected-auth"))
        assert venue.sent()[0]["ch"] == "futures-order"


async def test_a_handshake_that_was_not_accepted():
    async with Bitmax(wsAuthMethod="headers") as venue:
        task = await venue.watch("watch_orders")
        await venue.say(sample("ws-connected-unauth"))
        with pytest.raises(ccxt.AuthenticationError):
            await task


async def test_without_keys_nothing_is_connected(venue):
    venue.exchange.secret = ""
    for method in ("watch_orders", "watch_balance", "watch_positions", "fetch_open_orders_ws"):
        with pytest.raises(ccxt.AuthenticationError):
            await getattr(venue.exchange, method)()
    assert venue.connections == []


async def test_the_account_is_asked_for_once():
    told = sample("rest-v2-account-info")
    async with Bitmax({"account/info": told}, accountGroup=None) as venue:
        tasks = [await venue.watch(method) for method in ("watch_orders", "watch_balance", "watch_positions")]
        for _ in range(5):
            await settled()
        assert len(venue.wire.requests) == 1
        assert venue.connection.url == f"wss://bitmax.io:443/{told['data']['accountGroup']}/api/pro/v2/stream"
        assert len(venue.connections) == 1 and not any(task.done() for task in tasks)


# -- orders ----------------------------------------------------------------------------------------


async def test_the_documented_report(venue):
    task = await venue.watch_private("watch_orders")
    await venue.say(sample("ws-futures-order"))
    (order,) = await task
    expected = {
        "id": "a176010c4957U68469127074abcd1234",
        "clientOrderId": None,
        "symbol": SYMBOL,
        "type": "limit",
        "side": "buy",
        "price": 18000.0,
        "amount": 0.1,
        "filled": 0.0,
        "remaining": 0.1,
        "cost": 0.0,
        "average": None,
        "status": "open",
        "timestamp": 1606335351541,
        "lastUpdateTimestamp": 1606335352348,
        "lastTradeTimestamp": None,
        "triggerPrice": None,
        "postOnly": False,
        "reduceOnly": False,
        "fee": {"cost": 0.0, "currency": "USDT"},
        "info": sample("ws-futures-order"),
    }
    assert {name: order[name] for name in expected} == expected


async def test_open_orders_are_told_at_first(venue):
    documented = sample("ws-futures-open-orders")["data"]
    (order,) = await (await venue.watch_private("watch_orders", open_orders=documented))
    assert seen([order]) == [("r1782f04c58aU3792951278sbtcp7EbA", "open", 0.0)]
    assert (order["side"], order["price"], order["amount"]) == ("sell", 66000.0, 0.0001)


async def test_what_had_ended_before_is_no_news():
    async with Bitmax(history(row(orderId=A, status="Filled", cumFilledQty="1", avgFilledPx="5"))) as venue:
        task = await venue.watch_private("watch_orders")
        await venue.say(report(orderId=B))
        assert seen(await task) == [(B, "open", 0.0)]
        assert venue.exchange.myTrades is None


async def test_a_report_is_told_once_and_one_of_a_moment_before_never(venue):
    await (await venue.watch_private("watch_orders", open_orders=[row(orderId=A)]))
    newer = report(orderId=A, st="PartiallyFilled", cfq="0.1", lq="0.1", lp="5", ap="5", t=9 * 10**12)
    task = await venue.watch("watch_orders")
    await venue.say(newer)
    assert seen(await task) == [(A, "open", 0.1)]
    task = await venue.watch("watch_orders")
    await venue.say(newer, report(orderId=A, cfq="0", t=10**12))
    assert not task.done()
    await venue.say(report(orderId=A, st="Canceled", cfq="0.1", ap="5", t=9 * 10**12 + 1))
    assert seen(await task) == [(A, "canceled", 0.1)]
    task = await venue.watch("watch_orders")
    await venue.say(newer)
    assert not task.done()


async def test_orders_of_one_symbol_and_of_all(venue):
    everything, one = await venue.watch_private("watch_orders"), await venue.watch("watch_orders", SYMBOL)
    await venue.say(report(orderId=A))
    assert seen(await everything) == seen(await one) == [(A, "open", 0.0)]


@pytest.mark.parametrize("name", ["ws-order-rejected", "ws-order-cancel-reject"])
async def test_reports_of_the_cash_account_are_none_of_this_one(venue, name):
    task = await venue.watch_private("watch_orders")
    await venue.say(sample(name))
    assert not task.done()


async def test_a_report_under_its_older_name(venue):
    task = await venue.watch_private("watch_orders")
    frame = sample("ws-order-rejected")
    frame.update(ac="FUTURES")
    frame["data"].update(s=MARKET)
    await venue.say(frame)
    (order,) = await task
    assert (order["status"], order["price"], order["amount"]) == ("rejected", 0.05, 400.0)


async def test_what_becomes_of_orders_while_there_is_no_connection():
    ended = []
    rest = {
        "order/hist/current": lambda _: {"code": 0, "data": ended},
        "order/status": lambda request: {
            "code": 0,
            "data": [row(orderId=id, status="Canceled", lastExecTime=5 * 10**12) for id in ids(request)],
        },
    }
    async with Bitmax(rest, ws={"reconnectDelay": 1}) as venue:
        await (await venue.watch_private("watch_orders", open_orders=[row(orderId=A), row(orderId=B)]))
        # B has ended and is in no list any more, C was placed and filled by another session.
        ended.append(
            row(orderId=C, status="Filled", cumFilledQty="0.3", avgFilledPx="5", lastExecTime=4 * 10**12)
        )
        task = await reconnect(venue, "watch_orders", open_orders=[row(orderId=A)])
        assert seen(await task) == [(C, "closed", 0.3), (B, "canceled", 0.0)]
        asked = [request.query for request in venue.wire.requests if "status" in request.path]
        assert asked == [{"orderId": f"{B},"}]
        assert seen(venue.exchange.orders) == [(A, "open", 0.0), (C, "closed", 0.3), (B, "canceled", 0.0)]


def ids(request):
    return [id for id in request.query["orderId"].split(",") if id]


async def test_an_order_of_this_instance_that_was_over_before_the_stream_knew_it():
    def status(request):
        done = {"status": "Filled", "cumFilledQty": "0.1", "avgFilledPx": "9", "lastExecTime": 5 * 10**12}
        return {"code": 0, "data": [row(orderId=id, **done) for id in ids(request)]}

    async with Bitmax({"order/status": status, "futures/order": sample("rest-v2-order")}) as venue:
        placed = await venue.exchange.create_order(SYMBOL, "limit", "buy", 0.1, 9500)
        task = await venue.watch_private("watch_orders")
        for _ in range(20):
            await settled()
        assert seen(await task) == [(placed["id"], "closed", 0.1)]


async def test_an_order_of_this_instance_that_is_among_the_latest():
    placed_id = sample("rest-v2-order")["data"]["order"]["orderId"]
    done = row(orderId=placed_id, status="Filled", cumFilledQty="0.1", avgFilledPx="9", lastExecTime=5)
    rest = {**history(done, row(orderId=B, status="Canceled")), "futures/order": sample("rest-v2-order")}
    async with Bitmax(rest) as venue:
        await venue.exchange.create_order(SYMBOL, "limit", "buy", 0.1, 9500)
        assert seen(await (await venue.watch_private("watch_orders"))) == [(placed_id, "closed", 0.1)]
        assert venue.asked == ["order", "order/hist/current"]


async def test_an_order_that_the_venue_does_not_know_any_more(monkeypatch):
    monkeypatch.setattr("ccxt_ext.venues.bitmaxfutures.streams.orders.PAUSE_S", 0.01)
    rest = {"order/status": {"code": 100002, "reason": "DATA_NOT_AVAILABLE"}}
    async with Bitmax(rest, ws={"reconnectDelay": 1}) as venue:
        await (await venue.watch_private("watch_orders", open_orders=[row(orderId=A)]))
        task = await reconnect(venue, "watch_orders")
        for _ in range(200):
            if task.done():
                break
            await venue.reply(venue.sent_to(PRIVATE))
            await asyncio.sleep(0.005)
        with pytest.raises(ccxt.OrderNotFound, match=A):
            await task
        assert venue.asked.count("order/status") == 3
        assert venue.exchange.feed.orders.desk.open_ids() == []


async def test_lists_that_do_not_come_are_asked_for_over_rest(venue):
    venue.rest["order/open"] = {"code": 0, "data": [row(orderId=A)]}
    task = await venue.watch("watch_orders")
    _, ask = await venue.sign_on()
    await venue.say({**sample("ws-futures-open-orders-error"), "id": ask["id"]})
    assert seen(await task) == [(A, "open", 0.0)]


async def test_when_neither_way_helps_watchers_are_told_and_it_is_tried_again(venue):
    answers = iter([refused(100101)])
    venue.rest["order/open"] = lambda _: next(answers, {"code": 0, "data": [row(orderId=A)]})
    task = await venue.watch("watch_orders")
    _, ask = await venue.sign_on()
    await venue.say({**sample("ws-futures-open-orders-error"), "id": ask["id"]})
    with pytest.raises(ccxt.ExchangeError, match="100101"):
        await task
    task = await venue.watch("watch_orders")
    for _ in range(400):
        for message in venue.sent():
            await venue.say({**sample("ws-futures-open-orders-error"), "id": message["id"]})
        if task.done():
            break
        await asyncio.sleep(0.005)
    assert seen(await task) == [(A, "open", 0.0)]


@pytest.mark.parametrize("frame", [report(q="x"), report(orderId=None), {"m": "futures-order"}, "<html>"])
async def test_a_report_that_is_none_is_told_and_what_it_may_have_said_is_asked_for(venue, frame):
    await (await venue.watch_private("watch_orders", open_orders=[row(orderId=A)]))
    task = await venue.watch("watch_orders")
    await venue.say(frame)
    with pytest.raises(ccxt.BadResponse):
        await task
    task = await venue.watch("watch_orders")
    partly = row(orderId=A, cumFilledQty="0.0001", avgFilledPx="9000", status="PartiallyFilled")
    await venue.reply(venue.sent(), open_orders=[partly])
    assert seen(await task) == [(A, "open", 0.0001)]


async def test_the_client_id_of_an_order_that_this_process_sent(venue):
    venue.rest["futures/order"] = Answer("<html>gone</html>", 502, "text/html")
    params = {"clientOrderId": "sampleRequestId2", "time": 1613878579169}
    with pytest.raises(ccxt.ExchangeNotAvailable):
        await venue.exchange.create_order(SYMBOL, "limit", "buy", 0.1, 9500, params)
    task = await venue.watch_private("watch_orders")
    await venue.say(report(orderId="a177c2a8cfe1U0123456789equestId2"))
    assert (await task)[0]["clientOrderId"] == "sampleRequestId2"


# -- fills -----------------------------------------------------------------------------------------


async def test_a_fill_is_a_trade(venue):
    task = await venue.watch_private("watch_my_trades")
    await venue.say(fill(A, 131, "0.05", "35000", "0.05", "35000", "1.75", fee="1.75"))
    (trade,) = await task
    expected = {
        "id": "a17a0c4957U0123456789sampleOrd:0.05",
        "order": A,
        "symbol": SYMBOL,
        "side": "buy",
        "type": "limit",
        "price": 35000.0,
        "amount": 0.05,
        "cost": 1750.0,
        "fee": {"cost": 1.75, "currency": "USDT"},
        "timestamp": 131,
        "takerOrMaker": None,
    }
    assert {name: trade[name] for name in expected} == expected


async def test_maker_and_taker_where_they_can_be_told(venue):
    task = await venue.watch_private("watch_my_trades")
    post, market = {"ei": "Post"}, {"ot": "Market", "p": "0"}
    await venue.say(*(fill(id, 1, "1", "5", "1", "5", "0.1", **how) for id, how in ((A, post), (B, market))))
    assert [trade["takerOrMaker"] for trade in await task] == ["maker", "taker"]


async def test_each_fill_once(venue):
    task = await venue.watch_private("watch_my_trades")
    first = fill(A, 1, "0.1", "10", "0.1", "10", "0.1")
    await venue.say(first, first)
    await task
    task = await venue.watch("watch_my_trades")
    await venue.say(first, report(orderId=A, st="Canceled", cfq="0.1", ap="10", lq="0.1", lp="10", t=9))
    assert not task.done()
    assert amounts(venue.exchange.myTrades) == [(A, 0.1, 10.0, 0.1)]


async def test_fills_that_were_missed_are_told_together_and_the_last_by_itself():
    async with Bitmax(ws={"reconnectDelay": 1}) as venue:
        task = await venue.watch_private("watch_my_trades")
        await venue.say(fill(A, 1, "1", "10", "1", "10", "0.1"))
        await task
        # 1 at 10; then 2 at 11 and 1 at 12, missed, and 1 at 13, missed as well.
        missed = row(
            orderId=A,
            status="PartiallyFilled",
            cumFilledQty="5",
            avgFilledPx="11.4",
            cumFee="0.6",
            lastQty="1",
            lastPx="13",
            fee="0.2",
            lastExecTime=7,
        )
        trades = await (await reconnect(venue, "watch_my_trades", open_orders=[missed]))
        assert amounts(trades) == [(A, 3.0, 11.333333333, 0.3), (A, 1.0, 13.0, 0.2)]
        assert [trade["id"] for trade in trades] == [f"{A}:4", f"{A}:5"]
        assert trades[0]["cost"] == 34.0
        task = await venue.watch("watch_my_trades")
        await venue.say(fill(A, 1, "1", "13", "5", "11.4", "0.6"))  # what was on its way then
        assert not task.done()
        await venue.say(fill(A, 6, "1", "9", "6", "11", "0.7", "Filled"))
        assert amounts(await task) == [(A, 1.0, 9.0, 0.1)]


async def test_what_was_filled_before_anybody_watched_is_no_news(venue):
    half = row(orderId=A, status="PartiallyFilled", cumFilledQty="0.5", avgFilledPx="10", cumFee="0.5")
    task = await venue.watch_private("watch_my_trades", open_orders=[half])
    assert not task.done()
    await venue.say(fill(A, 5, "0.1", "10", "0.6", "10", "0.6"), fill(B, 6, "1", "10", "1", "10", "1"))
    assert amounts(await task) == [(A, 0.1, 10.0, 0.1), (B, 1.0, 10.0, 0.1)]


async def test_leaving_the_last_of_them_leaves_the_channel(venue):
    await (await venue.watch_private("watch_orders", open_orders=[row(orderId=A)]))
    trades = await venue.watch("watch_my_trades")
    await venue.exchange.un_watch_orders()
    assert venue.sent() == [] and not trades.done()
    await venue.exchange.un_watch_my_trades()
    assert [(message["op"], message["ch"]) for message in venue.sent()] == [("unsub", "futures-order")]
    with pytest.raises(ccxt.UnsubscribeError):
        await trades
    task = await venue.watch("watch_orders")
    await venue.reply(venue.sent(), open_orders=[row(orderId=A)])
    assert seen(await task) == [(A, "open", 0.0)]


# -- balance and positions -------------------------------------------------------------------------

UPDATE = sample("ws-futures-account-update")


def update(number, pos=(), col=()):
    return {**UPDATE, "sn": number, "pos": list(pos), "col": list(col)}


def position(size, **about):
    side = "LONG" if float(size) > 0 else "SHORT" if float(size) < 0 else "NULL_VAL"
    return {**UPDATE["pos"][0], "pos": size, "sd": side, **about}


async def test_the_snapshot_and_updates_of_balances(venue):
    task = await venue.watch("watch_balance")
    subscribe, ask = await venue.sign_on()
    assert subscribe == {**sample("ws-futures-account-update-sub"), "id": subscribe["id"]}
    assert ask == {**sample("ws-futures-account-snapshot-request"), "id": ask["id"]}
    # One that the snapshot covers, and one that it does not.
    await venue.say(update(9982, col=[{"a": "ETH", "b": "1", "f": "1"}]))
    await venue.say(update(9983, col=[{"a": "BTC", "b": "99", "f": "1"}]))
    await venue.say({**sample("ws-futures-account-snapshot"), "id": ask["id"]})
    balance = await task
    assert [balance[code]["total"] for code in ("ETH", "BTC", "USDT")] == [500, 99, 10**6]
    assert balance["timestamp"] == UPDATE["t"]
    task = await venue.watch("watch_balance")
    await venue.say(update(9983, col=[{"a": "USDT", "b": "5", "f": "1"}]))
    assert not task.done()
    await venue.say(update(9985, col=[{"a": "USDT", "b": "6", "f": "1"}]))
    assert ((await task)["USDT"]["total"], venue.exchange.balance["ETH"]["total"]) == (6, 500)


async def test_what_is_free_comes_from_rest_with_one_call_for_many_updates():
    free = sample("rest-v2-futures-free-margin")
    async with Bitmax({"free-margin": free}, watchBalance={"freeMargin": True}) as venue:
        balance = await (await venue.watch_private("watch_balance"))
        told = {row["asset"]: float(row["availableForTransfer"]) for row in free["data"]["collaterals"]}
        assert balance["USDT"]["free"] == told["USDT"]
        task = await venue.watch("watch_balance")
        before = len(venue.wire.requests)
        await venue.say(*(update(10_000 + n, col=[{"a": "USDT", "b": str(n), "f": "1"}]) for n in range(20)))
        for _ in range(5):
            await settled()
        assert (await task)["USDT"]["total"] == 19
        assert len(venue.wire.requests) - before <= 2


async def test_the_documented_position(venue):
    task = await venue.watch_private("watch_positions")
    assert await task == []
    task = await venue.watch("watch_positions", [SYMBOL])
    assert await task == []
    task = await venue.watch("watch_positions", [SYMBOL])
    await venue.say(UPDATE)
    (told,) = await task
    expected = {
        "symbol": SYMBOL,
        "side": "long",
        "contracts": 0.011,
        "entryPrice": 35041.363636363,
        "unrealizedPnl": 18.821463668007,  # its fees are not in it
        "realizedPnl": 0.0,
        "leverage": 10.0,
        "marginMode": "cross",
        "markPrice": 36752.405788,
        "timestamp": 1612508562129,
        "liquidationPrice": None,
        "info": UPDATE["pos"][0],
    }
    got = {name: told[name] for name in expected}
    assert got == {**expected, "markPrice": pytest.approx(expected["markPrice"], abs=1e-6)}
    assert told["notional"] == pytest.approx(0.011 * 36752.405788)


async def test_positions_that_change_sides_or_end(venue):
    await (await venue.watch_private("watch_positions"))
    changes = [("0.5", [("long", 0.5)]), ("-1", [("long", 0.0), ("short", 1.0)]), ("0", [("short", 0.0)])]
    for number, (size, expected) in enumerate(changes, 10_000):
        task = await venue.watch("watch_positions")
        await venue.say(update(number, [position(size)]))
        assert [(told["side"], told["contracts"]) for told in await task] == expected
    task = await venue.watch("watch_positions")
    await venue.say(update(20_000, [position("0", lev="5")]))
    assert not task.done()


async def test_positions_of_which_nobody_took_the_news(venue):
    """One changed, then another, then the first again: the next to watch is told how each stands."""
    (contract,) = venue.profile.sample(venue.profile.markets_sample)["data"]
    other = {**contract, "symbol": "ETH-PERP", "underlying": "ETH/USDT"}
    venue.exchange.set_markets(venue.exchange.parse_markets([contract, other]))
    await (await venue.watch_private("watch_positions"))
    await venue.say(update(10_000, [position("0.5")]))
    await venue.say(update(10_001, [position("3", s="ETH-PERP")]))
    await venue.say(update(10_002, [position("0.7")]))
    told = await (await venue.watch("watch_positions"))
    assert {(each["symbol"], each["contracts"]) for each in told} == {(SYMBOL, 0.7), ("ETH/USDT:USDT", 3.0)}
    assert not (await venue.watch("watch_positions")).done()


async def test_an_isolated_position_tells_where_it_is_liquidated(venue):
    await (await venue.watch_private("watch_positions"))
    task = await venue.watch("watch_positions")
    # The example of the venue's formula: long 0.5 at a mark of 20000, margin 1000, profit -100.
    isolated = position("0.5", mt="isolated", iw="1000", up="-100", rc="-10100", lev="100")
    await venue.say(update(10_000, [isolated]))
    (told,) = await task
    assert (told["markPrice"], told["collateral"]) == (20000.0, 1000.0)
    assert told["liquidationPrice"] == pytest.approx(18309.859154929577)


async def test_what_became_of_positions_while_there_was_no_connection():
    async with Bitmax(ws={"reconnectDelay": 1}) as venue:
        first = await (await venue.watch_private("watch_positions", holdings={"pos": [position("0.5")]}))
        assert [told["contracts"] for told in first] == [0.5]
        task = await reconnect(venue, "watch_positions", holdings={"pos": [position("0.7")], "sn": 3})
        assert [told["contracts"] for told in await task] == [0.7]
        task = await reconnect(venue, "watch_positions", holdings={"pos": []})
        assert [(told["side"], told["contracts"]) for told in await task] == [("long", 0.0)]


async def test_holdings_are_asked_for_over_rest_where_no_snapshot_comes(venue):
    venue.rest["futures/position"] = sample("rest-v2-futures-position")
    balance, positions = await venue.watch("watch_balance"), await venue.watch("watch_positions")
    ask = (await venue.sign_on())[-1]
    await venue.say(update(5, col=[{"a": "USDT", "b": "1", "f": "1"}]))
    await venue.say({"m": "error", **refused(100005, info="x"), "id": ask["id"]})
    rows = venue.rest["futures/position"]["data"]["collaterals"]
    assert (await balance)["USDT"]["total"] == {row["asset"]: float(row["balance"]) for row in rows}["USDT"]
    assert [one["symbol"] for one in await positions] == [SYMBOL]
    task = await venue.watch("watch_balance")
    await venue.say(update(6, col=[{"a": "USDT", "b": "2", "f": "1"}]))
    assert (await task)["USDT"]["total"] == 2


async def test_who_comes_later_is_told_what_is_known(venue):
    await (await venue.watch_private("watch_positions", holdings={"pos": [position("0.5")]}))
    balance = await (await venue.watch("watch_balance"))
    assert balance["BTC"]["total"] == 100
    assert [told["contracts"] for told in await (await venue.watch("watch_positions", [SYMBOL]))] == [0.5]
    assert venue.sent() == []


@pytest.mark.parametrize("frame", [update(10_000, col=[{"b": "1"}]), {**UPDATE, "pos": None}, "<html>"])
async def test_an_update_that_is_none_brings_a_new_snapshot(venue, frame):
    await (await venue.watch_private("watch_balance"))
    task = await venue.watch("watch_balance")
    await venue.say(frame)
    with pytest.raises(ccxt.BadResponse):
        await task
    task = await venue.watch("watch_balance")
    await venue.reply(venue.sent(), holdings={"col": [{"a": "USDT", "b": "3", "f": "1"}]})
    assert (await task)["USDT"]["total"] == 3


async def test_balance_and_positions_share_a_channel(venue):
    await (await venue.watch_private("watch_positions"))
    await (await venue.watch("watch_balance"))
    await venue.exchange.un_watch_positions()
    assert venue.sent() == []
    task = await venue.watch("watch_balance")
    await venue.say(update(10_000, col=[{"a": "USDT", "b": "3", "f": "1"}]))
    assert (await task)["USDT"]["total"] == 3
