"""Chapter 3: two accounts trade, and each number is compared with the engine's own truth."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import ccxt
import pytest

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.client import LISTS, Client, prices
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.listing import reads_until
from ccxt_ext.testing.conformance.markets import first_of_each_type
from ccxt_ext.testing.conformance.placing import plenty, step_of

Placed = Callable[[], Sequence[Mapping[str, Any]]]

# Where a market of contracts tells none.
MOST_LEVERAGE = 125


@case(
    "3.1",
    "An order rests until it is cancelled",
    needs=("createOrder", "cancelOrder"),
    frontend=True,
    level="trades",
    any_state=True,
)
async def rests(trader: Client, placed: Placed) -> None:
    """On each type of market. The engine has one order of the side and price that were asked for, open
    first and cancelled then."""
    for market_type, symbol in (await first_of_each_type(trader)).items():
        trader.exchange.options["defaultType"] = market_type
        before = {each["id"] for each in placed()}
        bid, _ = await prices(trader, symbol)
        amount = plenty(trader.exchange, symbol, bid)
        order = await trader("createOrder", symbol, "limit", "buy", amount, bid)
        assert isinstance(order["id"], str) and order["id"], f"the order of {symbol} has no id"
        [there] = [each for each in placed() if each["id"] not in before]
        assert (there["side"], there["status"]) == ("buy", "open"), f"the engine has {there} of {symbol}"
        assert float(there["price"]) == pytest.approx(bid)
        if trader.exchange.has.get("fetchOpenOrders"):
            found = [each["id"] for each in await trader("fetchOpenOrders", symbol)]
            assert order["id"] in found, f"{order['id']} of {symbol} is not among {found}"
        await trader("cancelOrder", order["id"], symbol)
        [there] = [each for each in placed() if each["id"] not in before]
        assert there["status"] == "canceled", f"the engine has {there} of {symbol}"
        if trader.exchange.has.get("fetchOpenOrders"):
            found = [each["id"] for each in await trader("fetchOpenOrders", symbol)]
            assert order["id"] not in found, f"{order['id']} of {symbol} is still among the open orders"


@case(
    "3.2",
    "An order that meets another is filled",
    needs=("createOrder",),
    frontend=True,
    level="trades",
    any_state=True,
)
async def meets(trader: Client, placed: Placed) -> None:
    """On each type of market. The engine has filled it, and fetchOrder, where there is one, says so."""
    for market_type, symbol in (await first_of_each_type(trader)).items():
        trader.exchange.options["defaultType"] = market_type
        before = {each["id"] for each in placed()}
        _, ask = await prices(trader, symbol)
        amount = plenty(trader.exchange, symbol, ask)
        order = await trader("createOrder", symbol, "limit", "buy", amount, ask)
        [there] = [each for each in placed() if each["id"] not in before]
        assert there["status"] == "closed" and there["filled"] == there["amount"], (
            f"the engine has {there} of {symbol}"
        )
        if trader.exchange.has.get("fetchOrder"):
            seen = await trader("fetchOrder", order["id"], symbol)
            assert (seen["status"], seen["side"], seen["remaining"]) == ("closed", "buy", 0), (
                f"{symbol}: {seen}"
            )
            assert seen["filled"] == pytest.approx(amount)


@case(
    "3.3",
    "An order that is filled in part says so, and so does the balance",
    needs=("spot.fetchOrder",),
    frontend=True,
    level="trades",
)
async def order_filled_in_part(
    trader: Client, counterparty: Client, symbol: str, placed: Placed, sandbox: Sandbox, id: str
) -> None:
    """It holds money while it rests, is filled in part, and cancelled. Orders, trades, fees and balances
    agree with the engine's own, to the last digit."""
    base, quote = symbol.split("/")
    bid, ask = await prices(trader, symbol)
    tick = step_of(trader.exchange, symbol, "price")
    price = float(trader.exchange.price_to_precision(symbol, bid + tick))
    assert bid < price < ask, "the spread leaves no room for a test order"
    amount = plenty(trader.exchange, symbol, bid)
    before = await trader("fetchBalance")

    order = await trader("createOrder", symbol, "limit", "buy", amount, price)
    held = await trader("fetchBalance")
    market = trader.exchange.market(symbol)
    fee_side = trader.exchange.fees["trading"].get("feeSide")
    fee_in_quote = fee_side == "quote"
    needed = amount * price * (1 + (market["taker"] if fee_in_quote else 0))
    more = held[quote]["used"] - before[quote]["used"]
    assert more == pytest.approx(needed), (
        f"an order of {amount} {base} at {price} holds {more} {quote}, not {needed}. (Where fees are taken "
        f"in the quote currency, fees['trading']['feeSide'] is 'quote'. Here it is {fee_side!r}.)"
    )
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


