"""The calls of Acme Exchange that only read an account."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.frontend import Request, decimal_text
from ccxt_ext.sandbox.frontend.engine import Engine

from .contracts import wallet_of  # with --swap
from .parameters import answer_with, page, whole
from .refusals import no_market
from .rows import fill_row


class Account:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def balances(self, request: Request, account: str) -> Any:
        balances = self._engine.balances(
            account,
            wallet_of(request),  # with --swap
        )
        rows = [
            {"currency": code, "available": decimal_text(balance.free), "held": decimal_text(balance.held)}
            for code, balance in balances.items()
        ]
        return {"balances": rows}

    def fills(self, request: Request, account: str) -> Any:
        market = request.query.get("market")
        if market is not None and market not in self._engine.markets:
            raise no_market()
        start, end = whole(request, "start", 0), whole(request, "end", 10**15 - 1)
        fills = self._engine.fills(account)  # newest first
        places = range(len(fills), 0, -1)
        wanted = [
            (fill, place)
            for fill, place in zip(fills, places, strict=True)
            if market in (None, fill.market) and start <= fill.timestamp <= end
        ]
        rows, following = page(request, [fill for fill, _ in wanted], [place for _, place in wanted])
        return answer_with("fills", [fill_row(fill) for fill in rows], following)
