"""What bots do that are told by freqtrade's own API what to enter and to exit."""

from typing import ClassVar

from freqtrade.strategy import IStrategy
from pandas import DataFrame


class ToldFromOutside(IStrategy):
    INTERFACE_VERSION = 3

    timeframe = "5m"
    startup_candle_count = 20
    minimal_roi: ClassVar = {"0": 100}
    stoploss = -0.1
    order_types: ClassVar = {
        "entry": "market",
        "exit": "market",
        "emergency_exit": "market",
        "stoploss": "market",
        "stoploss_on_exchange": True,
        "stoploss_on_exchange_interval": 0,
    }

    def populate_indicators(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        return dataframe
