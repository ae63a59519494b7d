"""bitexbit's currencies, and the payment methods by which they come and go."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontends.bitexbit.formats import text


@dataclass(frozen=True)
class Currency:
    """A currency, its networks, and their fees. `funds` is what a new account has of it."""

    code: str
    name: str
    sign: str
    precision: int
    funds: str
    networks: tuple[str, ...]
    withdraw_fee: str
    withdraw_rate: str = "0"
    deposit_fee: str = "0"
    deposit_rate: str = "0"
    fiat: bool = False
    least: str = "0.001"

    def payment_methods(self) -> list[dict[str, Any]]:
        return [
            {
                "ticker": self.code,
                "network": network,
                "min_deposit": text(Decimal(self.least)),
                "max_deposit": "10000000000.00000000",
                "deposit_fee_amount": text(Decimal(self.deposit_fee)),
                "deposit_fee_rate": text(Decimal(self.deposit_rate)),
                "min_withdraw": text(Decimal(self.least)),
                "max_withdraw": text(Decimal(self.funds)),
                "withdraw_fee_amount": text(Decimal(self.withdraw_fee)),
                "withdraw_fee_rate": text(Decimal(self.withdraw_rate)),
                "withdraw_fee_currency": self.code,
                "is_fiat": self.fiat,
                "is_deposit_enabled": True,
                # One network takes deposits only, so that clients have to look at what is enabled.
                "is_withdraw_enabled": network != "payeer",
            }
            for network in self.networks
        ]


CURRENCIES = {
    currency.code: currency
    for currency in (
        Currency("BTC", "Bitcoin", "Ƀ", 8, "500", ("bitcoin",), "0.0004"),
        Currency("ETH", "Ethereum", "Ξ", 8, "5000", ("ethereum",), "0.005"),
        Currency("LTC", "Litecoin", "Ł", 8, "20000", ("litecoin",), "0.01"),
        Currency("USDT", "Tether USD", "₮", 8, "5000000", ("ethereum", "tron", "payeer"), "2", least="5"),
        Currency(
            "USD", "US Dollar", "$", 8, "5000000", ("wiretransfer",), "10", "0.01", fiat=True, least="20"
        ),
        Currency(
            "UAH",
            "Hryvnia",
            "₴",
            8,
            "50000000",
            ("wiretransfer",),
            "5",
            "0.015",
            "5",
            "0.01",
            fiat=True,
            least="25.2",
        ),
    )
}
