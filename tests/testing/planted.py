"""Venues with one mistake each, as a plug-in of pytest: `-p tests.testing.planted`.

They are bitexasia with something changed, and its frontend, which is right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

import ccxt_ext
import ccxt_ext.async_support
import ccxt_ext.pro
from ccxt_ext.sandbox.frontends.bitexasia.frontend import Frontend

Changes = Mapping[str, Any]


class Mistake(NamedTuple):
    chapter: int
    case: str
    """The case that is about it."""
    told: str
    """What the failure has to say."""
    changes: Callable[[type], Changes]
    """What a class gets in place of what its base has."""


def says(**more: Any) -> Callable[[type], Changes]:
    """A mistake in what describe() says."""
    return lambda base: {"describe": lambda self: self.deep_extend(base.describe(self), more)}


def last_as_text(base: type) -> Changes:
    def parse_ticker(self: Any, *args: Any, **named: Any) -> Any:
        ticker = base.parse_ticker(self, *args, **named)
        return {**ticker, "last": str(ticker["last"])}

    return {"parse_ticker": parse_ticker}


def nothing_filled(base: type) -> Changes:
    def parse_order(self: Any, *args: Any, **named: Any) -> Any:
        return {**base.parse_order(self, *args, **named), "filled": 0.0}

    return {"parse_order": parse_order}


MISTAKES = {
    "planted1": Mistake(1, "1.21", "fetchOHLCV() is not supported", says(has={"fetchOHLCV": True})),
    "planted2": Mistake(2, "2.4", "fetchTicker.last is '", last_as_text),
    "planted3": Mistake(3, "3.2", "0.0 == ", nothing_filled),
}
# The same without a mistake.
RIGHT = "planted0"


def register(id: str, changes: Callable[[type], Changes]) -> None:
    made = {}
    for kind, module in (
        ("sync", ccxt_ext),
        ("async_support", ccxt_ext.async_support),
        ("pro", ccxt_ext.pro),
    ):
        base = named(id, module.bitexasia)
        made[kind] = type(id, (base,), dict(changes(base)))
    ccxt_ext.register(id, **made, sandbox=type("Frontend", (Frontend,), {"id": id}))


def named(id: str, base: type) -> type:
    return type(id, (base,), {"describe": lambda self: self.deep_extend(base.describe(self), {"id": id})})


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Whoever imports this module only reads it; as a plug-in of pytest it has the venues."""
    register(RIGHT, lambda base: {})
    for id, mistake in MISTAKES.items():
        register(id, mistake.changes)
