# with --swap
"""What freqtrade has to know of Acme Exchange, beside what ccxt tells it."""

from typing import Any, ClassVar

from freqtrade.enums import MarginMode, TradingMode

from ccxt_ext.integrations.freqtrade import VenueExchange


class AcmeInFreqtrade(VenueExchange):
    """Acme Exchange: pairs, and linear contracts with isolated margin.

    freqtrade looks it up by this name, and imports it when somebody's bot trades there. A bot that trades
    contracts for real needs `fetchPositions`, and `setLeverage` unless leverage goes with each order.
    """

    # The keys are freqtrade's. Those of ours, and why they are as they are: docs/freqtrade.md of ccxt-ext.
    _ft_has: ClassVar[dict[str, Any]] = {
        "order_time_in_force": ["GTC"],
    }
    _ft_has_futures: ClassVar[dict[str, Any]] = {
        # The venue has no candles of mark prices.
        "mark_ohlcv_price": "futures",
        # With trigger orders: "stoploss_on_exchange": True, "stop_price_param", "stoploss_order_types".
    }

    _supported_trading_mode_margin_pairs: ClassVar[list[Any]] = [
        (TradingMode.SPOT, MarginMode.NONE),
        (TradingMode.FUTURES, MarginMode.ISOLATED),
    ]
