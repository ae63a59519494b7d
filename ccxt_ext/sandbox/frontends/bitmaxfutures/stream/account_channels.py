"""BitMax's channels about an account: execution reports, and what it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ccxt_ext.sandbox.frontend import Keys, News, VenueClock
from ccxt_ext.sandbox.frontend.engine import Engine, Order, OrderEvent
from ccxt_ext.sandbox.frontends.bitmaxfutures.holdings import Holdings
from ccxt_ext.sandbox.frontends.bitmaxfutures.keys import Key
from ccxt_ext.sandbox.frontends.bitmaxfutures.listings import FUTURES
from ccxt_ext.sandbox.frontends.bitmaxfutures.orders import Orders
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.rooms import ACCOUNT, ORDERS, Channel, Rooms
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.rows import collateral_row, position_row, report_row


@dataclass
class AccountRows:
    """The rows about what an account has, by asset and by symbol."""

    collaterals: dict[str, dict[str, Any]]
    positions: dict[str, dict[str, Any]]


class AccountChannels:
    def __init__(
        self,
        engine: Engine,
        clock: VenueClock,
        keys: Keys[Key],
        orders: Orders,
        holdings: Holdings,
        rooms: Rooms,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._keys = keys
        self._orders = orders
        self._holdings = holdings
        self._rooms = rooms
        self._reports: dict[str, int] = {}  # an account's latest number of a report
        self._reported: dict[int, int] = {}  # the number of the latest one about an order
        self._updates: dict[str, int] = {}  # an account's latest number of an update
        self._latest: dict[str, AccountRows] = {}  # what was last sent to those in the account's room

    def tell(self, news: News) -> None:
        causes: dict[str, Order | None] = {}
        for balance in news.balances:
            if balance.wallet == FUTURES:
                causes[balance.account] = None
        for position in news.positions:
            causes[position.account] = None
        for event in news.orders:
            causes[event.order.account] = event.order
            self._report(event)
        for account, cause in causes.items():
            self.tell_changes(account, cause)

    def prepare(self, account: str) -> None:
        """Called before somebody enters the account's room."""
        if Channel(ACCOUNT, account) not in self._rooms:
            self._latest[account] = self._look(account)

    # orders

    def _name(self, order: Order) -> str:
        """Events have copies of orders. One that the engine made gets its id here."""
        live = self._engine.order(order.account, order.id) or order
        return self._orders.name_of(live, self._keys.of(order.account))

    def _report(self, event: OrderEvent) -> None:
        order = event.order
        self._reports[order.account] = number = self._reports.get(order.account, 0) + 1
        self._reported[order.id] = number
        channel = Channel(ORDERS, order.account)
        if channel in self._rooms:
            self._name(order)
            full = self._orders.full_row(order, self._keys.of(order.account), event.fill)
            self._rooms.tell(channel, {"m": ORDERS, **report_row(full, number)})

    def report_number(self, order: Order) -> int:
        """The number of the latest report about an order; if nobody listened, its number in REST answers."""
        return self._reported.get(order.id, order.seq)

    # money and positions

    def tell_changes(self, account: str, cause: Order | None = None) -> None:
        """Tell what has changed since the latest frame; `cause` is the order that has changed it."""
        channel = Channel(ACCOUNT, account)
        if channel not in self._rooms:
            return
        before, new = self._latest[account], self._look(account)
        collaterals = [row for asset, row in new.collaterals.items() if row != before.collaterals.get(asset)]
        gone = [row for asset, row in before.collaterals.items() if asset not in new.collaterals]
        collaterals += [{**row, "b": "0"} for row in gone]
        positions = [row for symbol, row in new.positions.items() if row != before.positions.get(symbol)]
        if collaterals or positions:
            self._latest[account] = new
            self._updates[account] = self._updates.get(account, 1) + 1
            frame = {
                "m": ACCOUNT,
                "e": "AccountUpdate" if cause is None else "ExecutionReport",
                **self._head(account, "at"),
                "id": "" if cause is None else self._name(cause),
                "col": collaterals,
                "pos": positions,
            }
            self._rooms.tell(channel, frame)

    def snapshot(self, account: str) -> dict[str, Any]:
        now = self._look(account)
        rows = {"col": list(now.collaterals.values()), "pos": list(now.positions.values())}
        return {"e": "ClientRequest", **self._head(account, "ac"), **rows}

    def _head(self, account: str, kind: str) -> dict[str, Any]:
        ids, number = self._keys.of(account).ids, self._updates.get(account, 1)
        return {"t": self._clock.now(), "acc": ids["accountId"], kind: ids["ac"], "sn": number}

    def _look(self, account: str) -> AccountRows:
        collaterals = [collateral_row(row) for row in self._holdings.collateral_rows(account)]
        positions = [position_row(row) for row in self._holdings.position_rows(account)]
        return AccountRows({row["a"]: row for row in collaterals}, {row["s"]: row for row in positions})
