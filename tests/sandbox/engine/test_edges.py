"""Where one thing ends and the next begins, to the last digit: margins, liquidation, orders that reduce."""

from __future__ import annotations

from typing import Any

import pytest

from ccxt_ext.sandbox.engine import Collateral, ExitEvent, Tier
from ccxt_ext.sandbox.engine.checks import is_nonsense
from tests.sandbox.engine.contract_trading import LINEAR, D, deal, linear, move, place, position, refused
from tests.sandbox.engine.small_venue import START_MS, assert_balanced, contract, engine

# Equity is 1000 + p / 2 - 10000, and 4 % of p / 2 has to stay: both are 375 at a price of 18750.
AT_18750 = (Tier(D(200_000), D("0.01"), D("0.04")),)


@pytest.mark.parametrize("mode", ["isolated", "cross"])
def test_who_has_just_the_maintenance_margin_is_liquidated_and_who_has_more_is_not(mode: str) -> None:
    made = engine(linear(tiers=AT_18750))
    made.open_account("eve", {"USDT": D(1_000)})
    deal(made, 20_000, "0.5", "eve", "bob", leverage=10, margin_mode=mode)
    move(made, "18750.25")
    assert position(made, "eve").amount == D("0.5")
    move(made, "18750")
    assert made.positions("eve") == []
    (closed,) = made.closed_positions("eve")
    assert (closed.realized, closed.penalty, closed.covered) == (-625, 375, 0)
    assert made.balances("eve")["USDT"] == (0, 0)
    assert_balanced(made)


def test_the_positions_of_a_group_are_taken_for_no_more_than_it_has() -> None:
    """What the maintenance margin of the first two could take belongs to the loss of the third."""
    eth = contract("ETH_USDT", "linear", start_price=D(100))
    made = engine(eth, linear(), contract("XRP_USDT", "linear", start_price=D(100)))
    made.open_account("eve", {"USDT": D(1_000)})
    deal(made, 100, 8_000, "eve", "bob", leverage=100)
    deal(made, 20_000, "0.4", "eve", "bob", market=LINEAR, leverage=100)
    deal(made, 100, 1_000, "eve", "bob", market="XRP_USDT", leverage=100)
    move(made, 80, "XRP_USDT")
    move(made, 17_575, LINEAR)  # 10 is left, where 4, 42.18 and 0.4 are due
    closed = {
        each.market: (each.realized, each.penalty, each.covered) for each in made.closed_positions("eve")
    }
    assert closed == {"ETH_USDT": (0, 4, 0), LINEAR: (-970, 6, 0), "XRP_USDT": (-20, 0, 0)}
    assert made.balances("eve")["USDT"] == (0, 0)
    assert_balanced(made)


def test_a_crossed_position_that_lost_more_than_there_is_pays_no_penalty() -> None:
    made = engine(linear())
    made.open_account("eve", {"USDT": D(1_000)})
    deal(made, 20_000, "0.4", "eve", "bob", leverage=100)
    move(made, 17_000)
    (closed,) = made.closed_positions("eve")
    assert (closed.realized, closed.penalty, closed.covered) == (-1_200, 0, 200)
    assert made.balances("eve")["USDT"] == (0, 0)
    assert_balanced(made)


@pytest.mark.parametrize(("price", "free"), [(22_000, 900), (19_000, -450)])
def test_profit_of_crossed_positions_is_margin_as_their_loss_is_none(price: int, free: int) -> None:
    made = engine(linear())
    made.open_account("eve", {"USDT": D(1_000)})
    deal(made, 20_000, "0.5", "eve", "bob", leverage=10)
    move(made, price)
    assert made.margin_account("eve").free == max(free, 0)
    if free > 0:
        refusal = refused(
            "insufficient_funds", lambda: place(made, "eve", "buy", 10_000, "0.091", leverage=1)
        )
        assert (refusal.details["needed"], refusal.details["free"]) == (910, free)
        place(made, "eve", "buy", 10_000, "0.09", leverage=1)
    else:
        refusal = refused("insufficient_funds", lambda: place(made, "eve", "buy", 10_000, "0.0001"))
        assert refusal.details["free"] == 0


def test_a_part_closed_at_a_loss_pays_it_out_of_the_margin_that_it_releases() -> None:
    made = engine(linear())
    made.open_account("eve", {"USDT": D(1_000)})
    deal(made, 20_000, "0.4", "eve", "bob", leverage=10, margin_mode="isolated")
    assert (position(made, "eve").margin, made.balances("eve")["USDT"]) == (800, (200, 800))
    deal(made, 19_000, "0.1", "bob", "eve")  # loses 100 of the 200 that are released
    assert (position(made, "eve").margin, made.balances("eve")["USDT"]) == (600, (300, 600))
    assert_balanced(made)


def test_a_collateral_counts_by_the_index_of_its_market_and_not_by_its_mark() -> None:
    collateral = [Collateral("USDT", D(1)), Collateral("BTC", D("0.5"), market=LINEAR)]
    made = engine(linear(basis=0.01, funding_rate=D("0.005")), collaterals={"main": collateral})
    made.open_account("eve", {"BTC": D(1)})
    move(made, 20_000)
    market = made.markets[LINEAR]
    assert market.index_price != market.mark_price
    assert made.margin_account("eve").total_margin == market.index_price / 2


def test_a_reduce_only_order_as_large_as_the_position_is_left_alone() -> None:
    made = engine(contract())
    deal(made, 4000, 100)
    order = place(made, "ann", "sell", 4500, 60, reduce_only=True)
    told: list[Any] = []
    made.subscribe(told.append)
    deal(made, 4000, 40, "bob", "ann")
    assert position(made).amount == order.remaining == order.amount == 60
    assert not [event for event in told if isinstance(event, ExitEvent)]
    deal(made, 4000, 1, "bob", "ann")
    assert (order.status, order.amount) == ("open", 59)
    deal(made, 4000, 59, "bob", "ann")
    assert (order.status, order.reason, order.remaining) == ("canceled", "reduce_only", 59)


def test_a_synthetic_trader_pays_its_fee_whoever_it_trades_with() -> None:
    made = engine(linear(maker_fee=D("0.01")))
    market = made.markets[LINEAR]
    trader = market.crowd.accounts[0]
    market.crowd.place(0, "sell", 80_000, 5_000, START_MS)
    before = trader.wallet.free.get("USDT")
    place(made, "ann", "buy", 20_000, "0.5")
    assert trader.wallet.free.get("USDT") - before == 10_000 - 100
    assert market.contract is not None
    assert market.contract.fees.get("USDT") == 100
    assert_balanced(made)


@pytest.mark.parametrize(
    ("number", "nonsense"),
    [("9E+29", False), ("1E+30", True), ("1E-30", False), ("1E-31", True), ("NaN", True)],
)
def test_a_number_makes_sense_up_to_thirty_digits_on_each_side(number: str, nonsense: bool) -> None:
    assert is_nonsense(D(number)) == nonsense
