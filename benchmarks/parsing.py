"""Answers into ccxt's structures."""

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import orjson
from ccxt.base.exchange import Exchange

from benchmarks.measure import side_by_side
from ccxt_ext.venue.answers import reading

# kind: (what it is called, how many units, how many times faster than ccxt's generic code it is to be)
KINDS = {
    "book of 100": ("order book, 100 levels a side", 200, 3.0),
    "book of 1,000": ("order book, 1,000 levels a side", 2000, 3.0),
    "trades": ("500 trades", 500, 4.0),
    "candles": ("1,000 candles", 1000, 4.0),
    "tickers": ("500 tickers", 500, 4.0),
    "orders": ("500 orders", 500, 4.0),
    "balance": ("balance of 200 currencies", 200, 2.0),
}


def inherited(venue: Any) -> Any:
    """The venue's class, which parses row by row: a helper of its own stands in ccxt's place."""
    return type("Inherited", (venue,), {"to_array": staticmethod(lambda value: venue.to_array(value))})


def generic(venue: Any) -> Any:
    """Moreover without the checks of books and trades, which ccxt's own venues do not have."""
    ccxts = {name: getattr(Exchange, name) for name in ("parse_order_book", "safe_trade")}
    return type("Generic", (inherited(venue),), ccxts)


def number_text(exchange: Any, row: Any, key: Any) -> Any:
    return exchange.safe_string(row, key)


def timestamp(exchange: Any, row: Any, *keys: Any) -> Any:
    if len(keys) == 1:
        return exchange.safe_integer(row, *keys)
    return exchange.safe_integer_2(row, *keys) if len(keys) == 2 else exchange.safe_integer_n(row, keys)


def timestamp_in_unit(exchange: Any, unit: int, row: Any, *keys: Any) -> Any:
    if len(keys) == 1:
        return exchange.safe_integer_product(row, *keys, unit)
    return exchange.safe_integer_product_n(row, keys, unit)


def side(exchange: Any, row: Any, *keys: Any) -> Any:
    if len(keys) == 2:
        return exchange.safe_string_lower_2(row, *keys)
    return exchange.safe_string_lower(row, *keys)


UNCHECKED = {each.__name__: each for each in (number_text, timestamp, timestamp_in_unit, side)}
CHECKED = {name: getattr(reading, name) for name in UNCHECKED}


def without_checks(call: Callable[[], Any]) -> Callable[[], Any]:
    """A call that reads numbers, times and sides as ccxt's own venues do."""

    def unchecked() -> Any:
        vars(reading).update(UNCHECKED)
        try:
            return call()
        finally:
            vars(reading).update(CHECKED)

    return unchecked


def measure(venue: type, payloads: ModuleType) -> list[list[str]]:
    exchanges = {"fast": venue(), "inherited": inherited(venue)(), "generic": generic(venue)()}
    for exchange in exchanges.values():
        exchange.set_markets(exchange.parse_markets(payloads.markets(500)), {})
    lines = []
    for kind, answer in payloads.answers().items():
        title, units, target = KINDS[kind]
        text = json.dumps(answer)
        received = exchanges["fast"].parse_json(text)  # some classes keep numbers as texts
        calls: dict[str, Any] = {"floor": lambda text=text: orjson.loads(text)}
        for name, exchange in exchanges.items():
            calls[name] = lambda exchange=exchange, parse=payloads.parse[kind], a=received: parse(exchange, a)
        calls["generic"] = without_checks(calls["generic"])
        if len({repr(calls[name]()) for name in exchanges}) > 1:
            raise AssertionError(f"{kind}: not the same")
        medians = side_by_side(calls)
        fast, floor = medians["fast"], medians["floor"]
        reached = medians["generic"] / fast
        lines.append(
            [
                title,
                f"{medians['generic'] / units * 1e6:.2f} µs",
                f"{fast / units * 1e6:.2f} µs",
                f"{medians['generic'] / floor:.1f}",
                f"{fast / floor:.1f}",
                f"{medians['inherited'] / fast:.1f}x",
                f"**{reached:.1f}x**",
                f"{target:.0f}x",
                "yes" if round(reached, 1) >= target else "no",
            ]
        )
    return lines


HEADER = ["work", "generic, each", "here, each", "generic, times the floor", "here, times the floor"]
HEADER += ["faster than inherited", "faster than generic", "target", "reached"]
