"""The refusals of Acme Exchange, each with a status, a code and a text."""

from __future__ import annotations

from ccxt_ext.sandbox.frontend import Refusal, Response, json_response
from ccxt_ext.sandbox.frontend.engine import Refused

# What the venue says for each reason of the engine's.
_OF_ENGINE = {
    "insufficient_funds": ("INSUFFICIENT_FUNDS", "Not enough money for this order"),
    "bad_price": ("BAD_PRICE", "Price is not valid"),
    "price_precision": ("BAD_PRICE", "Price is not a multiple of its step"),
    "bad_amount": ("BAD_SIZE", "Size is not valid"),
    "too_small": ("BAD_SIZE", "Order is too small"),
    "too_large": ("BAD_SIZE", "Order is too large"),
    "amount_precision": ("BAD_SIZE", "Size is not a multiple of its step"),
    "market_closed": ("MARKET_CLOSED", "Market is closed"),
}


class Declined(Refusal):
    """A refusal with one of the venue's codes."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(status, message)
        self.code = code


def declined(status: int, code: str, message: str) -> Response:
    """A refusal as the venue sends it."""
    return json_response({"error": {"code": code, "message": message}}, status)


def bad_request(message: str) -> Declined:
    return Declined(400, "BAD_REQUEST", message)


def no_market() -> Declined:
    return Declined(404, "NO_SUCH_MARKET", "Unknown market")


def no_order() -> Declined:
    return Declined(404, "NO_SUCH_ORDER", "Unknown order")


def declined_by_engine(refused: Refused) -> Declined:
    return Declined(400, *_OF_ENGINE.get(refused.reason, ("BAD_REQUEST", "Order is not valid")))
