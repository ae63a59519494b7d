"""Values that hold for what a task or thread does."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def within(variable: ContextVar[T], value: T) -> Iterator[T]:
    """`variable` has that value for whatever is done within."""
    was = variable.set(value)
    try:
        yield value
    finally:
        # A coroutine that is destroyed ends in another context than its own, which is gone.
        with suppress(ValueError):
            variable.reset(was)
