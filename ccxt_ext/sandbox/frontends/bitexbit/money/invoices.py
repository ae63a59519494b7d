"""Invoices. Each is paid after a while, as if by somebody outside."""

from __future__ import annotations

from collections.abc import Mapping
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


class Invoices:
    def __init__(self, bank: Bank, conversions: Conversions) -> None:
        self._bank = bank
        self._conversions = conversions
        self._invoices: list[Invoice] = []

    def create(self, account: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        method = self._bank.payment_method(fields, "is_deposit_enabled")
        amount = positive_amount(fields, "amount")
        check_limits(amount, method, "deposit")
        if not fields.get("client_ip"):
            raise BadField("client_ip", "This field is required.")
        slug = self._bank.digest("invoice", account, len(self._invoices))[:36]
        invoice = Invoice(account, slug, fields, amount, self._bank.now())
        self._invoices.append(invoice)
        row = invoice.row()
        del row["callback_url"]
        urls = {
            "proceed_url": f"https://www.bitexbit.com/pay/{slug}",
            "payment_url": fields.get("payment_url"),
        }
        return {**dict(list(row.items())[:4]), **urls, **dict(list(row.items())[4:])}

    def rows(self, account: str) -> list[dict[str, Any]]:
        """Newest first."""
        return [invoice.row() for invoice in reversed(self._invoices) if invoice.account == account]

    def history(self, account: str) -> list[dict[str, Any]]:
        """The invoices that are paid, newest first."""
        return [
            {
                "date": iso(invoice.deposit.time),
                "amount": text(invoice.deposit.amount),
                "fee": text(subtract(invoice.amount, invoice.deposit.amount)),
                "ticker": invoice.fields["ticker"],
                "network": invoice.fields["network"],
                "status": CONFIRMED,
                "txid": str(361_865_033 + invoice.deposit.number),
                "convert": invoice.conversion,
                "created_at": iso(invoice.created),
            }
            for invoice in reversed(self._invoices)
            if invoice.account == account and invoice.deposit is not None
        ]

    def next_payment(self) -> int | None:
        """When the next one is paid."""
        waiting = (each.created for each in self._invoices if each.deposit is None)
        return min((created + PAID_AFTER_MS for created in waiting), default=None)

    def pay_due(self) -> None:
        now = self._bank.now()
        for invoice in self._invoices:
            if invoice.deposit is None and now >= invoice.created + PAID_AFTER_MS:
                self._pay(invoice)

    def _pay(self, invoice: Invoice) -> None:
        fields = invoice.fields
        method = self._bank.payment_methods[fields["ticker"], fields["network"]]
        rate, fixed = Decimal(method["deposit_fee_rate"]), Decimal(method["deposit_fee_amount"])
        net = subtract(invoice.amount, add(fixed, multiply(invoice.amount, rate)))
        invoice.deposit = self._bank.deposit(invoice.account, method["ticker"], net)
        invoice.deposit.of_invoice = True
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
