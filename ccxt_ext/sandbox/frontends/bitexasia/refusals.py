"""BitexAsia's refusals, each with a code."""

from __future__ import annotations

from ccxt_ext.sandbox.frontend import Refusal
from ccxt_ext.sandbox.frontend.engine import Refused

# The code and text for each reason of the engine.
_OF_ENGINE = {
    "bad_price": ("INVALID_PRICE", "Price is not valid"),
    "price_precision": ("INVALID_PRICE", "Price is not a multiple of the tick size"),
    "bad_trigger": ("INVALID_PRICE", "Stop price is not a multiple of the tick size"),
    "bad_amount": ("INVALID_SIZE", "Size is not valid"),
    "too_small": ("INVALID_SIZE", "Size is below the minimum order size"),
    "too_large": ("INVALID_SIZE", "Size is above the maximum order size"),
    "amount_precision": ("INVALID_SIZE", "Size has more than 8 decimals"),
    "market_closed": ("MARKET_CLOSED", "Pair is halted"),
    "no_price": ("INVALID_ORDER", "There is nobody to trade with"),
}


class Declined(Refusal):
    """A refusal with one of the venue's codes."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(status, message)
        self.code = code


def invalid_request(message: str) -> Declined:
    return Declined(400, "INVALID_REQUEST", message)


def invalid_order(message: str) -> Declined:
    return Declined(400, "INVALID_ORDER", message)


def no_endpoint() -> Declined:
    return Declined(404, "NOT_FOUND", "There is no such endpoint")


def no_pair() -> Declined:
    return Declined(404, "PAIR_NOT_FOUND", "Unknown pair")


def declined_by_engine(refused: Refused) -> Declined:
    """The venue's refusal for an order that the engine refuses."""
    if refused.reason == "insufficient_funds":
        return Declined(400, "INSUFFICIENT_BALANCE", f"Not enough {refused.details.get('currency')}")
    return Declined(400, *_OF_ENGINE.get(refused.reason, ("INVALID_ORDER", "Order is not valid")))
