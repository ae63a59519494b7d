"""Two accounts trade; each number is compared with the venue's own truth."""

from decimal import Decimal

import ccxt
import pytest


async def prices(trader, symbol):
    book = await trader("fetchOrderBook", symbol)
    return book["bids"][0][0], book["asks"][0][0]


def least(trader, symbol):
    market = trader.exchange.market(symbol)
    return max(market["limits"]["amount"]["min"], market["precision"]["amount"]) * 10


async def test_an_order_rests_is_partly_filled_and_cancelled(
    trader, counterparty, symbol, placed, sandbox, id
):
    base, quote = symbol.split("/")
    bid, ask = await prices(trader, symbol)
    tick = trader.exchange.market(symbol)["precision"]["price"]
    price = float(trader.exchange.price_to_precision(symbol, bid + tick))
    assert bid < price < ask, "the spread leaves no room for a test order"
    amount = least(trader, symbol)
    before = await trader("fetchBalance")

    order = await trader("createOrder", symbol, "limit", "buy", amount, price)
    held = await trader("fetchBalance")
    assert held[quote]["used"] == pytest.approx(before[quote]["used"] + amount * price)
    await counterparty("loadMarkets")
    await counterparty("createOrder", symbol, "limit", "sell", amount * 0.4, price)

    seen = await trader("fetchOrder", order["id"], symbol)
    assert (seen["status"], seen["side"], seen["type"], seen["price"]) == ("open", "buy", "limit", price)
    assert (seen["amount"], seen["filled"]) == (pytest.approx(amount), pytest.approx(amount * 0.4))
    assert seen["remaining"] == pytest.approx(amount * 0.6)
    assert [o["id"] for o in await trader("fetchOpenOrders", symbol)] == [order["id"]]

    await trader("cancelOrder", order["id"], symbol)
    seen = await trader("fetchOrder", order["id"], symbol)
    assert (seen["status"], seen["filled"]) == ("canceled", pytest.approx(amount * 0.4))
    assert await trader("fetchOpenOrders", symbol) == []

    [trade] = await trader("fetchMyTrades", symbol)
    assert (trade["order"], trade["side"], trade["price"]) == (order["id"], "buy", price)
    assert trade["amount"] == pytest.approx(amount * 0.4)
    after = await trader("fetchBalance")
    assert after[quote]["used"] == before[quote]["used"]
    assert after[quote]["total"] == pytest.approx(before[quote]["total"] - amount * 0.4 * price, rel=1e-12)
    received = amount * 0.4 - trade["fee"]["cost"]
    assert trade["fee"]["currency"] == base
    assert after[base]["total"] == pytest.approx(before[base]["total"] + received, rel=1e-12)

    [truth] = placed()
    assert (truth["id"], truth["status"]) == (order["id"], "canceled")
    assert Decimal(truth["filled"]) == Decimal(str(trade["amount"]))
    truths = sandbox.control("GET", f"/trades?venue={id}")
    assert [t["order"] for t in truths if t["account"] == "config"] == [order["id"]]


async def test_both_sides_of_a_trade_see_it_alike(trader, counterparty, symbol):
    _, ask = await prices(trader, symbol)
    amount = least(trader, symbol)
    await counterparty("loadMarkets")
    tick = trader.exchange.market(symbol)["precision"]["price"]
    price = float(trader.exchange.price_to_precision(symbol, ask - tick))
    maker = await counterparty("createOrder", symbol, "limit", "sell", amount, price)
    taker = await trader("createOrder", symbol, "limit", "buy", amount, ask)
    [bought] = await trader("fetchOrderTrades", taker["id"], symbol)
    [sold] = await counterparty("fetchOrderTrades", maker["id"], symbol)
    assert (bought["side"], sold["side"]) == ("buy", "sell")
    assert bought["price"] == sold["price"] == price
    assert bought["amount"] == sold["amount"] == pytest.approx(amount)
    public = (await trader("fetchTrades", symbol))[-1]
    assert (public["price"], public["side"]) == (price, "buy")
    ticker = await trader("fetchTicker", symbol)
    assert ticker["last"] == price
    assert (await trader("fetchOHLCV", symbol, "1m"))[-1][4] == price


