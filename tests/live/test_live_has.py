"""Every capability that `has` claims is called against the sandbox, by both classes."""

import ccxt
import pytest

from tests.live.live_venues import TRANSFERS

# What `has` tells of the venue rather than of a method.
TRAITS = {"CORS", "spot", "margin", "swap", "future", "option", "publicAPI", "privateAPI", "sandbox", "ws"}

# method -> its arguments, from what the test prepares
CALLS = {
    "addMargin": lambda c: (c["symbol"], 10),
    "cancelAllOrders": lambda c: (c["symbol"],),
    "cancelOrder": lambda c: (c["spare"], c["symbol"]),
    "cancelOrders": lambda c: ([c["second"]], c["symbol"]),
    "cancelOrderWithClientOrderId": lambda c: (c["client id"], c["symbol"]),
    "closeAllPositions": lambda c: (),
    "closePosition": lambda c: (c["symbol"],),
    "createDepositAddress": lambda c: (c["base"],),
    "createLimitBuyOrder": lambda c: (c["symbol"], c["amount"], c["bid"]),
    "createLimitOrder": lambda c: (c["symbol"], "buy", c["amount"], c["bid"]),
    "createLimitSellOrder": lambda c: (c["symbol"], c["amount"], c["ask"]),
    "createMarketBuyOrder": lambda c: (c["symbol"], c["amount"]),
    "createMarketOrder": lambda c: (c["symbol"], "buy", c["amount"]),
    "createMarketSellOrder": lambda c: (c["symbol"], c["amount"]),
    "createOrder": lambda c: (c["symbol"], "limit", "buy", c["amount"], c["bid"]),
    "createOrders": lambda c: ([limit_order(c, "buy", c["bid"]), limit_order(c, "sell", c["ask"])],),
    "createOrderWithTakeProfitAndStopLoss": lambda c: (
        *limit_order(c, "buy", c["bid"]).values(),
        c["bid"] * 1.5,
        c["bid"] * 0.5,
    ),
    "createPostOnlyOrder": lambda c: tuple(limit_order(c, "buy", c["bid"] * 0.9).values()),
    "createReduceOnlyOrder": lambda c: tuple(limit_order(c, "sell", c["ask"] * 1.1).values()),
    "createStopLimitOrder": lambda c: (c["symbol"], "sell", c["amount"], c["bid"] * 0.8, c["bid"] * 0.9),
    "createStopLossOrder": lambda c: (c["symbol"], "market", "sell", c["amount"], None, c["bid"] * 0.9),
    "createStopMarketOrder": lambda c: (c["symbol"], "sell", c["amount"], c["bid"] * 0.9),
    "createStopOrder": lambda c: (c["symbol"], "limit", "sell", c["amount"], c["bid"], c["bid"] * 0.9),
    "createTriggerOrder": lambda c: (c["symbol"], "market", "sell", c["amount"], None, c["bid"] * 0.9),
    "editOrder": lambda c: (c["third"], *limit_order(c, "buy", c["bid"] * 0.9).values()),
    "fetchAccounts": lambda c: (),
    "fetchBalance": lambda c: (),
    "fetchBidsAsks": lambda c: ([c["symbol"]],),
    "fetchLastPrices": lambda c: ([c["symbol"]],),
    "fetchCanceledAndClosedOrders": lambda c: (c["symbol"],),
    "fetchCanceledOrders": lambda c: (c["symbol"],),
    "fetchClosedOrders": lambda c: (c["symbol"],),
    "fetchCurrencies": lambda c: (),
    "fetchDepositAddress": lambda c: (c["base"],),
    "fetchDepositAddresses": lambda c: (),
    "fetchDepositAddressesByNetwork": lambda c: (c["base"],),
    "fetchDeposits": lambda c: (),
    "fetchDepositsWithdrawals": lambda c: (),
    "fetchDepositWithdrawFee": lambda c: (c["base"],),
    "fetchDepositWithdrawFees": lambda c: (),
    "fetchFundingInterval": lambda c: (c["symbol"],),
    "fetchFundingIntervals": lambda c: ([c["symbol"]],),
    "fetchFundingRate": lambda c: (c["symbol"],),
    "fetchFundingRates": lambda c: ([c["symbol"]],),
    "fetchL2OrderBook": lambda c: (c["symbol"],),
    "fetchL3OrderBook": lambda c: (c["symbol"],),
    "fetchLeverage": lambda c: (c["symbol"],),
    "fetchLeverages": lambda c: (),
    "fetchLeverageTiers": lambda c: ([c["symbol"]],),
    "fetchMarginMode": lambda c: (c["symbol"],),
    "fetchMarginModes": lambda c: (),
    "fetchMarkPrice": lambda c: (c["symbol"],),
    "fetchMarkPrices": lambda c: ([c["symbol"]],),
    "fetchMarketLeverageTiers": lambda c: (c["symbol"],),
    "fetchMarkets": lambda c: (),
    "fetchMyTrades": lambda c: (c["symbol"],),
    "fetchOHLCV": lambda c: (c["symbol"], c["timeframe"]),
    "fetchOpenInterest": lambda c: (c["symbol"],),
    "fetchOpenInterests": lambda c: ([c["symbol"]],),
    "fetchOpenOrders": lambda c: (c["symbol"],),
    "fetchOrder": lambda c: (c["order"], c["symbol"]),
    "fetchOrderBook": lambda c: (c["symbol"],),
    "fetchOrders": lambda c: (c["symbol"],),
    "fetchOrderWithClientOrderId": lambda c: (c["client id"], c["symbol"]),
    "fetchOrderTrades": lambda c: (c["filled"], c["symbol"]),
    "fetchPosition": lambda c: (c["symbol"],),
    "fetchPositionHistory": lambda c: (c["symbol"],),
    "fetchPositionMode": lambda c: (c["symbol"],),
    "fetchPositions": lambda c: ([c["symbol"]],),
    "fetchPositionsForSymbol": lambda c: (c["symbol"],),
    "fetchPositionsHistory": lambda c: ([c["symbol"]],),
    "fetchStatus": lambda c: (),
    "fetchTicker": lambda c: (c["symbol"],),
    "fetchTickers": lambda c: ([c["symbol"]],),
    "fetchTime": lambda c: (),
    "fetchTrades": lambda c: (c["symbol"],),
    "fetchTradingFee": lambda c: (c["symbol"],),
    "fetchTradingFees": lambda c: (),
    "fetchTransfers": lambda c: (),
    "fetchWithdrawals": lambda c: (),
    "reduceMargin": lambda c: (c["symbol"], 5),
    "setLeverage": lambda c: (2, c["symbol"]),
    "setMarginMode": lambda c: ("isolated", c["symbol"]),
    "setPositionMode": lambda c: (False, c["symbol"]),
    "signIn": lambda c: (),
    "transfer": lambda c: (c["quote"], 10, *c["transfer"]),
    "withdraw": lambda c: (c["base"], 1, ADDRESS),
}

