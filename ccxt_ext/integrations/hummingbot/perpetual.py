"""The connector for linear perpetuals, one-way."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from ccxt.base import errors
from ccxt.base.errors import BaseError
from hummingbot.connector.constants import s_decimal_NaN
from hummingbot.connector.perpetual_derivative_py_base import PerpetualDerivativePyBase
from hummingbot.core.data_type.common import OrderType, PositionAction, PositionMode, TradeType
from hummingbot.core.data_type.in_flight_order import InFlightOrder
from hummingbot.core.data_type.trade_fee import TradeFeeBase
from hummingbot.core.utils.async_utils import safe_ensure_future, safe_gather

from ccxt_ext.integrations.hummingbot import pairs
from ccxt_ext.integrations.hummingbot.again import ask_again
from ccxt_ext.integrations.hummingbot.connector import CcxtConnector
from ccxt_ext.integrations.hummingbot.exits import make_room
from ccxt_ext.integrations.hummingbot.funding import PerpetualBooks
from ccxt_ext.integrations.hummingbot.payments import SeenPayments
from ccxt_ext.integrations.hummingbot.positions import Positions
from ccxt_ext.integrations.hummingbot.quirks import closes
from ccxt_ext.integrations.hummingbot.row import Row

__all__ = ["PerpetualConnector", "connector_class"]

NO_PAYMENT = (0.0, Decimal(-1), Decimal(-1))
"""hummingbot's word for no funding payment that is known of."""

PAYMENTS_MS = 3 * 24 * 3_600_000
"""So far back payments are asked for."""

PAUSE_S = 2.0
"""Between two tries to ask for what is needed at the start."""

ONE_WAY = "used in one-way mode only"

UNCHANGED: type[BaseError] | tuple[()] = getattr(errors, "NoChange", ())


