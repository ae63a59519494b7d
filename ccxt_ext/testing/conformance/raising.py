"""The error of a call, or a failure that says in few lines what came instead."""

from __future__ import annotations

import traceback
from typing import Any

import ccxt
import pytest

from ccxt_ext.testing.wire import call

Errors = type[Exception] | tuple[type[Exception], ...]

# Of what is wrong, so much is told.
MOST = 20


def raised(where: str, expected: Errors, exchange: Any, method: str, *args: Any) -> Any:
    """What a call raises, which has to be one of these."""
    try:
        told = call(exchange, method, *args)
    except Exception as error:
        check(where, expected, error)
        return error
    pytest.fail(f"{where}: no error, but {told!r}", pytrace=False)


def check(where: str, expected: Errors, error: BaseException) -> None:
    """That it is the right one. What is none of ccxt's comes with the place where it was raised."""
    if isinstance(error, expected):
        return
    wanted = " or ".join(each.__name__ for each in (expected if isinstance(expected, tuple) else (expected,)))
    text = f"{where}: {wanted} was expected, not {type(error).__name__}: {error}"
    if not isinstance(error, ccxt.BaseError):
        text += "\n" + "".join(traceback.format_tb(error.__traceback__)[-3:])
    pytest.fail(text, pytrace=False)


def none_of(wrong: list[str]) -> None:
    more = [f"and {len(wrong) - MOST} more"] if len(wrong) > MOST else []
    if wrong:
        pytest.fail("\n".join([*wrong[:MOST], *more]), pytrace=False)
