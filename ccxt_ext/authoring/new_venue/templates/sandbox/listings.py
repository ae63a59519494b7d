"""The markets of Acme Exchange, and what the sandbox's accounts have at first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import MarketSpec

from .contracts import contract_spec  # with --swap

MAKER_FEE, TAKER_FEE = "0.001", "0.002"

FUNDS = {"BTC": Decimal(50), "ETH": Decimal(500), "USDT": Decimal(2_000_000)}


@dataclass(frozen=True)
class Listing:
    """A market in the venue's own texts."""

    id: str
    price_step: str
    size_step: str
    min_size: str
    max_size: str
    min_value: str
    start_price: str
    typical_size: str
    """Of the orders that the sandbox's own traders place."""
    contract_size: str = ""  # with --swap
    maker_fee: str = MAKER_FEE
    taker_fee: str = TAKER_FEE
    status: str = "open"

    @property
    def currencies(self) -> tuple[str, str]:
        base, quote = self.id.split("-")[:2]
        return base, quote

    @property
    def decimals(self) -> int:
        """Of its prices."""
        return len(self.price_step.partition(".")[2])

    def spec(self) -> MarketSpec:
        """As the engine has to know it."""
        base, quote = self.currencies
        spec = MarketSpec(
            id=self.id,
            base=base,
            quote=quote,
            tick=Decimal(self.price_step),
            step=Decimal(self.size_step),
            min_amount=Decimal(self.min_size),
            max_amount=Decimal(self.max_size),
            min_cost=Decimal(self.min_value),
            maker_fee=Decimal(self.maker_fee),
            taker_fee=Decimal(self.taker_fee),
            start_price=Decimal(self.start_price),
            typical_amount=Decimal(self.typical_size),
            fee_on="received",  # "quote", if metadata.py says so by its `feeSide`
            active=self.status == "open",
        )
        if self.contract_size:  # with --swap
            spec = contract_spec(spec, self.contract_size)  # with --swap
        return spec

    def changed(self, spec: MarketSpec) -> Listing:
        """The market by other rules."""
        return replace(
            self,
            price_step=decimal_text(spec.tick),
            size_step=decimal_text(spec.step),
            min_size=decimal_text(spec.min_amount),
            max_size=decimal_text(spec.max_amount),
            min_value=decimal_text(spec.min_cost),
            start_price=decimal_text(spec.start_price),
            maker_fee=decimal_text(spec.maker_fee),
            taker_fee=decimal_text(spec.taker_fee),
            status="open" if spec.active else "closed",
        )


LISTINGS = (
    Listing("BTC-USDT", "0.01", "0.00001", "0.0001", "100", "5", "63000.00", "0.08"),
    Listing("ETH-USDT", "0.01", "0.0001", "0.001", "1000", "5", "3120.00", "1.2"),
    Listing("BTC-USDT-PERP", "0.1", "1", "1", "1000000", "0", "63000.0", "80", "0.001"),  # with --swap
)
