"""What BitMax streams: which topics there are, how a client signs on, and who takes which frame."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
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
from ccxt_ext.venue.streams.addresses import Topic
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.feed import Feed, Route
from ccxt_ext.venue.streams.methods import WATCH_METHODS
from ccxt_ext.venue.streams.polls import PlacedOrders
from ccxt_ext.venue.streams.subjects import Subject, subject_of
from ccxt_ext.venues.bitmaxfutures import errors, rest, rest_accounts, signing
from ccxt_ext.venues.bitmaxfutures.streams.account_news import AccountNews
from ccxt_ext.venues.bitmaxfutures.streams.books import BookFollower, is_book
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
from ccxt_ext.venues.bitmaxfutures.streams.holdings import Holdings
from ccxt_ext.venues.bitmaxfutures.streams.markets import Markets
from ccxt_ext.venues.bitmaxfutures.streams.orders import Orders
from ccxt_ext.venues.bitmaxfutures.streams.requests import Requests, counted_as
from ccxt_ext.venues.bitmaxfutures.streams.snapshots import Snapshots
from ccxt_ext.venues.bitmaxfutures.streams.socket_orders import SocketOrders

OF_ACCOUNT = {"orders": ORDERS, "myTrades": ORDERS, "balance": ACCOUNT, "positions": ACCOUNT}
OF_PRICES = ("markPrice", "fundingRate")
GREETING = subject_of("greeting")

# Why a connection may be ended, and a new one would be as well. Any other reason is a NetworkError.
FINAL = (AuthenticationError, PermissionDenied, RateLimitExceeded)


class BitmaxFeed(Feed):
    exchange: rest.bitmaxfutures
    native = WATCH_METHODS

    def __init__(self, exchange: rest.bitmaxfutures) -> None:
        super().__init__(exchange)
        self.requests = Requests(self)
        self.socket_orders = SocketOrders(self.requests)
        self.snapshots = Snapshots(self.requests)
        self.placed = PlacedOrders()
        self.begin()

    def begin(self) -> None:
        """Nothing is known of anything yet."""
        self.account_news = AccountNews()
        self.books = BookFollower(self, self.requests)
        self.markets = Markets(self.exchange)
        self.orders = Orders(self, self.requests, self.socket_orders, self.account_news, self.placed)
        self.holdings = Holdings(self.exchange, self.snapshots, self.account_news)
        self.routes = self.routes_of_frames()

    def routes_of_frames(self) -> dict[str, Callable[[Connection, dict[str, Any]], Route | None]]:
        """Who takes a frame, by its name."""
        answer = self.requests.route_answer
        return {
            DEPTH: self.books.route_change,
            REALTIME: self.books.route_change,
            SNAPSHOT: self.books.route_snapshot,
            TOP: self.books.route_snapshot,
            REALTIME_SNAPSHOT: self.books.route_snapshot,
            BBO: self.markets.route_best,
            TRADES: self.markets.route_trades,
            BAR: self.markets.route_bar,
            PRICES: self.markets.route_prices,
            PRICES_BATCH: self.markets.route_prices,
            ORDERS: self.orders.route_order,
            ACCOUNT: self.holdings.route_update,
            "order": self.orders.route_action,
            **dict.fromkeys(("order-status", "position", "auth"), answer),
            **dict.fromkeys((OPEN_ORDERS, HOLDINGS, LATEST_TRADES), answer),
            "connected": self.route_greeting,
            "disconnected": self.route_end,
            "error": self.route_error,
            "ping": self.route_ping,
            "sub": self.route_subscribed,
            "unsub": self.route_subscribed,
        }

    @asynccontextmanager
    async def closing(self) -> AsyncIterator[None]:
        async with super().closing():
            yield
        self.begin()

    def note(self, order: Any) -> None:
        self.orders.note(order)

    # -- topics -------------------------------------------------------------------------------------

    def topic(self, subject: Subject, params: Any) -> tuple[str, Topic]:
        kind, requests = subject.kind, self.requests
        if kind in OF_ACCOUNT:
            return requests.private_url(), Topic(OF_ACCOUNT[kind])
        if kind in OF_PRICES:
            return requests.public_url(), Topic(PRICES)
        id = self.exchange.market(subject.symbol)["id"]
        if kind == "orderbook":
            channel = self.book_channel(params)
            url = requests.private_url() if channel == REALTIME else requests.public_url()
            return url, Topic(f"{channel}:{id}")
        if kind == "ohlcv":
            return requests.public_url(), Topic(f"{BAR}:{self.exchange.timeframes[subject.detail]}:{id}")
        return requests.public_url(), Topic(f"{TRADES if kind == 'trades' else BBO}:{id}")

    def book_channel(self, params: Any) -> str:
        exchange = self.exchange
        # It is asked for at each watch.
        usual = None if params else exchange.options["watchOrderBook"].get("channel")
        return str(usual or exchange.handle_option_and_params(params, "watchOrderBook", "channel", DEPTH)[0])

    async def know_account(self, kind: str, params: Any) -> None:
        """Ask for the account's group if need be, as it is a part of the address."""
        if kind in OF_ACCOUNT or (kind == "orderbook" and self.book_channel(params) == REALTIME):
            self.exchange.check_required_credentials()
            await rest_accounts.load_account(self.exchange)

    async def streamed(self, subjects: Sequence[Subject], params: Any) -> list[Any]:
        kind = subjects[0].kind
        await self.know_account(kind, params)
        untold = self.account_news.take(subjects)
        if untold:
            return untold
        if kind == "ticker" and self.exchange.options["watchTicker"]["rest"]:
            await self.markets.know_day([str(subject.symbol) for subject in subjects])
        if OF_ACCOUNT.get(kind) == ACCOUNT:
            self.welcome(self.connection(self.requests.private_url()), subjects)
        news = await super().streamed(subjects, params)
        # Only now, as who waited may have been cancelled when they came.
        self.account_news.drop(subjects)
        return news

    def welcome(self, connection: Connection, subjects: Sequence[Subject]) -> None:
        """Tell what is known already to those who join others."""
        users = connection.address.users_of(ACCOUNT)
        fresh = [subject for subject in subjects if subject not in users]
        if users and fresh:
            connection.spawn(self.holdings.tell_newcomers(connection, fresh))

    async def leave(self, subjects: Sequence[Subject], params: Any) -> None:
        await self.know_account(subjects[0].kind, params)
        await super().leave(subjects, params)

    async def unfollow(self, url: str, topics: Sequence[Topic], subjects: Sequence[Subject]) -> None:
        await super().unfollow(url, topics, subjects)
        followed = self.address(url).followed
        left = [topic.key for topic in topics if topic.key not in followed]
        for key in left:
            self.books.drop(key)
        self.account_news.drop(subjects)
        for subject in subjects:
            if subject.kind == "ticker":
                self.markets.daily.pop(str(subject.symbol), None)
        if ORDERS in left:
            self.orders.begin()
        if ACCOUNT in left:
            self.holdings.begin()

    # -- messages -----------------------------------------------------------------------------------

    def subscribing(self, topics: Sequence[Topic]) -> Iterable[Any]:
        return self.messages("sub", topics)

    def unsubscribing(self, topics: Sequence[Topic]) -> Iterable[Any]:
        return self.messages("unsub", topics)

    def messages(self, op: str, topics: Sequence[Topic]) -> list[dict[str, Any]]:
        channels = joined(topic.key for topic in topics)
        return [{"op": op, "id": self.requests.new_id(), "ch": channel} for channel in channels]

    def counted_as(self, message: Mapping[str, Any]) -> str:
        return counted_as(message)

    async def subscribe(self, connection: Connection, topics: Sequence[Topic]) -> None:
        books = [topic for topic in topics if is_book(topic)]
        keys = [topic.key for topic in topics]
        self.books.open(books)
        for message in self.subscribing(topics):
            for key in parted(message["ch"]):
                connection.subscriptions[key] = message["id"]
            await self.tell(connection, message)
        for topic in books:
            connection.spawn(self.books.bring_snapshot(connection, topic))
        if any(key.startswith(f"{BBO}:") for key in keys):
            self.markets.keep_day(connection)
        self.look_again(connection, keys)

    def look_again(self, connection: Connection, keys: Sequence[str]) -> None:
        """Ask for what was missed of the account."""
        if ORDERS in keys:
            self.orders.look_again(connection)
        if ACCOUNT in keys:
            connection.spawn(self.holdings.catch_up(connection))

    async def ping(self, connection: Connection) -> None:
        await self.tell(connection, {"op": "ping"})

    # -- signing on ---------------------------------------------------------------------------------

    def headers(self, url: str) -> dict[str, str] | None:
        headers = super().headers(url)
        if self.exchange.options["wsAuthMethod"] != "headers" or url == self.requests.public_url():
            return headers
        return {**(headers or {}), **signing.signed_headers(self.exchange, PATH, {})}

    async def prepare(self, connection: Connection) -> None:
        exchange = self.exchange
        if connection.url == self.requests.public_url():
            return
        exchange.check_required_credentials()
        if exchange.options["wsAuthMethod"] == "headers":
            await self.see_greeting(connection)
            return
        try:
            await self.sign_on(connection)
        except InvalidNonce:
            if not exchange.options["adjustForTimeDifference"]:
                raise
            await exchange.load_time_difference()
            await self.sign_on(connection)

    async def see_greeting(self, connection: Connection) -> None:
        future = connection.future(GREETING)
        await asyncio.wait([future], timeout=self.exchange.timeout / 1000)
        if future.done() and future.result() == "unauth":
            raise AuthenticationError(f"{self.exchange.id} did not accept the keys in the handshake")

    async def sign_on(self, connection: Connection) -> None:
        message = {"op": "auth", "id": self.requests.new_id(connection)}
        self.requests.check(await self.requests.answer(connection, message, stamp=self.signed_now))

    def signed_now(self) -> dict[str, Any]:
        signed = signing.signed_headers(self.exchange, PATH, {})
        return {
            "t": int(signed["x-auth-timestamp"]),
            "key": signed["x-auth-key"],
            "sig": signed["x-auth-signature"],
        }

    # -- frames -------------------------------------------------------------------------------------

    def route(self, connection: Connection, frame: Any) -> Route | None:
        exchange = self.exchange
        if isinstance(frame, list):
            for message in frame:
                if isinstance(message, dict):
                    self.handle(connection, message)
            for message in frame:
                reading.record(exchange, message)
            return None
        message = reading.record(exchange, frame)
        name = message["m"] if "m" in message else message.get("op")  # older pages have `op`
        if not isinstance(name, str):
            raise BadResponse(f"{exchange.id} sent what is no message: {reading.excerpt(exchange, frame)}")
        route = self.routes.get(name)
        return None if route is None else route(connection, message)

    def route_greeting(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        connection.resolve(frame.get("type"), GREETING)
        return None

    def route_ping(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        connection.spawn(self.tell(connection, {"op": "pong"}))
        return None

    def route_end(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        """A farewell. The end of the connection follows."""
        told = refusal(frame) or {}
        try:
            errors.raise_error(self.exchange, 200, "", "GET", told)
        except BaseError as error:
            connection.fail(error if isinstance(error, FINAL) else NetworkError(str(error)))
        return None

    def route_error(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        id = str(frame.get("id"))
        route = self.requests.route_answer(connection, frame)
        if route is not None:
            return route
        keys = [key for key, asked in connection.subscriptions.items() if asked == id]
        if keys:
            return self.refused_topics(connection, frame, keys)
        if not self.requests.was_ours(id):
            self.requests.check(frame)  # nobody knows whose: all are told
        return None  # too late: nobody waits for it any more

    def route_subscribed(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        if refusal(frame) is None or frame.get("m") == "unsub":
            return None
        return self.refused_topics(
            connection, frame, parted(reading.required_text(self.exchange, frame, "ch"))
        )

    def refused_topics(
        self, connection: Connection, frame: dict[str, Any], keys: Sequence[str]
    ) -> Route | None:
        followed = connection.address.followed
        keys = [key for key in keys if key in followed]
        if len(keys) > 1:
            # One of them spoils the others: each is asked for by itself.
            for key in keys:
                (message,) = self.subscribing([followed[key].topic])
                connection.subscriptions[key] = message["id"]
                connection.spawn(self.tell(connection, message))
            return None
        subjects = [subject for key in keys for subject in followed[key].users]
        for key in keys:
            del followed[key]  # so that the next who asks for it subscribes again
            connection.subscriptions.pop(key, None)
            self.books.drop(key)
        return subjects, lambda connection, frame: self.requests.check(frame)

    # -- beginning anew -----------------------------------------------------------------------------

    def forget(self, connection: Connection, topics: Sequence[Topic]) -> None:
        for topic in topics:
            self.books.drop(topic.key)
            if topic.key == ACCOUNT:
                self.holdings.held.restart()
                self.account_news.drop([subject_of("balance")])

    async def restart(self, connection: Connection, topics: Sequence[Topic]) -> None:
        self.look_again(connection, [topic.key for topic in topics])
        books = [topic for topic in topics if is_book(topic)]
        if books:
            connection.spawn(self.books.restart(connection, books))
        # Of the account, what was missed is asked for.
        others = [topic for topic in topics if topic.key not in (ORDERS, ACCOUNT) and topic not in books]
        if others:
            await super().restart(connection, others)
