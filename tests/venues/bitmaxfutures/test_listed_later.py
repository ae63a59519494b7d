"""bitmaxfutures: markets that are listed while a client runs, and rows that cannot be read among others."""

import asyncio

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from tests.venues.bitmaxfutures.other_end import PRIVATE, SYMBOL, Bitmax, fill, report, row, sample
from tests.venues.offline_stream import settled
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitmaxfutures"]
NEW, NEW_SYMBOL = "SOL-PERP", "SOL/USDT:USDT"
OPTIONS = {"accountGroup": 0, "userUID": "U0123456789"}

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


def contracts(*more):
    listed = sample("rest-v2-futures-contract")
    for id in more:
        base = id.partition("-")[0]
        listed["data"].append({**listed["data"][0], "symbol": id, "underlying": f"{base}/USDT"})
    return listed


def listing(*more):
    """What a client that loads the markets anew is told."""
    return {"futures/contract": contracts(*more), "futures/collateral": sample("rest-v2-futures-collateral")}


def ended(id, **about):
    known = sample("rest-v2-order-hist-current")["data"][0]
    return {**known, "orderId": id, "status": "Filled", **about}


def filled_report(id, sn, amount="0.1", **about):
    return fill(id, sn, amount, "9500", amount, "9500", "0.1", status="Filled", **about)


# -- streams ----------------------------------------------------------------------------------------


async def test_a_report_of_a_market_that_was_listed_later_is_told_as_that_market():
    async with Bitmax(listing(NEW)) as venue:
        orders = await venue.watch_private("watch_orders")
        trades = await venue.watch("watch_my_trades")
        of_new = await venue.watch("watch_my_trades")
        await venue.say(filled_report("anOrder1", 1, s=NEW))
        for _ in range(20):
            await settled()
        assert [(order["symbol"], order["status"]) for order in await orders] == [(NEW_SYMBOL, "closed")]
        assert [(trade["symbol"], trade["amount"]) for trade in await trades] == [(NEW_SYMBOL, 0.1)]
        assert await of_new
        assert venue.exchange.market(NEW_SYMBOL)["id"] == NEW
        assert venue.asked.count("contract") == 1


async def test_a_market_that_is_not_listed_is_told_by_its_id_and_looked_for_once():
    async with Bitmax(listing()) as venue:
        orders = await venue.watch_private("watch_orders")
        trades = await venue.watch("watch_my_trades")
        for number in range(3):
            await venue.say(filled_report(f"anOrder{number}", 1 + number, s=NEW))
            for _ in range(20):
                await settled()
        assert {order["symbol"] for order in await orders} == {NEW}
        assert {trade["symbol"] for trade in await trades} == {NEW}
        assert venue.asked.count("contract") == 1


async def test_so_it_is_if_the_markets_cannot_be_loaded():
    async with Bitmax({"futures/contract": Answer("", 502), "futures/collateral": Answer("", 502)}) as venue:
        orders = await venue.watch_private("watch_orders")
        await venue.say(filled_report("anOrder1", 1, s=NEW))
        for _ in range(20):
            await settled()
        assert [order["symbol"] for order in await orders] == [NEW]


async def test_no_news_of_a_catch_up_is_lost_by_an_order_of_a_new_market():
    """An order of any other program on the account, that ended while there was no connection."""
    rows = []
    lists = {"order/hist/current": lambda request: {"code": 0, "data": rows}}
    async with Bitmax({**listing(NEW), **lists}) as venue:
        task = await venue.watch_private("watch_my_trades", open_orders=[row(orderId="mine1", status="New")])
        await venue.say(report(orderId="mine1", st="New", lq="0", cfq="0"))
        await settled()
        rows += [ended("other1", symbol=NEW), ended("mine1")]
        await venue.lose(PRIVATE)
        with pytest.raises(ccxt.NetworkError):
            await task
        task = await venue.watch_private("watch_my_trades")
        for _ in range(20):
            await settled()
        told = await asyncio.wait_for(task, 5)
        symbols = {trade["order"]: trade["symbol"] for trade in told}
        assert symbols == {"other1": NEW_SYMBOL, "mine1": SYMBOL}


async def test_a_row_that_cannot_be_read_is_no_matter_of_the_others():
    bad = ended("bad1", cumFilledQty="?")
    lists = {"order/hist/current": {"code": 0, "data": [bad, ended("fine1")]}}
    async with Bitmax(lists) as venue:
        venue.exchange.feed.orders.desk.begun = True
        task = await venue.watch_private("watch_orders")
        for _ in range(20):
            await settled()
        assert [order["id"] for order in await asyncio.wait_for(task, 5)] == ["fine1"]
        # What was not told is, once it can be read.
        lists["order/hist/current"]["data"][0]["cumFilledQty"] = "0.1"
        assert "bad1" not in venue.exchange.feed.orders.desk.known
        task = await venue.watch("watch_orders")
        venue.exchange.feed.orders.look_again(venue.end(PRIVATE))
        for _ in range(400):
            await venue.reply(venue.sent_to(PRIVATE))
            await asyncio.sleep(0.01)
            if task.done():
                break
        assert "bad1" in [order["id"] for order in await task]


