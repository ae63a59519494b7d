"""One module a venue: its protocol on top of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from ccxt_ext.sandbox.frontends._http import BaseFrontend, Limits, VenueClock


def create(
    venue: str, clock: VenueClock, seed: int, limits: Limits, options: Mapping[str, Any] | None = None
) -> Any:
    """The frontend of a venue, from the module that bears its id."""
    frontend: type[BaseFrontend] = import_module(f"{__name__}.{venue}").Frontend
    return frontend(clock, seed, limits, options or {})
