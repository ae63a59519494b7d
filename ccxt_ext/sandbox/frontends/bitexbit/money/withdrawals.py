"""Withdrawals, which are carried out after a while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend.engine import add, multiply
from ccxt_ext.sandbox.frontends.bitexbit.formats import iso, number, seconds, text
from ccxt_ext.sandbox.frontends.bitexbit.money.bank import WITHDRAWN, Bank, check_limits
from ccxt_ext.sandbox.frontends.bitexbit.money.conversions import Conversions
from ccxt_ext.sandbox.frontends.bitexbit.parameters import BadField, optional_amount, positive_amount

DONE_AFTER_MS = 60_000
NEW, DONE = 10, 30


@dataclass
class Withdrawal:
    number: int
    account: str
    fields: Mapping[str, Any]
    amount: Decimal
    created: int
    conversion: dict[str, Any] | None = None

    def status(self, now: int) -> int:
        return DONE if now >= self.created + DONE_AFTER_MS else NEW

    def row(self, now: int) -> dict[str, Any]:
        fields = self.fields
        echoed = ("payment_id", "memo", "comment", "destination_tag")
        return {
            "id": self.number,
            "ticker": fields["ticker"],
            "network": fields["network"],
            "address": fields.get("address") or fields.get("card"),
            **{name: fields.get(name) or None for name in echoed},
            "amount": text(self.amount),
            "callback_url": fields.get("callback_url"),
            "client_order_id": fields.get("client_order_id"),
            "fee_payer": fields.get("fee_payer", 1),
            "status": self.status(now),
            "auto_buy": self.conversion,
            "created_at": iso(self.created),
        }


class Withdrawals:
    def __init__(self, bank: Bank, conversions: Conversions) -> None:
        self._bank = bank
        self._conversions = conversions
        self._withdrawals: dict[str, list[Withdrawal]] = {}
        """By account, oldest first."""

    def create(self, account: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        method = self._bank.payment_method(fields, "is_withdraw_enabled")
        if not fields.get("card" if method["is_fiat"] else "address"):
            raise BadField("card" if method["is_fiat"] else "address", "This field is required.")
        amount = positive_amount(fields, "amount")
        check_limits(amount, method, "withdraw")
        rate, fixed = Decimal(method["withdraw_fee_rate"]), Decimal(method["withdraw_fee_amount"])
        fee = add(fixed, multiply(amount, rate))
        payer = fields.get("fee_payer", 1)
        if payer not in (1, 2):
            raise BadField("fee_payer", "Must be 1 or 2.")
        conversion = None
        source = fields.get("auto_buy_ticker")
        if source:
            percent = optional_amount(fields, "auto_buy_percent")
            made = self._conversions.convert(account, str(source), method["ticker"], amount, percent)
            conversion = made and {**made, "side": 1 if made["side"] == "buy" else 2}
        self._bank.take(account, WITHDRAWN, method["ticker"], add(amount, fee) if payer == 1 else amount)
        now = self._bank.now()
        withdrawal = Withdrawal(self._bank.next_number(), account, fields, amount, now, conversion)
        self._withdrawals.setdefault(account, []).append(withdrawal)
        return withdrawal.row(now)

    def of(self, account: str) -> Sequence[Withdrawal]:
        """Oldest first."""
        return self._withdrawals.get(account, [])

    def past_row(self, withdrawal: Withdrawal) -> dict[str, Any]:
        """The row in the history of an account."""
        now = self._bank.now()
        row = withdrawal.row(now)
        done = withdrawal.status(now) == DONE
        created = row.pop("created_at")
        row["amount"] = withdrawal.amount
        row["txid"] = self._bank.digest("withdrawal", withdrawal.number) if done else None
        # The venue announces these fields, and leaves them empty.
        row.update(dict.fromkeys(("aml_success", "aml_risk", "aml_url"), ""))
        return {**row, "created_at": created}

    def v1_rows(self, account: str) -> list[dict[str, Any]]:
        """Newest first."""
        now = self._bank.now()
        return [
            {
                "id": withdrawal.number,
                "timestamp": seconds(withdrawal.created),
                "currency": withdrawal.fields["ticker"],
                "amount": number(withdrawal.amount),
                "status": withdrawal.status(now),
            }
            for withdrawal in reversed(self.of(account))
        ]
