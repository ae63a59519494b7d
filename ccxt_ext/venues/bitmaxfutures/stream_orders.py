"""Orders and fills over BitMax's stream: reports as they come, and what was missed while there was none."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ccxt.base.errors import BaseError, OrderNotFound

from ccxt_ext.base.connection import Connection
from ccxt_ext.base.polling import PATIENCE, store_orders, store_trades
from ccxt_ext.base.streaming import Route
from ccxt_ext.base.subjects import hash_of
from ccxt_ext.venues.bitmaxfutures.frames import ORDER, ORDERS, named
from ccxt_ext.venues.bitmaxfutures.order_desk import ZERO, Fill, OrderDesk, Report
from ccxt_ext.venues.bitmaxfutures.stream_requests import SocketRequests

ASKED_AT_ONCE = 30  # orders by their ids
LONGEST_PAUSE_S = 10.0
PAUSE_S = 1.0  # an order may be on its way between two of the venue's lists
ENDED = ("closed", "canceled", "rejected")
OTHER_ACCOUNTS = ("CASH", "MARGIN")


class StreamedOrders(SocketRequests):
    desk: OrderDesk
    catch_ups_due: int

    # -- frames -------------------------------------------------------------------------------------

    def route_order(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        return self.users_of(connection, ORDERS), self.take_report

    def route_action(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        """The answer to an action; or, on older streams, a report."""
        data = frame.get("data")
        if not isinstance(data, dict):
            return self.route_answer(connection, frame)
        report = {"ac": frame.get("ac"), "a": frame.get("accountId"), **data}
        if report.get("ot") == "NULL_VAL" or str(report["ac"]).upper() in OTHER_ACCOUNTS:
            return None  # a cancellation that came too late is no news of the order
        return self.users_of(connection, ORDERS), lambda connection, _: self.take_report(connection, report)

    def take_report(self, connection: Connection, frame: Any) -> None:
        row = named(frame, ORDER)
        self.tell_orders(connection, [(row, frame)], live=True)

    def tell_orders(
        self, connection: Connection, rows: Iterable[tuple[dict[str, Any], Any]], live: bool
    ) -> None:
        """Rows with REST's names, each with what the venue really sent."""
        orders, trades = [], []
        for row, info in rows:
            order = {**self.parse_order(row), "info": info}
            report = self.report_of(row, order)
            changed, fills = self.desk.take(report, live)
            if changed:
                orders.append(order)
            trades += [self.trade_of(fill, row, order, live) for fill in fills]
        if orders:
            cache = store_orders(self, orders)
            for hash in (hash_of("orders"), *{hash_of("orders", order["symbol"]) for order in orders}):
                self.tell_own(connection, cache, hash, ORDERS)
        if trades:
            cache = store_trades(self, trades)
            for hash in (hash_of("myTrades"), *{hash_of("myTrades", trade["symbol"]) for trade in trades}):
                self.tell_own(connection, cache, hash, ORDERS)

    def report_of(self, row: Mapping[str, Any], order: Mapping[str, Any]) -> Report:
        def number(*keys: str) -> Decimal | None:
            text = self.amount_of(row, *keys)
            return None if text is None else Decimal(text)

        filled = number("cumFilledQty", "fillQty", "cumQty") or ZERO
        average = number("avgFilledPx", "avgFillPrice", "avgPx")
        told = ("status", "filled", "amount", "price", "average", "triggerPrice", "fee")
        return Report(
            id=order["id"],
            open=order["status"] not in ENDED,
            touched=order["lastUpdateTimestamp"] or order["timestamp"] or 0,
            created=order["timestamp"] or 0,
            state=tuple(str(order[name]) for name in told),
            filled=filled,
            cost=average * filled if average else None,
            fee=number("cumFee") if "createTime" not in row else None,
            last_amount=number("lastQty") or ZERO,
            last_price=number("lastPx") or ZERO,
            last_fee=number("fee") if "createTime" not in row else None,
        )

    def trade_of(
        self, fill: Fill, row: Mapping[str, Any], order: Mapping[str, Any], live: bool
    ) -> dict[str, Any]:
        """A fill; or, where the order's sums tell of more fills than one, those together."""
        number = self.safe_string(row, "seqNum")
        fee = None
        if fill.fee is not None:
            asset = self.safe_currency_code(self.safe_string(row, "feeAsset"))
            fee = {"cost": self.parse_number(plain(fill.fee)), "currency": asset}
        at_market = order["type"] == "market" and order["triggerPrice"] is None
        timestamp = self.moment(row, "lastExecTime")
        price = fill.cost / fill.amount
        return self.safe_trade(
            {
                "id": number if live and fill.last and number else f"{order['id']}:{plain(fill.filled)}",
                "order": order["id"],
                "symbol": order["symbol"],
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "type": order["type"],
                "side": order["side"],
                "takerOrMaker": "taker" if at_market else "maker" if order["postOnly"] else None,
                "price": plain(price if fill.last else round(price, 9)),
                "amount": plain(fill.amount),
                "cost": plain(fill.cost),
                "fee": fee,
                "info": order["info"],
            },
            self.market(order["symbol"]),
        )

    # -- what was missed ----------------------------------------------------------------------------

    def noted(self, order: Any) -> Any:
        order = super().noted(order)
        watched = any(ORDERS in wanted for wanted in self.followed.values())
        row = self.desk.place(order["id"]) if watched and order["id"] is not None else None
        connection = None if row is None else (self.clients or {}).get(self.private_url())
        if row is not None and connection is not None:
            self.tell_orders(connection, [(row, row)], live=False)
        return order

    def look_for_orders(self, connection: Connection) -> None:
        """Begin to catch up. Who does already on this connection looks once more."""
        self.catch_ups_due += 1
        self.desk.since = self.desk.since or self.nonce()
        self.run_once(connection, "orders", lambda: self.catch_up_orders(connection))

    async def catch_up_orders(self, connection: Connection) -> None:
        failures = 0
        missed: dict[str, int] = {}
        while True:
            due = self.catch_ups_due
            try:
                lost = await self.find_orders(connection)
            except BaseError as error:
                failures += 1
                for hash in self.users_of(connection, ORDERS):
                    connection.reject(error, hash)
                await asyncio.sleep(min(LONGEST_PAUSE_S, 0.25 * 2**failures))
                continue
            missed = {id: missed.get(id, 0) + 1 for id in lost}
            for id in [id for id, times in missed.items() if times >= PATIENCE]:
                del missed[id]
                self.desk.drop(id)
                for hash in self.users_of(connection, ORDERS):
                    connection.reject(OrderNotFound(f"{self.id} does not know the order {id} any more"), hash)
            if missed:
                await asyncio.sleep(PAUSE_S)
            elif due == self.catch_ups_due:
                return

    async def find_orders(self, connection: Connection) -> list[str]:
        """Look at the venue's lists. The ids of orders that were to be found, and were not."""
        desk = self.desk
        rows = await self.all_open_rows(connection)
        ended = await self.history_rows(None, None, {})
        if desk.begun:
            rows = rows + ended
        else:
            # Of this instance, or ended since the watching began; or old.
            awaited = set(self.unsettled_orders())
            for row in ended:
                id = self.required(row, "orderId")
                if id in awaited or not desk.remember_old(
                    id, row, self.whole(row, "lastExecTime", "time") or 0
                ):
                    rows.append(row)
        found = {self.required(row, "orderId") for row in rows}
        wanted = [id for id in self.unsettled_orders() if id not in found]
        looked_up: list[dict[str, Any]] = []
        for start in range(0, len(wanted), ASKED_AT_ONCE):
            looked_up += await self.rows_of(wanted[start : start + ASKED_AT_ONCE])
        found.update(self.required(row, "orderId") for row in looked_up)
        rows = sorted(rows + looked_up, key=lambda row: self.whole(row, "lastExecTime", "time") or 0)
        self.tell_orders(connection, [(row, row) for row in rows], live=False)
        desk.begun = True
        return [id for id in wanted if id not in found]

    async def rows_of(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """The orders of these ids, without those that the venue does not know."""
        try:
            return await self.status_rows(ids, {})
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
                for id, order in self.placed_orders.items()
                if order["status"] not in ENDED and id not in self.desk.known
            ]
        )
        return list(dict.fromkeys([*self.desk.unsettled(), *before]))

    async def all_open_rows(self, connection: Connection) -> list[dict[str, Any]]:
        try:
            return await self.open_rows_over_socket(connection, {})
        except BaseError as error:
            if self.verbose:
                self.log(f"{error}; open orders are asked for over REST")
            return await self.open_rows(None, {})


def plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
