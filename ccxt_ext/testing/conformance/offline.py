"""An exchange without a network, for venues with and without a profile or a frontend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ccxt_ext
from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.wire import Answer, Request, Wire, unanswered

# Stands for the markets of a venue that has neither documented ones nor a frontend.
MARKET = {
    "id": "BTCUSDT",
    "symbol": "BTC/USDT",
    "base": "BTC",
    "quote": "USDT",
    "baseId": "BTC",
    "quoteId": "USDT",
    "type": "spot",
    "spot": True,
    "active": True,
    "precision": {"amount": 0.001, "price": 0.01},
    "limits": {"amount": {"min": 0.001}, "price": {}, "cost": {}},
}


class Offline:
    """Its markets are the documented ones if the profile has them, else the frontend's."""

    def __init__(
        self,
        tested: Tested,
        kind: str,
        answer: Callable[[Request], Answer] | None,
        config: Mapping[str, Any],
    ) -> None:
        profile = tested.profile
        answer = answer or unanswered
        self.exchange: Any
        self.wire: Wire
        if profile.markets_sample or not tested.frontend:
            self.exchange, self.wire = profile.offline(kind, answer, **config)
            if not self.exchange.markets:
                self.exchange.set_markets([self.exchange.safe_market_structure(MARKET)])
        else:
            ccxt_ext.reset_shared()
            bench = Bench(tested.id)
            self.exchange = bench.exchange(kind, **config)
            self.exchange.set_markets(list(tested.loaded().markets.values()))
            self.wire = bench.wire
            self.wire.answer = answer
            self.wire.requests.clear()
        self.symbol: str = profile.symbol or _first(self.exchange)


def _first(exchange: Any) -> str:
    market_type = exchange.options.get("defaultType", "spot")
    markets = exchange.markets.values()
    return next(
        (str(market["symbol"]) for market in markets if market.get(market_type)), next(iter(exchange.markets))
    )
