"""A market maker of few words: orders on both sides at fixed distances from the mid price, renewed in time.

hummingbot's own controller of this name is in its repository, and not in its package on PyPI.
"""

from decimal import Decimal

from hummingbot.strategy_v2.controllers.market_making_controller_base import (
    MarketMakingControllerBase,
    MarketMakingControllerConfigBase,
)
from hummingbot.strategy_v2.executors.position_executor.data_types import PositionExecutorConfig


class PMMSimpleConfig(MarketMakingControllerConfigBase):
    controller_name: str = "pmm_simple"


class PMMSimpleController(MarketMakingControllerBase):
    def get_executor_config(self, level_id: str, price: Decimal, amount: Decimal) -> PositionExecutorConfig:
        """One order, and what is to become of the position that it opens."""
        config = self.config
        return PositionExecutorConfig(
            timestamp=self.market_data_provider.time(),
            level_id=level_id,
            connector_name=config.connector_name,
            trading_pair=config.trading_pair,
            side=self.get_trade_type_from_level_id(level_id),
            entry_price=price,
            amount=amount,
            leverage=config.leverage,
            triple_barrier_config=config.triple_barrier_config,
        )
