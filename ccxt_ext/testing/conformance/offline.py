"""An exchange without a network, for venues with and without a profile or a frontend."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Mapping
from typing import Any

import ccxt_ext
from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.venues import kinds_of
from ccxt_ext.testing.wire import Answer, Request, Wire, call, unanswered

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
            self.exchange.set_markets(copy.deepcopy(markets_of(tested.id)))
            self.wire = bench.wire
            self.wire.answer = answer
            self.wire.requests.clear()
        self.symbol: str = profile.symbol or first_symbol(self.exchange)


@functools.cache
def markets_of(id: str) -> list[Any]:
    """Those that the frontend lists."""
    exchange = Bench(id).exchange(kinds_of(id)[0])
    call(exchange, "loadMarkets")
    return list(exchange.markets.values())


def first_symbol(exchange: Any) -> str:
    """The first open market of the type that the venue goes by."""
    market_type = exchange.options.get("defaultType", "spot")
    markets = [each for each in exchange.markets.values() if each.get("active") is not False]
    return next(
        (str(each["symbol"]) for each in markets if each.get(market_type)), next(iter(exchange.markets))
    )
