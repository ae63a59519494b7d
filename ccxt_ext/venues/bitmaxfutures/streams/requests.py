"""Requests over BitMax's socket, and their answers."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from ccxt.base.errors import BaseError, NetworkError, OperationFailed, RequestTimeout

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.calls.unified import with_raw_fields
from ccxt_ext.venue.orders.outcomes import NOT_CARRIED_OUT, is_unknown
from ccxt_ext.venue.requests import turns
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.feed import Feed, Route
from ccxt_ext.venue.streams.subjects import Subject, subject_of
from ccxt_ext.venues.bitmaxfutures import accounts, errors, rest, rest_accounts
from ccxt_ext.venues.bitmaxfutures.streams.frames import (
    PATH,
    REALTIME_SNAPSHOT,
    SNAPSHOT,
    TOP,
    refusal,
)

# As what the venue counts a message, by its action or else by what it is.
COUNTED_AS = {
    "place-order": "order",
    "cancel-order": "order",
    "cancel-all": "order",
    SNAPSHOT: "snapshot",
    TOP: "snapshot",
    REALTIME_SNAPSHOT: "snapshot",
    **dict.fromkeys(("sub", "unsub"), "subscription"),
    **dict.fromkeys(("auth", "ping", "pong"), "session"),
}


def counted_as(message: Mapping[str, Any]) -> str:
    return COUNTED_AS.get(message.get("action", message["op"]), "request")


def answer_to(id: str) -> Subject:
    """The answer to the request with this id."""
    return subject_of("answer", detail=id)


def book_answer(kind: str, market_id: str) -> Subject:
    """The answer to a request for a book, which does not tell the request's id."""
    return subject_of(kind, market_id)


class Requests:
    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.exchange: rest.bitmaxfutures = feed.exchange
        self.last_id = 0

    # -- addresses ----------------------------------------------------------------------------------

    def public_url(self) -> str:
        return f"{self.exchange.urls['api']['ws'].rstrip('/')}/api/pro/{PATH}"

    def private_url(self) -> str:
        exchange = self.exchange
        return f"{exchange.urls['api']['ws'].rstrip('/')}/{accounts.account_group(exchange)}/api/pro/{PATH}"

    async def public_connection(self) -> Connection:
        return await self.feed.connected(self.public_url())

    async def private_connection(self) -> Connection:
        self.exchange.check_required_credentials()
        await rest_accounts.load_account(self.exchange)
        return await self.feed.connected(self.private_url())

    # -- ids ----------------------------------------------------------------------------------------

    def new_id(self, connection: Connection | None = None) -> str:
        self.last_id += 1
        id = str(self.last_id)
        # An order's own id, which is its request's, may look the same.
        if connection is not None and answer_to(id) in connection.futures:
            return self.new_id(connection)
        return id

    def was_ours(self, id: str) -> bool:
        """Whether it is the id of a request that was sent before."""
        told = id.isdecimal() and 0 < int(id[:20]) <= self.last_id
        return told or accounts.state_of(self.exchange).orders.used([id]) is not None

    # -- questions and answers ----------------------------------------------------------------------

    def route_answer(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        subject = answer_to(str(frame.get("id")))
        if subject in connection.futures:
            return [subject], lambda connection, frame: connection.resolve(frame, subject)
        return None

    async def answer(
        self,
        connection: Connection,
        message: Mapping[str, Any],
        instead: Subject | None = None,
        stamp: Callable[[], Mapping[str, Any]] = dict,
    ) -> dict[str, Any]:
        """What comes back, whether or not it is a refusal. Any error that is raised here leaves the outcome
        open, unless the message `was_unsent()`.

        An answer that does not tell the request's id may come under the subject `instead`. `stamp` gives the
        fields that tell the time, once the message's turn to be sent has come.
        """
        exchange = self.exchange
        subjects = [answer_to(message["id"]), *([instead] if instead else [])]
        futures = [connection.future(subject) for subject in subjects]
        try:
            await self.feed.tell(connection, lambda: {**message, **stamp()}, counted_as(message))
            await asyncio.wait(futures, timeout=exchange.timeout / 1000, return_when=asyncio.FIRST_COMPLETED)
            done = next((future for future in futures if future.done()), None)
            if done is None:
                about = message.get("action", message["op"])
                raise RequestTimeout(f"{exchange.id} no answer came to {about}")
            if done.cancelled():
                raise NetworkError(f"{exchange.id} the connection was closed before an answer came")
            return reading.record(exchange, done.result())
        except OSError as error:
            raise NetworkError(f"{exchange.id} {type(error).__name__} while sending") from None
        finally:
            if connection.futures.get(subjects[0]) is futures[0]:
                del connection.futures[subjects[0]]

    def check(self, frame: Mapping[str, Any], placing: bool = False, orders: bool = False) -> None:
        """Raise what a refusal means, by the same table as over REST."""
        refused = refusal(frame)
        if refused is not None:
            url = "/order" if orders else ""
            method = "POST" if placing else "DELETE" if orders else "GET"
            errors.raise_refusal(self.exchange, 200, url, method, {**frame, **refused})

    async def asked(
        self, connection: Connection, action: str, args: Any = None, instead: Subject | None = None
    ) -> dict[str, Any]:
        """The answer to a request that may be repeated."""
        message = {"op": "req", "id": self.new_id(connection), "action": action}
        args = with_raw_fields(self.exchange.id, args)
        if args is not None:
            message["args"] = args
        frame = await self.answer(connection, message, instead)
        self.check(frame)
        return frame

    async def done(
        self,
        connection: Connection,
        message: Mapping[str, Any],
        stamp: Callable[[], Mapping[str, Any]],
        unknown: Callable[[BaseError], BaseError],
        placing: bool = False,
    ) -> dict[str, Any]:
        """The answer to a request that does something. `unknown` makes the error for an open outcome."""
        try:
            frame = await self.answer(connection, message, stamp=stamp)
        except BaseError as error:
            if turns.was_unsent():
                raise
            raise unknown(error) from error
        try:
            self.check(frame, placing=placing, orders=True)
        except BaseError as error:
            failed = isinstance(error, OperationFailed) and not isinstance(error, NOT_CARRIED_OUT)
            if not failed and not is_unknown(error):
                raise
            raise unknown(error) from error
        return frame
