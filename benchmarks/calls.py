"""One call over loopback, against a server that always gives the same answer."""

import asyncio
import gc
import json
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any

import aiohttp
import orjson
import requests

from benchmarks.parsing import inherited

ROUNDS = 600
WARM_UP = 50
TARGETS = {"async": 1.45, "sync": 1.25}
HEADER = ["call", "ccxt's parsing, times the bare call", "here, times the bare call", "target", "reached"]


class Answer(asyncio.Protocol):
    """Answers every request that has no body."""

    body = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.received = b""
        head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        self.answer = f"{head}{len(self.body)}\r\n\r\n".encode() + self.body

    def data_received(self, data: bytes) -> None:
        self.received += data
        while b"\r\n\r\n" in self.received:
            _, self.received = self.received.split(b"\r\n\r\n", 1)
            self.transport.write(self.answer)


def serve(body: bytes, told: Connection) -> None:
    async def run() -> None:
        Answer.body = body
        server = await asyncio.get_running_loop().create_server(Answer, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def server(body: bytes) -> Iterator[str]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(body, there), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.terminate()
        process.join()


def measure(venue: type, async_venue: type, payloads: ModuleType) -> list[list[str]]:
    body = json.dumps(payloads.answers()["book of 100"]).encode()
    gc.collect()
    gc.freeze()  # what was measured before is not to be looked through
    with server(body) as url:
        return [
            line("async", asyncio.run(measure_async(async_venue, payloads, url))),
            line("sync", measure_sync(venue, payloads, url)),
        ]


def line(kind: str, times: dict[str, list[float]]) -> list[str]:
    medians = {name: statistics.median(values[WARM_UP:]) for name, values in times.items()}
    generic, raw, here = (medians[name] / medians["bare"] for name in ("generic", "raw", "here"))
    target = TARGETS[kind]
    bare = {"async": "aiohttp", "sync": "requests"}[kind]
    return [
        f"fetch_order_book(), 100 levels a side, {kind}, beside {bare} + orjson",
        f"{generic:.2f}",
        f"**{here:.2f}** ({raw:.2f} without parsing)",
        f"{target:.2f}",
        "yes" if round(here, 2) <= target else "no",
    ]


def arm(exchange: Any, payloads: ModuleType) -> tuple[Any, Any]:
    exchange.set_markets(exchange.parse_markets(payloads.markets(2)), {})
    return exchange, payloads.raw_book(exchange)


async def measure_async(venue: type, payloads: ModuleType, url: str) -> dict[str, list[float]]:
    config = {**payloads.config(url), "enableRateLimit": False}
    here, raw = arm(venue(config), payloads)
    generic, _ = arm(inherited(venue)(config), payloads)
    async with aiohttp.ClientSession() as session:

        async def bare() -> Any:
            async with session.get(url + "/book") as response:
                return orjson.loads(await response.read())

        calls: dict[str, Callable[[], Awaitable[Any]]] = {
            "bare": bare,
            "raw": raw,
            "here": lambda: here.fetch_order_book(payloads.SYMBOL),
            "generic": lambda: generic.fetch_order_book(payloads.SYMBOL),
        }
        times: dict[str, list[float]] = {name: [] for name in calls}
        for _ in range(ROUNDS):
            for name, call in calls.items():
                start = time.perf_counter()
                await call()
                times[name].append(time.perf_counter() - start)
    await here.close()
    await generic.close()
    return times


def measure_sync(venue: type, payloads: ModuleType, url: str) -> dict[str, list[float]]:
    config = {**payloads.config(url), "enableRateLimit": False}
    here, raw = arm(venue(config), payloads)
    generic, _ = arm(inherited(venue)(config), payloads)
    with requests.Session() as session:
        session.trust_env = False  # as ccxt has it; looking for proxies takes long
        calls: dict[str, Callable[[], Any]] = {
            "bare": lambda: orjson.loads(session.get(url + "/book").content),
            "raw": raw,
            "here": lambda: here.fetch_order_book(payloads.SYMBOL),
            "generic": lambda: generic.fetch_order_book(payloads.SYMBOL),
        }
        times: dict[str, list[float]] = {name: [] for name in calls}
        for _ in range(ROUNDS):
            for name, call in calls.items():
                start = time.perf_counter()
                call()
                times[name].append(time.perf_counter() - start)
    return times
