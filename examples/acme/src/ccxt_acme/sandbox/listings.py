"""The markets of Acme Exchange, and what the sandbox's accounts have at first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from ccxt_ext.sandbox.frontend import decimal_text, decimals_of
from ccxt_ext.sandbox.frontend.engine import MarketSpec

MAKER_FEE, TAKER_FEE = "0.0008", "0.0012"

FUNDS = {"BTC": Decimal(50), "ETH": Decimal(500), "USDT": Decimal(2_000_000)}


@dataclass(frozen=True)
class Listing:
    """A market in the venue's own texts."""

    id: str
    rate_decimals: int
    quantity_decimals: int
    min_quantity: str
    max_quantity: str
    min_value: str
    start_price: str
    typical_size: str
    """Of the orders that the sandbox's own traders place."""
    maker_fee: str = MAKER_FEE
    taker_fee: str = TAKER_FEE
    trading: bool = True

    @property
    def currencies(self) -> tuple[str, str]:
        base, quote = self.id.split("_")
        return base, quote

    def spec(self) -> MarketSpec:
        """As the engine has to know it."""
        base, quote = self.currencies
        spec = MarketSpec(
            id=self.id,
            base=base,
            quote=quote,
            tick=Decimal(1).scaleb(-self.rate_decimals),
            step=Decimal(1).scaleb(-self.quantity_decimals),
            min_amount=Decimal(self.min_quantity),
            max_amount=Decimal(self.max_quantity),
            min_cost=Decimal(self.min_value),
            maker_fee=Decimal(self.maker_fee),
            taker_fee=Decimal(self.taker_fee),
            start_price=Decimal(self.start_price),
            typical_amount=Decimal(self.typical_size),
            fee_on="received",  # "quote", if metadata.py says so by its `feeSide`
            active=self.trading,
        )
        return spec

    def changed(self, spec: MarketSpec) -> Listing:
        """The market by other rules."""
        return replace(
            self,
            rate_decimals=decimals_of(spec.tick),
            quantity_decimals=decimals_of(spec.step),
            min_quantity=decimal_text(spec.min_amount),
            max_quantity=decimal_text(spec.max_amount),
            min_value=decimal_text(spec.min_cost),
            start_price=decimal_text(spec.start_price),
            maker_fee=decimal_text(spec.maker_fee),
            taker_fee=decimal_text(spec.taker_fee),
            trading=spec.active,
        )


LISTINGS = (
    Listing("BTC_USDT", 2, 5, "0.0001", "100", "5", "63000.00", "0.08"),
    Listing("ETH_USDT", 2, 4, "0.001", "1000", "5", "3120.00", "1.2"),
)
