"""Every method that `has` can claim, with arguments that suit the situation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.markets import first_of_each_type
from ccxt_ext.testing.conformance.placing import cost_of, needs_cost, plenty
from ccxt_ext.testing.profile import Profile

# What `has` tells of the venue rather than of a method.
TRAITS = {
    "CORS",
    "spot",
    "margin",
    "swap",
    "future",
    "option",
    "publicAPI",
    "privateAPI",
    "sandbox",
    "ws",
    "index",
}

Situation = Mapping[str, Any]

# method -> its arguments, from what the test prepares
CALLS: Mapping[str, Callable[[Situation], tuple[Any, ...]]] = {
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
    "createMarketBuyOrder": lambda c: (c["symbol"], c["amount"], dict(c["market buy"])),
    "createMarketBuyOrderWithCost": lambda c: (c["symbol"], c["cost"]),
    "createMarketOrder": lambda c: (c["symbol"], "buy", c["amount"], None, dict(c["market buy"])),
    "createMarketOrderWithCost": lambda c: (c["symbol"], "buy", c["cost"]),
    "createMarketSellOrder": lambda c: (c["symbol"], c["amount"]),
    "createMarketSellOrderWithCost": lambda c: (c["symbol"], c["cost"]),
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
    "createTakeProfitOrder": lambda c: (c["symbol"], "market", "sell", c["amount"], None, c["ask"] * 1.1),
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


def limit_order(c: Situation, side: str, price: float) -> dict[str, Any]:
    return {"symbol": c["symbol"], "type": "limit", "side": side, "amount": c["amount"], "price": price}


ADDRESS = "TR4d6N2HoC3Annqt2JK6HhQWuNARMNx5pW"


async def prepared(
    trader: Client, counterparty: Client, symbol: str, transfer: Callable[[Any], Any] | None
) -> Situation:
    """An order that rests, one that was filled, one that was cancelled, and one to spare.

    On a contract market that makes an open position, and there is one that was closed.
    """
    book = await trader("fetchOrderBook", symbol)
    bid, ask = book["bids"][0][0], book["asks"][0][0]
    market = trader.exchange.market(symbol)
    amount = plenty(trader.exchange, symbol, bid)

    async def place(price: float, key: str = "id") -> str:
        return str((await trader("createOrder", symbol, "limit", "buy", amount, price))[key])

    if trader.exchange.has.get("addMargin"):
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
        "transfer": transfer(counterparty.exchange) if transfer else None,
        "amount": amount,
        **market_buy(trader.exchange, symbol, amount, ask),
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


def market_buy(exchange: Any, symbol: str, amount: float, price: float) -> dict[str, Any]:
    """What so much costs, and the parameters of a market buy of it: its cost, where that has to be said."""
    cost = cost_of(exchange, symbol, amount, price)
    return {"cost": cost, "market buy": {"cost": cost} if needs_cost(exchange, symbol) else {}}


def has_on(exchange: Any, name: str, market_type: str) -> bool:
    """Our parts tell it by type of market; a plain class of ccxt's tells nothing but `has`."""
    tell = getattr(exchange, "has_on", None)
    return bool(tell(name, market_type)) if tell else bool(exchange.has[name])


def claimed_methods(exchange: Any) -> set[str]:
    """What `has` claims, but for what goes over a socket."""
    claimed = {name for name, able in exchange.has.items() if able and name not in TRAITS}
    # ccxt's own defaults claim some methods for every exchange; a streaming method is the pro class's.
    return {name for name in claimed if not name.endswith("Ws") and not name.startswith(("watch", "unWatch"))}


async def in_turn(
    trader: Client, counterparty: Client, profile: Profile
) -> AsyncIterator[tuple[str, str, tuple[Any, ...], bool]]:
    """On each type of market, each method that is claimed: its arguments, and whether the claim is for it.

    Those that the suite does not know are called with the profile's arguments.
    """
    exchange = trader.exchange
    claimed = claimed_methods(exchange)
    unknown = sorted(claimed - set(CALLS) - set(profile.calls))
    assert not unknown, f"the suite does not know how to call {unknown}: say it in the profile's `calls`"
    for market_type, symbol in (await first_of_each_type(trader)).items():
        exchange.options["defaultType"] = market_type
        situation = await prepared(trader, counterparty, symbol, profile.transfer)
        for name in sorted(claimed, key=lambda name: (name in LAST, name)):
            if name in CALLS:
                yield market_type, name, CALLS[name](situation), has_on(exchange, name, market_type)
            elif market_type == profile.market_type:
                yield market_type, name, profile.calls[name], has_on(exchange, name, market_type)
