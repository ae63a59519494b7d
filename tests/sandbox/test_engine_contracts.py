"""Contracts, with figures worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from engine_helpers import HOUR, MINUTE, START_MS, HandClock, assert_balanced, contract, engine, spec

from ccxt_ext.sandbox.engine import (
    MAINTENANCE_AT_ENTRY,
    BalanceEvent,
    Clock,
    Collateral,
    Engine,
    Order,
    Position,
    PositionEvent,
    Refused,
    Tier,
)
from ccxt_ext.sandbox.engine.formulas import MAINTENANCE_AT_MARK, Stake

D = Decimal
INVERSE, LINEAR = "BTC_USD", "BTC_USDT"
TWO_TIERS = (Tier(D(50_000), D("0.01"), D("0.006")), Tier(D(200_000), D("0.02"), D("0.012")))


def place(made: Engine, account: str, side: Any, price: Any, amount: Any, **more: Any) -> Order:
    market = more.pop("market", next(iter(made.markets)))
    for name in ("leverage", "trigger_price", "stop_loss", "take_profit"):
        if name in more:
            more[name] = D(more[name])
    return made.place(account, market, side, None if price is None else D(price), D(amount), **more)


def deal(made: Engine, price: Any, amount: Any, buyer: str = "ann", seller: str = "bob", **more: Any) -> None:
    """The two trade with each other; `more` is for the buyer."""
    market = more.get("market", next(iter(made.markets)))
    place(made, seller, "sell", price, amount, market=market, leverage=100)
    place(made, buyer, "buy", price, amount, **more)


def move(made: Engine, price: Any, market: str | None = None) -> None:
    """Two others trade the least there is at a price."""
    for name in ("move-1", "move-2"):
        if name not in made.accounts:
            made.open_account(name, {currency: D(10) ** 9 for currency in made.currencies})
    name = market or next(iter(made.markets))
    deal(made, price, made.markets[name].spec.min_amount, "move-1", "move-2", market=name)


def position(made: Engine, account: str = "ann", market: str | None = None) -> Position:
    (found,) = made.positions(account, market)
    return found


def refused(reason: str, call: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.reason == reason
    return caught.value


def linear(**changes: Any) -> Any:
    """As BitMax has it: amounts in bitcoin, whole dollars."""
    return contract(
        LINEAR,
        "linear",
        **{
            "contract_size": D(1),
            "step": D("0.0001"),
            "min_amount": D("0.0001"),
            "tick": D("0.25"),
            "start_price": D(20_000),
            "tiers": TWO_TIERS,
            "settle_digits": 9,
            **changes,
        },
    )


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


# Liquidation prices

ISOLATED = {"inverse": False, "margin": D(1000)}


@pytest.mark.parametrize(
    ("long", "quantity", "unrealized", "rate", "price"),
    [
        (True, "0.5", -100, "0.006", "18309.859154929577"),
        (False, "0.5", -100, "0.006", "21669.980119284294"),
        (True, "3", 0, "0.012", "19905.533063427800"),
    ],
)
def test_the_documented_liquidation_prices_of_linear_contracts(
    long: bool, quantity: str, unrealized: int, rate: str, price: str
) -> None:
    value = 20_000 * D(quantity)
    entry = value - unrealized if long else value + unrealized
    found = MAINTENANCE_AT_MARK.price(Stake(False, long, D(quantity), entry, D(1000), D(rate)))
    assert found is not None
    assert found.quantize(D("1e-12")) == D(price).quantize(D("1e-12"))


def test_the_documented_liquidation_prices_come_out_of_the_engine() -> None:
    made = engine(linear())
    for name in ("eve", "sue"):
        made.open_account(name, {"USDT": D(100_000)})
    deal(made, 20_200, "0.5", "eve", "sue", leverage=100, margin_mode="isolated")
    made.add_margin("eve", LINEAR, 1000 - position(made, "eve").margin)
    move(made, 20_000)
    found = position(made, "eve")
    assert (found.margin, found.unrealized, found.maintenance_margin) == (1000, -100, 60)
    assert found.liquidation_price is not None
    assert found.liquidation_price.quantize(D("1e-12")) == D("18309.859154929577")
    assert position(made, "sue").liquidation_price == D("218886.67992047713718")  # 110100 / 0.503


def test_the_liquidation_price_of_a_crossed_position_counts_with_the_others() -> None:
    made = engine(linear(), contract("ETH_USDT", "linear", start_price=D(100)))
    made.open_account("eve", {"USDT": D(1_500)})
    deal(made, 20_000, "0.5", "eve", "bob", leverage=10)
    deal(made, 100, 1_000, "eve", "bob", market="ETH_USDT", leverage=10)
    move(made, 50, "ETH_USDT")
    group = made.margin_account("eve")
    assert (group.total_margin, group.unrealized, group.maintenance_margin) == (1_500, -50, D("60.25"))
    found = position(made, "eve", LINEAR).liquidation_price
    assert found is not None
    assert found.quantize(D("1e-12")) == (20_000 - D("1389.75") / D("0.497")).quantize(D("1e-12"))
    assert position(made, "eve", "ETH_USDT").liquidation_price is None


def test_the_sample_position_of_an_inverse_contract() -> None:
    """8000 contracts short at 4222.40221239, leverage 10, maintenance 0.5 %: 4665.63780374."""
    entry = D(8000) / D("4222.40221239")
    stake = Stake(True, False, D(8000), entry, entry / 10, D("0.005"))
    found = MAINTENANCE_AT_ENTRY.price(stake)
    assert found is not None
    assert found.quantize(D("1e-8"), "ROUND_DOWN") == D("4665.63780374")


@pytest.mark.parametrize("formula", [MAINTENANCE_AT_MARK, MAINTENANCE_AT_ENTRY])
@pytest.mark.parametrize("inverse", [True, False])
@pytest.mark.parametrize("long", [True, False])
def test_at_its_liquidation_price_equity_is_maintenance_margin(
    formula: Any, inverse: bool, long: bool
) -> None:
    quantity, entry_price, rate = D(8000), D(4000), D("0.005")
    entry = quantity / entry_price if inverse else quantity * entry_price
    margin = entry / 10
    price = formula.price(Stake(inverse, long, quantity, entry, margin, rate))
    assert (price < entry_price) == long
    value = quantity / price if inverse else quantity * price
    gain = (entry - value if inverse else value - entry) * (1 if long else -1)
    assert abs(margin + gain - formula.maintenance(value, entry, rate)) < entry * D("1e-15")


def test_some_positions_no_price_can_liquidate() -> None:
    made = engine(contract())
    deal(made, 4000, 8000)
    assert position(made, "bob").liquidation_price is None
    found = position(made).liquidation_price
    assert found is not None
    assert found.quantize(D("1e-8")) == D("0.80383923")  # 8000 x 1.005 / (2 + 10000)


# Liquidation


def test_an_isolated_position_is_liquidated_and_its_margin_goes_to_the_insurance() -> None:
    made = engine(linear())
    deal(made, 20_000, "0.5", leverage=10, margin_mode="isolated")
    resting = place(made, "ann", "buy", 15_000, "0.1")
    price = position(made).liquidation_price
    assert price is not None
    assert price.quantize(D("0.01")) == D("18108.65")
    move(made, "18108.75")
    assert position(made).amount == D("0.5")
    move(made, "18108.5")
    assert made.positions("ann") == []
    (closed,) = made.closed_positions("ann")
    assert (closed.reason, closed.realized, closed.penalty, closed.covered) == (
        "liquidated",
        D("-945.75"),
        D("54.25"),
        0,
    )
    assert (resting.status, resting.reason) == ("canceled", "liquidation")
    assert made.balances("ann")["USDT"] == (9_000, 0)
    assert position(made, "bob").amount == D("0.5")
    assert made.markets[LINEAR].open_interest == D("0.5002")
    assert_balanced(made)


def test_a_loss_beyond_the_margin_is_the_insurances() -> None:
    made = engine(linear())
    deal(made, 20_000, "0.5", leverage=10, margin_mode="isolated")
    move(made, 17_000)
    (closed,) = made.closed_positions("ann")
    assert (closed.realized, closed.penalty, closed.covered) == (-1500, 0, 500)
    assert made.balances("ann")["USDT"] == (9_000, 0)
    deal(made, 17_000, "0.5", "bob", "move-2")
    assert made.balances("bob")["USDT"] == (11_500, 0)
    assert_balanced(made)


def test_who_closes_at_a_loss_that_is_more_than_there_is_owes_nothing() -> None:
    made = engine(linear())
    made.open_account("eve", {"USDT": D(1_000)})
    deal(made, 20_000, "0.4", "eve", "bob", leverage=100)
    place(made, "bob", "buy", 17_000, "0.4")
    place(made, "eve", "sell", None, "0.4", type="market", reduce_only=True)
    (closed,) = made.closed_positions("eve")
    assert (closed.realized, closed.covered, closed.reason) == (-1_200, 200, "traded")
    assert made.margin_account("eve").balances == {"USDT": 0}
    assert_balanced(made)


def test_a_crossed_group_goes_down_together() -> None:
    made = engine(linear(), contract("ETH_USDT", "linear", start_price=D(100)))
    made.open_account("eve", {"USDT": D(1_000)})
    deal(made, 20_000, "0.4", "eve", "bob", leverage=100)
    deal(made, 100, 1_000, "eve", "bob", market="ETH_USDT", leverage=100)
    move(made, "17606.25")  # 42.5 of 1000 is left, 42.255 + 0.5 is due
    assert made.positions("eve") == []
    other, one = made.closed_positions("eve")
    assert (one.market, one.reason, one.realized, one.penalty) == (
        LINEAR,
        "liquidated",
        D("-957.5"),
        D("42.255"),
    )
    assert (other.market, other.reason, other.realized, other.penalty) == (
        "ETH_USDT",
        "liquidated",
        0,
        D("0.245"),
    )
    assert made.balances("eve")["USDT"] == (0, 0)
    assert_balanced(made)


def test_other_collateral_is_sold_for_a_debt() -> None:
    collateral = [Collateral("USDT", D(1)), Collateral("BTC", D("0.5"), price=D(20_000))]
    made = engine(linear(), collaterals={"main": collateral})
    made.open_account("eve", {"USDT": D(100), "BTC": D("0.1")})
    assert made.margin_account("eve").total_margin == 100 + 1_000
    assert made.margin_account("eve").transferable == {"USDT": 100, "BTC": D("0.1")}
    deal(made, 20_000, "0.5", "eve", "bob", leverage=10)
    assert made.margin_account("eve").transferable == {"USDT": 100, "BTC": D("0.01")}
    move(made, 19_000)
    assert made.margin_account("eve").equity == 600
    deal(made, 19_000, "0.2", "bob", "eve")
    group = made.margin_account("eve")
    assert group.balances == {"USDT": -100, "BTC": D("0.1")}
    # 900 of margin, 300 of it lost, 570 tied up: 30 is free, which is 0.003 bitcoin.
    assert made.balances("eve") == {"USDT": (0, 0), "BTC": (D("0.003"), D("0.097"))}
    move(made, "17114")  # 34.2 of equity left, 30.8 due
    assert made.positions("eve")
    move(made, "17000")  # nothing left
    assert made.positions("eve") == []
    assert made.balances("eve") == {"USDT": (0, 0), "BTC": (0, 0)}
    assert made.closed_positions("eve")[0].covered == 0
    assert_balanced(made)


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


# Time


def test_the_mark_price_is_the_last_one_or_the_best_beyond_it() -> None:
    made = engine(contract())
    market = made.markets[INVERSE]
    assert market.mark_price == 4000
    bid = place(made, "ann", "buy", 4200, 10)
    assert (market.mark_price, market.index_price, market.last_price) == (4200, 4200, 4000)
    made.cancel("ann", bid.id)
    place(made, "ann", "sell", 3900, 10)
    assert market.mark_price == 3900
    place(made, "ann", "buy", 3800, 10)
    assert market.mark_price == 3900


def test_an_order_that_is_gone_may_set_off_one_that_was_to_go_too() -> None:
    made = engine(contract())
    place(made, "bob", "buy", 3900, 100)
    bid = place(made, "ann", "buy", 4100, 10)
    stop = place(made, "ann", "sell", None, 10, type="market", trigger_price=4050, trigger_by="mark")
    assert stop.waits
    assert made.cancel_all("ann") == [bid]
    assert (stop.status, stop.average) == ("closed", 3900)


def test_liquidation_may_set_off_an_order_that_was_to_go_too() -> None:
    made = engine(contract(funding_rate=D("0.0075")))
    made.open_account("eve", {"BTC": D("0.0201")})
    deal(made, 4000, 4000, "eve", "bob", leverage=50, margin_mode="isolated")
    ask = place(made, "eve", "sell", 3970, 10, reduce_only=True)
    stop = place(
        made, "eve", "buy", None, 1, type="market", trigger_price=3990, trigger_by="mark", leverage=50
    )
    assert stop.waits  # her own offer keeps the mark price at 3970
    made.clock.advance(8 * HOUR)
    assert made.closed_positions("eve")[0].reason == "liquidated"
    assert (ask.reason, stop.triggered, stop.status) == ("liquidation", True, "canceled")
    assert stop.reason != "liquidation"
    assert_balanced(made)


def test_longs_pay_funding_to_shorts() -> None:
    made = engine(contract())
    deal(made, 4000, 8000)
    market = made.markets[INVERSE]
    due = market.next_funding_time
    assert due is not None
    assert due % (8 * HOUR) == 0
    assert market.funding_rate == D("0.001")
    made.clock.advance(due - START_MS - 1)
    assert made.funding_payments("ann") == []
    made.clock.advance(1)
    (paid,), (received,) = made.funding_payments("ann"), made.funding_payments("bob", INVERSE)
    assert (paid.amount, received.amount, paid.rate, paid.currency) == (
        D("0.002"),
        D("-0.002"),
        D("0.001"),
        "BTC",
    )
    assert paid.timestamp == due
    assert position(made).funding == D("0.002")
    assert made.balances("ann")["BTC"][0] + made.balances("ann")["BTC"][1] == D("9999.998")
    made.clock.advance(24 * HOUR)
    assert [payment.timestamp for payment in made.funding_payments("ann")] == [
        due + 8 * HOUR * number for number in (3, 2, 1, 0)
    ]
    assert_balanced(made)


def test_time_that_just_passes_does_what_time_does() -> None:
    elapsed_ms = 0
    clock = Clock(START_MS, monotonic_ns=lambda: elapsed_ms * 1_000_000)
    made = engine(contract(funding_rate=None, basis=0.001), clock=clock)
    deal(made, 4000, 8000)
    market = made.markets[INVERSE]
    before = (market.index_price, market.funding_rate, market.next_funding_time)
    elapsed_ms = 20 * HOUR
    after = (market.index_price, market.funding_rate, market.next_funding_time)
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert after[2] is not None
    assert clock.now() < after[2] <= clock.now() + 8 * HOUR
    assert len(made.funding_payments("ann")) == 3
    elapsed_ms = 40 * HOUR
    assert len(made.funding_payments("bob")) == 5


def test_funding_is_rounded_against_both() -> None:
    made = engine(contract(funding_rate=D("-0.0003")))
    deal(made, 3000.5, 7)
    made.clock.advance(8 * HOUR)
    (one,), (two,) = made.funding_payments("ann"), made.funding_payments("bob")
    assert (one.amount, two.amount) == (D("-0.00000069"), D("0.00000070"))
    book = made.markets[INVERSE].contract
    assert book is not None
    assert book.rounding.get("BTC") == D("1e-8")


def test_funding_comes_out_of_isolated_margin_when_nothing_is_free() -> None:
    made = engine(linear())
    made.open_account("eve", {"USDT": D(1_004)})
    deal(made, 20_000, "0.5", "eve", "bob", leverage=10, margin_mode="isolated")
    made.clock.advance(8 * HOUR)
    assert position(made, "eve").margin == 994
    assert made.margin_account("eve").balances == {"USDT": 0}


def test_funding_may_liquidate() -> None:
    made = engine(linear(funding_rate=D("0.0075")))
    made.open_account("eve", {"USDT": D(150)})
    deal(made, 20_000, "0.5", "eve", "bob", leverage=100)
    made.clock.advance(8 * HOUR)
    assert made.funding_payments("eve")[0].amount == 75
    made.clock.advance(8 * HOUR)
    assert made.positions("eve") == []
    assert made.closed_positions("eve")[0].reason == "liquidated"
    assert made.balances("eve")["USDT"] == (0, 0)
    assert_balanced(made)


def test_a_dated_contract_settles() -> None:
    expiry = START_MS + HOUR
    made = engine(
        contract(expiry_ms=expiry, settle_fee=D("0.001"), funding_interval_ms=None, basis=0.001), seed=3
    )
    market = made.markets[INVERSE]
    assert (market.funding_rate, market.next_funding_time, market.active) == (None, None, True)
    deal(made, 4000, 8000, leverage=10, margin_mode="isolated")
    order = place(made, "ann", "sell", 5000, 10)
    stop = place(made, "ann", "sell", 3000, 10, trigger_price=3000)
    index = market.index_price
    assert index != 4000
    made.clock.advance(HOUR + MINUTE)
    assert made.positions("ann") == made.positions("bob") == []
    closed = made.closed_positions("ann")[0]
    assert (closed.reason, closed.close_price, closed.closed) == ("settled", index, expiry)
    assert closed.fees == (D(8000) / index * D("0.001")).quantize(D("1e-8"), "ROUND_UP")
    assert (order.reason, stop.reason) == ("expired", "expired")
    assert not market.active
    refused("market_closed", lambda: place(made, "ann", "buy", 4000, 1))
    assert market.book() == ([], [])
    assert market.mark_price == index
    made.step_traders()
    assert market.book() == ([], [])
    assert_balanced(made)


def test_prices_stand_still_with_the_book_and_come_from_the_seed() -> None:
    specs = [contract(basis=0.001, funding_rate=None)]
    one, two, other = engine(*specs), engine(*specs), engine(*specs, seed=2)
    seen = []
    for made in (one, two, other):
        market, figures = made.markets[INVERSE], []
        for _ in range(3):
            figures.append((market.index_price, market.mark_price, market.funding_rate))
            made.clock.advance(8 * HOUR)
        seen.append(figures)
    assert seen[0] == seen[1] != seen[2]
    assert len(set(seen[0])) == 3
    for index, mark, rate in seen[0]:
        assert 0 < abs(index - 4000) < 12.1
        assert rate is not None
        assert (mark - index) * rate > 0
    before = one.markets[INVERSE].index_price
    deal(one, 4100, 10)
    assert abs(one.markets[INVERSE].index_price - before - 100) < 1


# Past, wallets, set-up


@pytest.mark.parametrize("kind", ["linear", "inverse"])
def test_a_contract_has_a_past_like_any_market(kind: str) -> None:
    made = engine(contract(kind=kind, taker_fee=D("0.001"), maker_fee=D("-0.0005")), horizons=[(MINUTE, 300)])
    market = made.markets[INVERSE]
    assert len(market.trades()) > 300
    book = market.contract
    assert book is not None
    assert sum(book.synthetic.values()) == 0
    assert market.open_interest > 0
    assert book.clearing.get(book.currency) == 0
    made.clock.advance(9 * HOUR)
    made.catch_up()
    assert_balanced(made)
    journal = made.book_keeping.journal or []
    assert any(posting.target == (INVERSE, "funding") for posting in journal)
    before = len(market.trades())
    for _ in range(30):
        made.step_traders()
    assert len(market.trades()) > before
    order = place(made, "ann", "buy", None, 10, type="market", leverage=10)
    assert order.status == "closed"
    assert position(made).amount == 10
    assert_balanced(made)


def test_an_expired_contract_without_a_past_gets_one_and_is_settled() -> None:
    made = engine(
        contract(expiry_ms=START_MS + HOUR, funding_interval_ms=None),
        clock=HandClock(),
        horizons=[(MINUTE, 30)],
    )
    made.clock.advance(2 * HOUR)
    market = made.markets[INVERSE]
    assert market.book()[0]
    assert not market.active
    made.catch_up()
    assert market.book() == ([], [])
    assert market.open_interest == 0
    assert_balanced(made)


def test_a_past_that_is_made_late_begins_with_the_present_rate() -> None:
    early, late = (engine(contract(funding_rate=None), horizons=[(MINUTE, 30)]) for _ in range(2))
    early.warm_up()
    for made in (early, late):
        made.clock.advance(50 * HOUR)
    one, two = early.markets[INVERSE], late.markets[INVERSE]
    assert two.next_funding_time == one.next_funding_time
    assert two.funding_rate == one.funding_rate
    assert late.clock.now() < (two.next_funding_time or 0)
    journal = late.book_keeping.journal or []
    assert not any(posting.target == (INVERSE, "funding") for posting in journal)


def test_wallets_keep_money_apart() -> None:
    made = engine(linear(wallet="futures"), spec("AAA_USDT", wallet="cash"), wallets=("futures", "cash"))
    made.open_account("eve", {"USDT": D(500)}, {"cash": {"USDT": D(70), "AAA": D(1)}})
    assert made.balances("eve")["USDT"] == (500, 0)
    assert made.balances("eve", "cash") == {"USDT": (70, 0), "AAA": (1, 0)}
    made.transfer("eve", "USDT", D(50), "futures", "cash")
    assert made.balances("eve", "cash")["USDT"] == (120, 0)
    place(made, "eve", "buy", 1, 100, market="AAA_USDT")
    assert made.balances("eve", "cash")["USDT"] == (20, 100)
    deal(made, 20_000, "0.1", "eve", "bob", leverage=10, market=LINEAR)
    assert made.balances("eve")["USDT"] == (250, 200)
    refused("insufficient_funds", lambda: made.transfer("eve", "USDT", D(251), "futures", "cash"))
    refused("insufficient_funds", lambda: made.transfer("eve", "USDT", D(21), "cash", "futures"))
    refused("unknown_wallet", lambda: made.transfer("eve", "USDT", D(1), "cash", "bank"))
    refused("unknown_wallet", lambda: made.balances("eve", "bank"))
    refused("unknown_currency", lambda: made.transfer("eve", "XYZ", D(1), "cash", "futures"))
    refused("bad_amount", lambda: made.transfer("eve", "USDT", D(0), "cash", "futures"))
    made.transfer("eve", "USDT", D(250), "futures", "cash")
    assert made.balances("eve")["USDT"] == (0, 200)
    assert_balanced(made)


def test_what_cannot_be_set_up() -> None:
    with pytest.raises(ValueError, match="either spot markets or contracts"):
        engine(contract(), spec())
    with pytest.raises(ValueError, match="different currencies"):
        engine(contract(), linear(), collaterals={"main": [Collateral("USDT", D(1))]})
    for changes in ({"settle": ""}, {"tiers": ()}, {"contract_size": D(0)}, {"tiers": TWO_TIERS[::-1]}):
        with pytest.raises(ValueError, match=INVERSE):
            contract(**changes)
    made = engine(spec())
    refused("no_contract", lambda: made.set_leverage("ann", "AAA_BBB", D(2)))


def test_listeners_hear_of_positions() -> None:
    made = engine(linear(funding_rate=D("0.001")))
    made.open_account("eve", {"USDT": D(1_200)})
    heard: list[Any] = []
    made.subscribe(heard.append)

    def told(kind: type) -> list[Any]:
        found = [event for event in heard if isinstance(event, kind) and event.account == "eve"]
        heard.clear()
        return found

    deal(made, 20_000, "0.5", "eve", "bob", leverage=10, margin_mode="isolated")
    (opened,) = told(PositionEvent)
    assert (opened.market, opened.position) == (LINEAR, position(made, "eve"))
    made.add_margin("eve", LINEAR, D(100))
    assert told(PositionEvent)[-1].position.margin == 1_100
    made.clock.advance(8 * HOUR)
    assert told(PositionEvent)[-1].position.funding == 10
    made.set_exits("eve", LINEAR, D(15_000), None)
    assert told(PositionEvent)[-1].position.stop_loss == 15_000
    made.clock.advance(8 * HOUR)
    assert told(BalanceEvent)[-1] == BalanceEvent("eve", "USDT", D(80), D(1_100), "main")
    move(made, 16_000)
    assert told(PositionEvent)[-1].position is None


@pytest.mark.parametrize(("kind", "buyer_pays"), [("linear", "40000"), ("inverse", "-2.5")])
def test_synthetic_traders_pay_the_whole_value(kind: str, buyer_pays: str) -> None:
    made = engine(contract(kind=kind, taker_fee=D("0.01")))
    market = made.markets[INVERSE]
    crowd = market.crowd
    money = market.spec.settle
    before = [account.wallet.free.get(money) for account in crowd.accounts]
    crowd.place(market, 0, "sell", 8_000, 10_000, START_MS)
    crowd.place(market, 1, "buy", 8_000, 10_000, START_MS)
    seller, buyer = (
        then - account.wallet.free.get(money)
        for then, account in zip(before, crowd.accounts[:2], strict=False)
    )
    assert buyer == D(buyer_pays) + abs(D(buyer_pays)) / 100
    assert seller == -D(buyer_pays)
    assert market.open_interest == 10_000
