"""What time does to contracts, and what they were before, with figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ccxt_ext.sandbox.engine import (
    BalanceEvent,
    Clock,
    Collateral,
    PositionEvent,
)
from tests.sandbox.engine.contract_trading import (
    INVERSE,
    LINEAR,
    TWO_TIERS,
    D,
    deal,
    linear,
    move,
    place,
    position,
    refused,
)
from tests.sandbox.engine.small_venue import (
    HOUR,
    MINUTE,
    START_MS,
    HandClock,
    assert_balanced,
    contract,
    engine,
    spec,
)

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
    assert sum(book.holdings.synthetic.values()) == 0
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
    made = engine(contract(kind=kind, taker_fee=D("0.01"), maker_fee=D("0.005")))
    market = made.markets[INVERSE]
    crowd = market.crowd
    money = market.spec.settle
    before = [account.wallet.free.get(money) for account in crowd.accounts]
    crowd.place(0, "sell", 8_000, 10_000, START_MS)
    crowd.place(1, "buy", 8_000, 10_000, START_MS)
    seller, buyer = (
        then - account.wallet.free.get(money)
        for then, account in zip(before, crowd.accounts[:2], strict=False)
    )
    assert buyer == D(buyer_pays) + abs(D(buyer_pays)) / 100
    assert seller == -D(buyer_pays) + abs(D(buyer_pays)) / 200
    assert market.open_interest == 10_000
