"""Contracts: profit, margin, orders, with figures worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ccxt_ext.sandbox.engine import Tier
from ccxt_ext.sandbox.engine.contracts.order_margins import OrderMargins
from tests.sandbox.engine.contract_trading import (
    INVERSE,
    LINEAR,
    D,
    deal,
    linear,
    move,
    place,
    position,
    refused,
)
from tests.sandbox.engine.small_venue import START_MS, assert_balanced, contract, engine

# Profit and loss


@pytest.mark.parametrize(
    ("side", "at", "profit"),
    [
        ("buy", "5000", "0.40000000"),  # 8000/4000 - 8000/5000
        ("sell", "5000", "-0.40000000"),
        ("buy", "3000", "-0.66666667"),  # 2 - 2.666...
        ("sell", "3000", "0.66666666"),
    ],
)
def test_profit_of_an_inverse_contract_is_rounded_against_its_owner(side: Any, at: str, profit: str) -> None:
    made = engine(contract())
    one, other = ("ann", "bob") if side == "buy" else ("bob", "ann")
    deal(made, 4000, 8000, one, other)
    move(made, at)
    found = position(made)
    assert (found.side, found.amount) == ("long" if side == "buy" else "short", 8000)
    assert (found.entry_price, found.entry_value) == (4000, 2)
    assert found.unrealized == D(profit)
    deal(made, at, 8000, other, one)
    (closed,) = made.closed_positions("ann")
    assert (closed.realized, closed.reason, closed.close_price) == (D(profit), "traded", D(at))
    assert made.balances("ann")["BTC"] == (10_000 + D(profit), 0)
    assert made.positions("ann") == made.positions("bob") == []
    assert_balanced(made)


def test_profit_of_a_linear_contract() -> None:
    made = engine(linear(taker_fee=D("0.001"), maker_fee=D("0.0005")))
    deal(made, 20_000, "0.5", leverage=2)
    move(made, 19_800)
    assert position(made).unrealized == -100
    assert position(made, "bob").unrealized == 100
    assert (position(made).fees, position(made, "bob").fees) == (10, 5)
    deal(made, 19_800, "0.2", "bob", "ann")
    found = position(made)
    assert (found.amount, found.entry_price, found.realized, found.unrealized) == (D("0.3"), 20_000, -40, -60)
    assert found.fees == 10 + D("0.2") * 19_800 * D("0.0005")
    assert made.balances("ann")["USDT"].free <= 10_000 - 40 - D("11.98")
    assert_balanced(made)


def test_what_rounding_leaves_is_posted() -> None:
    made = engine(contract())
    deal(made, 4000, 7)
    deal(made, 3000.5, 7, "bob", "ann")  # 7/4000 - 7/3000.5 has no end
    lost, won = made.closed_positions("ann")[0].realized, made.closed_positions("bob")[0].realized
    assert (lost, won) == (D("-0.00058295"), D("0.00058294"))
    book = made.markets[INVERSE].contract
    assert book is not None
    assert book.clearing.get("BTC") == 0
    assert book.rounding.get("BTC") == D("1E-8")


def test_adding_to_a_position_averages_its_entry() -> None:
    made = engine(contract(), linear(start_price=D(4000)))
    for market, price, other in ((INVERSE, "4800", 6000), (LINEAR, "4400", 4800)):
        deal(made, 4000, 1, market=market)
        deal(made, other, 1, market=market)
        assert position(made, "ann", market).entry_price == D(price)


def test_a_closed_position_tells_the_most_that_it_ever_was() -> None:
    made = engine(contract())
    deal(made, 4000, 100)
    deal(made, 4000, 60, "bob", "ann")
    deal(made, 4000, 10)
    deal(made, 5000, 50, "bob", "ann")
    (closed,) = made.closed_positions("ann")
    assert (closed.amount, closed.side, closed.opened, closed.closed) == (100, "long", START_MS, START_MS)
    assert (closed.entry_price, closed.close_price) == (4000, D("4400"))  # 110 for 0.015 + 0.01
    assert made.closed_positions("ann", "other") == []


def test_an_order_through_a_position_turns_it() -> None:
    made = engine(contract(taker_fee=D("0.001")))
    deal(made, 4000, 4000, leverage=10, margin_mode="isolated")
    place(made, "bob", "buy", 5000, 10_000)
    order = place(made, "ann", "sell", 5000, 10_000, leverage=20, margin_mode="isolated")
    assert (order.average, order.cost) == (5000, 2)
    (closed,) = made.closed_positions("ann")
    found = position(made)
    assert closed.realized == D("0.2")
    assert (found.side, found.amount, found.entry_price, found.leverage) == ("short", 6000, 5000, 20)
    assert found.margin == D("0.06")
    assert (closed.fees, found.fees) == (D("0.001") + D("0.0008"), D("0.0012"))
    assert made.balances("ann")["BTC"] == (D("10000.2") - D("0.003") - D("0.06"), D("0.06"))
    assert_balanced(made)


# Margin


def test_isolated_margin_is_money_of_its_own() -> None:
    made = engine(contract())
    place(made, "ann", "buy", 4000, 8000, leverage=10, margin_mode="isolated")
    assert made.order_margin("ann", INVERSE) == D("0.2")
    assert made.balances("ann")["BTC"] == (D("9999.8"), D("0.2"))
    place(made, "bob", "sell", 4000, 8000)
    found = position(made)
    assert (found.margin, found.initial_margin, found.maintenance_margin) == (D("0.2"), D("0.2"), D("0.01"))
    assert made.balances("ann")["BTC"] == (D("9999.8"), D("0.2"))
    made.add_margin("ann", INVERSE, D("0.5"))
    assert position(made).margin == D("0.7")
    assert made.free_margin("ann", INVERSE) == D("0.5")
    refused("insufficient_funds", lambda: made.add_margin("ann", INVERSE, D("-0.50000001")))
    made.add_margin("ann", INVERSE, D("-0.5"))
    assert made.balances("ann")["BTC"] == (D("9999.8"), D("0.2"))
    refused("position_mode", lambda: made.add_margin("bob", INVERSE, D(1)))
    refused("insufficient_funds", lambda: made.add_margin("ann", INVERSE, D(10_000)))
    made.open_account("eve", {})
    refused("no_position", lambda: made.add_margin("eve", INVERSE, D(1)))
    assert_balanced(made)


def test_part_of_the_margin_comes_back_with_part_of_the_position() -> None:
    made = engine(contract())
    deal(made, 4000, 8000, leverage=10, margin_mode="isolated")
    deal(made, 4000, 2000, "bob", "ann")
    assert position(made).margin == D("0.15")
    assert made.balances("ann")["BTC"] == (D("9999.85"), D("0.15"))


def test_crossed_margin_is_not_moved_but_not_free_either() -> None:
    made = engine(linear())
    deal(made, 20_000, "0.5", leverage=10)
    move(made, 19_000)
    group = made.margin_account("ann")
    assert (group.total_margin, group.unrealized, group.equity) == (10_000, -500, 9_500)
    assert (group.initial_margin, group.maintenance_margin, group.order_margin) == (950, 57, 0)
    assert made.balances("ann")["USDT"] == (8_550, 1_450)
    assert (group.free, group.transferable) == (8_550, {"USDT": 8_550})


def test_open_orders_tie_up_the_larger_side_and_reducing_ones_nothing() -> None:
    made = engine(linear(taker_fee=D("0.001")))
    place(made, "ann", "buy", 19_000, "0.2", leverage=10)
    assert made.order_margin("ann", LINEAR) == 380 + D("3.8")
    place(made, "ann", "sell", 21_000, "0.1", leverage=10)
    assert made.order_margin("ann", LINEAR) == D("383.8")
    place(made, "ann", "sell", 22_000, "0.1", leverage=5)
    assert made.order_margin("ann", LINEAR) == 210 + 440 + D("4.3")
    made.cancel_all("ann")
    assert made.balances("ann")["USDT"] == (10_000, 0)
    deal(made, 20_000, "0.3", leverage=10)
    place(made, "ann", "sell", 21_000, "0.3")
    assert made.order_margin("ann", LINEAR) == 0
    place(made, "ann", "sell", 22_000, "0.1", leverage=10)
    assert made.order_margin("ann", LINEAR) == 220 + D("2.2")


def test_what_one_more_order_ties_up_is_not_worked_out_for_all_of_them_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = engine(linear())
    told: list[Any] = []
    made.subscribe(told.append)  # who listens is told of balances as well
    for number in range(50):
        place(made, "ann", "buy", 19_000 - number, "0.01", leverage=10)
    calls: list[Any] = []
    add_one = OrderMargins._margin_to_open

    def counted(self: OrderMargins, *given: Any) -> Decimal:
        calls.append(given)
        return add_one(self, *given)

    monkeypatch.setattr(OrderMargins, "_margin_to_open", counted)
    order = place(made, "ann", "buy", 18_000, "0.01", leverage=10)
    assert {given[0].id for given in calls} == {order.id}
    calls.clear()
    made.cancel("ann", order.id)
    assert not calls


def test_an_order_that_waits_no_longer_goes_by_the_mark_price() -> None:
    made = engine(linear(tiers=(Tier(D(3_900), D("0.01"), D("0.005")), Tier(None, D("0.1"), D("0.05")))))
    order = place(made, "ann", "buy", 19_000, "0.2", leverage=100, trigger_price=20_500)
    place(made, "ann", "buy", 1_000, "0.2")
    assert made.order_margin("ann", LINEAR) == 38 + 200
    order.triggered = True
    contract = made.markets[LINEAR].contract
    assert contract is not None
    contract.note(order, made._accounts["ann"])
    assert made.order_margin("ann", LINEAR) == 380 + 200  # worth 4,000 at the mark price


def test_an_order_ties_up_nothing_once_there_is_a_position_for_it_to_close() -> None:
    made = engine(linear())
    place(made, "ann", "sell", 21_000, "0.3", leverage=10)
    assert made.order_margin("ann", LINEAR) == 630
    deal(made, 20_000, "0.3", leverage=10)
    assert made.order_margin("ann", LINEAR) == 0


def test_an_order_beyond_the_mark_price_must_also_cover_what_it_loses_at_once() -> None:
    made = engine(linear())
    made.open_account("eve", {"USDT": D(400)})
    caught = refused("insufficient_funds", lambda: place(made, "eve", "buy", 22_000, "0.1", leverage=10))
    assert caught.details["needed"] == 220 + 200
    caught = refused("insufficient_funds", lambda: place(made, "eve", "sell", 18_000, "0.2", leverage=10))
    assert caught.details["needed"] == 360 + 400
    assert place(made, "eve", "buy", 18_000, "0.2", leverage=10).status == "open"


def test_what_orders_tie_up_is_rounded_up_to_money() -> None:
    made = engine(contract())
    place(made, "ann", "buy", 3000.5, 7, leverage=3)
    assert made.order_margin("ann", INVERSE) == D("0.00077765")  # 0.000777648...


def test_tiers_bound_what_leverage_does() -> None:
    made = engine(linear())
    for name in ("eve", "sue"):
        made.open_account(name, {"USDT": D(1_000_000)})
    deal(made, 20_000, 3, "eve", "sue", leverage=100)
    found = position(made, "eve")
    assert (found.notional, found.initial_margin, found.maintenance_margin) == (60_000, 1_200, 720)
    assert made.markets[LINEAR].spec.max_leverage == 100


@pytest.mark.parametrize("leverage", ["0.5", "101", "NaN", "-1"])
def test_leverage_has_bounds(leverage: str) -> None:
    made = engine(linear())
    refused("bad_leverage", lambda: place(made, "ann", "buy", 1, 1, leverage=leverage))
    refused("bad_leverage", lambda: made.set_leverage("ann", LINEAR, D(leverage)))


def test_an_order_needs_its_margin_and_fee() -> None:
    made = engine(linear(taker_fee=D("0.001")))
    made.open_account("eve", {"USDT": D("202")})
    caught = refused("insufficient_funds", lambda: place(made, "eve", "buy", 20_000, "0.1001", leverage=10))
    assert caught.details == {"currency": "USDT", "needed": D("202.202"), "free": 202}
    place(made, "bob", "sell", 20_000, "0.1")
    assert place(made, "eve", "buy", 20_000, "0.1", leverage=10).status == "closed"
    assert made.balances("eve")["USDT"].free == 0


def test_leverage_and_margin_mode_are_kept_by_account_and_market() -> None:
    made = engine(linear(), contract(allow_cross=False))
    assert (made.leverage("ann", LINEAR), made.margin_mode("ann", LINEAR)) == (1, "cross")
    assert made.margin_mode("ann", INVERSE) == "isolated"
    made.set_leverage("ann", LINEAR, D(20))
    made.set_margin_mode("ann", LINEAR, "isolated")
    order = place(made, "ann", "buy", 20_000, "0.1")
    assert (order.leverage, order.margin_mode) == (20, "isolated")
    assert made.order_margin("ann", LINEAR) == 100
    refused("position_mode", lambda: made.set_margin_mode("ann", LINEAR, "cross"))
    place(made, "bob", "sell", 20_000, "0.1")
    refused("position_mode", lambda: made.set_margin_mode("ann", LINEAR, "cross"))
    refused("position_mode", lambda: place(made, "ann", "buy", 1, "0.1", margin_mode="cross"))
    made.set_margin_mode("ann", LINEAR, "isolated")
    refused("bad_margin_mode", lambda: made.set_margin_mode("ann", INVERSE, "cross"))
    refused("bad_margin_mode", lambda: place(made, "ann", "buy", 1, 1, margin_mode="cross", market=INVERSE))


def test_less_leverage_needs_more_margin() -> None:
    made = engine(linear())
    made.open_account("eve", {"USDT": D(1_000)})
    deal(made, 20_000, "0.5", "eve", "bob", leverage=20)
    refused("insufficient_funds", lambda: made.set_leverage("eve", LINEAR, D("9.9")))
    assert position(made, "eve").leverage == 20
    made.set_leverage("eve", LINEAR, D(10))
    assert (position(made, "eve").leverage, position(made, "eve").initial_margin) == (10, 1_000)


def test_a_position_has_a_largest_size() -> None:
    made = engine(contract(max_position=D(100)))
    deal(made, 4000, 60)
    place(made, "ann", "buy", 3000, 30)
    refused("position_limit", lambda: place(made, "ann", "buy", 3000, 11))
    place(made, "ann", "sell", 5000, 160)
    refused("position_limit", lambda: place(made, "ann", "sell", 5000, 1))


# Orders and positions


def test_reduce_only_orders_never_open_and_shrink_with_the_position() -> None:
    made = engine(contract())
    refused("reduce_only", lambda: place(made, "ann", "sell", 4000, 10, reduce_only=True))
    deal(made, 4000, 100)
    refused("reduce_only", lambda: place(made, "ann", "buy", 4000, 10, reduce_only=True))
    order = place(made, "ann", "sell", 4500, 250, reduce_only=True)
    assert (order.amount, order.remaining) == (100, 100)
    other = place(made, "ann", "sell", 4600, 30, reduce_only=True)
    deal(made, 4000, 80, "bob", "ann")
    assert (order.amount, other.amount) == (20, 20)
    assert made.markets[INVERSE].book()[1][0].amount == 20
    place(made, "bob", "buy", 4600, 15)
    assert (order.filled, order.remaining, other.remaining) == (15, 5, 5)
    place(made, "bob", "buy", 4600, 50)
    assert (order.status, other.status, other.reason) == ("closed", "canceled", "reduce_only")
    assert made.positions("ann") == []
    assert made.orders("bob", statuses=["open"])[0].remaining == 45


def test_a_reduce_only_market_order_closes_what_there_is() -> None:
    made = engine(contract())
    deal(made, 4000, 100)
    place(made, "bob", "buy", 3900, 500)
    order = place(made, "ann", "sell", None, 10_000, type="market", reduce_only=True)
    assert (order.status, order.amount, order.average) == ("closed", 100, 3900)
    assert made.positions("ann") == []


def test_a_reduce_only_stop_may_wait_for_a_position() -> None:
    made = engine(contract())
    stop = place(made, "ann", "sell", None, 50, type="market", trigger_price=3900, reduce_only=True)
    never = place(made, "bob", "sell", None, 50, type="market", trigger_price=3900, reduce_only=True)
    deal(made, 4000, 20)
    place(made, "bob", "buy", 3800, 100)
    move(made, 3900)
    assert (stop.status, stop.filled, stop.amount) == ("closed", 20, 20)
    assert (never.status, never.reason) == ("canceled", "reduce_only")


def test_a_stop_without_the_money_for_it_is_canceled_when_its_price_comes() -> None:
    made = engine(linear())
    made.open_account("eve", {"USDT": D(500)})
    stop = place(made, "eve", "buy", None, "0.2", type="market", trigger_price=21_000, leverage=10)
    place(made, "bob", "sell", 26_000, "0.3")
    move(made, 21_000)
    assert (stop.status, stop.reason, stop.triggered) == ("canceled", "insufficient_funds", True)


def test_what_a_stop_tied_up_is_there_for_it_when_its_price_comes() -> None:
    made = engine(linear())
    made.open_account("eve", {"USDT": D(500)})
    stop = place(made, "eve", "buy", None, "0.2", type="market", trigger_price=21_000, leverage=10)
    assert made.balances("eve")["USDT"] == (80, 420)
    place(made, "bob", "sell", 21_000, "0.3", leverage=10)
    move(made, 21_000)
    assert (stop.status, stop.average) == ("closed", 21_000)


@pytest.mark.parametrize(("price", "origin"), [("3900", "stop_loss"), ("4200", "take_profit")])
def test_a_position_leaves_at_its_stop_loss_or_take_profit(price: str, origin: str) -> None:
    made = engine(contract())
    deal(made, 4000, 100, stop_loss=3900, take_profit=4200)
    assert (position(made).stop_loss, position(made).take_profit) == (3900, 4200)
    place(made, "bob", "buy", 3800, 1000)
    move(made, "3900.5")
    assert made.positions("ann")
    made.cancel_all("bob")
    place(made, "bob", "buy", 3850, 1000)
    move(made, price)
    assert made.positions("ann") == []
    order = made.orders("ann")[0]
    assert (order.origin, order.reduce_only, order.type, order.filled) == (origin, True, "market", 100)
    assert order.average == 3850


def test_exits_can_be_set_and_taken_back() -> None:
    made = engine(contract())
    refused("no_position", lambda: made.set_exits("ann", INVERSE, D(3900), None))
    deal(made, 4000, 100)
    made.set_exits("bob", INVERSE, D(4100), D(3900))
    refused("bad_trigger", lambda: made.set_exits("ann", INVERSE, D("0.1"), None))
    made.set_exits("ann", INVERSE, D(3900), None)
    made.set_exits("ann", INVERSE, None, None)
    made.open_account("eve", {"BTC": D(100)})
    place(made, "eve", "sell", 4150, 500)
    move(made, 4100)
    assert made.positions("bob") == []
    assert position(made).amount == 100