@case(
    "3.4",
    "Both sides of a trade see it alike, and so does everybody",
    needs=(
        "fetchOrderTrades",
        "fetchTrades",
        "fetchOHLCV",
    ),
    frontend=True,
    level="trades",
)
async def both_sides(trader: Client, counterparty: Client, symbol: str) -> None:
    """Maker and taker, the public trades, the ticker and the last candle tell the same price."""
    _, ask = await prices(trader, symbol)
    amount = plenty(trader.exchange, symbol, ask)
    await counterparty("loadMarkets")
    tick = step_of(trader.exchange, symbol, "price")
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


@case(
    "3.5",
    "Cancelling all leaves nothing behind",
    needs=(
        "cancelAllOrders",
        "fetchOpenOrders",
    ),
    frontend=True,
    level="trades",
)
async def cancel_all(trader: Client, symbol: str, placed: Placed) -> None:
    """On both sides of the book."""
    bid, ask = await prices(trader, symbol)
    amount = plenty(trader.exchange, symbol, bid)
    for _ in range(3):
        await trader("createOrder", symbol, "limit", "buy", amount, bid)
        await trader("createOrder", symbol, "limit", "sell", amount, ask)
    assert len(await trader("fetchOpenOrders", symbol)) == 6
    await trader("cancelAllOrders", symbol)
    assert await trader("fetchOpenOrders", symbol) == []
    assert [order["status"] for order in placed()] == ["canceled"] * 6


@case(
    "3.6",
    "Lists tell each order once, where it belongs",
    needs=(
        "fetchOrders",
        "fetchOpenOrders",
        "fetchClosedOrders",
        "fetchCanceledOrders",
    ),
    frontend=True,
    level="trades",
)
async def each_once(trader: Client, symbol: str) -> None:
    """One that is open, one that was filled and one that was cancelled."""
    bid, ask = await prices(trader, symbol)
    amount = plenty(trader.exchange, symbol, bid)
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


@case(
    "3.7",
    "`since` and `limit` cut a list where ccxt does",
    needs=(
        "fetchMyTrades",
        "fetchClosedOrders",
    ),
    frontend=True,
    level="trades",
)
async def since_and_limit(trader: Client, symbol: str) -> None:
    """With `since` the first ones from there, without it the last ones."""
    _, ask = await prices(trader, symbol)
    amount = plenty(trader.exchange, symbol, ask)
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


@case(
    "3.10",
    "An order that was filled is never told as cancelled",
    needs=("createOrder", "cancelOrder", "fetchOrderBook"),
    frontend=True,
    level="trades",
    any_state=True,
)
async def cancel_comes_late(trader: Client, placed: Placed) -> None:
    """On each type of market. Who cancels it gets an error that says clearly that it was not cancelled, such
    as OrderNotFound, or the order, whose status is "closed" or None. A bot that takes it for cancelled places
    the next one."""
    for market_type, symbol in (await first_of_each_type(trader)).items():
        trader.exchange.options["defaultType"] = market_type
        before = {each["id"] for each in placed()}
        _, ask = await prices(trader, symbol)
        amount = plenty(trader.exchange, symbol, ask)
        order = await trader("createOrder", symbol, "limit", "buy", amount, ask)
        ways = [("cancelOrder", order["id"])]
        if trader.exchange.has.get("cancelOrders"):
            ways.append(("cancelOrders", [order["id"]]))
        for method, ids in ways:
            where = f"{method} of a filled order of {symbol}"
            try:
                told = await trader(method, ids, symbol)
            except ccxt.ExchangeError as error:
                assert not hasattr(error, "outcome"), f"{where}: what came of it is not clear: {error!r}"
                continue
            for each in told if isinstance(told, list) else [told]:
                status = each["status"]
                assert status in ("closed", None), f"{where}: it is told as {status}"
                assert each["id"] in (order["id"], None), f"{where}: it tells of another, {each['id']}"
        [there] = [each for each in placed() if each["id"] not in before]
        assert there["status"] == "closed", f"the engine has {there} of {symbol}"


