#!/usr/bin/env python3
"""A market maker in plain ccxt.pro.

It keeps buy and sell orders around the middle of a book that it watches, leans against its position, and
cancels everything when it ends or cannot see the book. What a venue can do, it asks `exchange.has`.

    ccxt-ext sandbox --live --json > sandbox.json &
    python examples/market_maker.py bitmart2 --sandbox-json sandbox.json

Keys come from --config FILE (JSON: the argument of the exchange's constructor) or from the environment, as
BITMART2_APIKEY, BITMART2_SECRET and so on. Anything but an address of this machine needs --live: real money.

Every open order of the account in this market counts as its own, as few venues let an order be marked: give
it an account, or a market, to itself. For a venue that lists no orders it keeps a list in a file (--journal).

The exit code is 0 if nothing failed and, by the venue's own word, none of its orders is open any more.
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import re
import signal
import sys
import time
from collections import deque
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import ccxt.pro
from ccxt import BaseError, InsufficientFunds, InvalidOrder, OperationFailed, OrderNotFound

SYMBOLS = ("BTC/USDT", "BTC/USD", "BTC/USDT:USDT", "BTC/USD:BTC")  # the first that there is
SIGN = {"buy": 1, "sell": -1}
OVER = ("closed", "canceled", "expired", "rejected")
LOOK_S = 5.0  # between two looks at what is open
UNSURE_S = 5.0  # how long an order whose sending failed may still turn up


@dataclass(eq=False)
class Quote:
    """An order of ours, from before it is sent until it is known to be over."""

    side: str
    price: float
    amount: float
    level: int = -1  # its place in the ladder; -1: found at the venue, and not wanted
    id: str | None = None  # None: on its way, or nobody knows
    client_id: str | None = None
    filled: float = 0.0
    sent: float = 0.0
    missed: int = 0  # how often it was not among the open orders
    unwanted: bool = False

    @property
    def left(self):
        return max(0.0, self.amount - self.filled)


class MarketMaker:
    def __init__(self, exchange, args):
        self.exchange, self.args = exchange, args
        self.stopping, self.news = asyncio.Event(), asyncio.Event()
        self.own = []  # what is open, or may be
        self.known = {}  # id -> Quote, also of those that are over, as news of them may be late
        self.bids = self.asks = ()
        self.blind = "no book yet"  # why the book is not to be trusted, or None
        self.book_at = self.looked_at = self.stock_at = 0.0  # 0: not known, or not any more
        self.refused_at = {"buy": 0.0, "sell": 0.0}
        self.position, self.entry, self.neutral = 0.0, None, args.neutral
        self.base = self.money = self.first = None
        self.fills, self.messages, self.trades = 0, deque(maxlen=8), deque(maxlen=1)

    # -- life ---------------------------------------------------------------------------------------

    async def start(self):
        exchange, args = self.exchange, self.args
        await self.insist(exchange.load_markets)
        kind = exchange.options.get("defaultType", "spot")
        usable = [s for s, m in exchange.markets.items() if m.get(kind) and m["active"] is not False]
        self.market = exchange.market(args.symbol or next((s for s in SYMBOLS if s in usable), usable[0]))
        self.symbol = self.market["symbol"]
        self.wallet = {} if self.market["type"] == kind else {"type": self.market["type"]}
        self.unit = self.market["settle"] or self.market["quote"]
        least = self.market["limits"]["amount"]["min"] or self.market["precision"]["amount"]
        self.size = float(exchange.amount_to_precision(self.symbol, args.size or 10 * least))
        self.most = args.max_position or 3 * args.levels * self.size
        self.lists = bool(exchange.has["fetchOpenOrders"])
        self.journal = args.journal or Path(f"market_maker.{exchange.id}.json")
        if not self.lists and self.journal.exists():
            self.own = [Quote(**row) for row in json.loads(self.journal.read_text())]
            self.known = {quote.id: quote for quote in self.own if quote.id}
        await self.insist(self.look)
        if self.own and self.lists and args.live and not args.adopt:
            sys.exit(f"{self.symbol} has {len(self.own)} open orders: with --adopt they are cancelled")

    async def run(self):
        """True if all went well, and nothing is left open."""
        well = True
        try:
            await self.trade()
        except Exception as error:
            self.say(f"stopped by {type(error).__name__}: {error}")
            well = False
        return await self.close_out() and well

    async def trade(self):
        exchange, symbol, has = self.exchange, self.symbol, self.exchange.has
        await self.insist(self.withdraw, "left from before")
        await self.insist(self.take_stock)
        sources = [
            ("watchOrderBook", lambda: exchange.watch_order_book(symbol), self.take_book),
            ("watchTrades", lambda: exchange.watch_trades(symbol), self.trades.extend),
            (
                "watchOrders",
                lambda: exchange.watch_orders(symbol),
                lambda orders: [*map(self.update, orders)],
            ),
            ("watchBalance", lambda: exchange.watch_balance(self.wallet), self.hear_balance),
        ]
        if self.market["contract"]:
            sources += [("watchPositions", lambda: exchange.watch_positions([symbol]), self.hear_positions)]
        tasks = [asyncio.create_task(self.follow(*source)) for source in sources if has[source[0]]]
        tasks.append(asyncio.create_task(self.keep_quoting()))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def close_out(self):
        """Cancel, until the venue says that there is nothing left to cancel."""
        deadline = time.monotonic() + self.args.patience
        while time.monotonic() < deadline:
            try:
                await self.look()
                if not self.own:
                    self.say("no order is open")
                    return True
                await self.withdraw("the end")
            except BaseError as error:
                self.say(f"cannot cancel yet: {type(error).__name__} {error}")
            await asyncio.sleep(0.5)
        self.say(f"MAY STILL BE OPEN: {self.own}")
        return False

    async def insist(self, call, *args):
        """Call until the network lets it through."""
        for failures in itertools.count():
            try:
                return await call(*args)
            except OperationFailed as error:
                if self.stopping.is_set():
                    raise
                self.say(f"{type(error).__name__}: {error}")
            await wait(self.stopping, backoff(failures))

    def stop(self, *_):
        self.stopping.set()
        self.news.set()

    def say(self, text):
        self.messages.append(f"{time.strftime('%H:%M:%S')} {' '.join(text.split())[:300]}")
        if self.args.plain:
            print(self.messages[-1], flush=True)

    # -- what is watched ----------------------------------------------------------------------------

    async def follow(self, name, watch, take):
        failures = 0
        while True:
            try:
                take(await watch())
                failures = 0
            except (OperationFailed, OrderNotFound) as error:
                self.say(f"{name}: {type(error).__name__} {error}")
                if name == "watchOrderBook":
                    self.blind = "the book is lost"
                    self.news.set()
                self.looked_at = 0.0
                await asyncio.sleep(backoff(failures))
                failures += 1

    def take_book(self, book):
        # Rows of its own: those of a live book change.
        self.bids, self.asks = ([(row[0], row[1]) for row in book[side][:50]] for side in ("bids", "asks"))
        self.book_at = time.monotonic()
        self.blind = None if self.bids and self.asks else "a side of the book is empty"
        self.news.set()

    async def check_book(self):
        """Nothing has come for a while: is the market quiet, or the stream dead?"""
        before = self.book_at
        book = await self.exchange.fetch_order_book(self.symbol)
        if self.book_at == before:
            same = [rows[0][0] for rows in (book["bids"], book["asks"]) if rows] == self.top()
            self.book_at, self.blind = time.monotonic(), None if same else "the book is out of date"

    def top(self):
        return [rows[0][0] for rows in (self.bids, self.asks) if rows]

    def update(self, order):
        """What the venue tells of an order."""
        quote = self.known.get(order["id"])
        if quote is None:
            if all(each.id for each in self.own):  # else it may be of one whose answer is on its way
                self.looked_at = 0.0
            return
        filled = order["filled"]
        if filled is None:  # some tell it only of orders that are over, and then by their status
            filled = quote.amount if order["status"] == "closed" else quote.filled
        if filled > quote.filled:
            self.say(f"{quote.side} {quote.price:.10g}: filled {filled:.10g} of {quote.amount:.10g}")
            quote.filled, self.fills = filled, self.fills + 1
            self.doubt(True)
        if order["status"] in OVER:
            self.drop(quote)

    def hear_balance(self, balance):
        # It may be older than what we know: a reason to ask, and no more.
        self.doubt(self.totals(balance) != [self.base, self.money])

    def hear_positions(self, positions):
        self.doubt(any(self.holding([place])[0] != self.position for place in positions))

    def doubt(self, whether):
        if whether:
            self.stock_at = 0.0
            self.news.set()

    def totals(self, balance):
        return [balance["total"].get(code) or 0.0 for code in (self.market["base"], self.unit)]

    def holding(self, positions):
        """Long or short, and from which price."""
        for place in positions:
            if place["symbol"] == self.symbol and place["contracts"]:
                return place["contracts"] * (-1 if place["side"] == "short" else 1), place["entryPrice"]
        return 0.0, None

    async def take_stock(self):
        """Money and position, asked for before anything is placed after a fill or a cancellation."""
        begun = time.monotonic()
        self.base, self.money = self.totals(await self.exchange.fetch_balance(self.wallet))
        if self.market["contract"]:
            self.position, self.entry = self.holding(await self.exchange.fetch_positions([self.symbol]))
        else:
            self.neutral = self.base if self.neutral is None else self.neutral
            self.position = self.base - self.neutral
        self.stock_at = begun

    # -- orders -------------------------------------------------------------------------------------

    async def send(self, quote):
        params = {"clientOrderId": quote.client_id} if quote.client_id else {}
        if self.exchange.has["createPostOnlyOrder"]:
            params["postOnly"] = True
        what = self.symbol, "limit", quote.side, quote.amount, quote.price, params
        quote.sent = time.monotonic()
        try:
            order = await self.exchange.create_order(*what)
        except (InvalidOrder, InsufficientFunds) as error:
            self.say(f"{quote.side} {quote.price:.10g} refused: {type(error).__name__} {error}")
            self.refused_at[quote.side] = time.monotonic()
            self.drop(quote)
        except OperationFailed as error:
            # It may be there or not. Until look() knows, its place in the ladder is taken.
            self.say(f"{quote.side} {quote.price:.10g}, outcome unknown: {type(error).__name__} {error}")
            quote.sent, self.looked_at = time.monotonic(), 0.0
        else:
            self.found(quote, order)

    def found(self, quote, order):
        quote.id = order["id"]
        self.known[quote.id] = quote
        self.update(order)
        self.note()

    def drop(self, quote):
        if quote in self.own:
            self.own.remove(quote)
            self.note()
            self.doubt(True)

    def note(self):
        """Where orders cannot be listed: what may be open, so that the next start finds it."""
        if self.lists:
            return
        if not self.own:
            self.journal.unlink(missing_ok=True)
            return
        part = self.journal.with_suffix(".part")
        part.write_text(json.dumps([vars(quote) for quote in self.own]))
        part.replace(self.journal)

    async def cancel(self, quote):
        try:
            order = await self.exchange.cancel_order(quote.id, self.symbol)
        except (OrderNotFound, InvalidOrder):
            self.drop(quote)  # over already; if not, look() finds it again
        except OperationFailed as error:
            self.say(f"cancelling {quote.id}: {type(error).__name__} {error}")  # it is tried again
            self.looked_at = 0.0
        else:
            self.update({"status": None, "filled": None, **(order or {}), "id": quote.id})
            self.drop(quote)

    async def withdraw(self, why):
        """Cancel all."""
        quotes = [quote for quote in self.own if quote.id]
        if quotes:
            self.say(f"cancelling {len(quotes)}: {why}")
        if self.lists and self.exchange.has["cancelAllOrders"] and len(quotes) > 1:
            with suppress(OrderNotFound):
                await self.exchange.cancel_all_orders(self.symbol)
            for quote in quotes:
                self.drop(quote)
            self.looked_at = 0.0
        else:
            await together(map(self.cancel, quotes))

    async def look(self):
        """Bring our list of orders in line with the venue's."""
        begun = time.monotonic()
        if self.lists:
            self.compare(await self.exchange.fetch_open_orders(self.symbol), begun)
        else:
            await together(self.ask(quote) for quote in list(self.own))
        unsure = any(quote.id is None or quote.missed for quote in self.own)
        self.looked_at = 0.0 if unsure else begun

    def compare(self, orders, begun):
        for order in orders:
            quote = next((each for each in self.own if each.id == order["id"]), None)
            if quote is None:
                what = order["side"], order["price"], order["amount"]
                lost = (q for q in self.own if not q.id and (q.side, q.price, q.amount) == what)
                quote = next(lost, None) or Quote(*what)
                if quote not in self.own:
                    self.own.append(quote)
                self.say(f"found order {order['id']}: {what}")
            self.found(quote, order)
            quote.missed = 0
        there = {order["id"] for order in orders}
        for quote in list(self.own):
            if quote.id is None and begun - quote.sent > UNSURE_S:
                self.say(f"{quote.side} {quote.price:.10g} never arrived, or is over")
                self.drop(quote)
            elif quote.id is not None and quote.id not in there and quote.sent < begun:
                quote.missed += 1  # once may mean that the venue's list is slow
                if quote.missed > 1:
                    self.drop(quote)

    async def ask(self, quote):
        """The same for one order, where there is no list."""
        if quote.id is None:
            # Under a client id that the venue honours once, it is the same order, or the first to arrive.
            self.say(f"sending {quote.side} {quote.price:.10g} again, as {quote.client_id}")
            await self.send(quote)
            return
        try:
            self.update(await self.exchange.fetch_order(quote.id, self.symbol))
        except OrderNotFound:
            self.drop(quote)

    # -- quoting ------------------------------------------------------------------------------------

    async def keep_quoting(self):
        failures = 0
        while not self.stopping.is_set():
            self.news.clear()
            try:
                await self.step()
                pause, failures = self.args.interval, 0
            except OperationFailed as error:
                self.say(f"{type(error).__name__}: {error}")
                pause, failures = backoff(failures), failures + 1
            await wait(self.stopping, pause)
            if not self.stopping.is_set():
                await wait(self.news, 1.0)

    async def step(self):
        if time.monotonic() - self.looked_at > LOOK_S:
            await self.look()
        if not self.blind and time.monotonic() - self.book_at > self.args.stale:
            await self.check_book()
        if self.blind:
            return await self.withdraw(self.blind)
        wanted, leeway = self.ladder(), self.args.spread / 1000 * self.bids[0][0]
        for quote in self.own:
            price = wanted.get((quote.side, quote.level), 0.0)
            quote.unwanted = abs(price - quote.price) > leeway or quote.left < self.size / 2
        await together(self.cancel(quote) for quote in self.own if quote.id and quote.unwanted)
        if not self.stock_at or time.monotonic() - self.stock_at > 6 * LOOK_S:
            await self.take_stock()
        if not self.blind and not self.stopping.is_set():
            await together([self.send(quote) for quote in self.added()])

    def added(self):
        """New quotes, where the ladder has none."""
        before = len(self.own)
        for (side, level), price in self.ladder().items():
            if time.monotonic() - self.refused_at[side] < UNSURE_S:
                continue
            if any(q.side != side and SIGN[side] * (price - q.price) >= 0 for q in self.own):
                continue  # it would meet an order of ours
            ours = [quote for quote in self.own if quote.side == side]
            ahead = SIGN[side] * self.position + sum(quote.left for quote in ours)
            if ahead + self.size <= self.most * (1 + 1e-9) and all(quote.level != level for quote in ours):
                client_id = None if self.lists else os.urandom(16).hex()
                self.own.append(Quote(side, price, self.size, level, client_id=client_id))
        self.note()
        return self.own[before:]

    def ladder(self):
        """Where orders should be: (side, level) -> price."""
        bid, ask = self.best(self.bids, "buy"), self.best(self.asks, "sell")
        half = self.args.spread / 200
        # A long position lowers both sides, so that it is rather sold than added to.
        lean = half * max(-1.0, min(1.0, self.position / self.most))
        wanted = {}
        for side, sign in SIGN.items():
            for level in range(self.args.levels):
                price = (bid + ask) / 2 * (1 - lean - sign * half * (1 + level / 2))
                price = float(self.exchange.price_to_precision(self.symbol, price))
                behind = price < ask if side == "buy" else price > bid
                if behind and price > 0 and price not in wanted.values():
                    wanted[side, level] = price
        return wanted

    def best(self, rows, side):
        """The best price that is not only ours."""
        own = {}
        for quote in self.own:
            if quote.side == side:
                own[quote.price] = own.get(quote.price, 0.0) + quote.left
        return next((price for price, amount in rows if amount > own.get(price, 0.0) * 1.001), rows[0][0])

    # -- what came of it ----------------------------------------------------------------------------

    def profit(self):
        """Since the start, in `unit`; what is held counts at the middle of the book."""
        if self.money is None or len(self.top()) < 2:
            return 0.0
        middle, held = sum(self.top()) / 2, 0.0
        if self.market["contract"] and self.position and self.entry:
            change = 1 / self.entry - 1 / middle if self.market["inverse"] else middle - self.entry
            held = self.position * self.market["contractSize"] * change
        self.first = self.first or (self.money + held, self.base)
        if not self.market["contract"]:
            held = (self.base - self.first[1]) * middle
        return self.money + held - self.first[0]

    def status(self):
        return [
            ("market", f"{self.exchange.id} {self.symbol}"),
            ("book", self.blind or " / ".join(f"{price:.10g}" for price in self.top())),
            ("orders", ", ".join(f"{sum(q.side == s for q in self.own)} {s}" for s in SIGN)),
            ("position", f"{self.position:+.10g} of {self.most:.10g}"),
            ("profit", f"{self.profit():+.8f} {self.unit}"),
            ("fills", str(self.fills)),
            ("last trade", ", ".join(f"{trade['price']:.10g}" for trade in self.trades)),
        ]


