"""BitexAsia's pairs, and what the sandbox's accounts have at first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import MarketSpec

FEE = "0.001"
STEP = Decimal("0.00000001")
LARGEST_SIZE = Decimal(1_000_000_000)

FUNDS: dict[str, Decimal] = {
    "BTC": Decimal(500),
    "ETH": Decimal(5_000),
    "SOL": Decimal(100_000),
    "DOGE": Decimal(20_000_000),
    "USD": Decimal(20_000_000),
    "USDT": Decimal(5_000_000),
}
# Balances of kinds of accounts that cannot be used. They are shown among the others.
OTHER_FUNDS = {"margin": {"USD": Decimal(2_500)}, "earn": {"USDT": Decimal(1_200)}}


@dataclass(frozen=True)
class Listing:
    """A pair in the venue's own texts."""

    pair: str
    tick_size: str
    min_size: str
    start_price: str
    typical_amount: str
    supply: int
    """The supply of the base currency, for its market cap."""
    status: str = "online"
    fee: str = FEE

    @property
    def currencies(self) -> tuple[str, str]:
        base, _, quote = self.pair.partition("-")
        return base, quote

    @property
    def decimals(self) -> int:
        """The number of decimals of its prices."""
        return len(self.tick_size.partition(".")[2])

    def spec(self) -> MarketSpec:
        base, quote = self.currencies
        return MarketSpec(
            id=self.pair,
            base=base,
            quote=quote,
            tick=Decimal(self.tick_size),
            step=STEP,
            min_amount=Decimal(self.min_size),
            max_amount=LARGEST_SIZE,
            maker_fee=Decimal(self.fee),
            taker_fee=Decimal(self.fee),
            start_price=Decimal(self.start_price),
            typical_amount=Decimal(self.typical_amount),
            active=self.status == "online",
        )

    def changed(self, spec: MarketSpec) -> Listing:
        """The pair by other rules. All its amounts have eight decimals."""
        return replace(
            self,
            tick_size=decimal_text(spec.tick),
            min_size=decimal_text(spec.min_amount),
            start_price=decimal_text(spec.start_price),
            status="online" if spec.active else "halted",
            fee=decimal_text(spec.taker_fee),
        )

    def describe(self) -> dict[str, str]:
        """The pair as the venue shows it."""
        base, quote = self.currencies
        return {
            "pair": self.pair,
            "base": base,
            "quote": quote,
            "status": self.status,
            "tick_size": self.tick_size,
            "min_size": self.min_size,
        }


LISTINGS = (
    Listing("BTC-USD", "0.01", "0.0001", "63000.00", "0.08", 19_700_000),
    Listing("ETH-USD", "0.01", "0.001", "3120.00", "1.2", 120_000_000),
    Listing("SOL-USDT", "0.01", "0.01", "145.50", "20", 460_000_000),
    Listing("ETH-BTC", "0.00001", "0.001", "0.04950", "1.5", 120_000_000),
    Listing("DOGE-USDT", "0.00001", "10", "0.14200", "8000", 144_000_000_000, "halted"),
)
