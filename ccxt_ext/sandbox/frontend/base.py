"""What every venue's frontend derives from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

from ccxt_ext.sandbox.engine import Engine, MarketSpec, Order
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


class BaseFrontend(Generic[L]):
    """A venue's protocol on top of the engine; `L` is the venue's own class for a market.

    A subclass gives `id`, `ROUTES`, `OPTIONS`, what it has of streams, and the methods that raise
    NotImplementedError here. Its constructor takes the same arguments, makes `engine` and `listings`, and
    opens the accounts "config" and "counterparty".
    """

    id: ClassVar[str]
    """The ccxt id of the venue."""
    ROUTES: ClassVar[Sequence[Route]]
    """The endpoints that the venue documents."""
    OPTIONS: ClassVar[OptionTable] = {}
    """What can be set for the venue."""
    has_streams: ClassVar[bool] = False
    numbers_frames: ClassVar[bool] = False
    """Whether a client can tell that a frame is missing."""

    engine: Engine
    listings: dict[str, L]
    """By the market's name."""
    socket_io: SocketIoEndpoint | None = None
    """For a venue whose streams speak Socket.IO."""

    def __init__(self, clock: VenueClock, seed: int, limits: Limits, options: Mapping[str, Any]) -> None:
        self.clock = clock
        self.seed = seed
        self.limits = limits
        self._options = check(self.id, self.OPTIONS, options)
        self.routes = Routes(self.route_table())

    # what a venue is made with

    def option(self, name: str, default: Any = None) -> Any:
        """What was set for the venue, by its full name; `default` is what its documents say."""
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

    def with_options(self, config: dict[str, Any]) -> dict[str, Any]:
        """A client's config, with the options that have to be the same on both sides."""
        shared = for_client(self.OPTIONS, self._options)
        return {**config, "options": merged(config.get("options", {}), shared)} if shared else config

    # requests

    def handle(self, request: Request) -> Response:
        """What a request is answered with, refusals included."""
        try:
            return self.answer(request)
        except Refusal as refusal:
            return self.refused(refusal)

    def answer(self, request: Request) -> Response:
        """What a request is answered with; what the venue refuses raises Refusal."""
        raise NotImplementedError

    def refused(self, refusal: Refusal) -> Response:
        """A refusal as the venue words it."""
        return self.error(refusal.status, refusal.message)

    def error(self, status: int, message: str) -> Response:
        """An error in the venue's own shape."""
        return json_response({"message": message}, status)

    def refuse(self, request: Request, status: int | None, message: str, code: str | int | None) -> Response:
        """The response to a request that a fault refuses; `code` is for venues that have some."""
        return self.error(status or 400, message)

    def maintenance(self) -> Response:
        """What the venue answers while it is down."""
        return self.error(503, "System maintenance")

    def order_name(self, order: Order) -> str:
        """An order's id as the venue has it."""
        return str(order.id)

    # streams

    @cached_property
    def feed(self) -> Feed:
        """The engine's news, for streams."""
        return Feed(self.engine)

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        """A stream, not yet opened, for a client that asks for a WebSocket, or a refusal."""
        return self.error(404, "Not found")

    # markets that are listed while clients run

    def list_market(self, like: str, market: str, pair: str | None = None) -> None:
        """List a market that is like another one but for its name. ValueError says why it cannot be.

        `pair` gives its currencies, where its name does not."""
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

    def listed(self, market: str, like: str) -> None:
        """Called when a market has been listed, for what else there is to do."""

    def check_pair(
        self, market: str, pair: str | None, separator: str, among: Mapping[str, Listing] | None = None
    ) -> None:
        """For venues whose markets are named by their currencies: ValueError, if `market` is no such name."""
        if pair is not None:
            raise ValueError(f"'pair' is for markets whose names do not tell it, not for {market}")
        pair_of(market, separator, quotes_of(self.listings if among is None else among))
