"""Builds paths, queries and fields of requests."""

import functools
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ccxt.base.errors import ArgumentsRequired
from ccxt.base.exchange import Exchange

__all__ = ["compact_json", "field_text", "fill_path", "query_params", "required_id"]

# Text that stands in a URL as it is, without percent-encoding.
UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]*")

# Made once: json.dumps() would make a new encoder for each call.
_encoder = json.JSONEncoder(separators=(",", ":"))


def compact_json(value: Any) -> str:
    """The value as JSON without blanks, for a body that is signed."""
    return _encoder.encode(value)


@functools.cache
def path_params(path: str) -> tuple[str, ...]:
    """The names in braces in a path of the `api` tree."""
    return tuple(Exchange.extract_params(path))


def fill_path(exchange: Exchange, path: str, params: Mapping[str, Any]) -> str:
    """`path` with the parameters filled in for the names in braces.

    A missing, empty or odd value is refused, as it would make the path of another endpoint: DELETE of one
    order would become DELETE of all orders.
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
    """The parameters that do not go into the path."""
    names = path_params(path)
    return {name: value for name, value in params.items() if name not in names} if names else params


def required_id(exchange: Exchange, id: Any, method: str) -> str:
    """The order's id as text. Raises ArgumentsRequired if there is none."""
    if id is None or not str(id).strip():
        raise ArgumentsRequired(f"{exchange.id} {method}() requires the order's id")
    return str(id)


def field_text(exchange: Exchange, value: Any) -> str:
    """A parameter as text for a form or a query. Numbers are written as decimals without an exponent."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return exchange.number_to_string(value) if isinstance(value, (int, float)) else str(value)
