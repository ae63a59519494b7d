"""The connector for spot markets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hummingbot.connector.constants import s_decimal_NaN
from hummingbot.core.data_type.common import OrderType, TradeType
from hummingbot.core.data_type.trade_fee import TradeFeeBase

from ccxt_ext.integrations.hummingbot.connector import CcxtConnector
from ccxt_ext.integrations.hummingbot.row import Row

__all__ = ["SpotConnector", "connector_class"]


class SpotConnector(CcxtConnector):
    """One exchange's spot markets."""

    def _get_fee(
        self,
        base_currency: str,
        quote_currency: str,
        order_type: OrderType,
        order_side: TradeType,
        amount: Decimal,
        price: Decimal = s_decimal_NaN,
        is_maker: bool | None = None,
    ) -> TradeFeeBase:
        makes = order_type is OrderType.LIMIT_MAKER if is_maker is None else is_maker
        rate = self.fee_rate(base_currency, quote_currency, makes)
        return TradeFeeBase.new_spot_fee(
            fee_schema=self.fees_of(f"{base_currency}-{quote_currency}"), trade_type=order_side, percent=rate
        )


def connector_class(row: Row, module: str, name: str) -> Any:
    """The class of one exchange, as hummingbot finds it: by this module and this name."""
    return type(name, (SpotConnector,), {"ROW": row, "__module__": module, "__qualname__": name})
