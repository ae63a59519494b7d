"""The connector for linear perpetuals, one-way."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ccxt.base.errors import BaseError
from hummingbot.connector.constants import s_decimal_NaN
from hummingbot.connector.derivative.position import Position
from hummingbot.connector.perpetual_derivative_py_base import PerpetualDerivativePyBase
from hummingbot.core.data_type.common import OrderType, PositionAction, PositionMode, PositionSide, TradeType
from hummingbot.core.data_type.in_flight_order import InFlightOrder
from hummingbot.core.data_type.trade_fee import TradeFeeBase

from ccxt_ext.integrations.hummingbot import pairs
from ccxt_ext.integrations.hummingbot.connector import CcxtConnector
from ccxt_ext.integrations.hummingbot.funding import PerpetualBooks
from ccxt_ext.integrations.hummingbot.row import Row

__all__ = ["PerpetualConnector", "connector_class"]

NO_PAYMENT = (0.0, Decimal(-1), Decimal(-1))
"""hummingbot's word for no funding payment that is known of."""


class PerpetualConnector(CcxtConnector, PerpetualDerivativePyBase):
    """One exchange's linear perpetuals."""

    @property
    def funding_fee_poll_interval(self) -> int:
        return 120

    def supported_position_modes(self) -> list[PositionMode]:
        return [PositionMode.ONEWAY]

    def get_buy_collateral_token(self, trading_pair: str) -> str:
        return str(self._trading_rules[trading_pair].buy_order_collateral_token)

    def get_sell_collateral_token(self, trading_pair: str) -> str:
        return str(self._trading_rules[trading_pair].sell_order_collateral_token)

    def _create_order_book_data_source(self) -> PerpetualBooks:
        return PerpetualBooks(self)

    def _get_fee(
        self,
        base_currency: str,
        quote_currency: str,
        order_type: OrderType,
        order_side: TradeType,
        position_action: PositionAction,
        amount: Decimal,
        price: Decimal = s_decimal_NaN,
        is_maker: bool | None = None,
    ) -> TradeFeeBase:
        makes = order_type is OrderType.LIMIT_MAKER if is_maker is None else is_maker
        rate = self.fee_rate(base_currency, quote_currency, makes)
        return TradeFeeBase.new_perpetual_fee(
            fee_schema=self.trade_fee_schema(), position_action=position_action, percent=rate
        )

    def order_params(self, tracked: InFlightOrder, **more: Any) -> dict[str, Any]:
        if tracked.position is PositionAction.CLOSE:
            more["reduceOnly"] = True
        return super().order_params(tracked, **more)

    # -- positions ----------------------------------------------------------------------------------

    async def _update_positions(self) -> None:
        symbols = [self.symbol_of(pair) for pair in self._trading_pairs]
        async with self.client.open() as api:
            rows = await api.fetch_positions(symbols)
        open_now = set()
        for row in rows:
            pair = self.symbols.get(row["symbol"])
            size = pairs.number(row.get("contracts"))
            if pair is None or not size:
                continue
            short = row["side"] == "short"
            side = PositionSide.SHORT if short else PositionSide.LONG
            amount = abs(size) * self.desk.size_of(pair)
            key = self._perpetual_trading.position_key(pair, side)
            open_now.add(key)
            position = Position(
                trading_pair=pair,
                position_side=side,
                unrealized_pnl=pairs.number(row.get("unrealizedPnl")) or Decimal(0),
                entry_price=pairs.number(row.get("entryPrice")) or Decimal(0),
                amount=-amount if short else amount,
                leverage=pairs.number(row.get("leverage")) or Decimal(self.get_leverage(pair)),
            )
            self._perpetual_trading.set_position(key, position)
        for key in set(self.account_positions) - open_now:
            self._perpetual_trading.remove_position(key)

    # -- modes --------------------------------------------------------------------------------------

    async def _trading_pair_position_mode_set(
        self, mode: PositionMode, trading_pair: str
    ) -> tuple[bool, str]:
        if mode is PositionMode.ONEWAY:
            return True, ""
        return False, f"{self.name} is used in one-way mode only"

    async def _set_trading_pair_leverage(self, trading_pair: str, leverage: int) -> tuple[bool, str]:
        try:
            async with self.client.open() as api:
                if api.has.get("setLeverage"):
                    await api.set_leverage(leverage, self.symbol_of(trading_pair))
        except BaseError as error:
            return False, str(error)
        return True, ""

    # -- funding ------------------------------------------------------------------------------------

    async def _fetch_last_fee_payment(self, trading_pair: str) -> tuple[float, Decimal, Decimal]:
        async with self.client.open() as api:
            if api.has.get("fetchFundingHistory") is not True:
                return NO_PAYMENT  # this venue tells of none
            rows = await api.fetch_funding_history(self.symbol_of(trading_pair))
        if not rows:
            return NO_PAYMENT
        last = max(rows, key=lambda row: row["timestamp"])
        rate = pairs.number(last["info"].get("fundingRate")) if isinstance(last["info"], dict) else None
        return last["timestamp"] / 1000, Decimal(-1) if rate is None else rate, Decimal(str(last["amount"]))


def connector_class(row: Row, module: str, name: str) -> Any:
    """The class of one exchange, as hummingbot finds it: by this module and this name."""
    return type(name, (PerpetualConnector,), {"ROW": row, "__module__": module, "__qualname__": name})
