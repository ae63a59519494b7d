"""Calls of unified methods: the profile's, or those that can be made of any venue."""

from __future__ import annotations

from typing import Any

from ccxt_ext.testing.conformance.offline import Offline
from ccxt_ext.testing.conformance.placing import some_order
from ccxt_ext.testing.profile import Profile

# Which of the methods need no key.
PUBLIC = frozenset(
    (
        *("fetchBidsAsks", "fetchCurrencies", "fetchFundingInterval", "fetchFundingIntervals"),
        *("fetchFundingRate", "fetchFundingRateHistory", "fetchFundingRates", "fetchIndexOHLCV"),
        *("fetchL2OrderBook", "fetchLastPrices", "fetchMarkOHLCV", "fetchMarkPrice", "fetchMarkPrices"),
        *("fetchMarkets", "fetchOHLCV", "fetchOpenInterest", "fetchOpenInterests", "fetchOrderBook"),
        *("fetchStatus", "fetchTicker", "fetchTickers", "fetchTime", "fetchTrades"),
    )
)

Calls = dict[str, tuple[Any, ...]]


def calls_of(profile: Profile, made: Offline) -> Calls:
    """Methods that send something, each with arguments for it."""
    if profile.calls:
        return dict(profile.calls)
    exchange, symbol = made.exchange, made.symbol
    known: Calls = {
        "fetchMarkets": (),
        "fetchTicker": (symbol,),
        "fetchTickers": ([symbol],),
        "fetchOrderBook": (symbol,),
        "fetchTrades": (symbol,),
        "fetchOHLCV": (symbol, next(iter(exchange.timeframes or {}), "1m")),
        "fetchTime": (),
        "fetchBalance": (),
        "createOrder": (symbol, "limit", "buy", *some_order(exchange, symbol)),
        "cancelOrder": ("1", symbol),
        "fetchOrder": ("1", symbol),
        "fetchOrders": (symbol,),
        "fetchOpenOrders": (symbol,),
        "fetchClosedOrders": (symbol,),
        "fetchMyTrades": (symbol,),
    }
    return {name: arguments for name, arguments in known.items() if exchange.has.get(name)}


def is_public(name: str) -> bool:
    return name in PUBLIC
