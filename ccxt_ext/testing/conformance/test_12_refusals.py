"""Chapter 12: whatever a venue refuses with, nothing that lives is called dead, and a doubtful outcome is
called so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ccxt_ext.testing.conformance.calls import is_public
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.raising import none_of
from ccxt_ext.testing.conformance.refusing import (
    Refusal,
    cancelling_wrongly,
    changing_wrongly,
    outcome_wrongly,
    reading_wrongly,
    refusals_of,
)
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.conformance.turning_away import Counter, Every, counters

CANCELS = ("cancelOrder", "cancelAllOrders", "cancelOrders", "cancelOrderWithClientOrderId")

# By these, what is asked for one by one is looked for afterwards: then it is known to be open.
SEVERAL = ("cancelAllOrders", "cancelOrders")

# With others, what is not read by the same code everywhere is tried.
MAIN = ("fetchBalance", "fetchOrder", "fetchOpenOrders", "fetchMyTrades")

# All else that there is a method for changes something.
NOT_CHANGING = re.compile("fetch|cancel|signIn|createOrder$|editOrder")


@case(
    "12.1",
    "An order that is refused is no success, and a doubtful one is of unknown outcome",
    needs=("createOrder",),
    frontend=True,
    level="proven",
)
def placing(tested: Tested, kind: str) -> None:
    """In words and envelopes of all sorts, those of the profile's `refusing` included. With a status of 500
    or more, and where a refusal comes as a success does in a shape that is not the venue's, nobody knows what
    came of the order. A refusal in the venue's own words is known, and the exception is that of the words."""
    wrong: list[str] = []
    for counter in counters(tested, kind):
        counter.place()
        (sort, *_) = counter.sorts("createOrder", *counter.order)
        refusals = refusals_of(tested, "createOrder", few=not counter.thorough)
        wrong += counter.told_wrongly(sort, refusals, changing_wrongly, "createOrder", *counter.order)
    none_of(wrong)


@case(
    "12.2",
    "An order whose cancel is refused is not called gone",
    needs=("createOrder", "cancelOrder"),
    frontend=True,
    level="proven",
)
def cancelling(tested: Tested, kind: str) -> None:
    """By each method that cancels. OrderNotFound is for the venue's plain word that there is no such order:
    not for a page that says so, nor for a status of 500 or more. No refusal is taken for a success."""
    wrong: list[str] = []
    for method in CANCELS:
        for counter in counters(tested, kind):
            if counter.able(method):
                wrong += cancelling_by(tested, counter, method)
    none_of(wrong)


def cancelling_by(tested: Tested, counter: Counter, method: str) -> Iterator[str]:
    def arguments() -> tuple[Any, ...]:
        id = counter.place()
        if method == "cancelOrderWithClientOrderId":
            id = counter.desk.orders[-1].client_id
        return counter.arguments(method, id)

    (sort, *_) = counter.sorts(method, *arguments())
    given = arguments()
    name = counter.desk.bench.name(counter.desk.orders[-1])

    def judged(refusal: Refusal, error: Exception | None) -> Iterator[str]:
        assert counter.is_open(name), f"{method}, answered {refusal}: the order was cancelled all the same"
        return cancelling_wrongly(refusal, error, exact=method not in SEVERAL)

    few = method != "cancelOrder" or not counter.thorough
    return counter.told_wrongly(sort, refusals_of(tested, method, few), judged, method, *given)


@case(
    "12.3",
    "Whatever else is refused is no success, and a doubtful one is of unknown outcome",
    frontend=True,
    level="proven",
)
def changing(tested: Tested, kind: str) -> None:
    """Other ways to place orders, transfers, withdrawals, margins, leverages, and all else that changes
    something. What sends nothing is left out."""
    wrong: list[str] = []
    for counter in counters(tested, kind):
        id = counter.place()
        for method in counter.methods():
            if NOT_CHANGING.match(method):
                continue
            given = counter.arguments(method, id)
            for sort in counter.sorts(method, *given)[:1]:
                refusals = refusals_of(tested, method, few=True)
                wrong += counter.told_wrongly(sort, refusals, changing_wrongly, method, *given)
    none_of(wrong)


@case(
    "12.4",
    "An order that is edited lives until its cancel was taken",
    needs=("createOrder", "editOrder"),
    frontend=True,
    level="proven",
)
def editing(tested: Tested, kind: str) -> None:
    """Where the venue cancels and places anew, either half may be refused. If it is the second, the error
    names the order that is gone, as `canceled_order_id`; if it is the first, it does not."""
    wrong: list[str] = []
    for counter in counters(tested, kind):
        if counter.able("editOrder"):
            wrong += editing_on(tested, counter)
    none_of(wrong)


