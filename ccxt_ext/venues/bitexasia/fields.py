"""Fields of BitexAsia's answers, under any of the names and in any of the forms that are accepted."""

import re
from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading

_DECIMAL = re.compile(r"\d{1,16}(\.\d+)?")


_FIRST_MS = 100_000_000_000  # as seconds this would be the year 5138


_END_MS = 10**16


def unwrap(exchange: Exchange, answer: Any) -> Any:
    for envelope in exchange.options["envelopes"]:
        inner = answer.get(envelope) if isinstance(answer, dict) else None
        if isinstance(inner, dict | list):
            answer = inner
    return answer


def named(exchange: Exchange, row: Mapping[str, Any], field: str) -> str:
    """The name that a field has in an answer."""
    for name in exchange.options["aliases"].get(field, ()):
        if row.get(name) not in (None, ""):
            return name
    return field


def text_of(exchange: Exchange, row: Mapping[str, Any], field: str) -> str | None:
    return exchange.safe_string(row, named(exchange, row, field))


def figure(exchange: Exchange, row: Mapping[str, Any], field: str) -> str | None:
    return reading.number_text(exchange, row, named(exchange, row, field))


def needed(exchange: Exchange, row: Mapping[str, Any], field: str) -> str:
    return reading.required_text(exchange, row, named(exchange, row, field))


def word(exchange: Exchange, row: Mapping[str, Any], field: str) -> str | None:
    """A value out of a fixed list, without regard to how it is written."""
    text = text_of(exchange, row, field)
    return None if text is None else text.strip().lower().replace("-", "_").replace(" ", "_")


def when(exchange: Exchange, row: Mapping[str, Any], field: str) -> int | None:
    """Milliseconds, of a number of them, of seconds, or of an ISO 8601 text."""
    plain = plain_time(exchange, row.get(named(exchange, row, field)))
    if plain is not None:
        return plain
    unit = exchange.options["timestampUnit"]
    text = text_of(exchange, row, field)
    if text is None:
        return None
    if _DECIMAL.fullmatch(text):
        if unit == "ms" or (unit == "auto" and int(text.partition(".")[0]) >= _FIRST_MS):
            return int(text.partition(".")[0])
        return int(Precise.string_mul(text, "1000").partition(".")[0])
    moment = exchange.parse8601(text)
    if moment is None:
        raise BadResponse(f"{exchange.id} expected a time for {field}, got {reading.excerpt(exchange, text)}")
    return moment


def plain_time(exchange: Exchange, told: Any) -> int | None:
    """A time as nearly all are, in milliseconds; None for any other."""
    is_plain = type(told) is int and _FIRST_MS <= told < _END_MS
    return told if is_plain and exchange.options["timestampUnit"] in ("auto", "ms") else None


def market_of(exchange: Exchange, row: Mapping[str, Any], market: Any) -> Any:
    """The market that an answer names, or the one that was asked about."""
    id = text_of(exchange, row, "pair")
    separator = exchange.options["pairSeparator"]
    if id is None or id in (exchange.markets_by_id or {}):
        return exchange.safe_market(id, market)
    if all(id.split(separator)) and separator in id:
        return exchange.safe_market(id, market, separator)
    raise BadResponse(f"{exchange.id} expected a pair, got {reading.excerpt(exchange, id)}")


def listed(exchange: Exchange, book: Mapping[str, Any], side: str) -> list[Any]:
    entries = book.get(side)
    if isinstance(entries, list):
        return entries
    raise BadResponse(f"{exchange.id} expected {side} in {reading.excerpt(exchange, book)}")
