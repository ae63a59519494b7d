"""Loads the class of an id, or makes a stand-in if the plug-in that brings it is broken."""

from __future__ import annotations

import importlib
import re
import threading
from typing import Any

from ccxt_ext._version import CCXT_NEWEST, CCXT_OLDEST, __version__
from ccxt_ext.hook.telling import warn
from ccxt_ext.plugins import Plugin, conflicts, find, target

# For each module of ccxt's: the kind of classes that belong into it.
KINDS = {"ccxt": "sync", "ccxt.async_support": "async_support", "ccxt.pro": "pro"}

_ASYNC = "ccxt.async_support.base.exchange"
# And the module of the class that they are derived from. To import ccxt.pro itself for that would be dear.
_BASES = {"ccxt": "ccxt.base.exchange", "ccxt.async_support": _ASYNC, "ccxt.pro": _ASYNC}

# One for each home and id, as it may be asked for in several places.
_stand_ins: dict[tuple[str, str], Any] = {}


# Why nobody has an id that was asked for, by the module that `from ccxt import ID` then looks for.
UNDECIDED: dict[str, str] = {}


class _Thread(threading.local):
    def __init__(self) -> None:
        self.loading: set[tuple[str, str]] = set()


_this_thread = _Thread()


def load(home: str, id: str) -> Any:
    """The class that has this id in ccxt's module `home`."""
    problem = unfit(ccxts_version())
    if problem is not None:
        raise ImportError(problem)
    plugin = find(id)
    if plugin is None:
        raise AttributeError(f"{id!r} cannot be had: {undecided(id)}")
    if (home, id) in _stand_ins:
        return _stand_ins[home, id]
    if (home, id) in _this_thread.loading:
        raise AttributeError(f"{id!r} cannot be had while its own module is being imported")
    _this_thread.loading.add((home, id))
    try:
        kind = target(id, KINDS[home])
        check(kind, home)
        close(kind, id)
        check_instance(kind(), id)
        return kind
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever it is, SystemExit included, it costs this plug-in alone
        return replace(home, plugin, error)
    finally:
        _this_thread.loading.discard((home, id))


def check(kind: Any, home: str) -> None:
    """Raise TypeError unless the class may stand in ccxt's module `home`."""
    if not isinstance(kind, type):
        raise TypeError(f"{kind!r} is no class")
    wanted = base_of(home)
    # In older releases of ccxt, the async class is derived from the sync one.
    is_async = any(base.__module__.startswith("ccxt.async_support.") for base in kind.__mro__)
    if not issubclass(kind, wanted) or (home == "ccxt" and is_async):
        raise TypeError(f"{kind.__module__}.{kind.__qualname__} is no subclass of {home}.Exchange")


def base_of(home: str) -> Any:
    """ccxt's Exchange class of one of its modules."""
    return importlib.import_module(_BASES[home]).Exchange


def check_instance(exchange: Any, id: str) -> None:
    if exchange.id != id:
        raise ValueError(f"its exchange has the id {exchange.id!r}, not the one that it is brought for")
    if not isinstance(exchange.has, dict):
        raise TypeError(f"its `has` is {exchange.has!r}")


def close(kind: Any, id: str) -> None:
    """Keep the class in its sandbox, while CCXT_EXT_SANDBOX names one."""
    from ccxt_ext.venue.closed.guard import guard

    guard(kind, id)  # does nothing to a class that is already closed, as ours are


def replace(home: str, plugin: Plugin, error: BaseException) -> Any:
    """The stand-in for a class that cannot be used."""
    from ccxt_ext.hook.stand_ins import stand_in

    reason = f"{home}.{plugin.id} of {plugin.origin} does not work: {told(error)}"
    version = ccxts_version()
    if plugin.is_ours and numbers(version) > numbers(CCXT_NEWEST):
        reason += (
            f" (ccxt-ext {__version__} is known to work with ccxt {CCXT_OLDEST} to {CCXT_NEWEST}, "
            f"and this is {version})"
        )
    made = stand_in(base_of(home), plugin.id, reason, error)
    close(made, plugin.id)
    kept = _stand_ins.setdefault((home, plugin.id), made)
    if kept is made:
        warn(reason)
    return kept


def told(error: BaseException) -> str:
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def check_decided(module: str, id: str, message: str) -> None:
    """Raise AttributeError if several bring an id of this module, as words of Python's own say too little.

    `from ccxt import ID` asks the module first, then looks for a module of this name, and says the same.
    """
    if id in conflicts():
        UNDECIDED[f"{module}.{id}"] = f"cannot import name {id!r} from {module!r}: {undecided(id)}"
        raise AttributeError(f"{message}: {undecided(id)}")


def undecided(id: str) -> str:
    """Why nobody has the id."""
    origins = " and ".join(plugin.origin for plugin in conflicts().get(id, ()))
    if not origins:
        return "nobody brings it"
    return f"{origins} bring it, so nobody has it until CCXT_EXT_PLUGINS lets in one of them only"


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
