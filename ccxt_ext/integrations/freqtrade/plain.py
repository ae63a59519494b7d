"""Plain classes for exchanges of ccxt's that freqtrade has none for, as `CCXT_EXT_FREQTRADE` names them."""

from __future__ import annotations

import logging
import os
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

logger = logging.getLogger(__name__)

VARIABLE = "CCXT_EXT_FREQTRADE"
"""Such as `mexc:isolated,phemex:isolated:triggerPrice`: ids, each with its margin mode, and with the
parameter in which it takes the price of a stop, if stops are to be on the exchange."""

MODES = ("isolated", "cross")


@dataclass(frozen=True)
class Wanted:
    """One word of the variable."""

    id: str
    margin_mode: str
    stop_parameter: str | None = None


def wanted(taken: Collection[str]) -> dict[str, Wanted]:
    """The classes that are asked for, by name. What cannot be had is said: `taken` are ids that have one."""
    words = os.environ.get(VARIABLE, "").replace(",", " ").split()
    if not words:
        return {}
    from ccxt import exchanges

    found: dict[str, Wanted] = {}
    for word in words:
        parts = word.split(":")
        if not (2 <= len(parts) <= 3 and all(parts) and parts[1] in MODES):
            logger.warning(
                f"{VARIABLE}: {word!r} is not understood; write ID:isolated or ID:cross, and after that "
                ":PARAMETER for stops on the exchange"
            )
        elif parts[0] not in exchanges:
            logger.warning(f"{VARIABLE}: ccxt has no exchange {parts[0]!r}")
        elif parts[0] in taken:
            logger.warning(f"{VARIABLE}: freqtrade has a class for {parts[0]} already, which is used")
        else:
            found[parts[0].title()] = Wanted(*parts)
    return found


def made(asked: Wanted) -> Any:
    """A class that says no more of its exchange than the variable and ccxt do."""
    import ccxt
    from freqtrade.enums import MarginMode, TradingMode

    from ccxt_ext.integrations.freqtrade.exchange import VenueExchange

    stops = f"stops by {asked.stop_parameter}" if asked.stop_parameter else "no stops on the exchange"

    def additional_exchange_init(self: Any) -> None:
        VenueExchange.additional_exchange_init(self)
        logger.warning(
            f"{asked.id}: nobody has tested freqtrade with this exchange. Its class knows what {VARIABLE} "
            f"says ({asked.margin_mode} margin, {stops}) and what ccxt tells"
        )

    futures: dict[str, Any] = {}
    if not getattr(ccxt, asked.id)().has.get("fetchMarkOHLCV"):
        futures["mark_ohlcv_price"] = "futures"
    if asked.stop_parameter:
        futures |= {
            "stoploss_on_exchange": True,
            "stop_price_param": asked.stop_parameter,
            "stoploss_order_types": {"limit": "limit", "market": "market"},
        }
    space = {
        "__doc__": f"A plain class for {asked.id}.",
        "__module__": __name__,
        "_ft_has_futures": futures,
        "_supported_trading_mode_margin_pairs": [
            (TradingMode.SPOT, MarginMode.NONE),
            (TradingMode.FUTURES, MarginMode(asked.margin_mode)),
        ],
        "additional_exchange_init": additional_exchange_init,
    }
    return type(asked.id.title(), (VenueExchange,), space)
