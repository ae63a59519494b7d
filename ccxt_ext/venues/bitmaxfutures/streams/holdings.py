"""Balances and positions over BitMax's stream: a snapshot that is asked for, and updates on top of it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import BaseError
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import listings, reading
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.polls import gone, store_positions
from ccxt_ext.venue.streams.streaming import Route
from ccxt_ext.venue.streams.subjects import Subject, hash_of
from ccxt_ext.venues.bitmaxfutures.streams.frames import ACCOUNT, HOLDINGS
from ccxt_ext.venues.bitmaxfutures.streams.orders import LONGEST_PAUSE_S, StreamedOrders


class Holdings:
    """What an account has, as far as it was told."""

    def __init__(self) -> None:
        self.collaterals: dict[str, dict[str, Any]] = {}
        self.contracts: dict[str, dict[str, Any]] = {}
        self.positions: dict[str, Any] = {}  # those that are open, as they were told
        self.rows: dict[str, Any] = {}  # and of what each was made
        self.told = False  # whether anybody was told of positions
        self.latest: Mapping[str, Any] = {}
        self.sent: dict[str, Any] = {}  # the rows as the venue sent them
        self.restart()

    def restart(self) -> None:
        """Updates wait for the next snapshot, and are told after it, if they are later."""
        self.complete = False
        self.number: int | None = None
        self.waiting: list[dict[str, Any]] = []

    def is_later(self, number: int | None) -> bool:
        return number is None or self.number is None or number > self.number


class StreamedHoldings(StreamedOrders):
    holdings: Holdings
    balance_due: bool

    # -- frames -------------------------------------------------------------------------------------

    def route_update(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        return self.users_of(connection, ACCOUNT), self.take_update

    def take_update(self, connection: Connection, frame: Any) -> None:
        update = self.holdings_of(frame)
        if not all(listings.is_listed(self, self.safe_string(row, "symbol")) for row in update["contracts"]):
            # It is told with the next snapshot, once that market is known.
            self.holdings.restart()
            self.holdings.waiting.append(update)
            connection.spawn(self.catch_up_holdings(connection))
        elif not self.holdings.complete:
            self.holdings.waiting.append(update)
        elif self.holdings.is_later(update["number"]):
            self.tell_holdings(connection, [update])

    def tell_holdings(self, connection: Connection, updates: Sequence[Any], whole: bool = False) -> None:
        """What updates, one after the other, come to; with `whole`, the first has all that there is."""
        held, changed = self.holdings, {}
        if whole:
            held.collaterals.clear()
            listed = {reading.required(self, row, "symbol") for row in updates[0]["contracts"]}
            changed = {id: {**row, "position": "0"} for id, row in held.contracts.items() if id not in listed}
        for update in updates:
            held.collaterals.update(
                {reading.required(self, row, "asset"): row for row in update["collaterals"]}
            )
            changed.update({reading.required(self, row, "symbol"): row for row in update["contracts"]})
            held.sent.update(update["sent"])
            held.latest = update
            if update["number"] is not None:
                held.number = update["number"]
        held.contracts.update(changed)
        self.tell_positions(connection, list(changed.values()), whole)
        self.tell_balance(connection)

    async def tell_newcomers(self, connection: Connection, hashes: Sequence[Subject]) -> None:
        """What is known already, to those who did not ask for it before."""
        if not self.holdings.complete:
            return
        for hash in hashes:
            if hash.kind == "balance":
                self.tell_balance(connection)
            else:
                positions = self.holdings.positions.values()
                news = [position for position in positions if hash.symbol in (None, position["symbol"])]
                self.tell_own(connection, news, hash, ACCOUNT)

    # -- positions ----------------------------------------------------------------------------------

    def tell_positions(self, connection: Connection, rows: list[dict[str, Any]], whole: bool) -> None:
        held = self.holdings
        changed: list[Any] = []
        for row in rows:
            position = self.position_of_row(row)
            symbol = position["symbol"]
            before = held.positions.get(symbol)
            flat = self.is_flat(row)
            if before is not None and (flat or before["side"] != position["side"]):
                changed.append(gone(before))  # also when it is on the other side now
                del held.positions[symbol]
            if not flat:
                if symbol not in held.positions or held.rows[symbol] != row:
                    changed.append(position)
                held.positions[symbol], held.rows[symbol] = position, row
        store_positions(self, changed)
        # No position is an answer as well, for the first who ask.
        first, held.told = whole and not held.told, True
        for hash in self.users_of(connection, ACCOUNT):
            news = [position for position in changed if hash.symbol in (None, position["symbol"])]
            if hash.kind == "positions" and (news or first):
                self.tell_own(connection, news, hash, ACCOUNT)

    def position_of_row(self, row: dict[str, Any]) -> Any:
        """Without what depends on other positions: the figures of those are of another moment."""
        figures = self.position_figures(row, self.implied_mark(row))
        timestamp = self.holdings.latest["timestamp"]
        position = self.position_of(row, figures, None)
        return {
            **position,
            "info": self.holdings.sent.get(row["symbol"], row),
            "timestamp": timestamp,
            "datetime": self.iso8601(timestamp),
            "lastUpdateTimestamp": timestamp,
        }

    def implied_mark(self, row: Mapping[str, Any]) -> str | None:
        """The stream sends no mark price, but a profit that is position x mark price + reference cost."""
        names = ("position", "unrealizedPnl", "referenceCost")
        size, profit, cost = (reading.number_text(self, row, name) for name in names)
        if None in (size, profit, cost) or self.is_flat(row):
            return None
        price = Precise.string_div(Precise.string_sub(profit, cost), size)
        return price if price is not None and Precise.string_gt(price, "0") else None

    # -- balance ------------------------------------------------------------------------------------

    def tell_balance(self, connection: Connection) -> None:
        if hash_of("balance") not in self.users_of(connection, ACCOUNT):
            return
        if self.options["watchBalance"]["freeMargin"]:
            self.balance_due = True
            self.run_once(connection, "balance", lambda: self.tell_free_balance(connection))
        else:
            self.resolve_balance(connection, None)

    async def tell_free_balance(self, connection: Connection) -> None:
        """With what is free, which only REST tells: one call for all updates that come meanwhile."""
        failures = 0
        while self.balance_due:
            self.balance_due = False
            try:
                free = await self.ask_free_margin()
            except BaseError as error:
                failures += 1
                self.balance_due = True
                connection.reject(error, hash_of("balance"))
                await asyncio.sleep(min(LONGEST_PAUSE_S, 0.25 * 2**failures))
            else:
                failures = 0
                self.resolve_balance(connection, free)

    def resolve_balance(self, connection: Connection, free: Any) -> None:
        rows, update = list(self.holdings.collaterals.values()), self.holdings.latest
        self.balance = self.balance_told(rows, free, update["timestamp"], update["frame"])
        self.tell_own(connection, self.balance, hash_of("balance"), ACCOUNT)

    # -- snapshots ----------------------------------------------------------------------------------

    async def catch_up_holdings(self, connection: Connection) -> None:
        held, failures = self.holdings, 0
        while held is self.holdings and not held.complete:
            try:
                snapshot = await self.whole_holdings(connection)
            except BaseError as error:
                failures += 1
                for hash in self.users_of(connection, ACCOUNT):
                    connection.reject(error, hash)
                await asyncio.sleep(min(LONGEST_PAUSE_S, 0.25 * 2**failures))
                continue
            await self.listed([row for update in (snapshot, *held.waiting) for row in update["contracts"]])
            if held is not self.holdings or held.complete:
                return
            held.complete = True
            held.number = snapshot["number"]
            later = [update for update in held.waiting if held.is_later(update["number"])]
            held.waiting = []
            self.tell_holdings(connection, [snapshot, *later], whole=True)

    async def whole_holdings(self, connection: Connection) -> dict[str, Any]:
        try:
            return await self.holdings_over_socket(connection)
        except BaseError as error:
            if self.verbose:
                self.log(f"{error}; {HOLDINGS} is asked for over REST")
        # What came before it is asked is in its answer, which has no number.
        before = [update["number"] for update in self.holdings.waiting if update["number"] is not None]
        answer = await self.v2_group_get_futures_position()
        data = reading.record(self, self.data_of(answer))
        return {
            "collaterals": reading.rows(self, data, "collaterals"),
            "contracts": reading.rows(self, data, "contracts"),
            "sent": {},
            "number": max(before, default=None),
            "timestamp": None,
            "frame": answer,
        }
