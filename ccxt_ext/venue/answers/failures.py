"""Errors as their caller gets them: ccxt's, and free of secrets."""

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

from ccxt_ext.venue.aio import TRANSPORT_ERRORS
from ccxt_ext.venue.answers.errors import copy_error, error_text
from ccxt_ext.venue.requests import status


def corrected_by_status(exchange: Exchange, error: BaseError) -> BaseError:
    """A server that fails does not know whether an order is there, whatever it says of it."""
    if not (isinstance(error, OrderNotFound) and status.answered_5xx()):
        return error
    failed: BaseError = copy_error(error, str(error), ExchangeNotAvailable)
    return failed


def unreadable_answer(exchange: Exchange, error: Exception, method: str, url: str) -> BaseError:
    """For what ccxt does not expect of an answer: an odd charset, encoding or length."""
    shown = f"{type(error).__name__} {error_text(error)}"
    # Only what goes out is encoded.
    if isinstance(error, UnicodeEncodeError):
        found: BaseError = BadRequest(f"{exchange.id} {method} {url} cannot be sent: {shown}")
    else:
        found = BadResponse(f"{exchange.id} {method} {url} has an answer that cannot be read: {shown}")
    found.__cause__ = error
    return found


def error_for_caller(exchange: Exchange, error: BaseError) -> BaseError:
    """The error as its caller gets it: of one class for one cause, and free of secrets."""
    kind = type(error)
    text = str(error)
    if isinstance(error.__cause__, TRANSPORT_ERRORS) and kind in (ExchangeError, NetworkError):
        # A connection that was refused or cut: ccxt's sync and async classes each name it otherwise.
        kind = ExchangeNotAvailable
        text = f"{text} {type(error.__cause__).__name__}"
    behind = texts_behind(error)
    same = kind is type(error) and all(is_clean(exchange, shown) for shown in (text, behind, vars(error)))
    told: BaseError = (
        error if same else copy_error(error, exchange.redact(text), kind, partial(is_clean, exchange))
    )
    return told


def is_clean(exchange: Exchange, value: Any) -> bool:
    """Whether a value shows nothing of the secrets."""
    shown = value if isinstance(value, str) else repr(value)
    return exchange.redact(shown) == shown


def texts_behind(error: BaseException) -> str:
    """What an error's causes show of themselves: aiohttp's have a request's headers in their repr."""
    texts: list[str] = []
    behind = error.__cause__ or error.__context__
    while behind is not None and len(texts) < 40:
        texts += (str(behind), repr(behind))
        behind = behind.__cause__ or behind.__context__
    return "\n".join(texts)
