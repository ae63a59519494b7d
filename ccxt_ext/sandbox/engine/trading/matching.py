"""Who trades with whom: price-time priority.

An incoming order meets the best price of the other side first, and at one price the order
that came first, for as long as its own limit allows. Each trade is made at the price of the
resting order (the maker), never at the incoming one's (the taker).

An account may trade with itself. A venue that says nothing of self-trade prevention has
none, so an order of the same account is met like any other: both sides are settled, both
pay their fee, and the ledger stays balanced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from ..exact import subtract
from ..model import Order, Side
from .book import Book

UNLIMITED = 10**40
"""More ticks than any price has: the limit of a market order that buys. One that sells has 0."""


def crossing(
    book: Book, taker: Order, allowed: Callable[[Decimal, Decimal], Decimal] | None = None
) -> Iterator[tuple[Order, Decimal]]:
    """The resting orders that `taker` meets, each with the amount that changes hands.

    An amount has left the book when it is handed out; the caller settles it, and takes it
    from both orders' `remaining` before asking for the next. `allowed` says how much of an
    amount may be taken at a price; it ends where that is nothing.
    """
    buys = taker.side == "buy"
    opposite = book.asks if buys else book.bids
    limit = taker.ticks
    while taker.remaining:
        level = opposite.best()
        if level is None or (level.ticks > limit if buys else level.ticks < limit):
            return
        maker = level.first()
        amount = min(taker.remaining, maker.remaining)
        if allowed is not None:
            amount = allowed(level.price, amount)
            if not amount:
                return
        opposite.reduce(maker, amount)
        yield maker, amount


def meets(book: Book, side: Side, ticks: int, amount: Decimal) -> list[tuple[Decimal, Decimal]]:
    """What an order would be matched with now: the prices, and the amount at each."""
    buys = side == "buy"
    found = []
    for level in book.asks if buys else book.bids:
        if not amount or (level.ticks > ticks if buys else level.ticks < ticks):
            break
        taken = min(amount, level.amount)
        found.append((level.price, taken))
        amount = subtract(amount, taken)
    return found
