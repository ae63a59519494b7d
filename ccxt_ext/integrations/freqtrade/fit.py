"""Which releases of freqtrade our classes fit, and whether this one is among them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

OLDEST = "2026.3"
"""Known to work from this release on, ..."""

NEWEST = "2026.9"
"""... to this one. A newer one is taken if it has all that our classes stand on."""


def unfit(version: str, theirs: Any, ours: Any) -> str | None:
    """Why our classes are not added to this release of freqtrade; None if they fit.

    `theirs` is its Exchange class, and `ours` the class that is derived from it.
    """
    if numbers(version) < numbers(OLDEST):
        why = "it is too old"
    else:
        why = "; ".join((*differences(theirs, ours), *unknown_keys(theirs, ours)))
    if not why:
        return None
    return (
        f"ccxt-ext adds no exchange to freqtrade {version}, which works as it does without: {why}. "
        f"Known to fit: freqtrade {OLDEST} to {NEWEST}"
    )


def numbers(version: str) -> tuple[int, ...]:
    """A release as numbers. One without, as of a development version, is taken for the newest."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, found[0].split("."))) if found else numbers(NEWEST)


def differences(theirs: Any, ours: Any) -> Iterator[str]:
    """The methods of ours that take the place of one of theirs, and cannot."""
    for name, method in added(theirs, ours):
        if not inspect.isfunction(method) or name.startswith("__"):
            continue
        before = inspect.getattr_static(theirs, name, None)
        if getattr(method, "new_to_freqtrade", False):
            if before is not None:
                yield f"Exchange.{name}() is something else there"
        elif not inspect.isfunction(before):
            yield f"there is no Exchange.{name}()"
        elif not takes_the_same(method, before):
            yield f"Exchange.{name}() takes other arguments"


def added(theirs: Any, ours: Any) -> Iterator[tuple[str, Any]]:
    """What our class and those between it and theirs add, by name."""
    for kind in ours.__mro__:
        if kind is theirs:
            return
        yield from vars(kind).items()


def takes_the_same(method: Any, before: Any) -> bool:
    ours, theirs = (inspect.signature(inspect.unwrap(each)).parameters for each in (method, before))
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in ours.values()):
        return True
    return list(ours) == list(theirs)


def unknown_keys(theirs: Any, ours: Any) -> Iterator[str]:
    """What our tables say of the venue, and freqtrade has no word for."""
    for name, table in added(theirs, ours):
        if name in ("_ft_has", "_ft_has_futures"):
            for key in sorted(set(table) - known_keys(theirs)):
                yield f"_ft_has knows no {key!r}"


def known_keys(theirs: Any) -> set[str]:
    """The keys of `_ft_has`: those with a default, and those that are only typed."""
    table = getattr(inspect.getmodule(theirs), "FtHas", None)
    return {*getattr(theirs, "_ft_has_default", ()), *getattr(table, "__annotations__", ())}
