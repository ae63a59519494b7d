"""Orders and fills over BitMax's stream: reports as they come, and what was missed while there was none."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ccxt.base.errors import BaseError, OrderNotFound

from ccxt_ext.venue.answers import listings, reading
from ccxt_ext.venue.streams.caches import store_orders, store_trades
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.feed import Feed, Route
from ccxt_ext.venue.streams.polls import PATIENCE, PlacedOrders
from ccxt_ext.venue.streams.subjects import Subject, subject_of
from ccxt_ext.venues.bitmaxfutures import (
    accounts,
    order_fills,
    rest,
    rest_history,
    rest_new_markets,
    rest_order_rows,
)
from ccxt_ext.venues.bitmaxfutures.streams.account_news import LONGEST_PAUSE_S, AccountNews
from ccxt_ext.venues.bitmaxfutures.streams.frames import ORDER, ORDERS, named
from ccxt_ext.venues.bitmaxfutures.streams.order_desk import OrderDesk
from ccxt_ext.venues.bitmaxfutures.streams.requests import Requests
from ccxt_ext.venues.bitmaxfutures.streams.socket_orders import SocketOrders

ASKED_AT_ONCE = 30  # orders by their ids
PAUSE_S = 1.0  # an order may be on its way between two of the venue's lists
ENDED = ("closed", "canceled", "rejected")
OTHER_ACCOUNTS = ("CASH", "MARGIN")


class Orders:
    def __init__(
        self,
        feed: Feed,
        requests: Requests,
        socket: SocketOrders,
        news: AccountNews,
        placed: PlacedOrders,
    ) -> None:
        self.feed = feed
        self.exchange: rest.bitmaxfutures = feed.exchange
        self.requests = requests
        self.socket = socket
        self.news = news
        self.placed = placed
        self.catch_ups_due = 0
        self.begin()

    def begin(self) -> None:
        """Nothing has been told of any order yet."""
        self.desk = OrderDesk()

    # -- frames -------------------------------------------------------------------------------------

    def route_order(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        return self.users_of_order(connection, named(frame, ORDER)), self.take_report

    def route_action(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        """The answer to an action; or, on older streams, a report."""
        data = frame.get("data")
        if not isinstance(data, dict):
            return self.requests.route_answer(connection, frame)
        report = {"ac": frame.get("ac"), "a": frame.get("accountId"), **data}
        if report.get("ot") == "NULL_VAL" or str(report["ac"]).upper() in OTHER_ACCOUNTS:
            return None  # a cancellation that came too late is no news of the order
        users = self.users_of_order(connection, named(report, ORDER))
        return users, lambda connection, _: self.take_report(connection, report)

    def take_report(self, connection: Connection, frame: Any) -> None:
        row = named(frame, ORDER)
        if listings.is_looked_up(self.exchange, self.exchange.safe_string(row, "symbol")):
            self.tell_report(connection, row, frame)
        else:
            connection.spawn(self.tell_once_listed(connection, row, frame))

    def tell_report(self, connection: Connection, row: dict[str, Any], frame: Any) -> None:
        for _, error in self.tell_orders(connection, [(row, frame)], live=True):
            raise error

    async def tell_once_listed(self, connection: Connection, row: dict[str, Any], frame: Any) -> None:
        """Tell a report of an unknown market, which may have been listed since the markets were loaded."""
        await rest_new_markets.listed_rows(self.exchange, [row])
        try:
            self.tell_report(connection, row, frame)
        except BaseError as error:
            self.tell_failure(connection, row, error)
            self.look_again(connection)

    def tell_failure(self, connection: Connection, row: Mapping[str, Any], error: BaseError) -> None:
        for subject in self.users_of_order(connection, row):
            connection.reject(error, subject)

    def users_of_order(self, connection: Connection, row: Mapping[str, Any]) -> list[Subject]:
        """The subjects under which somebody waits for news of an order's market."""
        symbol = self.exchange.safe_symbol(self.exchange.safe_string(row, "symbol"))
        return [
            subject for subject in connection.address.users_of(ORDERS) if subject.symbol in (None, symbol)
        ]

    def tell_orders(
        self, connection: Connection, rows: Iterable[tuple[dict[str, Any], Any]], live: bool
    ) -> list[tuple[dict[str, Any], BaseError]]:
        """Tell what is new in rows, which have REST's names and come with what the venue sent.

        A row that cannot be read is given back with its error, and its order counts as not told. The others
        are told.
        """
        exchange = self.exchange
        orders, trades, failures = [], [], []
        for row, info in rows:
            try:
                order = {**exchange.parse_order(row), "info": info}
                news = self.desk.weigh(
                    order_fills.report_of(exchange, row, order), live, accounts.state_of(exchange).fills
                )
                trades += [order_fills.trade_of(exchange, fill, row, order) for fill in news.fills]
            except Exception as error:
                failures.append((row, self.feed.error_of(error, info)))
                continue
            self.desk.settle(news)
            if news.changed:
                orders.append(order)
        if orders:
            cache = store_orders(exchange, orders)
            for subject in (
                subject_of("orders"),
                *{subject_of("orders", order["symbol"]) for order in orders},
            ):
                self.news.tell(connection, cache, subject, ORDERS)
        if trades:
            cache = store_trades(exchange, trades)
            for subject in (
                subject_of("myTrades"),
                *{subject_of("myTrades", trade["symbol"]) for trade in trades},
            ):
                self.news.tell(connection, cache, subject, ORDERS)
        return failures

    # -- what was missed ----------------------------------------------------------------------------

    def note(self, order: Any) -> None:
        """This instance has placed an order."""
        self.placed.note(order)
        watched = any(ORDERS in address.followed for address in self.feed.addresses.values())
        row = self.desk.place(order["id"]) if watched and order["id"] is not None else None
        connection = None if row is None else (self.exchange.clients or {}).get(self.requests.private_url())
        if row is not None and connection is not None:
            for failed, error in self.tell_orders(connection, [(row, row)], live=False):
                self.tell_failure(connection, failed, error)

    def look_again(self, connection: Connection) -> None:
        """Begin to catch up on what was missed. If this connection has begun already, it looks once more."""
        self.catch_ups_due += 1
        self.desk.since = self.desk.since or self.exchange.nonce()
        connection.spawn_once("orders", lambda: self.catch_up(connection))

    async def catch_up(self, connection: Connection) -> None:
        failures = 0
        missed: dict[str, int] = {}
        while True:
            due = self.catch_ups_due
            try:
                lost, unreadable = await self.find(connection)
            except BaseError as error:
                failures += 1
                for subject in connection.address.users_of(ORDERS):
                    connection.reject(error, subject)
                await asyncio.sleep(min(LONGEST_PAUSE_S, 0.25 * 2**failures))
                continue
            missed = {id: missed.get(id, 0) + 1 for id in (*lost, *unreadable)}
            for id in [id for id, times in missed.items() if times >= PATIENCE]:
                del missed[id]
                if id in unreadable:
                    continue  # that was told each time
                self.desk.drop(id)
                for subject in connection.address.users_of(ORDERS):
                    connection.reject(
                        OrderNotFound(f"{self.exchange.id} does not know the order {id} any more"), subject
                    )
            if missed:
                await asyncio.sleep(PAUSE_S)
            elif due == self.catch_ups_due:
                return

    async def find(self, connection: Connection) -> tuple[list[str], list[str]]:
        """Look at the venue's lists, and tell what is new in them.

        The ids of orders that should have been found and were not, and those of orders that cannot be read.
        """
        exchange = self.exchange
        desk = self.desk
        rows = await self.all_open_rows(connection)
        ended = await rest_history.latest_rows(exchange)
        if desk.begun:
            rows = rows + ended
        else:
            # Those that this instance placed, or that ended since the watching began, are no old ones.
            awaited = set(self.unsettled_orders())
            for row in ended:
                id = exchange.safe_string(row, "orderId", "")
                if id in awaited or not desk.remember_old(
                    id, row, reading.integer(exchange, row, "lastExecTime", "time") or 0
                ):
                    rows.append(row)
        found = {exchange.safe_string(row, "orderId") for row in rows}
        wanted = [id for id in self.unsettled_orders() if id not in found]
        looked_up: list[dict[str, Any]] = []
        for start in range(0, len(wanted), ASKED_AT_ONCE):
            looked_up += await self.rows_of(wanted[start : start + ASKED_AT_ONCE])
        found.update(exchange.safe_string(row, "orderId") for row in looked_up)
        rows = sorted(
            rows + looked_up, key=lambda row: reading.integer(exchange, row, "lastExecTime", "time") or 0
        )
        failures = self.tell_orders(connection, [(row, row) for row in rows], live=False)
        desk.begun = True
        for row, error in failures:
            self.tell_failure(connection, row, error)
        unreadable = [exchange.safe_string(row, "orderId", "") for row, _ in failures]
        return [id for id in wanted if id not in found], unreadable

    async def rows_of(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """The orders of these ids, without those that the venue does not know."""
        try:
            return await rest_order_rows.status_rows(self.exchange, ids, {})
        except OrderNotFound:
            if len(ids) == 1:
                return []
        return [row for id in ids for row in await self.rows_of([id])]

    def unsettled_orders(self) -> list[str]:
        before = (
            []
            if self.desk.begun
            else [
                id
                for id, order in self.placed.orders.items()
                if order["status"] not in ENDED and id not in self.desk.known
            ]
        )
        return list(dict.fromkeys([*self.desk.unsettled(), *before]))

    async def all_open_rows(self, connection: Connection) -> list[dict[str, Any]]:
        exchange = self.exchange
        try:
            return await self.socket.open_rows(connection, {})
        except BaseError as error:
            if exchange.verbose:
                exchange.log(f"{error}; open orders are asked for over REST")
            return await rest_order_rows.open_rows(exchange, None, {})
