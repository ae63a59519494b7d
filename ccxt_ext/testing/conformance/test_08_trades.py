"""Chapter 8, of public trades: those that are watched are the engine's."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from typing import Any

from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.markets import first_of_each_type
from ccxt_ext.testing.conformance.placing import plenty
from ccxt_ext.testing.conformance.waiting import PATIENCE_S
from ccxt_ext.testing.conformance.watched import Stage

StageOf = Callable[[str], Stage]
NEEDS = ("watchTrades", "createOrder", "fetchOrderBook")

ROUNDS = 6  # of orders, each of which makes two trades at once
SHOWN = 3

Trade = tuple[str | None, float, float]


class Tape:
    """The public trades of a market: what is told of them, and what the engine has."""

    def __init__(self, on: Stage) -> None:
        self.on = on
        self.told: list[Any] = []
        self.before = 0
        """How many of the engine's are not looked at."""
        on.look = self.told.extend

    def theirs(self) -> list[Trade]:
        """Of each trade, the side of who took what there was."""
        exchange, sandbox = self.on.exchange, self.on.sandbox
        market = exchange.market(self.on.symbol)["id"]
        rows = sandbox.control("GET", f"/trades?venue={self.on.id}&market={market}")
        taken = [row for row in reversed(rows) if not row["maker"]]
        return [(row["side"], float(row["price"]), float(row["amount"])) for row in taken][self.before :]

    def ours(self) -> list[Trade]:
        return [(trade["side"], trade["price"], trade["amount"]) for trade in self.told]

    async def begin(self) -> None:
        """Watch. Returns when trades are told as they happen."""
        await self.on.counterparty("loadMarkets")
        self.on.watch("watchTrades")
        await self.until_one_is_told()
        await asyncio.sleep(0.3)  # what was before may be told as well
        self.told.clear()
        self.before += len(self.theirs())

    async def until_one_is_told(self) -> None:
        """Trade until it is, as a connection may just begin."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        side, last = "buy", self.theirs()[-1:]
        while not (last and last[0] in self.ours()):
            self.on.still_watches()
            assert asyncio.get_running_loop().time() < deadline, (
                f"watchTrades tells nothing of trades of {self.on.symbol}: {self.on.errors[-1:]}"
            )
            await self.take(side, 0)
            last = self.theirs()[-1:]
            await self.comes(last[0], 1)
            side = "sell" if side == "buy" else "buy"

    async def take(self, side: str, deep: int) -> None:
        """Takes the best level and, if `deep`, a part of the next one: two trades at once."""
        on = self.on
        book = await on.counterparty("fetchOrderBook", on.symbol)
        levels = book["asks" if side == "buy" else "bids"]
        small = plenty(on.exchange, on.symbol, levels[0][0])
        amount = levels[0][1] + min(small, levels[1][1] / 2) if deep else min(small, levels[0][1] / 2)
        amount = float(on.exchange.amount_to_precision(on.symbol, amount))
        await on.watcher("createOrder", on.symbol, "limit", side, amount, levels[deep][0])

    async def comes(self, trade: Trade, within_s: float) -> bool:
        deadline = asyncio.get_running_loop().time() + within_s
        while trade not in self.ours() and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.005)
        return trade in self.ours()

    async def trade(self, rounds: int) -> None:
        for number in range(rounds):
            await self.take("sell" if number % 2 else "buy", 1)
            await asyncio.sleep(0.05)


def unlike(told: Sequence[Trade], there: Sequence[Trade]) -> str | None:
    """What is wrong with trades of which none may be missing."""
    missing = [trade for trade in there if trade not in told]
    if missing:
        return f"{len(missing)} of {len(there)} are not told: {missing[:SHOWN]}"
    return added_to(told, there)


def added_to(told: Sequence[Trade], there: Sequence[Trade]) -> str | None:
    """What is wrong with trades some of which may be missing."""
    wrong = [trade for trade in told if trade not in there]
    if wrong:
        return f"{wrong[:SHOWN]} are told, which the engine has not"
    twice = [trade for trade in told if told.count(trade) > there.count(trade)]
    if twice:
        return f"{twice[0]} is told {told.count(twice[0])} times, and there {there.count(twice[0])} times"
    left = iter(there)
    out_of_order = [trade for trade in told if trade not in left]
    return f"{out_of_order[:SHOWN]} are told later than what came after them" if out_of_order else None


def in_sum(trades: Sequence[Trade]) -> list[tuple[Any, ...]]:
    """What was traded in a row on one side at one price."""
    groups = itertools.groupby(trades, key=lambda trade: trade[:2])
    return [(*key, round(sum(amount for _, _, amount in group), 9)) for key, group in groups]


@case(
    "8.8",
    "Public trades that are watched are the engine's",
    needs=NEEDS,
    kinds=("pro",),
    frontend=True,
    level="streams",
)
async def public_trades(watcher: Client, stage: StageOf) -> None:
    """On each type of market, of orders that make several trades at once, on both sides: none is missing,
    none is told twice, and they are in order, each with its side, price and amount. (A venue may tell in sum
    what an order took at one price.)"""
    for market_type, symbol in (await first_of_each_type(watcher)).items():
        watcher.exchange.options["defaultType"] = market_type
        tape = Tape(stage(symbol))
        await tape.begin()
        await tape.trade(ROUNDS)
        there = tape.theirs()
        assert len(there) >= 2 * ROUNDS, f"{symbol}: {len(there)} trades, where {2 * ROUNDS} were wanted"
        await tape.comes(there[-1], PATIENCE_S)
        wrong = unlike(tape.ours(), there)
        if wrong and in_sum(tape.ours()) != in_sum(there):
            raise AssertionError(f"watchTrades of {symbol}: {wrong}")
        await tape.on.end()


@case(
    "8.9",
    "After a cut, public trades go on, and none is told twice",
    needs=NEEDS,
    kinds=("pro",),
    frontend=True,
    level="streams",
)
async def public_trades_after_a_cut(stage: StageOf, symbol: str) -> None:
    """The connection ends, or an answer to a poll is lost, while there is trade. Trades of that moment may be
    missing, as venues tell them once; later ones are told, and each is the engine's, once and in order."""
    on = stage(symbol)
    tape = Tape(on)
    await tape.begin()
    streamed = on.is_streamed("watchTrades")
    fault = {"kind": "ws_close"} if streamed else on.poll_fault("reset")
    for _ in range(2):
        await tape.trade(1)
        on.sandbox.control("POST", "/faults", {"venue": on.id, **fault})
        await tape.trade(1)
        await tape.until_one_is_told()
    on.sandbox.control("DELETE", "/faults")
    wrong = added_to(tape.ours(), tape.theirs())
    assert wrong is None, f"watchTrades of {symbol}, after a cut: {wrong}"
