"""Which releases of freqtrade our classes fit, and whether this one is among them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from ccxt_ext.integrations.comparing import added, called, function_of, kind_of, missing, takes_the_same

OLDEST = "2026.3"
"""Known to work from this release on, ..."""

NEWEST = "2026.9"
"""... to this one. A newer one is taken if it has all that our classes stand on."""

TABLES = ("_ft_has", "_ft_has_futures")
"""What freqtrade reads of a class, beside its methods: what it says of its exchange, ..."""

MODES = "_supported_trading_mode_margin_pairs"
"""... and how one can trade there."""


def unfit(version: str, theirs: Any, ours: Any, name: str | None = None) -> str | None:
    """Why a class of ours is not added to this release of freqtrade; None if it fits.

    `theirs` is freqtrade's Exchange class, and `ours` is derived from it: what all of ours stand on, unless
    it has a name.
    """
    if old := too_old(version):
        return old
    absent = (f"there is no Exchange.{name}" for name in missing(theirs, ours))
    found = dict.fromkeys((*differences(theirs, ours), *unknown_keys(theirs, ours), *absent))
    return refusal(version, "; ".join(found), name) if found else None


def too_old(version: str) -> str | None:
    return refusal(version, "it is too old") if numbers(version) < numbers(OLDEST) else None


def refusal(version: str, why: str, name: str | None = None) -> str:
    left_out = "adds no exchange" if name is None else f"does not add {name}"
    return (
        f"ccxt-ext {left_out} to freqtrade {version}, which works as it does without: {why}. "
        f"Known to fit: freqtrade {OLDEST} to {NEWEST}"
    )


def numbers(version: str) -> tuple[int, ...]:
    """A release as numbers. One without, such as a development version, is taken for the newest."""
    found = re.search(r"\d{4}(?:\.\d+)+", version)
    return tuple(map(int, found[0].split("."))) if found else numbers(NEWEST)


def differences(theirs: Any, ours: Any) -> Iterator[str]:
    """The methods of ours that take the place of one of theirs, and cannot."""
    for name, method in added(theirs, ours):
        function = function_of(method)
        if function is None or (name.startswith("__") and name != "__init__"):
            continue
        before = inspect.getattr_static(theirs, name, None)
        if getattr(function, "new_to_freqtrade", False):
            if before is not None:
                yield f"Exchange.{name}() is something else there"
        elif function_of(before) is None or kind_of(before) is not kind_of(method):
            yield f"there is no Exchange.{name}()"
        elif not takes_the_same(called(method), called(before)):
            yield f"Exchange.{name}() takes other arguments"


def unknown_keys(theirs: Any, ours: Any) -> Iterator[str]:
    """What our tables say of the venue, and freqtrade has no word for."""
    for name, table in added(theirs, ours):
        if name in (*TABLES, MODES) and not hasattr(theirs, name):
            yield f"there is no Exchange.{name}"
        if name in TABLES:
            for key in sorted(set(table) - known_keys(theirs)):
                yield f"{name} knows no {key!r}"


def known_keys(theirs: Any) -> set[str]:
    """The keys of `_ft_has`: those with a default, and those that are only typed."""
    table = getattr(inspect.getmodule(theirs), "FtHas", None)
    return {*getattr(theirs, "_ft_has_default", ()), *getattr(table, "__annotations__", ())}
