"""Exchanges that other people have, as far as a small bot needs them: REST and a socket, on this machine."""

import asyncio
import base64
import hashlib
import hmac
import json
import threading
import urllib.parse
from contextlib import contextmanager
from functools import partial
from itertools import count

from aiohttp import WSMsgType, web

RAW = bytes(range(200, 240))
BINANCE = {
    "apiKey": "canaryBinanceKey0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL",
    "secret": "canary/secret+with=signs&more%",
}
KRAKEN = {
    "apiKey": "canaryKrakenKey/abcdefghijklmnop+qrstuvwxyz012345678901",
    "secret": base64.b64encode(RAW * 2).decode(),
}
KUCOIN = {
    "apiKey": "65a1b2c3d4e5f60718293a4b",
    "secret": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
    "password": "canary pass phrase",
}
BINANCE_CONFIG = {**BINANCE, "options": {"fetchMarkets": {"types": ["spot"]}}}
KRAKEN_CONFIG = {**KRAKEN, "enableRateLimit": False}
KUCOIN_CONFIG = {**KUCOIN, "options": {"fetchMarkets": {"types": ["spot"], "fetchTickersFees": False}}}
TOKEN = "canaryTokenOfAStream-abcdefghijklmnopqrstuvwxyz==.0123456789"
TOLD_TOKEN = "canaryTokenOfAFrame/abcdefghijklmnop+0123456789"


def in_every_form(secret: str | bytes) -> list[str]:
    """What a careless server might echo."""
    raw = secret if isinstance(secret, bytes) else secret.encode()
    text = secret if isinstance(secret, str) else secret.hex()
    return [
        text,
        raw.hex(),
        raw.hex().upper(),
        base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(raw).decode(),
        *(base64.b64encode(b"x" * shift + raw + b"y").decode() for shift in (1, 2, 3)),
        base64.b64encode(b"user:" + raw).decode(),
        base64.b64encode(base64.b64encode(raw)).decode(),
        raw.hex().encode().hex(),
        urllib.parse.quote(text, safe=""),
        urllib.parse.quote_plus(text),
        urllib.parse.quote(urllib.parse.quote(text, safe=""), safe=""),
        urllib.parse.quote(base64.b64encode(raw).decode(), safe=""),
        json.dumps(json.dumps({"inner": text, "digits": raw.hex()})),
    ]


class Stub:
    """Serves `answer(request, body)` and `stream(request, socket)` in a thread of its own."""

    def __init__(self):
        self.requests = []
        self.failures = []
        self.talks = []
        self.proofs = []
        """The signatures of what was asked, which it echoes, too."""

    async def handle(self, request):
        try:
            if request.headers.get("Upgrade", "").lower() == "websocket":
                socket = web.WebSocketResponse()
                await socket.prepare(request)
                await self.stream(request, socket)
                return socket
            body = (await request.read()).decode()
            self.requests.append((request.method, request.raw_path, body))
            answer = web.json_response(await self.answer(request, body))
            answer.set_cookie("session", "canary-cookie-0123456789")
            answer.headers["x-mbx-used-weight-1m"] = "7"
            answer.enable_compression(web.ContentCoding.gzip)
            return answer
        except AssertionError as error:
            self.failures.append(repr(error))
            raise

    def talk(self, socket, make):
        """Send one message after the other, for as long as anybody listens."""

        async def talking():
            for number in count(101):
                await asyncio.sleep(0.01)
                if socket.closed or socket._closing:
                    return
                await socket.send_json(make(number))

        self.talks.append(asyncio.create_task(talking()))

    async def answer(self, request, body):
        raise NotImplementedError

    async def stream(self, request, socket):
        raise NotImplementedError

    @contextmanager
    def serve(self):
        ready, stopping = threading.Event(), asyncio.Event()

        async def run():
            runner = web.ServerRunner(web.Server(self.handle, access_log=None), shutdown_timeout=0.1)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.port = runner.addresses[0][1]
            self.loop = asyncio.get_running_loop()
            ready.set()
            await stopping.wait()
            for talk in self.talks:
                talk.cancel()
            await runner.cleanup()

        thread = threading.Thread(target=lambda: asyncio.run(run()))
        thread.start()
        ready.wait()
        try:
            yield self
        finally:
            self.loop.call_soon_threadsafe(stopping.set)
            thread.join()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self):
        return f"ws://127.0.0.1:{self.port}"


