"""A venue that exists only here: its streaming class, and a server that can misbehave."""

import asyncio
import json

from aiohttp import web

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venue.streams.addresses import Topic
from ccxt_ext.venue.streams.caches import trades_of
from ccxt_ext.venue.streams.feed import Feed
from ccxt_ext.venue.streams.streaming import Streaming
from ccxt_ext.venue.streams.subjects import subject_of

QUICK = {"reconnectDelay": 10, "maxReconnectDelay": 40, "pingInterval": 5000, "timeout": 10000}


class Toy(AsyncRestClient):
    @classmethod
    def metadata(cls):
        return {
            "id": "toy",
            "name": "Toy",
            "rateLimit": 1,
            "pro": True,
            "has": {
                "fetchTicker": True,
                "fetchTickers": True,
                "fetchOrderBook": True,
                "fetchTrades": True,
                "fetchOHLCV": True,
                "fetchBalance": True,
                "fetchOpenOrders": True,
                "fetchOrder": True,
                "fetchMyTrades": True,
                "fetchPositions": True,
                "createOrder": True,
            },
            "timeframes": {"1m": "1", "1h": "60"},
            "urls": {"api": {"rest": "http://localhost", "ws": "ws://localhost"}},
            "api": {"public": {"get": {"time": 1}}},
            "requiredCredentials": {"apiKey": True, "secret": True},
            "exceptions": {"exact": {}, "broad": {}, "status": {}},
        }

    async def fetch_markets(self, params={}):
        names = [f"C{number}" for number in range(self.options.get("markets", 3))]
        return [
            self.safe_market_structure(
                {"id": f"{name}_Q", "symbol": f"{name}/Q", "base": name, "quote": "Q", "active": True}
            )
            for name in names
        ]

    # The REST class is not asked of in reality: `answers` is what it gives, `calls` what it was asked.

    async def answer(self, name, *args):
        self.calls.append((name, *args))
        answer = self.answers[name]
        if callable(answer):
            answer = answer(*args)
        if asyncio.iscoroutine(answer):
            answer = await answer
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def fetch_ticker(self, symbol, params={}):
        return await self.answer("fetch_ticker", symbol)

    async def fetch_tickers(self, symbols=None, params={}):
        return await self.answer("fetch_tickers", symbols)

    async def fetch_order_book(self, symbol, limit=None, params={}):
        return await self.answer("fetch_order_book", symbol, limit)

    async def fetch_trades(self, symbol, since=None, limit=None, params={}):
        return await self.answer("fetch_trades", symbol)

    async def fetch_ohlcv(self, symbol, timeframe="1m", since=None, limit=None, params={}):
        return await self.answer("fetch_ohlcv", symbol, timeframe, since)

    async def fetch_balance(self, params={}):
        return await self.answer("fetch_balance")

    async def fetch_open_orders(self, symbol=None, since=None, limit=None, params={}):
        return await self.answer("fetch_open_orders", symbol)

    async def fetch_order(self, id, symbol=None, params={}):
        return await self.answer("fetch_order", id)

    async def fetch_my_trades(self, symbol=None, since=None, limit=None, params={}):
        self.since.append(since)
        return await self.answer("fetch_my_trades", symbol)

    async def fetch_order_trades(self, id, symbol=None, since=None, limit=None, params={}):
        return await self.answer("fetch_order_trades", id)

    async def fetch_positions(self, symbols=None, params={}):
        return await self.answer("fetch_positions", symbols)

    async def create_order(self, symbol, type, side, amount, price=None, params={}):
        return await self.answer("create_order", symbol)


class PolledToy(Streaming, Toy):
    pass


class ToyFeed(Feed):
    """Frames are {"on": key, "value": anything}; the key says what it is about."""

    native = frozenset(("watchTicker", "watchTickers", "watchTrades", "watchTradesForSymbols"))

    def topic(self, subject, params):
        # Both kinds come over one topic.
        return self.exchange.urls["api"]["ws"], Topic(self.exchange.market_id(subject.symbol))

    def subscribing(self, topics):
        return [{"sub": topic.key} for topic in topics]

    def unsubscribing(self, topics):
        return [{"unsub": topic.key} for topic in topics]

    def route(self, connection, frame):
        if "on" not in reading.record(self.exchange, frame):
            return None
        symbol = self.exchange.safe_symbol(frame["on"])
        return [subject_of("ticker", symbol), subject_of("trades", symbol)], self.take

    def take(self, connection, frame):
        symbol = self.exchange.safe_symbol(frame["on"])
        ticker = {"symbol": symbol, "last": float(frame["value"])}
        self.exchange.tickers[symbol] = ticker
        connection.resolve(ticker, subject_of("ticker", symbol))
        trade = {"id": str(frame["value"]), "symbol": symbol, "timestamp": int(frame["value"])}
        trades_of(self.exchange, symbol).append(trade)
        connection.resolve(self.exchange.trades[symbol], subject_of("trades", symbol))


class StreamedToy(Streaming, Toy, feed=ToyFeed):
    pass


def ready(toy, **told):
    toy.answers = told
    toy.calls = []
    toy.since = []
    return toy


class Server:
    """Remembers what it is told; says what the test wants, to the newest connection."""

    def __init__(self):
        self.heard = []
        self.paths = []  # as they were asked for
        self.connections = []
        self.refusals = 0  # of connections to come
        self.arrived = asyncio.Event()

    async def __aenter__(self):
        self.runner = web.ServerRunner(web.Server(self.serve), shutdown_timeout=0.1)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        port = self.runner.addresses[0][1]
        self.url = f"ws://127.0.0.1:{port}/stream"
        return self

    async def __aexit__(self, *error):
        for socket in self.connections:
            await socket.close()
        await self.runner.cleanup()

    async def serve(self, request):
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        self.connections.append(socket)
        self.paths.append(request.raw_path)
        self.heard.append([])
        heard = self.heard[-1]
        async for message in socket:
            heard.append(json.loads(message.data))
            self.arrived.set()
        return socket

    async def until(self, condition):
        while not condition():
            await asyncio.sleep(0.002)

    async def subscribed(self, *keys):
        """Wait until the newest connection has been asked for these."""
        await self.until(lambda: self.heard and {m.get("sub") for m in self.heard[-1]} >= set(keys))

    async def say(self, message):
        text = message if isinstance(message, str) else json.dumps(message)
        await self.connections[-1].send_str(text)

    async def cut(self):
        self.connections[-1]._req.transport.abort()


def streamed(server, **options):
    toy = StreamedToy({"urls": {"api": {"ws": server.url}}, "options": {"ws": {**QUICK, **options}}})
    toy.timeout_on_exit = 0
    return ready(toy)
