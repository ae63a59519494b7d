"""What a venue may say no with: words, and the envelopes that they come in; and what of it a caller is told
wrongly."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import ccxt

from ccxt_ext.testing.conformance.desk import Desk
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.wire import Answer

Errors = tuple[type[Exception], ...]


@dataclass(frozen=True)
class Words:
    text: str
    kinds: Errors
    """What a caller may be told, where the words are to be believed."""
    gone: bool = False
    """Whether they say that there is no such order, or that it has ended."""
    unsaid: bool = False
    """Whether they say nothing of what was done."""


# By which it is known that nothing was done.
REFUSED = (ccxt.ExchangeError, ccxt.InvalidNonce, ccxt.RateLimitExceeded, ccxt.DDoSProtection)

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
    Words("Internal server error", (*LATER, ccxt.ExchangeError), unsaid=True),
    Words("Unknown error", (ccxt.ExchangeError, ccxt.ExchangeNotAvailable), unsaid=True),
    Words("Order not found", (ccxt.OrderNotFound,), gone=True),
    Words("Order does not exist", (ccxt.OrderNotFound,), gone=True),
    Words("Order already filled", (ccxt.OrderNotFound,), gone=True),
    Words("Order already canceled", (ccxt.OrderNotFound,), gone=True),
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

# Words of which all odd shapes and pages are tried where the others are not: the code for them is the same.
TELLING = ("Insufficient funds", "Unknown error", "Order not found", "")


@dataclass(frozen=True)
class Refusal:
    words: Words
    answer: Answer
    documented: bool = False
    """Whether the venue says it like this by its documents, so that the words are to be believed."""
    doubtful: bool = False
    """Whether it comes as a success does, in a shape that is none of the venue's."""
    clear: bool = False
    """Whether nothing was done, by what the venue's documents say."""
    page: bool = False
    """Whether it is no JSON."""

    def __str__(self) -> str:
        return f"{self.answer.status} {self.answer.text[:90]!r}"

    @property
    def says_gone(self) -> bool:
        """Whether it says plainly that there is no such order."""
        return self.words.gone and not self.page and self.answer.status < 500


# -- envelopes ----------------------------------------------------------------------------------------------

FLAT = 0
SHAPES: tuple[Callable[[str], Any], ...] = (
    lambda text: {"message": text},
    lambda text: {"error": {"code": "REFUSED", "message": text}},
    lambda text: {"error": text},
    lambda text: {"success": False, "error": text},
    lambda text: {"result": text},
    lambda text: [text],
    lambda text: text,
    lambda text: None,
)

STATUSES = (200, 400, 500, 502, 503, 504)
FEW_STATUSES = (200, 400, 503)
PAGE_STATUSES = (200, 400, 403, 404, 500, 503)


def refusals_of(tested: Tested, method: str, few: bool = False) -> Iterator[Refusal]:
    """In every envelope, for a method. With `few`, in those that are not read by the same code for all."""
    refusing = tested.profile.refusing
    like_its_own = Own(tested)
    for words in WORDS:
        said = refusing(words.text) if refusing else None
        own = said or Answer(json.dumps(SHAPES[FLAT](words.text)), 400)
        statuses = {*(FEW_STATUSES if few else STATUSES), own.status}
        for status in sorted(statuses if said or not refusing else ()):
            documented = said is not None and status == own.status and bool(words.text)
            answer = own._replace(status=status)
            odd = status < 300 and not documented and not like_its_own(answer)
            clear = documented and status < 500 and not words.unsaid
            clear = clear and all(issubclass(kind, REFUSED) for kind in words.kinds)
            yield Refusal(words, answer, documented, odd, clear)
        if few and words.text not in TELLING:
            continue
        for shape in SHAPES:
            answer = Answer(json.dumps(shape(words.text)))
            if answer.text != own.text:
                yield Refusal(words, answer, doubtful=not like_its_own(answer))
        html = f"<html><body><h1>{words.text}</h1></body></html>"
        for status in PAGE_STATUSES:
            yield Refusal(words, Answer(html, status, "text/html"), doubtful=status < 300, page=True)
    if not few:
        yield from told_by_profile(tested, method)


