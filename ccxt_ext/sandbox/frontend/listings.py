"""Markets that are listed while clients run. Each differs only in its name from another one of its venue."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Protocol

CURRENCY = re.compile(r"[A-Z0-9]{1,12}")


class Listing(Protocol):
    """A market as its venue describes it; each venue has a class of its own."""

    @property
    def currencies(self) -> tuple[str, str]:
        """Base and quote."""


def pair_of(name: str, separator: str, quotes: Collection[str]) -> tuple[str, str]:
    """The currencies of a pair that is to be listed. Raises ValueError if it cannot be.

    The base may be new to the venue. The quote may not, as nobody would know what it is worth.
    """
    base, _, quote = name.partition(separator)
    if not CURRENCY.fullmatch(base) or not CURRENCY.fullmatch(quote) or base == quote:
        raise ValueError(f"pairs are named like SOL{separator}{min(quotes)}, not {name!r}")
    if quote not in quotes:
        raise ValueError(f"no market is quoted in {quote}, but in {', '.join(sorted(quotes))}")
    return base, quote


def quotes_of(listings: Mapping[str, Listing]) -> list[str]:
    """The currencies in which markets are quoted."""
    return sorted({listing.currencies[1] for listing in listings.values()})
