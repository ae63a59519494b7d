"""What `freqtrade.exchange` has by name, beside its own: our classes, those of plug-ins, and plain ones."""

from __future__ import annotations

import logging
import sys
import threading
from functools import cached_property
from types import ModuleType
from typing import Any

from ccxt_ext import plugins
from ccxt_ext.integrations.freqtrade import plain
from ccxt_ext.integrations.freqtrade.fit import refusal, too_old, unfit
from ccxt_ext.plugins import Plugin

logger = logging.getLogger(__name__)

PROGRAM = "freqtrade"


class Shelf:
    """The `__getattr__` and `__dir__` of `freqtrade.exchange`."""

    def __init__(self, package: ModuleType) -> None:
        self.package = package
        self.getattr_before = vars(package).get("__getattr__")
        self.dir_before = vars(package).get("__dir__")
        self.given: dict[str, Any] = {}
        """The classes that have been asked for, as they were put into the package; None is one that does not
        fit."""
        own = {name.lower(): name for name in vars(package) if self.is_its_own(name)}
        self.conflicts = {name: list(found) for name, found in plugins.conflicts(PROGRAM).items()}
        self.plugins: dict[str, Plugin] = {}
        for name in plugins.ids(PROGRAM):
            plugin = plugins.find(name, PROGRAM)
            if name.lower() in own:
                who = plugin.origin if plugin else "somebody"
                kept = f"freqtrade has a class {own[name.lower()]} of its own, which stays in place"
                logger.warning(f"{kept}; {who} brings one too")
            elif plugin is not None:
                self.plugins[name] = plugin
        for problem in plugins.problems(PROGRAM):
            logger.warning(problem)
        taken = {*own, *(name.lower() for name in (*self.plugins, *self.conflicts))}
        self.plain = plain.wanted(taken)
        self._lock = threading.RLock()

    def is_its_own(self, name: str) -> bool:
        """Whether it is a class of freqtrade's; after a reload, others are there as well."""
        kind = vars(self.package)[name]
        is_class = isinstance(kind, type) and issubclass(kind, self.package.Exchange)
        return is_class and kind.__module__.split(".")[0] == self.package.__name__.split(".")[0]

    def get(self, name: str) -> Any:
        kind = self.find(name)
        if kind is not None:
            return kind
        if self.getattr_before is not None:
            return self.getattr_before(name)
        message = f"module {self.package.__name__!r} has no attribute {name!r}"
        raise AttributeError(message, name=name, obj=self.package)

    def dir(self) -> list[str]:
        """With the classes that can be had: freqtrade asks for each name that it finds here."""
        before = self.dir_before() if self.dir_before is not None else vars(self.package)
        return sorted({*before, *(name for name in sorted(self.names()) if self.find(name))})

    def names(self) -> set[str]:
        return {*self.plugins, *self.conflicts, *self.plain}

    def find(self, name: str) -> Any:
        """The class of this name; None if nobody brings one that fits."""
        if name not in self.names():
            return None
        with self._lock:
            if name not in self.given:
                kind = self.made(name)
                self.given[name] = kind and vars(self.package).setdefault(name, kind)
            return self.given[name]

    def made(self, name: str) -> Any:
        """The class, or None if it does not fit. One that cannot be used says why, once it is used."""
        from ccxt_ext.integrations.freqtrade.failing import broken, seen_to_fail

        try:
            kind = self.fitting(name)
            return None if kind is None else seen_to_fail(kind, name, self.origin(name))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # whatever it is, it costs this class alone
            reason = f"freqtrade's class {name} of {self.origin(name)} does not work: {told(error)}"
            logger.warning(reason)
            return broken(self.package.Exchange, name, reason, error)

    def origin(self, name: str) -> str:
        claimants = self.conflicts.get(name) or [self.plugins[name]] if name not in self.plain else []
        return " and ".join(plugin.origin for plugin in claimants) or "ccxt-ext"

    def fitting(self, name: str) -> Any:
        if name in self.conflicts:
            raise ImportError("both bring one, so CCXT_EXT_PLUGINS has to let in one of them only")
        if name in self.plain:
            return None if self.is_closed() else plain.made(self.plain[name])
        if self.plugins[name].is_ours and self.is_closed():
            return None
        kind = plugins.target(name, PROGRAM)
        if not (isinstance(kind, type) and issubclass(kind, self.package.Exchange)):
            raise TypeError(f"{kind!r} is no subclass of freqtrade's Exchange")
        if is_built_on_ours(kind):
            if self.is_closed():
                return None
            problem = self.unfit(kind, name)
            if problem:
                logger.warning(problem)
                return None
        return kind

    def is_closed(self) -> bool:
        """Whether this release does not fit. It is said when one of our classes is first looked for."""
        return self.problem is not None

    @cached_property
    def problem(self) -> str | None:
        """What keeps our classes out of this release of freqtrade; None if nothing does."""
        problem = too_old(self.version)
        try:
            if problem is None:
                from ccxt_ext.integrations.freqtrade.exchange import VenueExchange

                problem = self.unfit(VenueExchange)
        except Exception as error:
            problem = refusal(self.version, told(error))
        if problem:
            logger.warning(problem)
        return problem

    @property
    def version(self) -> str:
        return getattr(sys.modules.get(PROGRAM), "__version__", "")

    def unfit(self, ours: Any, name: str | None = None) -> str | None:
        return unfit(self.version, self.package.Exchange, ours, name)


def is_built_on_ours(kind: type) -> bool:
    return any(each.__module__.startswith("ccxt_ext.integrations.freqtrade.") for each in kind.__mro__)


def told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
