"""Decides whether rows may be parsed together: only if the result is the same as one by one."""

import marshal
from collections.abc import Callable
from inspect import getattr_static
from typing import Any
from weakref import WeakKeyDictionary

from ccxt.base.exchange import Exchange

__all__ = ["result_or_none"]

FEWEST_ROWS = 8  # shorter lists are not worth the effort, nor are groups of less than a quarter of this

# Methods that parsing calls besides parse_*() and safe_*(). If one is overridden, rows are parsed one by one.
HELPERS = (
    "account",
    "array_slice",
    "common_currency_code",
    "extend",
    "filter_by_array",
    "filter_by_array_tickers",
    "filter_by_limit",
    "filter_by_since_limit",
    "filter_by_symbol_since_limit",
    "filter_by_value_since_limit",
    "index_by",
    "is_tick_precision",
    "iso8601",
    "market_symbols",
    "number",
    "omit_zero",
    "precision_from_string",
    "reduce_fees_by_currency",
    "sort_by",
    "sort_by_2",
    "to_array",
)


def identical(one: Any, other: Any) -> bool:
    """Whether both have the same values and types, to the last bit, and their keys in the same order."""
    # Later versions of the format also depend on which objects are shared.
    return marshal.dumps(one, 2) == marshal.dumps(other, 2)


def are_of_one_type(rows: Any) -> bool:
    """Whether it is a list of objects only, or of lists only."""
    return type(rows) is list and type(rows[0]) in (dict, list) and len(set(map(type, rows))) == 1


def result_or_none(parse: Callable[..., Any], *args: Any) -> Any:
    """The result of `parse`, or None if it fails: then the inherited method raises its own error."""
    try:
        return parse(*args)
    except Exception:
        return None


_unchanged: WeakKeyDictionary[type, tuple[bool, frozenset[str]]] = WeakKeyDictionary()


def is_unchanged(exchange: Any) -> bool:
    """Whether neither a subclass nor the instance itself overrides a method that parsing uses."""
    cls = type(exchange)
    if cls not in _unchanged:
        own = next(base for base in cls.__mro__ if base.__module__.startswith("ccxt_ext."))
        names = {*HELPERS, *(name for name in dir(own) if name.startswith(("parse", "safe_")))}
        same = all(getattr_static(cls, name, None) is getattr_static(own, name, None) for name in names)
        _unchanged[cls] = same, frozenset(names)
    same, watched = _unchanged[cls]
    return same and vars(exchange).keys().isdisjoint(watched)


def uses_own_parsers(exchange: Exchange) -> bool:
    """Whether all methods that parse are the venue's own, and numbers are floats."""
    return exchange.number is float and is_unchanged(exchange)
