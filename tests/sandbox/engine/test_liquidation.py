"""Where positions are liquidated, and what becomes of the money, with figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ccxt_ext.sandbox.engine import (
    MAINTENANCE_AT_ENTRY,
    Collateral,
)
from ccxt_ext.sandbox.engine.formulas import MAINTENANCE_AT_MARK, Stake
from tests.sandbox.engine.contract_trading import LINEAR, D, deal, linear, move, place, position
from tests.sandbox.engine.small_venue import assert_balanced, contract, engine

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


def test_what_is_paid_for_in_full_is_not_liquidated_at_a_price_of_zero_but_never() -> None:
    made = engine(linear())
    deal(made, 20_000, "0.1", leverage=1, margin_mode="isolated")
    assert position(made).margin == position(made).entry_value == 2_000
    assert position(made).liquidation_price is None


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
