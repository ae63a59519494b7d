"""The plug-ins of this process: who may come in, and who has which id."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable
from functools import reduce
from importlib import import_module
from importlib.util import find_spec
from keyword import iskeyword
from typing import Any

from ccxt_ext.plugins.installed import installed
from ccxt_ext.plugins.plugin import KINDS, PROGRAMS, Plugin, normalized

VARIABLE = "CCXT_EXT_PLUGINS"
"""Who may come in: `all`, `none`, or the names of distributions, with commas or spaces between."""

NO_METADATA = (
    "ccxt-ext's own venues are missing, as its metadata is not installed: pip install ccxt-ext, "
    "or pip install -e . in a checkout"
)

OWN_NAMES = ("exchanges", "register", "reset_shared", "settle", "Unsettled")
"""What ccxt_ext has beside modules and ids."""

SPELLED = {"freqtrade": str.title, "hummingbot": str.lower}
"""How each program spells the names of exchanges."""

_VALUE = re.compile(r"\s*([\w.]+)\s*:\s*([\w.]+)\s*(?:\[.*\])?\s*")


class Claims:
    """Who has which id, of the plug-ins that were found: those for venues, or those for one program."""

    def __init__(self, found: Iterable[Plugin], choice: str = "all") -> None:
        self.problems: list[str] = []
        self.shut_out: list[Plugin] = []
        claims: dict[str, list[Plugin]] = {}
        for plugin in found:
            if not plugin.is_ours and (problem := wrong_id(plugin.id, plugin.program)):
                where = f" for {plugin.program}" if plugin.program else ""
                self.problems.append(f"{plugin.origin} brings {plugin.id!r}{where}, which {problem}")
            elif plugin.is_ours or may_come_in(plugin, choice):
                claims.setdefault(plugin.id, []).append(plugin)
            else:
                self.shut_out.append(plugin)
        self.overruled: list[Plugin] = []
        self.conflicts: dict[str, list[Plugin]] = {}
        self.plugins: dict[str, Plugin] = {}
        for id, claimants in claims.items():
            ours = [plugin for plugin in claimants if plugin.is_ours]
            if ours:
                self.overruled += [plugin for plugin in claimants if not plugin.is_ours]
            if ours or len(claimants) == 1:
                self.plugins[id] = (ours or claimants)[0]
            else:
                self.conflicts[id] = claimants

    def ids(self, kind: str = "sync") -> list[str]:
        there = [plugin for plugin in self.plugins.values() if kind in plugin.targets]
        return [plugin.id for plugin in sorted(there, key=lambda plugin: (not plugin.is_ours, plugin.id))]

    def register(self, plugin: Plugin) -> None:
        others = self.conflicts.get(plugin.id) or [self.plugins.get(plugin.id, plugin)]
        if others == [plugin]:
            self.plugins[plugin.id] = plugin
        else:
            names = " and ".join(other.origin for other in others)
            raise ValueError(f"the id {plugin.id!r} is taken by {names}; {plugin.origin} cannot have it too")


class Registry(Claims):
    """Who has which id among the venues, and beside that, who has which name in a program."""

    def __init__(self, found: Iterable[Plugin], choice: str = "all", problems: Iterable[str] = ()) -> None:
        found = list(found)
        super().__init__([plugin for plugin in found if plugin.program is None], choice)
        self.programs = {
            program: Claims([plugin for plugin in found if plugin.program == program], choice)
            for program in PROGRAMS
        }
        ours = any(plugin.is_ours for plugin in found)
        self.problems = [*problems, *(() if ours else (NO_METADATA,)), *self.problems]

    def of(self, program: str | None) -> Claims:
        """The claims for a program; those for venues if none is named."""
        return self if program is None else self.programs[program]

    def of_kind(self, kind: str) -> Claims:
        return self.of(kind if kind in PROGRAMS else None)


def wrong_id(id: str, program: str | None = None) -> str | None:
    """Why a venue, or a class for a program, cannot have this id; None if it can."""
    if not id.isidentifier() or iskeyword(id) or id.startswith("_"):
        return "is no name that Python can import"
    if program is not None:
        wanted = SPELLED[program](id)
        return None if id == wanted else f"is looked up as {wanted!r} there"
    if id in OWN_NAMES or is_module(f"ccxt_ext.{id}"):
        return "is a name of ccxt-ext's own"
    return None


def is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ImportError:  # it is an id that several bring, and was asked for
        return False


def may_come_in(plugin: Plugin, choice: str) -> bool:
    words = [normalized(word) for word in choice.replace(",", " ").split()]
    return words in ([], ["all"]) or normalized(plugin.distribution or "") in words


_lock = threading.RLock()
_registry: Registry | None = None


def registry() -> Registry:
    """The one of this process. It is made when it is first asked for, and stays as it is."""
    global _registry
    with _lock:
        if _registry is None:
            problems: list[str] = []
            found = list(installed(problems))
            _registry = Registry(found, os.environ.get(VARIABLE, "all"), problems)
        return _registry


# Of the following, those that take a program tell of venues if none is named.


def ids(kind: str = "sync") -> list[str]:
    """The ids of which there is a class of this kind: ours first, then others, each sorted.

    Of a kind that is for a program, such as `freqtrade`, these are names in that program.
    """
    return registry().of_kind(kind).ids(kind)


def ours(kind: str = "sync") -> list[str]:
    """The ids of the venues that this distribution itself brings."""
    return [id for id in ids(kind) if registry().of_kind(kind).plugins[id].is_ours]


def find(id: str, program: str | None = None) -> Plugin | None:
    """Who has this id; None if nobody does."""
    return registry().of(program).plugins.get(id)


def conflicts(program: str | None = None) -> dict[str, list[Plugin]]:
    """The ids that several distributions claim, so that nobody has them."""
    return dict(registry().of(program).conflicts)


def overruled(program: str | None = None) -> list[Plugin]:
    """The plug-ins that claim an id of ours, and do not get it."""
    return list(registry().of(program).overruled)


def shut_out(program: str | None = None) -> list[Plugin]:
    """The plug-ins that CCXT_EXT_PLUGINS keeps out."""
    return list(registry().of(program).shut_out)


def problems(program: str | None = None) -> list[str]:
    """What could not be read among the entry points."""
    return list(registry().of(program).problems)


def id_of_class(cls: type) -> str | None:
    """The id that a class was written for, be it asked for by that id or not, and be it let in or not."""
    known = registry()
    claimants = (plugin for claims in known.conflicts.values() for plugin in claims)
    for plugin in (*known.plugins.values(), *claimants, *known.overruled, *known.shut_out):
        for where in plugin.targets.values():
            parts = _VALUE.fullmatch(where) if isinstance(where, str) else None
            # It may be defined in one module of a package and named by another one.
            if (
                parts is not None
                and parts[2].split(".")[-1] == cls.__name__
                and parts[1].split(".")[0] == cls.__module__.split(".")[0]
            ):
                return plugin.id
    return None


def target(id: str, kind: str) -> Any:
    """The class, imported if need be. Raises LookupError if there is none, or whatever its import raises."""
    plugin = registry().of_kind(kind).plugins.get(id)
    if plugin is None:
        raise LookupError(f"there is no venue {id!r}")
    if kind not in plugin.targets:
        raise LookupError(f"{plugin.origin} has no class of the kind {kind!r} for {id!r}")
    where = plugin.targets[kind]
    if not isinstance(where, str):
        return where
    parts = _VALUE.fullmatch(where)
    if parts is None:
        raise ImportError(f"{where!r} is not of the form 'module:name'")
    return reduce(getattr, parts[2].split("."), import_module(parts[1]))


def register(
    id: str, sync: Any = None, async_support: Any = None, pro: Any = None, sandbox: Any = None
) -> Plugin:
    """Add a venue to this process. Each class is given as it is, or as "module:name".

    Raises ValueError if the id is taken. The same again changes nothing.
    """
    given = dict(zip(KINDS, (sync, async_support, pro, sandbox), strict=True))
    targets = {kind: where for kind, where in given.items() if where is not None}
    if not targets:
        raise ValueError(f"nothing to register for {id!r}: name at least one class")
    for kind, where in targets.items():
        if not isinstance(where, (type, str)) or (isinstance(where, str) and not _VALUE.fullmatch(where)):
            raise TypeError(f"{kind} has to be a class or 'module:name', not {where!r}")
    if problem := wrong_id(id):
        raise ValueError(f"{id!r} {problem}")
    plugin = Plugin(id, None, None, targets)
    with _lock:
        registry().register(plugin)
    return plugin