async def test_a_report_counts_as_told_once_it_was():
    """The fill's time is missing: the order is understood, its trade is not."""
    async with Bitmax() as venue:
        task = await venue.watch_private("watch_my_trades")
        frame = filled_report("anOrder1", 1)
        del frame["t"]
        await venue.say(frame)
        with pytest.raises(ccxt.BadResponse):
            await task
        assert "anOrder1" not in venue.exchange.feed.orders.desk.known
        task = await venue.watch("watch_my_trades")
        await venue.reply(venue.sent_to(PRIVATE))
        await venue.say(filled_report("anOrder1", 1))
        assert [trade["order"] for trade in await task] == ["anOrder1"]


async def test_who_watches_another_market_is_not_disturbed():
    async with Bitmax(listing(NEW)) as venue:
        await venue.exchange.load_markets(True)
        task = await venue.watch_private("watch_orders", SYMBOL)
        other = await venue.watch("watch_orders", NEW_SYMBOL)
        await venue.say(report(orderId="anOrder1", s=NEW, cfq="?"))
        with pytest.raises(ccxt.BadResponse):
            await other
        assert not task.done()
        task.cancel()


# -- positions --------------------------------------------------------------------------------------


def positions(**about):
    told = sample("rest-v2-futures-position")
    known = {**told["data"]["contracts"][0], "position": "1", "side": "LONG", "avgOpenPrice": "100"}
    known.update(markPrice="100", unrealizedPnl="0", marginType="crossed")
    told["data"]["contracts"] = [{**known, "symbol": "BTC-PERP"}, {**known, "symbol": NEW, **about}]
    return told


def answering(*more):
    answers = {
        **listing(*more),
        "futures/position": positions(),
        "pricing-data": sample("rest-v2-futures-pricing-data"),
    }
    return lambda request: Answer(next(told for end, told in answers.items() if request.path.endswith(end)))


@kinds
def test_a_position_in_a_new_contract_is_told_and_counts(kind):
    ratios = []
    for listed in ((NEW,), ()):
        exchange, _ = PROFILE.offline(kind, answering(*listed), options=OPTIONS)
        found = call(exchange, "fetch_positions")
        assert [(one["symbol"], one["contracts"]) for one in found] == [
            (SYMBOL, 1.0),
            (NEW_SYMBOL if listed else NEW, 1.0),
        ]
        ratios.append(found[0]["marginRatio"])
    exchange, _ = PROFILE.offline(kind, answering(), options=OPTIONS)
    exchange.set_markets(exchange.parse_markets(contracts(NEW)["data"]))
    assert ratios == [call(exchange, "fetch_positions")[0]["marginRatio"], None]
    assert ratios[0] > 0


async def test_over_the_socket_too():
    holdings = sample("ws-futures-account-snapshot")
    holdings["pos"] = [{**holdings["pos"][0], "s": id, "pos": "1", "sd": "LONG"} for id in ("BTC-PERP", NEW)]
    async with Bitmax(listing(NEW)) as venue:
        task = await venue.watch_private("watch_positions", holdings=holdings)
        for _ in range(20):
            await settled()
        assert [position["symbol"] for position in await task] == [SYMBOL, NEW_SYMBOL]
    async with Bitmax(listing(NEW)) as venue:
        first = await venue.watch_private("watch_positions", holdings={"pos": []})
        assert await first == []
        task = await venue.watch("watch_positions")
        update = {**sample("ws-futures-account-update"), "sn": 10**9, "pos": [holdings["pos"][1]]}
        await venue.say(update, url=PRIVATE)
        # The changes of an update are told with the snapshot that it calls for.
        await venue.reply(venue.sent_to(PRIVATE), holdings={**holdings, "sn": 10**9 + 1})
        for _ in range(20):
            await settled()
        assert {position["symbol"] for position in await task} == {SYMBOL, NEW_SYMBOL}


@kinds
def test_lists_of_orders_know_it_too(kind):
    rows = {"code": 0, "data": [{**sample("rest-v2-order-open")["data"][0], "symbol": NEW}]}
    answers = {**listing(NEW), "order/open": rows}
    exchange, wire = PROFILE.offline(
        kind,
        lambda request: Answer(next(told for end, told in answers.items() if request.path.endswith(end))),
        options=OPTIONS,
    )
    for _ in range(2):
        assert [order["symbol"] for order in call(exchange, "fetch_open_orders")] == [NEW_SYMBOL]
    assert [request.path.rpartition("/")[2] for request in wire.requests].count("contract") == 1
