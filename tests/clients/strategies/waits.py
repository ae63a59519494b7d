"""A strategy that does nothing by itself: its bot is told by its API what to do."""

from typing import ClassVar

from freqtrade.strategy import IStrategy
from pandas import DataFrame


class Waits(IStrategy):
    INTERFACE_VERSION = 3

    timeframe = "5m"
    startup_candle_count = 30
    minimal_roi: ClassVar = {"0": 100}
    stoploss = -0.99
    order_types: ClassVar = {
        "entry": "limit",
        "exit": "limit",
        "emergency_exit": "limit",
        "stoploss": "limit",
        "stoploss_on_exchange": False,
    }

    def populate_indicators(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        dataframe["enter_long"] = 0
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        return dataframe