class Binance(Stub):
    """Spot: public data, an account whose signatures are checked, and the streams of both."""

    keys = BINANCE
    config = BINANCE_CONFIG

    @property
    def via(self):
        return {
            "https://api.binance.com": self.url,
            "wss://stream.binance.com:9443": self.socket_url,
            "wss://ws-api.binance.com:443": self.socket_url,
        }

    def check(self, text, signature):
        assert signature == hmac.new(BINANCE["secret"].encode(), text.encode(), hashlib.sha256).hexdigest()
        self.proofs.append(signature)

    async def answer(self, request, body):
        path = request.path.removeprefix("/api/v3/").removeprefix("/sapi/v1/")
        signed, _, signature = (body or request.raw_path.partition("?")[2]).rpartition("&signature=")
        if path in ("account", "order", "openOrders"):
            assert request.headers["X-MBX-APIKEY"] == BINANCE["apiKey"]
            self.check(signed, signature)
        fields = dict(urllib.parse.parse_qsl(body or request.raw_path.partition("?")[2]))
        if path == "exchangeInfo":
            return {"timezone": "UTC", "serverTime": 1, "rateLimits": [], "symbols": [self.market()]}
        if path == "ticker/24hr":
            return {
                "symbol": "BTCUSDT",
                "lastPrice": "100.5",
                "bidPrice": "100",
                "askPrice": "101",
                "closeTime": 1_700_000_000_000,
            }
        if path == "klines":
            return [
                [
                    int(fields.get("startTime", 0)) or 1,
                    "1",
                    "2",
                    "0.5",
                    "1.5",
                    "10",
                    2,
                    "15",
                    3,
                    "5",
                    "7",
                    "0",
                ]
            ]
        if path == "depth":
            return {"lastUpdateId": 100, "bids": [["100", "1"]], "asks": [["101", "1"]]}
        if path == "account":
            return {
                "makerCommission": 10,
                "uid": 1,
                "balances": [{"asset": "USDT", "free": "1000", "locked": "0"}],
                "echo": [*in_every_form(BINANCE["apiKey"]), *in_every_form(BINANCE["secret"]), *self.proofs],
            }
        if path == "order":
            return self.order(fields)
        return {"listenKey": TOKEN} if path == "userDataStream" else []

    @staticmethod
    def order(fields):
        return {
            "symbol": "BTCUSDT",
            "orderId": 28,
            "clientOrderId": fields["newClientOrderId"],
            "transactTime": int(fields["timestamp"]),
            "price": fields["price"],
            "origQty": fields["quantity"],
            "executedQty": "0",
            "status": "NEW",
            "type": "LIMIT",
            "side": fields["side"],
        }

    @staticmethod
    def market():
        return {
            "symbol": "BTCUSDT",
            "status": "TRADING",
            "baseAsset": "BTC",
            "quoteAsset": "USDT",
            "baseAssetPrecision": 8,
            "quotePrecision": 8,
            "isSpotTradingAllowed": True,
            "orderTypes": ["LIMIT", "MARKET"],
            "permissions": ["SPOT"],
            "filters": [
                {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000", "tickSize": "0.01"},
                {"filterType": "LOT_SIZE", "minQty": "0.0001", "maxQty": "9000", "stepSize": "0.0001"},
                {"filterType": "NOTIONAL", "minNotional": "5"},
            ],
        }

    async def stream(self, request, socket):
        if TOKEN in request.path:  # where older releases of ccxt listen for an account
            await socket.send_json(self.report())
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            asked = json.loads(message.data)
            if asked["method"] == "SUBSCRIBE":
                await socket.send_json({"result": None, "id": asked["id"]})
                channel = asked["params"][0]
                event = "24hrMiniTicker" if "miniTicker" in channel else "24hrTicker"
                self.talk(socket, self.delta if "depth" in channel else partial(self.ticker, event))
            elif asked["method"] == "userDataStream.subscribe.signature":
                fields = asked["params"]
                signature = fields.pop("signature")
                self.check("&".join(f"{name}={value}" for name, value in sorted(fields.items())), signature)
                await socket.send_json({"id": asked["id"], "status": 200, "result": {"subscriptionId": 0}})
                await socket.send_json({"subscriptionId": 0, "event": self.report()})

    @staticmethod
    def report():
        told = {
            "e": "executionReport",
            "E": 1_700_000_000_000,
            "s": "BTCUSDT",
            "S": "BUY",
            "o": "LIMIT",
            "q": "1",
        }
        told |= {"p": "90", "X": "NEW", "i": 28, "z": "0", "T": 1_700_000_000_000, "x": "NEW"}
        return {**told, "c": BINANCE["apiKey"]}

    @staticmethod
    def delta(number):
        return {
            "e": "depthUpdate",
            "E": 1,
            "s": "BTCUSDT",
            "U": number,
            "u": number,
            "b": [["100", str(number)]],
            "a": [],
        }

    @staticmethod
    def ticker(event, number):
        return {
            "e": event,
            "E": 1_700_000_000_000,
            "s": "BTCUSDT",
            "c": f"{number}.5",
            "b": "100",
            "a": "101",
            "C": 1_700_000_000_000,
        }


class Kraken(Stub):
    """Takes no nonce twice, and gives a token for its socket."""

    keys = KRAKEN
    config = KRAKEN_CONFIG

    def __init__(self):
        super().__init__()
        self.nonces = []

    @property
    def via(self):
        return {"https://api.kraken.com": self.url, "wss://ws-auth.kraken.com": self.socket_url}

    async def answer(self, request, body):
        path = request.path.rpartition("/")[2]
        if "/private/" in request.path:
            fields = dict(urllib.parse.parse_qsl(body))
            digest = hashlib.sha256((fields["nonce"] + body).encode()).digest()
            key = base64.b64decode(KRAKEN["secret"])
            made = hmac.new(key, request.path.encode() + digest, hashlib.sha512).digest()
            assert request.headers["API-Sign"] == base64.b64encode(made).decode()
            self.proofs.append(request.headers["API-Sign"])
            assert request.headers["API-Key"] == KRAKEN["apiKey"]
            assert not self.nonces or int(fields["nonce"]) > self.nonces[-1], "EAPI:Invalid nonce"
            self.nonces.append(int(fields["nonce"]))
        result = {
            "AssetPairs": lambda: {"XXBTZUSD": self.market()},
            "Assets": lambda: {
                name: {
                    "aclass": "currency",
                    "altname": name,
                    "decimals": 8,
                    "display_decimals": 5,
                    "status": "enabled",
                }
                for name in ("XXBT", "ZUSD")
            },
            "BalanceEx": lambda: {"ZUSD": {"balance": "1000", "hold_trade": "0"}, "echo": {"balance": "0"}},
            "AddOrder": lambda: {
                "descr": {"order": "buy 1.00000000 XBTUSD @ limit 90.0"},
                "txid": ["OUF4EM-FRGI2-MQMWZD"],
                "echo": in_every_form(KRAKEN["secret"]) + in_every_form(RAW * 2) + self.proofs,
            },
            "GetWebSocketsToken": lambda: {"token": TOKEN, "expires": 900},
        }.get(path, dict)()
        return {"error": [], "result": result}

    @staticmethod
    def market():
        return {
            "altname": "XBTUSD",
            "wsname": "XBT/USD",
            "aclass_base": "currency",
            "base": "XXBT",
            "aclass_quote": "currency",
            "quote": "ZUSD",
            "pair_decimals": 1,
            "lot_decimals": 8,
            "cost_decimals": 5,
            "lot_multiplier": 1,
            "leverage_buy": [],
            "leverage_sell": [],
            "fees": [[0, 0.4]],
            "fees_maker": [[0, 0.25]],
            "ordermin": "0.0001",
            "costmin": "0.5",
            "tick_size": "0.1",
            "status": "online",
        }

    async def stream(self, request, socket):
        status = {"system": "online", "version": "2", "sessionToken": TOLD_TOKEN}
        await socket.send_json({"channel": "status", "type": "update", "data": [status], "echo": TOLD_TOKEN})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            asked = json.loads(message.data)
            if asked["method"] == "subscribe":
                assert asked["params"]["token"] == TOKEN
                await socket.send_json(
                    {
                        "method": "subscribe",
                        "success": True,
                        "req_id": asked.get("req_id"),
                        "result": {"channel": "executions", "token": TOKEN},
                    }
                )
                order = {
                    "order_id": "OUF4EM-FRGI2-MQMWZD",
                    "symbol": "BTC/USD",
                    "order_qty": 1,
                    "side": "buy",
                    "order_type": "limit",
                }
                order |= {
                    "limit_price": 90.5,
                    "exec_type": "new",
                    "order_status": "new",
                    "timestamp": "2026-01-02T03:04:05.678901Z",
                }
                await socket.send_json(
                    {"channel": "executions", "type": "snapshot", "data": [order], "sequence": 1}
                )


class Kucoin(Stub):
    """Tells in an answer where its socket is."""

    keys = KUCOIN
    config = KUCOIN_CONFIG

    @property
    def via(self):
        return {"https://api.kucoin.com": self.url, "wss://push-private.kucoin.example": self.socket_url}

    async def answer(self, request, body):
        path = request.path.rpartition("/")[2]
        if "KC-API-SIGN" in request.headers:
            target = request.headers["KC-API-TIMESTAMP"] + request.method + request.raw_path + body
            made = hmac.new(KUCOIN["secret"].encode(), target.encode(), hashlib.sha256).digest()
            assert request.headers["KC-API-SIGN"] == base64.b64encode(made).decode()
            self.proofs.append(request.headers["KC-API-SIGN"])
        data = {
            "symbols": lambda: [self.market()],
            "currencies": lambda: [],
            "bullet-public": lambda: {
                "token": TOKEN,
                "instanceServers": [
                    {
                        "endpoint": "wss://push-private.kucoin.example/endpoint",
                        "pingInterval": 18000,
                        "pingTimeout": 10000,
                        "encrypt": True,
                        "protocol": "websocket",
                    }
                ],
            },
            "bullet-private": lambda: {
                "token": TOKEN + "private",
                "instanceServers": [
                    {
                        "endpoint": "wss://push-private.kucoin.example/endpoint",
                        "pingInterval": 18000,
                        "pingTimeout": 10000,
                        "encrypt": True,
                        "protocol": "websocket",
                    }
                ],
            },
            "accounts": lambda: [
                {
                    "currency": "USDT",
                    "balance": "10",
                    "available": "10",
                    "holds": "0",
                    "type": "trade",
                    "echo": in_every_form(KUCOIN["password"]) + in_every_form(KUCOIN["apiKey"]) + self.proofs,
                }
            ],
        }.get(path, list)()
        return {"code": "200000", "data": data}

    @staticmethod
    def market():
        return {
            "symbol": "BTC-USDT",
            "name": "BTC-USDT",
            "baseCurrency": "BTC",
            "quoteCurrency": "USDT",
            "feeCurrency": "USDT",
            "market": "USDS",
            "baseMinSize": "0.00001",
            "quoteMinSize": "0.1",
            "baseMaxSize": "10000",
            "quoteMaxSize": "99999999",
            "baseIncrement": "0.00000001",
            "quoteIncrement": "0.000001",
            "priceIncrement": "0.1",
            "priceLimitRate": "0.1",
            "minFunds": "0.1",
            "isMarginEnabled": False,
            "enableTrading": True,
            "feeCategory": 1,
        }

    async def stream(self, request, socket):
        assert request.query["token"].startswith(TOKEN)
        await socket.send_json({"id": request.query["connectId"], "type": "welcome", "echo": TOKEN})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            asked = json.loads(message.data)
            if asked["type"] == "subscribe":
                await socket.send_json({"id": asked["id"], "type": "ack"})
                self.talk(socket, partial(self.snapshot, asked["topic"]))
            elif asked["type"] == "ping":
                await socket.send_json({"id": asked["id"], "type": "pong"})

    @staticmethod
    def snapshot(topic, number):
        data = {"lastTradedPrice": f"{number}.5", "symbol": "BTC-USDT", "buy": "100", "sell": "101"}
        data = {"sequence": "1", "data": {**data, "datetime": 1_700_000_000_000}}
        return {"type": "message", "topic": topic, "subject": "trade.snapshot", "data": data}
