"""The refusals of Acme Exchange, each with a number and a text."""

from __future__ import annotations

from ccxt_ext.sandbox.frontend import Refusal, Response, json_response
from ccxt_ext.sandbox.frontend.engine import Refused

# What the venue says for each reason of the engine's.
_OF_ENGINE = {
    "insufficient_funds": (302, "Too little money"),
    "bad_price": (300, "The rate is not valid"),
    "price_precision": (300, "The rate has too many decimals"),
    "bad_amount": (301, "The quantity is not valid"),
    "too_small": (301, "The order is too small"),
    "too_large": (301, "The order is too large"),
    "amount_precision": (301, "The quantity has too many decimals"),
    "market_closed": (201, "The pair is halted"),
}


class Declined(Refusal):
    """A refusal with one of the venue's numbers. To most of them the venue answers 200."""

    def __init__(self, number: int, text: str, status: int = 200) -> None:
        super().__init__(status, text)
        self.number = number


def declined(number: int, text: str, status: int = 200) -> Response:
    """A refusal as the venue sends it."""
    return json_response({"ok": False, "error": {"number": number, "text": text}}, status)


def bad_request(text: str) -> Declined:
    return Declined(100, text)


def no_pair() -> Declined:
    return Declined(200, "No such pair")


def no_order() -> Declined:
    return Declined(304, "No such order")


def declined_by_engine(refused: Refused) -> Declined:
    return Declined(*_OF_ENGINE.get(refused.reason, (100, "The order is not valid")))
