"""Redirects are not followed: an order would go out again, and a signature to whatever host is named."""

import inspect
import sys
import threading
import types
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import aiohttp
import ccxt
import pytest
from ccxt.async_support.base import exchange as ccxts_exchange

import ccxt_ext
import ccxt_ext.async_support
from tests.venues.bitmart2.listings import listing


@pytest.fixture(params=[301, 302, 303, 307, 308])
def status(request):
    return request.param


@pytest.fixture
def location():
    """None for a redirect to the same server."""
    return None


@pytest.fixture
def redirecting(status, location):
    """(URL of a server that answers with a redirect, the requests that it got)"""
    got = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            got.append((self.command, self.path))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Location", location or self.path + "x")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_DELETE = answer

        def log_message(self, *args):
            """Nothing: `got` is the log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    thread.join()
    server.server_close()


homes = pytest.mark.parametrize("home", [ccxt_ext, ccxt_ext.async_support], ids=["sync", "async"])


@homes
@pytest.mark.parametrize("status", [302])
@pytest.mark.parametrize(
    "location", ["http://[::bad/", "http://x:y/", "http://\xff/", "\x00", "//", "mailto:x"]
)
async def test_a_redirect_to_nowhere(redirecting, home):
    url, got = redirecting
    exchange = home.bitmart2({"urls": {"api": {"rest": url}}})
    try:
        with pytest.raises(ccxt.ExchangeNotAvailable):
            result = exchange.fetch_time()
            await result
    finally:
        if not exchange.synchronous:
            await exchange.close()
    assert len(got) == 1


@homes
async def test_an_order_is_sent_once(redirecting, home):
    url, got = redirecting
    keys = {"apiKey": "key1234", "secret": "secret1234", "uid": "memo1234", "token": "token1234"}
    exchange = home.bitmart2({**keys, "rateLimit": 0, "urls": {"api": {"rest": url}}})
    exchange.set_markets([exchange.parse_market(listing())])

    async def call(method, *args):
        result = getattr(exchange, method)(*args)
        return await result if inspect.isawaitable(result) else result

    try:
        with pytest.raises(ccxt.ExchangeNotAvailable, match="unknown: look it up"):
            await call("create_order", "BMX/ETH", "limit", "buy", 1, 1)
        assert got == [("POST", "/v2/orders")]
        with pytest.raises(ccxt.ExchangeNotAvailable):
            await call("fetch_ticker", "BMX/ETH")
        assert len(got) == 2
    finally:
        if not exchange.synchronous:
            await exchange.close()


@pytest.mark.parametrize("status", [307])
async def test_none_is_followed_behind_a_socks_proxy(redirecting, monkeypatch):
    class Direct(aiohttp.TCPConnector):
        """What aiohttp_socks has, without a proxy."""

        @classmethod
        def from_url(cls, url, *, ssl, loop, enable_cleanup_closed, rdns=None):
            return cls(ssl=ssl, loop=loop)

    module = types.ModuleType("aiohttp_socks")
    module.ProxyConnector = Direct
    monkeypatch.setitem(sys.modules, "aiohttp_socks", module)
    # Where older releases of ccxt keep it.
    monkeypatch.setattr(ccxts_exchange, "SocksProxyConnector", Direct, raising=False)
    url, got = redirecting
    exchange = ccxt_ext.async_support.bitmart2({"urls": {"api": {"rest": url}}})
    exchange.socksProxy = "socks5://127.0.0.1:1"
    try:
        with pytest.raises(ccxt.ExchangeNotAvailable):
            await exchange.fetch_time()
        assert len(got) == 1
        assert list(exchange.socks_proxy_sessions) == [exchange.socksProxy]
    finally:
        await exchange.close()
