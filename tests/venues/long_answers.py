"""The documented answers that are lists: of which call, and how it is parsed."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.venues.profiles import PROFILES

PARSERS = {
    "fetchTrades": "parse_trades",
    "fetchMyTrades": "parse_trades",
    "fetchOrderTrades": "parse_trades",
    "fetchOrders": "parse_orders",
    "fetchOpenOrders": "parse_orders",
    "fetchTickers": "parse_tickers",
    "fetchOHLCV": "parse_ohlcvs",
}
WHOLE = ("fetchOrderBook", "fetchL3OrderBook", "fetchBalance")  # not lists of rows


def cases(methods: Iterable[str]) -> list[Any]:
    found = {
        (id, PARSERS.get(method, method), sample): (id, method, args, sample)
        for id, profile in PROFILES.items()
        for method, args, sample in [
            *[(name, profile.calls[name], s) for name in methods for s in profile.samples.get(name, ())],
            *[other for other in profile.more_samples if other[0] in methods],
        ]
    }
    return [pytest.param(*case, id="-".join((*case[:2], case[3]))) for case in found.values()]
