"""Simulated exchanges in other programs, which make them of ccxt's own classes by their ids.

CCXT_EXT_SANDBOX names the sandbox of each id. The classes stay what they are, as ccxt and programs derive
others from them; only what they make is another thing. What makes that is imported with the first of them, as
it needs ccxt's async classes too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any

from ccxt_ext.venue.closed import sandboxed

KINDS = {"ccxt": "sync", "ccxt.async_support": "async", "ccxt.pro": "pro"}


def extend(module: ModuleType, ids: Iterable[str]) -> None:
    """Have these classes of one of ccxt's modules make simulated exchanges, for as long as there is a box."""
    kind = KINDS[module.__name__]
    for id in ids:
        cls = getattr(module, id)
        if not isinstance(vars(cls).get("__new__"), _Making):
            cls.__new__ = _Making(_making(cls, id, kind))


class _Making(staticmethod):
    """Tells our `__new__` from another one."""


def _making(cls: type, id: str, kind: str) -> Callable[..., Any]:
    def __new__(made: type, *args: Any, **kwargs: Any) -> Any:
        box = sandboxed.box() if made is cls else None
        if box is None or id not in box.targets:
            return object.__new__(made)  # one that ccxt or the program derives from it, or one without a box
        return object.__new__(_of_programs(id, kind))

    return __new__


@functools.cache
def _of_programs(id: str, kind: str) -> type:
    from ccxt_ext.testing.simulated.classes import simulated_class
    from ccxt_ext.testing.simulated.surface import AT

    base: Any = simulated_class(id, kind)

    def __init__(self: Any, config: Mapping[str, Any] = {}) -> None:
        found, _ = sandboxed.redirect(id, config or {})
        base.__init__(self, {**found, AT: found.pop("urls")["api"]})

    return type(base.__name__, (base,), {"__init__": __init__, "__module__": base.__module__})
