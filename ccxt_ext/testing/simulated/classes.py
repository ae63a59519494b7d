"""Makes the class of any id: ours before ccxt's own, and nothing of that which reaches its venue.

A unified method is ours if `has` tells it. Else ccxt's base class has the word, which raises NotSupported.
What `has` tells and is not simulated, and what else the exchange's own class does by itself, is explained.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ccxt.base.errors import NotSupported

from ccxt_ext.sandbox.errors import SandboxError
from ccxt_ext.testing.simulated.explaining import explained
from ccxt_ext.testing.simulated.rest import AsyncSimulated
from ccxt_ext.testing.simulated.rest_sync import SyncSimulated
from ccxt_ext.testing.simulated.streams import Watching
from ccxt_ext.venue.closed.guard import Session, put_descriptor

__tracebackhide__ = True  # pytest shows the line of the test that called this

MODULES = {"sync": "ccxt", "async": "ccxt.async_support", "pro": "ccxt.pro"}
MIXINS: Mapping[str, tuple[type, ...]] = {
    "sync": (SyncSimulated,),
    "async": (AsyncSimulated,),
    "pro": (Watching, AsyncSimulated),
}
PLUMBING = {
    *("fetch", "fetch2", "request", "throttle", "sleep", "open", "close", "close_connector", "load_markets"),
    *("close_proxy_sessions", "close_ws_clients", "load_markets_helper", "spawn", "watch", "watch_multiple"),
    "client",
}
"""Methods of the base class that are no unified ones."""
ALWAYS = {"fetchMarkets"}
"""What is there although `has` may not tell it."""
CAPITALS = {"ohlcv": "OHLCV", "adl": "ADL"}


def class_of(id: str, kind: str) -> type:
    """ccxt's own class. Raises SandboxError if there is none."""
    if kind not in MODULES:
        raise SandboxError(f"kind is {', '.join(MODULES)}, not {kind!r}")
    module = _module(kind)
    found = getattr(module, id, None) if id in module.exchanges else None
    if not isinstance(found, type):
        raise SandboxError(f"ccxt has no {MODULES[kind]}.{id}")
    return found


def _module(kind: str) -> Any:
    if kind == "sync":
        import ccxt

        return ccxt
    if kind == "async":
        import ccxt.async_support

        return ccxt.async_support
    import ccxt.pro

    return ccxt.pro


@functools.cache
def simulated_class(id: str, kind: str) -> type:
    """The class of a simulated exchange."""
    base = class_of(id, kind)
    cls = type(base.__name__, (*MIXINS[kind], base), _methods(id, kind, base))
    cls.__module__, cls.__qualname__ = __name__, base.__name__
    put_descriptor(cls, Session(None), "session")
    return cls


def _methods(id: str, kind: str, base: type) -> dict[str, Any]:
    """The methods that need a gate of their own, by their names."""
    ccxts = _ccxts_own(base)
    waits = kind != "sync"
    found: dict[str, Any] = {}
    for name in sorted(_waiting(id, kind) - PLUMBING):
        ours = _attribute(MIXINS[kind], name)
        if ours is None and name.endswith("_ws"):
            ours = _attribute(MIXINS[kind], name.removesuffix("_ws"))
        usual = _attribute(ccxts, name)
        own = _attribute(base.__mro__, name)
        gate = _Gate(camel_case(name), ours, usual, own is not usual)
        found[name] = gate.async_method() if waits else gate.sync_method()
    return found


class _Gate:
    """Decides at each call who answers it: ours, ccxt's base class, or an explanation."""

    def __init__(self, name: str, ours: Any, usual: Any, has_own: bool) -> None:
        self.name = name
        self.ours = ours
        self.usual = usual
        self.has_own = has_own

    def is_told(self, exchange: Any) -> bool:
        """Whether the exchange tells that it can do this."""
        told = exchange.has.get(self.name)
        return bool(told) or (told is None and self.has_own)

    def chosen(self, exchange: Any) -> Any:
        if self.ours is not None and (self.is_told(exchange) or self.name in ALWAYS):
            return self.ours
        if self.usual is not None:
            return self.usual
        if self.has_own:
            raise explained(exchange.id, f"{self.name}()")
        raise NotSupported(f"{exchange.id} {self.name}() is not supported yet")

    def worded(self, exchange: Any, error: NotSupported) -> NotSupported:
        """An exception of ccxt's base class, explained if the exchange itself has more than that."""
        is_ccxts = "not supported yet" in str(error)
        return explained(exchange.id, f"{self.name}()") if is_ccxts and self.is_told(exchange) else error

    def async_method(self) -> Callable[..., Any]:
        async def method(exchange: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                return await self.chosen(exchange)(exchange, *args, **kwargs)
            except NotSupported as error:
                raise self.worded(exchange, error) from None

        return self._named(method)

    def sync_method(self) -> Callable[..., Any]:
        def method(exchange: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                return self.chosen(exchange)(exchange, *args, **kwargs)
            except NotSupported as error:
                raise self.worded(exchange, error) from None

        return self._named(method)

    def _named(self, method: Any) -> Any:
        like = self.usual or self.ours
        if like is not None:
            method.__signature__ = _signature(like)
            method.__doc__ = like.__doc__
        return method


@functools.cache
def _signature(method: Any) -> inspect.Signature:
    return inspect.signature(method)


def _waiting(id: str, kind: str) -> set[str]:
    """The methods that wait for an answer, which the async class of an id tells of its sync one too."""
    waiting = class_of(id, "pro" if kind == "pro" else "async")
    return {
        name
        for cls in waiting.__mro__
        for name, method in vars(cls).items()
        if inspect.iscoroutinefunction(method) and name == name.lower() and not name.startswith("_")
    }


def _ccxts_own(base: type) -> list[type]:
    """ccxt's base classes of an exchange."""
    return [cls for cls in base.__mro__ if cls.__module__.endswith("base.exchange")]


def _attribute(classes: Iterable[type], name: str) -> Any:
    for each in classes:
        for cls in each.__mro__:
            if name in vars(cls):
                return vars(cls)[name]
    return None


def camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(CAPITALS.get(word, word[:1].upper() + word[1:]) for word in rest)
