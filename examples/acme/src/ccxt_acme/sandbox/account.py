"""The calls of Acme Exchange that only read an account."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.frontend import Request, decimal_text
from ccxt_ext.sandbox.frontend.engine import Engine

from .parameters import Page, page, whole
from .refusals import no_pair
from .rows import fill_row


class Account:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def funds(self, request: Request, account: str) -> Any:
        rows = [
            {
                "currency": currency,
                "total": decimal_text(balance.free + balance.held),
                "in_orders": decimal_text(balance.held),
            }
            for currency, balance in self._engine.balances(account).items()
        ]
        return rows

    def fills(self, request: Request, account: str) -> Page:
        market = request.query.get("pair")
        if market is not None and market not in self._engine.markets:
            raise no_pair()
        start, end = whole(request, "from", 0), whole(request, "to", 10**15 - 1)
        fills = self._engine.fills(account)  # newest first
        wanted = [fill for fill in fills if market in (None, fill.market) and start <= fill.timestamp <= end]
        return page(request, wanted, fill_row)
