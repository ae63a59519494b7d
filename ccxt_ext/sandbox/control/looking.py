"""Calls that show what the engine has, and what was asked of the venues."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.control.calls import Call, Calls
from ccxt_ext.sandbox.control.rows import order_row, trade_row
from ccxt_ext.sandbox.fields import Fields, check_names, integer_text, one_of
from ccxt_ext.sandbox.frontend import decimal_text

ORDER_STATUSES = ("open", "closed", "canceled")


class LookingCalls(Calls):
    def table(self) -> dict[tuple[str, str], Call]:
        return {
            ("GET", "/ledger"): self.ledger,
            ("GET", "/orders"): self.orders,
            ("GET", "/trades"): self.trades,
            ("GET", "/book"): self.book,
            ("GET", "/requests"): self.requests,
        }

    def ledger(self, fields: Fields) -> Any:
        check_names(fields, "venue")
        chosen = [self.venue(fields)] if "venue" in fields else self.world.settings.venues
        return {venue: self._ledger(venue) for venue in chosen}

    def _ledger(self, venue: str) -> dict[str, dict[str, str]]:
        entries = self.world.frontends[venue].engine.ledger()
        return {
            currency: {"total": decimal_text(total), "deposited": decimal_text(deposited)}
            for currency, (total, deposited) in sorted(entries.items())
        }

    def orders(self, fields: Fields) -> Any:
        check_names(fields, "venue", "account", "market", "status")
        frontend, market = self.frontend(fields), self.market_if_given(fields)
        statuses = (one_of(fields, "status", ORDER_STATUSES),) if "status" in fields else None
        found = [
            order
            for account in self._accounts(fields)
            for order in frontend.engine.orders(account, market, statuses)
        ]
        newest_first = sorted(found, key=lambda order: (-order.created, -order.id))
        return [order_row(order, frontend.order_name(order)) for order in newest_first]

    def trades(self, fields: Fields) -> Any:
        check_names(fields, "venue", "account", "market", "order")
        frontend, market = self.frontend(fields), self.market_if_given(fields)
        engine = frontend.engine
        found = [
            (account, fill) for account in self._accounts(fields) for fill in engine.fills(account, market)
        ]
        found.sort(key=lambda entry: (-entry[1].timestamp, -entry[1].id))
        rows = []
        for account, fill in found:
            order = engine.order(account, fill.order_id)
            assert order is not None
            rows.append(trade_row(account, fill, frontend.order_name(order)))
        return [row for row in rows if fields.get("order") in (None, row["order"])]

    def book(self, fields: Fields) -> Any:
        check_names(fields, "venue", "market", "depth")
        engine = self.engine(fields)
        depth = integer_text(fields, "depth")
        bids, asks = engine.markets[self.market(fields)].book(depth)
        return {
            "bids": [[decimal_text(level.price), decimal_text(level.amount)] for level in bids],
            "asks": [[decimal_text(level.price), decimal_text(level.amount)] for level in asks],
        }

    def requests(self, fields: Fields) -> Any:
        check_names(fields, "venue", "limit")
        limit = integer_text(fields, "limit")
        return self.world.requests.rows(self.venue(fields), limit)

    def _accounts(self, fields: Fields) -> list[str]:
        return [self.account(fields)] if "account" in fields else self.frontend(fields).accounts