@case("3.8", "`until` ends a list", needs=("fetchOpenOrders",), frontend=True, level="trades")
async def until_ends(trader: Client, symbol: str, sandbox: Sandbox) -> None:
    """On every list of orders and trades, also together with `since` and `limit`; or it is not supported. (A
    class that is ccxt's alone is asked where `features` tell of it.)"""
    bid, ask = await prices(trader, symbol)
    amount = plenty(trader.exchange, symbol, bid)
    low = float(trader.exchange.price_to_precision(symbol, bid * 0.95))
    for _ in range(3):
        await trader("createOrder", symbol, "limit", "buy", amount, ask)
        await trader("createOrder", symbol, "limit", "buy", amount, low)
        left = await trader("createOrder", symbol, "limit", "buy", amount, low)
        await trader("cancelOrder", left["id"], symbol)
        sandbox.control("POST", "/clock", {"advance_ms": 61_000})
    for name in LISTS:
        if not (trader.exchange.has[name] and reads_until(trader.exchange, symbol, name)):
            continue
        rows = await trader(name, symbol)
        times = [row["timestamp"] for row in rows]
        assert len(rows) >= 3, name
        if set(times) == {None}:  # they tell no time, so that nothing can be left out
            assert await trader(name, symbol, None, None, {"until": 1}) == rows, name
            continue
        assert times[0] <= times[-1] - 61_000, name
        until = times[-1] - 61_000
        try:
            await trader(name, symbol, None, None, {"until": until})
        except ccxt.NotSupported:
            continue  # who says so before sending keeps nobody waiting for what does not come
        wanted = [row for row in rows if row["timestamp"] <= until]
        found = await trader(name, symbol, None, None, {"until": until})
        assert found[-len(wanted) :] == wanted, name
        assert found == wanted or name == "fetchTrades", name  # older ones instead of what is left out
        assert await trader(name, symbol, None, 1, {"until": until}) == wanted[-1:], name
        since = wanted[-1]["timestamp"]
        last = [row for row in wanted if row["timestamp"] >= since]
        assert await trader(name, symbol, since, None, {"until": until}) == last, name


@case(
    "3.9",
    "What the venue refuses is ccxt's exception for it",
    needs=("createOrder", "cancelOrder", "fetchOrder", "fetchBalance"),
    frontend=True,
    level="trades",
)
async def refused(trader: Client, symbol: str, placed: Placed) -> None:
    """Too little money, and orders that there are not."""
    bid, _ = await prices(trader, symbol)
    rich, orders = beyond(trader.exchange, symbol, bid, await trader("fetchBalance"))
    paid = 0
    with pytest.raises(ccxt.InsufficientFunds):
        while paid < orders:
            await trader("createOrder", symbol, "limit", "buy", rich, bid)
            paid += 1
    with pytest.raises(ccxt.OrderNotFound):
        await trader("fetchOrder", "999999999", symbol)
    with pytest.raises(ccxt.OrderNotFound):
        await trader("cancelOrder", "999999999", symbol)
    assert len(placed()) == paid


def beyond(exchange: Any, symbol: str, price: float, balance: Any) -> tuple[float, int]:
    """An amount that the market takes, and how many such orders are more than the account can pay."""
    market = exchange.market(symbol)
    limits, size = market["limits"], market["contractSize"] or 1
    worth = size / price if market["inverse"] else size * price
    leverage = ((limits.get("leverage") or {}).get("max") or MOST_LEVERAGE) if market["contract"] else 1
    wanted = 2 * leverage * balance[market["settle"] or market["quote"]]["total"] / worth
    most = [wanted, (limits.get("amount") or {}).get("max")]
    if not market["inverse"]:
        most.append(((limits.get("cost") or {}).get("max") or math.inf) / worth)
    amount = float(exchange.amount_to_precision(symbol, min(each for each in most if each)))
    return amount, math.ceil(wanted / amount)
