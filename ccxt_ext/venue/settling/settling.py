# twin: settling_sync.py
"""The call that finds out what became of a request of unknown outcome."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from ccxt.base.errors import (
    ArgumentsRequired,
    BaseError,
    InsufficientFunds,
    NotSupported,
    OperationFailed,
    OrderNotFound,
)
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.orders.outcomes import is_unknown
from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venue.settling import docket, likeness
from ccxt_ext.venue.settling.asked import CANCELLING, Asked, Wanted
from ccxt_ext.venue.settling.docket import docket_of
from ccxt_ext.venue.settling.looking import AsyncSearch
from ccxt_ext.venue.settling.unsettled import NotYet, unsettled, why_not

__all__ = ["settle"]

# Between two looks. The last pause is repeated.
PAUSES_MS = (100, 200, 400, 800, 1_600, 3_200, 5_000)

# How often it looks at least, if looking fails.
LEAST_TRIES = 6

GONE = ("closed", "canceled", "expired", "rejected")


async def settle(exchange: Exchange, error: Any, timeout_ms: float | None = None, resend: bool = True) -> Any:
    """What became of a request whose error says that its outcome is unknown.

    Of an order: the order, or None if it is certain that it was never placed. Of `createOrders`: a list of
    those. Of a cancel: the order as it is now, or a list. An error that is a refusal is raised as it is.

    It looks until it knows, at most as long as the venue may still take the request, or for `timeout_ms`, and
    then raises `Unsettled`. With `resend`, it sends again what does no harm twice: a cancel, and an order
    whose client order id the venue honours once, which is placed then if it was not.
    """
    if not isinstance(exchange, AsyncRestClient):
        raise TypeError(why_not(exchange))
    if not is_unknown(error):
        raise error
    asked = getattr(error, "asked", None)
    if not isinstance(asked, Asked):
        raise NotSupported(
            f"{exchange.id} settle() is for errors of createOrder(), createOrders(), editOrder() and cancels:"
            f" look yourself what became of this: {error}"
        ) from error
    case = AsyncCase(exchange, error, asked, timeout_ms, resend)
    if asked.method == "createOrder":
        return await case.order(asked.orders[0], 0)
    if asked.method == "createOrders":
        return [await case.order(wanted, place) for place, wanted in enumerate(asked.orders)]
    if asked.method == "cancelAllOrders":
        return await case.all_canceled()
    if asked.method in CANCELLING:
        ids = list(error.order_ids) or list(asked.ids)
        found = [await case.canceled(id) for id in ids]
        return found if asked.method == "cancelOrders" else found[0]
    return await case.edited()


class AsyncCase:
    """One error that is to be settled."""

    def __init__(
        self, exchange: Exchange, error: Any, asked: Asked, timeout_ms: float | None, resend: bool
    ) -> None:
        self.exchange = exchange
        self.error = error
        self.asked = asked
        self.timeout_ms = timeout_ms
        self.resend = resend
        self.search = AsyncSearch(exchange, asked)
        self._begun = time.monotonic()

    async def until_known(self, look: Callable[[float], Any]) -> Any:
        """What `look` finds. It is told how long ago the call failed, in milliseconds."""
        tries, error = 0, None
        try:
            while True:
                passed = self.search.elapsed()
                try:
                    return await look(passed)
                except NotYet as doubt:
                    error = unsettled(self.exchange, self.error, doubt)
                    error.__cause__ = self.error
                    wait = doubt.wait_ms
                except BaseError as failure:
                    # What is refused now is refused later; the venue may be back.
                    again = isinstance(failure, OperationFailed)
                    failed = NotYet(f"looking for it failed ({failure})", PAUSES_MS[-1] if again else None)
                    error = unsettled(self.exchange, self.error, failed)
                    error.__cause__ = failure
                    goes_on = passed < self.search.soonest() or tries < LEAST_TRIES
                    wait = PAUSES_MS[-1] if again and goes_on else None
                pause = PAUSES_MS[min(tries, len(PAUSES_MS) - 1)]
                pause = pause if wait is None else min(pause, max(int(wait), 1))
                spent = (time.monotonic() - self._begun) * 1000
                if wait is None or (self.timeout_ms is not None and spent + pause > self.timeout_ms):
                    raise error
                await self.exchange.sleep(pause)
                tries += 1
        finally:
            del error  # else it and the frames that it was raised through keep each other

    async def check_over(self, passed: float, what: str) -> None:
        """Raise NotYet while the venue may still carry out the request."""
        due = await self.search.due()
        if passed < due:
            raise NotYet(f"{what} and it may be under way", due - passed)

    # -- orders -------------------------------------------------------------------------------------

    async def order(self, wanted: Wanted, place: int) -> Any:
        """What became of the order that stands at this place of the call."""
        id, client_id = (item(ids, place) for ids in (self.error.order_ids, self.error.client_order_ids))

        async def look(passed: float) -> Any:
            found = await self.found(wanted, id, client_id)
            if found is None:
                await self.check_over(passed, "the venue has no such order")
                await self.check_others(wanted, id)
            return found

        found = await self.until_known(look)
        kept, now = docket_of(self.exchange), self.exchange.milliseconds()
        if found is None:
            kept.ends(wanted, now)
            return None
        kept.is_told(found["id"], wanted.token)
        kept.becomes(wanted, docket.FOUND, now)
        found = likeness.completed(self.exchange, found, likeness.terms_of(self.exchange, wanted))
        return {**found, "clientOrderId": client_id} if found.get("clientOrderId") is None else found

    async def found(self, wanted: Wanted, id: str | None, client_id: str | None) -> Any:
        """The order, by the way that its venue has of finding one again."""
        exchange, search = self.exchange, self.search
        if id is not None:
            return await search.order_of_id(id, wanted.symbol)
        if client_id is not None and "clientOrderId" in exchange.understands.get("fetchOrder", ()):
            try:
                return await search.order_of_id("", wanted.symbol, {"clientOrderId": client_id})
            except ArgumentsRequired:
                return await search.like(wanted)  # it cannot tell the id from that one
        if client_id is not None and getattr(self.error, "idempotent", False):
            return await self.sent_again(wanted, client_id)
        return await search.like(wanted, client_id)

    async def sent_again(self, wanted: Wanted, client_id: str) -> Any:
        """The order, which is placed if it was not; None if it is refused, and so was not there."""
        exchange = self.exchange
        if not self.resend:
            raise NotYet(f"{exchange.id} tells that by sending the order again only, with resend=True")
        params = {**wanted.params, "clientOrderId": client_id}
        terms = wanted.type, wanted.side, wanted.amount, wanted.price
        try:
            return await exchange.create_order(wanted.symbol, *terms, params)
        except InsufficientFunds:
            return None

    async def check_others(self, wanted: Wanted, id: str | None) -> None:
        """Raise NotYet where an order like it may be this one, or may yet come."""
        exchange, search = self.exchange, self.search
        if not exchange.has.get("fetchOpenOrders"):
            return
        if id is not None:
            found = await search.candidates(wanted)
            if found:
                ids = ", ".join(order["id"] for order in found)
                raise NotYet(f"there is no order {id}, but one like it ({ids})", candidates=found)
        due = await search.due()
        for entry in await search.rivals(wanted):
            left = due - search.elapsed_since(entry["ticks"], entry["ended"])
            if left > 0:
                raise NotYet("another order like it may be under way", left)

    # -- cancels and edits --------------------------------------------------------------------------

    async def canceled(self, id: str) -> Any:
        """The order that was to be cancelled, as it is now; None if the venue has none."""
        exchange, search, symbol = self.exchange, self.search, self.asked.symbol
        how = {name: value for name, value in self.asked.params.items() if name == "type"}

        async def look(passed: float) -> Any:
            order = await search.order_of_id(id, symbol, how)
            if order is None or order["status"] in GONE:
                return order
            if self.resend:
                try:
                    await exchange.cancel_order(id, symbol, self.asked.params)
                except OrderNotFound:
                    order = None
                order = await search.order_of_id(id, symbol, how)
                if order is None or order["status"] in GONE:
                    return order
            await self.check_over(passed, f"the order {id} is {order['status'] or 'not known to be closed'}")
            if self.resend and await search.is_open(id, symbol, how):
                raise NotYet(f"the order {id} is open, whatever is sent")
            return order

        return await self.until_known(look)

    async def all_canceled(self) -> Any:
        """The answer to the cancel, sent again; or the orders that it has left open."""
        exchange, asked = self.exchange, self.asked

        async def look(passed: float) -> Any:
            if self.resend:
                return await exchange.cancel_all_orders(asked.symbol, asked.params)
            left = await exchange.fetch_open_orders(asked.symbol, None, None, asked.params)
            if left:
                await self.check_over(passed, "orders are open")
            return left

        return await self.until_known(look)

    async def edited(self) -> Any:
        """The order that was to be edited as it is now, or the one that took its place."""
        search, wanted = self.search, self.asked.orders[0]
        id = item(self.error.order_ids, 0) or item(self.asked.ids, 0)

        async def look(passed: float) -> Any:
            order = None if id is None else await search.order_of_id(id, wanted.symbol)
            if order is not None and id not in self.asked.ids:
                return order
            if order is not None and order["status"] == "open":
                terms = likeness.terms_of_edit(self.exchange, wanted, order)
                if terms.fit(order):
                    return order
            if order is not None and order["status"] in GONE and self.error.order_id is not None:
                return order
            await self.check_over(passed, "the order is as it was")
            return order

        return await self.until_known(look)


def item(ids: Sequence[str], place: int) -> str | None:
    return ids[place] if place < len(ids) else None
