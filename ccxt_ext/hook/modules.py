"""Adds the venues' classes to ccxt's modules as if they were its own. Each is imported at its first use."""

from __future__ import annotations

import bisect
import importlib
import importlib.machinery
import os
import sys
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from ccxt_ext.hook.loading import KINDS, ccxts_version, check_decided, load, undecided, unfit
from ccxt_ext.hook.telling import warn
from ccxt_ext.plugins import conflicts, find, overruled, problems
from ccxt_ext.plugins import ids as ids_of

SIMULATING = "ccxt_ext.testing.simulated.programs"
"""What lets ccxt's own exchanges be simulated. It knows the sandbox, and nothing here does."""


class _Names:
    """The `__getattr__` and `__dir__` of a module of ccxt's: with the module's own names, and the venues'."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self.ids: set[str] = set()
        self.given: dict[str, Any] = {}
        """The classes that have been asked for, as they were put into the module."""
        self.getattr_before = namespace(module).get("__getattr__")
        self.dir_before = namespace(module).get("__dir__")
        self.listing = False

    def get(self, name: str) -> Any:
        if name in self.ids:
            # Stored in the module, so that the next access is as fast as to ccxt's own classes.
            self.given[name] = namespace(self.module).setdefault(name, load(self.module.__name__, name))
            return self.given[name]
        message = f"module {self.module.__name__!r} has no attribute {name!r}"
        check_decided(self.module.__name__, name, message)
        if self.getattr_before is not None:
            return self.getattr_before(name)
        raise AttributeError(message, name=name, obj=self.module)

    def dir(self) -> list[str]:
        before = self.dir_before() if self.dir_before is not None else namespace(self.module)
        return sorted({*before, *self.ids})

    def load_all(self) -> None:
        """Import all classes that belong into this module, for programs that look at everything in it."""
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
    """The class that ccxt's modules get, so that `vars(ccxt)` imports the venues' classes and shows them."""

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


def extend(module: ModuleType) -> None:
    """Add the venues to one of ccxt's three modules. Ids that ccxt has itself stay ccxt's."""
    if not isinstance(namespace(module).get("exchanges"), list):
        return  # it is not ccxt, but something else of this name
    if is_closed():
        from ccxt_ext.hook.closing import close_as_they_are_made
        from ccxt_ext.venue.closed.guard import guard_ccxt

        close_as_they_are_made(module.Exchange)
        if is_strict():
            guard_ccxt(module.Exchange)
        if ids := simulated(module):
            importlib.import_module(SIMULATING).extend(module, ids)
    problem = unfit(ccxts_version())
    if problem is not None:
        refuse(module, problem)
        return
    known = ids_of(KINDS[module.__name__])
    clashes = [id for id in known if _is_ccxts(module, id)]
    ids = [id for id in known if id not in clashes]
    names = _names(module)
    if names is None:
        names = _Names(module)
        namespace(module).update(__getattr__=names.get, __dir__=names.dir)
    if type(module) is ModuleType:
        module.__class__ = Listing
    names.ids.update(ids)
    _list(module, ids)
    for id in clashes:
        _warn_of_clash(id)
    _warn_of_claims()


def _list(module: ModuleType, ids: Iterable[str]) -> None:
    held = namespace(module)
    public = held.get("__all__") or [name for name in held if not name.startswith("_")]
    for id in ids:
        if id not in module.exchanges:
            bisect.insort(module.exchanges, id)
        if id not in public:
            public.append(id)
            held["__all__"] = public  # ccxt.pro has none
        _alias(module, id)


def refuse(module: ModuleType, why: str) -> None:
    """Do not add the venues. Whoever asks for one gets an error with the reason."""
    before = namespace(module).get("__getattr__")
    ids = ids_of(KINDS[module.__name__])

    def __getattr__(name: str) -> Any:
        if before is not None and name not in ids:
            return before(name)
        reason = f": {why}" if name in ids else ""
        raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}{reason}")

    namespace(module)["__getattr__"] = __getattr__
    warn(f"{why}; its exchanges are left out")


def simulated(module: ModuleType) -> list[str]:
    """The ids of ccxt's own that the environment names a sandbox for."""
    from ccxt_ext.venue.closed import sandboxed

    box = sandboxed.box()
    named = () if box is None else box.targets
    return [id for id in named if find(id) is None and id in module.exchanges]


def is_closed() -> bool:
    """Whether the environment names a sandbox, so that nothing may be sent to any other address."""
    return bool(os.environ.get("CCXT_EXT_SANDBOX"))


def is_strict() -> bool:
    """Whether ccxt's own exchanges have to be closed too, so that they send nothing."""
    return is_closed() and os.environ.get("CCXT_EXT_SANDBOX_STRICT", "0") != "0"


def _names(module: ModuleType) -> _Names | None:
    names = getattr(namespace(module).get("__getattr__"), "__self__", None)
    return names if isinstance(names, _Names) else None


def _is_ccxts(module: ModuleType, id: str) -> bool:
    # If ccxt has an id in one of its modules, it is ccxt's in all of them. Otherwise a program could get one
    # venue's REST class and another venue's streaming class under the same id.
    for place in (sys.modules.get("ccxt", module), module):
        names = _names(place)
        held = namespace(place).get(id)
        if held is not None and (names is None or held is not names.given.get(id)):
            return True
        if id in place.exchanges and (names is None or id not in names.ids):
            return True
        if _has_module(place, id):
            return True
    return False


def _has_module(package: ModuleType, name: str) -> bool:
    """Whether ccxt has a module of this name, such as ccxt.base, be it imported or not."""
    folders = namespace(package).get("__path__")
    if folders is None:
        return False
    return importlib.machinery.PathFinder.find_spec(f"{package.__name__}.{name}", folders) is not None


def _warn_of_clash(id: str) -> None:
    plugin = find(id)
    who = plugin.distribution if plugin is not None and plugin.distribution else "the registered one"
    warn(f"ccxt has an exchange {id!r} of its own, which stays in place; {who}'s is ccxt_ext.{id}")


def _warn_of_claims() -> None:
    """Warn of ids that nobody gets, or not everybody who claims them."""
    for id in conflicts():
        warn(f"{id!r} is left out: {undecided(id)}")
    for plugin in overruled():
        warn(f"{plugin.origin} brings {plugin.id!r} too, which is an id of ccxt-ext's and stays so")
    for problem in problems():
        warn(problem)


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
