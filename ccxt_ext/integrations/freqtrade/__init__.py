"""Gives freqtrade a class for each exchange that needs one. Nothing of freqtrade is changed.

freqtrade looks a class up in its package `freqtrade.exchange`, by the id with a capital letter (`Btex`), and
takes its generic class if there is none. The import hook calls `extend()` once that package was imported.
Each class is imported when freqtrade asks for it.
"""

from __future__ import annotations

from types import ModuleType

__all__ = ["extend"]


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
