"""What of a venue's limit is used by a client that calls all the time, and how often the venue refuses it.

`python -m benchmarks.limits` places and cancels orders in a sandbox that enforces the documented limits.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import ccxt

import ccxt_ext
from benchmarks.measure import table
from ccxt_ext import async_support
from ccxt_ext.plugins import ours

SECONDS = 15.0
WORKERS = 5  # of an async client
HEADER = ["orders and cancels", "calls", "of the limit", "refused", "target", "reached"]

NOTES = """\
Against a sandbox that enforces the documented limits. A request counts until it has been answered for as long
as the venue counts, so that what is lost is a round trip in each such time: of a second at `bitexbit`, which
takes two orders in it, and next to nothing at venues that count minutes or hours. A sync client that waits
longer for answers than the limit demands cannot use all of it.
"""


class Spending:
    """Counts what an exchange sends, at which cost, and what the venue refuses."""

    def __init__(self, exchange: Any) -> None:
        self.exchange = exchange
        self.tickets: list[Any] = []
        self.refused = 0
        self.begun = time.monotonic()
        enter = exchange.throttler.enter

        def counted(*args: Any) -> Any:
            self.tickets.append(enter(*args))
            return self.tickets[-1]

        exchange.throttler.enter = counted

    def row(self, name: str) -> list[str]:
        left = sorted((ticket.departed, ticket.cost) for ticket in self.tickets)
        units = sum(cost for _, cost in left[:-1])
        allowed = (left[-1][0] - left[0][0]) * 1000 / self.exchange.rateLimit
        reached = "no" if self.refused else "yes"
        return [name, str(len(left)), f"{units / allowed:.1%}", f"**{self.refused}**", "0", reached]


def tradable(markets: dict[str, Any]) -> str:
    return next(symbol for symbol in ("BTC/USDT", "BTC/USDT:USDT", *markets) if symbol in markets)


def order(exchange: Any, book: Any, symbol: str) -> tuple[Any, ...]:
    """One that stays in the book, and is no smaller than the market takes."""
    market = exchange.market(symbol)
    price = float(exchange.price_to_precision(symbol, book["bids"][0][0] * 0.9))
    limits = market["limits"]
    least = max(limits["amount"]["min"] or 0, (limits["cost"]["min"] or 0) / price * 1.5)
    step = market["precision"]["amount"] or 0
    return symbol, "limit", "buy", float(exchange.amount_to_precision(symbol, least + 2 * step)), price


def sync_client(id: str, config: dict[str, Any]) -> list[str]:
    exchange = getattr(ccxt_ext, id)(config)
    symbol = tradable(exchange.load_markets())
    wanted = order(exchange, exchange.fetch_order_book(symbol), symbol)
    spending = Spending(exchange)
    while time.monotonic() < spending.begun + SECONDS:
        try:
            exchange.cancel_order(exchange.create_order(*wanted)["id"], symbol)
        except ccxt.RateLimitExceeded:
            spending.refused += 1
    exchange.session.close()
    return spending.row(f"{id}, sync")


def async_client(id: str, config: dict[str, Any]) -> list[str]:
    async def client() -> list[str]:
        exchange = getattr(async_support, id)(config)
        symbol = tradable(await exchange.load_markets())
        wanted = order(exchange, await exchange.fetch_order_book(symbol), symbol)
        spending = Spending(exchange)

        async def work() -> None:
            while time.monotonic() < spending.begun + SECONDS:
                try:
                    placed = await exchange.create_order(*wanted)
                    await exchange.cancel_order(placed["id"], symbol)
                except ccxt.RateLimitExceeded:
                    spending.refused += 1

        await asyncio.gather(*(work() for _ in range(WORKERS)))
        row = spending.row(f"{id}, async, {WORKERS} at once")
        await exchange.close()
        return row

    return asyncio.run(client())


@contextmanager
def sandbox() -> Iterator[dict[str, Any]]:
    """The config of each venue, in a process of its own, as clients and venues do not wait for each other."""
    command = [sys.executable, "-m", "ccxt_ext", "sandbox", "--limits", "venue", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())["venues"]
            yield {id: told[id]["config"] for id in ours()}
        finally:
            process.terminate()


def measure() -> list[list[str]]:
    """The venues at the same time, as each has a limit of its own that leaves the machine idle."""
    rows = []
    clients: tuple[Callable[[str, dict[str, Any]], list[str]], ...] = (sync_client, async_client)
    for client in clients:
        with sandbox() as configs, ThreadPoolExecutor() as pool:
            rows += pool.map(client, configs, configs.values())
    return rows


if __name__ == "__main__":
    print(table(HEADER, measure()))
