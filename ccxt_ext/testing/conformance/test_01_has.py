"""Chapter 1, of what needs a sandbox: all that `has` claims is called, on each type of market."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import ccxt
import pytest

from ccxt_ext.testing.client import Client, least
from ccxt_ext.testing.conformance.cases import ALL, case
from ccxt_ext.testing.conformance.markets import first_of_each_type
from ccxt_ext.testing.conformance.waiting import soon
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
TYPES = ("spot", "swap", "future", "option")

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
    amount = least(trader, symbol)

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


@case(
    "1.20",
    "`has` names the types of markets that the venue lists",
    kinds=ALL,
    frontend=True,
    level="reads",
    any_state=True,
)
async def types_of_markets(trader: Client) -> None:
    """`has["spot"]`, `has["swap"]` and their like are True for those, and False for all others."""
    first = await first_of_each_type(trader)
    assert {name for name in TYPES if trader.exchange.has[name]} == set(first)


@case(
    "1.21", "What `has` claims works", needs=("createOrder",), frontend=True, level="trades", patience_s=120
)
async def claims_work(trader: Client, counterparty: Client, profile: Profile) -> None:
    """On each type of market that the venue lists. Where `hasFor` says for which types it holds, it is tried
    on those, and refused on the others."""
    exchange = trader.exchange
    claimed = {name for name, able in exchange.has.items() if able and name not in TRAITS}
    # ccxt's own defaults claim some methods for every exchange; a streaming method is the pro class's.
    claimed = {
        name for name in claimed if not name.endswith("Ws") and not name.startswith(("watch", "unWatch"))
    }
    assert claimed <= set(CALLS), f"the suite has no way to call {claimed - set(CALLS)}"
    assert set(getattr(exchange, "hasFor", {})) <= set(exchange.has)
    for market_type, symbol in (await first_of_each_type(trader)).items():
        exchange.options["defaultType"] = market_type
        situation = await prepared(trader, counterparty, symbol, profile.transfer)
        for name in sorted(claimed, key=lambda name: (name in LAST, name)):
            args = CALLS[name](situation)
            if not has_on(exchange, name, market_type):
                if symbol in args or [symbol] in args:
                    with pytest.raises((ccxt.NotSupported, ccxt.BadSymbol)):
                        await trader(name, *args)
                continue
            answer = await trader(name, *args)
            assert answer or name in MAY_BE_EMPTY, f"{name}() of {market_type} gave {answer!r}"


def has_on(exchange: Any, name: str, market_type: str) -> bool:
    """Our parts tell it by type of market; a plain class of ccxt's tells nothing but `has`."""
    tell = getattr(exchange, "has_on", None)
    return bool(tell(name, market_type)) if tell else bool(exchange.has[name])


# -- streams ------------------------------------------------------------------------------------------------

Told = Callable[[Any], Any]


def watched(symbol: str, timeframe: str | None) -> dict[str, tuple[tuple[Any, ...], Told]]:
    """Each method with its arguments, and what its news must look like."""
    pair = [symbol, timeframe]
    return {
        "watchBalance": ((), lambda news: news["total"]),
        "watchBidsAsks": (([symbol],), lambda news: news[symbol]["bid"] < news[symbol]["ask"]),
        "watchFundingRate": ((symbol,), lambda news: news["symbol"] == symbol),
        "watchFundingRates": (([symbol],), lambda news: news[symbol]["symbol"] == symbol),
        "watchMarkPrice": ((symbol,), lambda news: news["markPrice"] > 0),
        "watchMarkPrices": (([symbol],), lambda news: news[symbol]["markPrice"] > 0),
        "watchMyTrades": ((symbol,), lambda news: all(row["symbol"] == symbol for row in news)),
        "watchOHLCV": (tuple(pair), lambda news: all(len(row) == 6 for row in news)),
        "watchOHLCVForSymbols": (([pair],), lambda news: news[symbol][timeframe]),
        "watchOrderBook": ((symbol,), lambda news: news["bids"][0][0] < news["asks"][0][0]),
        "watchOrderBookForSymbols": (([symbol],), lambda news: news["symbol"] == symbol),
        "watchOrders": ((symbol,), lambda news: all(row["symbol"] == symbol for row in news)),
        "watchPositions": (([symbol],), lambda news: all(row["symbol"] == symbol for row in news)),
        "watchTicker": ((symbol,), lambda news: news["symbol"] == symbol),
        "watchTickers": (([symbol],), lambda news: news[symbol]["symbol"] == symbol),
        "watchTrades": ((symbol,), lambda news: all(row["amount"] > 0 for row in news)),
        "watchTradesForSymbols": (([symbol],), lambda news: all(row["symbol"] == symbol for row in news)),
    }


def left(name: str) -> str:
    return "unW" + name[1:]


@contextlib.asynccontextmanager
async def stirred(watcher: Client, counterparty: Client, symbol: str) -> AsyncIterator[None]:
    """Trades between the two accounts meanwhile, so that there is news of all kinds."""

    async def stir() -> None:
        amount = least(watcher, symbol)
        book = await counterparty("fetchOrderBook", symbol)
        price = book["asks"][0][0] - watcher.exchange.market(symbol)["precision"]["price"]
        while True:
            await watcher("createOrder", symbol, "limit", "sell", amount * 2, price)
            for _ in range(2):
                await counterparty("createOrder", symbol, "limit", "buy", amount, price)
                await asyncio.sleep(0.1)

    await counterparty("loadMarkets")
    task = asyncio.ensure_future(stir())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@case(
    "1.22",
    "What `has` claims to watch is told",
    needs=("watchOrderBook",),
    kinds=("pro",),
    frontend=True,
    level="streams",
)
async def claims_to_watch_work(watcher: Client, client: Callable[..., Client]) -> None:
    """On each type of market, streamed or polled; whoever leaves is told so, and can watch again."""
    exchange = watcher.exchange
    timeframe = next(iter(exchange.timeframes), None)
    for market_type, symbol in (await first_of_each_type(watcher)).items():
        exchange.options["defaultType"] = market_type
        table = watched(symbol, timeframe)
        claimed = {name for name, able in exchange.has.items() if able and name.startswith("watch")}
        assert claimed <= set(table), f"the suite has no way to call {claimed - set(table)}"
        able = [name for name in table if name in claimed and has_on(exchange, name, market_type)]
        async with stirred(watcher, client("counterparty", kind="async"), symbol):
            news = await asyncio.gather(*(soon(watcher(name, *table[name][0])) for name in able))
            for name, told in zip(able, news, strict=True):
                assert told or name == "watchPositions", name  # there may be none at first
                assert table[name][1](told), (name, told)
            for name in able:
                if exchange.has.get(left(name)):
                    assert await watcher(left(name), *table[name][0])
            assert await soon(watcher("watchOrderBook", symbol))
