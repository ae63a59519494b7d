"""Adds our classes to ccxt's modules as if they were its own. Each is imported when it is first used."""

from __future__ import annotations

import bisect
import importlib
import os
import re
import sys
import warnings
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from ccxt_ext._version import CCXT_NEWEST, CCXT_OLDEST, __version__
from ccxt_ext.plugins import ids as ids_of
from ccxt_ext.plugins import target

# For each module of ccxt's: the kind of classes that belong into it.
KINDS = {"ccxt": "sync", "ccxt.async_support": "async_support", "ccxt.pro": "pro"}

_warned: set[str] = set()


def load(home: str, id: str) -> Any:
    """The class of a venue that belongs into ccxt's module `home`."""
    version = ccxts_version()
    problem = unfit(version)
    if problem is not None:
        raise ImportError(problem)
    try:
        kind = target(id, KINDS[home])
    except Exception as error:
        if numbers(version) <= numbers(CCXT_NEWEST):
            raise
        raise ImportError(
            f"ccxt-ext {__version__} is known to work with ccxt {CCXT_OLDEST} to {CCXT_NEWEST}, and {id} "
            f"does not with ccxt {version}: {type(error).__name__}: {error}"
        ) from error
    if os.environ.get("CCXT_EXT_SANDBOX"):
        from ccxt_ext.venue.closed.guard import guard

        guard(kind, id)  # does nothing to a class that is already closed, as ours are
    return kind


def ccxts_version() -> str:
    """The version of the installed ccxt. If it has none, it is taken for one that works."""
    version = getattr(importlib.import_module("ccxt"), "__version__", None)
    return version if isinstance(version, str) else CCXT_NEWEST


def unfit(version: str) -> str | None:
    """Why ccxt-ext does not work with this release of ccxt; None if it may."""
    if numbers(version) >= numbers(CCXT_OLDEST):
        return None
    return f"ccxt-ext {__version__} needs ccxt {CCXT_OLDEST} or newer, and this is ccxt {version}"


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


class _Names:
    """The `__getattr__` and `__dir__` of a module of ccxt's: with the module's own names, and ours."""

    def __init__(self, module: ModuleType, ids: Iterable[str]) -> None:
        self.module = module
        self.ids = frozenset(ids)
        self.getattr_before = namespace(module).get("__getattr__")
        self.dir_before = namespace(module).get("__dir__")
        self.listing = False

    def get(self, name: str) -> Any:
        if name in self.ids:
            # Stored in the module, so that the next access is as fast as to ccxt's own classes.
            return namespace(self.module).setdefault(name, load(self.module.__name__, name))
        if self.getattr_before is not None:
            return self.getattr_before(name)
        message = f"module {self.module.__name__!r} has no attribute {name!r}"
        raise AttributeError(message, name=name, obj=self.module)

    def dir(self) -> list[str]:
        before = self.dir_before() if self.dir_before is not None else namespace(self.module)
        return sorted({*before, *self.ids})

    def load_all(self) -> None:
        """Import all our classes of this module, for programs that look at everything in it."""
        if self.listing:
            return  # called again by something that a venue imports
        self.listing = True
        try:
            for id in sorted(self.ids - namespace(self.module).keys()):
                try:
                    self.get(id)
                except Exception as error:
                    warn(f"{self.module.__name__}.{id} cannot be had: {type(error).__name__}: {error}")
        finally:
            self.listing = False


_OWN_DICT: Any = vars(ModuleType)["__dict__"]


class Listing(ModuleType):
    """The class that ccxt's modules get, so that `vars(ccxt)` imports our classes and shows them."""

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        names = getattr(namespace(self).get("__getattr__"), "__self__", None)
        if isinstance(names, _Names):
            names.load_all()
        return namespace(self)

    def __dir__(self) -> list[str]:
        # Python's own __dir__() would read __dict__, and so import everything.
        own = namespace(self).get("__dir__")
        return own() if own is not None else sorted(namespace(self))


