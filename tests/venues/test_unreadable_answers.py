"""An answer with an odd charset, encoding or length is a ccxt error, and an order of unknown outcome."""

import asyncio
import inspect
import socketserver
import threading

import ccxt
import pytest

from tests.ids import IDS
from tests.venues.profiles import PROFILES, moved

OK = b"HTTP/1.1 200 OK\r\n"
JSON = b"Content-Type: application/json\r\n"
ODD = {
    "charset": OK + b"Content-Type: application/json; charset=nonsense\r\nContent-Length: 2\r\n\r\n{}",
    "no-text": OK + b"Content-Type: application/json; charset=undefined\r\nContent-Length: 2\r\n\r\n{}",
    "not-a-charset": OK + b"Content-Type: application/json; charset=hex\r\nContent-Length: 2\r\n\r\n{}",
    "punycode": OK + b"Content-Type: application/json; charset=punycode\r\nContent-Length: 2\r\n\r\n\xff\xfe",
    "gzip": OK + JSON + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "deflate": OK + JSON + b"Content-Encoding: deflate\r\nContent-Length: 2\r\n\r\n{}",
    "brotli": OK + JSON + b"Content-Encoding: br\r\nContent-Length: 2\r\n\r\n{}",
    "zstd": OK + JSON + b"Content-Encoding: zstd\r\nContent-Length: 2\r\n\r\n{}",
    "negative-chunk": OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
    "no-chunk": OK + JSON + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "negative-length": OK + JSON + b"Content-Length: -2\r\n\r\n{}",
    "no-length": OK + JSON + b"Content-Length: two\r\n\r\n{}",
    "two-lengths": OK + JSON + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "cut-off": OK + JSON + b"Content-Length: 200\r\n\r\n{}",
    "status": b"HTTP/1.1 abc\r\n\r\n{}",
    "no-header": OK + b"\x00\xff\r\n\r\n{}",
}


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        length = 0
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        self.rfile.read(length)
        self.wfile.write(self.server.answer)


@pytest.fixture(scope="module")
def server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module", params=[(id, kind) for id in IDS for kind in ("sync", "async")], ids="-".join)
def client(request, server):
    """Calls a method of a real client whose venue is that server."""
    id, kind = request.param
    profile = PROFILES[id]
    made = profile.kind(kind)
    urls = moved(made.metadata()["urls"]["api"], f"127.0.0.1:{server.server_address[1]}", "http")
    config = {"enableRateLimit": False, "urls": {"api": urls}, **profile.credentials, **profile.config}
    offline, _ = profile.offline(kind, None)

    def errors_of(*calls):
        """What each of the calls, a method and its arguments, raises."""

        async def all_of_them():
            exchange = made(config)
            exchange.set_markets(offline.markets)
            raised = []
            for method, *arguments in calls:
                try:
                    result = getattr(exchange, method)(*arguments)
                    if inspect.isawaitable(result):
                        await result
                except Exception as error:
                    raised.append(error)
            if kind == "async":
                await exchange.close()
            return raised

        return asyncio.run(all_of_them())

    return profile, errors_of


@pytest.mark.parametrize("odd", ODD)
def test_an_answer_that_cannot_be_read(client, server, odd):
    profile, errors_of = client
    server.answer = ODD[odd]
    order = ("create_order", profile.symbol, "limit", "buy", profile.amount, profile.price)
    placing, reading = errors_of(order, ("fetch_order_book", profile.symbol))
    assert placing.outcome == "unknown" and "is unknown: " in str(placing)
    assert not hasattr(reading, "outcome")
    for error in (placing, reading):
        assert isinstance(error, ccxt.OperationFailed)
        assert not any(secret in repr(error) for secret in profile.credentials.values())
