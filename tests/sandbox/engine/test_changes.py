"""Markets whose rules change, that are halted, and that end."""

from __future__ import annotations

import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.sandbox.engine import Engine, Market, Order
from ccxt_ext.sandbox.engine.exact import units
from tests.sandbox.engine.contract_trading import deal, place, refused
from tests.sandbox.engine.small_venue import HOUR, START_MS, assert_balanced, contract, engine, spec

D = Decimal
HORIZONS = [(60_000, 20)]


def first(made: Engine) -> Market:
    return next(iter(made.markets.values()))


def change(made: Engine, **rules: Any) -> None:
    market = first(made)
    given = {name: D(value) if isinstance(value, str) else value for name, value in rules.items()}
    made.change_market(market.spec.id, market.spec.changed(**given))


def standing(made: Engine) -> list[Order]:
    market = first(made)
    return [*market.standing("buy"), *market.standing("sell")]


def sorted_book(made: Engine) -> None:
    bids, asks = first(made).book()
    assert [level.price for level in bids] == sorted((level.price for level in bids), reverse=True)
    assert [level.price for level in asks] == sorted(level.price for level in asks)
    assert not bids or not asks or bids[0].price < asks[0].price
    for side, levels in (("buy", bids), ("sell", asks)):
        total = sum(order.remaining for order in first(made).standing(side))  # type: ignore[arg-type]
        assert total == sum(level.amount for level in levels)


def test_orders_must_keep_to_the_new_steps_and_old_ones_stay() -> None:
    made = engine()
    old = place(made, "ann", "buy", "99.97", "0.3")
    change(made, tick="0.05", step="0.2", min_amount="0.4")
    assert old.status == "open"
    refused("price_precision", lambda: place(made, "bob", "sell", "99.97", "0.4"))
    refused("amount_precision", lambda: place(made, "bob", "sell", "99.95", "0.5"))
    refused("too_small", lambda: place(made, "bob", "sell", "99.95", "0.2"))
    place(made, "ann", "buy", "99.95", "0.4")
    assert [level.price for level in first(made).book()[0]] == [D("99.97"), D("99.95")]
    sold = place(made, "bob", "sell", "99.95", "0.4")
    assert [fill.price for fill in reversed(made.fills("bob", order_id=sold.id))] == [D("99.97"), D("99.95")]
    assert [fill.amount for fill in reversed(made.fills("bob", order_id=sold.id))] == [D("0.3"), D("0.1")]
    assert_balanced(made)


def test_finer_steps_keep_the_book_in_order() -> None:
    made = engine()
    for price in ("99.97", "99.5", "98"):
        place(made, "ann", "buy", price, "0.3")
    waiting = place(made, "ann", "buy", "100.02", "0.3", trigger_price="100.01")
    change(made, tick="0.003", step="0.01", min_amount="0.01")
    better = place(made, "ann", "buy", "99.972", "0.01")
    assert [level.price for level in first(made).book()[0]][:2] == [better.price, D("99.97")]
    refused("price_precision", lambda: place(made, "bob", "sell", "99.97", "0.1"))
    change(made, tick="0.01")
    place(made, "bob", "sell", "100.01", "0.3")
    place(made, "ann", "buy", "100.01", "0.1")
    assert waiting.triggered
    place(made, "bob", "sell", "100.02", "0.3")
    assert made.fills("ann")[0].order_id == waiting.id
    assert first(made).last_price == D("100.02")
    sorted_book(made)
    assert_balanced(made)


@pytest.mark.parametrize("tick", ["1", "0.25", "0.001", "0.07"])
def test_makers_of_a_still_book_move_onto_the_new_steps(tick: str) -> None:
    made = engine(spec(typical_amount=D(3)), horizons=HORIZONS)
    mine = place(made, "ann", "buy", first(made).book()[0][3].price, "0.1")
    change(made, tick=tick, step="0.5", min_amount="0.5")
    for order in standing(made):
        if order.id != mine.id:
            assert units(order.limit, D(tick)) is not None
            assert units(order.remaining, D("0.5")) is not None
    assert mine.status == "open" and mine.remaining == D("0.1")
    assert len(first(made).book()[0]) >= 3
    sorted_book(made)
    assert_balanced(made)


