"""Whole conversations with a venue, told once for the sync and the async class.

Each is `async def name(call, symbol)`, where `call('fetchTicker', ...)` calls a unified method of either
class, `call.has` tells which there are, and `call.timeframe` is one for candles. What it returns is the
transcript, the same for both classes.
"""

import ccxt


async def market_data(call, symbol):
    asked = {
        "status": ("fetchStatus",),
        "time": ("fetchTime",),
        "currencies": ("fetchCurrencies",),
        "markets": ("loadMarkets",),
        "ticker": ("fetchTicker", symbol),
        "book": ("fetchOrderBook", symbol, 5),
        "trades": ("fetchTrades", symbol),
        "candles": ("fetchOHLCV", symbol, call.timeframe, None, 8),
    }
    return {name: await call(*args) for name, args in asked.items() if call.has.get(args[0], True)}


async def account(call, symbol):
    """As published: answers that do not belong together, but every private endpoint."""
    order = await call("createOrder", symbol, "limit", "buy", call.profile.least, 1)
    id = call.profile.order_id or order["id"]
    # An order that is listed whatever was said to its cancel is left open.
    every = "fetchOpenOrders" if call.has["cancelAllOrders"] == "emulated" else "cancelAllOrders"
    return {
        "balance": await call("fetchBalance"),
        "created": order,
        "order": await call("fetchOrder", call.profile.listed_id or id, symbol),
        "closed": await call("fetchClosedOrders", symbol),
        "trades": await call("fetchMyTrades", symbol, None, 10),
        "canceled": await call("cancelOrder", id, symbol),
        "all": await call(every, symbol),
    }


async def orders(call, symbol):
    """An order rests, is seen everywhere it should be, and is cancelled; another one trades."""
    market = (await call("loadMarkets"))[symbol]
    amount, money = 2 * call.profile.least, market["settle"] or market["quote"]
    book = await call("fetchOrderBook", symbol)
    before = await call("fetchBalance")
    bid, ask = book["bids"][0][0], book["asks"][0][0]

    resting = await call("createOrder", symbol, "limit", "buy", amount, bid)
    shown = await call("fetchOrder", resting["id"], symbol)
    assert (shown["status"], shown["amount"]) == ("open", amount)
    assert shown["filled"] in (0, None)  # not every venue tells it
    if call.has["fetchOpenOrders"]:
        assert [order["id"] for order in await call("fetchOpenOrders", symbol)] == [resting["id"]]
    held = await call("fetchBalance")
    assert held[money]["used"] > before[money]["used"]
    await call("cancelOrder", resting["id"], symbol)
    assert (await call("fetchOrder", resting["id"], symbol))["status"] == "canceled"
    assert (await call("fetchBalance"))[money] == before[money]

    taking = await call("createOrder", symbol, "limit", "buy", amount, ask)
    done = await call("fetchOrder", taking["id"], symbol)
    assert (done["status"], done["filled"], done["remaining"]) == ("closed", amount, 0)
    transcript = {"resting": shown, "done": done}
    if call.has["fetchOrderTrades"]:
        trades = transcript["trades"] = await call("fetchOrderTrades", taking["id"], symbol)
        assert sum(trade["amount"] for trade in trades) == amount
        assert all(trade["side"] == "buy" and trade["fee"]["cost"] > 0 for trade in trades)
    if call.has["fetchOrders"]:
        listed = transcript["orders"] = await call("fetchOrders", symbol)
        assert [order["id"] for order in listed] == [resting["id"], taking["id"]]
    if call.has["cancelAllOrders"]:
        await call("cancelAllOrders", symbol)
    return transcript


async def kinds(call, symbol):
    """The kinds of orders beside limit orders, as far as the venue has them."""
    book = await call("fetchOrderBook", symbol)
    bid, ask = book["bids"][0][0], book["asks"][0][0]
    amount, transcript = 2 * call.profile.least, {}
    if call.has["createMarketOrder"]:
        bought = transcript["market"] = await call("createOrder", symbol, "market", "buy", amount)
        assert (await call("fetchOrder", bought["id"], symbol))["filled"] == amount
    if call.has["createStopMarketOrder"]:
        stop = await call("createStopMarketOrder", symbol, "sell", amount, bid * 0.9)
        waiting = transcript["stop"] = await call("fetchOrder", stop["id"], symbol)
        assert (waiting["status"], waiting["filled"], waiting["type"]) == ("open", 0, "market")
        await call("cancelOrder", stop["id"], symbol)
    if call.has["createStopLimitOrder"]:
        stop = await call("createStopLimitOrder", symbol, "buy", amount, ask * 1.2, ask * 1.1)
        waiting = transcript["stop limit"] = await call("fetchOrder", stop["id"], symbol)
        assert (waiting["status"], waiting["filled"], waiting["type"]) == ("open", 0, "limit")
        await call("cancelOrder", stop["id"], symbol)
    return transcript


async def refusals(call, symbol):
    """What the venue says no to, as the exceptions that a bot expects."""

    async def refused(kind, *args):
        try:
            await call(*args)
        except kind as error:
            return f"{type(error).__name__}: {error}"
        raise AssertionError(f"{args} was not refused with {kind.__name__}")

    ticker = await call("fetchTicker", symbol)
    bid = ticker["bid"] or ticker["last"]
    side, amount, times = call.profile.too_much
    told = [
        await refused(ccxt.OrderNotFound, "fetchOrder", "999999999", symbol),
        await refused(ccxt.OrderNotFound, "cancelOrder", "999999999", symbol),
        await refused(ccxt.InsufficientFunds, "createOrder", symbol, "limit", side, amount, bid * times),
    ]
    for kind, *args in call.profile.refused(symbol, bid):
        told.append(await refused(kind, *args))
    return told


async def money(call, symbol):
    """Addresses, deposits, withdrawals and what they cost."""
    await call("loadMarkets")
    to, params = "0xabcdefghijklmnopqrstuvwxyz", {"network": "ERC20", "clientOrderId": "mine"}
    return {
        "fees": await call("fetchDepositWithdrawFees"),
        "created": await call("createDepositAddress", "ETH", {"network": "ERC20"}),
        "addresses": await call("fetchDepositAddresses"),
        "withdrawal": await call("withdraw", "ETH", 20, to, None, params),
        "withdrawn": await call("fetchWithdrawals"),
        "deposited": await call("fetchDeposits"),
        "transfers": await call("fetchTransfers"),
    }


async def public_live(call, symbol):
    """What may be recorded from the real venue by anyone: nothing that trades."""
    return await market_data(call, symbol)


CONVERSATIONS = {
    "documented-market_data": market_data,
    "documented-account": account,
    "documented-money": money,
    "sandbox-market_data": market_data,
    "sandbox-orders": orders,
    "sandbox-kinds": kinds,
    "sandbox-money": money,
    "sandbox-refusals": refusals,
}

LIVE = {"live-market_data": public_live}
