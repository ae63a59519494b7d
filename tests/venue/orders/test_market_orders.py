"""Market orders as limit orders: how far from the best price they may go."""

from decimal import Decimal

import ccxt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccxt_ext.venue.orders.market_orders import slippage_of, worst_price


@pytest.mark.parametrize(
    ("side", "best", "slippage", "step", "limit"),
    [
        ("buy", "100", "0.01", "0.5", "101"),
        ("buy", "100", "0.0149", "0.5", "101"),
        ("sell", "100", "0.0149", "0.5", "99"),
        ("sell", "0.00000100", "0.5", "0.00000001", "0.0000005"),
        ("buy", "100", "0", "0.5", "100"),
        ("buy", "100.2", "0.001", "0.5", "100.2"),  # it is in the book
        ("sell", "7", "0.01", None, "6.93"),
    ],
)
def test_the_limit(side, best, slippage, step, limit):
    assert Decimal(worst_price(side, best, Decimal(slippage), step)) == Decimal(limit)


prices = st.decimals("0.00000001", "1000000", places=8)


@given(st.sampled_from(["buy", "sell"]), prices, st.decimals(0, "0.99", places=4), prices)
def test_it_crosses_and_goes_no_further_than_allowed(side, best, slippage, step):
    limit = Decimal(worst_price(side, format(best, "f"), slippage, format(step, "f")))
    if side == "buy":
        assert best <= limit <= best * (1 + slippage)
    else:
        assert best >= limit >= best * (1 - slippage)


NO_SLIPPAGES = (None, -0.1, 1, "much", True, "nan")


@pytest.mark.parametrize("option", [{}, True, 0.01, *({"slippage": told} for told in NO_SLIPPAGES)], ids=str)
def test_a_slippage_that_is_none(option):
    with pytest.raises(ccxt.BadRequest, match="slippage"):
        slippage_of("venue", option)


@pytest.mark.parametrize("told", [0.01, "0.01", Decimal("0.01")])
def test_a_slippage_as_people_write_it(told):
    assert slippage_of("venue", {"slippage": told}) == Decimal("0.01")
