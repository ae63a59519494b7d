"""What a venue may say no with: words, and the envelopes that they come in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import ccxt
from wire import Answer

GONE = "gone"  # the words say that there is no such order, or that it has ended
UNSAID = "unsaid"  # the words say nothing of what was done


@dataclass(frozen=True)
class Words:
    text: str
    kinds: tuple[type[Exception], ...]  # what a caller may be told, where the words are to be believed
    of_order: str = ""  # GONE or UNSAID, or that they refuse


LATER = (ccxt.ExchangeNotAvailable, ccxt.OnMaintenance)

WORDS = (
    Words("Insufficient funds", (ccxt.InsufficientFunds,)),
    Words("Insufficient balance", (ccxt.InsufficientFunds,)),
    Words("Balance not enough", (ccxt.InsufficientFunds,)),
    Words("Not enough money", (ccxt.InsufficientFunds,)),
    Words("Too many requests", (ccxt.RateLimitExceeded, ccxt.DDoSProtection)),
    Words("Invalid signature", (ccxt.AuthenticationError,)),
    Words("Wrong signature", (ccxt.AuthenticationError,)),
    Words("Invalid API key", (ccxt.AuthenticationError,)),
    Words("Wrong nonce", (ccxt.InvalidNonce,)),
    Words("Permission denied", (ccxt.PermissionDenied,)),
    Words("System maintenance", LATER),
    Words("Service temporarily unavailable", LATER),
    Words("Internal server error", (*LATER, ccxt.ExchangeError), UNSAID),
    Words("Unknown error", (ccxt.ExchangeError, ccxt.ExchangeNotAvailable), UNSAID),
    Words("Order not found", (ccxt.OrderNotFound,), GONE),
    Words("Order does not exist", (ccxt.OrderNotFound,), GONE),
    Words("Order already filled", (ccxt.OrderNotFound,), GONE),
    Words("Order already canceled", (ccxt.OrderNotFound,), GONE),
    Words("Orders of this pair cannot be cancelled", (ccxt.ExchangeError,)),
    Words("Order cannot be cancelled now", (ccxt.ExchangeError,)),
    Words("The contract has expired", (ccxt.ExchangeError,)),
    Words("Trader assigned to another group", (ccxt.ExchangeError,)),
    Words("Pair not found", (ccxt.BadSymbol,)),
    Words("Unknown symbol", (ccxt.BadSymbol,)),
    Words("Minimum amount is 0.01", (ccxt.InvalidOrder, ccxt.BadRequest, ccxt.ExchangeError)),
    Words("Bad request", (ccxt.BadRequest, ccxt.ExchangeError)),
    Words("Something else", (ccxt.ExchangeError, ccxt.BadRequest)),
    Words("", (ccxt.BaseError,)),
)

Wrapped = Callable[[str], Any]


def flat(text: str) -> Any:
    return {"message": text}


def nested(text: str) -> Any:
    return {"error": {"code": "REFUSED", "message": text}}


def coded(text: str) -> Any:
    return {"code": -1, "info": text, "data": []}


# The codes of BitMax whose meaning is that of the words; it is matched by the code.
CODES = {
    "Insufficient funds": (300011, "INVALID_BALANCE"),
    "Insufficient balance": (300011, "INVALID_BALANCE"),
    "Balance not enough": (310001, "INVALID_MARGIN_BALANCE"),
    "Not enough money": (310003, "MARGIN_TOO_RISKY"),
    "Too many requests": (200002, "TOO_MANY_ATTEMPTS"),
    "Invalid signature": (200001, "AUTHENTICATION_FAILED"),
    "Wrong signature": (200001, "AUTHENTICATION_FAILED"),
    "Invalid API key": (200001, "AUTHENTICATION_FAILED"),
    "Wrong nonce": (100011, "INVALID_TIMESTAMP"),
    "Permission denied": (200015, "PERMISSION_DENIED"),
    "Unknown error": (100101, "UNKNOWN_ERROR"),
    "Internal server error": (510001, "SERVER_ERROR"),
    "System maintenance": (510001, "SERVER_ERROR"),
    "Service temporarily unavailable": (510001, "SERVER_ERROR"),
    "Order not found": (300006, "INVALID_ORDER_ID"),
    "Order does not exist": (300006, "INVALID_ORDER_ID"),
    "Order already filled": (60060, ""),
    "Order already canceled": (60060, ""),
    "Pair not found": (300012, "INVALID_PRODUCT"),
    "Unknown symbol": (100008, "SYMBOL_ERROR"),
    "Minimum amount is 0.01": (300002, "INVALID_QTY"),
    "Bad request": (100006, "INVALID_ARGUMENT"),
}


def reasoned(text: str) -> Any:
    code, reason = CODES.get(text, (100010, "INVALID_OPERATION"))
    return {"code": code, "reason": reason, "message": text}


# How each venue says no by its documents: the statuses and the shape.
DOCUMENTED: dict[str, tuple[tuple[int, ...], Wrapped]] = {
    "bitmart2": ((400,), flat),
    "bitexasia": ((400,), nested),
    "bitexbit": ((400,), flat),
    "btex": ((200,), coded),
    "bitmaxfutures": ((200,), reasoned),
}
ODD: tuple[Wrapped, ...] = (
    flat,
    nested,
    lambda text: {"error": text},
    lambda text: {"success": False, "error": text},
    lambda text: {"result": text},
    lambda text: [text],
    lambda text: text,
    lambda text: None,
)


@dataclass(frozen=True)
class Refusal:
    words: Words
    status: int
    answer: Answer
    documented: bool
    html: bool = False

    def __str__(self) -> str:
        return f"{self.status} {self.answer.text[:90]!r}"


def refusals_of(id: str) -> Iterator[Refusal]:
    statuses, own = DOCUMENTED[id]
    for words in WORDS:
        for status in (200, 400, 500, 502, 503, 504):
            documented = status in statuses and bool(words.text or own is reasoned)
            yield Refusal(words, status, Answer(own(words.text), status), documented)
        for shape in ODD:
            if shape is not own:
                yield Refusal(words, 200, Answer(shape(words.text), 200), False)
        page = f"<html><body><h1>{words.text}</h1></body></html>"
        for status in (200, 400, 403, 404, 500, 503):
            yield Refusal(words, status, Answer(page, status, "text/html"), False, html=True)
