"""Which money is margin for what, and how it is rounded, with figures worked out by hand."""

from __future__ import annotations

from ccxt_ext.sandbox.engine import Collateral
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
from tests.sandbox.engine.small_venue import HOUR, START_MS, assert_balanced, contract, engine, spec

# Groups


def test_what_settles_in_another_currency_is_of_another_group() -> None:
    made = engine(linear(), contract())
    deal(made, 20_000, "0.5", leverage=10)
    move(made, 21_000, LINEAR)
    group = made.margin_account("ann", currency="BTC")
    assert (group.currency, group.unrealized, group.initial_margin, group.free) == ("BTC", 0, 0, 10_000)
    first = made.margin_account("ann")
    assert (first.currency, first.unrealized, first.initial_margin) == ("USDT", 500, 1_050)


def test_what_stands_in_another_wallet_is_of_another_group() -> None:
    made = engine(linear(), contract("ETH_USDT", "linear", wallet="second"), wallets=("main", "second"))
    made.transfer("ann", "USDT", D(1_000), "main", "second")
    deal(made, 20_000, "0.5", leverage=10)
    group = made.margin_account("ann", "second")
    assert (group.total_margin, group.initial_margin, group.free) == (1_000, 0, 1_000)


def test_there_is_no_margin_account_where_nothing_settles() -> None:
    made = engine(contract())
    refused("unknown_currency", lambda: made.margin_account("ann", currency="USD"))
    cash = engine(spec())
    refused("unknown_currency", lambda: cash.margin_account("ann"))


def test_collateral_may_be_there_before_any_contract_is() -> None:
    made = engine(
        spec(wallet="cash"), wallets=("cash", "futures"), collaterals={"futures": [Collateral("BBB", D(1))]}
    )
    made.transfer("ann", "BBB", D(70), "cash", "futures")
    assert made.balances("ann", "futures") == {"AAA": (0, 0), "BBB": (70, 0)}


def test_how_much_of_a_collateral_is_free_is_rounded_down() -> None:
    collateral = [Collateral("USDT", D(1)), Collateral("BTC", D("0.9"), price=D(30_000))]
    made = engine(linear(), collaterals={"main": collateral})
    made.open_account("eve", {"USDT": D(100), "BTC": D(1)})
    place(made, "eve", "buy", 20_000, "1.35")
    # 27,100 less 27,000 are free, which are 0.0037037037... bitcoin.
    assert made.margin_account("eve").transferable == {"USDT": 100, "BTC": D("0.003703703")}


# What is needed


def test_an_order_needs_what_it_ties_up_beside_those_that_are_there() -> None:
    made = engine(linear())
    made.open_account("eve", {"USDT": D(1_000)})
    place(made, "eve", "buy", 20_000, "0.2", leverage=10)
    refusal = refused("insufficient_funds", lambda: place(made, "eve", "buy", 20_000, "0.3005", leverage=10))
    assert (refusal.details["needed"], refusal.details["free"]) == (601, 600)
    place(made, "eve", "buy", 20_000, "0.3", leverage=10)
    assert made.balances("eve")["USDT"] == (0, 1_000)


# Rounding


def test_what_a_position_is_worth_is_rounded_up_to_money() -> None:
    made = engine(contract())
    deal(made, 3000.5, 7)
    assert position(made).entry_value == position(made).notional == D("0.00233295")  # 0.002332944...


def test_that_values_are_rounded_is_not_seen_of_the_price_of_a_position() -> None:
    made = engine(contract())
    deal(made, 30_000.5, 1)
    assert position(made).entry_price == made.orders("ann")[0].average == D("30000.5")


def test_a_price_that_has_no_end_is_told_with_sixteen_digits() -> None:
    made = engine(linear())
    for price, amount in ((20_000, "0.1"), (20_001, "0.2")):
        deal(made, price, amount)
    assert position(made).entry_price == D("20000.66666666667")


def test_isolated_margin_is_rounded_up_and_what_comes_back_of_it_down() -> None:
    made = engine(contract())
    deal(made, 3000.5, 7, leverage=3, margin_mode="isolated")
    assert position(made).margin == D("0.00077765")  # 0.000777648...
    deal(made, 3000.5, 3, "bob", "ann")
    assert position(made).margin == D("0.00077765") - D("0.00033327")  # three sevenths are 0.000333278...


def test_a_fee_is_shared_by_the_position_that_is_closed_and_the_one_that_is_opened() -> None:
    made = engine(contract(taker_fee=D("0.001")))
    deal(made, 3000, 1)
    assert position(made).fees == D("0.00000034")
    place(made, "bob", "buy", 3000, 3)
    place(made, "ann", "sell", 3000, 3)  # pays 0.000001, of which a third, rounded down, is for the first
    (closed,) = made.closed_positions("ann")
    assert (closed.fees, position(made).fees) == (D("0.00000067"), D("0.00000067"))
    assert_balanced(made)


def test_positions_that_settle_where_they_were_opened_win_and_lose_nothing() -> None:
    """Though the value of the whole is, in its last digit, not that of its parts."""
    made = engine(contract(expiry_ms=START_MS + HOUR, funding_interval_ms=None))
    market = made.markets[INVERSE]
    market.crowd.place(0, "sell", 6_000, 2, START_MS)
    for name in ("ann", "bob"):
        place(made, name, "buy", 3_000, 1)
    made.clock.advance(HOUR)
    assert [made.closed_positions(name)[0].realized for name in ("ann", "bob")] == [0, 0]
    assert market.contract is not None
    assert market.contract.clearing.get("BTC") == 0
    assert market.contract.rounding.get("BTC") == D("-1E-20")
    assert_balanced(made)


def test_nothing_is_kept_of_the_margin_of_a_position_that_is_closed() -> None:
    made = engine(linear(taker_fee=D("0.001")))
    before = len(made.book_keeping._inside)
    deal(made, 20_000, "0.5", leverage=10, margin_mode="isolated")
    assert len(made.book_keeping._inside) == before + 2
    deal(made, 19_000, "0.5", "bob", "ann")
    assert len(made.book_keeping._inside) == before
    assert made.balances("ann")["USDT"].held == 0
