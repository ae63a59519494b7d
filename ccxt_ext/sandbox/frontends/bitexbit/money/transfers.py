"""Transfers to other users, who have to accept them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import heappop, heappush
from typing import Any

from ccxt_ext.sandbox.frontend import Refusal
from ccxt_ext.sandbox.frontends.bitexbit.formats import iso, text
from ccxt_ext.sandbox.frontends.bitexbit.money.bank import ESCROW, Bank
from ccxt_ext.sandbox.frontends.bitexbit.parameters import BadField, positive_amount

DAY_MS = 86_400_000
PENDING, CANCELLED, SUCCESS = (10, "Pending"), (20, "Cancelled"), (30, "Success")


@dataclass
class Transfer:
    txid: str
    sender: str
    receiver: str
    currency: str
    amount: Decimal
    created: int
    valid_till: int
    description: str | None
    code: str | None
    status: tuple[int, str] = PENDING

    def status_row(self) -> dict[str, Any]:
        key, label = self.status
        return {"key": key, "label": label}


class Transfers:
    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._transfers: dict[str, Transfer] = {}
        """By their txid."""
        self._of: dict[str, list[Transfer]] = {}
        """By sender and by receiver, oldest first."""
        self._ending: list[tuple[int, int, Transfer]] = []
        """A heap of those that may be pending, the first to be returned at the front."""

    def create(self, account: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        uids = self._bank.uids
        receiver = next((name for name, uid in uids.items() if uid == fields.get("receiver")), None)
        if receiver is None or receiver == account:
            raise BadField("receiver", "Receiver not found.")
        code = self._bank.currency(fields, "currency")
        amount = positive_amount(fields, "amount")
        days = fields.get("valid_days", 1)
        if not isinstance(days, int) or not 1 <= days <= 366:
            raise BadField("valid_days", "Must be from 1 to 366.")
        if fields.get("security_code") and "valid_days" not in fields:
            raise BadField("valid_days", "This field is required with a security code.")
        description = fields.get("description")
        if description is not None and len(str(description)) > 80:
            raise BadField("description", "At most 80 characters.")
        self._bank.take(account, ESCROW, code, amount)
        now = self._bank.now()
        transfer = Transfer(
            self._bank.digest("transfer", len(self._transfers))[:20],
            account,
            receiver,
            code,
            amount,
            now,
            now + days * DAY_MS,
            description,
            fields.get("security_code"),
        )
        heappush(self._ending, (transfer.valid_till, len(self._transfers), transfer))
        self._transfers[transfer.txid] = transfer
        self._of.setdefault(account, []).append(transfer)
        self._of.setdefault(receiver, []).append(transfer)
        return {
            "receiver": f"{receiver}@example.com",
            "amount": text(amount),
            "currency": code,
            "description": description,
            "txid": transfer.txid,
            "status": transfer.status_row(),
            "valid_till": iso(transfer.valid_till),
            "is_protected": transfer.code is not None,
        }

    def accept(self, account: str, txid: str, code: Any) -> dict[str, Any]:
        transfer = self._found(account, txid)
        if account != transfer.receiver:
            raise _not_allowed()
        _check_pending(transfer)
        if transfer.code is not None and code != transfer.code:
            raise BadField("security_code", "Wrong code.")
        return self._end(transfer, account, SUCCESS)

    def cancel(self, account: str, txid: str) -> dict[str, Any]:
        transfer = self._found(account, txid)
        if account != transfer.sender:
            raise _not_allowed()
        _check_pending(transfer)
        return self._end(transfer, account, CANCELLED)

    def next_return(self) -> int | None:
        """When the next one is returned that nobody accepts until then."""
        while self._ending and self._ending[0][2].status != PENDING:
            heappop(self._ending)
        return self._ending[0][0] + 1 if self._ending else None

    def return_expired(self) -> None:
        """Return the transfers that nobody has accepted in time."""
        while (at := self.next_return()) is not None and at <= self._bank.now():
            _, _, transfer = heappop(self._ending)
            self._end(transfer, transfer.sender, CANCELLED)

    def _found(self, account: str, txid: str) -> Transfer:
        found = self._transfers.get(txid)
        if found is None or account not in (found.sender, found.receiver):
            raise Refusal(404, "Not found.")
        return found

    def _end(self, transfer: Transfer, goes_to: str, status: tuple[int, str]) -> dict[str, Any]:
        self._bank.release(goes_to, transfer.currency, transfer.amount)
        transfer.status = status
        return {"transfer": self._row(transfer)}

    def of(self, account: str) -> Sequence[Transfer]:
        """Those that an account has sent or gets, oldest first."""
        return self._of.get(account, [])

    def row(self, transfer: Transfer, account: str) -> dict[str, Any]:
        """A transfer as an account sees it."""
        outgoing, pending = transfer.sender == account, transfer.status == PENDING
        row = self._row(transfer)
        return {
            "txid": row.pop("txid"),
            "date": iso(transfer.created),
            **row,
            "is_outgoing": outgoing,
            "can_cancel": outgoing and pending,
            "can_accept": not outgoing and pending,
        }

    def _row(self, transfer: Transfer) -> dict[str, Any]:
        currency, uids = self._bank.currencies[transfer.currency], self._bank.uids
        return {
            "txid": transfer.txid,
            "amount": text(transfer.amount),
            "currency": {"code": currency.code, "name": currency.name, "precision": currency.precision},
            "sender": uids[transfer.sender],
            "receiver": {"uid": uids[transfer.receiver], "verified": False},
            "status": transfer.status_row(),
            "description": transfer.description,
            "valid_till": iso(transfer.valid_till),
        }


def _not_allowed() -> Refusal:
    return Refusal(403, "You do not have permission to perform this action.")


def _check_pending(transfer: Transfer) -> None:
    if transfer.status != PENDING:
        raise BadField("txid", "The transfer is not pending.")
