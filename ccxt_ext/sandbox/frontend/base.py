"""What the frontends share: plain requests and answers, routing, windows that count, a clock that is off.

Nothing here does input or output, so that a frontend can be tried without a server.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Literal
from urllib.parse import parse_qsl, unquote

from ccxt_ext.sandbox.engine import Clock, Engine, MarketSpec, Order
from ccxt_ext.sandbox.frontend.listings import Listing, pair_of, quotes_of
from ccxt_ext.sandbox.frontend.options import Table, check, for_client, merged
from ccxt_ext.sandbox.frontend.streams import Feed, Stream, Wire

Limits = Literal["relaxed", "venue"]
RELAXED_FACTOR = 100


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query_string: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    body: bytes = b""
    remote: str = "127.0.0.1"

    @property
    def query(self) -> dict[str, str]:
        """The first value of each parameter; an empty one counts as missing."""
        found: dict[str, str] = {}
        for name, value in parse_qsl(self.query_string, keep_blank_values=True):
            found.setdefault(name, value)
        return {name: value for name, value in found.items() if value != ""}

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass
class Response:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    done: Callable[[], None] | None = None  # called once the answer has left, or has been dropped
    later: Callable[[], Awaitable[Response]] | None = None  # gives the answer that comes in place of this


def json_response(obj: Any, status: int = 200) -> Response:
    body = json.dumps(obj, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Response(status, body, {"Content-Type": "application/json;charset=UTF-8"})


class Refusal(Exception):
    """The venue says no: a status and its text."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class VenueClock:
    """The engine's clock as one venue reads it, with that venue's skew."""

    def __init__(self, clock: Clock, skew_ms: int = 0) -> None:
        self.clock = clock
        self.skew_ms = skew_ms
        self._jumps: list[int] = []
        clock.on_advance(self._jumps.append)

    def now(self) -> int:
        return self.clock.now() + self.skew_ms

    def is_near(self, timestamp: int, window_ms: int) -> bool:
        """Whether a client's timestamp is this venue's time, give or take the window.

        When the engine's time is moved forward, it is for clients too, but their machine's clock does not
        know: what their clock shows is right as well, be it set by the venue's time before a jump or after.
        """
        expected = self.now()
        if abs(timestamp - expected) <= window_ms:
            return True
        for jump in reversed(self._jumps):
            expected -= jump
            if abs(timestamp - expected) <= window_ms:
                return True
        return False

    def unmoved(self) -> int:
        """What the engine's time would be, had it never been moved forward: only real time goes on here."""
        return self.clock.now() - sum(self._jumps)

    def has_passed(self, deadline: int) -> bool:
        """Whether a client's deadline is over, by the time that its machine's clock may still show."""
        return deadline < self.unmoved() + self.skew_ms


class Window:
    """At most `limit` calls in any `period_ms`, counted for each key apart."""

    MANY_KEYS = 1000

    def __init__(self, limit: int, period_ms: int = 60_000) -> None:
        self.limit = limit
        self.period_ms = period_ms
        self._calls: dict[str, deque[int]] = {}

    def allow(self, key: str, now: int) -> bool:
        if key not in self._calls and len(self._calls) >= self.MANY_KEYS:
            self._forget_before(now - self.period_ms)
        calls = self._calls.setdefault(key, deque())
        while calls and calls[0] <= now - self.period_ms:
            calls.popleft()
        if len(calls) >= self.limit:
            return False
        calls.append(now)
        return True

    def _forget_before(self, time: int) -> None:
        self._calls = {key: calls for key, calls in self._calls.items() if calls and calls[-1] > time}


@dataclass(frozen=True)
class Spent:
    """Where a key stands after a call."""

    allowed: bool
    limit: int
    remaining: int
    ends: int  # when the window is full again


class WeightWindow:
    """At most `limit` of weight from a key's first call until `period_ms` later, then anew."""

    MANY_KEYS = 1000

    def __init__(self, limit: int, period_ms: int = 60_000) -> None:
        self.limit = limit
        self.period_ms = period_ms
        self._spent: dict[str, tuple[int, int]] = {}

    def spend(self, key: str, weight: int, now: int) -> Spent:
        if key not in self._spent and len(self._spent) >= self.MANY_KEYS:
            self._spent = {name: entry for name, entry in self._spent.items() if entry[0] > now}
        ends, spent = self._spent.get(key, (0, 0))
        if ends <= now:
            ends, spent = now + self.period_ms, 0
        allowed = spent + weight <= self.limit
        if allowed:
            spent += weight
        self._spent[key] = ends, spent
        return Spent(allowed, self.limit, self.limit - spent, ends)


