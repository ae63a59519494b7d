"""Which of several calls has placed which of the orders that their venue lists. No I/O.

A venue that tells only fills of orders that have ended does not tell their prices: a fill at a good price may
be that of each order which asked for no better one. So the orders are shared out among all of them at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ccxt_ext.venue.settling.likeness import Span, Terms, number


@dataclass(frozen=True)
class Claim:
    """A call that may have placed some of the orders."""

    token: str
    number: int
    began: int
    ended: int
    terms: Terms
    span: Span
    state: str
    left_ms: float = 0.0
    """How long its order may yet come."""


Edges = Mapping[str, Sequence[str]]
"""The ids of the orders that may be those of a call, by its token: the likeliest first."""


def contending(token: str, edges: Edges) -> set[str]:
    """This call, those that may have placed what it may have placed, and so on."""
    found, new = {token}, {token}
    while new:
        ids = {id for each in new for id in edges[each]}
        new = {each for each, own in edges.items() if each not in found and not ids.isdisjoint(own)}
        found |= new
    return found


def shares(claims: Sequence[Claim], edges: Edges) -> dict[str, str]:
    """An order for as many of the calls as can have one, by their tokens.

    Who can have fewest comes first. What was shared out in part is shared out alike again.
    """
    ranked = sorted(claims, key=lambda claim: (len(edges[claim.token]), claim.began, claim.token))
    return matched([claim.token for claim in ranked], edges)


def matched(tokens: Iterable[str], edges: Edges) -> dict[str, str]:
    holders: dict[str, str] = {}

    def takes(token: str, tried: set[str]) -> bool:
        for id in edges[token]:
            if id not in tried:
                tried.add(id)
                if id not in holders or takes(holders[id], tried):
                    holders[id] = token
                    return True
        return False

    for token in tokens:
        takes(token, set())
    return {token: id for id, token in holders.items()}


def is_forced(token: str, edges: Edges, shared: Mapping[str, str]) -> bool:
    """Whether one of the orders would be nobody's if this call had not its share."""
    without = [id for id in edges[token] if id != shared[token]]
    return len(matched(edges, {**edges, token: without})) < len(shared)


def likeliest_first(claim: Claim, orders: Iterable[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """First those that were wholly filled, and at the price that was asked for; of these the earliest."""

    def rank(order: Mapping[str, Any]) -> tuple[Any, ...]:
        # Of one that its fills tell of, neither is known.
        amount = order["filled"] if order["amount"] is None else order["amount"]
        price = order["average"] if order["price"] is None else order["price"]
        off = off_by(claim.terms.amount, amount), off_by(claim.terms.price, price)
        return *off, order["timestamp"] or 0, order["id"]

    return sorted(orders, key=rank)


def off_by(wanted: Decimal | None, told: Any) -> Decimal:
    found = number(told)
    return Decimal(0) if wanted is None or found is None else abs(found - wanted)


def widened(claim: Claim, claims: Iterable[Claim]) -> Claim:
    """Another call may have been given this one's order; its own may come until its time is over."""
    ends = [other.ended - claim.ended for other in claims if other.terms == claim.terms]
    return replace(claim, span=claim.span._replace(last=claim.span.last + max([*ends, 0])))


def ids_of(orders: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    return [order["id"] for order in orders]
