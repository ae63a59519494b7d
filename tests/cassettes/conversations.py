"""Whole conversations with a venue, told once for the sync and the async class.

Each is `async def name(call, symbol)`, where `call('fetchTicker', ...)` calls a unified method of either
class. What it returns is the transcript: both classes must give the same.
"""

import ccxt


async def market_data(call, symbol):
    return {
        "status": await call("fetchStatus"),
        "time": await call("fetchTime"),
        "currencies": await call("fetchCurrencies"),
        "markets": await call("loadMarkets"),
        "ticker": await call("fetchTicker", symbol),
        "book": await call("fetchOrderBook", symbol, 5),
        "trades": await call("fetchTrades", symbol),
        "candles": await call("fetchOHLCV", symbol, "15m", None, 8),
    }


async def account(call, symbol):
    """As published: answers that do not belong together, but every private endpoint."""
    order = await call("createOrder", symbol, "limit", "buy", 1, 1)
    return {
        "balance": await call("fetchBalance"),
        "created": order,
        "order": await call("fetchOrder", order["id"], symbol),
        "closed": await call("fetchClosedOrders", symbol),
        "trades": await call("fetchMyTrades", symbol, None, 10),
        "canceled": await call("cancelOrder", order["id"], symbol),
        "all": await call("cancelAllOrders", symbol),
    }


async def orders(call, symbol):
    """An order rests, is seen everywhere it should be, and is cancelled; another one trades."""
    book = await call("fetchOrderBook", symbol)
    before = await call("fetchBalance")
    bid, ask = book["bids"][0][0], book["asks"][0][0]

    resting = await call("createOrder", symbol, "limit", "buy", 2, bid)
    shown = await call("fetchOrder", resting["id"], symbol)
    assert (shown["status"], shown["amount"], shown["filled"]) == ("open", 2, 0)
    assert [order["id"] for order in await call("fetchOpenOrders", symbol)] == [resting["id"]]
    held = await call("fetchBalance")
    quote = symbol.partition("/")[2]
    assert held[quote]["used"] > before[quote]["used"]
    await call("cancelOrder", resting["id"], symbol)
    assert (await call("fetchOrder", resting["id"], symbol))["status"] == "canceled"
    assert (await call("fetchBalance"))[quote] == before[quote]

    taking = await call("createOrder", symbol, "limit", "buy", 2, ask)
    done = await call("fetchOrder", taking["id"], symbol)
    assert (done["status"], done["filled"], done["remaining"]) == ("closed", 2, 0)
    trades = await call("fetchOrderTrades", taking["id"], symbol)
    assert sum(trade["amount"] for trade in trades) == 2
    assert all(trade["side"] == "buy" and trade["fee"]["cost"] > 0 for trade in trades)
    listed = await call("fetchOrders", symbol)
    assert [order["id"] for order in listed] == [resting["id"], taking["id"]]
    await call("cancelAllOrders", symbol)
    return {"resting": shown, "done": done, "trades": trades, "orders": listed}


async def refusals(call, symbol):
    """What the venue says no to, as the exceptions that a bot expects."""

    async def refused(kind, *args):
        try:
            await call(*args)
        except kind as error:
            return f"{type(error).__name__}: {error}"
        raise AssertionError(f"{args} was not refused with {kind.__name__}")

    bid = (await call("fetchTicker", symbol))["bid"]
    return [
        await refused(ccxt.OrderNotFound, "fetchOrder", "999999999", symbol),
        await refused(ccxt.OrderNotFound, "cancelOrder", "999999999", symbol),
        await refused(ccxt.InvalidOrder, "createOrder", symbol, "limit", "buy", 1, bid * 100),
        await refused(ccxt.InsufficientFunds, "createOrder", symbol, "limit", "sell", 99_999_999, bid * 2),
    ]


async def public_live(call, symbol):
    """What may be recorded from the real venue by anyone: nothing that trades."""
    return await market_data(call, symbol)


CONVERSATIONS = {
    "documented-market_data": market_data,
    "documented-account": account,
    "sandbox-market_data": market_data,
    "sandbox-orders": orders,
    "sandbox-refusals": refusals,
}

LIVE = {"live-market_data": public_live}
