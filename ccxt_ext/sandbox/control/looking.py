"""Calls that show what the engine has, and what was asked of the venues."""

from __future__ import annotations

from heapq import merge
from itertools import islice
from typing import Any

from ccxt_ext.sandbox.control.calls import Call, Calls
from ccxt_ext.sandbox.control.rows import order_row, trade_row
from ccxt_ext.sandbox.engine import Fill
from ccxt_ext.sandbox.fields import Fields, check_names, integer_text, one_of
from ccxt_ext.sandbox.frontend import BaseFrontend, by_time_and_id, decimal_text

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
        check_names(fields, "venue", "account", "market", "status", "limit")
        frontend, market = self.frontend(fields), self.market_if_given(fields)
        statuses = (one_of(fields, "status", ORDER_STATUSES),) if "status" in fields else None
        limit = integer_text(fields, "limit")
        newest_first = merge(
            *(frontend.engine.newest_orders(each, market, statuses) for each in self._accounts(fields)),
            key=lambda order: (-order.created, -order.id),
        )
        return [order_row(order, frontend.order_name(order)) for order in islice(newest_first, limit)]

    def trades(self, fields: Fields) -> Any:
        check_names(fields, "venue", "account", "market", "order", "limit")
        frontend, market = self.frontend(fields), self.market_if_given(fields)
        engine, limit = frontend.engine, integer_text(fields, "limit")
        newest_first = merge(
            *(by_time_and_id(engine.newest_fills(each, market)) for each in self._accounts(fields)),
            key=lambda fill: (-fill.timestamp, -fill.id),
        )
        named = ((fill, self._order_name(frontend, fill)) for fill in newest_first)
        wanted = (
            trade_row(fill.account, fill, name) for fill, name in named if fields.get("order") in (None, name)
        )
        return list(islice(wanted, limit))

    @staticmethod
    def _order_name(frontend: BaseFrontend[Any], fill: Fill) -> str:
        order = frontend.engine.order(fill.account, fill.order_id)
        assert order is not None
        return frontend.order_name(order)

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
