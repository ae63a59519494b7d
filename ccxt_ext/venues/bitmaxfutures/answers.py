"""What the venue's answers have in common. No I/O."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse, BadSymbol
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading


def data_of(exchange: Exchange, answer: Any, key: str = "data") -> Any:
    """What an answer that went well carries."""
    record = reading.record(exchange, answer)
    if exchange.safe_string(record, "code") != "0":
        raise BadResponse(
            f"{exchange.id} expected an answer with the code 0, got {reading.excerpt(exchange, answer)}"
        )
    if record.get(key) is None:
        raise BadResponse(f"{exchange.id} expected {key} in {reading.excerpt(exchange, answer)}")
    return record[key]


def record_of(exchange: Exchange, answer: Any) -> dict[str, Any]:
    """The JSON object that it carries."""
    return reading.record(exchange, data_of(exchange, answer))


def rows_of(exchange: Exchange, answer: Any, key: str | None = None) -> list[dict[str, Any]]:
    """The list of JSON objects that it carries, as it is or under `key`."""
    return reading.rows(exchange, data_of(exchange, answer), key)


def acknowledged(exchange: Exchange, answer: Any) -> dict[str, Any]:
    """An answer that only says that it went well."""
    data_of(exchange, answer, "code")
    return reading.record(exchange, answer)


def number_under(exchange: Exchange, row: Any, *keys: str | int) -> str | None:
    """A number under the first of the keys that the row has."""
    key = next((key for key in keys if exchange.safe_string(row, key) is not None), keys[0])
    return reading.number_text(exchange, row, key)


def unless_zero(text: str | None) -> str | None:
    return None if text is None or Precise.string_eq(text, "0") else text


def finite_number(exchange: Exchange, text: str | None) -> Any:
    """A calculated number. Those of a venue are small enough; their products need not be."""
    number = exchange.parse_number(text)
    if number is not None and float(number) in (float("inf"), float("-inf")):
        raise BadResponse(f"{exchange.id} sent numbers that are too large")
    return number


def of_known_markets(
    exchange: Exchange, rows: list[dict[str, Any]], key: str = "symbol"
) -> list[dict[str, Any]]:
    return [row for row in rows if reading.required_text(exchange, row, key) in exchange.markets_by_id]


def record_in(exchange: Exchange, row: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = row.get(key)
    return {} if found is None else reading.record(exchange, found)


def optional_moment(exchange: Exchange, row: Mapping[str, Any], *keys: str) -> int | None:
    told = any(exchange.safe_string(row, key) is not None for key in keys)
    return reading.timestamp(exchange, row, *keys) if told else None


def of_symbol(exchange: Exchange, parsed: Mapping[str, Any], symbol: str) -> Any:
    if symbol not in parsed:
        raise BadSymbol(f"{exchange.id} sent nothing about {symbol}")
    return parsed[symbol]
