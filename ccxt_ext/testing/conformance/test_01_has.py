"""Chapter 1, of what needs a sandbox: all that `has` claims is called, on each type of market."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import ccxt
import pytest

from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.cases import ALL, case
from ccxt_ext.testing.conformance.everything import MAY_BE_EMPTY, has_on, in_turn
from ccxt_ext.testing.conformance.markets import first_of_each_type
from ccxt_ext.testing.conformance.placing import plenty, step_of
from ccxt_ext.testing.conformance.waiting import soon
from ccxt_ext.testing.profile import Profile

TYPES = ("spot", "swap", "future", "option")


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
    assert set(getattr(trader.exchange, "hasFor", {})) <= set(trader.exchange.has)
    async for market_type, name, args, claimed in in_turn(trader, counterparty, profile):
        if claimed:
            answer = await trader(name, *args)
            assert answer or name in MAY_BE_EMPTY, f"{name}() of {market_type} gave {answer!r}"
        elif names_a_symbol(args):
            with pytest.raises((ccxt.NotSupported, ccxt.BadSymbol)):
                await trader(name, *args)


def names_a_symbol(args: tuple[Any, ...]) -> bool:
    return any(
        "/" in part
        for each in args
        for part in (each if isinstance(each, list) else [each])
        if isinstance(part, str)
    )


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
        book = await counterparty("fetchOrderBook", symbol)
        price = book["asks"][0][0] - step_of(watcher.exchange, symbol, "price")
        amount = plenty(watcher.exchange, symbol, price)
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
