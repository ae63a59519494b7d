"""Addresses that money can be sent to, and the deposits of an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontends.bitexbit.formats import iso, number, seconds, text
from ccxt_ext.sandbox.frontends.bitexbit.money.bank import Bank, Deposit
from ccxt_ext.sandbox.frontends.bitexbit.money.conversions import conversion_fields

CONFIRMED = "5"


@dataclass
class Wallet:
    """An address of an account. `fields` are those of the request that asked for it."""

    account: str
    fields: Mapping[str, Any]
    address: str
    slug: str
    created: int

    def row(self) -> dict[str, Any]:
        return {
            "address": self.address,
            "slug": self.slug,
            "ticker": self.fields["ticker"],
            "network": self.fields["network"],
            "callback_url": self.fields.get("callback_url"),
            **conversion_fields(self.fields),
            "created_at": iso(self.created),
        }


class Deposits:
    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._number = 0
        self._wallets: dict[str, list[Wallet]] = {}
        """By account, oldest first."""
        self._first: dict[tuple[str, str], Wallet] = {}
        """By account and ticker."""

    def create_wallet(self, account: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        method = self._bank.payment_method(fields, "is_deposit_enabled")
        digest = self._bank.digest("wallet", account, self._number)
        self._number += 1
        address = f"0x{digest[:40]}" if method["network"] == "ethereum" else f"T{digest[:33]}"
        wallet = Wallet(account, fields, address, digest[-36:], self._bank.now())
        self._wallets.setdefault(account, []).append(wallet)
        self._first.setdefault((account, method["ticker"]), wallet)
        return wallet.row()

    def wallets(self, account: str) -> Sequence[Wallet]:
        """Oldest first."""
        return self._wallets.get(account, [])

    def v1_rows(self, account: str) -> list[dict[str, Any]]:
        """All deposits of an account, newest first."""
        return [
            {
                "timestamp": seconds(deposit.time),
                "id": deposit.number,
                "currency": deposit.currency,
                "amount": number(deposit.amount),
            }
            for deposit in reversed(self._bank.deposits(account))
        ]

    def into_wallets(self, account: str) -> Sequence[Deposit]:
        """Deposits without those that paid an invoice, oldest first."""
        return self._bank.deposits(account, of_invoices=False)

    def row(self, deposit: Deposit) -> dict[str, Any]:
        """A deposit, with the first wallet that there is for its currency."""
        digest = self._bank.digest("deposit", deposit.number)
        currency = self._bank.currencies[deposit.currency]
        wallet = self._first.get((deposit.account, currency.code))
        return {
            "address": wallet.address if wallet else f"T{digest[:33]}",
            "wallet_slug": wallet.slug if wallet else digest[-36:],
            "date": iso(deposit.time),
            "amount": text(deposit.amount),
            "fee": text(Decimal(0)),
            "ticker": currency.code,
            "network": wallet.fields["network"] if wallet else currency.networks[0],
            "status": CONFIRMED,
            "txid": digest,
            "actual_confirmations": None,
            "required_confirmations": 40,
            "aml_success": True,
            "aml_risk": 0,
            "aml_url": None,
            "created_at": iso(deposit.time),
        }
