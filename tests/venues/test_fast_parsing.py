"""What a venue's class parses fast is, to the last bit, what it parses row by row, exceptions included."""

import functools
import json
from collections.abc import Callable
from operator import getitem
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from more_rows import spoiled, tables
from profiles import PROFILES, SINCE
from wire import Answer, call

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

CASES = [
    pytest.param(id, method, args, sample, id=f"{id}-{method}-{sample}")
    for id, profile in PROFILES.items()
    for method, args, sample in [
        *[
            (name, profile.calls[name], sample)
            for name in (*PARSERS, *WHOLE)
            for sample in profile.samples.get(name, ())
        ],
        *OTHERS.get(id, ()),
    ]
]


class Pair:
    """An exchange, and another that parses row by row."""

    def __init__(self, id: str) -> None:
        profile = PROFILES[id]
        self.fast, _ = profile.offline("sync", lambda request: self.answer)
        self.slow, _ = profile.offline("sync", lambda request: self.answer)
        self.slow.__class__ = type(id, (profile.kind("sync"),), {"parses_as_ever": lambda self: False})
        for exchange in (self.fast, self.slow):
            markets = list(exchange.markets.values())
            exchange.set_markets([*markets, another(exchange.market(profile.symbol))])

    def assert_same(self, parse: Callable[[Any], Any]) -> None:
        fast, slow = outcome(parse, self.fast), outcome(parse, self.slow)
        assert fast == slow

    def parse(self, rows: Any, parser: str, symbol: str | None, *args: Any) -> None:
        rows = self.fast.parse_json(json.dumps(rows))
        market = None if symbol is None else self.fast.market(symbol)
        if parser == "parse_ohlcvs":
            args = ("1m", *args)
        given = (None,) if parser == "parse_tickers" else (market, *args)
        self.assert_same(lambda exchange: getattr(exchange, parser)(rows, *given))

    def call(self, payload: Any, method: str, *args: Any) -> None:
        self.answer = Answer(json.dumps(payload))
        self.assert_same(lambda exchange: call(exchange, method, *args))


def another(market: dict[str, Any]) -> dict[str, Any]:
    """A market that differs in what ccxt calculates with."""
    named = {name: f"{market[name]}2" for name in ("id", "base", "symbol")}
    precision = {**market["precision"], "price": 0.5}
    if not market["contract"]:
        return {**market, **named, "precision": precision}
    kinds = {"linear": market["inverse"], "inverse": market["linear"], "contractSize": 100}
    return {**market, **named, **kinds, "precision": precision}


def outcome(parse: Callable[[Any], Any], exchange: Any) -> tuple[Any, ...]:
    try:
        return "result", repr(parse(exchange))
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize(("id", "method", "args", "sample_name"), CASES)
def test_the_same_as_row_by_row(id: str, method: str, args: tuple[Any, ...], sample_name: str) -> None:
    pair = Pair(id)
    symbol = next((arg for arg in args if "/" in str(arg)), PROFILES[id].symbol)
    symbols = st.sampled_from([symbol] * 3 + [None])
    sample = PROFILES[id].sample(sample_name)
    path, _ = next(tables(sample), ((), None))
    limits = st.sampled_from([(None, None)] * 3 + [(SINCE, None), (None, 5), (0, 3)])

    @settings(max_examples=settings.default.max_examples // 2)
    @given(spoiled(sample, [tuple(pair.fast.markets_by_id)]), symbols, limits)
    def run(payload: Any, symbol: Any, limit: tuple[Any, ...]) -> None:
        if method in WHOLE:
            pair.call(payload, method, *args)
        else:
            pair.parse(functools.reduce(getitem, path, payload), PARSERS[method], symbol, *limit)

    run()
