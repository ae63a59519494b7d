"""Gives hummingbot connectors for our venues, and for any exchange of ccxt.pro.

hummingbot looks for connectors in folders of its own package, by names. The import hook calls `extend()` once
one of three modules of hummingbot's was imported. Nothing of ccxt is imported before a connector or its
candles are asked for.
"""

from __future__ import annotations

from types import ModuleType

from ccxt_ext.integrations.hummingbot.places import CANDLES, PACKAGE, SETTINGS


def extend(module: ModuleType) -> None:
    """Add our connectors to what this module of hummingbot's has. What it has itself stays its own."""
    from ccxt_ext.integrations.hummingbot import fit

    if not fit.is_hummingbot(module):
        return
    problem = fit.problem()
    if problem is not None:
        fit.tell(problem)
        return
    if module.__name__ in (PACKAGE, SETTINGS):
        from ccxt_ext.integrations.hummingbot import finder

        finder.install()
    if module.__name__ == SETTINGS:
        from ccxt_ext.integrations.hummingbot import settings

        settings.extend(module)
    elif module.__name__ == CANDLES:
        from ccxt_ext.integrations.hummingbot import candles

        candles.extend(module)
