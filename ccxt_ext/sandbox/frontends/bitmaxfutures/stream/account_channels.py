"""BitMax's channels about an account: execution reports, and what it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccxt_ext.sandbox.engine import Order, OrderEvent
from ccxt_ext.sandbox.frontend import News
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.orders import FUTURES
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.rooms import ACCOUNT, ORDERS, Channel, Rooms
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.rows import (
    collateral_row,
    report_row,
    short_position_row,
)

if TYPE_CHECKING:
    from ccxt_ext.sandbox.frontends.bitmaxfutures.frontend import Frontend


@dataclass
class Holdings:
    """What an account has, by asset and by symbol."""

    collaterals: dict[str, dict[str, Any]]
    positions: dict[str, dict[str, Any]]


class AccountChannels:
    def __init__(self, frontend: Frontend, rooms: Rooms) -> None:
        self.frontend = frontend
        self.engine = frontend.engine
        self.rooms = rooms
        self._reports: dict[str, int] = {}  # an account's latest number of a report
        self._reported: dict[int, int] = {}  # the number of the latest one about an order
        self._updates: dict[str, int] = {}  # an account's latest number of an update
        self._told: dict[str, Holdings] = {}  # to those who are in the account's room

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
        """Somebody is about to enter its room."""
        if Channel(ACCOUNT, account) not in self.rooms:
            self._told[account] = self._look(account)

    # orders

    def _name(self, order: Order) -> str:
        """What the events have are copies; an order that the engine made gets its id here."""
        live = self.engine.order(order.account, order.id)
        return self.frontend.order_name(live or order)

    def _report(self, event: OrderEvent) -> None:
        order = event.order
        self._reports[order.account] = number = self._reports.get(order.account, 0) + 1
        self._reported[order.id] = number
        channel = Channel(ORDERS, order.account)
        if channel in self.rooms:
            self._name(order)
            full = self.frontend.full(order, self.frontend.key_of(order.account), event.fill)
            self.rooms.tell(channel, {"m": ORDERS, **report_row(full, number)})

    def report_number(self, order: Order) -> int:
        """Of the latest report about it; where nobody listened, its number in REST answers."""
        return self._reported.get(order.id, order.seq)

    # money and positions

    def tell_changes(self, account: str, cause: Order | None = None) -> None:
        """What is different from what was told before; `cause` is the order that brought it about."""
        channel = Channel(ACCOUNT, account)
        if channel not in self.rooms:
            return
        told, new = self._told[account], self._look(account)
        collaterals = [row for asset, row in new.collaterals.items() if row != told.collaterals.get(asset)]
        gone = [row for asset, row in told.collaterals.items() if asset not in new.collaterals]
        collaterals += [{**row, "b": "0"} for row in gone]
        positions = [row for symbol, row in new.positions.items() if row != told.positions.get(symbol)]
        if collaterals or positions:
            self._told[account] = new
            self._updates[account] = self._updates.get(account, 1) + 1
            frame = {
                "m": ACCOUNT,
                "e": "AccountUpdate" if cause is None else "ExecutionReport",
                **self._head(account, "at"),
                "id": "" if cause is None else self._name(cause),
                "col": collaterals,
                "pos": positions,
            }
            self.rooms.tell(channel, frame)

    def snapshot(self, account: str) -> dict[str, Any]:
        now = self._look(account)
        rows = {"col": list(now.collaterals.values()), "pos": list(now.positions.values())}
        return {"e": "ClientRequest", **self._head(account, "ac"), **rows}

    def _head(self, account: str, kind: str) -> dict[str, Any]:
        ids, number = self.frontend.key_of(account).ids, self._updates.get(account, 1)
        return {"t": self.frontend.clock.now(), "acc": ids["accountId"], kind: ids["ac"], "sn": number}

    def _look(self, account: str) -> Holdings:
        collaterals = [collateral_row(row) for row in self.frontend.collateral_rows(account)]
        positions = [short_position_row(row) for row in self.frontend.contract_rows(account)]
        return Holdings({row["a"]: row for row in collaterals}, {row["s"]: row for row in positions})
