"""What a simulated exchange says of itself, and which exceptions its refusals are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccxt.base import errors

WORDS = (
    "it is simulated: its unified methods work on a local engine, and the venue's own protocol, signature "
    "and peculiarities are not tested by it"
)

KINDS: Mapping[str, type[Exception]] = {
    "amount_precision": errors.InvalidOrder,
    "authentication": errors.AuthenticationError,
    "bad_amount": errors.InvalidOrder,
    "bad_leverage": errors.BadRequest,
    "bad_margin_mode": errors.BadRequest,
    "bad_order": errors.InvalidOrder,
    "bad_price": errors.InvalidOrder,
    "bad_request": errors.BadRequest,
    "bad_side": errors.InvalidOrder,
    "bad_time_in_force": errors.InvalidOrder,
    "bad_trigger": errors.InvalidOrder,
    "bad_type": errors.InvalidOrder,
    "duplicate_client_id": errors.DuplicateOrderId,
    "insufficient_funds": errors.InsufficientFunds,
    "maintenance": errors.OnMaintenance,
    "market_closed": errors.MarketClosed,
    "no_contract": errors.BadSymbol,
    "no_position": errors.BadRequest,
    "no_price": errors.InvalidOrder,
    "not_open": errors.OrderNotFound,
    "position_limit": errors.InvalidOrder,
    "price_precision": errors.InvalidOrder,
    "reduce_only": errors.InvalidOrder,
    "refused": errors.ExchangeError,
    "too_large": errors.InvalidOrder,
    "too_small": errors.InvalidOrder,
    "unknown_currency": errors.BadRequest,
    "unknown_market": errors.BadSymbol,
    "unknown_order": errors.OrderNotFound,
    "would_cross": errors.OrderImmediatelyFillable,
}
"""The exception for each word that a refusal may have."""


def error_of(id: str, told: Any) -> Exception | None:
    """The exception for what the sandbox tells of a refusal; None if it tells of none.

    A kind may also be the name of an exception of ccxt's.
    """
    error = told.get("error") if isinstance(told, Mapping) else None
    if not isinstance(error, Mapping):
        return None
    kind = str(error.get("kind"))
    named = getattr(errors, kind, None)
    found = KINDS.get(kind) or (named if isinstance(named, type) else None)
    if found is None or not issubclass(found, errors.BaseError):
        return None
    message: Exception = found(f"{id} {error.get('message')}")
    return message


def explained(id: str, name: str) -> errors.NotSupported:
    """Why something is not there."""
    return errors.NotSupported(f"{id} {name}: not here, as {WORDS}")
