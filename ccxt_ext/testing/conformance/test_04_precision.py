"""Chapter 4, of numbers: what the venue gets is what the caller has asked for."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.desk import Desk
from ccxt_ext.testing.conformance.placing import enough, step_of
from ccxt_ext.testing.profile import Profile
from ccxt_ext.testing.wire import Answer, call

MakeDesk = Callable[..., Desk]
EXAMPLES = 25


def exact(number: float) -> Decimal:
    return Decimal(repr(number))


@case(
    "4.20",
    "Prices and amounts reach the venue as they were asked for",
    needs=("createOrder", "cancelOrder"),
    frontend=True,
    level="trades",
    patience_s=120,
)
def as_asked_for(desk: MakeDesk) -> None:
    """Whole steps go out exactly, whatever a float makes of them, and never in scientific notation. What is
    between two steps is rounded: a price to the nearer one, an amount down, never up."""
    made = desk()
    exchange, symbol = made.exchange, made.symbol
    step, tick = (Decimal(repr(step_of(exchange, symbol, what))) for what in ("amount", "price"))
    assert step and tick, f"{symbol} tells no steps of amounts and prices"
    dice = random.Random(7)
    least, lowest = exact(made.amount), exact(made.price)
    for number in range(EXAMPLES):
        amount = least + step * dice.randrange(10 ** dice.randrange(1, 5))
        price = lowest - tick * dice.randrange(20)
        more = Decimal(0) if number % 2 == 0 else Decimal("0.4") if number % 4 == 1 else Decimal("0.9")
        asked = float(amount + step * more), float(price + tick * more)
        wanted = (
            (exact(asked[0]) / step).to_integral_value(ROUND_FLOOR) * step,
            (exact(asked[1]) / tick).to_integral_value(ROUND_HALF_UP) * tick,
        )
        where = f"createOrder of {asked[0]!r} at {asked[1]!r}"
        sent = len(made.acts)
        id = made("createOrder", symbol, "limit", "buy", *asked)["id"]
        order = made.orders[-1]
        got = order.amount, order.price
        assert got == wanted, f"{where}: the venue got {got[0]} at {got[1]}, not {wanted[0]} at {wanted[1]}"
        request = made.acts[sent]
        for text in (request.body, request.url):
            assert not scientific(text), f"{where}: it was sent in scientific notation: {text}"
        made("cancelOrder", id, symbol)


def scientific(text: str) -> bool:
    return re.search(r"(?<![\w.])\d+(\.\d+)?[eE][-+]?\d+(?![\w.])", text) is not None


@case(
    "4.21",
    "An order exactly at the least that the market takes is taken",
    needs=("createOrder",),
    frontend=True,
    level="trades",
)
def exactly_the_least(desk: MakeDesk) -> None:
    """By its `limits`, for the amount and, at that price, for what it costs."""
    made = desk()
    amount = enough(made.exchange, made.symbol, made.price)
    made("createOrder", made.symbol, "limit", "buy", amount, made.price)
    assert [order.status for order in made.orders] == ["open"]


@case(
    "4.22",
    "A documented order is one request, and its answer is understood",
    needs=("createOrder",),
    profile=("samples", "amount", "price"),
    level="proven",
)
def documented_order(offline: Callable[..., Any], profile: Profile) -> None:
    """On both sides; it tells id, symbol and side."""
    sample = json.dumps(profile.sample(profile.samples["createOrder"][0]))
    for side in ("buy", "sell"):
        # A venue that repeats what it was told repeats the side as well.
        answer = sample
        for told in ('"buy"', '"Buy"', '"sell-limit"'):
            own = told.lower().replace("buy", side).replace("sell", side)
            answer = answer.replace(told, own.replace(side, side.capitalize()) if "B" in told else own)
        made = offline(lambda request, answer=answer: Answer(answer))
        order = call(made.exchange, "createOrder", made.symbol, "limit", side, profile.amount, profile.price)
        assert len(made.wire.requests) == 1, f"{side}: {[request.line for request in made.wire.requests]}"
        assert order["id"] and order["symbol"] == made.symbol and order["side"] == side, order
