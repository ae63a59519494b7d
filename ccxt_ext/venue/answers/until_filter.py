"""Applies `until` to lists of venues whose own calls do not have it."""

from collections.abc import Callable, Mapping
from typing import Any

from ccxt.base.exchange import Exchange

__all__ = ["apply", "handle_until"]


def handle_until(
    exchange: Exchange, params: Mapping[str, Any], parse: Callable[[Any, Any], Any], market: Any
) -> tuple[Callable[[Any], bool] | None, Any]:
    """A function that tells whether a row is not later than `until`, and the parameters without `until`.

    The function is None if there is no `until`. `parse` parses a row.
    """
    until = exchange.safe_integer(params, "until")
    if until is None:
        return None, params
    return lambda row: (parse(row, market)["timestamp"] or 0) <= until, exchange.omit(params, "until")


def apply(wanted: Callable[[Any], bool] | None, rows: list[Any]) -> list[Any]:
    """The rows that the function accepts; all of them if it is None."""
    return rows if wanted is None else list(filter(wanted, rows))