async def together(coroutines):
    """All to their end, and only then the first error."""
    for result in await asyncio.gather(*coroutines, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


async def wait(event, seconds):
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


def backoff(failures):
    return min(10.0, 0.5 * 2 ** min(failures, 5)) * random.uniform(0.5, 1.0)


# -- the view ---------------------------------------------------------------------------------------


def picture(maker):
    from rich import box
    from rich.table import Table

    book = Table("price", "amount", "ours", "order", box=box.SIMPLE)
    for side, rows, colour in (("sell", maker.asks, "red"), ("buy", maker.bids, "green")):
        own = {quote.price: quote for quote in maker.own if quote.side == side}
        amounts = dict(rows)
        for price in sorted({*own, *list(amounts)[:5]}, reverse=True):
            ours = (f"{own[price].left:.10g}", own[price].id or "unknown") if price in own else ()
            amount = f"{amounts[price]:.10g}" if price in amounts else ""
            book.add_row(f"{price:.10g}", amount, *ours, style=f"bold {colour}" if ours else colour)
    state = Table(box=box.SIMPLE, show_header=False)
    for name, text in maker.status():
        state.add_row(name, text)
    page = Table.grid()
    page.add_row(book, state)
    page.caption, page.caption_justify = "\n".join(maker.messages).replace("[", "\\["), "left"
    return page


async def show(maker, screen):
    while True:
        if screen is not None:
            screen.update(picture(maker))
        else:
            maker.say("  ".join(f"{name} {text}" for name, text in maker.status()))
        await asyncio.sleep(1.0 if screen is None else 0.25)


# -- the command ------------------------------------------------------------------------------------


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("exchange", help="ccxt's id, such as btex")
    add("symbol", nargs="?", help="default: Bitcoin, if there is")
    add("--spread", type=float, default=0.1, metavar="PERCENT", help="between the best two orders (0.1)")
    add("--size", type=float, help="of an order (ten times the least)")
    add("--levels", type=int, default=2, help="orders a side (2)")
    add("--max-position", type=float, metavar="AMOUNT", help="long or short (3 x size x levels)")
    add("--neutral", type=float, metavar="AMOUNT", help="of the base currency (what there is at the start)")
    add("--interval", type=float, default=0.5, metavar="S", help="least time between changes (0.5)")
    add("--stale", type=float, default=15.0, metavar="S", help="silence after which the book is checked (15)")
    add("--patience", type=float, default=120.0, metavar="S", help="for cancelling at the end (120)")
    add("--seconds", type=float, metavar="S", help="end after this time")
    add("--sandbox-json", type=Path, metavar="FILE", help="what `ccxt-ext sandbox --json` printed")
    add("--config", type=Path, metavar="FILE", help="the argument of the exchange's constructor, as JSON")
    add("--journal", type=Path, metavar="FILE", help="of orders, where the venue has no list")
    add("--live", action="store_true", help="trade on a real venue, with real money")
    add("--adopt", action="store_true", help="with --live: cancel orders that are open at the start")
    add("--plain", action="store_true", default=not sys.stdout.isatty(), help="lines instead of a screen")
    return parser.parse_args()


def make_exchange(args):
    if args.exchange not in ccxt.pro.exchanges:
        sys.exit(f"ccxt.pro has no exchange {args.exchange}")
    config = {}
    if args.sandbox_json:
        with args.sandbox_json.open() as file:  # whose first line may be followed by others
            config = json.loads(file.readline())["venues"][args.exchange]["config"]
    elif args.config:
        config = json.loads(args.config.read_text())
    exchange = getattr(ccxt.pro, args.exchange)(config)
    for name, needed in exchange.requiredCredentials.items():
        variable = f"{args.exchange}_{name}".upper()
        if needed and not getattr(exchange, name):
            setattr(exchange, name, os.environ.get(variable) or sys.exit(f"{name} is missing ({variable})"))
    hosts = {*re.findall(r"//([^/:\"]+)", json.dumps(exchange.urls["api"]))}
    if not args.live and not hosts <= {"127.0.0.1", "localhost"}:
        sys.exit(f"{exchange.id} is a real venue: with --live, this trades there")
    return exchange


async def main(args):
    exchange = make_exchange(args)
    maker = MarketMaker(exchange, args)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(maker.stop))
    if args.seconds:
        loop.call_later(args.seconds, maker.stop)
    try:
        await maker.start()
        screen = None
        if not args.plain:
            from rich.live import Live

            screen = Live(refresh_per_second=4)
        with screen or nullcontext():
            viewer = asyncio.create_task(show(maker, screen))
            well = await maker.run()
            viewer.cancel()
            if screen is not None:
                screen.update(picture(maker))
        return 0 if well else 1
    except BaseError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    finally:
        await exchange.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(arguments())))
