# Generated from looking.py by `ccxt-ext twins`. Do not edit.
"""Looks for an order at its venue: by its id, by the caller's own id, or among those that are listed."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any

from ccxt.base.errors import BaseError, OrderNotFound
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.closed.following import follows
from ccxt_ext.venue.requests import turns_sync
from ccxt_ext.venue.settling import docket, likeness
from ccxt_ext.venue.settling.asked import Asked, Wanted
from ccxt_ext.venue.settling.claims import (
    Claim,
    contending,
    ids_of,
    is_forced,
    likeliest_first,
    shares,
    widened,
)
from ccxt_ext.venue.settling.docket import docket_of
from ccxt_ext.venue.settling.likeness import RESOLUTION_MS, Listed, Span, Terms
from ccxt_ext.venue.settling.unsettled import NotYet

# Lists of orders that have ended, and what they lack: the next are asked for as well.
ENDED: Sequence[tuple[str, ...]] = (
    ("fetchCanceledAndClosedOrders",),
    ("fetchOrders",),
    ("fetchClosedOrders", "fetchCanceledOrders"),
    ("fetchClosedOrders",),
)


class SyncSearch:
    """The search for one order, or for what became of a cancel."""

    def __init__(self, exchange: Exchange, asked: Asked) -> None:
        self.exchange = exchange
        self.asked = asked
        given = exchange.options.get("settle") or {}
        # How long after its time a venue takes a request, and how long until it lists a new order.
        self.taken_for = exchange.safe_integer(given, "takenFor", 60_000)
        self.listed_after = exchange.safe_integer(given, "listedAfter", 2_000)
        self.looked_at = 0
        self._lead: tuple[float, float] | None = None

    def elapsed(self) -> float:
        """Milliseconds since the call failed."""
        return self.elapsed_since(self.asked.ticks, self.asked.ended)

    def elapsed_since(self, ticks: float, at: int) -> float:
        passed = (time.monotonic() - ticks) * 1000
        if follows(self.exchange):  # the sandbox's time can be moved
            passed = max(passed, self.exchange.milliseconds() - at)
        return passed

    def soonest(self) -> float:
        """How long after its failure a request can still be carried out at least, in milliseconds."""
        return float(self.taken_for + self.listed_after)

    def lead(self) -> tuple[float, float]:
        """How far this clock is ahead of the venue's, at least and at most, in milliseconds."""
        if self._lead is None:
            self._lead = self.measured()
        return self._lead

    def measured(self) -> tuple[float, float]:
        exchange = self.exchange
        if exchange.has.get("fetchTime"):
            before, told = turns_sync.with_departure_time(exchange, exchange.fetch_time)
            after = exchange.milliseconds()
            return float(before - told), float(after - told)
        told = told_by_header(exchange)
        if told is None:
            widest = float(self.taken_for or 60_000)
            return -widest, widest
        return float(self.looked_at - told - 1_000), float(exchange.milliseconds() - told)

    def due(self) -> float:
        """How long after its failure a request cannot be carried out any more, in milliseconds."""
        # A request whose time is ahead of the venue's is taken for that much longer.
        ahead = max((self.lead())[1] - self.set_back(), 0.0) if self.taken_for else 0.0
        return float(self.taken_for + ahead + self.listed_after)

    def span(self, began: int, ended: int) -> Span:
        """When the order of a call from then to then may have come to be."""
        low, high = self.lead()
        # Some venues give an order the time that it was sent with, and not all their clocks agree.
        by = low, high, float(self.set_back()), 0.0
        last = ended + self.taken_for if self.taken_for else max(ended, self.looked_at)
        return Span(began - max(by) - RESOLUTION_MS, last - min(by) + RESOLUTION_MS)

    def set_back(self) -> int:
        """How much the times of requests are set back, against this clock."""
        return int(self.exchange.options.get("timeDifference") or 0)

    def order_of_id(self, id: str, symbol: str | None, params: Any = {}) -> Any:
        """The order, or None if the venue has none with this id."""
        self.looked_at = self.exchange.milliseconds()
        if not self.exchange.has.get("fetchOrder"):
            listed = self.exchange.fetch_open_orders(symbol)
            return next((order for order in listed if order["id"] == id), None)
        try:
            return self.exchange.fetch_order(id, symbol, params)
        except OrderNotFound:
            return None

    def like(self, wanted: Wanted, client_id: str | None = None) -> Any:
        """The order that is taken for the one that was asked for; None if there is none yet."""
        kept = docket_of(self.exchange)
        claims, listed = self.contended(wanted, client_id)
        found = listed[wanted.token]
        if not found:
            return None
        own = [order for order in found if kept.holder(order["id"]) == wanted.token]
        if own or (client_id is not None and found[0].get("clientOrderId") == client_id):
            return self.as_it_is((own or found)[0])
        if any(claim.state == docket.UNDER_WAY for claim in claims):
            raise NotYet("an order like it is just being placed", 100.0)
        id = self.shared_out(claims, listed)
        if id is None:
            return None
        if not kept.is_told(id, wanted.token):
            raise NotYet("an order like it was taken for another one", 1.0)
        return self.as_it_is(next(order for order in found if order["id"] == id))

    def shared_out(self, claims: Sequence[Claim], listed: Mapping[str, Sequence[Any]]) -> str | None:
        """The id of the order that the first of these calls gets, as all of them need one."""
        edges = {token: ids_of(orders) for token, orders in listed.items()}
        own = claims[0]
        shared = shares(claims, edges)
        if len(shared) < len({id for ids in edges.values() for id in ids}):
            ids = ", ".join(edges[own.token])
            raise NotYet(
                f"there are more orders like it ({ids}) than this process has sent, and {self.exchange.id}"
                " does not tell whose they are",
                candidates=listed[own.token],
            )
        if len(shared) == len(claims):
            return shared[own.token]
        if all(claim.terms == own.terms for claim in claims):
            # Whoever asks first gets one, as none of them can be told from another.
            return edges[own.token][0]
        left = max(claim.left_ms for claim in claims)
        if left > 0 and not (own.token in shared and is_forced(own.token, edges, shared)):
            raise NotYet("it and other orders may be the same ones, and more may be under way", left)
        return shared.get(own.token)

    def candidates(self, wanted: Wanted) -> Sequence[Any]:
        """The orders that can be the one that was asked for, as the venue lists them."""
        return (self.contended(wanted))[1][wanted.token]

    def contended(
        self, wanted: Wanted, client_id: str | None = None
    ) -> tuple[list[Claim], dict[str, Sequence[Any]]]:
        """This call and those that contend with it for orders; and by their tokens, the orders that each may
        have placed, as the venue lists them."""
        self.exchange.load_markets()
        told = self.listed(wanted)
        kept, found = docket_of(self.exchange), {}
        claims = self.claims(wanted)  # anew: what was answered meanwhile is known now
        for claim in claims:
            orders = [
                order
                for order in told.fitting(self.exchange, claim.terms)
                if claim.span.holds(order["timestamp"])
                and kept.may_be(order["id"], claim.token, claim.number)
            ]
            if client_id is not None:
                named = [order for order in orders if order.get("clientOrderId") == client_id]
                nameless = [order for order in orders if order.get("clientOrderId") is None]
                orders = named if named and claim is claims[0] else nameless
            found[claim.token] = likeliest_first(claim, orders)
        among = contending(wanted.token, {token: ids_of(orders) for token, orders in found.items()})
        return [claim for claim in claims if claim.token in among], {token: found[token] for token in among}

    def as_it_is(self, listed: Any) -> Any:
        """A listed order, with what a look-up tells of it; as it is listed, if that fails."""
        if not self.exchange.has.get("fetchOrder"):
            return listed
        try:
            return self.order_of_id(listed["id"], listed["symbol"]) or listed
        except BaseError:
            return listed

    def claims(self, wanted: Wanted) -> list[Claim]:
        """This call's, and those of other calls of its key whose orders may have come to be in its span."""
        asked, terms = self.asked, likeness.terms_of(self.exchange, wanted)
        span, due = self.span(asked.began, asked.ended), self.due()
        own = Claim(wanted.token, asked.number, asked.began, asked.ended, terms, span, docket.UNKNOWN)
        claims = [replace(own, left_ms=due - self.elapsed())]
        for entry in docket_of(self.exchange).entries(wanted.symbol):
            if entry["token"] == wanted.token or not self.is_rival(entry, span):
                continue
            ended = self.exchange.milliseconds() if entry["ended"] is None else entry["ended"]
            told = self.terms_of_entry(wanted, entry)
            if told != terms and not terms.type == told.type == "limit":
                continue  # what may be an order's without its amount or price is not shared out
            left = 0.0 if entry["ended"] is None else due - self.elapsed_since(entry["ticks"], ended)
            claims.append(
                Claim(
                    *(entry["token"], entry["number"], entry["began"], ended),
                    told,
                    self.span(entry["began"], ended),
                    entry["state"],
                    left,
                )
            )
        return [
            widened(claim, claims) for claim in claims if claim.state in (docket.UNDER_WAY, docket.UNKNOWN)
        ]

    def rivals(self, wanted: Wanted) -> list[docket.Entry]:
        """Other calls of this key that asked for an order like it, when either may have come to be."""
        span = self.span(self.asked.began, self.asked.ended)
        terms = likeness.terms_of(self.exchange, wanted)
        return [
            entry
            for entry in docket_of(self.exchange).entries(wanted.symbol)
            if entry["token"] != wanted.token
            and entry["state"] != docket.UNDER_WAY
            and self.is_rival(entry, span)
            and self.terms_of_entry(wanted, entry) == terms
        ]

    def is_rival(self, entry: docket.Entry, span: Span) -> bool:
        """Whether what another call asked for may have come to be in the same span."""
        ended = self.exchange.milliseconds() if entry["ended"] is None else entry["ended"]
        return bool(span.first <= ended + self.taken_for and entry["began"] <= span.last)

    def terms_of_entry(self, wanted: Wanted, entry: docket.Entry) -> Terms:
        type, side, amount, price, params = entry["terms"]
        return likeness.terms_of(self.exchange, Wanted(wanted.symbol, type, side, amount, price, params))

    def listed(self, wanted: Wanted) -> Listed:
        """Orders in its market. First those that are open: one that ends meanwhile is in the later list."""
        exchange, symbol = self.exchange, wanted.symbol
        if not exchange.has.get("fetchOpenOrders"):
            raise NotYet(f"{exchange.id} lists no orders")
        self.looked_at = exchange.milliseconds()
        rows = list(exchange.fetch_open_orders(symbol))
        first = min(claim.span.first for claim in self.claims(wanted))
        type = exchange.market(symbol)["type"]
        names = next((names for names in ENDED if all(exchange.has_on(name, type) for name in names)), ())
        fills: list[Any] = []
        for name in names:
            rows += self.since(name, symbol, first)
        if not names:
            if not exchange.has_on("fetchMyTrades", type):
                raise NotYet(f"{exchange.id} lists neither orders that have ended nor trades")
            fills = self.since("fetchMyTrades", symbol, first)
        # The later answer is right.
        return Listed({order["id"]: order for order in rows}, fills)

    def since(self, name: str, symbol: str, first: float) -> list[Any]:
        """All of a list from a time on."""
        method = getattr(self.exchange, self.exchange.un_camel_case(name))
        found: list[Any] = method(symbol, max(int(first), 0))
        return found

    def is_open(self, id: str, symbol: str | None, params: Any) -> bool:
        listed = self.exchange.fetch_open_orders(symbol, None, None, params)
        return any(order["id"] == id for order in listed)


def told_by_header(exchange: Exchange) -> int | None:
    """The venue's time, in whole seconds, as the latest answer told it beside its body."""
    headers = exchange.last_response_headers or {}
    text = next((str(value) for name, value in headers.items() if name.lower() == "date"), "")
    try:
        return int(parsedate_to_datetime(text).timestamp() * 1000)
    except (TypeError, ValueError):
        return None
