"""What the bots of these tests do: buy each pair at once, sell after a few seconds, twice."""

from datetime import datetime
from typing import ClassVar

from freqtrade.persistence import Trade
from freqtrade.strategy import IStrategy
from pandas import DataFrame


class InAndOut(IStrategy):
    INTERFACE_VERSION = 3

    timeframe = "1m"
    startup_candle_count = 100
    process_only_new_candles = False
    minimal_roi: ClassVar = {"0": 100}
    stoploss = -0.99
    # Not every venue has market orders.
    order_types: ClassVar = {
        "entry": "limit",
        "exit": "limit",
        "emergency_exit": "limit",
        "stoploss": "limit",
        "stoploss_on_exchange": False,
    }

    def bot_loop_start(self, current_time: datetime, **kwargs: object) -> None:
        """After an exit, freqtrade locks the pair until the next candle, which may take too long."""
        self.unlock_reason("Auto lock")

    def populate_indicators(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        dataframe["mean"] = dataframe["close"].rolling(50).mean()
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        entered = len(Trade.get_trades_proxy(pair=metadata["pair"]))
        dataframe["enter_long"] = (dataframe["mean"] > 0) & (dataframe["volume"] > 0) & (entered < 2)
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        return dataframe

    def custom_exit(
        self,
        pair: str,
        trade: Trade,
        current_time: datetime,
        current_rate: float,
        current_profit: float,
        **kwargs: object,
    ) -> str | None:
        held = current_time - trade.date_last_filled_utc
        return "held long enough" if held.total_seconds() > 3 else None
