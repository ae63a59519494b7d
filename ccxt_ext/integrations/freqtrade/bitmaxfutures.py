"""freqtrade's class for BitMax Futures Pro."""

from __future__ import annotations

from typing import Any, ClassVar

from freqtrade.enums import MarginMode, TradingMode

from ccxt_ext.integrations.freqtrade.exchange import VenueExchange


class Bitmaxfutures(VenueExchange):
    """BitMax Futures Pro: linear contracts, in USDT."""

    _supported_trading_mode_margin_pairs: ClassVar[list[Any]] = [(TradingMode.FUTURES, MarginMode.ISOLATED)]
