from __future__ import annotations

from collections import defaultdict
from decimal import Decimal, Inexact

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccxt_ext.sandbox.engine import Overdrawn, plain
from ccxt_ext.sandbox.engine.exact import EXACT, add, multiply, units
from ccxt_ext.sandbox.engine.ledger import Ledger

AMOUNTS = st.decimals("0", "1e15", places=18)


def test_a_posting_moves_money_and_makes_none() -> None:
    ledger = Ledger(journal=True)
    ann, bob = ledger.open_wallet("ann"), ledger.open_wallet("bob")
    ledger.deposit(ann, "XYZ", Decimal("1.5"))
    ledger.post(ann.free, ann.held, "XYZ", Decimal("1.2"))
    ledger.post(ann.held, bob.free, "XYZ", Decimal("0.7"))
    assert ann.balance("XYZ") == (Decimal("0.3"), Decimal("0.5"))
    assert bob.balance("XYZ") == (Decimal("0.7"), Decimal(0))
    assert ledger.totals() == {"XYZ": (Decimal("1.5"), Decimal("1.5"))}
    assert ledger.journal is not None
    assert ledger.journal[-1] == (("ann", "held"), ("bob", "free"), "XYZ", Decimal("0.7"))


def test_a_posting_of_nothing_leaves_no_trace() -> None:
    ledger = Ledger(journal=True)
    ledger.deposit(ledger.open_wallet("ann"), "XYZ", Decimal(0))
    assert (ledger.journal, ledger.totals()) == ([], {})


def test_an_account_can_not_owe() -> None:
    ledger = Ledger()
    ann, bob = ledger.open_wallet("ann"), ledger.open_wallet("bob")
    ledger.deposit(ann, "XYZ", Decimal(1))
    with pytest.raises(Overdrawn, match=r"lacks 0\.000000000000000001 XYZ"):
        ledger.post(ann.free, bob.free, "XYZ", Decimal("1.000000000000000001"))
    assert ann.balance("XYZ").free == 1
    assert bob.balance("XYZ").free == 0


def test_what_is_not_free_can_be_taken_as_a_debt_which_is_paid_first() -> None:
    ledger = Ledger(journal=True)
    ann, fees = ledger.open_wallet("ann"), ledger.open_fees("AAA_BBB")
    ledger.deposit(ann, "XYZ", Decimal(1))
    ledger.take(ann, fees, "XYZ", Decimal("1.5"))
    assert (ann.free.get("XYZ"), ann.debt.get("XYZ"), fees.get("XYZ")) == (0, Decimal("-0.5"), Decimal("1.5"))
    ledger.give(fees, ann, "XYZ", Decimal("0.2"))
    assert (ann.free.get("XYZ"), ann.debt.get("XYZ")) == (0, Decimal("-0.3"))
    ledger.deposit(ann, "XYZ", Decimal(1))
    assert (ann.free.get("XYZ"), ann.debt.get("XYZ")) == (Decimal("0.7"), 0)
    assert ledger.totals() == {"XYZ": (Decimal(2), Decimal(2))}


def test_only_an_empty_bucket_can_be_forgotten() -> None:
    ledger = Ledger()
    ann, bucket = ledger.open_wallet("ann"), ledger.open_bucket("ann", "margin")
    ledger.deposit(ann, "XYZ", Decimal(1))
    ledger.post(ann.free, bucket, "XYZ", Decimal(1))
    with pytest.raises(ValueError, match="not empty"):
        ledger.close_bucket(bucket)
    ledger.post(bucket, ann.free, "XYZ", Decimal(1))
    ledger.close_bucket(bucket)
    assert ledger.totals() == {"XYZ": (Decimal(1), Decimal(1))}


def test_fees_may_owe_what_rebates_cost() -> None:
    ledger = Ledger()
    ann, fees = ledger.open_wallet("ann"), ledger.open_fees("AAA_BBB")
    ledger.post(fees, ann.free, "XYZ", Decimal("0.25"))
    assert fees.get("XYZ") == Decimal("-0.25")
    assert ledger.totals() == {"XYZ": (Decimal(0), Decimal(0))}


def test_a_negative_posting_is_refused() -> None:
    ledger = Ledger()
    ann = ledger.open_wallet("ann")
    with pytest.raises(ValueError, match="negative posting"):
        ledger.deposit(ann, "XYZ", Decimal(-1))


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5), st.integers(0, 5), AMOUNTS), max_size=30))
def test_it_always_balances_and_the_journal_explains_every_bucket(
    moves: list[tuple[int, int, int, Decimal]],
) -> None:
    ledger = Ledger(journal=True)
    wallets = [ledger.open_wallet(name) for name in "abc"]
    buckets = [bucket for wallet in wallets for bucket in (wallet.free, wallet.held)]
    for wallet, source, target, amount in moves:
        ledger.deposit(wallets[wallet], "XYZ", amount)
        try:
            ledger.post(buckets[source], buckets[target], "XYZ", amount)
        except Overdrawn:
            assert buckets[source].get("XYZ") < amount
    total, deposited = ledger.totals().get("XYZ", (Decimal(0), Decimal(0)))
    given_in = Decimal(0)
    for _, _, _, amount in moves:
        given_in = add(given_in, amount)
    assert total == deposited == given_in
    retold: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for posting in ledger.journal or []:
        retold[posting.source] = EXACT.subtract(retold[posting.source], posting.amount)
        retold[posting.target] = add(retold[posting.target], posting.amount)
    for bucket in buckets:
        assert bucket.get("XYZ") == retold[bucket.owner, bucket.name] >= 0


def test_what_would_be_rounded_raises() -> None:
    long = Decimal("1." + "3" * 120)
    with pytest.raises(Inexact):
        multiply(long, long)
    assert multiply(Decimal("0.00051"), Decimal("0.00000001")) == Decimal("5.1E-12")


@pytest.mark.parametrize(
    ("value", "unit", "count"),
    [
        ("1.5", "0.5", 3),
        ("1.50000", "0.5", 3),
        ("1.4", "0.5", None),
        ("0.3", "0.1", 3),
        ("1E+3", "0.01", 100_000),
        ("0." + "3" * 400, "0.1", None),
    ],
)
def test_units(value: str, unit: str, count: int | None) -> None:
    assert units(Decimal(value), Decimal(unit)) == count


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1E+3", "1000"),
        ("1.500", "1.5"),
        ("0E-20", "0"),
        ("1E-8", "0.00000001"),
        ("0." + "1" * 60, "0." + "1" * 60),
    ],
)
def test_plain_text(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text
