"""Addresses that money can be sent to, and the deposits of an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontends.bitexbit.formats import iso, number, seconds, text
from ccxt_ext.sandbox.frontends.bitexbit.money.bank import Bank
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
        self._wallets: list[Wallet] = []

    def create_wallet(self, account: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        method = self._bank.payment_method(fields, "is_deposit_enabled")
        digest = self._bank.digest("wallet", account, len(self._wallets))
        address = f"0x{digest[:40]}" if method["network"] == "ethereum" else f"T{digest[:33]}"
        wallet = Wallet(account, fields, address, digest[-36:], self._bank.now())
        self._wallets.append(wallet)
        return wallet.row()

    def wallets(self, account: str) -> list[dict[str, Any]]:
        """Newest first."""
        return [wallet.row() for wallet in reversed(self._wallets) if wallet.account == account]

    def v1_rows(self, account: str) -> list[dict[str, Any]]:
        """All deposits of an account, newest first."""
        return [
            {
                "timestamp": seconds(deposit.time),
                "id": deposit.number,
                "currency": deposit.currency,
                "amount": number(deposit.amount),
            }
            for deposit in reversed(self._bank.deposits)
            if deposit.account == account
        ]

    def wallet_history(self, account: str) -> list[dict[str, Any]]:
        """Deposits without those that paid an invoice, newest first."""
        rows = []
        for deposit in reversed(self._bank.deposits):
            if deposit.account != account or deposit.of_invoice:
                continue
            digest = self._bank.digest("deposit", deposit.number)
            currency = self._bank.currencies[deposit.currency]
            known = [w for w in self._wallets if w.account == account and w.fields["ticker"] == currency.code]
            rows.append(
                {
                    "address": known[0].address if known else f"T{digest[:33]}",
                    "wallet_slug": known[0].slug if known else digest[-36:],
                    "date": iso(deposit.time),
                    "amount": text(deposit.amount),
                    "fee": text(Decimal(0)),
                    "ticker": currency.code,
                    "network": known[0].fields["network"] if known else currency.networks[0],
                    "status": CONFIRMED,
                    "txid": digest,
                    "actual_confirmations": None,
                    "required_confirmations": 40,
                    "aml_success": True,
                    "aml_risk": 0,
                    "aml_url": None,
                    "created_at": iso(deposit.time),
                }
            )
        return rows
