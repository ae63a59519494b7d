"""What BitMax's first futures API had and its successor has not: funding rates and payments of the past."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ccxt_ext.sandbox.engine import Engine
from ccxt_ext.sandbox.frontend import Request, decimal_text
from ccxt_ext.sandbox.frontends.bitmaxfutures.market_data import whole
from ccxt_ext.sandbox.frontends.bitmaxfutures.order_fields import Declined

if TYPE_CHECKING:
    from ccxt_ext.sandbox.frontends.bitmaxfutures.frontend import Key

SOME_ROWS, MOST_ROWS = 20, 100
RATES_KEPT = 90  # of a contract: a month of them


class RetiredCalls:
    engine: Engine

    def _funding_rates(self, request: Request) -> Any:
        self.engine.catch_up()
        rows = [
            {"timestamp": time, "symbol": symbol, "fundingRate": decimal_text(rate)}
            for symbol in self._asked(request)
            for time, rate in self.engine.markets[symbol].past_funding_rates(RATES_KEPT)
        ]
        return _page(request, sorted(rows, key=lambda row: -row["timestamp"]))

    def _funding_payments(self, request: Request, key: Key) -> Any:
        asked = self._asked(request)
        rows = [
            {
                "fundingRate": decimal_text(payment.rate),
                "paymentInUSDT": decimal_text(payment.amount),
                "symbol": payment.market,
                "timestamp": payment.timestamp,
            }
            for payment in self.engine.funding_payments(key.account)
            if payment.market in asked
        ]
        return _page(request, rows)

    def _asked(self, request: Request) -> list[str]:
        symbol = request.query.get("symbol")
        if symbol is None:
            return list(self.engine.markets)
        if symbol not in self.engine.markets:
            raise Declined(100008, "Invalid symbol")
        return [symbol]


def _page(request: Request, rows: Sequence[Any]) -> dict[str, Any]:
    page = max(1, whole(request, "page", 1))
    size = min(max(1, whole(request, "pageSize", SOME_ROWS)), MOST_ROWS)
    return {
        "page": page,
        "pageSize": size,
        "hasNext": page * size < len(rows),
        "data": list(rows[(page - 1) * size : page * size]),
    }
