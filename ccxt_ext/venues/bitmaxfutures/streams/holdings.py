"""Balances and positions over BitMax's stream: a snapshot that is asked for, and updates on top of it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import BaseError
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import listings, reading
from ccxt_ext.venue.streams.caches import closed_position, store_positions
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.feed import Route
from ccxt_ext.venue.streams.subjects import Subject, subject_of
from ccxt_ext.venues.bitmaxfutures import positions, rest, rest_funds, rest_new_markets
from ccxt_ext.venues.bitmaxfutures.streams.account_news import LONGEST_PAUSE_S, AccountNews
from ccxt_ext.venues.bitmaxfutures.streams.frames import ACCOUNT, HOLDINGS
from ccxt_ext.venues.bitmaxfutures.streams.snapshots import AccountUpdate, Snapshots


class Held:
    """What an account holds, as far as the venue has told it."""

    def __init__(self) -> None:
        self.collaterals: dict[str, dict[str, Any]] = {}
        self.contracts: dict[str, dict[str, Any]] = {}
        self.positions: dict[str, Any] = {}  # those that are open, by their symbols
        self.rows: dict[str, Any] = {}  # and the row that each was made of
        self.told = False  # whether watchers have got any positions, or that there are none
        self.sent: dict[Any, Any] = {}  # the contracts' rows as the venue sent them
        self.latest: AccountUpdate  # once there was one
        self.restart()

    def restart(self) -> None:
        """Have updates wait for the next snapshot. Those that are later than it are taken after it."""
        self.complete = False
        self.number: int | None = None
        self.waiting: list[AccountUpdate] = []

    def is_later(self, number: int | None) -> bool:
        return number is None or self.number is None or number > self.number


class Holdings:
    def __init__(self, exchange: rest.bitmaxfutures, snapshots: Snapshots, news: AccountNews) -> None:
        self.exchange = exchange
        self.snapshots = snapshots
        self.news = news
        self.balance_due = False
        self.begin()

    def begin(self) -> None:
        """Nothing has been told of what the account holds."""
        self.held = Held()

    # -- frames -------------------------------------------------------------------------------------

    def route_update(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        return connection.address.users_of(ACCOUNT), self.take_update

    def take_update(self, connection: Connection, frame: Any) -> None:
        update = self.snapshots.read(frame)
        ids = [self.exchange.safe_string(row, "symbol") for row in update.contracts]
        if not all(listings.is_looked_up(self.exchange, id) for id in ids):
            # It is taken with the next snapshot, once that market is known.
            self.held.restart()
            self.held.waiting.append(update)
            connection.spawn(self.catch_up(connection))
        elif not self.held.complete:
            self.held.waiting.append(update)
        elif self.held.is_later(update.number):
            self.tell(connection, [update])

    def tell(
        self, connection: Connection, updates: Sequence[AccountUpdate], from_snapshot: bool = False
    ) -> None:
        """Tell what updates come to, in their order. If the first is a snapshot, what it lacks is gone."""
        exchange = self.exchange
        held, changed = self.held, {}
        if from_snapshot:
            held.collaterals.clear()
            listed = {reading.required_text(exchange, row, "symbol") for row in updates[0].contracts}
            changed = {id: {**row, "position": "0"} for id, row in held.contracts.items() if id not in listed}
        for update in updates:
            held.collaterals.update(
                {reading.required_text(exchange, row, "asset"): row for row in update.collaterals}
            )
            changed.update({reading.required_text(exchange, row, "symbol"): row for row in update.contracts})
            held.sent.update(update.sent)
            held.latest = update
            if update.number is not None:
                held.number = update.number
        held.contracts.update(changed)
        self.tell_positions(connection, list(changed.values()), from_snapshot)
        self.tell_balance(connection)

    async def tell_newcomers(self, connection: Connection, subjects: Sequence[Subject]) -> None:
        """Tell what is known already to those who did not ask for it before."""
        if not self.held.complete:
            return
        for subject in subjects:
            if subject.kind == "balance":
                self.tell_balance(connection)
            else:
                held = self.held.positions.values()
                news = [position for position in held if subject.symbol in (None, position["symbol"])]
                self.news.tell(connection, news, subject, ACCOUNT)

    # -- positions ----------------------------------------------------------------------------------

    def tell_positions(self, connection: Connection, rows: list[dict[str, Any]], from_snapshot: bool) -> None:
        held = self.held
        changed: list[Any] = []
        for row in rows:
            position = self.position_of_row(row)
            symbol = position["symbol"]
            before = held.positions.get(symbol)
            flat = positions.is_flat(self.exchange, row)
            if before is not None and (flat or before["side"] != position["side"]):
                changed.append(closed_position(before))  # also when it is on the other side now
                del held.positions[symbol]
            if not flat:
                if symbol not in held.positions or held.rows[symbol] != row:
                    changed.append(position)
                held.positions[symbol], held.rows[symbol] = position, row
        store_positions(self.exchange, changed)
        # No position is an answer as well, for the first who ask.
        first, held.told = from_snapshot and not held.told, True
        for subject in connection.address.users_of(ACCOUNT):
            news = [position for position in changed if subject.symbol in (None, position["symbol"])]
            if subject.kind == "positions" and (news or first):
                self.news.tell(connection, news, subject, ACCOUNT)

    def position_of_row(self, row: dict[str, Any]) -> Any:
        """A position without what depends on others, as the figures of those are of another moment."""
        exchange = self.exchange
        figures = positions.figures_of(exchange, row, self.implied_mark(row))
        timestamp = self.held.latest.timestamp
        position = positions.position_of(exchange, row, figures, None)
        return {
            **position,
            "info": self.held.sent.get(row["symbol"], row),
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "lastUpdateTimestamp": timestamp,
        }

    def implied_mark(self, row: Mapping[str, Any]) -> str | None:
        """The mark price, out of the profit that is sent instead: position x mark price + reference cost."""
        names = ("position", "unrealizedPnl", "referenceCost")
        size, profit, cost = (reading.number_text(self.exchange, row, name) for name in names)
        if None in (size, profit, cost) or positions.is_flat(self.exchange, row):
            return None
        price = Precise.string_div(Precise.string_sub(profit, cost), size)
        return price if price is not None and Precise.string_gt(price, "0") else None

    # -- balance ------------------------------------------------------------------------------------

    def tell_balance(self, connection: Connection) -> None:
        if subject_of("balance") not in connection.address.users_of(ACCOUNT):
            return
        if self.exchange.options["watchBalance"]["freeMargin"]:
            self.balance_due = True
            connection.spawn_once("balance", lambda: self.tell_free_balance(connection))
        else:
            self.resolve_balance(connection, None)

    async def tell_free_balance(self, connection: Connection) -> None:
        """Tell the balance with what is free, which only REST tells: one call for all updates meanwhile."""
        failures = 0
        while self.balance_due:
            self.balance_due = False
            try:
                free = await rest_funds.free_margin(self.exchange)
            except BaseError as error:
                failures += 1
                self.balance_due = True
                connection.reject(error, subject_of("balance"))
                await asyncio.sleep(min(LONGEST_PAUSE_S, 0.25 * 2**failures))
            else:
                failures = 0
                self.resolve_balance(connection, free)

    def resolve_balance(self, connection: Connection, free: Any) -> None:
        rows = list(self.held.collaterals.values())
        self.exchange.balance = self.snapshots.balance_of(rows, free, self.held.latest)
        self.news.tell(connection, self.exchange.balance, subject_of("balance"), ACCOUNT)

    # -- snapshots ----------------------------------------------------------------------------------

    async def catch_up(self, connection: Connection) -> None:
        held, failures = self.held, 0
        while held is self.held and not held.complete:
            try:
                snapshot = await self.snapshot(connection)
            except BaseError as error:
                failures += 1
                for subject in connection.address.users_of(ACCOUNT):
                    connection.reject(error, subject)
                await asyncio.sleep(min(LONGEST_PAUSE_S, 0.25 * 2**failures))
                continue
            rows = [row for update in (snapshot, *held.waiting) for row in update.contracts]
            await rest_new_markets.listed_rows(self.exchange, rows)
            if held is not self.held or held.complete:
                return
            held.complete = True
            held.number = snapshot.number
            later = [update for update in held.waiting if held.is_later(update.number)]
            held.waiting = []
            self.tell(connection, [snapshot, *later], from_snapshot=True)

    async def snapshot(self, connection: Connection) -> AccountUpdate:
        exchange = self.exchange
        try:
            return await self.snapshots.ask(connection)
        except BaseError as error:
            if exchange.verbose:
                exchange.log(f"{error}; {HOLDINGS} is asked for over REST")
        # What came before it is asked is in its answer, which has no number.
        before = [update.number for update in self.held.waiting if update.number is not None]
        return await self.snapshots.ask_over_rest(max(before, default=None))
