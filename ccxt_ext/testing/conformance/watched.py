"""Watching as a bot does it, trading meanwhile, and comparing what is held with what the engine has."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Hashable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import ccxt

from ccxt_ext import plugins
from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.placing import plenty, step_of
from ccxt_ext.testing.conformance.waiting import PATIENCE_S
from ccxt_ext.testing.profile import Profile

# Pings that are so frequent that silence is soon noticed, for our streaming classes ...
IMPATIENT = {"pingInterval": 60, "timeout": 300}
# ... and for those of ccxt.
IMPATIENT_CCXT = {"keepAlive": 100, "maxPingPongMisses": 3}
FINE_S = 0.5  # of trading in which nothing goes wrong
UNNOTICED_S = 0.4  # silence goes unnoticed for less than that

POLL_FAULTS = ("reset", "drop_reply", "truncate", "garbage", "empty")

Rows = Sequence[Mapping[str, Any]]


class Stage:
    """A market that two accounts trade on, and a watcher, who is one of them."""

    def __init__(
        self, sandbox: Sandbox, profile: Profile, watcher: Client, counterparty: Client, symbol: str
    ) -> None:
        self.sandbox = sandbox
        self.profile = profile
        self.id = profile.id
        self.watcher = watcher
        self.exchange = watcher.exchange
        self.counterparty = counterparty
        self.symbol = symbol
        self.errors: list[BaseException] = []
        self.look: Callable[[Any], None] = lambda told: None
        """Is called with all that is told, at once, as what is held of it changes."""
        self.tasks: list[asyncio.Task[None]] = []
        self.depth: dict[str, int | None] = {}

    # -- watching and trading -------------------------------------------------------------------------------

    def is_streamed(self, method: str) -> bool:
        """What is polled has no frames that could go wrong."""
        frontend = plugins.target(self.id, "sandbox")
        return self.exchange.has.get(method) is True and bool(frontend.has_streams)

    @property
    def numbers_frames(self) -> bool:
        """Whether a frame that is left out can be noticed."""
        return bool(plugins.target(self.id, "sandbox").numbers_frames)

    def able(self, *methods: str) -> list[str]:
        return [method for method in methods if self.exchange.has.get(method)]

    def be_impatient(self) -> None:
        """Silence is soon noticed."""
        options = self.exchange.options
        options["ws"] = {**options.get("ws", {}), **IMPATIENT}
        self.exchange.streaming = {**(self.exchange.streaming or {}), **IMPATIENT_CCXT}

    async def begin(self, *methods: str) -> None:
        """Watch until the case ends. Returns when the book is the engine's."""
        await self.counterparty("loadMarkets")
        self.watch(*methods)
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while not all(self.book().values()):
            self.still_watches()
            late = asyncio.get_running_loop().time() > deadline
            assert not late, f"no book of {self.symbol} is told: {self.errors[:1]}"
            await asyncio.sleep(0.02)
        held, theirs = self.book(), self.their_book()
        for side, levels in theirs.items():
            # A stream may tell less of a book than there is.
            self.depth[side] = None if len(held[side]) >= len(levels) else len(held[side])
        await asyncio.sleep(0.3)  # what else is watched begins too
        await self.has_the_book()

    def watch(self, *methods: str) -> None:
        self.tasks += [asyncio.ensure_future(self._watch(method)) for method in methods]

    async def _watch(self, method: str) -> None:
        """As a bot does: an error of ccxt's is noted, and the next call made."""
        while True:
            try:
                self.look(await self.watcher(method, self.symbol))
            except ccxt.BaseError as error:
                self.errors.append(error)
                await asyncio.sleep(0.002)

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def still_watches(self) -> None:
        for task in self.tasks:
            assert not task.done(), f"who watches gets {task.exception()!r}, no error of ccxt's"

    async def trade(self, who: Client, middle: float, over: asyncio.Event, seed: int, pause_s: float) -> None:
        """Random orders around the top of the book, some of which meet, some of which are cancelled."""
        dice = random.Random(seed)
        tick = step_of(self.exchange, self.symbol, "price")
        amount = plenty(self.exchange, self.symbol, middle)
        placed: list[str] = []
        any_placed = False
        while not over.is_set():
            side = dice.choice(["buy", "sell"])
            price = middle + tick * dice.randint(-6, 6)
            size = amount * dice.randint(1, 5)
            try:
                if placed and dice.random() < 0.4:
                    await who("cancelOrder", placed.pop(dice.randrange(len(placed))), self.symbol)
                else:
                    order = await who("createOrder", self.symbol, "limit", side, size, price)
                    placed.append(order["id"])
                    any_placed = True
            except (ccxt.OrderNotFound, ccxt.InvalidOrder):
                # It has been filled, or the market does not take this one. It has to take the first.
                if not any_placed:
                    raise
            await asyncio.sleep(pause_s)

    async def weather(self, faults: Sequence[Mapping[str, Any]] = (), apart_s: float = 0.1) -> None:
        """While both trade, one fault after another; then one more change, for streams that tell changes."""
        book = await self.counterparty("fetchOrderBook", self.symbol)
        middle, far = (book["bids"][0][0] + book["asks"][0][0]) / 2, book["bids"][-1][0]
        over = asyncio.Event()
        pause_s = max(apart_s / 25, 0.004)  # so that there is trade enough between two faults
        traders = [
            asyncio.ensure_future(self.trade(who, middle, over, seed, pause_s))
            for who, seed in ((self.counterparty, 1), (self.watcher, 2))
        ]
        try:
            if not faults:
                await asyncio.sleep(FINE_S)
            for fault in faults:
                self.sandbox.control("POST", "/faults", {"venue": self.id, **fault})
                await asyncio.sleep(apart_s)
                for task in traders:
                    assert not task.done(), f"trading has ended with {task.exception()!r}"
            await self._are_met(len(faults))
        finally:
            over.set()  # not cancelled in the midst of placing an order
            await asyncio.gather(*traders, return_exceptions=True)
        self.sandbox.control("DELETE", "/faults")
        await asyncio.sleep(UNNOTICED_S)
        amount = plenty(self.exchange, self.symbol, far)
        await self.counterparty("createOrder", self.symbol, "limit", "buy", amount, far)
        self.still_watches()

    async def _are_met(self, faults: int) -> None:
        """Most of a few faults, and some of many, which may come faster than there are requests."""
        enough, deadline = min(faults, 10) / 2, asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            left = self.sandbox.control("GET", "/faults")["faults"]
            if faults - sum(fault["count"] for fault in left) >= enough:
                return
            assert asyncio.get_running_loop().time() < deadline, (
                f"{self.symbol} is watched, and meets nothing of {left[0]}: does it come by other requests "
                f"than {dict(self.profile.reads)}? See `reads` of the profile"
            )
            await asyncio.sleep(0.02)

    async def miss_a_level(self) -> None:
        """A frame is left out that tells a change of a level, which no later one speaks of."""
        bids = self.book()["bids"]
        self.sandbox.control("POST", "/faults", {"venue": self.id, "kind": "ws_gap"})
        for price, _ in (bids[-1], bids[-2]):
            amount = plenty(self.exchange, self.symbol, price)
            await self.counterparty("createOrder", self.symbol, "limit", "buy", amount, price)
            await self._are_met(1)

    def poll_fault(self, kind: str) -> dict[str, Any]:
        return {"kind": kind, **self.profile.reads}

    # -- comparing ------------------------------------------------------------------------------------------

    def their_book(self) -> dict[str, list[list[float]]]:
        market = self.exchange.market(self.symbol)["id"]
        book = self.sandbox.control("GET", f"/book?venue={self.id}&market={market}")
        return {
            side: [[float(price), float(size)] for price, size in book[side]] for side in ("bids", "asks")
        }

    def book(self) -> dict[str, list[list[float]]]:
        held = self.exchange.orderbooks.get(self.symbol)
        return {side: [list(level[:2]) for level in held[side]] if held else [] for side in ("bids", "asks")}

    def theirs(self, what: str) -> Rows:
        found: Rows = self.sandbox.control("GET", f"/{what}?venue={self.id}&account=config")
        return found

    async def has_the_book(self) -> None:
        def levels(book: Mapping[str, Sequence[Sequence[float]]]) -> list[Hashable]:
            return [(side, *level) for side in ("bids", "asks") for level in book[side][: self.depth[side]]]

        await self._until_equal(
            f"the book of {self.symbol}", lambda: levels(self.book()), lambda: levels(self.their_book())
        )

    async def has_the_orders(self) -> None:
        def facts(rows: Rows) -> Sequence[Hashable]:
            told = [(row["id"], row["side"], row["status"], float(row["filled"])) for row in rows]
            return sorted(told, key=repr)

        await self._until_equal(
            "the list of orders",
            lambda: facts(self.exchange.orders or []),
            lambda: facts(self.theirs("orders")),
        )

    async def has_the_trades(self) -> None:
        def facts(rows: Rows) -> Sequence[Hashable]:
            if self.profile.fills_in_sum:
                return summed(rows)
            told = [(row["order"], row["side"], float(row["price"]), float(row["amount"])) for row in rows]
            return sorted(told, key=repr)

        await self._until_equal(
            "the list of the account's trades",
            lambda: facts(self.exchange.myTrades or []),
            lambda: facts(self.theirs("trades")),
        )

    async def _until_equal(
        self,
        what: str,
        ours: Callable[[], Sequence[Hashable]],
        theirs: Callable[[], Sequence[Hashable]],
    ) -> None:
        """What is on its way may need a moment."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            held, there = ours(), theirs()
            if held == there:
                return
            if asyncio.get_running_loop().time() > deadline:
                break
            await asyncio.sleep(0.05)
        wrong = [each for each in held if each not in there]
        missing = [each for each in there if each not in held]
        raise AssertionError(
            f"{what} that is held is not what the venue has: of {len(held)}, {len(wrong)} are wrong "
            f"{wrong[:3]}; of the venue's {len(there)}, {len(missing)} are missing {missing[:3]}"
        )


def summed(trades: Rows) -> Sequence[Hashable]:
    """What each order has traded."""
    sums: dict[tuple[str, str], Decimal] = {}
    for trade in trades:
        key = trade["order"], trade["side"]
        sums[key] = sums.get(key, Decimal(0)) + Decimal(str(trade["amount"]))
    return sorted(((*key, float(total)) for key, total in sums.items()), key=repr)
