"""Reads options of venues from the command line: VENUE.NAME=VALUE."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ccxt_ext.plugins import ids
from ccxt_ext.sandbox.frontend.options import check, put
from ccxt_ext.sandbox.frontends import check_venues, options_of


def parse_options(texts: Iterable[str], venues: Iterable[str] | None = None) -> dict[str, dict[str, Any]]:
    """The options by venue, nested as their names are. Raises ValueError if one makes no sense.

    `venues` are the venues that are served; None means all.
    """
    known = ids("sandbox")
    served = known if venues is None else list(venues)
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        venue, dot, name = path.partition(".")
        if not equals or not dot or not name:
            raise ValueError(f"{text!r} is no option; they are VENUE.NAME=VALUE")
        if venue in known and venue not in served:
            raise ValueError(f"option {path} is for {venue}, which is not served")
        put(found.setdefault(venue, {}), name, _value(value))
    check_options(found)
    return found


def check_options(options: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise ValueError unless the venues have these options and these values for them."""
    check_venues(tuple(options))
    for venue, given in options.items():
        check(venue, options_of(venue), given)


def _value(text: str) -> Any:
    """The value parsed as JSON, or else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
