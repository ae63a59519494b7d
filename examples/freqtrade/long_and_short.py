"""A strategy for contracts that goes long and short, with a stop on the exchange.

It shows how that is done, and not how to make a profit.
"""

from datetime import datetime
from typing import ClassVar

from freqtrade.strategy import IStrategy
from pandas import DataFrame


class LongAndShort(IStrategy):
    """Long while the mean of the last hour is above that of the last four, and short while it is below."""

    INTERFACE_VERSION = 3

    timeframe = "5m"
    startup_candle_count = 48
    can_short = True
    # Shares of the margin: with a leverage of 3, a third of that in the price.
    minimal_roi: ClassVar = {"0": 0.08}
    stoploss = -0.04
    order_types: ClassVar = {
        "entry": "limit",
        "exit": "limit",
        "emergency_exit": "market",
        "force_exit": "market",
        "stoploss": "market",
        "stoploss_on_exchange": True,
        "stoploss_on_exchange_interval": 60,
    }

    def populate_indicators(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        dataframe["fast"] = dataframe["close"].rolling(12).mean()
        dataframe["slow"] = dataframe["close"].rolling(48).mean()
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        dataframe["enter_long"] = dataframe["fast"] > dataframe["slow"]
        dataframe["enter_short"] = dataframe["fast"] < dataframe["slow"]
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        dataframe["exit_long"] = dataframe["fast"] < dataframe["slow"]
        dataframe["exit_short"] = dataframe["fast"] > dataframe["slow"]
        return dataframe

    def leverage(
        self,
        pair: str,
        current_time: datetime,
        current_rate: float,
        proposed_leverage: float,
        max_leverage: float,
        entry_tag: str | None,
        side: str,
        **kwargs: object,
    ) -> float:
        return min(3.0, max_leverage)
