"""Two accounts trade; each number is compared with the venue's own truth."""

from decimal import Decimal

import ccxt
import pytest

from ccxt_ext.testing.client import LISTS, least, prices


@pytest.mark.needs("spot.fetchOrder")
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
    market = trader.exchange.market(symbol)
    fee_in_quote = trader.exchange.fees["trading"].get("feeSide") == "quote"
    needed = amount * price * (1 + (market["taker"] if fee_in_quote else 0))
    assert held[quote]["used"] == pytest.approx(before[quote]["used"] + needed)
    await counterparty("loadMarkets")
    await counterparty("createOrder", symbol, "limit", "sell", amount * 0.4, price)

    seen = await trader("fetchOrder", order["id"], symbol)
    assert (seen["status"], seen["side"], seen["type"], seen["price"]) == ("open", "buy", "limit", price)
    assert seen["amount"] == pytest.approx(amount)
    assert seen["filled"] == pytest.approx(amount * 0.4)
    assert seen["remaining"] == pytest.approx(amount * 0.6)
    has = trader.exchange.has
    if has["fetchOpenOrders"]:
        assert [o["id"] for o in await trader("fetchOpenOrders", symbol)] == [order["id"]]

    await trader("cancelOrder", order["id"], symbol)
    seen = await trader("fetchOrder", order["id"], symbol)
    assert seen["status"] == "canceled"
    assert seen["filled"] == pytest.approx(amount * 0.4)
    [own] = [t for t in sandbox.control("GET", f"/trades?venue={id}") if t["account"] == "config"]
    assert (own["order"], float(own["price"])) == (order["id"], price)
    assert float(own["amount"]) == pytest.approx(amount * 0.4)
    if has["fetchOpenOrders"]:
        assert await trader("fetchOpenOrders", symbol) == []
    fee_currency = quote if fee_in_quote else base
    if has["fetchMyTrades"]:
        [trade] = await trader("fetchMyTrades", symbol)
        assert (trade["side"], trade["price"]) == ("buy", price)
        assert trade["order"] == order["id"]
        assert Decimal(str(trade["amount"])) == Decimal(own["amount"])
        assert trade["fee"]["cost"] == pytest.approx(float(own["fee"]))
        assert trade["fee"]["currency"] == fee_currency
    after = await trader("fetchBalance")
    assert after[quote]["used"] == before[quote]["used"]
    moved = {base: amount * 0.4, quote: -amount * 0.4 * price}
    moved[fee_currency] -= float(own["fee"])
    for currency, change in moved.items():
        assert after[currency]["total"] == pytest.approx(before[currency]["total"] + change, rel=1e-12)

    [truth] = placed()
    assert (truth["id"], truth["status"]) == (order["id"], "canceled")
    assert Decimal(truth["filled"]) == Decimal(own["amount"])


@pytest.mark.needs("fetchOrderTrades", "fetchTrades", "fetchOHLCV")
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
    timeframe = next(iter(trader.exchange.timeframes))
    assert (await trader("fetchOHLCV", symbol, timeframe))[-1][4] == price


@pytest.mark.needs("cancelAllOrders", "fetchOpenOrders")
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


@pytest.mark.needs("fetchOrders", "fetchOpenOrders", "fetchClosedOrders", "fetchCanceledOrders")
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


@pytest.mark.needs("fetchMyTrades", "fetchClosedOrders")
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


@pytest.mark.needs("fetchOpenOrders")
async def test_lists_end_where_the_caller_wants(trader, symbol, sandbox):
    bid, ask = await prices(trader, symbol)
    amount = least(trader, symbol)
    low = float(trader.exchange.price_to_precision(symbol, bid * 0.95))
    for _ in range(3):
        await trader("createOrder", symbol, "limit", "buy", amount, ask)
        await trader("createOrder", symbol, "limit", "buy", amount, low)
        left = await trader("createOrder", symbol, "limit", "buy", amount, low)
        await trader("cancelOrder", left["id"], symbol)
        sandbox.control("POST", "/clock", {"advance_ms": 61_000})
    names = [name for name in LISTS if trader.exchange.has[name]]
    for name in names:
        rows = await trader(name, symbol)
        times = [row["timestamp"] for row in rows]
        assert len(rows) >= 3, name
        if set(times) == {None}:  # they tell no time, so that nothing can be left out
            assert await trader(name, symbol, None, None, {"until": 1}) == rows, name
            continue
        assert times[0] <= times[-1] - 61_000, name
        until = times[-1] - 61_000
        wanted = [row for row in rows if row["timestamp"] <= until]
        found = await trader(name, symbol, None, None, {"until": until})
        assert found[-len(wanted) :] == wanted, name
        assert found == wanted or name == "fetchTrades", name  # older ones instead of what is left out
        assert await trader(name, symbol, None, 1, {"until": until}) == wanted[-1:], name
        since = wanted[-1]["timestamp"]
        last = [row for row in wanted if row["timestamp"] >= since]
        assert await trader(name, symbol, since, None, {"until": until}) == last, name


@pytest.mark.needs("fetchOHLCV")
async def test_candles_meet_what_is_asked_for(trader, symbol, sandbox):
    exchange = trader.exchange
    for timeframe in exchange.timeframes:
        step = exchange.parse_timeframe(timeframe) * 1000
        candles = await trader("fetchOHLCV", symbol, timeframe, None, 20)
        now = sandbox.control("GET", "/clock")["now"]
        times = [candle[0] for candle in candles]
        # Nobody trades here any more, so a step that has just begun has no candle.
        assert 20 - (now - times[-1]) // step <= len(candles) <= 20
        assert times == sorted(set(times))
        assert all(low <= min(o, c) and max(o, c) <= high for _, o, high, low, c, _ in candles)
        if timeframe != "1M":
            assert all(time % step == 0 for time in times)
            assert await trader("fetchOHLCV", symbol, timeframe, times[5], 3) == candles[5:8]
            until = await trader("fetchOHLCV", symbol, timeframe, times[5], None, {"until": times[8]})
            assert until == candles[5:9]


@pytest.mark.needs("fetchOHLCV")
async def test_pagination_reaches_further_than_one_call(trader, symbol):
    exchange = trader.exchange
    if exchange.feature_value(symbol, "fetchOHLCV", "limit") > 1200:
        return  # one call reaches far enough, and there are no pages
    timeframe = "1h" if "1h" in exchange.timeframes else next(iter(exchange.timeframes))
    since = exchange.milliseconds() - 1200 * exchange.parse_timeframe(timeframe) * 1000
    one = await trader("fetchOHLCV", symbol, timeframe, since)
    many = await trader("fetchOHLCV", symbol, timeframe, since, None, {"paginate": True})
    assert len(one) < len(many)
    assert many[: len(one)] == one or many[-1][0] > one[-1][0]
    assert [c[0] for c in many] == sorted({c[0] for c in many})


async def test_the_venue_refuses_what_the_client_let_pass(trader, symbol, placed):
    exchange = trader.exchange
    bid, _ = await prices(trader, symbol)
    quote = symbol.split("/")[1]
    rich = exchange.market(symbol)["limits"]["amount"]["max"]
    rich = rich or (await trader("fetchBalance"))[quote]["total"] / bid * 2
    with pytest.raises(ccxt.InsufficientFunds):
        await trader("createOrder", symbol, "limit", "buy", rich, bid)
    with pytest.raises(ccxt.OrderNotFound):
        await trader("fetchOrder", "999999999", symbol)
    with pytest.raises(ccxt.OrderNotFound):
        await trader("cancelOrder", "999999999", symbol)
    assert placed() == []
