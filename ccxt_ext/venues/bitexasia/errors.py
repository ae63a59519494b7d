"""What BitexAsia's refusals mean."""

import re
from typing import Any, NoReturn

from ccxt.base.errors import BadSymbol, ExchangeError, OrderNotFound
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import refusals
from ccxt_ext.venues.bitexasia import orders

_WHOLE = re.compile(r"\d{1,16}")


def error_in_answer(exchange: Exchange, answer: Any, done: bool) -> tuple[str, str] | None:
    """The code and the text of an error body, in any of the shapes that are accepted."""
    if not isinstance(answer, dict):
        return None
    error = answer.get("error")
    if isinstance(error, str) and error:
        return error, error
    if isinstance(error, dict):
        answer = error
    elif not {"code", "message"} & set(answer) or (done and not set(answer) <= {"code", "message"}):
        return None
    code, message = exchange.safe_string(answer, "code", ""), exchange.safe_string(answer, "message", "")
    return code, f"{code} {message}".strip() or "an error without a text"


def is_refusal(exchange: Exchange, answer: Any, code: str) -> bool:
    """Whether a success is none: its code is one of refusals, and there is no order."""
    return code in exchange.exceptions["exact"] and orders.order_id_of(exchange, answer) is None


def raise_error(exchange: Exchange, status: int, url: str, headers: Any, code: str, text: str) -> NoReturn:
    feedback = f"{exchange.id} {exchange.redact(text)}"
    wait = seconds_to_wait(exchange, headers) if status == 429 else None
    if wait is not None:
        feedback += f" - try again in {wait} s"
    if status < 500 or exchange.exceptions["exact"].get(code) is not OrderNotFound:
        exchange.throw_exactly_matched_exception(exchange.exceptions["exact"], code, feedback)
    if status < 500:  # the words may be those of something in front of the venue
        exchange.throw_broadly_matched_exception(exchange.exceptions["broad"], text, feedback)
    raise class_of(exchange, status, url)(feedback)


def class_of(exchange: Exchange, status: int, url: str) -> type[Exception]:
    """What a refusal means by its status and path, for want of a code that is known."""
    if 200 <= status < 300:
        return ExchangeError
    if status == 404 and "/orders/" in url:
        return OrderNotFound
    if status == 404 and ("/ticker/" in url or "/orderbook/" in url):
        return BadSymbol
    by_status: type[Exception] | None = exchange.exceptions["status"].get(str(status))
    return by_status or refusals.class_by_status(exchange, status)


def seconds_to_wait(exchange: Exchange, headers: Any) -> int | None:
    names = exchange.options["rateLimitHeaders"]
    given = {str(name).lower(): str(value) for name, value in (headers or {}).items()}
    seconds, end = (given.get((names.get(name) or "").lower(), "") for name in ("retryAfter", "reset"))
    if _WHOLE.fullmatch(seconds):
        return int(seconds)
    return max(int(end) - exchange.nonce() // 1000, 0) if _WHOLE.fullmatch(end) else None
