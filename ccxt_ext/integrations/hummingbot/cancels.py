"""How a connector cancels orders, and looks at them afterwards."""

from __future__ import annotations

import asyncio
from typing import Any

from ccxt.base.errors import BaseError, NetworkError, OrderNotFound
from hummingbot.connector.exchange_py_base import ExchangePyBase
from hummingbot.core.data_type.in_flight_order import InFlightOrder, OrderState, OrderUpdate

from ccxt_ext.integrations.hummingbot.lookup import NotYetKnown

PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Before each further attempt to cancel an order. hummingbot's strategies ask again after a minute."""


class CancellingConnector(ExchangePyBase):
    """hummingbot's methods that cancel. What they need besides is CcxtConnector's."""

    client: Any
    desk: Any
    being_placed: set[str]

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._being_cancelled: dict[str, asyncio.Event] = {}
        """What comes when the attempts to cancel an order have ended, by hummingbot's ids."""

    async def _place_cancel(self, order_id: str, tracked_order: InFlightOrder) -> bool:
        if tracked_order.exchange_order_id is None:
            if order_id in self.being_placed:
                await tracked_order.get_exchange_order_id()
            else:
                await self.desk.find(tracked_order, unwanted=True)
        async with self.client.open() as api:
            await api.cancel_order(
                tracked_order.exchange_order_id, self.symbol_of(tracked_order.trading_pair)
            )
        return True

    async def _execute_order_cancel(self, order: InFlightOrder) -> str | None:
        """Cancel it. What fails by the network is tried again: a position's exit may wait for it."""
        return order.client_order_id if await self._cancel(order, NetworkError) else None

    async def cancel_found(self, order: InFlightOrder) -> None:
        """Cancel an order that was to be cancelled while it was being looked for: nobody asks again."""
        await self._cancel(order, Exception)

    def is_being_cancelled(self, order: InFlightOrder) -> bool:
        """Whether an order that is on the venue is being cancelled."""
        return order.client_order_id in self._being_cancelled and order.exchange_order_id is not None

    async def see_cancelled(self, order: InFlightOrder) -> None:
        """Wait as long as an order is being cancelled; or try once to cancel it."""
        ended = self._being_cancelled.get(order.client_order_id)
        if ended is not None:
            await ended.wait()
        elif not self.desk.has_ended(order):
            await self._attempt(order)

    async def _cancel(self, order: InFlightOrder, passing: type[Exception]) -> bool:
        """Attempt it until it succeeds, the order has ended or is lost, or an error is none that passes."""
        id = order.client_order_id
        if id in self._being_cancelled:
            return await self._attempt(order) is None  # and another call goes on
        ended = self._being_cancelled[id] = asyncio.Event()
        try:
            failed = await self._attempt(order)
            for pause_s in PAUSES_S:
                if not isinstance(failed, passing) or self.desk.has_ended(order):
                    break
                await self.pause(pause_s)
                failed = await self._attempt(order)
            return failed is None
        finally:
            del self._being_cancelled[id]
            ended.set()

    async def _attempt(self, order: InFlightOrder) -> Exception | None:
        """Cancel it once. Returns why it was not, which is told to hummingbot."""
        id = order.client_order_id
        try:
            await self._execute_order_cancel_and_process_update(order=order)
        except asyncio.CancelledError:
            raise
        except NotYetKnown as error:
            self.logger().warning(f"{error}. It is cancelled once it is found.")
            return error
        except asyncio.TimeoutError as error:
            if id not in self.desk.unwanted:
                self.logger().warning(f"The order {id} is still being placed. It is cancelled once it is.")
            self.desk.unwanted.add(id)
            return error
        except Exception as error:
            await self._cancel_failed(order, error)
            return error
        return None

    async def _cancel_failed(self, order: InFlightOrder, error: Exception) -> None:
        log = self.logger()
        id = order.client_order_id
        if isinstance(error, OrderNotFound) and order.exchange_order_id is None:
            self._update_order_after_failure(id, order.trading_pair, error)  # it was never placed
        elif self._is_order_not_found_during_cancelation_error(error):
            log.warning(f"Failed to cancel order {id} (order not found)")
            if id in self._order_tracker.lost_orders and await self._look(order):
                return  # hummingbot would forget it, and what was filled of it
            await self._order_tracker.process_order_not_found(id)
        elif isinstance(error, NetworkError):
            log.error(f"Failed to cancel order {id}: {error}")
        else:
            log.error(f"Failed to cancel order {id}", exc_info=True)
        if order.exchange_order_id is not None:
            await self._look(order)  # it may be filled, or cancelled after all

    async def _execute_order_cancel_and_process_update(self, order: InFlightOrder) -> bool:
        if not await self._place_cancel(order.client_order_id, order):
            return False
        pending = OrderUpdate(
            client_order_id=order.client_order_id,
            trading_pair=order.trading_pair,
            update_timestamp=self.now(),
            new_state=OrderState.PENDING_CANCEL,
        )
        self.desk.tell(order, pending)
        await self._look(order)
        return True

    async def _look(self, order: InFlightOrder) -> bool:
        """Look at an order that was to be cancelled, until its fills are told: hummingbot may end then.

        Returns whether it is there.
        """
        try:
            await self.desk.look(order)
            await self.desk.completed(order)
        except (BaseError, NotYetKnown) as error:
            self.logger().debug(f"The order {order.client_order_id} is looked at later: {error}")
            return False
        return True
