"""Chapter 8, of streamed books and trades that cannot be: they are not believed."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import Any

import ccxt

from ccxt_ext.testing.client import prices
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.placing import plenty, step_of
from ccxt_ext.testing.conformance.spoiling import Spoiler
from ccxt_ext.testing.conformance.test_13_plausible import check_book
from ccxt_ext.testing.conformance.waiting import PATIENCE_S
from ccxt_ext.testing.conformance.watched import Stage

StageOf = Callable[[str], Stage]

WRONG = ("-1", "0", "null")
# How many times the best offer a bid costs then.
CROSSES = 3


class Terms:
    """Prices inside the spread, and an amount that is another each time."""

    def __init__(self, on: Stage) -> None:
        self.on, self.times = on, 0

    async def next(self, side: str) -> tuple[float, float]:
        on = self.on
        exchange, symbol = on.exchange, on.symbol
        bid, ask = await prices(on.counterparty, symbol)
        tick = step_of(exchange, symbol, "price")
        price = float(exchange.price_to_precision(symbol, bid + tick if side == "buy" else ask - tick))
        assert bid < price < ask, f"the spread of {symbol} leaves no room"
        self.times += 1
        amount = plenty(exchange, symbol, price) + self.times * step_of(exchange, symbol, "amount")
        return price, float(exchange.amount_to_precision(symbol, amount))


@case(
    "8.10",
    "A streamed trade that cannot be is not told",
    needs=("watchTrades", "createOrder", "fetchOrderBook"),
    kinds=("pro",),
    frontend=True,
    level="proven",
)
async def trades(stage: StageOf, symbol: str) -> None:
    """Frames tell a trade whose price or amount is zero, below zero or missing. Whoever watches gets
    BadResponse; the next trade is told as it is."""
    on = stage(symbol)
    if not on.is_streamed("watchTrades"):
        return  # chapter 13 has what is fetched
    spoiler, terms, told = Spoiler(on.exchange), Terms(on), list[Any]()
    on.look = told.extend
    await on.counterparty("loadMarkets")
    on.watch("watchTrades")
    await a_right_trade_is_told(on, terms, told)
    shown = 0
    for field in ("price", "amount"):
        for wrong in WRONG:
            where, before = f"a trade whose {field} is {wrong}", len(on.errors)
            price, amount = await terms.next("sell")
            spoiler.begin(price if field == "price" else amount, wrong)
            await meet(on, price, amount)
            if await comes(lambda: spoiler.spoiled > 0):
                shown += 1
                error = await next_error(on, before)
                assert isinstance(error, ccxt.BadResponse), (
                    f"{where}: BadResponse was expected, not {error!r}"
                )
            spoiler.end()
            believed = [each for each in told if not (each["price"] and each["price"] > 0 and each["amount"])]
            believed += [each for each in told if each["amount"] and each["amount"] < 0]
            assert not believed, f"{where} is believed: {believed[0]}"
            await a_right_trade_is_told(on, terms, told)
    assert shown, f"no frame has the price or the amount of a trade of {symbol} as a number"


async def a_right_trade_is_told(on: Stage, terms: Terms, told: list[Any]) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while asyncio.get_running_loop().time() < deadline:
        price, amount = await terms.next("sell")
        await meet(on, price, amount)
        if await comes(functools.partial(is_among, told, price, amount)):
            return
    raise AssertionError(f"watchTrades tells nothing of a trade of {on.symbol}: {on.errors[-1:]}")


def is_among(told: list[Any], price: float, amount: float) -> bool:
    return any((trade["price"], trade["amount"]) == (price, amount) for trade in told)


async def meet(on: Stage, price: float, amount: float) -> None:
    await on.counterparty("createOrder", on.symbol, "limit", "sell", amount, price)
    await on.watcher("createOrder", on.symbol, "limit", "buy", amount, price)


async def comes(condition: Callable[[], bool], within_s: float = 1) -> bool:
    """Whether it comes true soon. What does not is tried again, or left out."""
    deadline = asyncio.get_running_loop().time() + within_s
    while not condition() and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.005)
    return condition()


async def next_error(on: Stage, before: int) -> BaseException | None:
    """What who watches gets, after so many errors that were before."""
    if await comes(lambda: len(on.errors) > before, PATIENCE_S):
        return on.errors[before]
    on.still_watches()
    return None


@case(
    "8.11",
    "A streamed book that cannot be is not told, and is begun anew",
    needs=("watchOrderBook", "createOrder", "cancelOrder", "fetchOrderBook"),
    kinds=("pro",),
    frontend=True,
    level="proven",
)
async def books(stage: StageOf, symbol: str) -> None:
    """Frames tell a bid above the best offer, or one whose price or amount is zero, below zero or missing.
    Nobody gets such a book; with the next change, what is held is the engine's."""
    on = stage(symbol)
    if not on.is_streamed("watchOrderBook"):
        return  # chapter 13 has what is fetched
    spoiler, terms, wrongs = Spoiler(on.exchange), Terms(on), list[str]()

    def look(book: Any) -> None:
        try:
            check_book(book, "it is told")
        except AssertionError as error:
            wrongs.append(str(error))

    on.look = look
    await on.begin("watchOrderBook")
    _, ask = await prices(on.counterparty, symbol)
    crossing = on.exchange.price_to_precision(symbol, CROSSES * ask)
    shown = 0
    for field, wrong in (
        ("price", crossing),
        *(("price", wrong) for wrong in WRONG),
        *(("amount", wrong) for wrong in WRONG if wrong != "0"),  # which takes a level away
    ):
        price, amount = await terms.next("buy")
        spoiler.begin(price if field == "price" else amount, wrong)
        placed = [await on.counterparty("createOrder", symbol, "limit", "buy", amount, price)]
        shown += await comes(lambda: spoiler.spoiled > 0)
        await asyncio.sleep(0.05)
        spoiler.end()
        # Not at this price: a frame about it would hide that it was lost.
        other, amount = await terms.next("buy")
        placed.append(await on.counterparty("createOrder", symbol, "limit", "buy", amount, other))
        on.still_watches()
        try:
            await on.has_the_book()
        except AssertionError as error:
            raise AssertionError(f"after a bid whose {field} was {wrong}: {error}") from None
        assert not wrongs, f"a bid whose {field} is {wrong} is believed: {wrongs[0]}"
        for order in placed:
            await on.counterparty("cancelOrder", order["id"], symbol)
    assert shown, f"no frame has the price or the amount of a bid for {symbol} as a number"
