"""More exchanges for ccxt. Importing this package adds them to ccxt; it imports neither ccxt nor a venue."""

from ccxt_ext.hook import register

# Every Python start imports this module, so anything that only few programs need is imported later.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccxt_ext._version import __version__ as __version__
    from ccxt_ext.venue.keys.shared import reset_shared as reset_shared

    exchanges: list[str]


def __getattr__(name: str) -> "Any":
    if name == "__version__":
        from ccxt_ext._version import __version__

        globals()[name] = __version__
    elif name == "reset_shared":
        from ccxt_ext.venue.keys.shared import reset_shared

        globals()[name] = reset_shared
    elif name in ("async_support", "pro", "sandbox"):
        __import__(f"{__name__}.{name}")
    elif name == "__all__" or not name.startswith("_"):
        from ccxt_ext.hook.faces import find

        return find(__name__, globals(), "ccxt", name, ("register", "reset_shared"))
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__getattr__("__all__"), "__version__"})


register()
