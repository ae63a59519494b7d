"""Fields that bitexbit's rows have in common: times, numbers, ids, markets."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading

# Times below this are seconds, others milliseconds.
MILLISECONDS_FROM = Decimal("1e11")
LATEST = Decimal("1e14")  # nothing from here on is a time

OPPOSITE = {"buy": "sell", "sell": "buy"}


def time_of(exchange: Exchange, row: Any, key: Any) -> int:
    """Milliseconds, from any of the venue's units; microseconds beyond them are cut off."""
    text = reading.number_text(exchange, row, key)
    time = Decimal(text) if text is not None else LATEST
    if not 0 <= time < LATEST:
        raise BadResponse(f"{exchange.id} expected a time as {key} in {reading.excerpt(exchange, row)}")
    return int(time * 1000 if time < MILLISECONDS_FROM else time)


def iso_time(exchange: Exchange, row: Any, key: str) -> int:
    time = exchange.parse8601(exchange.safe_string(row, key))
    if time is None:
        raise BadResponse(f"{exchange.id} expected a time as {key} in {reading.excerpt(exchange, row)}")
    return int(time)


def number_of(exchange: Exchange, row: Any, key: str | int) -> Any:
    return exchange.parse_number(reading.number_text(exchange, row, key))


def id_number(exchange: Exchange, row: Mapping[str, Any]) -> int:
    """By which lists are ordered and paged."""
    id = reading.required_text(exchange, row, "id")
    if not id.isdecimal() or len(id) > 40:
        raise BadResponse(f"{exchange.id} expected a number as id, got {reading.excerpt(exchange, id)}")
    return int(id)


def row_key(exchange: Exchange, row: Mapping[str, Any]) -> Any:
    """What tells a row of a list from others. A trade with oneself is two, with one id."""
    return reading.required_text(exchange, row, "id"), reading.side(exchange, row, "my_side", "type")


def market_of(exchange: Exchange, row: Mapping[str, Any], market: Any) -> Any:
    id = exchange.safe_string_2(row, "symbol", "pair")
    if id is None and market is None:
        raise BadResponse(f"{exchange.id} expected a pair in {reading.excerpt(exchange, row)}")
    return exchange.safe_market(id, market, "_")


def pair_ids(exchange: Exchange, rows: Iterable[Mapping[str, Any]]) -> Iterator[str | None]:
    return (exchange.safe_string_2(row, "symbol", "pair") for row in rows)
