"""How far a venue has come, from what its cases have shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

LEVELS: Mapping[str, str] = {
    "reads": "public data can be relied on",
    "trades": "orders, unknown outcomes and secrets too",
    "streams": "what is watched agrees with what is fetched, through cuts and gaps",
    "proven": "documented payloads, vectors, recordings and a frontend of its own, and all nets are green",
}

# What a venue has to have, besides passing the cases: of each group one.
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "reads": (("fetchMarkets",), ("fetchTicker", "fetchTickers", "fetchOrderBook")),
    "trades": (("createOrder",), ("cancelOrder",), ("fetchBalance",), ("fetchOrder", "fetchOpenOrders")),
    "streams": (("watchOrderBook",),),
    "proven": (),
}

PASSED = "passed"
FAILED = "failed"
EXEMPT = "exempt"
# Not applicable: the venue, or this ccxt, has nothing of the kind, which says nothing against it ...
HAS_NOT = "has says False"
# ... or it could not be shown.
NOT_IN_CCXT = "not in this ccxt"
NO_FRONTEND = "no frontend"
NO_PROFILE = "no profile"
NOT_RUN = "not run"

HARMLESS = (PASSED, EXEMPT, HAS_NOT, NOT_IN_CCXT)


class Shown(NamedTuple):
    """What came of a case: the first level that needs it, its number, and the outcome."""

    level: str
    number: str
    outcome: str


class Reached(NamedTuple):
    level: str | None
    missing: str | None
    """What keeps it from the next level; None at the last one."""


def reached(shown: Iterable[Shown], has: Collection[str], exempt: Mapping[str, str]) -> Reached:
    """The last level of which, as of all before it, nothing is missing."""
    every = list(shown)
    last = None
    for level in LEVELS:
        missing = _missing(level, every, has)
        if missing and level not in exempt:
            return Reached(last, f"{level}: {missing}")
        last = level
    return Reached(last, None)


def _missing(level: str, shown: Collection[Shown], has: Collection[str]) -> str | None:
    for group in NEEDED[level]:
        if not any(name in has for name in group):
            return f"the venue has no {' or '.join(group)}"
    short = sorted(
        {
            f"{each.number} ({each.outcome})"
            for each in shown
            if each.level == level and each.outcome not in HARMLESS
        }
    )
    return ", ".join(short) if short else None
