"""A double-entry ledger: money only ever moves from one bucket to another.

Each account has a free and a held bucket, each market a bucket for the fees it took, and
the world outside one that goes negative by what was deposited. So the sum of all buckets
is zero at any moment, and what the inside holds equals what was put in, to the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from .exact import ZERO, add, subtract
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
    """The two buckets of an account."""

    __slots__ = ("free", "held")

    def __init__(self, owner: str) -> None:
        self.free = Bucket(owner, "free")
        self.held = Bucket(owner, "held")

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
        self.outside = Bucket("", "deposits", may_owe=True)
        self.journal: list[Posting] | None = [] if journal else None
        self._inside: list[Bucket] = []

    def open_wallet(self, owner: str) -> Wallet:
        wallet = Wallet(owner)
        self._inside += (wallet.free, wallet.held)
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
            raise Overdrawn(f"{source!r} lacks {left.copy_abs()} {currency}")
        source.amounts[currency] = left
        target.amounts[currency] = add(target.amounts.get(currency, ZERO), amount)
        if self.journal is not None:
            self.journal.append(
                Posting((source.owner, source.name), (target.owner, target.name), currency, amount)
            )

    def deposit(self, wallet: Wallet, currency: str, amount: Decimal) -> None:
        self.post(self.outside, wallet.free, currency, amount)

    def totals(self) -> Mapping[str, tuple[Decimal, Decimal]]:
        """For each currency, what all buckets hold and what was ever deposited."""
        inside: dict[str, Decimal] = {}
        for bucket in self._inside:
            for currency, amount in bucket.amounts.items():
                inside[currency] = add(inside.get(currency, ZERO), amount)
        outside = self.outside.amounts
        return {
            currency: (inside.get(currency, ZERO), outside.get(currency, ZERO).copy_negate())
            for currency in sorted(inside.keys() | outside.keys())
        }
