"""Copies exceptions of any class, and adds to them what a program needs to know about an unknown outcome."""

from collections.abc import Callable, Iterable
from typing import Any

UNKNOWN = "unknown"


def copy_error(
    error: Exception,
    text: str | None = None,
    cls: type[Exception] | None = None,
    keeps: Callable[[Any], bool] = lambda value: True,
) -> Any:
    """A copy of an error, without its traceback and causes, and with those attributes that `keeps` accepts.

    Some classes need other arguments than `args` has, or build their text from attributes. So the class's
    own constructor is not called. If the copy's text is still wrong, the nearest base class whose text is
    right is used instead.
    """
    wanted = error_text(error) if text is None else text
    # __reduce__() has more than `args`: the file names of an OSError, for example.
    args: tuple[Any, ...] = _builtin(type(error)).__reduce__(error)[1] if text is None else (text,)
    kept = {name: value for name, value in vars(error).items() if keeps(value)}
    for candidate in (cls or type(error)).__mro__:
        copy = _made(candidate, args)
        if copy is not None:
            vars(copy).update(kept)
            if error_text(copy) == wanted:
                return copy
        args = (wanted,)
    return Exception(wanted)


def _made(cls: type, args: tuple[Any, ...]) -> Exception | None:
    """An exception of this class, made without its own constructor; None if that fails."""
    if not issubclass(cls, Exception):
        return None
    builtin = _builtin(cls)
    try:
        made: Exception = builtin.__new__(cls, *args)
        builtin.__init__(made, *args)
    except Exception:  # for example UnicodeDecodeError, which needs five arguments
        return None
    return made


def _builtin(cls: type) -> Any:
    """The nearest base class that is built into Python."""
    return next(base for base in cls.__mro__ if base.__module__ == "builtins")


def error_text(error: BaseException) -> str:
    """The error's text, or the name of its class if it cannot give one."""
    try:
        return str(error)
    except Exception:  # the class's own __str__() fails
        return type(error).__name__


def with_unknown_outcome(
    error: Exception, text: str, client_order_ids: Iterable[str], order_ids: Iterable[str]
) -> Any:
    """A copy of an error, with the attributes that tell a program which orders its outcome is unknown for."""
    unknown = copy_error(error, text)
    unknown.outcome = UNKNOWN
    unknown.client_order_ids = list(client_order_ids)
    unknown.order_ids = list(order_ids)
    unknown.client_order_id = only_id(unknown.client_order_ids)
    unknown.order_id = only_id(unknown.order_ids)
    return unknown


def only_id(ids: list[str]) -> str | None:
    """The id, if there is exactly one."""
    return ids[0] if len(ids) == 1 else None


def as_list(ids: str | Iterable[str] | None) -> list[str]:
    """One id, several ids or None, as a list."""
    return [] if ids is None else [ids] if isinstance(ids, str) else list(ids)
