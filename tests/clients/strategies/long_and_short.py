"""What a bot does that trades live for long: it is always in the market, long and short, in all ways.

What it does in a trade follows from `live_seed` in the configuration, the pair and the number of the trade:
in which direction it goes, whether its orders cross the book or wait in it, whether it waits for its stop.
"""

import random
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from freqtrade.persistence import Trade
from freqtrade.strategy import IStrategy
from pandas import DataFrame
from sqlalchemy import func, select


class LongAndShort(IStrategy):
    INTERFACE_VERSION = 3

    startup_candle_count = 20
    process_only_new_candles = False
    minimal_roi: ClassVar = {"0": 100}
    stoploss = -0.01

    def __init__(self, config: dict) -> None:
        super().__init__(config)
        self.can_short = config["trading_mode"] == "futures"
        self.order_types = {
            "entry": "limit",
            "exit": config["live_exits"],
            "emergency_exit": config["live_exits"],
            "stoploss": config["live_stop_orders"],
            "stoploss_on_exchange": config["live_stops"],
        }
        self.attempts: dict[str, int] = {}
        self.closed: dict[str, int] = {}

    def chance(self, pair: str, *about: object) -> random.Random:
        """The same each time for the same trade; a restart does not change it."""
        words = (self.config["live_seed"], pair, self.closed.get(pair, 0), *about)
        return random.Random(" ".join(map(str, words)))

    def bot_loop_start(self, current_time: datetime, **kwargs: object) -> None:
        # After an exit, freqtrade locks the pair until the next candle, which may take too long.
        self.unlock_reason("Auto lock")
        # The database counts: all trades of the past, loaded in each round, need more memory each hour.
        counted = select(Trade.pair, func.count()).where(Trade.is_open.is_(False)).group_by(Trade.pair)
        self.closed = dict(Trade.session.execute(counted).tuples().all())
        self.enough = Path(self.config["live_enough"]).exists()

    def populate_indicators(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        short = self.can_short and self.chance(metadata["pair"], "side").random() < 0.5
        dataframe["enter_short" if short else "enter_long"] = int(not self.enough)
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict) -> DataFrame:
        return dataframe

    def leverage(self, pair: str, *args: object, max_leverage: float, **kwargs: object) -> float:
        return min(self.chance(pair, "leverage").choice([1.0, 2.0, 3.0]), max_leverage)

    def beside(self, pair: str, what: str, rate: float, buys: bool) -> float:
        """A price that crosses the book, or, of every fifth order, one that waits in it and is cancelled."""
        self.attempts[pair] = self.attempts.get(pair, 0) + 1
        if self.chance(pair, what, self.attempts[pair]).random() < 0.8:
            return rate
        return rate * (0.997 if buys else 1.003)

    def custom_entry_price(
        self, pair: str, trade: object, current_time: datetime, proposed_rate: float, **kwargs: object
    ) -> float:
        return self.beside(pair, "entry", proposed_rate, kwargs["side"] == "long")

    def custom_exit_price(
        self, pair: str, trade: Trade, current_time: datetime, proposed_rate: float, **kwargs: object
    ) -> float:
        return self.beside(pair, "exit", proposed_rate, trade.is_short)

    def custom_exit(
        self,
        pair: str,
        trade: Trade,
        current_time: datetime,
        current_rate: float,
        *args: object,
        **kwargs: object,
    ) -> str | None:
        chance = self.chance(pair, "held")
        # Every third waits for its stop, but not for ever.
        most = 12.0 if chance.random() < 0.33 else chance.uniform(0.0, 2.0)
        held = (current_time - trade.date_last_filled_utc).total_seconds()
        return "held long enough" if held > most else None