def told_by_profile(tested: Tested, method: str) -> Iterator[Refusal]:
    """The profile's `refusals`. Of those that another method meets it is only known whether they say that an
    order is gone."""
    rows = tested.profile.refusals
    gone = {body for _, body, _, kind in rows if issubclass(kind, ccxt.OrderNotFound)}
    own = {(status, body): kind for status, body, name, kind in rows if name == method}
    for status, body in dict.fromkeys((status, body) for status, body, *_ in rows):
        kind = own.get((status, body), ccxt.BaseError)
        clear = issubclass(kind, REFUSED) and kind is not ccxt.ExchangeError  # which may be anything
        words = Words(body, (ccxt.BaseError,), gone=body in gone)
        yield Refusal(words, Answer(body, status), clear=clear and status < 500)


class Own:
    """Whether an answer looks like one with which the venue refuses. Where no profile tells how it does, its
    frontend shows it."""

    def __init__(self, tested: Tested) -> None:
        self.names = () if tested.profile.refusing else names_of_refusals(tested.id, tested.kinds[0])

    def __call__(self, answer: Answer) -> bool:
        names = names_in(answer)
        return bool(names) and any(names <= known for known in self.names)


def names_in(answer: Answer) -> frozenset[str]:
    tree = json.loads(answer.text)
    return frozenset(tree) if isinstance(tree, dict) else frozenset()


@functools.cache
def names_of_refusals(id: str, kind: str) -> tuple[frozenset[str], ...]:
    """The outermost names of what the frontend refuses with, if it does that with the status of a success."""
    desk = Desk(id, kind)
    answered: list[Answer] = []
    ask = desk.wire.answer

    def answer(request: Any) -> Answer:
        answered.append(ask(request))
        return answered[-1]

    desk.wire.answer = answer
    found = set()
    order = desk.place()["id"]
    for _ in range(2):  # the second time there is nothing left to cancel
        try:
            desk("cancelOrder", order, desk.symbol)
        except ccxt.BaseError:
            refused = answered[-1]
            if refused.status < 300 and refused.content_type.startswith("application/json"):
                found.add(names_in(refused))
    return tuple(found)


# -- what is wrong with what a caller is told ---------------------------------------------------------------


def is_unknown(error: Exception) -> bool:
    return getattr(error, "outcome", None) == "unknown"


def outcome_wrongly(refusal: Refusal, error: Exception | None) -> Iterator[str]:
    if error is None:
        yield "told as a success"
        return
    words = refusal.words
    early = ccxt.RateLimitExceeded in words.kinds and not refusal.page  # said before all else
    unsaid = refusal.documented and words.unsaid
    if not is_unknown(error) and (refusal.answer.status >= 500 or (refusal.doubtful and not early) or unsaid):
        yield f"{type(error).__name__}, and not that its outcome is unknown"
    if is_unknown(error) and refusal.clear:
        yield f"{type(error).__name__}, and that its outcome is unknown"


def changing_wrongly(refusal: Refusal, error: Exception | None, exact: bool = True) -> Iterator[str]:
    """For whoever wanted something done. What is not `exact` is made of several requests, and may look what
    came of them."""
    if exact or error is None:
        yield from outcome_wrongly(refusal, error)
    words, name = refusal.words, type(error).__name__
    if exact and error is not None:
        believed = refusal.documented and not words.unsaid and not words.gone
        if believed and not isinstance(error, words.kinds):
            yield f"{name}, not {' or '.join(kind.__name__ for kind in words.kinds)}"
    if isinstance(error, ccxt.OrderNotFound) and not words.gone:
        yield f"{name}, which nothing speaks of"


def cancelling_wrongly(refusal: Refusal, error: Exception | None, exact: bool = True) -> Iterator[str]:
    """For whoever wanted to cancel an order, which lives."""
    if error is None:
        yield "told as a success, and the order lives"
    elif isinstance(error, ccxt.OrderNotFound):
        if not refusal.says_gone:
            yield f"{type(error).__name__}, and the order lives"
    else:
        yield from changing_wrongly(refusal, error, exact)


def reading_wrongly(refusal: Refusal, error: Exception | None, of_order: bool) -> Iterator[str]:
    """For whoever wanted to know something; `of_order`, of one order."""
    if error is None:
        yield "told as a success"
        return
    name = type(error).__name__
    if isinstance(error, ccxt.OrderNotFound) and not refusal.says_gone:
        yield f"{name}, and the order lives"
    kinds = (*refusal.words.kinds, ccxt.OrderNotFound)
    if refusal.words.gone and not of_order:
        kinds = (*kinds, ccxt.ExchangeError)
    if refusal.documented and not isinstance(error, kinds):
        yield f"{name}, not {' or '.join(kind.__name__ for kind in refusal.words.kinds)}"
