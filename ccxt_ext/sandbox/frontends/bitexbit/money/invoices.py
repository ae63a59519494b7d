"""Invoices. Each is paid after a while, as if by somebody outside."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend.engine import add, multiply, subtract
from ccxt_ext.sandbox.frontends.bitexbit.formats import iso, text
from ccxt_ext.sandbox.frontends.bitexbit.money.bank import Bank, Deposit, check_limits
from ccxt_ext.sandbox.frontends.bitexbit.money.conversions import Conversions, conversion_fields
from ccxt_ext.sandbox.frontends.bitexbit.money.deposits import CONFIRMED
from ccxt_ext.sandbox.frontends.bitexbit.parameters import BadField, optional_amount, positive_amount

PAID_AFTER_MS = 60_000


@dataclass
class Invoice:
    account: str
    slug: str
    fields: Mapping[str, Any]
    amount: Decimal
    created: int
    deposit: Deposit | None = None
    conversion: dict[str, Any] | None = None

    def row(self) -> dict[str, Any]:
        return {
            "slug": self.slug,
            "ticker": self.fields["ticker"],
            "network": self.fields["network"],
            "amount": self.amount,
            "callback_url": self.fields.get("callback_url"),
            **conversion_fields(self.fields),
            "created_at": iso(self.created),
        }

    def paid_row(self) -> dict[str, Any]:
        """The row of one that is paid."""
        assert self.deposit is not None
        return {
            "date": iso(self.deposit.time),
            "amount": text(self.deposit.amount),
            "fee": text(subtract(self.amount, self.deposit.amount)),
            "ticker": self.fields["ticker"],
            "network": self.fields["network"],
            "status": CONFIRMED,
            "txid": str(361_865_033 + self.deposit.number),
            "convert": self.conversion,
            "created_at": iso(self.created),
        }


class Invoices:
    def __init__(self, bank: Bank, conversions: Conversions) -> None:
        self._bank = bank
        self._conversions = conversions
        self._number = 0
        self._of: dict[str, list[Invoice]] = {}
        """By account, oldest first."""
        self._paid_of: dict[str, list[Invoice]] = {}
        """The same, but those that are paid."""
        self._unpaid: deque[Invoice] = deque()

    def create(self, account: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        method = self._bank.payment_method(fields, "is_deposit_enabled")
        amount = positive_amount(fields, "amount")
        check_limits(amount, method, "deposit")
        if not fields.get("client_ip"):
            raise BadField("client_ip", "This field is required.")
        slug = self._bank.digest("invoice", account, self._number)[:36]
        self._number += 1
        invoice = Invoice(account, slug, fields, amount, self._bank.now())
        self._of.setdefault(account, []).append(invoice)
        self._unpaid.append(invoice)
        row = invoice.row()
        del row["callback_url"]
        urls = {
            "proceed_url": f"https://www.bitexbit.com/pay/{slug}",
            "payment_url": fields.get("payment_url"),
        }
        return {**dict(list(row.items())[:4]), **urls, **dict(list(row.items())[4:])}

    def of(self, account: str) -> Sequence[Invoice]:
        """Oldest first."""
        return self._of.get(account, [])

    def paid_of(self, account: str) -> Sequence[Invoice]:
        """Those that are paid, oldest first."""
        return self._paid_of.get(account, [])

    def next_payment(self) -> int | None:
        """When the next one is paid."""
        return self._unpaid[0].created + PAID_AFTER_MS if self._unpaid else None

    def pay_due(self) -> None:
        while self._unpaid and self._bank.now() >= self._unpaid[0].created + PAID_AFTER_MS:
            invoice = self._unpaid.popleft()
            self._pay(invoice)
            self._paid_of.setdefault(invoice.account, []).append(invoice)

    def _pay(self, invoice: Invoice) -> None:
        fields = invoice.fields
        method = self._bank.payment_methods[fields["ticker"], fields["network"]]
        rate, fixed = Decimal(method["deposit_fee_rate"]), Decimal(method["deposit_fee_amount"])
        net = subtract(invoice.amount, add(fixed, multiply(invoice.amount, rate)))
        invoice.deposit = self._bank.deposit(invoice.account, method["ticker"], net, of_invoice=True)
        wanted = fields.get("convert_ticker")
        if wanted:
            percent = optional_amount(fields, "convert_percent")
            made = self._conversions.convert(invoice.account, method["ticker"], str(wanted), net, percent)
            invoice.conversion = made and {
                **made,
                "amount": text(made["amount"]),
                "price": text(made["price"]),
                "side": made["side"].upper(),
            }
