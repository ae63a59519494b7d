"""What stands around every answer of BTEX."""

from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading


def data(exchange: Exchange, answer: Any) -> Any:
    found = reading.record(exchange, answer).get("data")
    if found is None:
        raise BadResponse(f"{exchange.id} expected data in {reading.excerpt(exchange, answer)}")
    return found


def record(exchange: Exchange, answer: Any) -> dict[str, Any]:
    return reading.record(exchange, data(exchange, answer))


def rows(exchange: Exchange, answer: Any, key: str | None = None) -> list[dict[str, Any]]:
    return reading.rows(exchange, data(exchange, answer), key)
