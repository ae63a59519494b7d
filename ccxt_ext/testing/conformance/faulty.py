"""A server of the venue on this machine that answers what HTTP does not allow."""

from __future__ import annotations

import socketserver
import threading
from typing import Any

import ccxt_ext
from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.desk import doors_of
from ccxt_ext.testing.conformance.offline import first_symbol
from ccxt_ext.testing.conformance.placing import argument, read_of, rests
from ccxt_ext.testing.wire import Answer, Request


class Handler(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        line = self.rfile.readline().decode()
        if not line.strip():
            return
        method, target, _ = line.split(" ")
        headers = {}
        while (header := self.rfile.readline()) not in (b"\r\n", b""):
            name, _, value = header.decode().partition(":")
            headers[name] = value.strip()
        length = next((value for name, value in headers.items() if name.lower() == "content-length"), 0)
        body = self.rfile.read(int(length)).decode()
        self.wfile.write(self.server.owner.answer(Request(method, target, headers, body)))


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    owner: FaultyServer


class FaultyServer:
    """Requests are answered by the venue's frontend, but for those that `raised` is about."""

    def __init__(self, id: str, kind: str) -> None:
        self.place = doors_of(id).place
        ccxt_ext.reset_shared()
        self._bench = Bench(id)
        self._one_at_a_time = threading.Lock()
        self._odd: bytes | None = None
        self._only_orders = False
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.owner = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()
        host = f"127.0.0.1:{self._server.server_address[1]}"
        config = self._bench.frontend.config("config", f"http://{host}", f"ws://{host}")
        self.client = Client(kind, id, config)
        needed = [name for name, wanted in self.client.exchange.requiredCredentials.items() if wanted]
        self.secrets = [str(config[name]) for name in needed if config.get(name)]

    async def begin(self) -> None:
        await self.client("loadMarkets")
        exchange = self.client.exchange
        symbol = first_symbol(exchange)
        self.read = read_of(exchange)
        self.arguments = (argument(self.read, symbol),)
        amount, price = rests(exchange, symbol, await self.client(self.read, *self.arguments))
        self.order = (symbol, "limit", "buy", amount, price)

    async def end(self) -> None:
        await self.client.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    async def raised(self, odd: bytes, method: str, *args: Any) -> Exception | None:
        """What a call raises that is answered by these bytes. They answer the order itself, not what may be
        asked before it."""
        self._odd, self._only_orders = odd, method == "createOrder"
        try:
            await self.client(method, *args)
        except Exception as error:
            return error
        finally:
            self._odd = None
        return None

    def answer(self, request: Request) -> bytes:
        with self._one_at_a_time:
            answer = self._bench.answer(request)
        if self._odd is not None and (self.place.fits(request) or not self._only_orders):
            return self._odd
        return _bytes(answer)


def _bytes(answer: Answer) -> bytes:
    body = answer.text.encode()
    head = (
        f"HTTP/1.1 {answer.status} Told",
        f"Content-Type: {answer.content_type}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return "\r\n".join((*head, "", "")).encode() + body
