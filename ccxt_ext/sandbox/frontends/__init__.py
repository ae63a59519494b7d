"""The frontends that plug-ins bring. Ours are here, one folder a venue: its protocol on top of the engine."""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping
from typing import Any

from ccxt_ext.plugins import find, ids, target
from ccxt_ext.sandbox.frontend import BaseFrontend, Limits, OptionTable, VenueClock
from ccxt_ext.sandbox.frontend.engine import Clock
from ccxt_ext.sandbox.frontends.simulated.frontend import Frontend as Simulated
from ccxt_ext.sandbox.frontends.simulated.listings import Description, described

__all__ = [
    "Description",
    "all_venues",
    "check_venues",
    "create",
    "described",
    "options_of",
    "origin_of",
    "package_of",
    "simulate",
    "why_broken",
]

NOWHERE = ("http://127.0.0.1:1", "ws://127.0.0.1:1")


def create(
    venue: str, clock: VenueClock, seed: int, limits: Limits, options: Mapping[str, Any] | None = None
) -> BaseFrontend[Any]:
    """The frontend of a venue."""
    return _frontend(venue)(clock, seed, limits, options or {})


def simulate(
    venue: str, clock: VenueClock, seed: int, limits: Limits, description: Description
) -> BaseFrontend[Any]:
    """The frontend of a venue that has none of its own."""
    return Simulated(clock, seed, limits, id=venue, description=description)


def options_of(venue: str) -> OptionTable:
    """What can be set for a venue."""
    return _frontend(venue).OPTIONS


def package_of(venue: str) -> str:
    """The package that a venue's frontend is in."""
    return _frontend(venue).__module__.partition(".")[0]


def origin_of(venue: str) -> str:
    """Who brings a venue, and in which version."""
    plugin = find(venue)
    return plugin.origin if plugin else "nobody"


def check_venues(venues: tuple[str, ...]) -> None:
    """Raise ValueError unless all of them can be served."""
    known = ids("sandbox")
    for venue in venues:
        if venue not in known:
            raise ValueError(f"unknown venue {venue!r}; there are {', '.join(known)}")
        why = why_broken(venue)
        if why is not None:
            raise ValueError(f"{venue} cannot be served: {why}")


def all_venues() -> tuple[str, ...]:
    """Those that can be served. A broken frontend costs its own venue alone, which one line tells."""
    return tuple(venue for venue in ids("sandbox") if not _is_left_out(venue))


@functools.cache
def _is_left_out(venue: str) -> bool:
    why = why_broken(venue)
    if why is not None:
        print(f"ccxt-ext sandbox: {venue} is left out: {why}", file=sys.stderr, flush=True)
    return why is not None


@functools.cache
def why_broken(venue: str) -> str | None:
    """Why a venue's frontend cannot be used; None if it can."""
    plugin = find(venue)
    try:
        kind = _frontend(venue)
        if not isinstance(kind, type) or not issubclass(kind, BaseFrontend):
            raise TypeError(f"{kind!r} is no subclass of BaseFrontend")
        if kind.id != venue:
            raise ValueError(f"it has the id {kind.id!r}, not the one that it is brought for")
        create(venue, VenueClock(Clock()), 1, "relaxed").config("config", *NOWHERE)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever it is, SystemExit included, it costs this venue alone
        words = " ".join(str(error).split())
        reason = f"{type(error).__name__}: {words}" if words else type(error).__name__
        return f"the frontend of {plugin.origin if plugin else 'nobody'} does not work: {reason}"
    return None


def _frontend(venue: str) -> type[BaseFrontend[Any]]:
    frontend: type[BaseFrontend[Any]] = target(venue, "sandbox")
    return frontend
