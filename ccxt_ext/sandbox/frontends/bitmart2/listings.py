"""What BitMart lists: currencies, markets, and the lengths of its candles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from ccxt_ext.sandbox.frontend import decimal_text, decimals_of
from ccxt_ext.sandbox.frontend.engine import MarketSpec

STEPS_MIN = (1, 3, 5, 15, 30, 45, 60, 120, 180, 240, 1440, 10080, 43200)
"""How many minutes a candle may last."""
FEE = "0.001"

CURRENCIES = {
    "BTC": "Bitcoin",
    "ETH": "Ethereum",
    "USDT": "Tether",
    "BMX": "BitMart Token",
    "XLM": "Stellar",
    "XRP": "Ripple",
    "QTUM": "Qtum",
    "REPO": "Repo Coin",
    "RFR": "Refereum",
    "WAVES": "Waves",
    "MOBI": "Mobius",
}
FUNDS: dict[str, Decimal] = {
    "BTC": Decimal(500),
    "ETH": Decimal(5_000),
    "USDT": Decimal(5_000_000),
    "BMX": Decimal(50_000_000),
    "XLM": Decimal(20_000_000),
    "XRP": Decimal(20_000_000),
    "QTUM": Decimal(500_000),
    "REPO": Decimal(5_000_000),
    "RFR": Decimal(500_000_000),
    "WAVES": Decimal(5_000_000),
    "MOBI": Decimal(5_000_000),
}


@dataclass(frozen=True)
class Listing:
    """A row of `symbols_details`, in the venue's own texts, and what the made-up history starts from."""

    id: str
    quote_increment: str
    base_min_size: str
    base_max_size: str
    price_min_precision: int
    price_max_precision: int
    start_price: str
    typical_amount: str
    expiration: str = "NA"
    halted: bool = False
    """Whether it takes no orders for now. The venue has no word for that."""
    fee: str = FEE

    @property
    def currencies(self) -> tuple[str, str]:
        base, _, quote = self.id.partition("_")
        return base, quote

    def spec(self) -> MarketSpec:
        base, quote = self.currencies
        tick = Decimal(1).scaleb(-self.price_max_precision)
        # Old listings repeat the price tick in quote_increment; the amount step is then the minimum size.
        increment = Decimal(self.quote_increment)
        step = Decimal(self.base_min_size) if increment == tick else increment
        return MarketSpec(
            id=self.id,
            base=base,
            quote=quote,
            tick=tick,
            step=step,
            min_amount=Decimal(self.base_min_size),
            max_amount=Decimal(self.base_max_size),
            maker_fee=Decimal(self.fee),
            taker_fee=Decimal(self.fee),
            start_price=Decimal(self.start_price),
            typical_amount=Decimal(self.typical_amount),
            active=self.expiration == "NA" and not self.halted,
        )

    def changed(self, spec: MarketSpec) -> Listing:
        """The market by other rules."""
        decimals = decimals_of(spec.tick)
        return replace(
            self,
            quote_increment=decimal_text(spec.step),
            base_min_size=decimal_text(spec.min_amount, 10),
            base_max_size=decimal_text(spec.max_amount, 10),
            price_min_precision=min(self.price_min_precision, decimals),
            price_max_precision=decimals,
            start_price=decimal_text(spec.start_price),
            halted=not spec.active,
            fee=decimal_text(spec.taker_fee),
        )


# BMX_ETH is the documented listing; QTUM_BTC, REPO_BTC and RFR_BTC are lines the live venue once sent.
LISTINGS = (
    Listing("BMX_ETH", "0.00000001", "0.01", "100000000", 6, 8, "0.00009944", "4000"),
    Listing("BTC_USDT", "0.00001", "0.0001000000", "10000.0000000000", 0, 2, "9012.50", "0.05"),
    Listing("ETH_USDT", "0.001", "0.0100000000", "100000.0000000000", 0, 2, "221.35", "1.5"),
    Listing("XLM_ETH", "0.1", "1.0000000000", "10000000.0000000000", 6, 8, "0.00048120", "2000"),
    Listing("XRP_ETH", "0.01", "0.0100000000", "10000000.0000000000", 6, 8, "0.00148230", "800"),
    Listing("QTUM_BTC", "0.001", "0.0100000000", "1000000.0000000000", 6, 8, "0.00028310", "100"),
    Listing("REPO_BTC", "0.1", "0.1000000000", "10000000.0000000000", 4, 6, "0.001250", "200"),
    Listing("RFR_BTC", "1", "1.0000000000", "10000000.0000000000", 8, 10, "0.0000012500", "200000"),
    Listing("WAVES_BTC", "1", "1.0000000000", "10000000.0000000000", 6, 8, "0.00007000", "500"),
    Listing(
        "MOBI_ETH",
        "1",
        "1.0000000000",
        "10000000.0000000000",
        6,
        8,
        "0.00009310",
        "3000",
        "2019-05-31 00:00:00",
    ),
)