@settings(max_examples=15)
@given(st.lists(st.sampled_from(("1", "0.5", "0.25", "0.01", "0.003", "0.0001")), min_size=1, max_size=4))
def test_traders_go_on_through_changes_of_the_tick(ticks: list[str]) -> None:
    made = engine(spec(typical_amount=D(3)), horizons=HORIZONS)
    made.live = True
    for tick in ticks:
        change(made, tick=tick)
        before = first(made).trades(1)[0].id
        for _ in range(12):
            made.step_traders()
            sorted_book(made)
        trades = first(made).trades(5)
        assert trades[0].id > before
        for side in ("buy", "sell"):
            for order in first(made).standing(side):
                assert units(order.limit, D(tick)) is not None
        assert D(80) < trades[0].price < D(125)
    candles = first(made).candles(60_000, START_MS - 1_200_000, START_MS + 60_000)
    assert all(each.low <= each.close <= each.high for each in candles)
    assert_balanced(made)
    pickle.loads(pickle.dumps(made))


@pytest.mark.parametrize("factor", ["0.0005", "0.002", "0.01"])
def test_what_open_orders_hold_follows_the_fees(factor: str) -> None:
    made = engine(spec(fee_on="quote"))
    for price in ("90", "80"):
        place(made, "ann", "buy", price, "10")
    waiting = place(made, "ann", "buy", "120", "10", trigger_price="110")
    change(made, maker_fee="0", taker_fee=factor)
    held = (D(900) + D(800) + D(1200)) * (1 + D(factor))
    assert made.balances("ann")["BBB"].held == held
    made.cancel("ann", waiting.id)
    place(made, "bob", "sell", "80", "20")
    assert made.balances("ann")["BBB"] == (D(10_000) - 1700, 0)
    assert made.balances("bob")["BBB"].free == D(10_000) + 1700 * (1 - D(factor))
    assert_balanced(made)


def test_what_an_account_cannot_pay_for_after_a_rise_of_fees_is_cancelled() -> None:
    made = engine(spec(fee_on="quote"))
    kept = place(made, "ann", "buy", "99", "90")
    lost = place(made, "ann", "buy", "10", "107")
    assert made.balances("ann")["BBB"].free < 8
    change(made, taker_fee="0.003")
    assert (kept.status, lost.status, lost.reason) == ("open", "canceled", "insufficient_funds")
    assert made.balances("ann")["BBB"].held == D(8910) * D("1.003")
    assert_balanced(made)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(50, 99), st.integers(1, 60)), max_size=8),
    st.lists(st.sampled_from(("0", "0.001", "0.003", "0.01", "0.2")), min_size=1, max_size=4),
)
def test_held_money_is_exact_through_any_changes_of_fees(
    orders: list[tuple[int, int]], fees: list[str]
) -> None:
    made = engine(spec(fee_on="quote"))
    for fee in fees:
        for price, amount in orders:
            if made.balances("ann")["BBB"].free >= price * amount * D("1.25"):
                place(made, "ann", "buy", price, amount)
        change(made, taker_fee=fee)
        factor = 1 + max(D("0.001"), D(fee))
        expected = sum((order.limit * order.remaining for order in made.orders("ann", None, ("open",))), D(0))
        assert made.balances("ann")["BBB"].held == expected * factor
        assert_balanced(made)
    made.cancel_all("ann")
    assert made.balances("ann")["BBB"] == (10_000, 0)


def test_a_halted_market_takes_no_orders_and_nothing_happens_in_it() -> None:
    made = engine(contract(kind="linear", market="BTC_USDT"))
    deal(made, 4000, 100, leverage=10)
    mine = place(made, "ann", "sell", "4100", 10)
    waits = place(made, "bob", "buy", None, 5, type="market", trigger_price="4050", trigger_by="last")
    made.set_exits("ann", "BTC_USDT", D(3990), None)
    change(made, active=False)
    refused("market_closed", lambda: place(made, "bob", "buy", "4100", 10))
    assert mine.status == waits.status == "open"
    made.clock.advance(8 * HOUR)
    assert made.funding_payments("ann")
    assert made.positions("ann")
    made.cancel("ann", mine.id)
    change(made, active=True)
    deal(made, 4060, 1)
    assert waits.triggered
    assert_balanced(made)


