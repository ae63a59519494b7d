"""Reads fields of answers, and raises BadResponse for what cannot be understood."""

import math
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange

__all__ = [
    "MICROSECONDS",
    "NANOSECONDS",
    "SECONDS",
    "check_json",
    "excerpt",
    "identity",
    "integer",
    "number_text",
    "record",
    "required_text",
    "rows",
    "side",
    "timestamp",
    "timestamp_in_unit",
]

# Numbers are limited in size, so that the product of two is still a finite float.
NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)

#: The unit of times in seconds.
SECONDS = 1000
#: The unit of times in microseconds.
MICROSECONDS = Fraction(1, 1000)
#: The unit of times in nanoseconds.
NANOSECONDS = Fraction(1, 1_000_000)

_LAST_MILLISECOND = 253_402_300_799_999  # of the year 9999


def record(exchange: Exchange, answer: Any) -> dict[str, Any]:
    """`answer`, if it is a JSON object; else BadResponse is raised."""
    if isinstance(answer, dict):
        return answer
    raise BadResponse(f"{exchange.id} expected a JSON object, got {excerpt(exchange, answer)}")


def rows(exchange: Exchange, answer: Any, key: str | None = None) -> list[dict[str, Any]]:
    """The JSON objects of a list, which is `answer` itself or stands under `key`."""
    listed = answer if key is None else record(exchange, answer).get(key)
    if isinstance(listed, list) and set(map(type, listed)) <= {dict}:
        return listed
    raise BadResponse(f"{exchange.id} expected a list of JSON objects, got {excerpt(exchange, answer)}")


def number_text(exchange: Exchange, row: Any, key: str | int) -> str | None:
    """A number as text, or None. In the answer it may be a string, a number or null."""
    text = exchange.safe_string(row, key)
    if text is None or NUMBER.fullmatch(text):
        return text
    raise BadResponse(f"{exchange.id} expected a number for {key}, got {excerpt(exchange, text)}")


def integer(exchange: Exchange, row: Any, *keys: str | int) -> int | None:
    """An integer, under the first of the keys that the row has; None if it is none."""
    try:
        return exchange.safe_integer_n(row, list(keys))
    except OverflowError:  # infinity
        return None


def timestamp(exchange: Exchange, row: Any, *keys: str | int) -> int:
    """A time in milliseconds, under the first of the keys that the row has. It is required."""
    return timestamp_in_unit(exchange, 1, row, *keys)


def timestamp_in_unit(exchange: Exchange, unit: int | Fraction, row: Any, *keys: str | int) -> int:
    """The same, where the venue's unit of time is `unit` milliseconds long: `SECONDS`, `MICROSECONDS`, ...

    The number may have decimals, as in "1717243200.5" seconds. What is finer than a millisecond is cut off.
    """
    found: int | Fraction | None = integer(exchange, row, *keys)
    if found is not None and unit != 1:
        text = exchange.safe_string_n(row, list(keys), "")
        if NUMBER.fullmatch(text):  # exact: a float has too few digits for nanoseconds
            found = Fraction(text)
        found = math.floor(found * unit)
    if found is not None and 0 <= found <= _LAST_MILLISECOND:
        return int(found)
    raise BadResponse(
        f"{exchange.id} expected a time as {' or '.join(map(str, keys))} in {excerpt(exchange, row)}"
    )


def side(
    exchange: Exchange, row: Any, *keys: str | int, words: Mapping[str, str] | None = None
) -> str | None:
    """The side of an order or trade, 'buy' or 'sell'; None if it is neither.

    `words` is for a venue that calls them something else than buy and sell, in capitals or not:
    `{"B": "buy", "S": "sell"}`, or `{"1": "buy", "2": "sell"}` if it sends numbers.
    """
    if words is not None:
        return words.get(exchange.safe_string_n(row, list(keys), ""))
    side = exchange.safe_string_lower_n(row, list(keys))
    return side if side in ("buy", "sell") else None


def required_text(exchange: Exchange, row: Mapping[str, Any], key: str) -> str:
    """A field's text. Raises BadResponse if there is none."""
    text = exchange.safe_string(row, key)
    if text is None:
        raise BadResponse(f"{exchange.id} expected {key} in {excerpt(exchange, row)}")
    return text


def identity(exchange: Exchange, row: Mapping[str, Any], ids: Sequence[str]) -> tuple[str | None, ...]:
    """The ids that identify a row in its list. The first one is required."""
    return required_text(exchange, row, ids[0]), *(exchange.safe_string(row, id) for id in ids[1:])


def excerpt(exchange: Exchange, answer: Any) -> str:
    """The beginning of an answer, without secrets, for error texts."""
    text = exchange.redact(str(answer))
    return text if len(text) <= 200 else text[:200] + "..."


def check_json(exchange: Exchange, response: Any, body: str | None) -> None:
    """Raise BadResponse if the body was not JSON."""
    if response is None:
        raise BadResponse(f"{exchange.id} answered {excerpt(exchange, body)!r}, which is not JSON")
