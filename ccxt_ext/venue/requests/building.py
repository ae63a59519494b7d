"""Paths, queries and fields of requests."""

import functools
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ccxt.base.errors import ArgumentsRequired
from ccxt.base.exchange import Exchange

# What a query takes as it is.
UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]*")


@functools.cache
def path_params(path: str) -> tuple[str, ...]:
    """The names in braces in a path of the `api` tree."""
    return tuple(Exchange.extract_params(path))


def fill_path(exchange: Exchange, path: str, params: Mapping[str, Any]) -> str:
    """`path` with its gaps filled in.

    With one of them left, or filled with what leads elsewhere, the path would be that of another
    endpoint: a DELETE of an order becomes one of all orders.
    """
    filled = path
    for name in path_params(path):
        piece = params.get(name)
        text = str(piece) if isinstance(piece, (str, int)) and not isinstance(piece, bool) else ""
        if text.strip() in ("", ".", ".."):
            raise ArgumentsRequired(f"{exchange.id} {path} requires {name}, which {piece!r} is not")
        plain = UNRESERVED.fullmatch(text)
        filled = filled.replace("{" + name + "}", text if plain else quote(text, safe=""))
    return filled


def query_params(exchange: Exchange, path: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters that are not in the path."""
    names = path_params(path)
    return {name: value for name, value in params.items() if name not in names} if names else params


def required_id(exchange: Exchange, id: Any, method: str) -> str:
    if id is None or not str(id).strip():
        raise ArgumentsRequired(f"{exchange.id} {method}() requires the order's id")
    return str(id)


def field_text(exchange: Exchange, value: Any) -> str:
    """A parameter as it stands in a form or a query: numbers are plain decimals without an exponent."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return exchange.number_to_string(value) if isinstance(value, (int, float)) else str(value)
