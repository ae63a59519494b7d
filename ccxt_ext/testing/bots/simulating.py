"""Which of the ids that a test names are simulated: all of ccxt's that have no frontend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qs

from ccxt_ext import plugins
from ccxt_ext.sandbox.errors import SandboxError

__tracebackhide__ = True  # pytest shows the line of the test that called this

PLACES = {"candles": ":", "prices": ":", "book": ":", "accounts": "/"}
"""The settings whose entries may be for one venue, and what stands behind its name then."""


def is_simulated(id: str) -> bool:
    """Whether an id is one of ccxt's without a frontend."""
    if id in plugins.ids("sandbox"):
        return False
    import ccxt.async_support
    import ccxt.pro

    return any(id in module.exchanges for module in (ccxt, ccxt.async_support, ccxt.pro))


def started_with(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What a sandbox is started with: the settings, in which ids that are simulated have their markets."""
    found = dict(settings)
    markets = found.pop("markets", None) or {}
    named = [*found.get("venues", ()), *markets, *_placed(found)]
    ids = [id for id in dict.fromkeys(named) if is_simulated(id)]
    if unknown := sorted(set(markets) - set(ids)):
        raise SandboxError(f"markets: {unknown[0]} is no exchange of ccxt's that is simulated")
    if "venues" in found:
        found["venues"] = [id for id in found["venues"] if id not in ids]
    if ids:
        from ccxt_ext.testing.simulated import described

        found["simulated"] = {id: described(id, markets.get(id)) for id in ids}
    return found


def _placed(settings: Mapping[str, Any]) -> Iterator[str]:
    for name, sign in PLACES.items():
        given = settings.get(name)
        for key in given if isinstance(given, Mapping) else ():
            venue, found, _ = str(key).rpartition(sign) if sign == "/" else str(key).partition(sign)
            if found:
                yield venue


def venue_named(path: str, json: Any) -> str | None:
    """The venue that a call of the control port is about; None for all."""
    if isinstance(json, Mapping):
        venue = json.get("venue")
        return venue if isinstance(venue, str) else None
    found = parse_qs(path.partition("?")[2]).get("venue")
    return found[0] if found else None


def nobody(id: str, served: Iterable[str]) -> SandboxError:
    """The error for an id that no sandbox can serve."""
    import ccxt

    known = list(served)
    near = get_close_matches(id, [*known, *ccxt.exchanges], 1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}, and all ids of ccxt's"
    return SandboxError(f"unknown venue {id!r}; {hint}")
