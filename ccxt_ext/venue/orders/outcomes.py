"""Errors for requests of which nobody knows whether they were carried out.

Such an error has `outcome = 'unknown'`, and the ids by which the orders can be looked up: `client_order_id`
and `client_order_ids`, `order_id` and `order_ids`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadResponse, BaseError, DDoSProtection, InvalidNonce, RateLimitExceeded
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers.error_copies import copy_error

__all__ = [
    "NOT_CARRIED_OUT",
    "Ids",
    "cancel_unknown",
    "is_unknown",
    "list_of_ids",
    "parse_cancel_answer",
    "parse_change_answer",
    "parse_order_answer",
    "with_unknown_outcome",
]

UNKNOWN = "unknown"

#: After these errors it is certain that the venue did not do what it was asked for. After others that have to
#: do with the network or the venue's state, that is open.
NOT_CARRIED_OUT = (InvalidNonce, RateLimitExceeded, DDoSProtection)

#: One id, several, or none.
Ids = str | Sequence[str] | None


def is_unknown(error: BaseException) -> bool:
    """Whether the error says that the outcome is unknown."""
    return getattr(error, "outcome", None) == UNKNOWN


def with_unknown_outcome(
    error: Exception, text: str, client_order_ids: Iterable[str], order_ids: Iterable[str]
) -> Any:
    """A copy of an error, with the attributes that tell a program which orders its outcome is unknown for."""
    unknown = copy_error(error, text)
    unknown.outcome = UNKNOWN
    unknown.client_order_ids = list(client_order_ids)
    unknown.order_ids = list(order_ids)
    unknown.client_order_id = only_id(unknown.client_order_ids)
    unknown.order_id = only_id(unknown.order_ids)
    return unknown


def only_id(ids: list[str]) -> str | None:
    """The id, if there is exactly one."""
    return ids[0] if len(ids) == 1 else None


def list_of_ids(ids: str | Iterable[str] | None) -> list[str]:
    """One id, several ids or None, as a list."""
    return [] if ids is None else [ids] if isinstance(ids, str) else list(ids)


def changes_something(config: Mapping[str, Any]) -> bool:
    """Whether an endpoint changes something, so that the outcome is unknown if its answer is lost."""
    return bool(config.get("once") or config.get("changes")) or "cancels" in config


def outcome_unknown(
    exchange: Exchange,
    error: BaseError,
    client_id: Ids = None,
    idempotent: bool = False,
    order_id: Ids = None,
) -> BaseError:
    """A copy of `error` that tells the caller which orders may or may not have been placed."""
    ids = list_of_ids(client_id) or getattr(error, "client_order_ids", [])
    order_ids = list_of_ids(order_id) or getattr(error, "order_ids", [])
    text = str(error)
    if not is_unknown(error):
        text = f"{text} - whether this was carried out is unknown: {exchange.advice(ids, idempotent)}"
    new_ids = ", ".join(id for id in order_ids if id not in getattr(error, "order_ids", []))
    if new_ids:
        text = f"{text}; if there is one, its id is {new_ids}"
    unknown = with_unknown_outcome(error, text, ids, order_ids)
    unknown.idempotent = idempotent or getattr(error, "idempotent", False)
    told: BaseError = unknown
    return told


def advice(client_ids: Sequence[str], idempotent: bool) -> str:
    """The sentence that tells a caller what to do about an order whose outcome is unknown."""
    named = ", ".join(client_ids)
    if idempotent:
        return f"sent again as it was, with its clientOrderId {named}, it is not placed twice"
    by_id = f" by its clientOrderId {named}" if named else ""
    return f"look it up{by_id} before sending it again"


def cancel_unknown(
    exchange: Exchange, error: BaseError, client_id: Ids = None, order_id: Ids = None
) -> BaseError:
    """A copy of `error` that tells the caller which orders may or may not have been cancelled.

    Without an id, it says that these are several.
    """
    if is_unknown(error):  # it already says which request it is about
        copy: BaseError = copy_error(error)
        return copy
    client_ids, order_ids = list_of_ids(client_id), list_of_ids(order_id)
    named = ", ".join(order_ids or client_ids)
    if len(order_ids or client_ids) == 1:
        what, then = f"order {named}", "look it up, and cancel it again if it is open"
    else:
        what = f"any of the orders {named}".rstrip()
        then = "look at what is open, and cancel that again"
    text = f"{error} - whether {what} was cancelled is unknown: {then}"
    unknown: BaseError = with_unknown_outcome(error, text, client_ids, order_ids)
    return unknown


def change_unknown(exchange: Exchange, error: BaseError) -> BaseError:
    """A copy of `error` for a change that is unknown to have worked, and may be asked for again."""
    text = f"{error} - whether this was carried out is unknown: look, or ask for it again"
    unknown: BaseError = with_unknown_outcome(error, text, [], [])
    return unknown


def parse_order_answer(
    exchange: Exchange,
    parse: Callable[..., Any],
    *args: Any,
    client_id: Ids = None,
    idempotent: bool = False,
    order_id: Ids = None,
) -> Any:
    """Parse the answer to an order. If it is not understood, the order's outcome is unknown."""
    try:
        return parse(*args)
    except BadResponse as error:
        raise exchange.outcome_unknown(error, client_id, idempotent, order_id) from error


def parse_cancel_answer(
    exchange: Exchange, parse: Callable[..., Any], *args: Any, client_id: Ids = None, order_id: Ids = None
) -> Any:
    """Parse the answer to a cancel. If it is not understood, the outcome of the cancel is unknown.

    `parse` raises BadResponse unless the answer says, in the venue's own way, that the order is gone.
    """
    try:
        return parse(*args)
    except BadResponse as error:
        raise cancel_unknown(exchange, error, client_id, order_id) from error


def parse_change_answer(exchange: Exchange, parse: Callable[..., Any], *args: Any) -> Any:
    """Parse the answer to another change. If it is not understood, its outcome is unknown."""
    try:
        return parse(*args)
    except BadResponse as error:
        raise change_unknown(exchange, error) from error
