"""Finds the markets that a caller means by ccxt's `type` (spot, swap ...) and `subType` (linear, inverse)."""

from collections.abc import Iterable, Mapping
from typing import Any

from ccxt.base.errors import BadRequest, NotSupported

TYPES = ("spot", "swap", "future", "option")
SUBTYPES = ("linear", "inverse")


def type_word(venue: Any, method: str, name: str, value: Any) -> str | None:
    """A caller's `type` or `subType` in lower case. Raises BadRequest if it cannot be one."""
    if value is None:
        return None
    text = value.lower() if isinstance(value, str) else None
    if text is None or (name == "subType" and text not in SUBTYPES):
        wanted = "linear or inverse" if name == "subType" else "a word"
        raise BadRequest(f"{venue.id} {method}() takes {wanted} as {name}, not {value!r}")
    return text


def subtype_of(market: Mapping[str, Any]) -> str | None:
    return "linear" if market["linear"] else "inverse" if market["inverse"] else None


def market_types(venue: Any) -> set[tuple[str, str | None]]:
    """The types of markets that a venue has, as pairs of type and subtype."""
    found: set[tuple[str, str | None]] = set()
    for type in TYPES:
        if venue.has[type]:
            parts = (venue.features or {}).get(type) or {}
            named = [part for part in SUBTYPES if parts.get(part)] or SUBTYPES
            found.update((type, None if type == "spot" else part) for part in named)
    return found


def check_markets(
    venue: Any, method: str, type: str | None, subtype: str | None, symbols: Iterable[str]
) -> None:
    """Raise BadRequest if one of these markets is not of the type that the caller says."""
    for symbol in symbols:
        market = venue.market(symbol)
        claims = (("type", type, market["type"]), ("subType", subtype, subtype_of(market)))
        for name, wanted, found in claims:
            if wanted not in (None, found):
                raise BadRequest(
                    f"{venue.id} {method}() {name}={wanted!r} is not what {market['symbol']} is: {found}"
                    f" (a field of the venue's own called {name} goes into params['raw'])"
                )


def chosen_symbols(
    venue: Any, method: str, type: str | None, subtype: str | None, can_name: bool
) -> list[str] | None:
    """The symbols of the markets of these types; None if that is all markets of the venue.

    `can_name` tells whether the method can be limited to symbols at all.
    """
    kinds = market_types(venue)
    default = venue.options.get("defaultType", "spot")
    if type is None and (default, subtype) in kinds:
        type = default
    fitting = {(t, s) for t, s in kinds if type in (None, t) and subtype in (None, s)}
    if not fitting:
        wanted = " ".join(filter(None, (subtype, type)))
        has = ", ".join(sorted(" ".join(filter(None, (s, t))) for t, s in kinds))
        raise BadRequest(f"{venue.id} {method}() has no {wanted} markets: it has {has}")
    if fitting == kinds:
        return None
    if not can_name:
        raise NotSupported(f"{venue.id} {method}() does not choose markets by type={type!r}: name a symbol")
    symbols = [
        market["symbol"]
        for market in (venue.markets or {}).values()
        if (market["type"], subtype_of(market)) in fitting
    ]
    if not symbols:
        raise BadRequest(f"{venue.id} {method}() knows of no such market now: type={type!r}")
    return symbols
