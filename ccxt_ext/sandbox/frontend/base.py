"""The base class of all venues' frontends."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

from ccxt_ext._version import accept
from ccxt_ext.sandbox.engine import Engine, Listed, MarketSpec, Order
from ccxt_ext.sandbox.frontend.clock import VenueClock
from ccxt_ext.sandbox.frontend.feed import Feed
from ccxt_ext.sandbox.frontend.limits import RELAXED_FACTOR, Limits
from ccxt_ext.sandbox.frontend.listings import Listing, pair_of, quotes_of
from ccxt_ext.sandbox.frontend.messages import Refusal, Request, Response, json_response
from ccxt_ext.sandbox.frontend.options import OptionTable, check, for_client, merged
from ccxt_ext.sandbox.frontend.routes import Route, Routes
from ccxt_ext.sandbox.frontend.socket_io import SocketIoEndpoint
from ccxt_ext.sandbox.frontend.stream import Stream, Wire

L = TypeVar("L", bound=Listing)

CHANGEABLE = (
    "tick",
    "step",
    "min_amount",
    "max_amount",
    "min_cost",
    "maker_fee",
    "taker_fee",
    "funding_rate",
    "active",
)
"""The rules of a market that can be changed, as its spec has them."""

Money = Mapping[str, Decimal]
"""Amounts by currency."""
_NUMBER_AT_END = re.compile(r"[0-9]{1,18}\Z")
ACCOUNT = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")
"""What an account may be called."""


class BaseFrontend(Generic[L]):
    """A venue's protocol on top of the engine; `L` is the venue's own class for a market.

    A subclass sets `id`, `ROUTES`, `OPTIONS` and whether it has streams, and implements the methods that
    raise NotImplementedError here. Its constructor takes the same arguments, makes `engine` and `listings`,
    and opens the accounts "config" and "counterparty", which every sandbox has.
    """

    id: str
    """The ccxt id of the venue."""
    ROUTES: ClassVar[Sequence[Route]]
    """The endpoints that the venue documents."""
    OPTIONS: ClassVar[OptionTable] = {}
    """What can be set for the venue."""
    LOOKS_AT_ALL: ClassVar[Collection[str]] = ()
    """Paths that look at all markets if there is no query. Histories are made before, in another thread."""
    has_streams: ClassVar[bool] = False
    """Whether `stream()` gives any."""
    numbers_frames: ClassVar[bool] = False
    """Whether a client can tell that a frame is missing."""

    engine: Engine
    """The venue's markets, accounts and orders."""
    listings: dict[str, L]
    """By the market's name."""
    socket_io: SocketIoEndpoint | None = None
    """For a venue whose streams speak Socket.IO."""

    def __init_subclass__(cls, contract: int | None = None, **kwargs: Any) -> None:
        """`contract` is the version of the contract that the class was built for."""
        super().__init_subclass__(**kwargs)
        accept(cls, contract)

    def __init__(self, clock: VenueClock, seed: int, limits: Limits, options: Mapping[str, Any]) -> None:
        self.clock = clock
        """The time that the venue goes by."""
        self.seed = seed
        """What the history of the markets is made from."""
        self.limits = limits
        """Whether the venue's rate limits are as documented, or wider."""
        self.accounts = ["config", "counterparty"]
        """The accounts that clients can have, in the order in which they were opened."""
        self._options = check(self.id, self.OPTIONS, options)
        self.routes = Routes(self.route_table())
        """Finds the endpoint of a request."""

    # what a venue is made with

    def option(self, name: str, default: Any = None) -> Any:
        """The value that was set for an option, by its full name, or else `default`."""
        return self._options.get(name, default)

    def route_table(self) -> Sequence[Route]:
        """ROUTES, unless options change them."""
        return self.ROUTES

    @property
    def limit_factor(self) -> int:
        """How many times wider than documented the venue's limits are."""
        return RELAXED_FACTOR if self.limits == "relaxed" else 1

    def config(self, account: str, http_url: str, ws_url: str) -> dict[str, Any]:
        """The constructor argument for a client of this account: keys, addresses, `rateLimit`."""
        raise NotImplementedError

    # accounts

    def open_account(self, account: str, balances: Money, wallets: Mapping[str, Money] | None = None) -> None:
        """Open an account with this money, as `Engine.open_account()` does, and give it keys of its own.

        The keys depend on the account's name alone.
        """
        raise NotImplementedError

    def add_account(self, account: str, funds: Mapping[str, Money]) -> None:
        """Open a further account, with this money in its wallets. Raises ValueError if it cannot be."""
        if not ACCOUNT.fullmatch(account):
            raise ValueError(f"accounts are named like maker-2, not {account!r}")
        if account in self.engine.accounts:
            raise ValueError(f"{self.id} has an account {account} already")
        first, rest = self.engine.wallets[0], dict(funds)
        try:
            self.open_account(account, rest.pop(first, {}), rest)
        except NotImplementedError:
            raise ValueError(f"{self.id} has no further accounts") from None
        self.accounts.append(account)

    def endow(self, account: str, funds: Mapping[str, Money]) -> None:
        """Give an account this money instead of what the constructor gave it."""
        self.engine.endow(account, funds)

    def with_options(self, config: dict[str, Any]) -> dict[str, Any]:
        """A client's config, with the options that have to be the same on both sides."""
        shared = for_client(self.OPTIONS, self._options)
        return {**config, "options": merged(config.get("options", {}), shared)} if shared else config

    # time

    def next_event(self) -> int | None:
        """When the venue does something next that its engine does not do, by the engine's time; or None."""
        return None

    def act(self, now: int) -> None:
        """Do all of that which is due by now. The next event is later than that."""

    # requests

    def is_cancel(self, request: Request) -> bool:
        """Whether a request is to cancel orders: by default, one whose endpoint has `cancel` in its name."""
        found = self.routes.find(request.method, request.path)
        return found is not None and "cancel" in found[0]

    def handle(self, request: Request) -> Response:
        """The response to a request. It may be a refusal."""
        try:
            return self.answer(request)
        except Refusal as refusal:
            return self.refused(refusal)

    def answer(self, request: Request) -> Response:
        """The response to a request. Raises Refusal if the venue refuses it."""
        raise NotImplementedError

    def refused(self, refusal: Refusal) -> Response:
        """The response for a refusal, in the venue's own form."""
        return self.error(refusal.status, refusal.message)

    def error(self, status: int, message: str) -> Response:
        """An error response in the venue's own form."""
        return json_response({"message": message}, status)

    def refuse(self, request: Request, status: int | None, message: str, code: str | int | None) -> Response:
        """The response to a request that a fault refuses. `code` is for venues that have error codes."""
        return self.error(status or 400, message)

    def maintenance(self) -> Response:
        """What the venue answers while it is down."""
        return self.error(503, "System maintenance")

    def order_name(self, order: Order) -> str:
        """An order's id as the venue shows it."""
        return str(order.id)

    def order_named(self, account: str, name: str) -> Order | None:
        """An account's order by the id that the venue shows; None if it has none of this id.

        It is found at once if the id ends in the engine's number. A venue with other ids keeps them by name.
        """
        number = _NUMBER_AT_END.search(name)
        order = self.engine.order(account, int(number[0])) if number else None
        if order is not None and self.order_name(order) == name:
            return order
        if type(self).order_name is BaseFrontend.order_name:
            return None
        orders = self.engine.newest_orders(account)
        return next((order for order in orders if self.order_name(order) == name), None)

    # streams

    @cached_property
    def feed(self) -> Feed:
        """The news of the engine, for streams."""
        return Feed(self.engine)

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        """The stream for a client that asks for a WebSocket, not yet opened; or a refusal."""
        return self.error(404, "Not found")

    # markets that are listed while clients run

    def list_market(self, like: str, market: str, pair: str | None = None) -> None:
        """List a market that differs from another one only in its name. Raises ValueError if it cannot be.

        `pair` names its currencies, if the market's name does not.
        """
        listing = self.listing_like(self.listings[like], market, pair)
        self.engine.list_market(self.spec_of(listing))
        self.listings[market] = listing
        self.listed(market, like)

    def listing_like(self, like: L, market: str, pair: str | None) -> L:
        """A copy of a listing under another name."""
        raise NotImplementedError

    def spec_of(self, listing: L) -> MarketSpec:
        """A listing as the engine has to know it."""
        raise NotImplementedError

    # markets that change while clients run

    def change_market(self, market: str, rules: Mapping[str, Any]) -> None:
        """Let a market go by other rules, those fields of its spec. Raises ValueError if it cannot be.

        What the venue tells of the market follows.
        """
        engine = self.engine.markets[market]
        if not engine.is_listed:
            raise ValueError(f"{market} was delisted")
        wanted = engine.spec.changed(**rules)
        listing = self._changed(market, wanted, delisted=False)
        assert listing is not None
        told = self.spec_of(listing)
        for name, value in rules.items():
            if getattr(told, name) != value:
                raise ValueError(f"{self.id} cannot have the {name} {value} for {market}")
        for name in CHANGEABLE:
            if name not in rules and getattr(told, name) != getattr(engine.spec, name):
                other = getattr(told, name)
                raise ValueError(f"{self.id} cannot have that without the {name} {other} for {market}")
        self.engine.change_market(market, wanted)
        self.listings[market] = listing
        self.relisted(market)

    def delist_market(self, market: str) -> None:
        """End a market for good. Raises ValueError if it has ended."""
        engine = self.engine.markets[market]
        if not engine.is_listed:
            raise ValueError(f"{market} was delisted already")
        listing = self._changed(market, replace(engine.spec, active=False), delisted=True)
        self.engine.delist_market(market, keep=listing is not None)
        if listing is not None:
            self.listings[market] = listing
        elif isinstance(self.listings, Listed):
            self.listings.end(market)
        self.relisted(market)

    def _changed(self, market: str, spec: MarketSpec, delisted: bool) -> L | None:
        try:
            return self.listing_changed(self.listings[market], spec, delisted)
        except NotImplementedError:
            raise ValueError(f"the markets of {self.id} cannot be changed") from None

    def listing_changed(self, listing: L, spec: MarketSpec, delisted: bool) -> L | None:
        """A listing as it is after a change of its spec; the opposite of `spec_of()`.

        `delisted` says that the market has ended. A venue that has no word for that returns None. Then the
        market is no longer listed, though `listings`, if they are `Listed`, still find it by its name.
        """
        raise NotImplementedError

    def relisted(self, market: str) -> None:
        """Called after a listing has changed. A venue that keeps copies of it can renew them here."""

    def listed(self, market: str, like: str) -> None:
        """Called after a market was listed. A venue can do here what else it needs."""

    def check_pair(
        self, market: str, pair: str | None, separator: str, among: Mapping[str, Listing] | None = None
    ) -> None:
        """Raise ValueError unless the market's name consists of two currencies that the venue can list."""
        if pair is not None:
            raise ValueError(f"'pair' is for markets whose names do not tell it, not for {market}")
        pair_of(market, separator, quotes_of(self.listings if among is None else among))
