"""What bitexbit does with money besides trading: addresses, deposits, withdrawals, transfers, coupons.

Money that leaves goes to an account of the venue's own, so that the ledger tells what became of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from ccxt_ext.sandbox.engine import Engine, Refused, Side
from ccxt_ext.sandbox.engine.exact import add, multiply, subtract
from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL, Refusal
from ccxt_ext.sandbox.frontends.bitexbit.rows import CURRENCIES, Money, iso, number, seconds, text, v2_state

WITHDRAWN = "withdrawn"
ESCROW = "escrow"
DAY_MS = 86_400_000
# After this time an invoice is paid by whoever was asked to, and a withdrawal has been carried out.
SETTLED_AFTER_MS = 60_000

PENDING, CANCELLED, SUCCESS = (10, "Pending"), (20, "Cancelled"), (30, "Success")
NEW, DONE = 10, 30
CONFIRMED = "5"


@dataclass
class Deposit:
    id: int
    account: str
    currency: str
    amount: Decimal
    time: int
    invoice: Invoice | None = None


@dataclass
class Invoice:
    account: str
    slug: str
    fields: Mapping[str, Any]
    amount: Decimal
    created: int
    deposit: Deposit | None = None
    convert: dict[str, Any] | None = None


@dataclass
class Withdrawal:
    id: int
    account: str
    fields: Mapping[str, Any]
    amount: Decimal
    created: int
    auto_buy: dict[str, Any] | None = None

    def status(self, now: int) -> int:
        return DONE if now >= self.created + SETTLED_AFTER_MS else NEW


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


@dataclass
class Coupon:
    code: str
    currency: str
    amount: Decimal
    redeemed: bool = False


@dataclass
class Wallet:
    account: str
    fields: Mapping[str, Any]
    address: str
    slug: str
    created: int


@dataclass
class Books:
    """All of it, for all accounts."""

    deposits: list[Deposit] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    coupons: dict[str, Coupon] = field(default_factory=dict)
    wallets: list[Wallet] = field(default_factory=list)


class Bank(Engine):
    """The engine, with a memory of what came in and what went out."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.kept = Books()
        self.uids: dict[str, str] = {}
        self.monies: dict[str, Money] = {}
        self.methods: dict[tuple[str, str], dict[str, Any]] = {}
        for money in CURRENCIES.values():
            self.add_money(money)
        self._ids = count(317)
        self.open_account(WITHDRAWN, {})
        self.open_account(ESCROW, {})

    def add_money(self, money: Money) -> None:
        self.monies[money.code] = money
        self.methods.update({(row["ticker"], row["network"]): row for row in money.methods()})

    def deposit(self, account: str, currency: str, amount: Decimal, wallet: str | None = None) -> None:
        super().deposit(account, currency, amount, wallet)
        self.kept.deposits.append(Deposit(next(self._ids), account, currency, amount, self.clock.now()))

    def digest(self, *what: object) -> str:
        return hashlib.sha256(f"{self.venue} {self.clock.start_ms} {what}".encode()).hexdigest()

    # addresses and deposits

    def create_wallet(self, account: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        method = self._method(fields, "is_deposit_enabled")
        digest = self.digest("wallet", account, len(self.kept.wallets))
        address = f"0x{digest[:40]}" if method["network"] == "ethereum" else f"T{digest[:33]}"
        wallet = Wallet(account, fields, address, digest[-36:], self.clock.now())
        self.kept.wallets.append(wallet)
        return self.wallet_row(wallet)

    def wallet_row(self, wallet: Wallet) -> dict[str, Any]:
        return {
            "address": wallet.address,
            "slug": wallet.slug,
            "ticker": wallet.fields["ticker"],
            "network": wallet.fields["network"],
            "callback_url": wallet.fields.get("callback_url"),
            **_conversion(wallet.fields),
            "created_at": iso(wallet.created),
        }

    def wallet_rows(self, account: str) -> list[dict[str, Any]]:
        """Newest first."""
        return [self.wallet_row(w) for w in reversed(self.kept.wallets) if w.account == account]

    def v1_deposits(self, account: str) -> list[dict[str, Any]]:
        return [
            {
                "timestamp": seconds(deposit.time),
                "id": deposit.id,
                "currency": deposit.currency,
                "amount": number(deposit.amount),
            }
            for deposit in reversed(self.kept.deposits)
            if deposit.account == account
        ]

    def wallet_history(self, account: str) -> list[dict[str, Any]]:
        rows = []
        for deposit in reversed(self.kept.deposits):
            if deposit.account != account or deposit.invoice is not None:
                continue
            digest = self.digest("deposit", deposit.id)
            money = self.monies[deposit.currency]
            known = [
                w for w in self.kept.wallets if w.account == account and w.fields["ticker"] == money.code
            ]
            rows.append(
                {
                    "address": known[0].address if known else f"T{digest[:33]}",
                    "wallet_slug": known[0].slug if known else digest[-36:],
                    "date": iso(deposit.time),
                    "amount": text(deposit.amount),
                    "fee": text(Decimal(0)),
                    "ticker": money.code,
                    "network": known[0].fields["network"] if known else money.networks[0],
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

    # invoices

    def create_invoice(self, account: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        method = self._method(fields, "is_deposit_enabled")
        amount = _positive(fields, "amount")
        _limits(amount, method, "deposit")
        if not fields.get("client_ip"):
            raise BadField("client_ip", "This field is required.")
        slug = self.digest("invoice", account, len(self.kept.invoices))[:36]
        invoice = Invoice(account, slug, fields, amount, self.clock.now())
        self.kept.invoices.append(invoice)
        row = self.invoice_row(invoice)
        del row["callback_url"]
        urls = {
            "proceed_url": f"https://www.bitexbit.com/pay/{slug}",
            "payment_url": fields.get("payment_url"),
        }
        return {**dict(list(row.items())[:4]), **urls, **dict(list(row.items())[4:])}

    def invoice_row(self, invoice: Invoice) -> dict[str, Any]:
        return {
            "slug": invoice.slug,
            "ticker": invoice.fields["ticker"],
            "network": invoice.fields["network"],
            "amount": invoice.amount,
            "callback_url": invoice.fields.get("callback_url"),
            **_conversion(invoice.fields),
            "created_at": iso(invoice.created),
        }

    def invoices(self, account: str) -> list[dict[str, Any]]:
        return [self.invoice_row(i) for i in reversed(self.kept.invoices) if i.account == account]

    def invoice_history(self, account: str) -> list[dict[str, Any]]:
        return [
            {
                "date": iso(invoice.deposit.time),
                "amount": text(invoice.deposit.amount),
                "fee": text(subtract(invoice.amount, invoice.deposit.amount)),
                "ticker": invoice.fields["ticker"],
                "network": invoice.fields["network"],
                "status": CONFIRMED,
                "txid": str(361_865_033 + invoice.deposit.id),
                "convert": invoice.convert,
                "created_at": iso(invoice.created),
            }
            for invoice in reversed(self.kept.invoices)
            if invoice.account == account and invoice.deposit is not None
        ]

    def settle(self) -> None:
        """Do what is due by now: invoices are paid, transfers that nobody accepted go back."""
        now = self.clock.now()
        for invoice in self.kept.invoices:
            if invoice.deposit is None and now >= invoice.created + SETTLED_AFTER_MS:
                self._pay_invoice(invoice)
        for transfer in self.kept.transfers:
            if transfer.status == PENDING and now > transfer.valid_till:
                self.pay(ESCROW, transfer.sender, transfer.currency, transfer.amount)
                transfer.status = CANCELLED

    def _pay_invoice(self, invoice: Invoice) -> None:
        method = self.methods[invoice.fields["ticker"], invoice.fields["network"]]
        rate, fixed = Decimal(method["deposit_fee_rate"]), Decimal(method["deposit_fee_amount"])
        net = subtract(invoice.amount, add(fixed, multiply(invoice.amount, rate)))
        self.deposit(invoice.account, method["ticker"], net)
        invoice.deposit = self.kept.deposits[-1]
        invoice.deposit.invoice = invoice
        wanted = invoice.fields.get("convert_ticker")
        if wanted:
            percent = _optional(invoice.fields, "convert_percent") or Decimal(5)
            made = self._convert(invoice.account, method["ticker"], str(wanted), net, percent)
            invoice.convert = made and {
                **made,
                "amount": text(made["amount"]),
                "price": text(made["price"]),
                "side": made["side"].upper(),
            }

    def _convert(
        self, account: str, source: str, target: str, amount: Decimal, percent: Decimal
    ) -> dict[str, Any] | None:
        """Place an order that turns `source` into `target`, `percent` away from the market price."""
        side: Side = "sell" if f"{source}_{target}" in self.markets else "buy"
        market = self.markets.get(f"{source}_{target}" if side == "sell" else f"{target}_{source}")
        if market is None:
            return None
        spec = market.spec
        share = multiply(percent, Decimal("0.01")) * (-1 if side == "sell" else 1)
        price = _down(multiply(market.last_price, add(Decimal(1), share)), spec.tick)
        given = amount if side == "sell" else amount / multiply(price, Decimal("1.01"))
        try:
            order = self.place(account, spec.id, side, price, _down(given, spec.step))
        except Refused:
            return None
        return {
            "symbol": spec.id,
            "amount": order.amount,
            "price": price,
            "side": side,
            "state": v2_state(order),
        }

    # withdrawals

    def withdraw(self, account: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        method = self._method(fields, "is_withdraw_enabled")
        if not fields.get("card" if method["is_fiat"] else "address"):
            raise BadField("card" if method["is_fiat"] else "address", "This field is required.")
        amount = _positive(fields, "amount")
        _limits(amount, method, "withdraw")
        rate, fixed = Decimal(method["withdraw_fee_rate"]), Decimal(method["withdraw_fee_amount"])
        fee = add(fixed, multiply(amount, rate))
        payer = fields.get("fee_payer", 1)
        if payer not in (1, 2):
            raise BadField("fee_payer", "Must be 1 or 2.")
        auto_buy = None
        if fields.get("auto_buy_ticker"):
            percent = _optional(fields, "auto_buy_percent") or Decimal(5)
            made = self._convert(account, str(fields["auto_buy_ticker"]), method["ticker"], amount, percent)
            auto_buy = made and {**made, "side": 1 if made["side"] == "buy" else 2}
        self._take(account, WITHDRAWN, method["ticker"], add(amount, fee) if payer == 1 else amount)
        withdrawal = Withdrawal(next(self._ids), account, fields, amount, self.clock.now(), auto_buy)
        self.kept.withdrawals.append(withdrawal)
        return self._withdrawal_row(withdrawal)

    def _withdrawal_row(self, withdrawal: Withdrawal) -> dict[str, Any]:
        fields = withdrawal.fields
        echoed = ("payment_id", "memo", "comment", "destination_tag")
        return {
            "id": withdrawal.id,
            "ticker": fields["ticker"],
            "network": fields["network"],
            "address": fields.get("address") or fields.get("card"),
            **{name: fields.get(name) or None for name in echoed},
            "amount": text(withdrawal.amount),
            "callback_url": fields.get("callback_url"),
            "client_order_id": fields.get("client_order_id"),
            "fee_payer": fields.get("fee_payer", 1),
            "status": withdrawal.status(self.clock.now()),
            "auto_buy": withdrawal.auto_buy,
            "created_at": iso(withdrawal.created),
        }

    def withdraw_history(self, account: str) -> list[dict[str, Any]]:
        now = self.clock.now()
        rows = []
        for withdrawal in reversed(self.kept.withdrawals):
            if withdrawal.account == account:
                row = self._withdrawal_row(withdrawal)
                done = withdrawal.status(now) == DONE
                created = row.pop("created_at")
                row["amount"] = withdrawal.amount
                row["txid"] = self.digest("withdrawal", withdrawal.id) if done else None
                # Announced, and not available.
                row.update(dict.fromkeys(("aml_success", "aml_risk", "aml_url"), ""))
                rows.append({**row, "created_at": created})
        return rows

    def v1_withdraws(self, account: str) -> list[dict[str, Any]]:
        now = self.clock.now()
        return [
            {
                "id": withdrawal.id,
                "timestamp": seconds(withdrawal.created),
                "currency": withdrawal.fields["ticker"],
                "amount": number(withdrawal.amount),
                "status": withdrawal.status(now),
            }
            for withdrawal in reversed(self.kept.withdrawals)
            if withdrawal.account == account
        ]

    # transfers to other users

    def create_transfer(self, account: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        receiver = next((name for name, uid in self.uids.items() if uid == fields.get("receiver")), None)
        if receiver is None or receiver == account:
            raise BadField("receiver", "Receiver not found.")
        code = self._currency(fields, "currency")
        amount = _positive(fields, "amount")
        days = fields.get("valid_days", 1)
        if not isinstance(days, int) or not 1 <= days <= 366:
            raise BadField("valid_days", "Must be from 1 to 366.")
        if fields.get("security_code") and "valid_days" not in fields:
            raise BadField("valid_days", "This field is required with a security code.")
        description = fields.get("description")
        if description is not None and len(str(description)) > 80:
            raise BadField("description", "At most 80 characters.")
        self._take(account, ESCROW, code, amount)
        now = self.clock.now()
        transfer = Transfer(
            self.digest("transfer", len(self.kept.transfers))[:20],
            account,
            receiver,
            code,
            amount,
            now,
            now + days * DAY_MS,
            description,
            fields.get("security_code"),
        )
        self.kept.transfers.append(transfer)
        return {
            "receiver": f"{receiver}@example.com",
            "amount": text(amount),
            "currency": code,
            "description": description,
            "txid": transfer.txid,
            "status": _status(transfer),
            "valid_till": iso(transfer.valid_till),
            "is_protected": transfer.code is not None,
        }

    def end_transfer(self, account: str, txid: str, accept: bool, code: Any = None) -> dict[str, Any]:
        found = next((t for t in self.kept.transfers if t.txid == txid), None)
        if found is None or account not in (found.sender, found.receiver):
            raise Refusal(404, "Not found.")
        if account != (found.receiver if accept else found.sender):
            raise Refusal(403, "You do not have permission to perform this action.")
        if found.status != PENDING:
            raise BadField("txid", "The transfer is not pending.")
        if accept and found.code is not None and code != found.code:
            raise BadField("security_code", "Wrong code.")
        self.pay(ESCROW, account, found.currency, found.amount)
        found.status = SUCCESS if accept else CANCELLED
        return {"transfer": self._transfer_row(found)}

    def _transfer_row(self, transfer: Transfer) -> dict[str, Any]:
        money = self.monies[transfer.currency]
        return {
            "txid": transfer.txid,
            "amount": text(transfer.amount),
            "currency": {"code": money.code, "name": money.name, "precision": money.precision},
            "sender": self.uids[transfer.sender],
            "receiver": {"uid": self.uids[transfer.receiver], "verified": False},
            "status": _status(transfer),
            "description": transfer.description,
            "valid_till": iso(transfer.valid_till),
        }

    def transfers(self, account: str) -> list[dict[str, Any]]:
        rows = []
        for transfer in reversed(self.kept.transfers):
            if account in (transfer.sender, transfer.receiver):
                outgoing, pending = transfer.sender == account, transfer.status == PENDING
                row = self._transfer_row(transfer)
                rows.append(
                    {
                        "txid": row.pop("txid"),
                        "date": iso(transfer.created),
                        **row,
                        "is_outgoing": outgoing,
                        "can_cancel": outgoing and pending,
                        "can_accept": not outgoing and pending,
                    }
                )
        return rows

    # coupons

    def create_coupon(self, account: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        symbol = self._currency(fields, "symbol")
        amount = _positive(fields, "amount")
        self._take(account, ESCROW, symbol, amount)
        digest = self.digest("coupon", len(self.kept.coupons))
        coupon = Coupon(f"{symbol}{digest}"[:68], symbol, amount)
        self.kept.coupons[coupon.code] = coupon
        return {
            "code": coupon.code,
            "coupon": {
                "date": self.clock.now(),
                "opid": next(self._ids),
                "amount": text(amount),
                "symbol": symbol,
                "recipient_email": fields.get("recipient_email"),
            },
            "funds": self.funds(account, [symbol]),
        }

    def redeem_coupon(self, account: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        coupon = self.kept.coupons.get(str(fields.get("code")))
        if coupon is None or coupon.redeemed:
            raise BadField("code", "Wrong code.")
        self.pay(ESCROW, account, coupon.currency, coupon.amount)
        coupon.redeemed = True
        redeem = {
            "date": seconds(self.clock.now()),
            "amount": text(coupon.amount),
            "symbol": coupon.currency,
        }
        return {"redeem": redeem, "funds": self.funds(account, [coupon.currency])}

    def funds(self, account: str, currencies: list[str]) -> list[dict[str, Any]]:
        balances = self.balances(account)
        return [
            {"symbol": c, "available": text(balances[c].free), "reserved": text(balances[c].held)}
            for c in currencies
        ]

    # checks

    def _take(self, account: str, target: str, currency: str, amount: Decimal) -> None:
        try:
            self.pay(account, target, currency, amount)
        except Refused:
            raise Refusal(400, "Out of balance") from None

    def _currency(self, fields: Mapping[str, Any], name: str) -> str:
        code = fields.get(name)
        if not isinstance(code, str) or code not in self.monies:
            raise BadField(name, "Unknown currency.")
        return code

    def _method(self, fields: Mapping[str, Any], flag: str) -> dict[str, Any]:
        for name in ("ticker", "network"):
            if not fields.get(name):
                raise BadField(name, "This field is required.")
        method = self.methods.get((str(fields["ticker"]), str(fields["network"])))
        if method is None or not method[flag]:
            raise BadField("network", "The payment method is not available.")
        return method


class BadField(Refusal):
    """A field and what is wrong with it."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(400, message)
        self.name = name


def _status(transfer: Transfer) -> dict[str, Any]:
    key, label = transfer.status
    return {"key": key, "label": label}


def _conversion(fields: Mapping[str, Any]) -> dict[str, Any]:
    def amount(name: str) -> str | None:
        given = _optional(fields, name)
        return None if given is None else text(given)

    return {
        "convert_ticker": fields.get("convert_ticker"),
        "convert_limit": amount("convert_limit"),
        "convert_percent": amount("convert_percent"),
    }


def _optional(fields: Mapping[str, Any], name: str) -> Decimal | None:
    given = fields.get(name)
    if given is None or given == "":
        return None
    if isinstance(given, bool) or not PLAIN_DECIMAL.fullmatch(str(given)):
        raise BadField(name, "A valid number is required.")
    return Decimal(str(given))


def _positive(fields: Mapping[str, Any], name: str) -> Decimal:
    amount = _optional(fields, name)
    if amount is None:
        raise BadField(name, "This field is required.")
    if amount <= 0 or not re.fullmatch(r"\d{1,20}(\.\d{1,8}0*)?", str(fields[name])):
        raise BadField(name, "Ensure that this value is positive and has no more than 8 decimal places.")
    return amount


def _limits(amount: Decimal, method: Mapping[str, Any], way: str) -> None:
    least, most = Decimal(method[f"min_{way}"]), Decimal(method[f"max_{way}"])
    if not least <= amount <= most:
        raise BadField("amount", f"The minimum is {text(least)}, the maximum {text(most)}.")


def _down(value: Decimal, step: Decimal) -> Decimal:
    return value // step * step
