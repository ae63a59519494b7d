"""What became of an order whose answer was lost, or that was sent by a process that was killed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from ccxt.base.errors import (
    BadResponse,
    BaseError,
    DDoSProtection,
    InvalidNonce,
    NetworkError,
    NotSupported,
    RateLimitExceeded,
)

from ccxt_ext.integrations.hummingbot.pairs import number
from ccxt_ext.venue.answers.error_copies import copy_error
from ccxt_ext.venue.orders.outcomes import is_unknown
from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venue.settling.asked import Asked, Wanted
from ccxt_ext.venue.settling.docket import docket_of
from ccxt_ext.venue.settling.settling import settle
from ccxt_ext.venue.settling.unsettled import Unsettled

LEAVES_MS = 60_000
"""How long after it was noted an order may have been sent, by a process that was killed."""

CERTAIN_MS = 70_000
"""After so long an order that is not listed was never placed: exchanges of ccxt's take no older request."""

EARLIER_MS = 5_000
"""How much a venue's clock may be behind."""

LISTS = ("fetchOpenOrders", "fetchClosedOrders", "fetchCanceledOrders", "fetchOrders")

NOT_CARRIED_OUT = (InvalidNonce, RateLimitExceeded, DDoSProtection)


class NotYetKnown(Exception):
    """It is not known yet whether there is such an order. It is looked for again."""


def may_be_placed(api: Any, error: BaseException) -> bool:
    """Whether the order may be on the venue all the same."""
    if is_unknown(error):
        return True
    if isinstance(api, AsyncRestClient):
        return not isinstance(error, BaseError)  # it was cut off by something else
    if isinstance(error, NOT_CARRIED_OUT):
        return False
    return isinstance(error, (NetworkError, BadResponse)) or not isinstance(error, BaseError)


class Lookup:
    """The search for one order."""

    def __init__(
        self, wanted: Wanted, client_id: str, at_ms: int, error: Any = None, honours_ids: bool = False
    ) -> None:
        self.wanted = wanted
        self.client_id = client_id
        self.at_ms = at_ms
        self.error: Any = None
        """What `settle()` takes, without the frames that it was raised through, and all that is in them."""
        if is_unknown(error) and hasattr(error, "asked"):
            self.error = copy_error(error)
        self.ended = time.monotonic() if error is not None else None
        self.honours_ids = honours_ids

    def is_late(self, api: Any) -> bool:
        """Whether so much time has passed since another process sent it that nobody reckons with it now."""
        return self.ended is None and bool(api.milliseconds() - self.at_ms > LEAVES_MS)

    def note(self, api: Any, known: Iterable[str]) -> None:
        """Another process has sent it: let the searches for others reckon with it."""
        if isinstance(api, AsyncRestClient) and self.error is None:
            self.error = self._made_error(api, known)

    async def order(self, api: Any, known: Iterable[str]) -> Any:
        """The order; None if it is certain that it was never placed. Raises NotYetKnown before that."""
        if isinstance(api, AsyncRestClient):
            return await self._settled(api, known)
        found = await self._by_client_id(api)
        if found is None:
            found = await self._listed(api, set(known))
        if found is None and not self._is_over(api):
            raise NotYetKnown(f"{api.id} does not list the order {self.client_id}, and it may be under way")
        return found

    async def _settled(self, api: Any, known: Iterable[str]) -> Any:
        self.note(api, known)
        try:
            return await settle(api, self.error, timeout_ms=0)
        except Unsettled as still:
            self.error = copy_error(still)
            raise NotYetKnown(str(still)) from still

    def _made_error(self, api: Any, known: Iterable[str]) -> Any:
        """An error that `settle()` takes, in a process that did not send the order."""
        kept = docket_of(api)
        for id in known:
            kept.is_told(id, "hummingbot's")
        now = api.milliseconds()
        ended = min(now, self.at_ms + LEAVES_MS)
        error = Unsettled(f"whether the order {self.client_id} was placed is not known")
        ticks = time.monotonic() - (now - ended) / 1000
        error.asked = Asked("createOrder", (self.wanted,), began=self.at_ms, ended=ended, ticks=ticks)
        kept.was_lost(self.wanted, now, self.at_ms, ended, ticks)
        # A late market order would be bought or sold at another price.
        if self.honours_ids and not (self.wanted.type == "market" and self.is_late(api)):
            error.client_order_ids, error.idempotent = (self.client_id,), True  # it may be sent again
        return error

    async def _by_client_id(self, api: Any) -> Any:
        if not api.has.get("fetchOrder"):
            return None
        try:
            found = await api.fetch_order(None, self.wanted.symbol, {"clientOrderId": self.client_id})
        except NetworkError:
            raise
        except (BaseError, TypeError, KeyError):
            return None  # there is none, or this exchange looks none up by this id: the lists tell
        return found if found and found.get("clientOrderId") == self.client_id else None

    async def _listed(self, api: Any, known: set[str]) -> Any:
        sent = "clientOrderId" in self.wanted.params  # otherwise those that are told are not ours
        told_ids = False
        alike = []
        for name in LISTS:
            if not api.has.get(name):
                continue
            try:
                rows = await getattr(api, api.un_camel_case(name))(self.wanted.symbol, *self._since(name))
            except NotSupported:
                continue
            for row in rows:
                if row.get("clientOrderId") == self.client_id:
                    return row
                named = sent and bool(row.get("clientOrderId"))
                told_ids = told_ids or named
                if row["id"] not in known and not named and self._is_like(row):
                    alike.append(row)
        return None if told_ids or not alike else min(alike, key=lambda row: row.get("timestamp") or 0)

    def _since(self, name: str) -> list[int]:
        return [] if name == "fetchOpenOrders" else [self.at_ms - EARLIER_MS]

    def _is_like(self, row: Mapping[str, Any]) -> bool:
        wanted, at = self.wanted, row.get("timestamp")
        return (
            row.get("side") == wanted.side
            and row.get("type") in (None, wanted.type)
            and number(row.get("amount")) in (None, number(wanted.amount))
            and (wanted.type != "limit" or number(row.get("price")) in (None, number(wanted.price)))
            and (at is None or at >= self.at_ms - EARLIER_MS)
        )

    def _is_over(self, api: Any) -> bool:
        passed = api.milliseconds() - self.at_ms
        if self.ended is not None:
            passed = max(passed, 0) and (time.monotonic() - self.ended) * 1000
        return bool(passed >= CERTAIN_MS)
