"""From an event of the sandbox's engine to the coroutine that awaits the book, over loopback."""

import asyncio
import multiprocessing
import statistics
import time
from multiprocessing.connection import Connection
from typing import Any

import ccxt_ext.pro

EVENTS = 500
PAUSE_S = 0.004

HEADER = ["from the event to the user", "events", "p50", "p90", "p99", "longest"]
VENUES = {"bitmaxfutures": ("BTC-PERP", "BTC/USDT:USDT"), "bitexasia": ("BTC-USD", "BTC/USD")}


def serve(id: str, symbol: str, told: Connection) -> None:
    """The venue, in a process of its own, in which one order after the other comes and goes."""
    from ccxt_ext.sandbox.engine.events import BookEvent
    from ccxt_ext.sandbox.server import Server
    from ccxt_ext.sandbox.settings import Settings

    async def run() -> None:
        server = Server(Settings(venues=(id,)))
        await server.start()
        engine = server.world.frontends[id].engine
        for each in engine.markets.values():
            each.book(1)  # their past takes a while to make
        market = engine.markets[symbol]
        times: list[float] = []

        def note(events: Any) -> None:
            times.extend(time.monotonic() for event in events if isinstance(event, BookEvent))

        engine.subscribe_batches(note)  # before the streams do
        told.send(server.config(id))
        await asyncio.to_thread(told.recv)
        price = market.best_bid - 10 * market.spec.tick
        for _ in range(EVENTS // 2):
            order = engine.place("counterparty", symbol, "buy", price, 10 * market.spec.min_amount)
            await asyncio.sleep(PAUSE_S)
            engine.cancel("counterparty", order.id)
            await asyncio.sleep(PAUSE_S)
        told.send(times)
        await asyncio.to_thread(told.recv)
        await server.stop()

    asyncio.run(run())


async def watch(id: str, symbol: str, here: Connection) -> list[float]:
    """When the user had each of the numbers that followed."""
    exchange = getattr(ccxt_ext.pro, id)(here.recv())
    times: list[float] = []
    try:
        book = await exchange.watch_order_book(symbol)
        first = number = book["nonce"]
        here.send("go")
        while number < first + EVENTS:
            book = await exchange.watch_order_book(symbol)
            now = time.monotonic()
            times += [now] * (book["nonce"] - number)
            number = book["nonce"]
    finally:
        await exchange.close()
    return times


def measure() -> list[list[str]]:
    return [line(id, *market) for id, market in VENUES.items()]


def line(id: str, market: str, symbol: str) -> list[str]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=serve, args=(id, market, there), daemon=True
    )
    process.start()
    there.close()
    try:
        seen = asyncio.run(watch(id, symbol, here))
        emitted = here.recv()
        here.send("thanks")
    finally:
        process.join(5)
        process.kill()
    if len(emitted) != len(seen):
        raise AssertionError(f"{len(emitted)} events, of which {len(seen)} were seen")
    delays = sorted(b - a for a, b in zip(emitted, seen, strict=True))
    cuts = statistics.quantiles(delays, n=100)
    figures = (cuts[49], cuts[89], cuts[98], delays[-1])
    return [id, str(EVENTS), *(f"{1000 * delay:.2f} ms" for delay in figures)]
