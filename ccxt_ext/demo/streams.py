"""The chapter about streams: watches a market on which others trade, and an order from beginning to end.

Like the rest of the demo, it is ordinary ccxt code (here ccxt.pro), and not specific to a venue.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import ccxt.pro

from ccxt_ext.demo.desk import FILLED_UNITS, UNITS, Desk
from ccxt_ext.demo.figures import exact, plain
from ccxt_ext.demo.page import Page
from ccxt_ext.program.own_sandbox import own_sandbox
from ccxt_ext.sandbox import Sandbox

SHOWN = ("watchOrderBook", "watchTrades", "watchOrders")
WATCHED_S = 1.5
PATIENCE_S = 20.0
MOST_S = 2 * PATIENCE_S  # for the whole chapter
COMPARISONS = 20
TRADES_SHOWN = 2  # of those that come together


def choose(ids: Sequence[str], module: Any = ccxt.pro) -> str | None:
    """The venue that streams the most of what is shown; the first one, if several do."""
    able = {id: getattr(module, id)().has for id in ids if id in module.exchanges}
    shown = [id for id, has in able.items() if has.get("watchOrderBook") and has.get("watchOrders")]
    return max(shown, key=lambda id: sum(able[id].get(name) is True for name in SHOWN), default=None)


class Streams:
    """The chapter about streams, at one venue."""

    def __init__(self, id: str, box: Sandbox, page: Page, seed: int, module: Any = ccxt.pro) -> None:
        self.id, self.box, self.page, self.seed, self.module = id, box, page, seed, module
        self.desk = Desk(id, box, page)

    def tell(self) -> None:
        asyncio.run(asyncio.wait_for(self.watch(), MOST_S))

    async def watch(self) -> None:
        with own_sandbox(venues=(self.id,), seed=self.seed, live=True) as live:
            exchange = getattr(self.module, self.id)(live.config(self.id))
            try:
                await self.market(exchange, live)
            finally:
                await exchange.close()
        exchange = getattr(self.module, self.id)(self.box.config(self.id))
        try:
            await self.order(exchange)
        finally:
            await exchange.close()

    def step(self, title: str, exchange: Any, *names: str) -> None:
        ways = {("as it is streamed" if exchange.has[name] is True else "by polling") for name in names}
        self.page.step(f"{title}, {' and '.join(sorted(ways))}")

    # -- others trade -------------------------------------------------------------------------------

    async def market(self, exchange: Any, live: Sandbox) -> None:
        names = [name for name in SHOWN[:2] if exchange.has.get(name)]
        self.step("A live market", exchange, *names)
        self.desk.market = self.desk.choose_market(self.desk.me.load_markets())
        symbol = self.desk.symbol = self.desk.market["symbol"]
        self.page.say(symbol)
        await exchange.load_markets()
        self.start = time.monotonic()
        books: list[tuple[float, float]] = []
        trades: list[Any] = []
        watching = [asyncio.create_task(self.book(exchange, symbol, books))]
        if exchange.has.get("watchTrades"):
            watching.append(asyncio.create_task(self.trades(exchange, symbol, trades)))
        while not books and time.monotonic() - self.start < PATIENCE_S:
            await asyncio.wait(watching, timeout=0.05, return_when=asyncio.FIRST_EXCEPTION)
        await asyncio.wait(watching, timeout=WATCHED_S, return_when=asyncio.FIRST_EXCEPTION)
        for task in watching:
            task.cancel()
        for result in await asyncio.gather(*watching, return_exceptions=True):
            if isinstance(result, Exception):
                raise result
        crossed = [book for book in books if book[0] >= book[1]]
        self.desk.check(
            f"{len(books)} books came, none crossed", len(books) > 1 and not crossed, str(crossed)
        )
        await self.compare(exchange, symbol, live)
        if exchange.has.get("watchTrades"):
            await self.look_up(exchange, symbol, trades)

    async def book(self, exchange: Any, symbol: str, seen: list[tuple[float, float]]) -> None:
        while True:
            book = await exchange.watch_order_book(symbol)
            bid, ask = book["bids"][0], book["asks"][0]
            seen.append((bid[0], ask[0]))
            self.say(f"book   {plain(bid[1])} at {plain(bid[0])} | {plain(ask[1])} at {plain(ask[0])}")

    async def trades(self, exchange: Any, symbol: str, seen: list[Any]) -> None:
        first = True
        while True:
            news = await exchange.watch_trades(symbol)
            seen += news
            # The first ones may have happened before watching began.
            for trade in news[-TRADES_SHOWN:] if not first else ():
                self.say(f"trade  {trade['side']} {plain(trade['amount'])} at {plain(trade['price'])}")
            first = False

    def say(self, text: str) -> None:
        self.page.say(f"+{time.monotonic() - self.start:.2f} s  {text}")

    async def compare(self, exchange: Any, symbol: str, live: Sandbox) -> None:
        """Compare a book with the engine's. The market changes all the time, so it may take several tries."""
        path = f"/book?venue={self.id}&market={exchange.market(symbol)['id']}"
        expected: Any = None
        got: Any = None
        for _ in range(COMPARISONS):
            book = await exchange.watch_order_book(symbol)
            got = {side: [[exact(n) for n in row[:2]] for row in book[side]] for side in ("bids", "asks")}
            truth = await asyncio.to_thread(live.control, "GET", path)
            expected = {
                side: [[Decimal(n) for n in row] for row in truth[side][: len(rows)]]
                for side, rows in got.items()
            }
            if got == expected:
                break
        levels = sum(len(rows) for rows in got.values())
        self.desk.check(
            f"all {levels} levels are the engine's", levels > 0 and got == expected, f"{got} and {expected}"
        )

    async def look_up(self, exchange: Any, symbol: str, trades: Sequence[Any]) -> None:
        """Check that the trades that were watched are in the venue's list."""
        claim = f"{len(trades)} trades came"
        if not exchange.has.get("fetchTrades"):
            times = [trade["timestamp"] for trade in trades]
            self.desk.check(f"{claim}, in the order of their time", times == sorted(times) != [])
            return
        listed = await exchange.fetch_trades(symbol)
        known = {key(trade) for trade in listed}
        # The list is limited, so the oldest trades may not be in it any more.
        end = min((trade["timestamp"] for trade in listed), default=0)
        strange = [trade for trade in trades if key(trade) not in known and trade["timestamp"] > end]
        found = any(key(trade) in known for trade in trades)
        self.desk.check(f"{claim}, all of them in the venue's list", found and not strange, str(strange[:1]))

    # -- an order -----------------------------------------------------------------------------------

    async def order(self, exchange: Any) -> None:
        """Place an order, have it partly filled, and cancel it. Each step waits for news of the last one."""
        self.step("The life of an order", exchange, "watchOrders")
        symbol = self.desk.symbol
        price = self.desk.best_prices(symbol)[0] + exact(self.desk.market["precision"]["price"])
        unit = self.desk.unit(price)
        amount, filled = UNITS * unit, FILLED_UNITS * unit
        await exchange.load_markets()
        self.start = time.monotonic()
        id = (await exchange.create_order(symbol, "limit", "buy", float(amount), float(price)))["id"]
        self.say(f"placed: buy {plain(amount)} at {plain(price)}, order {id}")
        news: asyncio.Queue[Any] = asyncio.Queue()
        listening = asyncio.create_task(self.listen(exchange, symbol, id, news))
        try:
            told = await self.hear(news, "open", Decimal(0))
            sell = self.desk.other.create_order
            await asyncio.to_thread(sell, symbol, "limit", "sell", float(filled), float(price))
            self.say(f"the counterparty sells {plain(filled)}")
            if told:  # some venues do not send what is filled while an order is open
                await self.hear(news, "open", filled)
            await exchange.cancel_order(id, symbol)
            self.say("cancelled")
            await self.hear(news, "canceled", filled)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
        truth = next(row for row in self.desk.control("orders") if row["id"] == id)
        self.desk.check_same(
            "it ended so in the engine too",
            (truth["status"], Decimal(truth["filled"])),
            ("canceled", filled),
        )

    async def listen(self, exchange: Any, symbol: str, id: str, news: asyncio.Queue[Any]) -> None:
        last = None
        try:
            while True:
                for order in await exchange.watch_orders(symbol):
                    if order["id"] == id and (order["status"], order["filled"]) != last:
                        last = order["status"], order["filled"]
                        news.put_nowait(last)
        except Exception as error:
            news.put_nowait(error)

    async def hear(self, news: asyncio.Queue[Any], status: str, filled: Decimal) -> bool:
        """Check the next news of the order. Returns whether it tells how much was filled."""
        try:
            got = await asyncio.wait_for(news.get(), PATIENCE_S)
        except asyncio.TimeoutError:
            got = ("nothing", None)
        if isinstance(got, Exception):
            raise got
        tells = got[1] is not None
        self.say(f"heard of: {got[0]}" + (f", {plain(got[1])} filled" if tells else ""))
        self.desk.check_same(
            f"heard that it is {status}" + (f" with {plain(filled)} filled" if tells else ""),
            (got[0], exact(got[1]) if tells else filled),
            (status, filled),
        )
        return tells


def key(trade: Any) -> Any:
    return tuple(trade[name] for name in ("timestamp", "side", "price", "amount"))
