"""Any exchange of ccxt's, simulated: its unified methods work on a sandbox instead of its venue.

`make(box, "binance", "async")` gives an instance of a subclass of ccxt's own class. What that tells of itself
stays: `has`, `features`, `fees`, `precisionMode`, `timeframes`, `describe()`. Its markets, orders, money and
streams are those of the sandbox. `exchange.simulated` is True.

The venue's protocol, signature and peculiarities are not tested by it. Implicit methods raise NotSupported
with these words, and so does what `has` tells and is not simulated, such as withdrawals, loans and options.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ccxt_ext.testing.simulated.making import described as described
    from ccxt_ext.testing.simulated.making import make as make
    from ccxt_ext.testing.simulated.making import serve as serve

_MADE = ("described", "make", "serve")


def __getattr__(name: str) -> Any:
    """Import what makes exchanges, and with it ccxt, when it is first asked for."""
    if name not in _MADE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ccxt_ext.testing.simulated import making

    return getattr(making, name)
