"""A venue's frontend behind a client whose requests get lost, whose time passes when it sleeps."""

import asyncio
from types import SimpleNamespace

import pytest
import requests
from aiohttp import ServerDisconnectedError

import ccxt_ext
from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.conformance.placing import argument, read_of, rests
from ccxt_ext.testing.wire import Answer, call, finished
from ccxt_ext.venue.keys.shared import shared
from ccxt_ext.venue.settling import looking, looking_sync, settling, settling_sync, tracking
from ccxt_ext.venue.settling.docket import KNOWN

MODULES = (looking, looking_sync, settling, settling_sync, tracking)


class Cut(requests.ConnectionError, ServerDisconnectedError):
    def __init__(self):
        ServerDisconnectedError.__init__(self)


class Losing:
    """`fates` says what becomes of the next requests that place or cancel an order: 'answered'; 'cut', after
    it was carried out; 'lost' on the way; a number of milliseconds, after which it reaches the venue."""

    def __init__(self, monkeypatch, id, kind="sync", symbol=None, **config):
        self.bench = Bench(id)
        self.kind = kind
        self.ticks = 1_000.0
        self.fates = []
        self.late = []  # (when, request)
        self.answers = []  # to those that were late
        self.down = False
        self.moves = None  # called when time passes
        for module in MODULES:
            monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: self.ticks))
        self.exchange = self.client(**config)
        self.bench.wire.answer = self.answer
        call(self.exchange, "loadMarkets")
        exchange, type = self.exchange, self.exchange.options.get("defaultType", "spot")
        self.symbol = symbol or next(
            market["symbol"] for market in exchange.markets.values() if market["active"] and market[type]
        )
        read = read_of(exchange)
        told = call(exchange, read, argument(read, self.symbol))
        self.amount, self.price = rests(exchange, self.symbol, told)

    def client(self, account="config", **config):
        exchange = self.bench.exchange(self.kind, account, **config)
        exchange.look_again_ms = (0,)
        exchange.milliseconds = lambda: self.bench.world.clock.now()
        exchange.sleep = self.slept if exchange.synchronous else self.slept_async
        return exchange

    def slept(self, ms):
        self.passes(ms)

    async def slept_async(self, ms):
        self.passes(ms)
        await asyncio.sleep(0)

    def passes(self, ms):
        for when, request in sorted(self.late, key=lambda each: each[0]):
            if when <= self.ticks + ms / 1000:
                self.late.remove((when, request))
                self.answers.append(self.bench.answer(request))
        self.ticks += ms / 1000
        self.bench.advance(int(ms))
        if self.moves is not None:
            self.moves()

    def answer(self, request):
        if self.down:
            raise Cut()
        fate = self.fates[0] if self.fates and self.acts(request) else "answered"
        if fate == "answered":
            answer = self.bench.answer(request)
            self.fates = self.fates[1:] if self.fates and self.acts(request) else self.fates
            return answer
        self.fates = self.fates[1:]
        if fate == "cut":
            self.bench.answer(request)
        elif isinstance(fate, Answer):
            return fate
        elif fate != "lost":
            self.late.append((self.ticks + fate / 1000, request))
        raise Cut()

    def acts(self, request):
        words = ("place_order", "cancel_order", "buy_coin", "sell_coin", "order/create", "/cancel")
        text = request.url + request.body
        if self.bench.id in ("btex", "bitexbit"):
            return any(word in text for word in words)
        return request.method in ("POST", "DELETE") and "order" in request.path

    def orders(self):
        return [*reversed(self.bench.engine.orders("config"))]

    def order(self, price=None, side="buy", exchange=None, **params):
        exchange = exchange or self.exchange
        price = self.price if price is None else price
        return call(exchange, "createOrder", self.symbol, "limit", side, self.amount, price, params)

    def crossing(self):
        """A price at which a buy is filled at once."""
        levels = call(self.exchange, "fetchOrderBook", self.symbol)["asks"]
        return float(self.exchange.price_to_precision(self.symbol, levels[0][0] * 1.01))

    def order_while_looking(self, error, **order):
        """Place an order; when the venue has it and its caller does not know yet, look for another one."""
        looked = []

        def meanwhile(request):
            answer = self.bench.answer(request)
            if self.acts(request):
                self.bench.wire.answer = self.answer
                with pytest.raises(ccxt_ext.Unsettled, match="just being placed"):
                    self.settle(error, timeout_ms=0)
                looked.append(True)
            return answer

        self.bench.wire.answer = meanwhile
        placed = self.order(**order)
        assert looked
        return placed

    def settle(self, error, exchange=None, **how):
        exchange = exchange or self.exchange
        homes = {"sync": ccxt_ext, "async": ccxt_ext.async_support, "pro": ccxt_ext.pro}
        return finished(exchange, homes[self.kind].settle(exchange, error, **how))

    def forget(self, id):
        """Let this process not know an order that it has placed."""
        key = ("orders", self.exchange.id, repr(self.exchange.urls["api"]), self.exchange.apiKey)
        shared(*key).forget(KNOWN, id)

    def name(self, order):
        return self.bench.name(order)
