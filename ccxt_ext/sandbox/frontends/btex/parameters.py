"""Reads the parameters of requests as BTEX does, and refuses them in its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL, Refusal
from ccxt_ext.sandbox.frontend.engine import Refused

KEY_ERROR = "access_key error"
SIGN_ERROR = "sign error"
TIME_ERROR = "ts expired"
NO_ORDER = "order does not exist"
NO_CONTRACT = "contract does not exist"
NO_PAIR = "pair does not exist"

# The venue's documents say that these have codes of their own, but not which ones.
CODES = {KEY_ERROR: -100, SIGN_ERROR: -101, TIME_ERROR: -102}

WORDS = {
    "insufficient_funds": "insufficient balance",
    "market_closed": "trading is suspended",
    "position_limit": "position amount exceeds the maximum",
    "position_mode": "is_cross and leverage cannot change while there is a position",
    "no_price": "no price to trade at",
    "bad_price": "price error",
    "price_precision": "price error",
    "bad_amount": "amount error",
    "amount_precision": "amount error",
    "too_small": "amount is below the minimum",
    "too_large": "amount is above the maximum",
    "bad_leverage": "leverage error",
    "bad_margin_mode": "leverage error: cross margin is not allowed",
}

# The venue's own clients are written in PHP and JavaScript, which print small floats with an exponent.
FLOAT = re.compile(r"[0-9]{1,40}(\.[0-9]{1,40})?([eE]-[0-9]{1,2})?")

Form = Mapping[str, str]


def failure(message: str) -> Refusal:
    """The status is 200 all the same; the body says what has failed."""
    return Refusal(200, message)


def failure_of(error: Refused) -> Refusal:
    return failure(WORDS.get(error.reason, f"failed: {error.reason}"))


def required(form: Form, name: str) -> str:
    value = form.get(name, "")
    if not value:
        raise failure(f"{name} is required")
    return value


def integer(form: Form, name: str, default: int | None, least: int, most: int) -> int:
    text = required(form, name) if default is None else form.get(name, "") or str(default)
    if not re.fullmatch(r"[0-9]{1,18}", text) or not least <= int(text) <= most:
        raise failure(f"{name} error")
    return int(text)


def one_of(form: Form, name: str, choices: tuple[str, ...], default: str | None = None) -> str:
    text = required(form, name) if default is None else form.get(name, "") or default
    if text not in choices:
        raise failure(f"{name} error")
    return text


def decimal(form: Form, name: str, written: re.Pattern[str] = PLAIN_DECIMAL) -> Decimal:
    text = required(form, name)
    if not written.fullmatch(text) or Decimal(text) < 0:
        raise failure(f"{name} error")
    return Decimal(text)


def order_id(form: Form) -> int:
    text = required(form, "order_id")
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise failure("order_id error")
    return int(text)


def page(form: Form) -> slice:
    number = integer(form, "page", 1, 1, 10**9)
    size = integer(form, "page_size", 20, 1, 1000)
    return slice((number - 1) * size, number * size)
