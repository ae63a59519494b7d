"""freqtrade's class for BitMax Futures Pro."""

from __future__ import annotations

from math import floor
from typing import Any, ClassVar

from freqtrade.enums import MarginMode, PriceType, TradingMode

from ccxt_ext.integrations.freqtrade.exchange import VenueExchange
from ccxt_ext.integrations.freqtrade.funding import when_paid

FUNDING = "8h"


class Bitmaxfutures(VenueExchange):
    """BitMax Futures Pro: linear contracts, in USDT."""

    _ft_has: ClassVar[dict[str, Any]] = {
        # The venue's own stop orders. They go by the same calls as all orders, and keep their ids.
        "stoploss_on_exchange": True,
        # Both kinds, each with a trigger.
        "stoploss_order_types": {"limit": "limit", "market": "market"},
        # Always an order of its own; a stopLossPrice may be the position's, by options['stopLossTakeProfit'].
        "stop_price_param": "triggerPrice",
        # What ccxt's orders have beside triggerPrice; their stopLossPrice is the position's.
        "stop_price_prop": "stopPrice",
        # By which price it is triggered.
        "stop_price_type_field": "triggerPriceType",
        # The venue's three prices.
        "stop_price_type_value_mapping": {
            PriceType.LAST: "last",
            PriceType.MARK: "mark",
            PriceType.INDEX: "index",
        },
        # They only reduce, so an exit beside one is no more than the position.
        "stoploss_blocks_assets": False,
        # What it takes for limit orders; PO is post-only.
        "order_time_in_force": ["GTC", "FOK", "IOC", "PO"],
        # The venue takes whole numbers.
        "floor_leverage": True,
        # The venue has candles of trades alone.
        "mark_ohlcv_price": "futures",
        # When funding is paid.
        "funding_fee_timeframe": FUNDING,
        # The day's volume is told in the base currency.
        "tickers_have_quoteVolume": False,
        # Nothing tells the venue's clock; what ccxt has is the time of the newest price.
        "exchange_has_overrides": {"fetchTime": False},
        # Candles are streamed.
        "ws_enabled": True,
    }

    _supported_trading_mode_margin_pairs: ClassVar[list[Any]] = [(TradingMode.FUTURES, MarginMode.ISOLATED)]

    # freqtrade takes the total of a balance for all that there is, the margin of positions included.
    _ccxt_params: ClassVar[dict[str, Any]] = {"options": {"fetchBalance": {"isolatedMargin": True}}}

    def fetch_positions(
        self, pair: str | None = None, params: dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        positions: list[dict[str, Any]] = super().fetch_positions(pair, params)
        for position in positions:
            if position["marginMode"] == "isolated":
                # freqtrade takes the initial margin for what was put in, and that at the mark price is not.
                position["initialMargin"] = position["collateral"]
        return positions

    def dry_run_liquidation_price(
        self,
        pair: str,
        open_rate: float,
        is_short: bool,
        amount: float,
        stake_amount: float,
        leverage: float,
        wallet_balance: float,
        open_trades: list[Any],
    ) -> float | None:
        """Where margin and profit come to the maintenance margin, as the venue's page has it. No fee is in
        it: the venue takes that out of what is free."""
        value = open_rate * amount
        rate, _ = self.get_maintenance_ratio_and_amt(pair, value)
        most = next(
            tier["maxLeverage"]
            for tier in reversed(self._leverage_tiers[pair])
            if value >= tier["minNotional"]
        )
        margin = open_rate / min(floor(leverage), most)
        price = (open_rate + margin) / (1 + rate) if is_short else (open_rate - margin) / (1 - rate)
        return price if price > 0 else None

    @staticmethod
    def combine_funding_and_mark(
        funding_rates: Any, mark_rates: Any, futures_funding_rate: float | None = None
    ) -> Any:
        """With no rates of the past, freqtrade takes that of the configuration for every hour."""
        combined = VenueExchange.combine_funding_and_mark(funding_rates, mark_rates, futures_funding_rate)
        return combined if len(funding_rates) else when_paid(combined, FUNDING)