def editing_on(tested: Tested, counter: Counter) -> Iterator[str]:
    def edit(id: str) -> tuple[Any, ...]:
        return (id, *counter.order)

    first, *rest = counter.sorts("editOrder", *edit(counter.place()))
    lives = counter.place()

    def judged(refusal: Refusal, error: Exception | None) -> Iterator[str]:
        assert counter.is_open(lives), f"editOrder, answered {refusal}: the order was cancelled all the same"
        if hasattr(error, "canceled_order_id"):
            yield "told as cancelled, and the order lives"
        yield from cancelling_wrongly(refusal, error)

    yield from counter.told_wrongly(
        first, refusals_of(tested, "editOrder", few=True), judged, "editOrder", *edit(lives)
    )
    for refusal in refusals_of(tested, "editOrder", few=True) if rest else ():
        gone = counter.place()

        def judged_after(refusal: Refusal, error: Exception | None, gone: str = gone) -> Iterator[str]:
            assert not counter.is_open(gone), "its cancel was not taken"
            if getattr(error, "canceled_order_id", None) != gone:
                yield f"{error!r} does not tell that the order is gone"
            yield from changing_wrongly(refusal, error)

        yield from counter.told_wrongly(rest[0], [refusal], judged_after, "editOrder", *edit(gone))


@case(
    "12.5",
    "A refused question is no answer",
    frontend=True,
    level="proven",
)
def reading(tested: Tested, kind: str) -> None:
    """Of each method that fetches what needs a key: a refusal is never taken for an empty list, nor for an
    order that is gone. In the venue's own words, the exception is that of the words."""
    wrong: list[str] = []
    for counter in counters(tested, kind):
        id = counter.place()
        for method in counter.methods():
            # By a client's own id, an order may be known to the process only.
            if (
                method.startswith("fetch")
                and method != "fetchOrderWithClientOrderId"
                and not is_public(method)
            ):
                wrong += reading_by(tested, counter, method, id)
    none_of(wrong)


def reading_by(tested: Tested, counter: Counter, method: str, id: str) -> Iterator[str]:
    of_order = re.match("fetchOrder($|Trades|With)", method) is not None

    def judged(refusal: Refusal, error: Exception | None) -> Iterator[str]:
        return reading_wrongly(refusal, error, of_order)

    given = counter.arguments(method, id)
    if not counter.sorts(method, *given):
        return  # it sends nothing
    few = method not in MAIN or not counter.thorough
    told = [each for each in refusals_of(tested, method, few) if each.answer.text not in ("null", "[]")]
    for refusal in told:
        if not refusal.words.gone:
            counter.begin_anew()  # a login may be refused as well
            yield from counter.told_wrongly(Every(), [refusal], judged, method, *given)
    counter.log_in()  # of which it makes no sense to say that there is no such order
    gone = (refusal for refusal in told if refusal.words.gone)
    yield from counter.told_wrongly(Every(), gone, judged, method, *given)


@case(
    "12.6",
    "What is called by its endpoint is of unknown outcome where nothing is clear",
    frontend=True,
    level="proven",
)
def endpoints(tested: Tested, kind: str) -> None:
    """Of the implicit methods that the class's `api` marks as doing something (`once`, `changes` or
    `cancels`, as our parts read it): of their answers nothing is known but the status, so a page, or a status
    of 500 or more, leaves the outcome unknown."""
    counter = next(counters(tested, kind))
    refusals = [
        each
        for each in refusals_of(tested, "", few=True)
        if each.answer.status >= 500 or (each.page and each.answer.status == 200)
    ]
    wrong: list[str] = []
    for name, path, config in endpoints_of(counter.exchange.api):
        if not {"once", "changes", "cancels"}.isdisjoint(config):
            params = dict.fromkeys(counter.exchange.extract_params(path), "7")
            wrong += counter.told_wrongly(Every(), refusals, outcome_wrongly, name, params)
    none_of(wrong)


def endpoints_of(tree: Any, *names: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Of each, the implicit method, the path, and what is said of it."""
    for name, entry in tree.items():
        if isinstance(entry, dict) and name not in ("get", "post", "put", "delete", "patch"):
            yield from endpoints_of(entry, *names, name)
        elif isinstance(entry, dict):
            for path, config in entry.items():
                words = filter(None, re.split(r"[^a-zA-Z0-9]+", path))
                method = "_".join(word.lower() for word in (*names, name, *words))
                yield method, path, config if isinstance(config, dict) else {}
