"""Reads what the synthetic makers are to keep in the books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from ccxt_ext.sandbox.engine import BookShape

MOST_LEVELS = 1000
WIDEST = 0.5
MOST_SIZE = 1000
FIELDS = BookShape._fields
Books = Mapping[str, Mapping[str, Any]]
"""What is set for single markets, such as `btex:BTC_USDT`, and for all others, by no name."""


def changed(shape: BookShape, given: Mapping[str, Any]) -> BookShape:
    """A shape with other figures. Raises ValueError if they make no sense."""
    if not given:
        raise ValueError(f"one of {', '.join(FIELDS)} is needed")
    figures: dict[str, Any] = {}
    for name, value in given.items():
        if name not in FIELDS:
            raise ValueError(f"a book has no {name!r}, but {', '.join(FIELDS)}")
        figure = _number(value)
        if name == "levels":
            if figure is None or figure != int(figure) or not 1 <= figure <= MOST_LEVELS:
                raise ValueError(f"levels must be a whole number from 1 to {MOST_LEVELS}")
            figures[name] = int(figure)
        elif name == "width":
            if figure is None or not 0 <= figure <= WIDEST:
                raise ValueError(f"width must be a share of the price, from 0 to {WIDEST}")
            figures[name] = figure
        else:
            if figure is None or not 0 < figure <= MOST_SIZE:
                raise ValueError(f"size must be a factor above 0, at most {MOST_SIZE}")
            figures[name] = figure
    return shape._replace(**figures)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return float(number) if number.is_finite() else None


def read_books(given: Mapping[str, Any] | None) -> Books:
    """Shapes from what a sandbox is started with: `{"levels": 20, "btex:BTC_USDT": {"width": 0.01}}`."""
    books: dict[str, Mapping[str, Any]] = {}
    for name, value in (given or {}).items():
        if ":" not in name:
            books[""] = {**books.get("", {}), name: value}
        elif isinstance(value, Mapping):
            books[name] = value
        else:
            raise ValueError(f"book: {name} needs some of {', '.join(FIELDS)}, not {value!r}")
    for name, figures in books.items():
        try:
            changed(BookShape(), figures)
        except ValueError as error:
            raise ValueError(f"book: {name and f'{name}: '}{error}") from None
    return books


def parse_books(texts: Iterable[str]) -> dict[str, Any]:
    """The same from the command line: `levels=20,width=0.001`, or `btex:BTC/USDT=levels=20`."""
    found: dict[str, Any] = {}
    for text in texts:
        name, _, rest = text.partition("=")
        figures = rest if ":" in name else text
        into = found.setdefault(name, {}) if ":" in name else found
        for entry in figures.split(","):
            key, equals, value = entry.partition("=")
            if not key or not equals or key in into or ":" in key:
                raise ValueError(f"{text!r} is no book; they are levels=N,width=SHARE,size=FACTOR")
            into[key] = value
    return found
