"""Copies exceptions of any class, with another text or class if wanted."""

from collections.abc import Callable
from typing import Any

__all__ = ["copy_error"]


def copy_error(
    error: Exception,
    text: str | None = None,
    cls: type[Exception] | None = None,
    keeps: Callable[[Any], bool] = lambda value: True,
) -> Any:
    """A copy of an error, without its traceback and causes, and with those attributes that `keeps` accepts.

    It is needed where one error is raised in several tasks or threads, or with another text or class.

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
