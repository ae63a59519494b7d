"""A package named freqtrade, with as much of freqtrade's as the hook and our doors look at."""

from __future__ import annotations

from pathlib import Path

from tests.packaging.plugins_on_disk import put, write

FREQTRADE = {
    "freqtrade/__init__.py": '__version__ = "2026.9"',
    "freqtrade/exceptions.py": """
        class OperationalException(Exception):
            pass

        class ExchangeError(OperationalException):
            pass
    """,
    "freqtrade/enums.py": """
        from enum import Enum

        class MarginMode(Enum):
            NONE, CROSS, ISOLATED = "", "cross", "isolated"

        class TradingMode(Enum):
            SPOT, FUTURES = "spot", "futures"
    """,
    "freqtrade/exchange/__init__.py": """
        from freqtrade.exchange.exchange import Exchange

        class Binance(Exchange):
            pass

        class BybitEU(Exchange):
            pass
    """,
    "freqtrade/exchange/exchange.py": """
        import ccxt

        class Exchange:
            def __init__(self, config, validate=True):
                self.config = config
    """,
    # What freqtrade does to find a class, by its words.
    "finding.py": """
        import freqtrade.exchange as package

        def made(id, config=None):
            try:
                return getattr(package, id.title())(config)
            except (AttributeError, ImportError):
                return package.Exchange(config)

        def listed():
            found = (getattr(package, name) for name in dir(package))
            return {each.__name__ for each in found if isinstance(each, type)} - {"Exchange"}

        def complaint(id):
            from freqtrade.exceptions import OperationalException

            try:
                made(id)
            except OperationalException as error:
                return str(error)
    """,
}


def put_freqtrade(folder: Path, version: str = "2026.9") -> None:
    write(folder, {**FREQTRADE, "freqtrade/__init__.py": f'__version__ = "{version}"'})


GOOD = """
from freqtrade.exchange import Exchange

class Acme(Exchange):
    pass
"""
CLASSES = {
    "acme_freqtrade.py": GOOD,
    "ill_freqtrade.py": """
        from freqtrade.exchange import Exchange

        class Lacking(Exchange):
            def __init__(self, config, validate=True):
                self.no_such_attribute

        class Needy(Exchange):
            def __init__(self, config, validate=True):
                import no_such_module_at_all

        class Stranger:
            pass
    """,
    "lost_freqtrade.py": "from freqtrade.exchange import NoSuchName",
    "quitting_freqtrade.py": "raise SystemExit(3)",
}
ILL = {
    "Lacking": ("ill_freqtrade:Lacking", "has a mistake in it: AttributeError"),
    "Needy": ("ill_freqtrade:Needy", "has a mistake in it: ModuleNotFoundError"),
    "Stranger": ("ill_freqtrade:Stranger", "is no subclass of freqtrade's Exchange"),
    "Absent": ("no_such_module_at_all:Absent", "does not work: ModuleNotFoundError"),
    "Nameless": ("acme_freqtrade:Nameless", "does not work: AttributeError"),
    "Lost": ("lost_freqtrade:Lost", "does not work: ImportError"),
    "Quitting": ("quitting_freqtrade:Quitting", "does not work: SystemExit: 3"),
    "Crooked": ("no target at all", "does not work: ImportError"),
}


def put_classes(folder: Path, distribution: str = "ccxt-acme", **points: str) -> None:
    """A distribution that brings classes for freqtrade: a good one, and all that can be ill with one."""
    targets = {"Acme": "acme_freqtrade:Acme", **{name: where for name, (where, _) in ILL.items()}}
    put(folder, distribution, {"freqtrade": points or targets}, CLASSES)
