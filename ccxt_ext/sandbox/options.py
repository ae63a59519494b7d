"""Options of venues as a command line has them: VENUE.NAME=VALUE."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ccxt_ext._ids import IDS
from ccxt_ext.sandbox.frontend.options import check, put
from ccxt_ext.sandbox.frontends import options_of


def parse_options(texts: Iterable[str], venues: Iterable[str] = IDS) -> dict[str, dict[str, Any]]:
    """By venue, nested as their names are, for `venues` that are served; ValueError says what is wrong."""
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        venue, dot, name = path.partition(".")
        if not equals or not dot or not name:
            raise ValueError(f"{text!r} is no option; they are VENUE.NAME=VALUE")
        if venue in IDS and venue not in venues:
            raise ValueError(f"option {path} is for {venue}, which is not served")
        put(found.setdefault(venue, {}), name, _value(value))
    check_options(found)
    return found


def check_options(options: Mapping[str, Mapping[str, Any]]) -> None:
    for venue, given in options.items():
        if venue not in IDS:
            raise ValueError(f"unknown venue {venue!r}; there are {', '.join(IDS)}")
        check(venue, options_of(venue), given)


def _value(text: str) -> Any:
    """JSON, or else a word as it stands."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
