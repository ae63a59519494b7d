"""A double-entry ledger: money only ever moves from one bucket to another.

Each account has a free and a held bucket, and one for the outside world, which goes
negative by what was deposited. Each market has a bucket for the fees it took. So the sum
of all buckets is zero at any moment, and what the inside holds equals what was put in, to
the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from .exact import ZERO, add, plain, subtract
from .model import Balance


class Overdrawn(Exception):
    """A posting would take more than there is: a mistake in the engine, never in an order."""


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
    """The buckets of an account. Each has deposits of its own, so that a market whose history
    is made in another thread shares no bucket with anybody."""

    __slots__ = ("deposits", "free", "held")

    def __init__(self, owner: str) -> None:
        self.free = Bucket(owner, "free")
        self.held = Bucket(owner, "held")
        self.deposits = Bucket(owner, "deposits", may_owe=True)

    def balance(self, currency: str) -> Balance:
        return Balance(self.free.get(currency), self.held.get(currency))


class Posting(NamedTuple):
    source: tuple[str, str]
    target: tuple[str, str]
    currency: str
    amount: Decimal


class Ledger:
    """All buckets of a venue. With `journal`, every posting is kept as well."""

    def __init__(self, journal: bool = False) -> None:
        self.journal: list[Posting] | None = [] if journal else None
        self._inside: list[Bucket] = []
        self._outside: list[Bucket] = []

    def open_wallet(self, owner: str) -> Wallet:
        wallet = Wallet(owner)
        self._inside += (wallet.free, wallet.held)
        self._outside.append(wallet.deposits)
        return wallet

    def open_fees(self, market: str) -> Bucket:
        """May owe, since a venue that pays rebates can pay more of a currency than it took."""
        fees = Bucket(market, "fees", may_owe=True)
        self._inside.append(fees)
        return fees

    def post(self, source: Bucket, target: Bucket, currency: str, amount: Decimal) -> None:
        """Move an amount, which must not be negative."""
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
        self.post(wallet.deposits, wallet.free, currency, amount)

    def totals(self) -> Mapping[str, tuple[Decimal, Decimal]]:
        """For each currency, what all buckets hold and what was ever deposited."""
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
