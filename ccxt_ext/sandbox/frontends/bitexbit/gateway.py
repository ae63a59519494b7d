"""bitexbit's payment gateway: an action for each endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccxt_ext.sandbox.frontend import Request
from ccxt_ext.sandbox.frontends.bitexbit.money.bank import Bank
from ccxt_ext.sandbox.frontends.bitexbit.money.deposits import Deposits, Wallet
from ccxt_ext.sandbox.frontends.bitexbit.money.invoices import Invoice, Invoices
from ccxt_ext.sandbox.frontends.bitexbit.money.withdrawals import Withdrawals
from ccxt_ext.sandbox.frontends.bitexbit.parameters import page_of


class Gateway:
    def __init__(self, bank: Bank, deposits: Deposits, invoices: Invoices, withdrawals: Withdrawals) -> None:
        self._bank = bank
        self._deposits = deposits
        self._invoices = invoices
        self._withdrawals = withdrawals

    def methods(self, request: Request, account: str) -> Any:
        return list(self._bank.payment_methods.values())

    def wallet_create(self, fields: Mapping[str, Any], account: str) -> Any:
        return self._deposits.create_wallet(account, fields)

    def wallets(self, request: Request, account: str) -> Any:
        return page_of(request, self._deposits.wallets(account), Wallet.row)

    def wallet_history(self, request: Request, account: str) -> Any:
        return page_of(request, self._deposits.into_wallets(account), self._deposits.row)

    def invoice_create(self, fields: Mapping[str, Any], account: str) -> Any:
        return self._invoices.create(account, fields)

    def invoices(self, request: Request, account: str) -> Any:
        return page_of(request, self._invoices.of(account), Invoice.row)

    def invoice_history(self, request: Request, account: str) -> Any:
        return page_of(request, self._invoices.paid_of(account), Invoice.paid_row)

    def withdraw(self, fields: Mapping[str, Any], account: str) -> Any:
        return self._withdrawals.create(account, fields)

    def withdraw_history(self, request: Request, account: str) -> Any:
        return page_of(request, self._withdrawals.of(account), self._withdrawals.past_row)
