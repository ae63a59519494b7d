"""Trades on the small venue, in a sandbox; run by test_small_venue.py in a process of its own."""

import asyncio

from ccxt_ext.plugins import register
from ccxt_ext.sandbox import Sandbox

FILES = {
    "async_support": "small.rest:small",
    "pro": "small.stream:small",
    "sandbox": "small.frontend:Frontend",
}
register("small", **FILES)

import ccxt.pro  # noqa: E402  the venue has to be known by then

SYMBOL = "BTC/USDT"


async def main():
    with Sandbox("small") as sandbox:
        me, other = (ccxt.pro.small(sandbox.config("small", who)) for who in ("config", "counterparty"))
        try:
            await trade(me)
            await refusals(me, sandbox)
            await watch(me, other, sandbox)
        finally:
            await me.close()
            await other.close()
        stranger = ccxt.async_support.small({**sandbox.config("small"), "secret": "another"})
        await raises(stranger, ccxt.AuthenticationError, "fetch_balance")
        await stranger.close()
    with Sandbox("small", limits="venue") as sandbox:
        hasty = ccxt.async_support.small({**sandbox.config("small"), "enableRateLimit": False})
        await raises(hasty, ccxt.RateLimitExceeded, *["fetch_time"] * 11)
        await hasty.close()
    with Sandbox("small", options={"small": {"readOnly": True}}) as sandbox:
        reader = ccxt.async_support.small(sandbox.config("small"))
        await raises(reader, ccxt.PermissionDenied, ("create_order", SYMBOL, "limit", "buy", 1, 50_000))
        await reader.close()


async def trade(me):
    ticker, book, trades = (
        await me.fetch_ticker(SYMBOL),
        await me.fetch_order_book(SYMBOL, 5),
        await me.fetch_trades(SYMBOL),
    )
    assert ticker["last"] == trades[-1]["price"], (ticker, trades[-1])
    assert len(book["bids"]) == 5 and book["bids"][0][0] < book["asks"][0][0]
    order = await me.create_order(SYMBOL, "limit", "buy", 0.5, 50_000, {"clientOrderId": "mine1"})
    assert (order["status"], order["clientOrderId"]) == ("open", "mine1")
    assert [each["id"] for each in await me.fetch_open_orders(SYMBOL)] == [order["id"]]
    assert (await me.fetch_balance())["USDT"] == {"free": 75_000, "used": 25_000, "total": 100_000}
    assert (await me.cancel_order(order["id"], SYMBOL))["status"] == "canceled"
    await me.create_order(SYMBOL, "limit", "sell", 0.5, 90_000)
    assert len(await me.cancel_all_orders()) == 1


async def refusals(me, sandbox):
    await raises(me, ccxt.InsufficientFunds, ("create_order", SYMBOL, "limit", "buy", 100, 50_000))
    await raises(me, ccxt.InvalidOrder, ("create_order", SYMBOL, "limit", "buy", 0.0001, 50_000))
    await raises(me, ccxt.NotSupported, ("create_order", SYMBOL, "market", "buy", 1))
    await raises(me, ccxt.OrderNotFound, ("cancel_order", "99", SYMBOL))
    await raises(me, ccxt.BadSymbol, ("fetch_ticker", "NO/ONE"))
    await raises(me, ccxt.NotSupported, ("create_order", SYMBOL, "limit", "buy", 1, 1, {"postOnly": True}))
    await raises(me, ccxt.NotSupported, ("fetch_my_trades", SYMBOL))
    sandbox.control("POST", "/faults", {"venue": "small", "kind": "drop_reply", "path": "orders", "count": 1})
    error = await raises(me, ccxt.NetworkError, ("create_order", SYMBOL, "limit", "buy", 1, 50_000))
    assert error.outcome == "unknown"
    (left,) = await me.fetch_open_orders()
    assert left["clientOrderId"] == error.client_order_id
    await me.cancel_order(left["id"])


async def watch(me, other, sandbox):
    assert (
        me.has["watchOrderBook"] is True and me.has["watchTicker"] == "emulated" and not me.has["watchOHLCV"]
    )
    first = await me.watch_order_book(SYMBOL)
    best = first["bids"][0][0]
    for step in range(1, 4):  # the second change is missing, so that the book begins anew
        if step == 2:
            sandbox.control("POST", "/faults", {"venue": "small", "kind": "ws_gap", "count": 1})
        await other.create_order(SYMBOL, "limit", "buy", 0.1, best + step / 100)
        if step != 2:
            book = await me.watch_order_book(SYMBOL)
            assert book["bids"][0] == [round(best + step / 100, 2), 0.1], (best, book["bids"][:3])
    truth = sandbox.control("GET", "/book?venue=small&market=BTC_USDT")["bids"]
    assert [[float(number) for number in row] for row in truth] == book["bids"]
    await me.un_watch_order_book(SYMBOL)
    assert (await me.watch_ticker(SYMBOL))["symbol"] == SYMBOL
    orders = asyncio.ensure_future(me.watch_orders())
    placed = await me.create_order(SYMBOL, "limit", "buy", 1, 40_000)
    assert [order["id"] for order in await orders] == [placed["id"]]


async def raises(exchange, kind, *calls):
    """The error of the last call, which has to be of this kind; the others may go well."""
    caught = None
    for call in calls:
        name, *args = (call,) if isinstance(call, str) else call
        try:
            await getattr(exchange, name)(*args)
        except ccxt.BaseError as error:
            caught = error
    assert isinstance(caught, kind), (kind, caught)
    return caught


if __name__ == "__main__":
    asyncio.run(main())
    print("traded")
