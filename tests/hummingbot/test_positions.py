"""Positions, modes and payments as exchanges of ccxt's tell them, without a sandbox."""

from collections.abc import Awaitable, Callable, Iterator
from decimal import Decimal
from typing import Any, ClassVar

import ccxt.pro
import pytest
from ccxt.base.errors import BaseError, NetworkError, NotSupported
from hummingbot.core.data_type.common import PositionAction, PositionMode
from hummingbot.core.event.event_logger import EventLogger
from hummingbot.core.event.events import AccountEvent, MarketEvent

from ccxt_ext.integrations.hummingbot import again
from ccxt_ext.integrations.hummingbot.client import Client
from ccxt_ext.integrations.hummingbot.quirks import quirks_of
from ccxt_ext.integrations.hummingbot.row import Row
from tests.hummingbot.test_fills import PAIR, Opened, tracking
from tests.hummingbot.test_told import fill

SYMBOL = "BTC/USDT:USDT"


@pytest.fixture
async def connector() -> Any:
    return tracking("bitmaxfutures_perpetual", SYMBOL, position_action=PositionAction.OPEN)


def whitebit(amount: str) -> Any:
    told = {"positionId": 1, "market": "BTC_PERP", "amount": amount, "basePrice": "60000", "pnl": "-0.47"}
    return ccxt.pro.whitebit().parse_position(told) | {"symbol": SYMBOL}


def bitfinex(amount: float) -> Any:
    told = ["tBTCF0:USTF0", "ACTIVE", amount, 60000, 0, 0, -0.33, -0.0003, 70000, 3, None, 1, 1, 1, None, 0]
    return ccxt.pro.bitfinex().parse_position({"result": [*told, 0, 10, 5, {}]}) | {"symbol": SYMBOL}


def unsigned(contracts: float) -> Any:
    """As ccxt's class of hitbtc tells it."""
    told = {"contracts": contracts, "side": None, "entryPrice": 60000.0, "marginMode": None}
    return {"symbol": SYMBOL, "info": {}, "leverage": 3, **told}


@pytest.mark.parametrize(
    ("id", "row"),
    [("whitebit", whitebit), ("bitfinex", bitfinex), ("hitbtc", unsigned)],
    ids=lambda given: given,
)
async def test_a_position_is_told_though_ccxt_tells_its_amount_or_side_elsewhere(
    connector: Any, id: str, row: Any
) -> None:
    connector.quirks = quirks_of(Row(f"{id}_ccxt_perpetual", id, "perpetual"))
    for amount in (0.5, -0.25):
        connector.positions.told([row(str(amount) if id == "whitebit" else amount)])
        held = connector.account_positions[PAIR]
        assert (held.amount, held.entry_price) == (Decimal(str(amount)), 60000)
        assert held.position_side.name == ("LONG" if amount > 0 else "SHORT")


async def test_a_position_of_an_unknown_amount_is_not_taken_for_none(connector: Any) -> None:
    with pytest.raises(NotSupported, match="is not told"):
        connector.positions.told([{**unsigned(1.0), "contracts": None}])
    connector.positions.told([{**unsigned(1.0), "contracts": None, "entryPrice": None}])
    assert connector.account_positions == {}


async def test_hedge_mode_is_refused_though_the_account_is_in_it(connector: Any) -> None:
    async def hedged() -> PositionMode:
        return PositionMode.HEDGE

    connector._fetch_account_position_mode = hedged
    refused, done = EventLogger(), EventLogger()
    connector.add_listener(AccountEvent.PositionModeChangeFailed, refused)
    connector.add_listener(AccountEvent.PositionModeChangeSucceeded, done)
    await connector._execute_set_position_mode(PositionMode.HEDGE)
    assert (len(refused.event_log), len(done.event_log)) == (1, 0)
    assert connector.position_mode is PositionMode.ONEWAY


