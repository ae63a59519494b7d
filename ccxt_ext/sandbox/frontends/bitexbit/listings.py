"""bitexbit's pairs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from ccxt_ext.sandbox.frontend import decimal_text, decimals_of
from ccxt_ext.sandbox.frontend.engine import MarketSpec

FEE = Decimal("0.002")


@dataclass(frozen=True)
class Listing:
    """A pair, and what its made-up history starts from."""

    id: str
    price_precision: int
    amount_precision: int
    start_price: str
    typical_amount: str
    fee: Decimal = FEE
    enabled: bool = True

    min_amount: Decimal = Decimal("0.00001")
    max_amount: Decimal = Decimal(100_000_000)
    min_value: Decimal = Decimal("0.00001")

    @property
    def currencies(self) -> tuple[str, str]:
        base, _, quote = self.id.partition("_")
        return base, quote

    def spec(self) -> MarketSpec:
        base, quote = self.currencies
        return MarketSpec(
            id=self.id,
            base=base,
            quote=quote,
            tick=Decimal(1).scaleb(-self.price_precision),
            step=Decimal(1).scaleb(-self.amount_precision),
            min_amount=self.min_amount,
            max_amount=self.max_amount,
            min_cost=self.min_value,
            maker_fee=self.fee,
            taker_fee=self.fee,
            fee_on="quote",
            start_price=Decimal(self.start_price),
            typical_amount=Decimal(self.typical_amount),
            active=self.enabled,
        )

    def changed(self, spec: MarketSpec) -> Listing:
        """The pair by other rules."""
        return replace(
            self,
            price_precision=decimals_of(spec.tick),
            amount_precision=decimals_of(spec.step),
            start_price=decimal_text(spec.start_price),
            fee=spec.taker_fee,
            enabled=spec.active,
            min_amount=spec.min_amount,
            max_amount=spec.max_amount,
            min_value=spec.min_cost,
        )


# BTC_USD and LTC_USD are the documented listings. LTC_USDT takes no orders.
LISTINGS = (
    Listing("BTC_USD", 3, 6, "911.519", "10"),
    Listing("LTC_USD", 4, 8, "4.1250", "4"),
    Listing("ETH_USD", 3, 6, "132.330", "1.5"),
    Listing("BTC_USDT", 3, 6, "911.871", "0.05"),
    Listing("ETH_USDT", 3, 6, "132.281", "1.5"),
    Listing("ETH_BTC", 6, 6, "0.145100", "2"),
    Listing("USDT_UAH", 4, 6, "28.5285", "500", fee=Decimal("0.001")),
    Listing("LTC_USDT", 4, 8, "4.1250", "4", enabled=False),
)
