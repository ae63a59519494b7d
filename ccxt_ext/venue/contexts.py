"""Sets a context variable for the duration of a `with` block."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TypeVar

__all__ = ["within"]

T = TypeVar("T")


@contextmanager
def within(variable: ContextVar[T], value: T) -> Iterator[T]:
    """Inside the `with` block, `variable` has this value."""
    was = variable.set(value)
    try:
        yield value
    finally:
        # A coroutine that is destroyed ends in another context than it began in. Its own is gone by then.
        with suppress(ValueError):
            variable.reset(was)
