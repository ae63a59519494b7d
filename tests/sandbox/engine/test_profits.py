"""Profit of open positions that becomes money as time passes, with figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ccxt_ext.sandbox.engine import Market
from tests.sandbox.engine.contract_trading import LINEAR, D, deal, linear, move, place, position
from tests.sandbox.engine.small_venue import MINUTE, START_MS, assert_balanced, engine

QUARTER = 15 * MINUTE
FIRST = QUARTER - START_MS % QUARTER


def made_with(**changes: Any) -> Any:
    settings = {"taker_fee": D(0), "maker_fee": D(0), "funding_interval_ms": None, "basis": 0}
    return engine(linear(**settings, profit_interval_ms=QUARTER, profit_least=D(10), **changes))


def money(made: Any, account: str = "ann") -> Any:
    return made.margin_account(account).balances["USDT"]


@pytest.mark.parametrize("mode", ["cross", "isolated"])
def test_profit_goes_to_the_balance_every_quarter_of_an_hour(mode: str) -> None:
    made = made_with()
    begun = money(made)
    deal(made, 20_000, 1, leverage=10, margin_mode=mode)
    tied = begun - money(made)
    move(made, 20_100)
    made.clock.advance(FIRST - 1)
    assert position(made).unrealized == 100
    made.clock.advance(1)
    assert (position(made).unrealized, money(made)) == (0, begun - tied + 100)
    assert (position(made, "bob").unrealized, money(made, "bob")) == (0, begun - 100)
    assert position(made).entry_price == 20_000
    move(made, 20_150)
    assert position(made).unrealized == 50
    assert_balanced(made)
    place(made, "bob", "buy", 20_150, 1, leverage=100)
    place(made, "ann", "sell", 20_150, 1, leverage=10)
    assert money(made) == begun + 150
    assert made.closed_positions("ann")[0].realized == 150
    assert money(made, "bob") == begun - 150
    assert made.markets[LINEAR].contract.clearing.get("USDT") == owed(made)
    assert_balanced(made)


def owed(made: Any) -> Any:
    """What is owed is what the positions that are left cost."""
    contract = made.markets[LINEAR].contract
    return -sum((holding.basis for holding in contract.holdings.values()), D(0))


@pytest.mark.parametrize(("price", "moved"), [(20_010, 10), (20_009.75, 0), (19_990, -10), (19_990.25, 0)])
def test_what_is_less_than_the_least_stays(price: Any, moved: int) -> None:
    made = made_with()
    begun = money(made)
    deal(made, 20_000, 1, leverage=10)
    move(made, price)
    made.clock.advance(FIRST)
    assert money(made) == begun + moved
    assert position(made).unrealized == D(str(price)) - 20_000 - moved
    assert_balanced(made)


def test_parts_that_are_closed_take_their_share_of_what_was_moved() -> None:
    made = made_with()
    begun = money(made)
    deal(made, 20_000, 1, leverage=10)
    move(made, 20_100)
    made.clock.advance(FIRST)
    place(made, "bob", "buy", 20_100, "0.25", leverage=100)
    place(made, "ann", "sell", 20_100, "0.25", leverage=10)
    assert (money(made), position(made).realized, position(made).unrealized) == (begun + 100, 25, 0)
    move(made, 20_000)
    assert position(made).unrealized == -75
    assert_balanced(made)


def test_where_it_is_liquidated_does_not_depend_on_where_its_profit_is() -> None:
    made = made_with()
    made.open_account("eve", {"USDT": D(3000)})
    deal(made, 20_000, 1, "eve", leverage=10)
    move(made, 20_200)
    before = position(made, "eve").liquidation_price
    made.clock.advance(FIRST)
    assert position(made, "eve").unrealized == 0
    assert position(made, "eve").liquidation_price == before
    move(made, 17_200)
    assert not made.closed_positions("eve")
    move(made, 17_000)
    assert made.closed_positions("eve")[0].reason == "liquidated"
    assert_balanced(made)


def test_nothing_is_moved_where_the_market_says_nothing_of_it() -> None:
    made = engine(linear(taker_fee=D(0), maker_fee=D(0), basis=0))
    deal(made, 20_000, 1, leverage=10)
    move(made, 20_100)
    made.clock.advance(4 * QUARTER)
    assert position(made).unrealized == 100


def test_nothing_is_looked_at_until_something_may_be_due(monkeypatch: pytest.MonkeyPatch) -> None:
    made = made_with()
    made.warm_up()
    made.margin_account("ann")
    looks: list[int] = []
    look = Market.next_change

    def counted(self: Market) -> Any:
        looks.append(1)
        return look(self)

    monkeypatch.setattr(Market, "next_change", counted)
    for _ in range(3):
        made.clock.elapse(1000)
        made.margin_account("ann")
    assert not looks
    begun = money(made)
    deal(made, 20_000, 1, leverage=10)  # its profit is due earlier than anything was at the last look
    move(made, 20_100)
    made.clock.elapse(FIRST - 3000)
    assert money(made) == begun + 100
    assert looks
