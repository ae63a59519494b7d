"""One folder a venue: its protocol on top of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccxt_ext.plugins import target
from ccxt_ext.sandbox.frontend import BaseFrontend, Limits, OptionTable, VenueClock


def create(
    venue: str, clock: VenueClock, seed: int, limits: Limits, options: Mapping[str, Any] | None = None
) -> BaseFrontend[Any]:
    """The frontend of a venue."""
    return _frontend(venue)(clock, seed, limits, options or {})


def options_of(venue: str) -> OptionTable:
    """What can be set for a venue."""
    return _frontend(venue).OPTIONS


def _frontend(venue: str) -> type[BaseFrontend[Any]]:
    frontend: type[BaseFrontend[Any]] = target(venue, "sandbox")
    return frontend
