# Generated from failures.py by `ccxt-ext twins`. Do not edit.
"""Turns failures into the errors that callers get: exceptions of ccxt's, without secrets in them."""

from functools import partial
from typing import Any

from ccxt.base.errors import (
    BadRequest,
    BadResponse,
    BaseError,
    ExchangeError,
    ExchangeNotAvailable,
    NetworkError,
    OrderNotFound,
)
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers.error_copies import copy_error, error_text
from ccxt_ext.venue.blocking import TRANSPORT_ERRORS
from ccxt_ext.venue.requests import latest_status

__all__ = ["error_for_caller"]


def corrected_by_status(exchange: Exchange, error: BaseError) -> BaseError:
    """The error to believe: with a status of 5xx, "order not found" only means that the server failed."""
    if not (isinstance(error, OrderNotFound) and latest_status.answered_5xx()):
        return error
    failed: BaseError = copy_error(error, str(error), ExchangeNotAvailable)
    return failed


def unreadable_answer(exchange: Exchange, error: Exception, method: str, url: str) -> BaseError:
    """The error for an answer that cannot be read, because of an odd charset, encoding or length."""
    shown = f"{type(error).__name__} {error_text(error)}"
    # Text is encoded only when a request is sent.
    if isinstance(error, UnicodeEncodeError):
        found: BaseError = BadRequest(f"{exchange.id} {method} {url} cannot be sent: {shown}")
    else:
        found = BadResponse(f"{exchange.id} {method} {url} has an answer that cannot be read: {shown}")
    found.__cause__ = error
    return found


def error_for_caller(exchange: Exchange, error: BaseError) -> BaseError:
    """The error that the caller gets: the same class for sync and async, and without secrets."""
    kind = type(error)
    text = str(error)
    if isinstance(error.__cause__, TRANSPORT_ERRORS) and kind in (ExchangeError, NetworkError):
        # For a connection that was refused or cut, ccxt's sync and async classes raise different errors.
        kind = ExchangeNotAvailable
        text = f"{text} {type(error.__cause__).__name__}"
    behind = texts_behind(error)
    same = kind is type(error) and all(is_clean(exchange, shown) for shown in (text, behind, vars(error)))
    cleaned: BaseError = (
        error if same else copy_error(error, exchange.redact(text), kind, partial(is_clean, exchange))
    )
    return cleaned


def is_clean(exchange: Exchange, value: Any) -> bool:
    """Whether the value's text contains no secret."""
    shown = value if isinstance(value, str) else repr(value)
    return exchange.redact(shown) == shown


def texts_behind(error: BaseException) -> str:
    """The texts of an error's causes. They may hold secrets: aiohttp's errors show a request's headers."""
    texts: list[str] = []
    behind = error.__cause__ or error.__context__
    while behind is not None and len(texts) < 40:
        texts += (str(behind), repr(behind))
        behind = behind.__cause__ or behind.__context__
    return "\n".join(texts)
