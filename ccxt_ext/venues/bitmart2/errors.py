"""What refusals of BitMart mean, and answers that may be none."""

from typing import Any

from ccxt.base.errors import OrderNotFound, RateLimitExceeded
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import refusals

GONE = dict.fromkeys(("order + not found", "order + does not exist", "order already"), OrderNotFound)


def error_text(exchange: Exchange, response: Any) -> str | None:
    """What the venue, or a server like it, says that went wrong."""
    return (
        exchange.safe_string_n(response, ["message", "msg", "error"]) if isinstance(response, dict) else None
    )


def is_gone(exchange: Exchange, code: int, method: str, url: str, message: str) -> bool:
    """Whether the venue says that there is no such order, or that it has ended."""
    if code >= 500 or method == "POST":
        return False
    of_order = "/orders/" in url
    return (of_order and (code == 404 or message == "Not found")) or refusals.class_by_words(
        exchange, GONE, message
    ) is not None


def may_have_been_done(
    exchange: Exchange, code: int, method: str, url: str, message: str, response: Any
) -> bool:
    """Whether an order may be placed or cancelled though the answer, a success, has an error's text.

    A refusal has another status. Only a limit is told with this one too, and precedes processing. Of all
    else, whoever reads the answer says that nothing is certain.
    """
    if not 200 <= code < 300 or method not in ("POST", "DELETE") or "/orders" not in url:
        return False
    kind = refusals.class_by_words(exchange, exchange.exceptions["broad"], message)
    return "entrust_id" in response or kind is not RateLimitExceeded
