"""Kinds of orders: market, IOC, FOK, post-only, and orders that wait for a price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ccxt_ext.sandbox.engine import Engine, Event, Order, OrderEvent, Refused
from tests.sandbox.engine.small_venue import MINUTE, HandClock, assert_balanced, engine, spec

M = "AAA_BBB"


def place(made: Engine, account: str, side: Any, price: str | None, amount: str, **more: Any) -> Order:
    for name in ("trigger_price", "stop_loss", "take_profit", "leverage"):
        if name in more:
            more[name] = Decimal(more[name])
    return made.place(account, M, side, None if price is None else Decimal(price), Decimal(amount), **more)


def market(made: Engine, account: str, side: Any, amount: str, **more: Any) -> Order:
    return place(made, account, side, None, amount, type="market", **more)


def money(made: Engine, account: str) -> tuple[Decimal, ...]:
    return tuple(part for balance in made.balances(account).values() for part in balance)


def refused(reason: str, call: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.reason == reason
    return caught.value


@pytest.fixture
def made() -> Engine:
    """Bob offers 1 at 100, 2 at 101, and bids 1 at 99, 2 at 98."""
    made = engine()
    for side, price, amount in (
        ("sell", "100", "1"),
        ("sell", "101", "2"),
        ("buy", "99", "1"),
        ("buy", "98", "2"),
    ):
        place(made, "bob", side, price, amount)
    return made


def test_a_market_order_takes_the_book_and_never_stands_in_it(made: Engine) -> None:
    order = market(made, "ann", "buy", "2")
    assert (order.price, order.type, order.status) == (None, "market", "closed")
    assert (order.cost, order.average) == (201, Decimal("100.5"))
    assert money(made, "ann") == (Decimal("10001.996"), 0, 9799, 0)
    rest = market(made, "ann", "buy", "5")
    assert (rest.status, rest.filled, rest.remaining, rest.reason) == ("canceled", 1, 4, "no_liquidity")
    assert made.markets[M].book()[1] == []
    refused("no_price", lambda: market(made, "ann", "buy", "1"))
    assert_balanced(made)


def test_a_market_sale_gets_the_best_bids_first(made: Engine) -> None:
    order = market(made, "ann", "sell", "2.5")
    assert [(fill.price, fill.amount) for fill in made.fills("ann")] == [(98, Decimal("1.5")), (99, 1)]
    assert (order.average, order.fees) == (Decimal("98.4"), {"BBB": Decimal("0.492")})
    assert money(made, "ann") == (Decimal("9997.5"), 0, Decimal("10245.508"), 0)
    assert_balanced(made)


@pytest.mark.parametrize("fee_on", ["received", "quote"])
def test_a_market_order_must_be_paid_for_in_full(fee_on: Any) -> None:
    made = engine(spec(fee_on=fee_on))
    made.open_account("eve", {"BBB": Decimal(201), "AAA": Decimal(1)})
    place(made, "bob", "sell", "100", "1")
    place(made, "bob", "sell", "101", "1.1")
    caught = refused("insufficient_funds", lambda: market(made, "eve", "buy", "2.1"))
    assert caught.details["needed"] == (Decimal("211.1") if fee_on == "received" else Decimal("211.5222"))
    place(made, "bob", "buy", "10", "2")
    refused("insufficient_funds", lambda: market(made, "eve", "sell", "1.1"))
    exact = "2" if fee_on == "received" else "1.9"
    assert market(made, "eve", "buy", exact).status == "closed"
    assert made.balances("eve")["BBB"].free >= 0
    assert_balanced(made)


def test_ioc_leaves_nothing_behind(made: Engine) -> None:
    order = place(made, "ann", "buy", "100", "3", time_in_force="IOC")
    assert (order.status, order.filled, order.remaining, order.reason) == ("canceled", 1, 2, "ioc")
    assert made.balances("ann")["BBB"] == (9900, 0)
    assert made.markets[M].best_bid == 99
    assert place(made, "ann", "buy", "101", "2", time_in_force="IOC").status == "closed"
    assert place(made, "ann", "buy", "90", "2", time_in_force="IOC").filled == 0
    assert made.orders("ann", statuses=["open"]) == []
    assert_balanced(made)


def test_fok_fills_wholly_or_not_at_all(made: Engine) -> None:
    order = place(made, "ann", "buy", "101", "3.1", time_in_force="FOK")
    assert (order.status, order.filled, order.reason) == ("canceled", 0, "fok")
    assert made.balances("ann")["BBB"] == (10_000, 0)
    assert made.would_fill(M, "buy", Decimal(101), Decimal("3.1")) == 3
    assert made.would_fill(M, "buy", Decimal(100), Decimal(3)) == 1
    assert made.would_fill(M, "sell", None, Decimal(9)) == 3
    assert place(made, "ann", "buy", "101", "3", time_in_force="FOK").status == "closed"
    assert market(made, "ann", "sell", "4", time_in_force="FOK").filled == 0
    assert market(made, "ann", "sell", "3", time_in_force="FOK").status == "closed"


def test_post_only_never_takes(made: Engine) -> None:
    assert refused("would_cross", lambda: place(made, "ann", "buy", "100", "1", post_only=True)).details == {
        "price": 100,
        "best": 100,
    }
    order = place(made, "ann", "buy", "99.99", "1", post_only=True)
    market(made, "bob", "sell", "1")
    assert [fill.maker for fill in made.fills("ann", order_id=order.id)] == [True]


def test_a_stop_waits_for_its_price_and_holds_its_money(made: Engine) -> None:
    market(made, "ann", "buy", "0.1")
    stop = place(made, "ann", "buy", "102", "1", trigger_price="101")
    assert (stop.status, stop.waits, stop.triggered, stop.trigger_above) == ("open", True, False, True)
    assert made.balances("ann")["BBB"].held == 102
    assert made.markets[M].best_bid == 99
    market(made, "bob", "buy", "0.9")
    assert stop.waits
    market(made, "bob", "buy", "1")
    assert (stop.triggered, stop.status, stop.cost) == (True, "closed", 101)
    assert made.balances("ann")["BBB"].held == 0
    assert_balanced(made)


def test_a_stop_that_sells_waits_for_the_price_to_fall(made: Engine) -> None:
    stop = place(made, "ann", "sell", None, "1", type="market", trigger_price="98")
    assert made.balances("ann")["AAA"] == (9999, 1)
    market(made, "bob", "sell", "1")
    assert stop.waits
    market(made, "bob", "sell", "0.5")
    assert (stop.status, stop.average) == ("closed", 98)
    assert made.balances("ann")["AAA"] == (9999, 0)


def test_a_take_profit_waits_on_the_other_side(made: Engine) -> None:
    market(made, "bob", "buy", "0.1")
    sale = place(made, "ann", "sell", None, "1", type="market", trigger_price="101", trigger_above=True)
    assert sale.waits
    market(made, "bob", "buy", "1")
    assert (sale.status, sale.average) == ("closed", 99)


def test_a_stop_whose_price_is_there_runs_at_once(made: Engine) -> None:
    market(made, "bob", "buy", "0.1")
    stop = place(made, "ann", "buy", None, "0.5", type="market", trigger_price="100")
    assert (stop.status, stop.average) == ("closed", 100)


def test_one_stop_sets_off_the_next(made: Engine) -> None:
    second = place(made, "ann", "sell", None, "1", type="market", trigger_price="98")
    first = place(made, "ann", "sell", None, "1", type="market", trigger_price="99")
    market(made, "bob", "sell", "0.5")
    assert (first.filled, second.filled) == (1, 1)
    assert first.average == Decimal("98.5")
    assert_balanced(made)


def test_a_waiting_order_can_be_canceled(made: Engine) -> None:
    limit = place(made, "ann", "buy", "102", "1", trigger_price="101")
    sale = market(made, "ann", "sell", "1", trigger_price="90")
    assert made.orders("ann", statuses=["open"]) == [sale, limit]
    made.cancel("ann", limit.id)
    assert made.cancel_all("ann") == [sale]
    assert money(made, "ann") == (10_000, 0, 10_000, 0)
    market(made, "bob", "buy", "3")
    assert (limit.filled, limit.triggered, limit.waits) == (0, False, False)


def test_a_stop_that_became_dearer_takes_what_the_money_allows() -> None:
    made = engine(spec(start_price=Decimal(40)))
    made.open_account("eve", {"BBB": Decimal(100)})
    place(made, "bob", "sell", "50", "1")
    place(made, "bob", "sell", "80", "5")
    stop = market(made, "eve", "buy", "2", trigger_price="50")
    assert made.balances("eve")["BBB"] == (0, 100)
    market(made, "ann", "buy", "1")
    assert (stop.filled, stop.status, stop.reason) == (Decimal("1.2"), "canceled", "insufficient_funds")
    assert made.balances("eve")["BBB"] == (4, 0)
    assert_balanced(made)


def test_a_triggered_post_only_order_that_would_take_is_canceled(made: Engine) -> None:
    market(made, "bob", "buy", "0.1")
    order = place(made, "ann", "buy", "101", "1", trigger_price="100", post_only=True)
    assert (order.status, order.reason, order.filled) == ("canceled", "would_cross", 0)
    assert made.balances("ann")["BBB"] == (10_000, 0)


def test_a_second_order_with_a_client_id_names_the_first(made: Engine) -> None:
    order = place(made, "ann", "buy", "1", "1", client_id="x")
    made.cancel("ann", order.id)
    assert (
        refused("duplicate_client_id", lambda: place(made, "ann", "buy", "2", "2", client_id="x")).details[
            "order"
        ]
        is order
    )
    assert place(made, "bob", "buy", "2", "2", client_id="x").id > order.id


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"type": "twap"}, "bad_type"),
        ({"time_in_force": "DAY"}, "bad_time_in_force"),
        ({"post_only": True, "time_in_force": "IOC"}, "bad_time_in_force"),
        ({"post_only": True, "type": "market"}, "bad_time_in_force"),
        ({"trigger_price": "0"}, "bad_trigger"),
        ({"trigger_price": "1.001"}, "bad_trigger"),
        ({"trigger_price": "1", "trigger_by": "moon"}, "bad_trigger"),
        ({"trigger_price": "1", "trigger_by": "mark"}, "bad_trigger"),
        ({"reduce_only": True}, "reduce_only"),
        ({"leverage": "2"}, "bad_leverage"),
        ({"margin_mode": "cross"}, "bad_margin_mode"),
        ({"stop_loss": "1"}, "bad_trigger"),
        ({"take_profit": "1"}, "bad_trigger"),
    ],
)
def test_what_makes_no_sense_is_refused(made: Engine, more: dict[str, Any], reason: str) -> None:
    before = money(made, "ann"), made.orders("ann"), made.markets[M].seq
    refused(reason, lambda: place(made, "ann", "buy", "1", "1", **more))
    assert before == (money(made, "ann"), made.orders("ann"), made.markets[M].seq)


def test_events_tell_when_an_order_is_triggered(made: Engine) -> None:
    heard: list[Event] = []
    market(made, "bob", "buy", "0.1")
    made.subscribe(heard.append)
    stop = place(made, "ann", "buy", "101", "0.5", trigger_price="101")
    market(made, "bob", "buy", "1")
    told = [
        (event.order.triggered, event.order.filled)
        for event in heard
        if isinstance(event, OrderEvent) and event.order.id == stop.id
    ]
    assert told == [(False, 0), (True, 0), (True, Decimal("0.5"))]


@pytest.mark.timeout(20)
def test_an_order_that_waits_may_be_the_first_to_touch_a_market() -> None:
    made = Engine("test", [spec()], HandClock(), 1, [(MINUTE, 60)])
    made.open_account("ann", {"AAA": Decimal(10)})
    order = market(made, "ann", "sell", "1", trigger_price="1")
    assert (order.waits, len(made.fills("ann"))) == (True, 0)
    assert_balanced(made)
