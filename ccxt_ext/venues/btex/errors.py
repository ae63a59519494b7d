"""What BTEX refuses, and which of ccxt's exceptions that is."""

import re
from typing import Any, NoReturn
from urllib.parse import urlsplit

from ccxt.base import errors as ccxt_errors
from ccxt.base.errors import BadResponse, ExchangeError
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading, refusals
from ccxt_ext.venues.btex import orders

PLACING = re.compile(r"/place_order\?|[?&](method=buy_coin|method=sell_coin)(&|$)")
CANCELLING = re.compile(r"/cancel_order\?|[?&]method=cancel_order(&|$)")


def check(
    exchange: Exchange, status: int, reason: str, url: str, sent: Any, response: Any, body: Any
) -> None:
    """Raise what an answer to `url`, to which `sent` went as the body, has to be refused with."""
    code = reading.integer(exchange, response, "code") if isinstance(response, dict) else None
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query or sent or ''}"
    placing = bool(PLACING.search(target))
    if (placing or CANCELLING.search(target)) and code is not None and (code <= 0 or status != 200):
        check_refusal(exchange, status, code, response, body, placing)
    if code is not None and code <= 0:
        refuse(exchange, status, code, exchange.safe_string(response, "info", ""), placing)
    refusals.raise_refusal(exchange, status, reason, None, body)
    if code is None:
        raise BadResponse(
            f"{exchange.id} answered {reading.excerpt(exchange, body)!r}, which is not what it documents"
        )


def check_refusal(
    exchange: Exchange, status: int, code: int, response: Any, body: str, placing: bool
) -> None:
    """Nothing is certain of an order whose refusal tells its id, or no reason, or comes as a success; nor
    after a success that comes as an error. The same holds of a cancel, which knows the id anyway.
    """
    id = orders.id_in_answer(exchange, response) if placing else None
    has_reason = bool(exchange.safe_string(response, "info", "").strip())
    if id is not None or code > 0 or not has_reason or 200 < status < 300:
        error = BadResponse(
            f"{exchange.id} answered {status} {reading.excerpt(exchange, body)}, which is no clear refusal"
        )
        raise exchange.outcome_unknown(error, order_id=id) if placing else error


def refuse(exchange: Exchange, status: int, code: int, info: str, placing: bool) -> NoReturn:
    feedback = f"{exchange.id} {code} {exchange.redact(info)}"
    named = exchange.options["errorCodes"].get(str(code))
    if named is not None:
        raise getattr(ccxt_errors, named)(feedback)
    by_status = exchange.exceptions["status"].get(str(status))
    if by_status is None and status >= 500:
        by_status = refusals.class_by_status(exchange, status)
    rules = {**exchange.exceptions["broad"], **(exchange.exceptions["order"] if placing else {})}
    raise (by_status or refusals.class_by_words(exchange, rules, info) or ExchangeError)(feedback)
