"""What a call costs the sandbox, beside an aiohttp server that only sends the same answer.

`python -m benchmarks.sandbox.echo [ID ...]` prints the processor time of the servers' threads, for calls of
ccxt's sync clients. The two take turns, and the figures are medians.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import requests
from aiohttp import web

import ccxt_ext
from benchmarks.measure import table
from ccxt_ext.plugins import ours
from ccxt_ext.sandbox import Sandbox

ROUNDS = 15
CALLS = 20
HEADER = ["call", "an echo", "the sandbox", "times the echo", "target", "reached"]
TARGET = 2.5


class Cost(NamedTuple):
    """The processor time of a call, in seconds."""

    here: float
    echo: float


class Echo:
    """Sends the answer that the sandbox gave last to a method and a path."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], tuple[int, bytes, dict[str, str]]] = {}
        self._session = requests.Session()
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event
        self.port = 0
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Echo:
        self.thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()
        self._loop.call_soon_threadsafe(self._stop.set)
        self.thread.join()

    def listen(self, session: requests.Session) -> list[requests.PreparedRequest]:
        """Learn the answers that a session gets. Its requests are added to the list: some calls need two."""
        answer = session.send
        sent: list[requests.PreparedRequest] = []

        def noted(request: requests.PreparedRequest, **more: Any) -> requests.Response:
            response = answer(request, **more)
            place = str(request.method), request.path_url.partition("?")[0]
            headers = {"Content-Type": response.headers["Content-Type"]}
            self._answers[place] = response.status_code, response.content, headers
            sent.append(request)
            return response

        session.send = noted  # type: ignore[method-assign]
        return sent

    def send(self, request: requests.PreparedRequest) -> None:
        """Send a request again, to the echo."""
        again = request.copy()
        again.url = f"http://127.0.0.1:{self.port}{request.path_url}"
        self._session.send(again)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        status, body, headers = self._answers[request.method, request.rel_url.raw_path]
        return web.Response(status=status, body=body, headers=headers)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        runner = web.ServerRunner(web.Server(self._answer, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()


def calls(client: Any) -> dict[str, Callable[[], Any]]:
    symbol = next(
        each for each in ("BTC/USDT", "BTC/USDT:USDT", "BTC/USD", *client.symbols) if each in client.symbols
    )
    market = client.market(symbol)
    bid = client.fetch_order_book(symbol)["bids"][0][0]
    price = float(client.price_to_precision(symbol, bid * 0.8))
    least = max(market["limits"]["amount"]["min"] or 0, (market["limits"]["cost"]["min"] or 0) / price * 1.1)
    step = market["precision"]["amount"] or 0
    amount = float(client.amount_to_precision(symbol, least + step))
    made: list[str] = []

    def create() -> None:
        made.append(client.create_order(symbol, "limit", "buy", amount, price)["id"])

    known = client.create_order(symbol, "limit", "buy", amount, price)["id"]
    return {
        "create_order": create,
        "cancel_order": lambda: client.cancel_order(made.pop(), symbol),
        "fetch_order": lambda: client.fetch_order(known, symbol),
        "fetch_balance": client.fetch_balance,
        "fetch_order_book": lambda: client.fetch_order_book(symbol),
        "fetch_ticker": lambda: client.fetch_ticker(symbol),
    }


def measure(id: str) -> list[list[str]]:
    """The rows of a venue: for each call, the median of all rounds, and of what it is times the echo."""
    costs: dict[str, list[Cost]] = {}
    with Echo() as echo, Sandbox(venues=(id,)) as sandbox:
        server = next(each for each in threading.enumerate() if each.name == "ccxt-ext-sandbox")
        real = getattr(ccxt_ext, id)({**sandbox.config(id), "enableRateLimit": False})
        sent = echo.listen(real.session)
        real.load_markets()
        asked = calls(real)
        clocks = [time.pthread_getcpuclockid(int(thread.ident or 0)) for thread in (server, echo.thread)]
        for _ in range(ROUNDS):
            for name, call in asked.items():
                sent.clear()
                begun = time.clock_gettime(clocks[0])
                for _ in range(CALLS):
                    call()
                here = time.clock_gettime(clocks[0]) - begun
                begun = time.clock_gettime(clocks[1])
                for request in sent:
                    echo.send(request)
                there = time.clock_gettime(clocks[1]) - begun
                costs.setdefault(name, []).append(Cost(here / CALLS, there / CALLS))
                sandbox.control("POST", "/clock", {"advance_ms": 30_000})  # so that no limit is reached
    together = [Cost(*map(sum, zip(*round, strict=True))) for round in zip(*costs.values(), strict=True)]
    return [row(name, each) for name, each in (*costs.items(), ("all of them", together))]


def row(name: str, costs: Sequence[Cost]) -> list[str]:
    here, there = (statistics.median(each) * 1e6 for each in zip(*costs, strict=True))
    ratio = statistics.median(cost.here / cost.echo for cost in costs)
    reached = "yes" if ratio <= TARGET else "no"
    return [name, f"{there:.0f} µs", f"{here:.0f} µs", f"**{ratio:.1f}**", str(TARGET), reached]


def report(id: str) -> str:
    return f"### {id}\n\n{table(HEADER, measure(id))}"


if __name__ == "__main__":
    for name in sys.argv[1:] or ours():
        print(report(name), flush=True)
