"""The names of our own modules, such as ccxt_ext.pro: the classes of all plug-ins, as in ccxt's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ccxt_ext.hook.loading import KINDS, check_decided, load
from ccxt_ext.plugins import ids


def find(module: str, names: dict[str, Any], home: str, name: str, others: Iterable[str] = ()) -> Any:
    """What a module of ours has by this name. It has the same classes as ccxt's module `home`.

    `names` are the module's globals, and `others` the public ones beside the classes. Which ids there are is
    looked up each time, as some may be registered later.
    """
    there = ids(KINDS[home])
    if name == "exchanges":
        return there
    if name == "__all__":
        return ["exchanges", *others, *there]
    if name in there:
        return names.setdefault(name, load(home, name))
    message = f"module {module!r} has no attribute {name!r}"
    check_decided(module, name, message)
    raise AttributeError(message)


def face(
    module: str, names: dict[str, Any], home: str
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The `__getattr__` and `__dir__` of ccxt_ext.async_support and ccxt_ext.pro: classes, and `settle()`."""

    def get(name: str) -> Any:
        if name == "settle":
            from ccxt_ext.venue.settling.settling import settle

            return names.setdefault(name, settle)
        if name == "Unsettled":
            from ccxt_ext.venue.settling.unsettled import Unsettled

            return names.setdefault(name, Unsettled)
        return find(module, names, home, name, ("settle", "Unsettled"))

    def every() -> list[str]:
        return sorted({*names, *get("__all__")})

    return get, every
