"""Turns a venue's refusals into ccxt's exceptions, by words in their texts.

A rule is a text, with the exception that it stands for. It fits a message that has it as whole words: "sign"
does not fit "assigned". Where a rule joins words by " + ", one clause of the message must have all of them,
in that order. The tables here are for venues that do not document their texts; they go into
`exceptions['broad']`.
"""

from collections.abc import Mapping

from ccxt.base.errors import (
    AuthenticationError,
    BadSymbol,
    BaseError,
    ExchangeError,
    ExchangeNotAvailable,
    InsufficientFunds,
    InvalidNonce,
    OnMaintenance,
    OrderNotFound,
    PermissionDenied,
    RateLimitExceeded,
)
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.answers.text_rules import first_match

__all__ = [
    "ANY_CALL",
    "GONE",
    "NOT_ENOUGH",
    "NO_MARKET",
    "class_by_status",
    "class_by_words",
    "raise_refusal",
]

#: Rules for texts which say that there is too little money.
NOT_ENOUGH = dict.fromkeys(
    (
        "out of balance",
        "insufficient fund",
        "insufficient balance",
        "not enough + money",
        "not enough + fund",
        "not enough + balance",
        "balance + not enough",
    ),
    InsufficientFunds,
)

#: Rules for texts which say that there is no such market.
NO_MARKET = dict.fromkeys(
    ("pair + not found", "symbol + not found", "unknown pair", "unknown symbol"),
    BadSymbol,
)

#: Rules for refusals of any call. After the last three, nobody knows whether the call was carried out.
ANY_CALL = {
    "maintenance": OnMaintenance,
    "too many requests": RateLimitExceeded,
    "rate limit": RateLimitExceeded,
    "too often": RateLimitExceeded,
    "nonce": InvalidNonce,
    "signature": AuthenticationError,
    "sign": AuthenticationError,
    "api key": AuthenticationError,
    "permission": PermissionDenied,
    "unavailable": ExchangeNotAvailable,
    "internal server error": ExchangeNotAvailable,
    "unknown error": ExchangeNotAvailable,
}

#: Rules for texts which say that an order does not exist or has ended. None can be about an open order.
GONE = dict.fromkeys(
    (
        "order + not found",
        "order + does not exist",
        "no such order",
        *(
            f"order + {verb} {end}"
            for verb in ("is", "was", "been", "already")
            for end in ("done", "filled", "executed", "canceled", "cancelled")
        ),
    ),
    OrderNotFound,
)


def raise_refusal(
    exchange: Exchange, status: int, reason: str, message: str | None, body: str | None
) -> None:
    """Raise the exception for a venue's refusal, by its text or else by its status.

    The exchange's `exceptions` have the keys `exact`, `broad` and `status`. An error without a message of
    the venue's comes from a proxy in front of it, and goes by ccxt's own table of statuses.
    """
    if message is not None:
        feedback = f"{exchange.id} {exchange.redact(message)}"
        exchange.throw_exactly_matched_exception(exchange.exceptions["exact"], message, feedback)
        exchange.throw_broadly_matched_exception(exchange.exceptions["broad"], message, feedback)
        by_status = exchange.exceptions["status"].get(str(status))
        raise (by_status or class_by_status(exchange, status))(feedback)
    if status // 100 != 2:
        raise class_by_status(exchange, status)(
            f"{exchange.id} {status} {reason} {reading.excerpt(exchange, body)}".rstrip()
        )


def class_by_words(
    exchange: Exchange, rules: Mapping[str, type[BaseError]], text: str
) -> type[BaseError] | None:
    """The class of the first rule that the text fits; None if it fits none."""
    return first_match(rules, text)


def class_by_status(exchange: Exchange, status: int) -> type[Exception]:
    """The class for an HTTP status of something that is not the venue itself."""
    if status == 503:
        return exchange.exceptions["status"].get("503", ExchangeNotAvailable)
    found = exchange.httpExceptions.get(str(status))
    # Redirects are not followed. They come from a proxy in front of the venue.
    return found or (ExchangeError if status // 100 in (2, 4) else ExchangeNotAvailable)