async def test_cancel_all_takes_both_sides_of_one_market(trader, symbol, placed):
    bid, ask = await prices(trader, symbol)
    amount = least(trader, symbol)
    for _ in range(3):
        await trader("createOrder", symbol, "limit", "buy", amount, bid)
        await trader("createOrder", symbol, "limit", "sell", amount, ask)
    assert len(await trader("fetchOpenOrders", symbol)) == 6
    await trader("cancelAllOrders", symbol)
    assert await trader("fetchOpenOrders", symbol) == []
    assert [order["status"] for order in placed()] == ["canceled"] * 6


async def test_lists_tell_each_order_once(trader, symbol):
    bid, ask = await prices(trader, symbol)
    amount = least(trader, symbol)
    canceled = (await trader("createOrder", symbol, "limit", "buy", amount, bid))["id"]
    await trader("cancelOrder", canceled, symbol)
    closed = (await trader("createOrder", symbol, "limit", "buy", amount, ask))["id"]
    still = (await trader("createOrder", symbol, "limit", "buy", amount, bid))["id"]
    ids = {}
    for method in ("fetchOrders", "fetchOpenOrders", "fetchClosedOrders", "fetchCanceledOrders"):
        ids[method] = [order["id"] for order in await trader(method, symbol)]
    assert sorted(ids["fetchOrders"]) == sorted([canceled, closed, still])
    assert ids["fetchOpenOrders"] == [still]
    assert ids["fetchClosedOrders"] == [closed]
    assert ids["fetchCanceledOrders"] == [canceled]


async def test_since_and_limit(trader, symbol):
    _, ask = await prices(trader, symbol)
    amount = least(trader, symbol)
    for _ in range(4):
        await trader("createOrder", symbol, "limit", "buy", amount, ask)
    trades = await trader("fetchMyTrades", symbol)
    assert len(trades) == 4
    assert [t["timestamp"] for t in trades] == sorted(t["timestamp"] for t in trades)
    assert await trader("fetchMyTrades", symbol, None, 2) == trades[-2:]
    since = trades[1]["timestamp"]
    expected = [trade for trade in trades if trade["timestamp"] >= since]
    assert await trader("fetchMyTrades", symbol, since) == expected
    assert await trader("fetchMyTrades", symbol, since, 1) == expected[:1]
    orders = await trader("fetchClosedOrders", symbol)
    assert await trader("fetchClosedOrders", symbol, None, 3) == orders[-3:]


async def test_candles_meet_what_is_asked_for(trader, symbol):
    exchange = trader.exchange
    for timeframe in exchange.timeframes:
        step = exchange.parse_timeframe(timeframe) * 1000
        candles = await trader("fetchOHLCV", symbol, timeframe, None, 20)
        times = [candle[0] for candle in candles]
        assert len(candles) == 20
        assert times == sorted(set(times))
        assert all(low <= min(o, c) and max(o, c) <= high for _, o, high, low, c, _ in candles)
        if timeframe != "1M":
            assert all(time % step == 0 for time in times)
            assert await trader("fetchOHLCV", symbol, timeframe, times[5], 3) == candles[5:8]
            until = await trader("fetchOHLCV", symbol, timeframe, times[5], None, {"until": times[8]})
            assert until == candles[5:9]


async def test_pagination_reaches_further_than_one_call(trader, symbol):
    exchange = trader.exchange
    since = exchange.milliseconds() - 1200 * 3_600_000
    one = await trader("fetchOHLCV", symbol, "1h", since)
    many = await trader("fetchOHLCV", symbol, "1h", since, None, {"paginate": True})
    assert len(one) < len(many)
    assert many[: len(one)] == one or many[-1][0] > one[-1][0]
    assert [c[0] for c in many] == sorted({c[0] for c in many})


async def test_the_venue_refuses_what_the_client_let_pass(trader, symbol, placed):
    exchange = trader.exchange
    bid, _ = await prices(trader, symbol)
    rich = exchange.market(symbol)["limits"]["amount"]["max"]
    with pytest.raises(ccxt.InsufficientFunds):
        await trader("createOrder", symbol, "limit", "buy", rich, bid)
    with pytest.raises(ccxt.OrderNotFound):
        await trader("fetchOrder", "999999999", symbol)
    with pytest.raises(ccxt.OrderNotFound):
        await trader("cancelOrder", "999999999", symbol)
    assert placed() == []
