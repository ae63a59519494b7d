"""Copies of exceptions of whatever class, and what the exception of an unknown outcome tells a program."""

from collections.abc import Callable, Iterable
from typing import Any

UNKNOWN = "unknown"


def copy_error(
    error: Exception,
    text: str | None = None,
    kind: type[Exception] | None = None,
    keeps: Callable[[Any], bool] = lambda value: True,
) -> Any:
    """A copy with the error's attributes, as far as it `keeps` them, and none of its frames and causes.

    A class may demand other arguments than those in `args`, or make its text of its attributes. So its own
    constructor is not called, and if the copy still does not read as it should, it is of the nearest class
    above that does.
    """
    wanted = error_text(error) if text is None else text
    # Beside `args` an OSError has the names of its files there.
    args: tuple[Any, ...] = _builtin(type(error)).__reduce__(error)[1] if text is None else (text,)
    kept = {name: value for name, value in vars(error).items() if keeps(value)}
    for candidate in (kind or type(error)).__mro__:
        copy = _made(candidate, args)
        if copy is not None:
            vars(copy).update(kept)
            if error_text(copy) == wanted:
                return copy
        args = (wanted,)
    return Exception(wanted)


def _made(kind: type, args: tuple[Any, ...]) -> Exception | None:
    if not issubclass(kind, Exception):
        return None
    builtin = _builtin(kind)
    try:
        made: Exception = builtin.__new__(kind, *args)
        builtin.__init__(made, *args)
    except Exception:  # such as one of Unicode's, which wants five arguments
        return None
    return made


def _builtin(kind: type) -> Any:
    """Python's own class that a class is made of."""
    return next(base for base in kind.__mro__ if base.__module__ == "builtins")


def error_text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # a class of somebody's whose text needs what it has not got
        return type(error).__name__


def with_unknown_outcome(
    error: Exception, text: str, client_order_ids: Iterable[str], order_ids: Iterable[str]
) -> Any:
    """The error of a call of which nobody knows whether it was carried out, as a program can read it."""
    unknown = copy_error(error, text)
    unknown.outcome = UNKNOWN
    unknown.client_order_ids = list(client_order_ids)
    unknown.order_ids = list(order_ids)
    unknown.client_order_id = only_id(unknown.client_order_ids)
    unknown.order_id = only_id(unknown.order_ids)
    return unknown


def only_id(ids: list[str]) -> str | None:
    """The id, if there is one and no other: that of an order, not of a batch."""
    return ids[0] if len(ids) == 1 else None


def as_list(ids: str | Iterable[str] | None) -> list[str]:
    return [] if ids is None else [ids] if isinstance(ids, str) else list(ids)
