"""What a venue's class parses fast is, to the last bit, what it parses row by row, exceptions included."""

import collections
import functools
import importlib.util
import json
from collections.abc import Callable
from operator import getitem
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.testing.longer import tables
from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venue.answers import reading
from tests.ids import IDS
from tests.venues.long_answers import PARSERS, WHOLE, cases
from tests.venues.more_rows import odd_ones_out, spoiled
from tests.venues.profiles import PROFILES, SINCE

PAYLOADS = {
    id: importlib.import_module(f"benchmarks.payloads.{id}")
    for id in IDS
    if importlib.util.find_spec(f"benchmarks.payloads.{id}")
}
KINDS = [(id, kind) for id, payloads in PAYLOADS.items() for kind in payloads.answers()]


def row_by_row(kind: type) -> type:
    """With a helper of its own in ccxt's place, so that nothing is parsed together."""
    return type(kind.__name__, (kind,), {"to_array": staticmethod(lambda value: kind.to_array(value))})


class Pair:
    """An exchange, and another that parses row by row."""

    def __init__(self, id: str) -> None:
        profile = PROFILES[id]
        self.fast, _ = profile.offline("sync", lambda request: self.answer)
        self.slow, _ = profile.offline("sync", lambda request: self.answer)
        self.slow.__class__ = row_by_row(profile.kind("sync"))
        for exchange in (self.fast, self.slow):
            markets = list(exchange.markets.values())
            exchange.set_markets([*markets, another(exchange.market(profile.symbol))])

    def assert_same(self, parse: Callable[[Any], Any]) -> None:
        assert_same(parse, self.fast, self.slow)

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


def assert_same(parse: Callable[[Any], Any], *exchanges: Any) -> None:
    fast, slow = (outcome(parse, exchange) for exchange in exchanges)
    assert fast == slow


def outcome(parse: Callable[[Any], Any], exchange: Any) -> tuple[Any, ...]:
    try:
        return "result", repr(parse(exchange))
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize(("id", "method", "args", "sample_name"), cases([*PARSERS, *WHOLE]))
def test_the_same_as_row_by_row(id: str, method: str, args: tuple[Any, ...], sample_name: str) -> None:
    pair = Pair(id)
    symbol = next((arg for arg in args if "/" in str(arg)), PROFILES[id].symbol)
    symbols = st.sampled_from([symbol] * 3 + [None])
    sample = PROFILES[id].sample(sample_name)
    path, _ = next(tables(sample), ((), None))
    limits = st.sampled_from([(None, None)] * 3 + [(SINCE, None), (None, 5), (0, 3)])

    @settings(max_examples=settings.default.max_examples // 4)
    @given(spoiled(sample, [tuple(pair.fast.markets_by_id)]), symbols, limits)
    def run(payload: Any, symbol: Any, limit: tuple[Any, ...]) -> None:
        if method in WHOLE:
            pair.call(payload, method, *args)
        else:
            pair.parse(functools.reduce(getitem, path, payload), PARSERS[method], symbol, *limit)

    run()


@pytest.mark.parametrize(("id", "method", "args", "sample_name"), cases(PARSERS))
def test_one_row_is_not_as_the_others(id: str, method: str, args: tuple[Any, ...], sample_name: str) -> None:
    pair = Pair(id)
    sample = PROFILES[id].sample(sample_name)
    path, table = next(tables(sample), ((), None))
    symbol = next((arg for arg in args if "/" in str(arg)), PROFILES[id].symbol)
    words = [tuple(pair.fast.markets_by_id)]
    for rows in odd_ones_out([sample] if table is None else sample, path, words):
        pair.parse(rows, PARSERS[method], symbol)


# -- the answers that are measured ----------------------------------------------------------------


@functools.cache
def measured(id: str, count: int) -> list[Any]:
    kind = PROFILES[id].kind("sync")
    exchanges = [kind(), row_by_row(kind)()]
    for exchange in exchanges:
        exchange.set_markets(exchange.parse_markets(PAYLOADS[id].markets(count)), {})
    return exchanges


@pytest.mark.parametrize(("id", "kind"), KINDS)
def test_few_rows_are_parsed_one_by_one(id: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: collections.Counter[Any] = collections.Counter()

    def number_text(self: Any, *args: Any, genuine: Any = reading.number_text) -> Any:
        read[self] += 1
        return genuine(self, *args)

    exchanges = measured(id, 500)
    monkeypatch.setattr(reading, "number_text", number_text)
    answer = exchanges[0].parse_json(json.dumps(PAYLOADS[id].answers()[kind]))
    fast, slow = (repr(PAYLOADS[id].parse[kind](exchange, answer)) for exchange in exchanges)
    assert fast == slow
    assert read[exchanges[0]] < read[exchanges[1]] / 10


@pytest.mark.parametrize(("id", "kind"), KINDS)
def test_measured_answers_that_went_wrong(id: str, kind: str) -> None:
    exchanges = measured(id, 20)
    sample = shorter(PAYLOADS[id].answers()[kind])

    @settings(max_examples=settings.default.max_examples // 4)
    @given(spoiled(sample, [tuple(exchanges[0].markets_by_id)]))
    def run(payload: Any) -> None:
        answer = exchanges[0].parse_json(json.dumps(payload))
        assert_same(lambda exchange: PAYLOADS[id].parse[kind](exchange, answer), *exchanges)

    run()


def shorter(payload: Any) -> Any:
    if isinstance(payload, dict):
        return {key: shorter(value) for key, value in payload.items()}
    return payload[:20] if isinstance(payload, list) else payload
