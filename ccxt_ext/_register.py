"""Puts our classes into ccxt's modules, as if they were its own, and imports none before its use."""

from __future__ import annotations

import bisect
import importlib
import os
import sys
import warnings
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from ccxt_ext._ids import IDS, PRO_IDS

# ccxt's module -> (which of a venue's modules has the class for it, the ids that have one)
SOURCES = {
    "ccxt": ("rest_sync", IDS),
    "ccxt.async_support": ("rest", IDS),
    "ccxt.pro": ("stream", PRO_IDS),
}

_warned: set[str] = set()


def load(home: str, id: str) -> Any:
    """The class of venue `id` that belongs into ccxt's module `home`."""
    kind = getattr(importlib.import_module(f"ccxt_ext.venues.{id}.{SOURCES[home][0]}"), id)
    if os.environ.get("CCXT_EXT_SANDBOX"):
        from ccxt_ext.base.closed import guard

        guard(kind, id)  # nothing to do for a class that is closed by itself, as ours are
    return kind


class _Names:
    """`__getattr__` and `__dir__` for a module of ccxt: what it had before, and our ids."""

    def __init__(self, module: ModuleType, ids: Iterable[str]) -> None:
        self.module = module
        self.ids = frozenset(ids)
        self.getattr_before = vars(module).get("__getattr__")
        self.dir_before = vars(module).get("__dir__")

    def get(self, name: str) -> Any:
        if name in self.ids:
            # Kept in the module, so that the next access is as fast as to a class of ccxt's own.
            return vars(self.module).setdefault(name, load(self.module.__name__, name))
        if self.getattr_before is not None:
            return self.getattr_before(name)
        message = f"module {self.module.__name__!r} has no attribute {name!r}"
        raise AttributeError(message, name=name, obj=self.module)

    def dir(self) -> list[str]:
        before = self.dir_before() if self.dir_before is not None else vars(self.module)
        return sorted({*before, *self.ids})


def extend(module: ModuleType) -> None:
    """Add our ids to `module`, one of ccxt's three. Those that ccxt has itself stay ccxt's."""
    if not isinstance(vars(module).get("exchanges"), list):
        return  # not ccxt, something else of that name
    if is_strict():
        from ccxt_ext.base.closed import guard_ccxt

        guard_ccxt(module.Exchange)
    clashes = [id for id in SOURCES[module.__name__][1] if _is_ccxts(module, id)]
    ids = [id for id in SOURCES[module.__name__][1] if id not in clashes]
    if not _ours(module).issuperset(ids):
        names = _Names(module, ids)
        vars(module).update(__getattr__=names.get, __dir__=names.dir)
    public = vars(module).get("__all__") or [name for name in vars(module) if not name.startswith("_")]
    for id in ids:
        if id not in module.exchanges:
            bisect.insort(module.exchanges, id)
        if id not in public:
            public.append(id)
            vars(module)["__all__"] = public  # ccxt.pro has none
        _alias(module, id)
    for id in clashes:
        _warn_of_clash(id)


def is_strict() -> bool:
    """Whether all exchanges of ccxt are to send nothing but to a sandbox, which is none for ccxt's own."""
    return bool(os.environ.get("CCXT_EXT_SANDBOX")) and os.environ.get("CCXT_EXT_SANDBOX_STRICT", "0") != "0"


def _ours(module: ModuleType) -> frozenset[str]:
    names = getattr(vars(module).get("__getattr__"), "__self__", None)
    return getattr(names, "ids", frozenset())


def _is_ccxts(module: ModuleType, id: str) -> bool:
    # An id that ccxt has in one of its modules is ccxt's in all of them: nobody should get one venue's
    # REST class and another's streaming class under the same id.
    for place in (sys.modules.get("ccxt", module), module):
        held = vars(place).get(id)
        if held is not None and not getattr(held, "__module__", "").startswith("ccxt_ext."):
            return True
        if id in place.exchanges and id not in _ours(place):
            return True
    return False


def _warn_of_clash(id: str) -> None:
    if id not in _warned:
        _warned.add(id)
        warnings.warn(
            f"ccxt has an exchange {id!r} of its own, which stays in place; ccxt-ext's is ccxt_ext.{id}",
            RuntimeWarning,
            stacklevel=2,
        )


def _alias(module: ModuleType, id: str) -> None:
    """`from ccxt.ID import ID` works too. Were it found by a finder, the module would hide the class."""
    name = f"{module.__name__}.{id}"
    if name not in sys.modules:
        alias = ModuleType(name, f"Stands for the module that has {id}.")

        def __getattr__(attribute: str) -> Any:
            if attribute == id:
                return getattr(module, id)
            raise AttributeError(f"module {name!r} has no attribute {attribute!r}")

        vars(alias).update(__getattr__=__getattr__, __package__=module.__name__)
        sys.modules[name] = alias