def test_a_funding_rate_holds_from_the_present_interval_on() -> None:
    made = engine(contract(kind="linear", market="BTC_USDT", funding_rate=None))
    deal(made, 4000, 1000, leverage=10)
    made.clock.advance(8 * HOUR)
    drawn = first(made).past_funding_rates(3)
    change(made, funding_rate="0.05")
    assert first(made).funding_rate == D("0.05")
    assert first(made).past_funding_rates(3) == drawn
    made.clock.advance(8 * HOUR)
    assert made.funding_payments("ann")[0].rate == D("0.05")
    assert first(made).past_funding_rates(2) == [(drawn[0][0] + 8 * HOUR, D("0.05")), drawn[0]]
    change(made, funding_rate=None)
    assert abs(first(made).funding_rate or 1) < D("0.0075")
    assert first(made).past_funding_rates(1)[0][1] == D("0.05")
    assert_balanced(made)


def test_higher_fees_of_a_contract_need_more_margin_for_orders() -> None:
    made = engine(contract(kind="linear", market="BTC_USDT"))
    place(made, "ann", "buy", 4000, 1000, leverage=10)
    before = made.order_margin("ann", "BTC_USDT")
    change(made, taker_fee="0.01")
    assert made.order_margin("ann", "BTC_USDT") == before + 40
    deal(made, 4000, 10, buyer="bob", seller="ann")
    assert_balanced(made)


def test_a_spot_market_that_ends_frees_what_its_orders_held() -> None:
    made = engine(spec(), spec("CCC_BBB"))
    mine = place(made, "ann", "buy", "90", "10")
    waits = place(made, "ann", "sell", "80", "1", trigger_price="85")
    place(made, "bob", "sell", "90", "3")
    made.delist_market("AAA_BBB")
    assert (mine.status, mine.reason, waits.status) == ("canceled", "delisted", "canceled")
    assert made.balances("ann")["BBB"] == (D(10_000) - 270, 0)
    assert list(made.markets) == ["CCC_BBB"]
    assert "AAA_BBB" not in made.markets and made.markets["AAA_BBB"].is_listed is False
    refused("unknown_market", lambda: place(made, "ann", "buy", "90", "1", market="AAA_BBB"))
    assert [order.id for order in made.orders("ann")] == [waits.id, mine.id]
    assert len(made.fills("ann", "AAA_BBB")) == 1
    assert first(made).trades() == []
    with pytest.raises(ValueError, match="two markets are called AAA_BBB"):
        made.list_market(spec())
    made.step_traders()
    assert_balanced(made)


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("kind", ["linear", "inverse"])
def test_a_contract_that_ends_is_settled(kind: str, keep: bool) -> None:
    name = "BTC_USDT" if kind == "linear" else "BTC_USD"
    made = engine(contract(name, kind))
    deal(made, 4000, 1000, leverage=10)
    deal(made, 4200, 10)
    mine = place(made, "ann", "sell", 4300, 10)
    made.delist_market(name, keep)
    assert mine.status == "canceled"
    assert made.positions("ann") == made.positions("bob") == []
    closed = made.closed_positions("ann")[0]
    assert (closed.reason, closed.close_price) == ("settled", D(4200))
    assert (name in made.markets) is keep
    reason = "market_closed" if keep else "unknown_market"
    refused(reason, lambda: made.place("bob", name, "buy", D(4000), D(1)))
    paid = len(made.funding_payments("ann"))
    made.clock.advance(24 * HOUR)
    assert len(made.funding_payments("ann")) == paid
    assert_balanced(made)
    pickle.loads(pickle.dumps(made))


def test_no_trigger_fires_while_a_market_is_halted() -> None:
    made = engine(contract(kind="linear", market="BTC_USDT"))
    deal(made, 4000, 1)
    low = place(made, "ann", "sell", 3990, 10)
    waits = place(made, "bob", "buy", 4100, 1, trigger_price="4000", trigger_by="mark")
    assert first(made).mark_price == 3990
    change(made, active=False)
    made.cancel("ann", low.id)
    assert first(made).mark_price == 4000
    assert not waits.triggered
    change(made, active=True)
    assert waits.triggered