class Routes:
    """`('GET', '/v2/symbols/{symbol}/kline', name)` → the name and what the braces held."""

    def __init__(self, table: Sequence[tuple[str, str, str]]) -> None:
        self._fixed: dict[tuple[str, str], str] = {}
        self._patterns: list[tuple[str, re.Pattern[str], str]] = []
        for method, template, name in table:
            if "{" in template:
                pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
                self._patterns.append((method, re.compile(pattern), name))
            else:
                self._fixed[method, template] = name

    def find(self, method: str, path: str) -> tuple[str, dict[str, str]] | None:
        name = self._fixed.get((method, path))
        if name is not None:
            return name, {}
        for route_method, pattern, route_name in self._patterns:
            match = pattern.fullmatch(path) if route_method == method else None
            if match:
                return route_name, {key: unquote(value) for key, value in match.groupdict().items()}
        return None


class BaseFrontend:
    """A venue's protocol: routes of the subclass, and a refusal turned into the venue's error body."""

    id: ClassVar[str]
    ROUTES: ClassVar[Sequence[tuple[str, str, str]]]
    OPTIONS: ClassVar[Table] = {}
    has_streams: ClassVar[bool] = False
    numbers_frames: ClassVar[bool] = False  # whether a client can tell that a frame is missing
    socket_io_path: ClassVar[str | None] = None  # where the server has to speak socket.io for this venue

    engine: Engine
    listings: dict[str, Any]
    """The venue's own view of each market, by the market's name."""

    def __init__(self, clock: VenueClock, seed: int, limits: Limits, options: Mapping[str, Any]) -> None:
        self.clock = clock
        self.seed = seed
        self.limits = limits
        self._options = check(self.id, self.OPTIONS, options)
        self._routes = Routes(self.routes())

    def routes(self) -> Sequence[tuple[str, str, str]]:
        """Where options decide on them."""
        return self.ROUTES

    def option(self, name: str, default: Any = None) -> Any:
        """By its full name; where it was not given, the venue does as its documents say."""
        return self._options.get(name, default)

    def with_options(self, config: dict[str, Any]) -> dict[str, Any]:
        """A client's config, with what it has to know of the options."""
        told = for_client(self.OPTIONS, self._options)
        return {**config, "options": merged(config.get("options", {}), told)} if told else config

    def per_minute(self, documented: int) -> Window:
        return Window(documented * (RELAXED_FACTOR if self.limits == "relaxed" else 1))

    def order_name(self, order: Order) -> str:
        """An order's id as the venue tells it."""
        return str(order.id)

    def handle(self, request: Request) -> Response:
        try:
            return self.answer(request)
        except Refusal as refusal:
            return self.error(refusal.status, refusal.message)

    def answer(self, request: Request) -> Response:
        raise NotImplementedError

    def error(self, status: int, message: str) -> Response:
        """An error in the venue's own shape."""
        return json_response({"message": message}, status)

    def refuse(self, request: Request, status: int | None, message: str, code: str | int | None) -> Response:
        """A request is refused as the venue would refuse it, whatever is wrong with it; `code` is for venues
        that have some."""
        return self.error(status or 400, message)

    def list_market(self, like: str, market: str, pair: str | None = None) -> None:
        """A market more, while clients run; `pair`, where the market's name does not tell it.
        ValueError says why it cannot be."""
        listing = self.listing_like(self.listings[like], market, pair)
        self.engine.list_market(self.spec_of(listing))
        self.listings[market] = listing
        self.listed(market, like)

    def listing_like(self, like: Any, market: str, pair: str | None) -> Listing:
        """The same but for its name."""
        raise NotImplementedError

    def spec_of(self, listing: Any) -> MarketSpec:
        spec: MarketSpec = listing.spec()
        return spec

    def listed(self, market: str, like: str) -> None:
        """What else has to know of a market that is new."""

    def check_pair(
        self, market: str, pair: str | None, separator: str, among: Mapping[str, Listing] | None = None
    ) -> None:
        """Whether there can be such a market, which is named by its currencies."""
        if pair is not None:
            raise ValueError(f"'pair' is for markets whose names do not tell it, not for {market}")
        pair_of(market, separator, quotes_of(self.listings if among is None else among))

    @cached_property
    def feed(self) -> Feed:
        return Feed(self.engine)

    @property
    def report(self) -> Callable[[str], None] | None:
        """Is told of a failure that no request can be answered with; the feed's are among them."""
        return self.feed.report

    @report.setter
    def report(self, report: Callable[[str], None] | None) -> None:
        self.feed.report = report

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        """Who wants a WebSocket gets a stream, not yet opened, or a refusal."""
        return self.error(404, "Not found")

    def maintenance(self) -> Response:
        return self.error(503, "System maintenance")


PLAIN_DECIMAL = re.compile(r"-?\d{1,40}(\.\d{1,40})?")


def plain(number: Decimal, decimals: int = 0) -> str:
    """All digits and no exponent, padded with zeros to at least `decimals` places, never rounded."""
    text = format(number, "f")
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    if not fraction:
        return "0" if whole == "-0" else whole
    return f"{whole}.{fraction}"
