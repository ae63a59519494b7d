"""Which venues a command may be given, and why no others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

from ccxt_ext import plugins
from ccxt_ext.cli.exits import WrongUse
from ccxt_ext.plugins import Plugin
from ccxt_ext.plugins.registry import NO_METADATA, VARIABLE

CLIENTS = ("sync", "async_support", "pro")
SANDBOX = ("sandbox",)


def ids_of(kinds: Iterable[str] = CLIENTS) -> list[str]:
    """The ids of which there is a class of any of these kinds: ours first, then others."""
    found = {id for kind in kinds for id in plugins.ids(kind)}
    ours = {id for kind in kinds for id in plugins.ours(kind)}
    return sorted(found, key=lambda id: (id not in ours, id))


def known(command: str, ids: Iterable[str], kinds: Iterable[str] = CLIENTS) -> tuple[str, ...]:
    """The ids, if there is a class of any of these kinds of each; else WrongUse is raised."""
    ids, kinds = tuple(ids), tuple(kinds)
    there = ids_of(kinds)
    for id in ids:
        if id not in there:
            raise WrongUse(command, why_not(id, kinds, there))
    return ids


def why_not(id: str, kinds: tuple[str, ...], there: list[str]) -> str:
    plugin = plugins.find(id)
    if plugin is not None:
        lacks = "frontend, so there is no sandbox for it" if kinds == SANDBOX else "exchange class for it"
        return f"{plugin.origin} brings {id} with no {lacks}"
    claimants = plugins.conflicts().get(id)
    if claimants:
        return f"{origins(claimants)} both bring {id}: choose one by {VARIABLE}"
    kept_out = [each for each in plugins.shut_out() if each.id == id]
    if kept_out:
        return f"{VARIABLE}={os.environ.get(VARIABLE)} keeps out {origins(kept_out)}, which brings {id}"
    if not plugins.ours():
        return f"unknown venue {id!r}; {NO_METADATA}"
    return f"unknown venue {id!r}; there are {', '.join(there)}"


def origins(claimants: Iterable[Plugin]) -> str:
    return " and ".join(sorted(each.origin for each in claimants))


def check_served(command: str, ids: Iterable[str]) -> None:
    """Raise WrongUse unless there is a sandbox for each of these venues."""
    from ccxt_ext.sandbox.frontends import why_broken

    for id in known(command, ids, SANDBOX):
        why = why_broken(id)
        if why is not None:
            raise WrongUse(command, f"there is no sandbox for {id}: {why}")


def class_of(id: str, kinds: Iterable[str]) -> Any:
    """The venue's class of the first of these kinds that it has."""
    import ccxt_ext
    import ccxt_ext.async_support
    import ccxt_ext.pro

    homes = {"sync": ccxt_ext, "async_support": ccxt_ext.async_support, "pro": ccxt_ext.pro}
    kind = next(kind for kind in kinds if id in plugins.ids(kind))
    return getattr(homes[kind], id)


def addresses(tree: Any) -> Iterator[str]:
    """All texts in a nested dict, such as `urls['api']`."""
    if isinstance(tree, dict):
        for branch in tree.values():
            yield from addresses(branch)
    else:
        yield str(tree)
