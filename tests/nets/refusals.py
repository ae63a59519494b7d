"""What a venue may say no with: words, and the envelopes that they come in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import ccxt

from ccxt_ext.testing.wire import Answer

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


# Its other codes, by their reasons; and one that it does not document.
MORE_CODES: dict[str, tuple[int, tuple[type[Exception], ...]]] = {
    "SOMETHING_NEW": (100999, (ccxt.ExchangeError, ccxt.OperationFailed)),
    "INVALID_HTTP_INPUT": (100001, (ccxt.BadRequest,)),
    "DATA_NOT_AVAILABLE": (100002, (ccxt.BadRequest, ccxt.OrderNotFound)),
    "KEY_CONFLICT": (100003, (ccxt.BadRequest, ccxt.DuplicateOrderId)),
    "INVALID_REQUEST_DATA": (100004, (ccxt.BadRequest,)),
    "INVALID_WS_REQUEST_DATA": (100005, (ccxt.BadRequest,)),
    "ENCRYPTION_ERROR": (100007, (ccxt.AuthenticationError,)),
    "AUTHORIZATION_NEEDED": (100009, (ccxt.AuthenticationError,)),
    "INVALID_STR_FORMAT": (100012, (ccxt.BadRequest,)),
    "INVALID_NUM_FORMAT": (100013, (ccxt.BadRequest,)),
    "": (100014, (ccxt.RateLimitExceeded,)),
    "INVALID_JSON_FORMAT": (150001, (ccxt.BadRequest,)),
    "ACCOUNT_NOT_FOUND": (200003, (ccxt.AuthenticationError,)),
    "ACCOUNT_NOT_SETUP": (200004, (ccxt.AccountNotEnabled,)),
    "ACCOUNT_ALREADY_EXIST": (200005, (ccxt.BadRequest,)),
    "ACCOUNT_ERROR": (200006, (ccxt.AuthenticationError,)),
    "CODE_NOT_FOUND": (200007, (ccxt.AuthenticationError,)),
    "SECURITY_ALERT": (200013, (ccxt.PermissionDenied,)),
    "RESTRICTED_ACCOUNT": (200014, (ccxt.AccountSuspended,)),
    "INVALID_PRICE": (300001, (ccxt.InvalidOrder,)),
    "INVALID_SIDE": (300003, (ccxt.InvalidOrder,)),
    "INVALID_NOTIONAL": (300004, (ccxt.InvalidOrder,)),
    "INVALID_TYPE": (300005, (ccxt.InvalidOrder,)),
    "INVALID_TIME_IN_FORCE": (300007, (ccxt.InvalidOrder,)),
    "INVALID_ORDER_PARAMETER": (300008, (ccxt.InvalidOrder,)),
    "TRADING_VIOLATION": (300009, (ccxt.PermissionDenied,)),
    "INVALID_BATCH_ORDER": (300013, (ccxt.InvalidOrder,)),
    "TICK_SIZE_VIOLATION": (300014, (ccxt.InvalidOrder,)),
    "TRADING_RESTRICTED": (300020, (ccxt.PermissionDenied,)),
    "TRADING_DISABLED": (300021, (ccxt.PermissionDenied,)),
    "NO_MARKET_PRICE": (300031, (ccxt.InvalidOrder,)),
    "INVALID_MARGIN_ACCOUNT": (310002, (ccxt.AccountNotEnabled,)),
    "INVALID_MARGIN_ASSET": (310004, (ccxt.BadRequest,)),
    "INVALID_REFERENCE_PRICE": (310005, (ccxt.ExchangeError,)),
    "FUTURES_TOO_RISKY": (320008, (ccxt.InsufficientFunds,)),
    "HUMAN_CHALLENGE": (900001, (ccxt.DDoSProtection,)),
}


def coded_words() -> Iterator[tuple[Words, Any]]:
    """All that BitMax documents, each with its code."""
    for words in WORDS:
        yield words, CODES.get(words.text, (100010, "INVALID_OPERATION"))
    for reason, (code, kinds) in MORE_CODES.items():
        unsaid = UNSAID if reason == "SOMETHING_NEW" else ""
        yield Words(reason or "anything", kinds, unsaid), (code, reason)


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


# Words of which all odd shapes and pages are tried where the others are not: the code for them is the same.
TELLING = ("Insufficient funds", "Unknown error", "Order not found", "")


def refusals_of(id: str, few: bool = False) -> Iterator[Refusal]:
    """In every envelope; with `few`, in those that are not read by the same code for every call."""
    statuses, own = DOCUMENTED[id]
    for words in WORDS:
        for status in (200, 400, 503) if few else (200, 400, 500, 502, 503, 504):
            documented = status in statuses and bool(words.text or own is reasoned)
            yield Refusal(words, status, Answer(own(words.text), status), documented)
        if few and words.text not in TELLING:
            continue
        for shape in ODD:
            if shape is not own:
                yield Refusal(words, 200, Answer(shape(words.text), 200), False)
        page = f"<html><body><h1>{words.text}</h1></body></html>"
        for status in (200, 400, 403, 404, 500, 503):
            yield Refusal(words, status, Answer(page, status, "text/html"), False, html=True)
    if id == "bitmaxfutures":
        for words, (code, reason) in list(coded_words())[len(WORDS) :]:
            for status in (200, 500):
                answer = Answer({"code": code, "reason": reason, "message": words.text}, status)
                yield Refusal(words, status, answer, status == 200)


REFUSED = (ccxt.ExchangeError, ccxt.InvalidNonce, ccxt.RateLimitExceeded, ccxt.DDoSProtection)


def changing_wrongly(refusal: Refusal, error: Exception | None, exact: bool = True) -> Iterator[str]:
    """What is wrong with what a caller is told, who wanted something done."""
    if error is None:
        yield "told as a success"
        return
    words, name = refusal.words, type(error).__name__
    unknown = getattr(error, "outcome", None) == "unknown"
    believed = refusal.documented and words.of_order != UNSAID
    early = ccxt.RateLimitExceeded in words.kinds and not refusal.html  # said before all else
    odd = 200 <= refusal.status < 300 and not refusal.documented and not early
    if (refusal.status >= 500 or odd or (refusal.documented and not believed)) and not unknown:
        yield f"{name}, and not that its outcome is unknown"
    if believed and unknown and all(issubclass(kind, REFUSED) for kind in words.kinds):
        yield f"{name}, and that its outcome is unknown"
    if exact and believed and not isinstance(error, words.kinds) and words.of_order != GONE:
        yield f"{name}, not {' or '.join(kind.__name__ for kind in words.kinds)}"
    if words.of_order != GONE and isinstance(error, ccxt.OrderNotFound):
        yield "OrderNotFound"
