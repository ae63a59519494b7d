"""More exchanges for ccxt. Importing this package arms the drop-in; it imports neither ccxt nor a venue."""

from ccxt_ext._autoload import register
from ccxt_ext._ids import IDS

# Every Python start imports this module, so it does without the imports of typing and __future__.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccxt.base.exchange import Exchange

    from ccxt_ext._version import __version__ as __version__

exchanges = list(IDS)
__all__ = ["exchanges", "register", *IDS]


def __getattr__(name: str) -> "type[Exchange]":
    if name in IDS:
        from ccxt_ext._register import load

        globals()[name] = load("ccxt", name)
    elif name == "__version__":
        from ccxt_ext._version import __version__

        globals()[name] = __version__
    elif name in ("async_support", "pro", "sandbox"):
        __import__(f"{__name__}.{name}")
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})


register()
