"""What a venue answers to each method: as its documents have it, or else as its frontend does."""

from __future__ import annotations

import functools
import json
from typing import Any, NamedTuple

import ccxt

from ccxt_ext.testing.conformance.calls import calls_of
from ccxt_ext.testing.conformance.desk import Desk
from ccxt_ext.testing.conformance.offline import Offline
from ccxt_ext.testing.conformance.placing import argument, enough, read_of
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.profile import Profile
from ccxt_ext.testing.wire import Answer, Request

# Of the answers of a frontend to one call, so many.
MOST = 3
ORDER = {"createOrder": 0, "cancelOrder": 2}


class Told(NamedTuple):
    method: str
    arguments: tuple[Any, ...]
    answers: tuple[Any, ...]
    """What was JSON, decoded."""


def told_of(tested: Tested) -> list[Told]:
    """Each method that sends something. Without documented answers and a frontend, none is answered."""
    profile = tested.profile
    if profile.samples or (profile.calls and not tested.frontend):
        return [
            Told(method, arguments, tuple(map(profile.sample, profile.samples.get(method, ()))))
            for method, arguments in profile.calls.items()
        ]
    if tested.frontend:
        return recorded(tested.id, tested.kinds[0])
    calls = calls_of(profile, Offline(tested, tested.kinds[0], None, {}))
    return [Told(method, arguments, ()) for method, arguments in calls.items()]


def more_told_of(tested: Tested) -> list[Told]:
    """The same, and what other ways of the methods are answered."""
    profile = tested.profile
    others = [
        Told(method, arguments, (profile.sample(name),)) for method, arguments, name in profile.more_samples
    ]
    return [*told_of(tested), *others]


@functools.cache
def recorded(id: str, kind: str) -> list[Told]:
    """The answers of the frontend to an account that has an open order, and one that was filled."""
    tested = Tested(Profile(id))
    calls = calls_of(tested.profile, Offline(tested, kind, None, {}))
    desk = Desk(id, kind)
    heard: list[Answer] = []
    ask = desk.wire.answer

    def answer(request: Request) -> Answer:
        heard.append(ask(request))
        return heard[-1]

    desk.wire.answer = answer
    filled = _fill(desk) if "createOrder" in calls else ""
    if desk.exchange.has.get("fetchOrderTrades"):
        calls["fetchOrderTrades"] = (filled, desk.symbol)
    if "createOrder" in calls:
        calls["createOrder"] = (desk.symbol, "limit", "buy", desk.amount, desk.price)
    found: list[Told] = []
    placed = ""
    # Cancelling comes last, and before it there is something to tell of both orders.
    for method in sorted(calls, key=lambda name: ORDER.get(name, 1)):
        arguments = (placed, desk.symbol) if method in ("fetchOrder", "cancelOrder") else calls[method]
        heard.clear()
        try:
            result = desk(method, *arguments)
        except ccxt.BaseError:
            heard.clear()  # what it refuses is another matter
        else:
            placed = result["id"] if method == "createOrder" else placed
        found.append(Told(method, arguments, tuple(_decoded(heard)[:MOST])))
    return found


def _fill(desk: Desk) -> str:
    """The id of an order that met the best offer."""
    read = read_of(desk.exchange)
    told = desk(read, argument(read, desk.symbol))
    ticker = told.get(desk.symbol, told)
    best = told["asks"][0][0] if "asks" in told else ticker["ask"] or ticker["last"]
    price = float(desk.exchange.price_to_precision(desk.symbol, best))
    amount = enough(desk.exchange, desk.symbol, price)
    return str(desk("createOrder", desk.symbol, "limit", "buy", amount, price)["id"])


def _decoded(answers: list[Answer]) -> list[Any]:
    found = []
    for answer in answers:
        try:
            found.append(json.loads(answer.text))
        except ValueError:
            continue  # no JSON
    return found
