"""What answers say: read out of their JSON, or refused as what cannot be understood."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange

# No larger than that products of two are still finite floats.
NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)

_LAST_MILLISECOND = 253_402_300_799_999  # of the year 9999


def record(exchange: Exchange, answer: Any) -> dict[str, Any]:
    """`answer`, which has to be a JSON object."""
    if isinstance(answer, dict):
        return answer
    raise BadResponse(f"{exchange.id} expected a JSON object, got {excerpt(exchange, answer)}")


def rows(exchange: Exchange, answer: Any, key: str | None = None) -> list[dict[str, Any]]:
    """The JSON objects in a list that is `answer` itself or stands under `key`."""
    listed = answer if key is None else record(exchange, answer).get(key)
    if isinstance(listed, list) and set(map(type, listed)) <= {dict}:
        return listed
    raise BadResponse(f"{exchange.id} expected a list of JSON objects, got {excerpt(exchange, answer)}")


def number_text(exchange: Exchange, row: Any, key: str | int) -> str | None:
    """A number of an answer as text, whether it came as a string, a number or null."""
    text = exchange.safe_string(row, key)
    if text is None or NUMBER.fullmatch(text):
        return text
    raise BadResponse(f"{exchange.id} expected a number for {key}, got {excerpt(exchange, text)}")


def integer(exchange: Exchange, row: Any, *keys: str | int) -> int | None:
    """A whole number, under the first of the keys that the row has; None if it is none."""
    try:
        return exchange.safe_integer_n(row, list(keys))
    except OverflowError:  # infinity
        return None


def timestamp(exchange: Exchange, row: Any, *keys: str | int) -> int:
    """A time in milliseconds, under the first of the keys that the row has. Lists are sorted by it."""
    return timestamp_in_unit(exchange, 1, row, *keys)


def timestamp_in_unit(exchange: Exchange, unit: int, row: Any, *keys: str | int) -> int:
    """The same, where the venue's unit is so many milliseconds."""
    found = integer(exchange, row, *keys)
    if found is not None and 0 <= found * unit <= _LAST_MILLISECOND:
        return found * unit
    raise BadResponse(
        f"{exchange.id} expected a time as {' or '.join(map(str, keys))} in {excerpt(exchange, row)}"
    )


def side(exchange: Exchange, row: Any, *keys: str | int) -> str | None:
    side = exchange.safe_string_lower_n(row, list(keys))
    return side if side in ("buy", "sell") else None


def required_text(exchange: Exchange, row: Mapping[str, Any], key: str) -> str:
    text = exchange.safe_string(row, key)
    if text is None:
        raise BadResponse(f"{exchange.id} expected {key} in {excerpt(exchange, row)}")
    return text


def identity(exchange: Exchange, row: Mapping[str, Any], ids: Sequence[str]) -> tuple[str | None, ...]:
    """What tells a row of a list from all others: the first of the ids it must have."""
    return required_text(exchange, row, ids[0]), *(exchange.safe_string(row, id) for id in ids[1:])


def excerpt(exchange: Exchange, answer: Any) -> str:
    text = exchange.redact(str(answer))
    return text if len(text) <= 200 else text[:200] + "..."


def check_json(exchange: Exchange, response: Any, body: str | None) -> None:
    if response is None:
        raise BadResponse(f"{exchange.id} answered {excerpt(exchange, body)!r}, which is not JSON")
