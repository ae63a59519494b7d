"""A double-entry ledger: money only ever moves from one bucket to another.

Each wallet has a bucket for free money, one for held money, and one for the outside world, which becomes
negative by what was deposited. Each market has a bucket for its fees, and contract markets have a few more.
So the sum of all buckets is always zero, and all money inside equals what was deposited, to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from .exact import ZERO, add, plain, subtract
from .model import Balance


class Overdrawn(Exception):
    """A posting would take more than there is. This is a mistake of the engine, never of an order."""


class Bucket:
    """Money of one kind and owner, by currency."""

    __slots__ = ("amounts", "may_owe", "name", "owner")

    def __init__(self, owner: str, name: str, may_owe: bool = False) -> None:
        self.owner = owner
        self.name = name
        self.may_owe = may_owe
        self.amounts: dict[str, Decimal] = {}

    def __repr__(self) -> str:
        return f"Bucket({self.owner!r}, {self.name!r})"

    def get(self, currency: str) -> Decimal:
        return self.amounts.get(currency, ZERO)


class Wallet:
    """The buckets of an account's wallet.

    Each wallet has a bucket of deposits of its own, so that a market whose history is made in another thread
    shares no bucket with others. `debt` is what losses on contracts took beyond what is free, as long as
    unrealised profit or another currency covers it.
    """

    __slots__ = ("debt", "deposits", "free", "held")

    def __init__(self, owner: str) -> None:
        self.debt = Bucket(owner, "debt", may_owe=True)
        self.free = Bucket(owner, "free")
        self.held = Bucket(owner, "held")
        self.deposits = Bucket(owner, "deposits", may_owe=True)

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        return self.free, self.held, self.debt, self.deposits

    def net(self, currency: str) -> Decimal:
        """What is free, less what is owed."""
        free, debt = self.free.amounts.get(currency, ZERO), self.debt.amounts.get(currency)
        return add(free, debt) if debt else free

    def balance(self, currency: str) -> Balance:
        return Balance(self.free.amounts.get(currency, ZERO), self.held.amounts.get(currency, ZERO))


class Posting(NamedTuple):
    source: tuple[str, str]
    target: tuple[str, str]
    currency: str
    amount: Decimal


class Ledger:
    """All buckets of a venue. With `journal`, all postings are kept as well."""

    def __init__(self, journal: bool = False) -> None:
        self.journal: list[Posting] | None = [] if journal else None
        self._inside: list[Bucket] = []
        self._outside: list[Bucket] = []

    def open_wallet(self, owner: str) -> Wallet:
        wallet = Wallet(owner)
        self._inside += (wallet.free, wallet.held, wallet.debt)
        self._outside.append(wallet.deposits)
        return wallet

    def open_bucket(self, owner: str, name: str, may_owe: bool = False) -> Bucket:
        bucket = Bucket(owner, name, may_owe)
        self._inside.append(bucket)
        return bucket

    def close_bucket(self, bucket: Bucket) -> None:
        """Remove a bucket that is empty and not needed any more."""
        if any(bucket.amounts.values()):
            raise ValueError(f"{bucket!r} is not empty")
        self._inside.remove(bucket)

    def open_fees(self, market: str) -> Bucket:
        """Open a bucket for fees. It may become negative, as rebates can be more than the fees."""
        return self.open_bucket(market, "fees", may_owe=True)

    def post(self, source: Bucket, target: Bucket, currency: str, amount: Decimal) -> None:
        """Move an amount from one bucket to another. It must not be negative."""
        if amount <= ZERO:
            if amount < ZERO:
                raise ValueError(f"negative posting of {amount} {currency}")
            return
        left = subtract(source.amounts.get(currency, ZERO), amount)
        if left < ZERO and not source.may_owe:
            raise Overdrawn(f"{source!r} lacks {plain(left.copy_abs())} {currency}")
        source.amounts[currency] = left
        target.amounts[currency] = add(target.amounts.get(currency, ZERO), amount)
        if self.journal is not None:
            self.journal.append(
                Posting((source.owner, source.name), (target.owner, target.name), currency, amount)
            )

    def deposit(self, wallet: Wallet, currency: str, amount: Decimal) -> None:
        self.give(wallet.deposits, wallet, currency, amount)

    def take(self, wallet: Wallet, target: Bucket, currency: str, amount: Decimal) -> None:
        """Take an amount from a wallet. What is not free becomes a debt."""
        free = min(amount, wallet.free.get(currency))
        self.post(wallet.free, target, currency, free)
        self.post(wallet.debt, target, currency, subtract(amount, free))

    def give(self, source: Bucket, wallet: Wallet, currency: str, amount: Decimal) -> None:
        """Give an amount to a wallet. Its debt is paid first."""
        owed = min(amount, wallet.debt.get(currency).copy_negate())
        self.post(source, wallet.debt, currency, owed)
        self.post(source, wallet.free, currency, subtract(amount, owed))

    def totals(self) -> Mapping[str, tuple[Decimal, Decimal]]:
        """For each currency, the sum of all buckets and the sum of all deposits."""
        inside, outside = _sums(self._inside), _sums(self._outside)
        return {
            currency: (inside.get(currency, ZERO), outside.get(currency, ZERO).copy_negate())
            for currency in sorted(inside.keys() | outside.keys())
        }


def _sums(buckets: Iterable[Bucket]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for bucket in buckets:
        for currency, amount in bucket.amounts.items():
            sums[currency] = add(sums.get(currency, ZERO), amount)
    return sums
