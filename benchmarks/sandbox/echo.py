"""What a call costs the sandbox, beside an aiohttp server that only sends the same answer.

`python -m benchmarks.sandbox.echo [ID ...]` prints the processor time of the servers' threads, for calls of
ccxt's sync clients.
"""

import asyncio
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import ccxt
import requests
from aiohttp import web

import ccxt_ext
from benchmarks.measure import table
from ccxt_ext.plugins import ours
from ccxt_ext.sandbox import Sandbox

ROUNDS = 12
CALLS = 25
HEADER = ["call", "an echo", "the sandbox", "times the echo", "target", "reached"]
TARGET = 2.5


class Echo:
    """Sends the answer that the sandbox gave last to a method and a path."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], tuple[int, bytes, dict[str, str]]] = {}
        self._ready = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.thread.start()
        self._ready.wait()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        status, body, headers = self.answers[request.method, request.rel_url.raw_path]
        return web.Response(status=status, body=body, headers=headers)

    async def _serve(self) -> None:
        runner = web.ServerRunner(web.Server(self._answer, access_log=None))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await asyncio.Event().wait()


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
    echo = Echo()
    with Sandbox(venues=(id,)) as sandbox:
        server = next(each for each in threading.enumerate() if each.name == "ccxt-ext-sandbox")
        real = getattr(ccxt_ext, id)({**sandbox.config(id), "enableRateLimit": False})
        real.load_markets()
        asked = calls(real)
        answer = real.session.send
        sent: list[Any] = []

        def noted(request: Any, **more: Any) -> Any:
            response = answer(request, **more)
            path = request.path_url.partition("?")[0]
            headers = {"Content-Type": response.headers["Content-Type"]}
            echo.answers[request.method, path] = response.status_code, response.content, headers
            sent.append(request)  # some calls need two
            return response

        real.session.send = noted
        clocks = [time.pthread_getcpuclockid(int(thread.ident or 0)) for thread in (server, echo.thread)]
        costs: dict[str, list[list[float]]] = {name: [[], []] for name in asked}
        plain = requests.Session()
        for _ in range(ROUNDS):
            for name, call in asked.items():
                sent.clear()
                begun = time.clock_gettime(clocks[0])
                for _ in range(CALLS):
                    call()
                costs[name][0].append(time.clock_gettime(clocks[0]) - begun)
                begun = time.clock_gettime(clocks[1])
                for request in sent:
                    again = request.copy()
                    again.url = f"http://127.0.0.1:{echo.port}{request.path_url}"
                    plain.send(again)
                costs[name][1].append(time.clock_gettime(clocks[1]) - begun)
                sandbox.control("POST", "/clock", {"advance_ms": 30_000})
    rows = []
    whole = [0.0, 0.0]
    for name, (here, there) in costs.items():
        mine, theirs = (min(each) / CALLS * 1e6 for each in (here, there))
        whole = [whole[0] + mine, whole[1] + theirs]
        rows.append(row(name, mine, theirs))
    return [*rows, row("all of them", *whole)]


def row(name: str, here: float, echo: float) -> list[str]:
    ratio = here / echo
    return [
        name,
        f"{echo:.0f} µs",
        f"{here:.0f} µs",
        f"**{ratio:.1f}**",
        str(TARGET),
        "yes" if ratio <= TARGET else "no",
    ]


def report(id: str) -> str:
    return f"### {id}\n\n{table(HEADER, measure(id))}"


if __name__ == "__main__":
    for name in sys.argv[1:] or ours():
        try:
            print(report(name), flush=True)
        except ccxt.BaseError as error:
            print(name, error)
