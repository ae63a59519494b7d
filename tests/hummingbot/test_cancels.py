"""Cancels that the network fails to carry out come to be all the same: a position's exit may wait for one."""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from ccxt.base.errors import ExchangeError, NetworkError
from hummingbot.core.data_type.in_flight_order import OrderState

from ccxt_ext.integrations.hummingbot import cancels
from tests.hummingbot.markets import PERPETUAL, SPOT, Market
from tests.hummingbot.test_fills import Opened, tracking
from tests.hummingbot.test_told import row, until
from tests.hummingbot.trading import Trader, engine_order


class Down:
    """An exchange that fails to cancel, so many times."""

    has: ClassVar = {"fetchOrder": True}

    def __init__(self, failures: int, error: Exception) -> None:
        self.failures, self.error = failures, error
        self.tries: list[str] = []
        self.status = "open"

    async def cancel_order(self, id: str, symbol: str) -> Any:
        self.tries.append(id)
        if len(self.tries) <= self.failures:
            raise self.error
        self.status = "canceled"

    async def fetch_order(self, id: str, symbol: str) -> Any:
        return row(self.status, 0.0)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cancels, "PAUSES_S", (0.0,) * 5)


def cancelling(api: Any) -> tuple[Any, Any]:
    """A connector of this exchange, and its order."""
    connector = tracking("bitmart2")
    connector.client = connector.desk.client = Opened(api)
    return connector, connector.in_flight_orders["1"]


@pytest.mark.parametrize("method", ("_execute_order_cancel", "cancel_found"))
async def test_what_the_network_fails_to_cancel_is_cancelled_until_it_is(method: str) -> None:
    """By a strategy's wish, and once it was found, as hummingbot was told then."""
    api = Down(2, NetworkError("no answer"))
    connector, order = cancelling(api)
    await getattr(connector, method)(order)
    await until(lambda: order.is_done)
    assert (api.tries, order.current_state) == (["7"] * 3, OrderState.CANCELED)


async def test_it_is_given_up_when_the_network_stays_away() -> None:
    """hummingbot's strategies ask again."""
    api = Down(100, NetworkError("no answer"))
    connector, order = cancelling(api)
    assert await connector._execute_order_cancel(order) is None
    assert len(api.tries) == 6
    assert await connector._execute_order_cancel(order) is None
    assert len(api.tries) == 12


async def test_what_the_venue_refuses_to_cancel_is_not_asked_for_again() -> None:
    api = Down(100, ExchangeError("no"))
    connector, order = cancelling(api)
    assert await connector._execute_order_cancel(order) is None
    assert api.tries == ["7"]


async def test_an_order_that_has_ended_meanwhile_is_not_cancelled_again() -> None:
    api = Down(100, NetworkError("no answer"))
    api.status = "canceled"  # the request came through, and its answer did not
    connector, order = cancelling(api)
    await connector._execute_order_cancel(order)
    await until(lambda: order.is_done)
    assert api.tries == ["7"]


async def test_a_lost_order_is_left_to_hummingbot_which_goes_on_cancelling_it() -> None:
    api = Down(100, NetworkError("no answer"))
    connector, order = cancelling(api)
    for _ in range(4):
        await connector.tracker.process_order_not_found("1")
    assert "1" in connector.tracker.lost_orders
    await connector._execute_order_cancel(order)
    assert api.tries == ["7"]


async def test_wishes_for_one_order_do_not_add_up() -> None:
    """Executors of hummingbot ask each second."""
    api = Down(100, NetworkError("no answer"))
    connector, order = cancelling(api)
    await asyncio.gather(*(connector._execute_order_cancel(order) for _ in range(10)))
    assert len(api.tries) == 6 + 9


async def test_who_waits_for_a_cancel_waits_for_its_end() -> None:
    api = Down(2, NetworkError("no answer"))
    connector, order = cancelling(api)
    wish = asyncio.ensure_future(connector._execute_order_cancel(order))
    await asyncio.sleep(0)
    assert connector.is_being_cancelled(order)
    await connector.see_cancelled(order)
    assert (len(api.tries), wish.done(), connector.is_being_cancelled(order)) == (3, True, False)
    await connector.see_cancelled(order)  # it has ended meanwhile
    assert len(api.tries) == 3


async def test_an_order_that_is_being_placed_for_long_is_cancelled_once_it_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    api = Down(0, NetworkError())
    connector = tracking("bitmart2", exchange_order_id=None)
    connector.client = connector.desk.client = Opened(api)
    order = connector.in_flight_orders["1"]
    connector.being_placed.add("1")
    monkeypatch.setattr("hummingbot.core.data_type.in_flight_order.GET_EX_ORDER_ID_TIMEOUT", 0)
    for _ in range(4):  # which hummingbot takes for lost when it is not found so often
        assert await connector._execute_order_cancel(order) is None
    assert (api.tries, "1" in connector.in_flight_orders) == ([], True)
    connector.being_placed.discard("1")
    connector.desk.placed(order, row("open", 0.0))
    await until(lambda: order.is_done)
    assert (api.tries, order.current_state) == (["7"], OrderState.CANCELED)


@pytest.mark.parametrize("market", (*SPOT, *PERPETUAL), ids=str)
async def test_what_is_open_when_hummingbot_stops_is_cancelled_though_a_request_fails(
    box: Any, trader: Callable[..., Trader], market: Market
) -> None:
    async with trader(market) as trading:
        id = trading.order("buy", trading.small(), trading.away("buy"))
        venue_id = await trading.on_venue(id)
        with box.fault("status", market.id, status=504, cancels=True):
            await trading.connector.cancel_all(20)
        assert engine_order(box, market, venue_id)["status"] == "canceled"
        await trading.ended(id, "cancelled")
