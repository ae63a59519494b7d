"""Chapter 4, of numbers: what the venue gets is what the caller has asked for."""

from __future__ import annotations

import contextlib
import functools
import random
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

import ccxt

from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.desk import Desk
from ccxt_ext.testing.conformance.everything import has_on
from ccxt_ext.testing.conformance.fields import Field, fields
from ccxt_ext.testing.conformance.offline import markets_of
from ccxt_ext.testing.conformance.placing import cost_of, enough, needs_cost, plenty, step_of
from ccxt_ext.testing.conformance.tested import Tested
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
    "4.23",
    "A market order is of the amount that was asked for",
    needs=("createMarketOrder", "fetchOrderBook"),
    frontend=True,
    level="trades",
)
def at_market(tested: Tested, desk: MakeDesk) -> None:
    """On each type of market and both sides. A buy that has to say what it costs (`marketBuyRequiresPrice` of
    `features`) is given the price, and then the cost: it may lack a step of the amount."""
    for market_type in sorted({market["type"] for market in markets_of(tested.id) if market["active"]}):
        made = desk(options={"defaultType": market_type})
        exchange, symbol = made.exchange, made.symbol
        if not has_on(exchange, "createMarketOrder", market_type):
            continue
        by_cost = needs_cost(exchange, symbol)
        for side, levels in (("buy", "asks"), ("sell", "bids"), *([("buy", "asks")] if by_cost else [])):
            price, standing, *_ = made("fetchOrderBook", symbol)[levels][0]
            amount = min(plenty(exchange, symbol, price), standing)
            order: list[Any] = [amount, price if by_cost and side == "buy" else None, {}]
            if by_cost and len(made.orders) > 1:
                order = [amount, None, {"cost": cost_of(exchange, symbol, amount, price)}]
            before = len(made.orders)
            made("createOrder", symbol, "market", side, *order)
            where = f"createOrder of {symbol}, market, {side}, {order}"
            placed = made.orders[before:]
            assert len(placed) == 1, f"{where}: there are {len(placed)} orders"
            got = float(placed[0].filled)
            least = amount - (step_of(exchange, symbol, "amount") if by_cost and side == "buy" else 0)
            assert least * (1 - 1e-9) <= got <= amount * (1 + 1e-9), f"{where}: {got} is filled"
            assert placed[0].side == side, f"{where}: it was a {placed[0].side}"


@case(
    "4.22",
    "A documented order is one request, and its answer is understood",
    needs=("createOrder",),
    profile=("samples", "amount", "price"),
    level="proven",
)
def documented_order(offline: Callable[..., Any], profile: Profile) -> None:
    """On both sides; it tells id, symbol and side. Where the documented answer repeats the side in the word
    that the request has for it, it is turned round with the request."""
    sample = profile.sample(profile.samples["createOrder"][0])
    sent: dict[str, list[Field]] = {}
    for side in ("buy", "sell"):
        made = offline(lambda request: Answer(sample))
        with contextlib.suppress(ccxt.BaseError):  # it may be about an order of the other side
            order_of(made, profile, side)
        assert len(made.wire.requests) == 1, f"{side}: {[request.line for request in made.wire.requests]}"
        sent[side] = sorted(fields(made.wire.requests[0]))
    for side, other in (("buy", "sell"), ("sell", "buy")):
        words = {"": (other, side)}  # of ccxt's, which a venue may have as well
        words |= {name: (told, dict(sent[side]).get(name, told)) for name, told in sent[other]}
        turned = turned_round(sample, words)
        made = offline(lambda request, turned=turned: Answer(turned))
        order = order_of(made, profile, side)
        assert order["id"] and order["symbol"] == made.symbol and order["side"] == side, order


def order_of(made: Any, profile: Profile, side: str) -> Any:
    return call(made.exchange, "createOrder", made.symbol, "limit", side, profile.amount, profile.price)


def turned_round(tree: Any, words: Mapping[str, tuple[str, str]], name: str = "") -> Any:
    """An answer that has the second of two words in place of the first. A number stands for the same only in
    a field of the same name, and a short word only on its own."""
    if isinstance(tree, dict):
        return {key: turned_round(value, words, key) for key, value in tree.items()}
    if isinstance(tree, list):
        return [turned_round(value, words, name) for value in tree]
    for field, (told, wanted) in words.items():
        if told == wanted or isinstance(tree, bool):
            continue
        if str(tree).lower() == told.lower() and (field == name or told.isalpha()):
            return like(tree, wanted)
        if isinstance(tree, str) and len(told) > 2 and told.isalpha():
            whole = rf"(?<![A-Za-z]){told}(?![A-Za-z])"
            swap = functools.partial(in_its_place, wanted)
            tree = re.sub(whole, swap, tree, flags=re.IGNORECASE)
    return tree


def in_its_place(word: str, found: re.Match[str]) -> str:
    return str(like(found[0], word))


def like(told: Any, word: str) -> Any:
    """The word in the form of the one in whose place it stands."""
    if not isinstance(told, str):
        return type(told)(word)
    if told.isupper():
        return word.upper()
    return word.capitalize() if told[:1].isupper() else word
