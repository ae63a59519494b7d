"""freqtrade's class for BTEX."""

from __future__ import annotations

from typing import Any, ClassVar

from freqtrade.enums import MarginMode, TradingMode

from ccxt_ext.integrations.freqtrade.exchange import VenueExchange


class Btex(VenueExchange):
    """BTEX, spot and contracts."""

    _supported_trading_mode_margin_pairs: ClassVar[list[Any]] = [
        (TradingMode.SPOT, MarginMode.NONE),
        (TradingMode.FUTURES, MarginMode.ISOLATED),
    ]
