"""Calls that show what the engine has, and what was asked of the venues."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from heapq import merge
from itertools import islice
from typing import Any

from ccxt_ext.sandbox.control.calls import Call, Calls, symbols_of
from ccxt_ext.sandbox.control.rows import order_row, position_row, trade_row
from ccxt_ext.sandbox.engine import Fill
from ccxt_ext.sandbox.engine.exact import ZERO, add
from ccxt_ext.sandbox.fields import Fields, check_names, integer_text, one_of
from ccxt_ext.sandbox.frontend import BaseFrontend, by_time_and_id, decimal_text

ORDER_STATUSES = ("open", "closed", "canceled")


class LookingCalls(Calls):
    def table(self) -> dict[tuple[str, str], Call]:
        return {
            ("GET", "/ledger"): self.ledger,
            ("GET", "/orders"): self.orders,
            ("GET", "/trades"): self.trades,
            ("GET", "/positions"): self.positions,
            ("GET", "/balance"): self.balance,
            ("GET", "/book"): self.book,
            ("GET", "/requests"): self.requests,
            ("GET", "/crashes"): self.crashes,
        }

    def ledger(self, fields: Fields) -> Any:
        check_names(fields, "venue")
        chosen = [self.venue(fields)] if "venue" in fields else self.world.settings.all_venues
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
        symbol_of = symbols_of(frontend.engine)
        return [
            order_row(order, frontend.order_name(order), symbol_of(order.market))
            for order in islice(newest_first, limit)
        ]

    def trades(self, fields: Fields) -> Any:
        check_names(fields, "venue", "account", "market", "order", "limit")
        frontend, market = self.frontend(fields), self.market_if_given(fields)
        limit, accounts = integer_text(fields, "limit"), self._accounts(fields)
        if "order" in fields:
            found = [self._fills_of(frontend, each, fields["order"]) for each in accounts]
        else:
            found = [frontend.engine.newest_fills(each, market) for each in accounts]
        newest_first = merge(*map(by_time_and_id, found), key=lambda fill: (-fill.timestamp, -fill.id))
        wanted = (fill for fill in newest_first if market in (None, fill.market))
        symbol_of = symbols_of(frontend.engine)
        return [
            trade_row(fill.account, fill, self._order_name(frontend, fill), symbol_of(fill.market))
            for fill in islice(wanted, limit)
        ]

    @staticmethod
    def _fills_of(frontend: BaseFrontend[Any], account: str, name: str) -> Sequence[Fill]:
        """The fills of the order that has this name."""
        order = frontend.order_named(account, name)
        return () if order is None else frontend.engine.newest_fills_of(account, order.id)

    @staticmethod
    def _order_name(frontend: BaseFrontend[Any], fill: Fill) -> str:
        order = frontend.engine.order(fill.account, fill.order_id)
        assert order is not None
        return frontend.order_name(order)

    def positions(self, fields: Fields) -> Any:
        """The open positions of all accounts, oldest first."""
        check_names(fields, "venue", "account", "market")
        engine, market = self.engine(fields), self.market_if_given(fields)
        symbol_of = symbols_of(engine)
        found = [each for name in self._accounts(fields) for each in engine.positions(name, market)]
        found.sort(key=lambda position: (position.opened, position.id))
        return [position_row(each, symbol_of(each.market)) for each in found]

    def balance(self, fields: Fields) -> Any:
        """What an account has of each currency of the venue: in all its wallets, or in one."""
        check_names(fields, "venue", "account", "wallet")
        engine, account = self.engine(fields), self.account(fields)
        wallets = [one_of(fields, "wallet", engine.wallets)] if "wallet" in fields else engine.wallets
        free: dict[str, Decimal] = {}
        held: dict[str, Decimal] = {}
        for wallet in wallets:
            for currency, has in engine.balances(account, wallet).items():
                free[currency] = add(free.get(currency, ZERO), has.free)
                held[currency] = add(held.get(currency, ZERO), has.held)
        return {
            currency: {
                "free": decimal_text(free[currency]),
                "held": decimal_text(held[currency]),
                "total": decimal_text(add(free[currency], held[currency])),
            }
            for currency in sorted(free)
        }

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

    def crashes(self, fields: Fields) -> Any:
        """The failures of the sandbox itself since it was started, oldest first."""
        check_names(fields)
        return {"crashes": list(self.world.crashes)}

    def _accounts(self, fields: Fields) -> list[str]:
        return [self.account(fields)] if "account" in fields else self.frontend(fields).accounts
