"""Coupons: codes that give money to whoever redeems them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontends.bitexbit.formats import seconds, text
from ccxt_ext.sandbox.frontends.bitexbit.money.bank import ESCROW, Bank
from ccxt_ext.sandbox.frontends.bitexbit.parameters import BadField, positive_amount


@dataclass
class Coupon:
    code: str
    currency: str
    amount: Decimal
    redeemed: bool = False


class Coupons:
    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._coupons: dict[str, Coupon] = {}

    def create(self, account: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        symbol = self._bank.currency(fields, "symbol")
        amount = positive_amount(fields, "amount")
        self._bank.take(account, ESCROW, symbol, amount)
        digest = self._bank.digest("coupon", len(self._coupons))
        coupon = Coupon(f"{symbol}{digest}"[:68], symbol, amount)
        self._coupons[coupon.code] = coupon
        return {
            "code": coupon.code,
            "coupon": {
                "date": self._bank.now(),
                "opid": self._bank.next_number(),
                "amount": text(amount),
                "symbol": symbol,
                "recipient_email": fields.get("recipient_email"),
            },
            "funds": self._bank.funds(account, [symbol]),
        }

    def redeem(self, account: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        coupon = self._coupons.get(str(fields.get("code")))
        if coupon is None or coupon.redeemed:
            raise BadField("code", "Wrong code.")
        self._bank.release(account, coupon.currency, coupon.amount)
        coupon.redeemed = True
        redeem = {
            "date": seconds(self._bank.now()),
            "amount": text(coupon.amount),
            "symbol": coupon.currency,
        }
        return {"redeem": redeem, "funds": self._bank.funds(account, [coupon.currency])}
