"""What everything that moves money needs: currencies, payment methods, numbers, the venue's own accounts.

Money that leaves goes to one of those accounts, so that the ledger still has it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import Refusal
from ccxt_ext.sandbox.frontend.engine import Engine, Refused
from ccxt_ext.sandbox.frontends.bitexbit.currencies import CURRENCIES, Currency
from ccxt_ext.sandbox.frontends.bitexbit.formats import text
from ccxt_ext.sandbox.frontends.bitexbit.parameters import BadField

WITHDRAWN = "withdrawn"
ESCROW = "escrow"
"""Holds money until it is known who gets it."""
FIRST_NUMBER = 317


@dataclass
class Deposit:
    number: int
    account: str
    currency: str
    amount: Decimal
    time: int


class Bank:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.uids: dict[str, str] = {}
        """The names by which other users send money to an account."""
        self.currencies: dict[str, Currency] = {}
        self.payment_methods: dict[tuple[str, str], dict[str, Any]] = {}
        for currency in CURRENCIES.values():
            self.add_currency(currency)
        self._next_number = FIRST_NUMBER
        self._numbered = 0
        """How many of the engine's deposits have a number."""
        self._deposits: dict[tuple[str, bool], list[Deposit]] = {}
        """By account, and by whether they are those of invoices too, oldest first."""
        engine.open_account(WITHDRAWN, {})
        engine.open_account(ESCROW, {})

    def add_currency(self, currency: Currency) -> None:
        self.currencies[currency.code] = currency
        self.payment_methods.update(
            {(row["ticker"], row["network"]): row for row in currency.payment_methods()}
        )

    def now(self) -> int:
        return self._engine.clock.now()

    def digest(self, *what: object) -> str:
        """64 hexadecimal digits: addresses, slugs and codes are made of them."""
        start = self._engine.clock.start_ms
        return hashlib.sha256(f"{self._engine.venue} {start} {what}".encode()).hexdigest()

    def next_number(self) -> int:
        """Deposits, withdrawals and coupons are numbered together, in the order in which they come."""
        self._number_deposits()
        return self._take_number()

    def _take_number(self) -> int:
        number = self._next_number
        self._next_number += 1
        return number

    # moving money

    def deposits(self, account: str, of_invoices: bool = True) -> Sequence[Deposit]:
        """The deposits of an account, oldest first, with or without those that paid an invoice."""
        self._number_deposits()
        return self._deposits.get((account, of_invoices), [])

    def _number_deposits(self, of_invoice: bool = False) -> None:
        """Give a number to each deposit that has none yet."""
        for made in self._engine.deposits[self._numbered :]:
            deposit = Deposit(self._take_number(), made.account, made.currency, made.amount, made.timestamp)
            self._deposits.setdefault((made.account, True), []).append(deposit)
            if not of_invoice:
                self._deposits.setdefault((made.account, False), []).append(deposit)
            self._numbered += 1

    def deposit(self, account: str, currency: str, amount: Decimal, of_invoice: bool = False) -> Deposit:
        self._number_deposits()
        self._engine.deposit(account, currency, amount)
        self._number_deposits(of_invoice)
        return self._deposits[account, True][-1]

    def take(self, account: str, target: str, currency: str, amount: Decimal) -> None:
        """Move money from an account to one of the venue's own."""
        try:
            self._engine.pay(account, target, currency, amount)
        except Refused:
            raise Refusal(400, "Out of balance") from None

    def release(self, account: str, currency: str, amount: Decimal) -> None:
        """Move money from escrow to an account."""
        self._engine.pay(ESCROW, account, currency, amount)

    def funds(self, account: str, currencies: Sequence[str]) -> list[dict[str, Any]]:
        balances = self._engine.balances(account)
        return [
            {"symbol": c, "available": text(balances[c].free), "reserved": text(balances[c].held)}
            for c in currencies
        ]

    # what the fields of a request name

    def currency(self, fields: Mapping[str, Any], name: str) -> str:
        code = fields.get(name)
        if not isinstance(code, str) or code not in self.currencies:
            raise BadField(name, "Unknown currency.")
        return code

    def payment_method(self, fields: Mapping[str, Any], flag: str) -> dict[str, Any]:
        """The payment method that the fields name. `flag` names the field which says that it is enabled."""
        for name in ("ticker", "network"):
            if not fields.get(name):
                raise BadField(name, "This field is required.")
        method = self.payment_methods.get((str(fields["ticker"]), str(fields["network"])))
        if method is None or not method[flag]:
            raise BadField("network", "The payment method is not available.")
        return method


def check_limits(amount: Decimal, method: Mapping[str, Any], way: str) -> None:
    """`way` is deposit or withdraw."""
    least, most = Decimal(method[f"min_{way}"]), Decimal(method[f"max_{way}"])
    if not least <= amount <= most:
        raise BadField("amount", f"The minimum is {text(least)}, the maximum {text(most)}.")
