"""What becomes of a debt, and of all that is liquidated at one time, with figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ccxt_ext.sandbox.engine import Collateral, Engine, Tier
from tests.sandbox.engine.contract_trading import LINEAR, D, deal, linear, move, place
from tests.sandbox.engine.small_venue import assert_balanced, contract, engine

OTHER = "ETH_USDT"


def other() -> Any:
    return contract(OTHER, "linear", start_price=D(100), contract_size=D("0.01"))


def with_bitcoin(dollars: Any, bitcoin: Any, *, price: int, discount: str, **changes: Any) -> Engine:
    """Eve has both, and both count as margin."""
    collateral = [Collateral("USDT", D(1)), Collateral("BTC", D(discount), price=D(price))]
    made = engine(linear(**changes), collaterals={"main": collateral})
    made.open_account("eve", {"USDT": D(dollars), "BTC": D(bitcoin)})
    return made


def lose(made: Engine, loss: int, market: str = LINEAR) -> None:
    """Eve opens a position, and closes it at once with such a loss."""
    spec = made.markets[market].spec
    amount, price = ("0.2", 20_000) if market == LINEAR else ("1000", 100)
    deal(made, price, amount, "eve", "bob", market=market, leverage=100)
    less = D(loss) / D(amount) / spec.contract_size
    bid = place(made, "bob", "buy", price - less, amount, market=market)
    place(made, "eve", "sell", None, amount, type="market", reduce_only=True, market=market)
    assert bid.status == "closed"
    assert made.closed_positions("eve")[0].reason == "traded"


@pytest.mark.parametrize("mode", ["isolated", "cross"])
def test_all_that_has_to_be_is_liquidated_at_once(mode: str) -> None:
    made = engine(linear())
    for name in ("eve", "sue"):
        made.open_account(name, {"USDT": D(1_000)})
        deal(made, 20_000, "0.4", name, "bob", leverage=10, margin_mode=mode)
    place(made, "bob", "sell", 15_000, "0.1")
    assert [made.closed_positions(name)[0].reason for name in ("eve", "sue")] == ["liquidated"] * 2
    assert made.positions("eve") == made.positions("sue") == []


def test_orders_of_the_group_are_canceled_with_it_and_others_are_not() -> None:
    made = engine(linear(), other(), contract())
    made.open_account("eve", {"USDT": D(1_000), "BTC": D(1)})
    deal(made, 20_000, "0.4", "eve", "bob", leverage=100)
    orders = [place(made, "eve", "buy", 10, 1, market=market) for market in (OTHER, "BTC_USD")]
    move(made, 17_000)
    assert [(order.status, order.reason) for order in orders] == [("canceled", "liquidation"), ("open", "")]


def test_what_is_finer_than_money_is_left_by_a_liquidation() -> None:
    made = engine(linear(settle_digits=2, tiers=(Tier(None, D("0.01"), D("0.04")),)))
    made.open_account("eve", {"USDT": D("1000.005")})
    deal(made, 20_000, "0.5", "eve", "bob", leverage=10)
    move(made, "18749.75")  # 374.875 is left, 375 is due
    (closed,) = made.closed_positions("eve")
    assert (closed.realized, closed.penalty) == (D("-625.13"), D("374.87"))
    assert made.balances("eve")["USDT"] == (D("0.005"), 0)
    assert_balanced(made)


@pytest.mark.parametrize(("bitcoin", "left"), [("0.01", "0"), ("0.02", "0.02")])
def test_who_owes_no_more_than_another_collateral_is_worth_keeps_both(bitcoin: str, left: str) -> None:
    """But when nothing would remain, it is sold."""
    made = with_bitcoin(100, bitcoin, price=20_000, discount="0.5")
    lose(made, 200)
    assert made.margin_account("eve").balances == {"USDT": -100 if D(left) else 0, "BTC": D(left)}
    assert made.closed_positions("eve")[0].covered == 0
    assert_balanced(made)


def test_a_debt_counts_in_full_whatever_its_currency_counts_for() -> None:
    made = engine(
        linear(), collaterals={"main": [Collateral("USDT", D("0.5")), Collateral("BTC", D(1), D(100))]}
    )
    made.open_account("eve", {"USDT": D("99.5"), "BTC": D(1)})
    lose(made, 100)
    assert made.margin_account("eve").balances == {"USDT": D("-0.5"), "BTC": 1}
    assert made.margin_account("eve").total_margin == 100 - D("0.5")


def test_a_debt_stays_while_an_isolated_position_is_open() -> None:
    made = engine(linear(), other())
    made.open_account("eve", {"USDT": D(1_000)})
    deal(made, 20_000, "0.4", "eve", "bob", leverage=10, margin_mode="isolated")
    lose(made, 300, OTHER)
    assert made.margin_account("eve").balances == {"USDT": -100}
    deal(made, 20_000, "0.4", "bob", "eve")
    assert made.balances("eve")["USDT"] == (700, 0)
    assert [closed.covered for closed in made.closed_positions("eve")] == [0, 0]
    assert_balanced(made)


def test_no_more_of_a_collateral_is_sold_than_the_debt_needs() -> None:
    made = with_bitcoin(100, "0.1", price=30_000, discount="0.9", tiers=(Tier(None, D("0.01"), D("0.25")),))
    deal(made, 20_000, "0.5", "eve", "bob", leverage=100)
    move(made, 19_000)  # 400 owed, 2300 left of equity, 2375 due
    (closed,) = made.closed_positions("eve")
    assert (closed.realized, closed.penalty, closed.covered) == (-500, 0, 0)
    assert made.margin_account("eve").balances == {
        "USDT": 0,
        "BTC": D("0.1") - D("0.014814815"),
    }  # 400 / 27000
    assert_balanced(made)


def test_what_a_collateral_does_not_pay_of_a_debt_is_covered_to_the_last_digit() -> None:
    made = with_bitcoin(100, "0.0333333", price=30_000, discount="0.9", settle_digits=2)
    deal(made, 20_000, "0.5", "eve", "bob", leverage=100)
    move(made, 17_000)  # 1400 owed, of which 899.9991 is worth paying with
    (closed,) = made.closed_positions("eve")
    assert (closed.realized, closed.penalty, closed.covered) == (-1_500, 0, D("500.01"))
    assert made.balances("eve") == {"USDT": (0, 0), "BTC": (0, 0)}
    assert_balanced(made)
