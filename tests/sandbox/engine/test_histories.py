"""A market that begins with the history of an earlier one is as if it had made its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

import pytest

from ccxt_ext.sandbox import world as world_module
from ccxt_ext.sandbox.engine import Engine, Market
from ccxt_ext.sandbox.engine.accounts import Account
from ccxt_ext.sandbox.engine.model import SIDES, MarketSpec, Order
from ccxt_ext.sandbox.engine.synthetic import beginning as module
from ccxt_ext.sandbox.engine.synthetic.histories import Histories
from ccxt_ext.sandbox.engine.trading.matching import Matching
from ccxt_ext.sandbox.settings import Settings
from ccxt_ext.sandbox.world import World
from tests.sandbox.engine.small_venue import MINUTE, START_MS, HandClock, contract, spec

DAY_MS = 86_400_000
HORIZONS = [(MINUTE, 30), (60 * MINUTE, 30)]


@pytest.fixture(autouse=True)
def none_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests' histories stay for those that come."""
    monkeypatch.setattr(module, "HISTORIES", Histories(80))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The markets whose history was made here, not copied. Sandboxes of other tests may make some."""
    names: list[str] = []
    make = module.make_history
    here = threading.current_thread()

    def noted(matching: Matching, *rest: Any) -> None:
        if threading.current_thread() is here:
            names.append(matching.spec.id)
        make(matching, *rest)

    monkeypatch.setattr(module, "make_history", noted)
    return names


def state(market: Market, start_ms: int) -> dict[str, Any]:
    orders = [asdict(order) for side in SIDES for order in market.standing(side)]
    for order in orders:
        order["created"] -= start_ms
        order["updated"] -= start_ms
    ticker = market.ticker()
    buckets = market.beginning.buckets()
    return {
        "trades": [(*trade[:5], trade.timestamp - start_ms) for trade in market.trades()],
        "orders": orders,
        "book": market.book(),
        "ticker": ticker,
        "money": [(bucket.owner, bucket.name, dict(bucket.amounts)) for bucket in buckets],
        "positions": market.contract and dict(market.contract.holdings.synthetic),
        "seq": market.seq,
        "interest": market.open_interest,
        "next trade": market.matching.next_trade_id,
        "next order": market.crowd.next_order_id,
    }


def test_markets_of_all_venues(made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world_module, "Clock", HandClock)
    states, ledgers = [], []
    for start_ms in (START_MS, START_MS + 5 * DAY_MS + 12_345):
        world = World(Settings(seed=5, start_ms=start_ms))
        states.append(
            {
                (venue, id): state(market, market.clock.start_ms)
                for venue, frontend in world.frontends.items()
                for id, market in frontend.engine.markets.items()
            }
        )
        ledgers.append({venue: frontend.engine.ledger() for venue, frontend in world.frontends.items()})
    assert len(made) == len(states[0]) > 30
    assert states[1] == states[0]
    assert ledgers[1] == ledgers[0]


def engine(*, seed: int = 3, start_ms: int = START_MS, horizons: Any = HORIZONS, **changes: Any) -> Engine:
    return Engine("test", [replace(spec(), **changes)], HandClock(start_ms), seed, horizons)


def test_it_goes_on_alike(made: list[str]) -> None:
    told = []
    for _ in range(2):
        each = engine()
        each.open_account("ann", {"AAA": Decimal(1000), "BBB": Decimal(1_000_000)})
        events: list[Any] = []
        each.subscribe(events.append)
        for number in range(200):
            each.step_traders()
            if number % 20 == 0:
                market = each.markets["AAA_BBB"]
                each.place("ann", "AAA_BBB", "buy", market.best_ask, market.spec.min_amount)
        told.append((events, each.ledger(), each.fills("ann"), each.markets["AAA_BBB"].trades()))
    assert made == ["AAA_BBB"]
    assert told[1] == told[0]
    assert len(told[0][0]) > 1000


@pytest.mark.parametrize(
    "market",
    [
        spec(),
        spec(fee_on="quote"),
        spec(maker_fee=Decimal("-0.0001")),
        spec(maker_fee=Decimal("-0.0001"), fee_on="quote", taker_fee=Decimal(0)),
        spec(maker_fee=Decimal(0), taker_fee=Decimal(0)),
        spec(step=Decimal("0.3"), min_amount=Decimal(1), tick=Decimal("2.5"), start_price=Decimal("12.5")),
        spec(typical_amount=Decimal(900)),
        contract(),
        contract(kind="linear"),
        contract(kind="linear", tick=Decimal("0.25"), taker_fee=Decimal("0.00075"), settle_digits=2),
        contract(taker_fee=Decimal("0.00075"), settle_digits=4, typical_amount=Decimal(40_000)),
        contract(maker_fee=Decimal("-0.0001"), taker_fee=Decimal("0.0005")),
    ],
    ids=lambda market: f"{market.kind} {market.fee_on} {market.maker_fee}",
)
@pytest.mark.parametrize("poor", [False, True])
def test_it_is_as_if_all_its_orders_had_been_placed(
    monkeypatch: pytest.MonkeyPatch, market: MarketSpec, poor: bool
) -> None:
    def place(
        self: Matching, makers: Sequence[tuple[Order, Account]], taker: tuple[Order, Account], now: int
    ) -> None:
        for order, account in (*makers, taker):
            self.submit(order, account, now)
        assert not self.book.bids and not self.book.asks

    states = []
    for clear in (None, Matching.clear, place):
        monkeypatch.setattr(module, "HISTORIES", Histories(80))
        if clear is not None:
            monkeypatch.setattr(module, "barter_of", lambda *_: None)
            monkeypatch.setattr(Matching, "clear", clear)
        each = Engine("test", [market], HandClock(START_MS), 3, HORIZONS)
        for trader in each.markets[market.id].crowd.accounts if poor else ():
            for currency, amount in list(trader.wallet.free.amounts.items()):
                each.book_keeping.post(trader.wallet.free, trader.wallet.deposits, currency, amount)
        states.append((state(each.markets[market.id], START_MS), each.ledger()))
    assert states[0] == states[1] == states[2]
    assert len(states[0][0]["trades"]) > 60


def test_what_becomes_of_one_is_nothing_to_the_next() -> None:
    first = engine()
    fresh = state(first.markets["AAA_BBB"], START_MS)
    first.open_account("ann", {"AAA": Decimal(1000), "BBB": Decimal(1_000_000)})
    for _ in range(100):
        first.step_traders()
    assert state(first.markets["AAA_BBB"], START_MS) != fresh
    for _ in range(2):
        other = engine()
        assert state(other.markets["AAA_BBB"], START_MS) == fresh
        for _ in range(100):
            other.step_traders()


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 4},
        {"horizons": [(MINUTE, 31), (60 * MINUTE, 30)]},
        {"start_price": Decimal("101")},
        {"taker_fee": Decimal("0.003")},
        {"id": "BBB_AAA"},
    ],
)
def test_another_market_has_a_past_of_its_own(made: list[str], changes: dict[str, Any]) -> None:
    engine().warm_up()
    other = engine(**changes)
    other.warm_up()
    assert len(made) == 2


def test_with_a_journal_every_posting_is_made(made: list[str]) -> None:
    engine().warm_up()
    other = Engine("test", [spec()], HandClock(START_MS), 3, HORIZONS, journal=True)
    other.warm_up()
    assert len(made) == 2
    assert other.book_keeping.journal


def test_of_many_the_latest_are_kept() -> None:
    history = engine().markets["AAA_BBB"].beginning.history(START_MS)
    histories = Histories(2)
    for number in range(4):
        histories.keep(number, history._replace(seq=number))
    kept = [histories.get(number) for number in range(4)]
    assert [each and each.seq for each in kept] == [None, None, 2, 3]


def test_engines_in_several_threads() -> None:
    engines = [engine(start_ms=START_MS + number) for number in range(6)]
    threads = [threading.Thread(target=each.warm_up) for each in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = [state(each.markets["AAA_BBB"], START_MS + number) for number, each in enumerate(engines)]
    assert all(each == states[0] for each in states)
