"""Gives freqtrade a class for each exchange that needs one. Nothing of freqtrade is changed.

freqtrade looks a class up in its package `freqtrade.exchange`, by the id with a capital letter (`Btex`), and
takes its generic class if there is none. The import hook calls `extend()` once that package was imported.
Each class is imported when freqtrade asks for it.

A class of one's own derives from `VenueExchange`, and may say `_ft_has`, `_ft_has_futures` and
`_supported_trading_mode_margin_pairs` as all of freqtrade's do.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ccxt_ext.integrations.freqtrade.exchange import VenueExchange as VenueExchange
    from ccxt_ext.integrations.freqtrade.exchange import new_to_freqtrade as new_to_freqtrade

# Not imported before somebody asks for them, as they import freqtrade.
_OF_FREQTRADE = ("VenueExchange", "new_to_freqtrade")

__all__ = ["VenueExchange", "new_to_freqtrade"]


def __getattr__(name: str) -> Any:
    if name not in _OF_FREQTRADE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ccxt_ext.integrations.freqtrade import exchange

    return getattr(exchange, name)


def extend(package: ModuleType) -> None:
    """Add the classes to `freqtrade.exchange`. What it has itself stays its own."""
    own = vars(package)
    if not isinstance(own.get("Exchange"), type):
        return  # it is something else of this name
    from ccxt_ext.integrations.freqtrade.shelf import Shelf

    if isinstance(getattr(own.get("__getattr__"), "__self__", None), Shelf):
        return  # it is extended already
    shelf = Shelf(package)
    own.update(__getattr__=shelf.get, __dir__=shelf.dir)
