"""More exchanges for ccxt. Importing this package adds them to ccxt; it imports neither ccxt nor a venue."""

from ccxt_ext.hook import register

# Every Python start imports this module, so anything that only few programs need is imported later.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccxt_ext._version import __version__ as __version__
    from ccxt_ext.venue.keys.shared import reset_shared as reset_shared
    from ccxt_ext.venue.settling.settling_sync import settle as settle
    from ccxt_ext.venue.settling.unsettled import Unsettled as Unsettled

    exchanges: list[str]

# What this module has beside modules and classes, and where that is.
_OWN = {
    "__version__": "ccxt_ext._version",
    "reset_shared": "ccxt_ext.venue.keys.shared",
    "settle": "ccxt_ext.venue.settling.settling_sync",
    "Unsettled": "ccxt_ext.venue.settling.unsettled",
}


def __getattr__(name: str) -> "Any":
    if name in _OWN:
        globals()[name] = getattr(__import__(_OWN[name], fromlist=[name]), name)
    elif name in ("async_support", "pro", "sandbox"):
        __import__(f"{__name__}.{name}")
    elif name == "__all__" or not name.startswith("_"):
        from ccxt_ext.hook.faces import find

        return find(__name__, globals(), "ccxt", name, ("register", "reset_shared", "settle", "Unsettled"))
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__getattr__("__all__"), "__version__"})


register()