def namespace(module: ModuleType) -> dict[str, Any]:
    """The module's real `__dict__`, without importing anything."""
    if isinstance(module, Listing):
        found: dict[str, Any] = _OWN_DICT.__get__(module)
        return found
    return vars(module)


def warn(message: str) -> None:
    try:
        warnings.warn(message, RuntimeWarning, stacklevel=3)
    except RuntimeWarning:  # warnings are turned into errors
        sys.stderr.write(f"{message}\n")


def extend(module: ModuleType) -> None:
    """Add our exchanges to one of ccxt's three modules. Ids that ccxt has itself stay ccxt's."""
    if not isinstance(namespace(module).get("exchanges"), list):
        return  # it is not ccxt, but something else of this name
    if is_strict():
        from ccxt_ext.venue.closed.guard import guard_ccxt

        guard_ccxt(module.Exchange)
    problem = unfit(ccxts_version())
    if problem is not None:
        refuse(module, problem)
        return
    known = ids_of(KINDS[module.__name__])
    clashes = [id for id in known if _is_ccxts(module, id)]
    ids = [id for id in known if id not in clashes]
    if not _ours(module).issuperset(ids):
        names = _Names(module, ids)
        namespace(module).update(__getattr__=names.get, __dir__=names.dir)
        if type(module) is ModuleType:
            module.__class__ = Listing
    held = namespace(module)
    public = held.get("__all__") or [name for name in held if not name.startswith("_")]
    for id in ids:
        if id not in module.exchanges:
            bisect.insort(module.exchanges, id)
        if id not in public:
            public.append(id)
            held["__all__"] = public  # ccxt.pro has none
        _alias(module, id)
    for id in clashes:
        _warn_of_clash(id)


def refuse(module: ModuleType, why: str) -> None:
    """Do not add our exchanges. Whoever asks for one gets an error with the reason."""
    before = namespace(module).get("__getattr__")
    ids = ids_of(KINDS[module.__name__])

    def __getattr__(name: str) -> Any:
        if before is not None and name not in ids:
            return before(name)
        reason = f": {why}" if name in ids else ""
        raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}{reason}")

    namespace(module)["__getattr__"] = __getattr__
    if why not in _warned:
        _warned.add(why)
        warn(f"{why}; its exchanges are left out")


def is_strict() -> bool:
    """Whether ccxt's own exchanges have to be closed too, so that they send nothing."""
    return bool(os.environ.get("CCXT_EXT_SANDBOX")) and os.environ.get("CCXT_EXT_SANDBOX_STRICT", "0") != "0"


def _ours(module: ModuleType) -> frozenset[str]:
    names = getattr(namespace(module).get("__getattr__"), "__self__", None)
    return getattr(names, "ids", frozenset())


def _is_ccxts(module: ModuleType, id: str) -> bool:
    # If ccxt has an id in one of its modules, it is ccxt's in all of them. Otherwise a program could get one
    # venue's REST class and another venue's streaming class under the same id.
    for place in (sys.modules.get("ccxt", module), module):
        held = namespace(place).get(id)
        if held is not None and not getattr(held, "__module__", "").startswith("ccxt_ext."):
            return True
        if id in place.exchanges and id not in _ours(place):
            return True
    return False


def _warn_of_clash(id: str) -> None:
    if id not in _warned:
        _warned.add(id)
        warn(f"ccxt has an exchange {id!r} of its own, which stays in place; ccxt-ext's is ccxt_ext.{id}")


def _alias(module: ModuleType, id: str) -> None:
    """Make `from ccxt.ID import ID` work too.

    A finder for such modules would not do: importing the module would replace the class in `ccxt`.
    """
    name = f"{module.__name__}.{id}"
    if name not in sys.modules:
        alias = ModuleType(name, f"Stands for the module that has {id}.")

        def __getattr__(attribute: str) -> Any:
            if attribute == id:
                return getattr(module, id)
            raise AttributeError(f"module {name!r} has no attribute {attribute!r}")

        vars(alias).update(__getattr__=__getattr__, __package__=module.__name__)
        sys.modules[name] = alias