class PerpetualConnector(CcxtConnector, PerpetualDerivativePyBase):
    """One exchange's linear perpetuals."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.positions = Positions(self, self._perpetual_trading)
        self.payments = SeenPayments(self)
        self.leverages: dict[str, int] = {}
        """As they were set, or as the venue told them."""
        # What hummingbot reckons with otherwise, since the last balance, is what orders in spot markets take.
        self.real_time_balance_update = True
        self._exit_locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._reading: asyncio.Task[None] | None = None

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

    def venue_ms(self) -> float:
        """This time in milliseconds, by hummingbot's clock, and by that of a sandbox if there is one."""
        ahead: float = self.client.api.milliseconds() - time.time() * 1000
        return self.now() * 1000 + ahead

    async def start_network(self) -> None:
        await super().start_network()
        self._start_reading()

    async def stop_network(self) -> None:
        self._stop_reading()
        if self._funding_fee_polling_task is not None:
            self._funding_fee_polling_task.cancel()  # hummingbot leaves it, and starts another one later
        told = dict(self._last_funding_fee_payment_ts)
        await super().stop_network()
        self._last_funding_fee_payment_ts.update(told)

    def pairs_changed(self) -> None:
        super().pairs_changed()
        self._stop_reading()
        self._start_reading()

    def _start_reading(self) -> None:
        if self._trading_required:
            self._reading = safe_ensure_future(self._read())

    def _stop_reading(self) -> None:
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.cancel()

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

    # -- orders -------------------------------------------------------------------------------------

    def order_params(self, tracked: InFlightOrder, **more: Any) -> dict[str, Any]:
        if closes(tracked) and self.quirks.reduce_only:
            more["reduceOnly"] = True
        return super().order_params(tracked, **more)

    async def _sent(self, order: InFlightOrder) -> Any:
        if not closes(order) or self.quirks.reduce_only:
            return await super()._sent(order)
        # Nobody looks for it while it waits; and of two exits, the second sees the first.
        self.being_placed.add(order.client_order_id)
        try:
            async with self._exit_locks[order.trading_pair], self.client.open() as api:
                await make_room(self, api, order)
                return await super()._sent(order)
        finally:
            self.being_placed.discard(order.client_order_id)

    # -- positions ----------------------------------------------------------------------------------

    async def _update_holdings(self) -> None:
        await safe_gather(self._update_positions_or_warn(), self._update_all_balances())

    async def _update_positions_or_warn(self) -> None:
        try:
            await self._update_positions()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self._not_updated("positions", error)

    async def _update_positions(self) -> None:
        await self.positions.fetch()

    def stream_told(self, kind: str, rows: Any) -> None:
        if kind == "positions":
            self.positions.told(rows)
        else:
            super().stream_told(kind, rows)

    def fill_told(self) -> None:
        if not self.streams("watchPositions"):
            self.holdings_changed()  # a strategy that saw no position yet would open another one

    # -- modes --------------------------------------------------------------------------------------

    def set_position_mode(self, mode: PositionMode) -> None:
        """Both are taken: a strategy that asks for one that there is not is told so by an event."""
        safe_ensure_future(self._execute_set_position_mode(mode))

    async def _execute_set_position_mode(self, mode: PositionMode) -> None:
        if mode is PositionMode.ONEWAY:
            await super()._execute_set_position_mode(mode)
        else:  # whatever the account is in
            self._fire_position_mode_events(mode, success=False, message=f"{self.name} is {ONE_WAY}")
            self.logger().error(f"Failed to set position mode to {mode}: {self.name} is {ONE_WAY}")

    async def _fetch_account_position_mode(self) -> PositionMode | None:
        async with self.client.open() as api:
            if not api.has.get("fetchPositionMode"):
                return None
            told = await api.fetch_position_mode(self.any_symbol())
        return PositionMode.HEDGE if told["hedged"] else PositionMode.ONEWAY

    async def _trading_pair_position_mode_set(
        self, mode: PositionMode, trading_pair: str
    ) -> tuple[bool, str]:
        if mode is not PositionMode.ONEWAY:
            return False, f"{self.name} is {ONE_WAY}"
        try:
            async with self.client.open() as api:
                if api.has.get("setPositionMode"):
                    await api.set_position_mode(False, self.symbol_of(trading_pair))
        except UNCHANGED:
            return True, ""
        except BaseError as error:
            return False, str(error)
        return True, ""

    async def _set_trading_pair_leverage(self, trading_pair: str, leverage: int) -> tuple[bool, str]:
        try:
            async with self.client.open() as api:
                symbol = self.symbol_of(trading_pair)
                if api.has.get("setLeverage"):
                    await ask_again(self, partial(api.set_leverage, leverage, symbol))
        except UNCHANGED:
            pass
        except BaseError as error:
            return False, str(error)
        self.leverages[trading_pair] = leverage
        return True, ""

    async def _read(self) -> None:
        """What the account is set to."""
        await self._look_at_position_mode()
        await self._read_leverages()

    async def _look_at_position_mode(self) -> None:
        try:
            mode = await self._fetch_account_position_mode()
        except BaseError as error:
            self.logger().debug(f"The position mode is not known: {error}")
            return
        if mode is PositionMode.HEDGE:
            self.logger().warning(
                f"The account of {self.name} is in hedge mode, and positions will be wrong: it is {ONE_WAY}"
            )

    async def _read_leverages(self) -> None:
        """Take the leverage of each pair as the venue has it, unless it is set meanwhile."""
        for pair in self._trading_pairs:
            while pair not in self.leverages:
                try:
                    async with self.client.open() as api:
                        told = await self._leverage_on_venue(api, self.symbol_of(pair))
                except errors.NetworkError as error:
                    self.logger().debug(f"The leverage of {pair} is asked for again: {error}")
                    await self._sleep(PAUSE_S)
                    continue
                except BaseError as error:
                    self.logger().info(f"{self.name} does not tell the leverage of {pair}: {error}")
                    break
                if told is None:
                    break
                if self.leverages.setdefault(pair, told) == told:
                    self._perpetual_trading.set_leverage(pair, told)

    async def _leverage_on_venue(self, api: Any, symbol: str) -> int | None:
        if not api.has.get("fetchLeverage"):
            return None
        row = await api.fetch_leverage(symbol)
        told = pairs.number(row.get("longLeverage") or row.get("shortLeverage"))
        return int(told) if told else None

    # -- funding ------------------------------------------------------------------------------------

    async def _init_funding_info(self) -> None:
        """hummingbot asks once, and its connector is never ready if that fails."""
        for pair in self._trading_pairs:
            while True:
                try:
                    info = await self._orderbook_ds.get_funding_info(pair)
                except BaseError as error:
                    self.logger().warning(f"The funding of {pair} is asked for again: {error}")
                    await self._sleep(PAUSE_S)
                    continue
                self._perpetual_trading.initialize_funding_info(info)
                break

    def rate_told(self, pair: str, row: Mapping[str, Any]) -> None:
        """Take a funding rate: it tells when a payment was due."""
        if not self.lists_payments and self.payments.take(pair, row):
            self._funding_fee_poll_notifier.set()

    @property
    def lists_payments(self) -> bool:
        return self.client.api.has.get("fetchFundingHistory") is True

    async def _update_funding_payment(self, trading_pair: str, fire_event_on_new: bool) -> bool:
        """hummingbot looks for the first time whenever the network starts. Here that is once: what was paid
        while the network was away is told."""
        has_looked = trading_pair in self._last_funding_fee_payment_ts
        return bool(await super()._update_funding_payment(trading_pair, has_looked))

    async def _fetch_last_fee_payment(self, trading_pair: str) -> tuple[float, Decimal, Decimal]:
        symbol = self.symbol_of(trading_pair)
        async with self.client.open() as api:
            if not self.lists_payments:
                row = await api.fetch_funding_rate(symbol)
                self.payments.take(trading_pair, row)
                paid = self.payments.latest.get(trading_pair)
                return NO_PAYMENT if paid is None else (paid.time / 1000, paid.rate, paid.amount)
            rows = await api.fetch_funding_history(symbol, int(self.venue_ms()) - PAYMENTS_MS)
        if not rows:
            return NO_PAYMENT
        last = max(rows, key=lambda row: row["timestamp"])
        rate = pairs.number(last.get("rate"))
        if rate is None and isinstance(last["info"], Mapping):
            rate = pairs.number(last["info"].get("fundingRate"))
        return last["timestamp"] / 1000, Decimal(-1) if rate is None else rate, Decimal(str(last["amount"]))


def connector_class(row: Row, module: str, name: str) -> Any:
    """The class of one exchange, as hummingbot finds it: by this module and this name."""
    return type(name, (PerpetualConnector,), {"ROW": row, "__module__": module, "__qualname__": name})
