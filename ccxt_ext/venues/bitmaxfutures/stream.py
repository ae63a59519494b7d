"""BitMax Futures Pro v2 over WebSocket: market data, the account, and requests."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ccxt.base.errors import (
    AuthenticationError,
    BadResponse,
    BaseError,
    InvalidNonce,
    NetworkError,
    PermissionDenied,
    RateLimitExceeded,
)

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.streams.connection import Connection, Topic
from ccxt_ext.venue.streams.methods import POLLED
from ccxt_ext.venue.streams.streaming import Route, Streaming
from ccxt_ext.venue.streams.subjects import Subject, hash_of
from ccxt_ext.venues.bitmaxfutures import rest
from ccxt_ext.venues.bitmaxfutures.streams.frames import (
    ACCOUNT,
    BAR,
    BBO,
    DEPTH,
    HOLDINGS,
    LATEST_TRADES,
    OPEN_ORDERS,
    ORDERS,
    PATH,
    PRICES,
    PRICES_BATCH,
    REALTIME,
    REALTIME_SNAPSHOT,
    SNAPSHOT,
    TOP,
    TRADES,
    joined,
    parted,
    refusal,
)
from ccxt_ext.venues.bitmaxfutures.streams.holdings import Holdings, StreamedHoldings
from ccxt_ext.venues.bitmaxfutures.streams.markets import Markets
from ccxt_ext.venues.bitmaxfutures.streams.order_desk import OrderDesk

OF_ACCOUNT = {"orders": ORDERS, "myTrades": ORDERS, "balance": ACCOUNT, "positions": ACCOUNT}
OF_PRICES = ("markPrice", "fundingRate")
GREETING = "greeting"

# Why a connection may be ended, and a new one would be as well. Any other reason is a NetworkError.
FINAL = (AuthenticationError, PermissionDenied, RateLimitExceeded)


class bitmaxfutures(Markets, StreamedHoldings, Streaming, rest.bitmaxfutures):
    native = frozenset(POLLED)
    over_socket = frozenset(
        (
            "cancelAllOrdersWs",
            "cancelOrderWs",
            "createLimitBuyOrderWs",
            "createLimitOrderWs",
            "createLimitSellOrderWs",
            "createMarketBuyOrderWs",
            "createMarketOrderWs",
            "createMarketSellOrderWs",
            "createOrderWithTakeProfitAndStopLossWs",
            "createOrderWs",
            "createPostOnlyOrderWs",
            "createReduceOnlyOrderWs",
            "createStopLimitOrderWs",
            "createStopLossOrderWs",
            "createStopMarketOrderWs",
            "createStopOrderWs",
            "createTriggerOrderWs",
            "fetchBalanceWs",
            "fetchOpenOrdersWs",
            "fetchOrderBookWs",
            "fetchPositionsForSymbolWs",
            "fetchPositionsWs",
            "fetchPositionWs",
            "fetchTradesWs",
        )
    )

    @classmethod
    def metadata(cls) -> dict[str, Any]:
        described = super().metadata()
        described["has"]["editOrderWs"] = "emulated"
        return described

    def __init__(self, config: Mapping[str, Any] = {}) -> None:
        self.last_request_id = 0
        self.begin()
        super().__init__(config)

    def begin(self) -> None:
        """Nothing is known of anything yet."""
        self.books = {}
        self.strikes = {}
        self.daily = {}
        self.daily_wanted = set()
        self.blanks = {}
        self.daily_lock = None
        self.desk = OrderDesk()
        self.catch_ups_due = 0
        self.holdings = Holdings()
        self.balance_due = False
        self.running = {}
        self.untold = {}

    async def close(self, *args: Any, **kwargs: Any) -> None:
        await super().close(*args, **kwargs)
        self.begin()

    # -- topics -------------------------------------------------------------------------------------

    def topic(self, kind: str, symbol: str | None, detail: str | None, params: Any) -> tuple[str, Topic]:
        if kind in OF_ACCOUNT:
            return self.private_url(), Topic(OF_ACCOUNT[kind])
        if kind in OF_PRICES:
            return self.public_url(), Topic(PRICES)
        id = self.market(symbol)["id"]
        if kind == "orderbook":
            channel = self.book_channel(params)
            url = self.private_url() if channel == REALTIME else self.public_url()
            return url, Topic(f"{channel}:{id}")
        if kind == "ohlcv":
            return self.public_url(), Topic(f"{BAR}:{self.timeframes[detail]}:{id}")
        return self.public_url(), Topic(f"{TRADES if kind == 'trades' else BBO}:{id}")

    def book_channel(self, params: Any) -> str:
        usual = None if params else self.options["watchOrderBook"].get("channel")  # asked for at each watch
        return str(usual or self.handle_option_and_params(params, "watchOrderBook", "channel", DEPTH)[0])

    async def know_account(self, kind: str, params: Any) -> None:
        """The account's group is a part of the address."""
        if kind in OF_ACCOUNT or (kind == "orderbook" and self.book_channel(params) == REALTIME):
            self.check_required_credentials()
            await self.load_account()

    async def all_streamed(self, kind: str, places: Any, params: Any) -> list[Any]:
        await self.know_account(kind, params)
        hashes = [hash_of(kind, symbol) for symbol, _ in places]
        untold = [self.untold.pop(hash) for hash in hashes if hash in self.untold]
        if untold:
            return untold
        if kind == "ticker" and self.options["watchTicker"]["rest"]:
            await self.know_day([symbol for symbol, _ in places])
        if OF_ACCOUNT.get(kind) == ACCOUNT:
            self.welcome(self.client(self.private_url()), hashes)
        news = await super().all_streamed(kind, places, params)
        for hash in hashes:
            self.untold.pop(hash, None)  # only now: who waited may have been cancelled as it came
        return news

    def welcome(self, connection: Connection, hashes: Sequence[Subject]) -> None:
        users = self.users_of(connection, ACCOUNT)
        fresh = [hash for hash in hashes if hash not in users]
        if users and fresh:
            connection.spawn(self.tell_newcomers(connection, fresh))

    async def leave(self, name: str, kind: str, places: Any, params: Any) -> None:
        await self.know_account(kind, params)
        await super().leave(name, kind, places, params)

    async def unfollow(self, url: str, topics: Sequence[Topic], hashes: Sequence[Subject]) -> None:
        await super().unfollow(url, topics, hashes)
        left = [topic.key for topic in topics if topic.key not in self.followed.get(url, {})]
        for key in left:
            self.books.pop(key, None)
        for hash in hashes:
            self.untold.pop(hash, None)
            if hash.kind == "ticker":
                self.daily.pop(str(hash.symbol), None)
        if ORDERS in left:
            self.desk = OrderDesk()
        if ACCOUNT in left:
            self.holdings = Holdings()

    # -- messages -----------------------------------------------------------------------------------

    def subscribing(self, topics: Sequence[Topic]) -> Iterable[Any]:
        return self.messages("sub", topics)

    def unsubscribing(self, topics: Sequence[Topic]) -> Iterable[Any]:
        return self.messages("unsub", topics)

    def messages(self, op: str, topics: Sequence[Topic]) -> list[dict[str, Any]]:
        channels = joined(topic.key for topic in topics)
        return [{"op": op, "id": self.new_request_id(), "ch": channel} for channel in channels]

    async def subscribe(self, connection: Connection, topics: Sequence[Topic]) -> None:
        books = [topic for topic in topics if self.is_book(topic)]
        keys = [topic.key for topic in topics]
        self.open_books(books)
        for message in self.subscribing(topics):
            for key in parted(message["ch"]):
                connection.subscriptions[key] = message["id"]
            await self.tell(connection, message)
        for topic in books:
            connection.spawn(self.bring_snapshot(connection, topic))
        if any(key.startswith(f"{BBO}:") for key in keys):
            self.keep_day(connection)
        self.look_again(connection, keys)

    def look_again(self, connection: Connection, keys: Sequence[str]) -> None:
        if ORDERS in keys:
            self.look_for_orders(connection)
        if ACCOUNT in keys:
            connection.spawn(self.catch_up_holdings(connection))

    async def ping_stream(self, connection: Connection) -> None:
        await self.tell(connection, {"op": "ping"})

    # -- signing on ---------------------------------------------------------------------------------

    def stream_headers(self, url: str) -> dict[str, str] | None:
        headers = super().stream_headers(url)
        if self.options["wsAuthMethod"] != "headers" or url == self.public_url():
            return headers
        return {**(headers or {}), **self.signed_headers(PATH, {})}

    async def prepare(self, connection: Connection) -> None:
        if connection.url == self.public_url():
            return
        self.check_required_credentials()
        if self.options["wsAuthMethod"] == "headers":
            await self.see_greeting(connection)
            return
        try:
            await self.sign_on(connection)
        except InvalidNonce:
            if not self.options["adjustForTimeDifference"]:
                raise
            await self.load_time_difference()
            await self.sign_on(connection)

    async def see_greeting(self, connection: Connection) -> None:
        future = connection.future(GREETING)
        await asyncio.wait([future], timeout=self.timeout / 1000)
        if future.done() and future.result() == "unauth":
            raise AuthenticationError(f"{self.id} did not accept the keys in the handshake")

    async def sign_on(self, connection: Connection) -> None:
        message = {"op": "auth", "id": self.new_request_id(connection)}
        self.check_answer(await self.answer(connection, message, stamp=self.signed_now))

    def signed_now(self) -> dict[str, Any]:
        signed = self.signed_headers(PATH, {})
        return {
            "t": int(signed["x-auth-timestamp"]),
            "key": signed["x-auth-key"],
            "sig": signed["x-auth-signature"],
        }

    # -- frames -------------------------------------------------------------------------------------

    def route(self, connection: Connection, frame: Any) -> Route | None:
        if isinstance(frame, list):
            for message in frame:
                if isinstance(message, dict):
                    self.handle_message(connection, message)
            for message in frame:
                reading.record(self, message)
            return None
        message = reading.record(self, frame)
        name = message["m"] if "m" in message else message.get("op")  # older pages have `op`
        if not isinstance(name, str):
            raise BadResponse(f"{self.id} sent what is no message: {reading.excerpt(self, frame)}")
        handler = ROUTES.get(name)
        return None if handler is None else handler(self, connection, message)

    def route_greeting(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        connection.resolve(frame.get("type"), GREETING)
        return None

    def route_ping(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        connection.spawn(self.tell(connection, {"op": "pong"}))
        return None

    def route_end(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        """A farewell; what follows is the end of the connection."""
        told = refusal(frame) or {}
        try:
            self.raise_told(200, "", "GET", told)
        except BaseError as error:
            connection.fail(error if isinstance(error, FINAL) else NetworkError(str(error)))
        return None

    def route_error(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        id = str(frame.get("id"))
        route = self.route_answer(connection, frame)
        if route is not None:
            return route
        keys = [key for key, asked in connection.subscriptions.items() if asked == id]
        if keys:
            return self.refused_topics(connection, frame, keys)
        if not self.was_ours(id):
            self.check_answer(frame)  # nobody knows whose: all are told
        return None  # too late: nobody waits for it any more

    def route_subscribed(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        if refusal(frame) is None or frame.get("m") == "unsub":
            return None
        return self.refused_topics(connection, frame, parted(reading.required(self, frame, "ch")))

    def refused_topics(
        self, connection: Connection, frame: dict[str, Any], keys: Sequence[str]
    ) -> Route | None:
        wanted = self.followed.get(connection.url, {})
        keys = [key for key in keys if key in wanted]
        if len(keys) > 1:
            # One of them spoils the others: each by itself.
            for key in keys:
                (message,) = self.subscribing([wanted[key].topic])
                connection.subscriptions[key] = message["id"]
                connection.spawn(self.tell(connection, message))
            return None
        hashes = [hash for key in keys for hash in wanted[key].users]
        for key in keys:
            del wanted[key]  # so that the next who asks for it subscribes again
            connection.subscriptions.pop(key, None)
            self.books.pop(key, None)
        return hashes, lambda connection, frame: self.check_answer(frame)

    # -- beginning anew -----------------------------------------------------------------------------

    def forget(self, connection: Connection, topics: Sequence[Topic]) -> None:
        for topic in topics:
            self.books.pop(topic.key, None)
            if topic.key == ACCOUNT:
                self.holdings.restart()
                self.untold.pop(hash_of("balance"), None)

    async def restart(self, connection: Connection, topics: Sequence[Topic]) -> None:
        self.look_again(connection, [topic.key for topic in topics])
        books = [topic for topic in topics if self.is_book(topic)]
        if books:
            connection.spawn(self.restart_books(connection, books))
        # Of the account, what was missed is asked for.
        others = [topic for topic in topics if topic.key not in (ORDERS, ACCOUNT) and topic not in books]
        if others:
            await super().restart(connection, others)


ROUTES: dict[str, Callable[[bitmaxfutures, Connection, dict[str, Any]], Route | None]] = {
    DEPTH: bitmaxfutures.route_change,
    REALTIME: bitmaxfutures.route_change,
    SNAPSHOT: bitmaxfutures.route_snapshot,
    TOP: bitmaxfutures.route_snapshot,
    REALTIME_SNAPSHOT: bitmaxfutures.route_snapshot,
    BBO: bitmaxfutures.route_best,
    TRADES: bitmaxfutures.route_trades,
    BAR: bitmaxfutures.route_bar,
    PRICES: bitmaxfutures.route_prices,
    PRICES_BATCH: bitmaxfutures.route_prices,
    ORDERS: bitmaxfutures.route_order,
    ACCOUNT: bitmaxfutures.route_update,
    "order": bitmaxfutures.route_action,
    "order-status": bitmaxfutures.route_answer,
    "position": bitmaxfutures.route_answer,
    OPEN_ORDERS: bitmaxfutures.route_answer,
    HOLDINGS: bitmaxfutures.route_answer,
    LATEST_TRADES: bitmaxfutures.route_answer,
    "auth": bitmaxfutures.route_answer,
    "connected": bitmaxfutures.route_greeting,
    "disconnected": bitmaxfutures.route_end,
    "error": bitmaxfutures.route_error,
    "ping": bitmaxfutures.route_ping,
    "sub": bitmaxfutures.route_subscribed,
    "unsub": bitmaxfutures.route_subscribed,
}
