"""Runs the controllers that its configuration names.

hummingbot's own script of this name is in its repository, and not in its package on PyPI.
"""

import os

from hummingbot.core.data_type.common import PositionMode
from hummingbot.strategy.strategy_v2_base import StrategyV2Base, StrategyV2ConfigBase
from hummingbot.strategy_v2.models.executor_actions import CreateExecutorAction, StopExecutorAction


class V2WithControllersConfig(StrategyV2ConfigBase):
    script_file_name: str = os.path.basename(__file__)
    # hummingbot's command writes these two. This script stops at no loss, so it takes no number.
    max_global_drawdown_quote: None = None
    max_controller_drawdown_quote: None = None


class V2WithControllers(StrategyV2Base):
    def apply_initial_setting(self) -> None:
        """The leverage of each controller that trades contracts; one position a market."""
        for controller in self.controllers.values():
            config = controller.config
            if self.is_perpetual(config.connector_name):
                connector = self.connectors[config.connector_name]
                connector.set_position_mode(PositionMode.ONEWAY)
                connector.set_leverage(config.trading_pair, config.leverage)

    def create_actions_proposal(self) -> list[CreateExecutorAction]:
        return []  # the controllers propose

    def stop_actions_proposal(self) -> list[StopExecutorAction]:
        return []
