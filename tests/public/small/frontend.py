"""The small venue's side of its protocol."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar

from ccxt_ext.sandbox.frontend import (
    PLAIN_DECIMAL,
    BaseFrontend,
    Feed,
    Keys,
    Limits,
    News,
    OptionTable,
    Refusal,
    Request,
    Response,
    Stream,
    VenueClock,
    Window,
    Wire,
    decimal_text,
    digest,
    flag,
    json_response,
)
from ccxt_ext.sandbox.frontend.engine import Engine, Level, Market, MarketSpec, Order, Refused, Trade

HORIZONS = [(60_000, 60)]
WINDOW_MS = 5_000
STATUSES = {"insufficient_funds": 422, "unknown_order": 404, "not_open": 404, "unknown_market": 404}


@dataclass(frozen=True)
class Listing:
    pair: str
    price: str

    @property
    def currencies(self) -> tuple[str, str]:
        base, _, quote = self.pair.partition("_")
        return base, quote


LISTINGS = (Listing("BTC_USDT", "60000"), Listing("ETH_USDT", "3000"))
FUNDS = {"BTC": Decimal(10), "ETH": Decimal(10), "USDT": Decimal(100_000)}


@dataclass(frozen=True)
class Key:
    account: str
    api_key: str
    secret: str


class Frontend(BaseFrontend[Listing], contract=1):
    id = "small"
    has_streams = True
    numbers_frames = True
    ROUTES = (
        ("GET", "/v1/time", "time"),
        ("GET", "/v1/pairs", "pairs"),
        ("GET", "/v1/pairs/{pair}/ticker", "ticker"),
        ("GET", "/v1/pairs/{pair}/book", "book"),
        ("GET", "/v1/pairs/{pair}/trades", "trades"),
        ("GET", "/v1/balances", "private balances"),
        ("GET", "/v1/orders", "private orders"),
        ("POST", "/v1/orders", "private place"),
        ("DELETE", "/v1/orders/{id}", "private cancel"),
    )
    OPTIONS: ClassVar[OptionTable] = {"readOnly": flag(of_client=False)}

    def __init__(self, clock: VenueClock, seed: int, limits: Limits, options: Mapping[str, Any]) -> None:
        super().__init__(clock, seed, limits, options)
        self.listings = {
            each.pair: each for each in (Listing("BTC_USDT", "60000"), Listing("ETH_USDT", "3000"))
        }
        specs = [self.spec_of(listing) for listing in self.listings.values()]
        self.engine = Engine(self.id, specs, clock.engine_clock, seed, HORIZONS)
        self.keys: Keys[Key] = Keys()
        self.window = Window(10 * self.limit_factor, 1_000)
        for account in ("config", "counterparty"):
            self.keys.add(Key(account, digest(self.id, account)[:16], digest(self.id, account, "secret")))
            self.engine.open_account(
                account, {"BTC": Decimal(10), "ETH": Decimal(10), "USDT": Decimal(100_000)}
            )

    def spec_of(self, listing: Listing) -> MarketSpec:
        base, quote = listing.currencies
        money = {"tick": "0.01", "step": "0.0001", "min_amount": "0.001", "max_amount": "1000"}
        fees = {"maker_fee": "0.001", "taker_fee": "0.001", "start_price": listing.price}
        return MarketSpec(listing.pair, base, quote, **{k: Decimal(v) for k, v in {**money, **fees}.items()})

    def listing_like(self, like: Listing, market: str, pair: str | None) -> Listing:
        self.check_pair(market, pair, "_")
        return replace(like, pair=market)

    def config(self, account: str, http_url: str, ws_url: str) -> dict[str, Any]:
        key = self.keys.of(account)
        urls = {"api": {"rest": http_url, "ws": f"{ws_url}/v1/stream"}}
        config = {"apiKey": key.api_key, "secret": key.secret, "urls": urls}
        return self.with_options({**config, "rateLimit": 100 / self.limit_factor})

    # requests

    def answer(self, request: Request) -> Response:
        found = self.routes.find(request.method, request.path)
        if found is None:
            raise Refusal(404, "no such endpoint")
        name, arguments = found
        if not self.window.allow(request.remote, self.clock.engine_clock.now()):
            raise Refusal(429, "too_many")
        first, _, call = name.rpartition(" ")
        try:
            if first:
                return json_response(getattr(self, call)(self.account_of(request), request, **arguments))
            return json_response(getattr(self, call)(**arguments))
        except Refused as refused:
            raise Refusal(STATUSES.get(refused.reason, 400), refused.reason) from refused

    def error(self, status: int, message: str) -> Response:
        return json_response({"error": message}, status)

    def account_of(self, request: Request) -> str:
        key, time = self.keys.get(request.headers.get("x-key", "")), request.headers.get("x-time", "")
        if key is None:
            raise Refusal(401, "bad_signature")
        target = request.path + (f"?{request.query_string}" if request.query_string else "")
        text = "\n".join((time, request.method, target, request.body.decode()))
        mac = hmac.new(key.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(mac, request.headers.get("x-mac", "")):
            raise Refusal(401, "bad_signature")
        if not self.clock.is_near(int(time), WINDOW_MS):
            raise Refusal(401, "bad_time")
        return key.account

    def market(self, pair: str) -> Market:
        if pair not in self.engine.markets:
            raise Refusal(404, "unknown_market")
        return self.engine.markets[pair]

    def time(self) -> Any:
        return {"now": self.clock.now()}

    def pairs(self) -> Any:
        return [
            {
                "pair": spec.id,
                "base": spec.base,
                "quote": spec.quote,
                "tick": str(spec.tick),
                "step": str(spec.step),
                "least": str(spec.min_amount),
            }
            for spec in (market.spec for market in self.engine.markets.values())
        ]

    def ticker(self, pair: str) -> Any:
        day = self.market(pair).ticker()
        figures = {"last": day.last, "open": day.open, "high": day.high, "low": day.low}
        texts = {name: decimal_text(figure) for name, figure in figures.items()}
        return {**texts, "volume": decimal_text(day.base_volume), "at": self.clock.now()}

    def book(self, pair: str) -> Any:
        bids, asks = self.market(pair).book(50)
        return {"bids": [self.level(each) for each in bids], "asks": [self.level(each) for each in asks]}

    @staticmethod
    def level(level: Level) -> Any:
        return {"price": decimal_text(level.price), "size": decimal_text(level.amount)}

    def trades(self, pair: str) -> Any:
        return [self.trade(trade) for trade in self.market(pair).trades(50)]

    @staticmethod
    def trade(trade: Trade) -> Any:
        figures = {"price": decimal_text(trade.price), "size": decimal_text(trade.amount)}
        return {"id": trade.id, "pair": trade.market, "side": trade.side, "at": trade.timestamp, **figures}

    def balances(self, account: str, request: Request) -> Any:
        found = self.engine.balances(account).items()
        return [
            {"currency": name, "free": decimal_text(each.free), "held": decimal_text(each.held)}
            for name, each in found
        ]

    def orders(self, account: str, request: Request) -> Any:
        return [self.row(order) for order in self.engine.orders(account, statuses={"open"})]

    def place(self, account: str, request: Request) -> Any:
        if self.option("readOnly", False):
            raise Refusal(403, "permission")
        wanted = json.loads(request.body)
        if not all(PLAIN_DECIMAL.fullmatch(wanted[name]) for name in ("price", "size")):
            raise Refusal(400, "bad_number")
        price, size = Decimal(wanted["price"]), Decimal(wanted["size"])
        order = self.engine.place(
            account, wanted["pair"], wanted["side"], price, size, client_id=wanted["mine"]
        )
        return self.row(order)

    def cancel(self, account: str, request: Request, id: str) -> Any:
        return self.row(self.engine.cancel(account, int(id)))

    @staticmethod
    def row(order: Order) -> Any:
        return {
            "id": order.id,
            "mine": order.client_id,
            "pair": order.market,
            "side": order.side,
            "price": decimal_text(order.limit),
            "size": decimal_text(order.amount),
            "left": decimal_text(order.remaining),
            "state": order.status,
            "at": order.created,
        }

    # streams

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        if request.path != "/v1/stream":
            return self.error(404, "no such stream")
        return BookStream(self.feed, request, wire, self.clock, self.engine.markets)


class BookStream(Stream):
    def __init__(
        self, feed: Feed, request: Request, wire: Wire, clock: VenueClock, markets: Mapping[str, Market]
    ) -> None:
        super().__init__(feed, request, wire)
        self.clock, self.markets = clock, markets
        self.followed: set[str] = set()

    def opened(self) -> None:
        self.listen(self.heard)

    def received(self, text: str) -> None:
        message = json.loads(text)
        pair = message["pair"]
        if message["op"] == "leave":
            self.followed.discard(pair)
        else:
            self.followed.add(pair)
            bids, asks = self.markets[pair].book()
            self.tell("whole", pair, self.feed.number(pair), rows(bids), rows(asks))

    def heard(self, news: News) -> None:
        for pair, update in news.books.items():
            if pair in self.followed:
                self.tell("change", pair, update.number, items(update.bids), items(update.asks))

    def tell(self, kind: str, pair: str, number: int, bids: Any, asks: Any) -> None:
        told = {"kind": kind, "pair": pair, "number": number, "at": self.clock.now()}
        self.send({**told, "bids": bids, "asks": asks}, sequenced=kind == "change")


def rows(levels: list[Level]) -> list[list[str]]:
    return [[decimal_text(level.price), decimal_text(level.amount)] for level in levels]


def items(changes: Mapping[Decimal, Decimal]) -> list[list[str]]:
    return [[decimal_text(price), decimal_text(size)] for price, size in changes.items()]
