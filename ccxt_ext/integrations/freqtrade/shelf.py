"""What `freqtrade.exchange` has by name, beside its own: our classes, those of plug-ins, and plain ones."""

from __future__ import annotations

import logging
import sys
from types import ModuleType
from typing import Any

from ccxt_ext.integrations.freqtrade import plain
from ccxt_ext.integrations.freqtrade.fit import unfit
from ccxt_ext.plugins import find, ids, target

logger = logging.getLogger(__name__)

PROGRAM = "freqtrade"


class Shelf:
    """The `__getattr__` and `__dir__` of `freqtrade.exchange`."""

    def __init__(self, package: ModuleType) -> None:
        self.package = package
        self.getattr_before = vars(package).get("__getattr__")
        self.dir_before = vars(package).get("__dir__")
        self._closed: bool | None = None

    def get(self, name: str) -> Any:
        if name[:1].isupper() and name in self.names() and not self.is_closed():
            kind = self.made(name)
            if kind is not None:
                return vars(self.package).setdefault(name, kind)
        if self.getattr_before is not None:
            return self.getattr_before(name)
        message = f"module {self.package.__name__!r} has no attribute {name!r}"
        raise AttributeError(message, name=name, obj=self.package)

    def dir(self) -> list[str]:
        before = self.dir_before() if self.dir_before is not None else vars(self.package)
        return sorted({*before, *(() if self.is_closed() else self.names())})

    def names(self) -> set[str]:
        """The classes that are brought, but for those that freqtrade has itself."""
        return {*ids(PROGRAM), *plain.wanted(self.package)}

    def is_closed(self) -> bool:
        """Whether this release does not fit. It is said when one of our classes is first looked for."""
        if self._closed is None:
            self._closed = False  # importing our class looks names up here as well
            try:
                from ccxt_ext.integrations.freqtrade.exchange import VenueExchange

                problem = self.unfit(VenueExchange)
            except Exception as error:
                problem = f"ccxt-ext adds no exchange to freqtrade: {type(error).__name__}: {error}"
            self._closed = problem is not None
            if problem:
                logger.warning(problem)
        return self._closed

    def unfit(self, ours: Any) -> str | None:
        version = getattr(sys.modules.get(PROGRAM), "__version__", "")
        return unfit(version, self.package.Exchange, ours)

    def made(self, name: str) -> Any:
        """The class of this name; None if one of ours does not fit this release.

        One of a plug-in that cannot be used is a class that says why, once it is used.
        """
        from ccxt_ext.integrations.freqtrade.failing import broken, seen_to_fail

        plugin = find(name)
        if plugin is None:
            return seen_to_fail(plain.made(name, plain.wanted(self.package)[name]), name, "ccxt-ext")
        try:
            kind = target(name, PROGRAM)
            if not (isinstance(kind, type) and issubclass(kind, self.package.Exchange)):
                raise TypeError(f"{kind!r} is no subclass of freqtrade's Exchange")
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # whatever it is, it costs this class alone
            reason = (
                f"freqtrade's class {name} of {plugin.origin} does not work: {type(error).__name__}: {error}"
            )
            logger.warning(reason)
            return broken(self.package.Exchange, name, reason, error)
        problem = self.unfit(kind) if plugin.is_ours else None
        if problem:
            logger.warning(f"{name}: {problem}")
            return None
        return seen_to_fail(kind, name, plugin.origin)
