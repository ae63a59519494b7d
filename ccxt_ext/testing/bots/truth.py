"""What the engine has, as tests want it: ccxt's symbols, numbers as Decimal, times as milliseconds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from ccxt_ext.sandbox.steering import Steering

__tracebackhide__ = True  # pytest shows the line of the test that called this

Row = dict[str, Any]

NUMBERS = frozenset(
    (
        *("price", "amount", "filled", "remaining", "cost", "average", "trigger_price"),
        *("fee", "entry_price", "entry_value", "mark_price", "notional", "margin", "initial_margin"),
        *("maintenance_margin", "leverage", "realized", "unrealized", "funding", "liquidation_price"),
        *("stop_loss", "take_profit", "fees"),
    )
)
"""The fields that are amounts of something."""
TIMES = frozenset(("created", "updated", "timestamp", "opened"))


def listed(box: Steering, what: str, venue: str, **filters: str | None) -> list[Row]:
    """Rows of the control port, such as its orders, as tests want them; in its order."""
    return [row_of(each) for each in asked(box, what, venue=venue, **filters)]


def asked(box: Steering, what: str, **filters: str | None) -> Any:
    """The answer of the control port. A filter without a value is left out."""
    query = urlencode({name: value for name, value in filters.items() if value is not None})
    return box.control("GET", f"/{what}?{query}" if query else f"/{what}")


def row_of(told: Mapping[str, Any]) -> Row:
    return {name: _value(name, value) for name, value in told.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):  # fees by currency
        return {each: Decimal(amount) for each, amount in value.items()}
    if isinstance(value, str) and name in NUMBERS:
        return Decimal(value)
    return int(value) if isinstance(value, str) and name in TIMES else value


def sums_of(told: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, Decimal]]:
    """Amounts by currency and name."""
    return {
        currency: {name: Decimal(amount) for name, amount in amounts.items()}
        for currency, amounts in told.items()
    }


def levels_of(told: Mapping[str, Iterable[Iterable[str]]]) -> dict[str, list[list[Decimal]]]:
    """The two sides of a book."""
    return {side: [[Decimal(each) for each in level] for level in levels] for side, levels in told.items()}


def requests_like(rows: Iterable[Row], method: str | None, path: str | None) -> list[Row]:
    """Those with this method, and a path in which this pattern is found."""
    return [
        row
        for row in rows
        if (method is None or row["method"] == method.upper())
        and (path is None or re.search(path, row["path"]))
    ]
