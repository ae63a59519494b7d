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

# (method, its arguments, the documented answer) of a venue's other APIs
OTHERS: dict[str, list[tuple[str, tuple[Any, ...], str]]] = {
    "btex": [
        ("fetchOrderBook", ("BTC/USDT",), "openapi1-orderbook"),
        ("fetchTrades", ("BTC/USDT",), "openapi1-trades"),
        ("fetchOHLCV", ("BTC/USDT",), "openapi1-k_data"),
        ("fetchOpenOrders", ("BTC/USDT",), "openapi1-auth_api-myorders"),
        ("fetchMyTrades", ("BTC/USDT",), "openapi1-auth_api-mytrades"),
        ("fetchBalance", ({"type": "spot"},), "openapi1-auth_api-getinfo"),
    ],
    "bitexbit": [
        ("fetchOrderBook", ("BTC/USD", None, {"method": "v2"}), "v2-public-depth"),
        ("fetchTrades", ("BTC/USD",), "v2-public-trades"),
        ("fetchOHLCV", ("BTC/USD",), "v2-public-ohlcv"),
        ("fetchOrders", ("BTC/USD",), "v2-private-orders"),
        ("fetchBalance", ({"method": "v2"},), "v2-private-balance"),
    ],
    "bitmaxfutures": [
        ("fetchOrders", ("BTC/USDT:USDT",), "rest-v2-order-hist"),
        ("fetchBalance", ({"type": "spot"},), "rest-v1-cash-balance"),
        ("fetchBalance", ({"freeMargin": False},), "rest-v2-futures-position"),
    ],
}


def cases(methods: Iterable[str]) -> list[Any]:
    found = {
        (id, PARSERS.get(method, method), sample): (id, method, args, sample)
        for id, profile in PROFILES.items()
        for method, args, sample in [
            *[(name, profile.calls[name], s) for name in methods for s in profile.samples.get(name, ())],
            *[other for other in OTHERS.get(id, ()) if other[0] in methods],
        ]
    }
    return [pytest.param(*case, id="-".join((*case[:2], case[3]))) for case in found.values()]
