"""What bitexbit's refusals mean."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ccxt.base.errors import BaseError, ExchangeError, InvalidNonce, OrderNotFound, RateLimitExceeded
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading, refusals
from ccxt_ext.venue.answers.refusals import ANY_CALL

_ORDER_CALL = re.compile(r"/(order|orders|order-cancel)(/|$)")
_CANCEL = re.compile(r"/v1/order-cancel/$|/v2/private/order/[^/]+/cancel$")
_ORDER_SHOWN = re.compile(r"/v1/order/[^/]+/$")
# Statuses whose meaning no text of the venue changes.
_BY_STATUS = ("403", "429", "500", "502", "503")


def check_answer(
    exchange: Exchange, code: int, reason: str, url: str, method: str, body: Any, response: Any
) -> None:
    """Raise what a refusal means, if the answer is one."""
    is_success = 200 <= code < 300
    refused = isinstance(response, dict) and response.get("success") is False
    if is_success and not refused:
        reading.check_json(exchange, response, body)
        return
    message = error_text(response)
    path = urlsplit(url).path
    if is_success and method == "POST":
        # No document has such an answer: but for one that comes before all else, who knows what was done.
        if message is not None and refusals.class_by_words(exchange, ANY_CALL, message) is RateLimitExceeded:
            raise refusal(exchange, code, path, method, message)
        return
    if message is None and not is_success:
        refusals.raise_refusal(exchange, code, reason, None, body)
    told = reading.excerpt(exchange, body) if message is None else message
    raise refusal(exchange, code, path, method, told)


def refusal(exchange: Exchange, code: int, path: str, method: str, message: str) -> BaseError:
    """What a refusal in the venue's own words means."""
    text = message.lower()
    feedback = f"{exchange.id} {exchange.redact(message)}"
    by_status = exchange.exceptions["status"].get(str(code))
    if code == 401:
        late = "nonce" in text or "timeout" in text
        return (InvalidNonce if late else by_status)(feedback)
    if str(code) in _BY_STATUS or (by_status is None and not 200 <= code < 300):
        return (by_status or refusals.class_by_status(exchange, code))(feedback)
    by_words = refusals.class_by_words(exchange, rules_of(exchange, path, method), message)
    if by_words is not None:
        return by_words(feedback)
    if code == 404 and _ORDER_SHOWN.search(path):
        return OrderNotFound(feedback)
    return (by_status or ExchangeError)(feedback)


def rules_of(exchange: Exchange, path: str, method: str) -> Mapping[str, type[BaseError]]:
    """What words mean in the answers of an endpoint."""
    rules: Mapping[str, type[BaseError]] = exchange.exceptions["sought"]
    if _CANCEL.search(path):
        return rules
    if _ORDER_CALL.search(path) is None:
        return {**exchange.exceptions["broad"]}
    own = exchange.exceptions["order"] if method == "POST" else {**rules, **exchange.exceptions["order"]}
    return {**own, **exchange.exceptions["broad"]}


def error_text(response: Any) -> str | None:
    """The venue's words in the body of a refusal, whose form is not documented."""
    if not isinstance(response, dict):
        return None
    for key in ("error", "detail", "message"):
        text = response.get(key)
        if isinstance(text, str) and text:
            return text
    lists = [
        f"{name}: {', '.join(texts)}"
        for name, texts in response.items()
        if isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts)
    ]
    return "; ".join(lists) or None
