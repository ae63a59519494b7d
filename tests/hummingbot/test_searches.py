"""The search for an order whose answer was lost ends once a stream tells of the order."""

import asyncio
from typing import Any, ClassVar

import pytest
from ccxt.base.errors import RequestTimeout

from ccxt_ext.integrations.hummingbot.lookup import NotYetKnown
from ccxt_ext.venue.settling.asked import Asked
from tests.hummingbot.test_fills import PLACED_S, Opened, tracking

TOLD = {"id": "7", "clientOrderId": "1", "status": "open", "timestamp": PLACED_S * 1000, "filled": 0.0}


def lost() -> Any:
    """An error as our clients raise it when an answer is lost."""
    try:
        raise RequestTimeout("late")
    except RequestTimeout as error:
        error.outcome, error.asked = "unknown", Asked("createOrder")
        return error


class Searched:
    """A connector with an order whose answer was lost, and what is cancelled."""

    def __init__(self) -> None:
        self.connector = tracking("bitmart2", exchange_order_id=None)
        self.desk = self.connector.desk
        self.order = self.connector.in_flight_orders["1"]
        self.cancelled: list[str] = []
        self.connector.cancel_found = self._cancel

    async def _cancel(self, order: Any) -> None:
        self.cancelled.append(order.client_order_id)

    def lose(self) -> Any:
        self.desk.lose(self.order, self.desk.wanted(self.order), lost())
        return self.desk.lookups.get("1")


@pytest.fixture
async def searched() -> Searched:
    return Searched()


async def test_it_ends_once_a_stream_tells_of_the_order(searched: Searched) -> None:
    assert searched.lose() is not None
    searched.desk.order_told(TOLD)
    assert searched.order.exchange_order_id == "7"
    assert searched.desk.lookups == {}


async def test_it_does_not_begin_when_a_stream_was_first(
    searched: Searched, caplog: pytest.LogCaptureFixture
) -> None:
    searched.desk.order_told(TOLD)
    assert searched.lose() is None
    assert "not known" not in caplog.text


async def test_what_hummingbot_has_given_up_is_not_kept(searched: Searched) -> None:
    searched.lose()
    searched.desk.unwanted.add("1")
    searched.connector.stop_tracking_order("1")
    searched.connector.tracker._cached_orders.clear()
    searched.desk._forget_untracked()
    assert (searched.desk.lookups, searched.desk.unwanted) == ({}, set())


@pytest.mark.parametrize("state", ("open", "closed"))
async def test_an_order_that_is_to_be_cancelled_is_so_when_a_stream_tells_of_it(
    searched: Searched, state: str
) -> None:
    """hummingbot is told that it is cancelled once it is found."""
    searched.lose()
    searched.desk.unwanted.add("1")
    searched.desk.order_told({**TOLD, "status": state, "filled": 0.0 if state == "open" else 10.0})
    await asyncio.sleep(0)
    assert searched.cancelled == (["1"] if state == "open" else [])
    assert searched.desk.unwanted == set()


async def test_what_a_stream_tells_meanwhile_is_the_answer(
    searched: Searched, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Api:
        has: ClassVar = {"fetchOrder": True}

        async def fetch_order(self, id: str, symbol: str) -> Any:
            return {**TOLD, "id": id}

    async def order(api: Any, known: Any) -> Any:
        searched.desk.order_told(TOLD)
        raise NotYetKnown("it may be under way")

    monkeypatch.setattr(searched.lose(), "order", order)
    searched.desk.client = Opened(Api())
    found = await searched.desk.find(searched.order, unwanted=True)
    assert (found["id"], searched.desk.unwanted) == ("7", set())


async def test_its_error_keeps_no_frames(searched: Searched) -> None:
    """They have all that was there when it was raised, an exchange that was closed since among it."""
    error = searched.lose().error
    assert (error.__traceback__, error.__context__) == (None, None)
    assert (type(error), error.asked.method, error.outcome) == (RequestTimeout, "createOrder", "unknown")
