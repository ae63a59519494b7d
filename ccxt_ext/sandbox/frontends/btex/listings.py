"""What BTEX lists: contracts and pairs, and what an account has at first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import cached_property
from typing import Literal

from ccxt_ext.sandbox.frontend import decimal_text, decimals_of
from ccxt_ext.sandbox.frontend.engine import MAINTENANCE_AT_ENTRY, MarketSpec, Tier
from ccxt_ext.sandbox.frontends.btex.numbers import MONEY, ratio

CONTRACTS, SPOT = "contracts", "spot"
"""The wallets of an account."""
SPOT_FEE = Decimal("0.002")
FUNDING_MS = 8 * 3_600_000

CONTRACT_FUNDS = {
    "BTC": Decimal(10),
    "ETH": Decimal(5_000),
    "USDT": Decimal(2_000_000),
    "EOS": Decimal(100_000),
}
SPOT_FUNDS = {
    "BTC": Decimal(200),
    "ETH": Decimal(5_000),
    "USDT": Decimal(2_000_000),
    "LTC": Decimal(20_000),
}


@dataclass(frozen=True)
class Contract:
    """A row of `contracts`, in the venue's own texts, and what the made-up history starts from."""

    id: str
    pair: str
    settle: str
    value: str
    start_price: str
    typical_amount: str
    price_dec: int = 2
    maker_fee: str = "0.00020000"
    taker_fee: str = "0.00060000"
    settle_fee: str = "0.00000000"
    max_leverage: int = 100
    maintenance: str = "0.00500000"
    leverages: str = "1,5,10,25,50,100"
    allow_cross: str = "1"
    status: str = "1"
    dated: bool = False
    min_amount: int = 1
    max_amount: int = 50_000
    max_position: int = 50_000
    funding_rate: str | None = None

    @property
    def currencies(self) -> tuple[str, str]:
        base, _, quote = self.pair.partition("_")
        return base, quote

    @cached_property
    def inverse(self) -> bool:
        return self.settle == self.currencies[0]

    def spec(self, now: int) -> MarketSpec:
        base, quote = self.currencies
        kind: Literal["inverse", "linear"] = "inverse" if self.inverse else "linear"
        rate = ratio(Decimal(1), Decimal(self.max_leverage))
        return MarketSpec(
            id=self.id,
            base=base,
            quote=quote,
            tick=Decimal(1).scaleb(-self.price_dec),
            step=Decimal(1),
            min_amount=Decimal(self.min_amount),
            max_amount=Decimal(self.max_amount),
            maker_fee=Decimal(self.maker_fee),
            taker_fee=Decimal(self.taker_fee),
            start_price=Decimal(self.start_price),
            typical_amount=Decimal(self.typical_amount),
            active=self.status == "1",
            kind=kind,
            wallet=CONTRACTS,
            settle=self.settle,
            settle_digits=MONEY,
            contract_size=Decimal(self.value),
            tiers=(Tier(None, rate, Decimal(self.maintenance), Decimal(self.max_leverage)),),
            allow_cross=self.allow_cross == "1",
            max_position=Decimal(self.max_position),
            liquidation=MAINTENANCE_AT_ENTRY,
            funding_interval_ms=None if self.dated else FUNDING_MS,
            expiry_ms=quarter_end(now) if self.dated else None,
            settle_fee=Decimal(self.settle_fee),
            funding_rate=None if self.funding_rate is None else Decimal(self.funding_rate),
        )

    def changed(self, spec: MarketSpec) -> Contract:
        """The contract by other rules. Amounts are always whole."""
        return replace(
            self,
            price_dec=decimals_of(spec.tick),
            min_amount=int(spec.min_amount),
            max_amount=int(spec.max_amount),
            start_price=decimal_text(spec.start_price),
            maker_fee=decimal_text(spec.maker_fee, MONEY),
            taker_fee=decimal_text(spec.taker_fee, MONEY),
            funding_rate=None if spec.funding_rate is None else decimal_text(spec.funding_rate),
            status="1" if spec.active else "0",
        )


# Contract 1 is the documented listing.
CONTRACT_LISTINGS = (
    Contract(
        "1",
        "BTC_USD",
        "BTC",
        "1",
        "3902.07",
        "2500",
        maker_fee="-0.00050000",
        taker_fee="0.00150000",
        min_amount=10,
    ),
    Contract("2", "ETH_USD", "ETH", "10", "134.11", "400", maintenance="0.01000000", max_leverage=50),
    Contract("3", "BTC_USDT", "USDT", "0.001", "3905.40", "300"),
    Contract(
        "4",
        "ETH_USDT",
        "USDT",
        "0.01",
        "134.25",
        "500",
        max_leverage=20,
        maintenance="0.02500000",
        leverages="1,5,10,20",
        allow_cross="-1",
    ),
    Contract("5", "EOS_USD", "EOS", "1", "3.6120", "900", price_dec=4, status="0"),
    Contract("101", "BTC_USD", "BTC", "10", "3921.50", "250", settle_fee="0.00050000", dated=True),
    Contract("102", "BTC_USDT", "USDT", "0.01", "3924.00", "40", settle_fee="0.00050000", dated=True),
)


@dataclass(frozen=True)
class Pair:
    """An entry of `pairs`, in the venue's own texts, and what the made-up history starts from."""

    id: str
    price_digits: int
    amount_digits: int
    least: str
    most: str
    start_price: str
    typical_amount: str
    status: str = "2"
    fee: Decimal = SPOT_FEE

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
            tick=Decimal(1).scaleb(-self.price_digits),
            step=Decimal(1).scaleb(-self.amount_digits),
            min_amount=Decimal(self.least),
            max_amount=Decimal(self.most),
            maker_fee=self.fee,
            taker_fee=self.fee,
            start_price=Decimal(self.start_price),
            typical_amount=Decimal(self.typical_amount),
            active=self.status == "2",
            wallet=SPOT,
        )

    def changed(self, spec: MarketSpec) -> Pair:
        """The pair by other rules."""
        return replace(
            self,
            price_digits=decimals_of(spec.tick),
            amount_digits=decimals_of(spec.step),
            least=decimal_text(spec.min_amount, MONEY),
            most=decimal_text(spec.max_amount, MONEY),
            start_price=decimal_text(spec.start_price),
            status="2" if spec.active else "1",
            fee=spec.taker_fee,
        )


# BTC_USDT and ETH_USDT are the documented ones.
PAIR_LISTINGS = (
    Pair("BTC_USDT", 2, 4, "0.00100000", "1.00000000", "3930.84", "0.15"),
    Pair("ETH_USDT", 2, 4, "0.00100000", "20.00000000", "134.11", "3"),
    Pair("ETH_BTC", 6, 3, "0.01000000", "100.00000000", "0.034120", "5"),
    Pair("LTC_USDT", 2, 2, "0.01000000", "500.00000000", "59.80", "12", status="1"),
)


def quarter_end(now: int) -> int:
    """Eight o'clock on the last Friday of a quarter, at least a week from now."""
    day = datetime.fromtimestamp(now / 1000, timezone.utc).replace(hour=8, minute=0, second=0, microsecond=0)
    day += timedelta(days=8)
    while day.weekday() != 4 or day.month % 3 or (day + timedelta(days=7)).month == day.month:
        day += timedelta(days=1)
    return int(day.timestamp()) * 1000
