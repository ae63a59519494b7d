"""Plain classes for exchanges of ccxt's that freqtrade has none for, as `CCXT_EXT_FREQTRADE` names them."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from types import ModuleType
from typing import Any

logger = logging.getLogger(__name__)

VARIABLE = "CCXT_EXT_FREQTRADE"
"""Such as `mexc:isolated,phemex:isolated:stopLossPrice`: ids, each with its margin mode, and with the
parameter in which it takes the price of a stop, if stops are to be on the exchange."""

MODES = ("isolated", "cross")

_told: set[str] = set()


@dataclass(frozen=True)
class Wanted:
    """One word of the variable."""

    id: str
    margin_mode: str
    stop_parameter: str | None = None

    @property
    def name(self) -> str:
        """The name that freqtrade looks its class up by."""
        return self.id.title()


def wanted(package: ModuleType) -> dict[str, Wanted]:
    """The classes that are asked for, by name. What cannot be had is said, once."""
    found = {}
    for word in os.environ.get(VARIABLE, "").replace(",", " ").split():
        parts = word.split(":")
        if not (2 <= len(parts) <= 3 and all(parts) and parts[1] in MODES):
            _tell(
                f"{VARIABLE}: {word!r} is not understood; write ID:isolated or ID:cross, and after that "
                ":PARAMETER for stops on the exchange"
            )
            continue
        asked = Wanted(*parts)
        if isinstance(vars(package).get(asked.name), type) and not _is_plain(vars(package)[asked.name]):
            _tell(f"{VARIABLE}: freqtrade has a class of its own for {asked.id}, which is used")
            continue
        found[asked.name] = asked
    return found


def _is_plain(kind: Any) -> bool:
    return kind.__module__ == __name__


def _tell(message: str) -> None:
    if message not in _told:
        _told.add(message)
        logger.warning(message)


def made(name: str, asked: Wanted) -> Any:
    """A class that says no more of its exchange than the variable does."""
    from freqtrade.enums import MarginMode, TradingMode

    from ccxt_ext.integrations.freqtrade.exchange import VenueExchange

    stops = f"stops by {asked.stop_parameter}" if asked.stop_parameter else "no stops on the exchange"

    def additional_exchange_init(self: Any) -> None:
        VenueExchange.additional_exchange_init(self)
        logger.warning(
            f"{asked.id}: nobody has tested freqtrade's futures with this exchange. {name} knows of it what "
            f"{VARIABLE} says ({asked.margin_mode} margin, {stops}) and what ccxt tells"
        )

    futures: dict[str, Any] = {}
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
    return type(name, (VenueExchange,), space)