# What ends what others need.
LAST = ("cancelAllOrders", "closeAllPositions", "closePosition")

# Methods whose answer may rightly be empty.
MAY_BE_EMPTY = {"fetchTransfers", "fetchWithdrawals"}


def limit_order(c, side, price):
    return {"symbol": c["symbol"], "type": "limit", "side": side, "amount": c["amount"], "price": price}


ADDRESS = "TR4d6N2HoC3Annqt2JK6HhQWuNARMNx5pW"


async def prepared(trader, counterparty, symbol, id):
    """An order that rests, one that was filled, one that was cancelled, and one to spare.

    On a contract market that makes an open position, and there is one that was closed.
    """
    book = await trader("fetchOrderBook", symbol)
    bid, ask = book["bids"][0][0], book["asks"][0][0]
    market = trader.exchange.market(symbol)
    amount = max(market["limits"]["amount"]["min"] or 0, market["precision"]["amount"]) * 10

    async def place(price, key="id"):
        return (await trader("createOrder", symbol, "limit", "buy", amount, price))[key]

    if trader.exchange.has["addMargin"]:
        await trader("setMarginMode", "isolated", symbol)
    if market["contract"]:
        await place(ask)
        await trader("createOrder", symbol, "limit", "sell", amount, bid)
    canceled = await place(bid)
    await trader("cancelOrder", canceled, symbol)
    return {
        "symbol": symbol,
        "base": market["base"],
        "quote": market["quote"],
        "transfer": TRANSFERS[id](counterparty.exchange) if id in TRANSFERS else None,
        "amount": amount,
        "timeframe": next(iter(trader.exchange.timeframes), None),
        "bid": bid,
        "ask": ask,
        "order": await place(bid),
        "spare": await place(bid),
        "second": await place(bid),
        "third": await place(bid),
        "client id": await place(bid, "clientOrderId"),
        "filled": await place(ask),
    }


async def test_what_has_claims_works(trader, counterparty, id):
    """On each type of market that the venue lists, unless `hasFor` says for which."""
    exchange = trader.exchange
    claimed = {name for name, able in exchange.has.items() if able and name not in TRAITS}
    # ccxt's own defaults claim some methods for every exchange; a streaming method is the pro class's.
    claimed = {
        name for name in claimed if not name.endswith("Ws") and not name.startswith(("watch", "unWatch"))
    }
    assert claimed <= set(CALLS), f"no way to call {claimed - set(CALLS)}"
    assert set(exchange.hasFor) <= set(exchange.has)
    first = {}
    for market in (await trader("loadMarkets")).values():
        if market["active"]:
            first.setdefault(market["type"], market["symbol"])
    assert {kind for kind in ("spot", "swap", "future", "option") if exchange.has[kind]} == set(first)
    for kind, symbol in first.items():
        exchange.options["defaultType"] = kind
        situation = await prepared(trader, counterparty, symbol, id)
        for name in sorted(claimed, key=lambda name: (name in LAST, name)):
            args = CALLS[name](situation)
            if not exchange.has_on(name, kind):
                if symbol in args or [symbol] in args:
                    with pytest.raises((ccxt.NotSupported, ccxt.BadSymbol)):
                        await trader(name, *args)
                continue
            answer = await trader(name, *args)
            assert answer or name in MAY_BE_EMPTY, f"{name}() of {kind} gave {answer!r}"
