"""What BitMax's first futures API had and its successor has not: funding rates and payments of the past."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ccxt_ext.sandbox.frontend import Request, decimal_text
from ccxt_ext.sandbox.frontend.engine import Engine
from ccxt_ext.sandbox.frontends.bitmaxfutures.keys import Key
from ccxt_ext.sandbox.frontends.bitmaxfutures.parameters import integer, page_of
from ccxt_ext.sandbox.frontends.bitmaxfutures.refusals import Declined

SOME_ROWS, MOST_ROWS = 20, 100
RATES_KEPT = 90
"""How many funding rates are shown of each contract: those of a month."""


class RetiredCalls:
    """Funding rates and payments of the past."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def funding_rates(self, request: Request) -> Any:
        self._engine.catch_up()
        rows = [
            {"timestamp": time, "symbol": symbol, "fundingRate": decimal_text(rate)}
            for symbol in self._symbols(request)
            for time, rate in self._engine.markets[symbol].past_funding_rates(RATES_KEPT)
        ]
        return _page(request, sorted(rows, key=lambda row: -row["timestamp"]))

    def funding_payments(self, request: Request, key: Key) -> Any:
        asked = self._symbols(request)
        market = asked[0] if "symbol" in request.query else None
        payments = self._engine.newest_funding_payments(key.account, market)
        if market is None and self._engine.markets.ended:
            payments = [each for each in payments if each.market in asked]
        page = _page(request, payments)
        rows = [
            {
                "fundingRate": decimal_text(payment.rate),
                "paymentInUSDT": decimal_text(payment.amount),
                "symbol": payment.market,
                "timestamp": payment.timestamp,
            }
            for payment in page["data"]
        ]
        return {**page, "data": rows}

    def _symbols(self, request: Request) -> list[str]:
        symbol = request.query.get("symbol")
        if symbol is None:
            return list(self._engine.markets)
        if symbol not in self._engine.markets:
            raise Declined(100008, "Invalid symbol")
        return [symbol]


def _page(request: Request, rows: Sequence[Any]) -> dict[str, Any]:
    page = max(1, integer(request, "page", 1))
    size = min(max(1, integer(request, "pageSize", SOME_ROWS)), MOST_ROWS)
    return page_of(rows, page, size)