async def test_an_account_in_hedge_mode_is_warned_of(
    connector: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def hedged() -> PositionMode:
        return PositionMode.HEDGE

    connector._fetch_account_position_mode = hedged
    await connector._look_at_position_mode()
    assert "is in hedge mode" in caplog.text


@pytest.mark.parametrize("streamed", (False, True), ids=("asked for", "streamed"))
async def test_positions_are_asked_for_after_a_fill_where_nothing_streams_them(streamed: bool) -> None:
    connector = tracking("bitmaxfutures_perpetual", SYMBOL, position_action=PositionAction.OPEN)
    connector.streams = lambda method: streamed
    connector.stream_told("trades", [fill(1, 2.0)])
    assert connector._poll_notifier.is_set() is not streamed
    connector._poll_notifier.clear()
    connector.stream_told("trades", [fill(1, 2.0)])  # as told before
    assert not connector._poll_notifier.is_set()


@pytest.mark.parametrize(("filled_by", "rounds"), (("orders", 1), ("holdings", 2)))
async def test_holdings_are_asked_for_after_a_fill_that_is_told_while_hummingbot_polls(
    connector: Any, filled_by: str, rounds: int
) -> None:
    """They are asked for after orders, whose fills are in them. hummingbot forgets a wish of that time."""
    asked: list[str] = []

    def asking(what: str) -> Callable[[], Awaitable[None]]:
        async def ask() -> None:
            if what == filled_by and what not in asked:
                connector.fill_told()
            asked.append(what)

        return ask

    connector.streams = lambda method: False
    connector._update_order_status, connector._update_holdings = asking("orders"), asking("holdings")
    await connector._status_polling_loop_fetch_updates()
    assert asked == ["orders", "holdings"] * rounds


async def test_holdings_are_asked_for_though_orders_fail(connector: Any) -> None:
    asked = []

    async def orders() -> None:
        raise NetworkError("no answer")

    async def holdings() -> None:
        asked.append("holdings")

    connector._update_order_status, connector._update_holdings = orders, holdings
    with pytest.raises(NetworkError):
        await connector._status_polling_loop_fetch_updates()
    assert asked == ["holdings"]


@pytest.mark.parametrize(("failures", "is_set"), ((3, True), (100, False)))
async def test_leverage_is_set_though_the_network_fails_for_a_while(
    connector: Any, monkeypatch: pytest.MonkeyPatch, failures: int, is_set: bool
) -> None:
    monkeypatch.setattr(again, "PAUSES_S", (0.0,) * 4)
    asked = []

    class Failing:
        has: ClassVar = {"setLeverage": True}

        async def set_leverage(self, leverage: int, symbol: str) -> None:
            asked.append(leverage)
            if len(asked) <= failures:
                raise NetworkError("no answer")

    connector.client = Opened(Failing())
    assert (await connector._set_trading_pair_leverage(PAIR, 7))[0] is is_set
    assert asked == [7] * (4 if is_set else 5)


class NoRates:
    has: ClassVar = {"fetchTicker": True}

    async def fetch_ticker(self, symbol: str) -> Any:
        return {"last": 60000.0}


async def test_an_exchange_that_tells_no_funding_rate_has_perpetuals_all_the_same(connector: Any) -> None:
    connector.client = Opened(NoRates())
    connector.venue_ms = lambda: 1_640_780_000_000
    info = await connector._orderbook_ds.get_funding_info(PAIR)
    assert (info.rate, info.mark_price, info.index_price) == (0, 60000, 60000)


@pytest.fixture
def payments(connector: Any) -> Iterator[list[Any]]:
    """The payments of funding that the venue lists last, one for each time when it is asked."""
    listed: list[Any] = []

    async def fetch(trading_pair: str) -> Any:
        told = listed.pop(0)
        if isinstance(told, Exception):
            raise told
        return told, Decimal("0.0001"), Decimal(-1)

    connector._fetch_last_fee_payment = fetch
    yield listed
    assert listed == []


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ((100.0, 100.0, 200.0, 200.0), [200.0]),
        ((0.0, 100.0, 100.0), [100.0]),
        ((BaseError("late"), 100.0, 200.0), [200.0]),
        ((100.0, "restart", 200.0, 200.0), [200.0]),
        ((100.0, "restart", BaseError("late"), 200.0), [200.0]),
    ],
    ids=("earlier ones", "the first", "a failure", "a restart", "a restart and a failure"),
)
async def test_a_payment_is_told_once_and_none_from_before(
    connector: Any, payments: list[Any], listed: Any, told: list[float]
) -> None:
    heard = EventLogger()
    connector.add_listener(MarketEvent.FundingPaymentCompleted, heard)
    is_first = True
    for each in listed:
        if each == "restart":
            await connector.stop_network()
        else:
            payments.append(each)
            await connector._update_all_funding_payments(fire_event_on_new=not is_first)
        is_first = each == "restart"
    assert [event.timestamp for event in heard.event_log] == told


async def test_ccxts_own_are_made_anew_each_time() -> None:
    """A login that was cut may never end in one of them."""

    async def loaded(api: Any) -> None:
        """Nothing is asked for."""

    async def used(client: Client) -> Any:
        async with client.open() as api:
            api.orderbooks["BTC/USDT"] = {"bids": []}
        return api

    client = Client("whitebit", {}, "spot")
    client._load = loaded
    first = await used(client)
    assert dict(first.orderbooks) == {}
    assert await used(client) is not first


async def test_older_releases_of_ccxt_keep_their_caches() -> None:
    closed = []

    class Older:
        async def close(self) -> None:
            closed.append(self)

    api = Older()
    await Client("whitebit", {}, "spot")._close(api)
    assert closed == [api]
