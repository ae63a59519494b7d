"""What backtests of contracts do: long above a mean, short below it. Its length is to be found."""

from typing import Any, ClassVar

from freqtrade.strategy import IntParameter, IStrategy
from pandas import DataFrame


class BothWays(IStrategy):
    INTERFACE_VERSION = 3

    timeframe = "1h"
    can_short = True
    startup_candle_count = 30
    minimal_roi: ClassVar = {"0": 0.05, "1200": 0.0}
    stoploss = -0.1
    length = IntParameter(5, 25, default=10, space="buy")

    def leverage(self, *args: Any, **kwargs: Any) -> float:
        return 3.0

    def populate_indicators(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        mean = dataframe["close"].rolling(self.length.value).mean()
        above = dataframe["close"] > mean
        dataframe["enter_long"] = (above & ~above.shift(fill_value=True)).astype(int)
        dataframe["enter_short"] = (~above & above.shift(fill_value=False)).astype(int)
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        return dataframe
