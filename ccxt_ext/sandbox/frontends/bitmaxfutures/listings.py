"""BitMax's contracts and collaterals, and what the sandbox's accounts have at first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import Collateral, MarketSpec, Tier

FEE = "0.001"
FUTURES, CASH = "futures", "cash"
SETTLE = "USDT"
FUNDING_MS = 8 * 3_600_000
PROFIT_MS, LEAST_PROFIT = 15 * 60_000, Decimal(10)


class Asset(NamedTuple):
    """Something that counts as margin."""

    code: str
    name: str
    conversion: str
    """The conversion factor, as the venue shows it."""
    discount: str
    """The discount factor."""
    price: str | None = None
    """The price in the settle currency; None if it is that of a contract."""
    status: str = "Normal"


COLLATERALS = (
    Asset("BTC", "Bitcoin", "0.995", "0.98"),
    Asset("ETH", "Ethereum", "0.99", "0.95"),
    Asset("USDT", "Tether", "1", "1", "1"),
    Asset("USDC", "USD Coin", "1", "0.99", "0.9994"),
    Asset("PAX", "Paxos Standard", "1", "0.99", "0.99645"),
    Asset("USDTR", "Futures Reward Token", "1", "1", "1", "NoTransaction"),
)
NOT_TRANSFERABLE = {asset.code for asset in COLLATERALS if asset.status == "NoTransaction"}

# Other collaterals can be transferred from the cash account.
FUNDS = {"USDT": Decimal(2_000_000)}
CASH_FUNDS = {"USDT": Decimal(500_000), "BTC": Decimal(20), "ETH": Decimal(200)}


@dataclass(frozen=True)
class Listing:
    """A contract in the venue's own texts."""

    symbol: str
    underlying: str
    tick: str
    lot: str
    max_price: str
    max_amount: str
    started: int
    start_price: str
    typical_amount: str
    tiers: tuple[tuple[str, str, str], ...]
    """Each with its upper bound, its initial and its maintenance margin rate."""
    fee: str = FEE
    funding_rate: str | None = None
    halted: bool = False

    @property
    def currencies(self) -> tuple[str, str]:
        base, _, quote = self.underlying.partition("/")
        return base, quote

    @cached_property
    def highest_price(self) -> Decimal:
        return Decimal(self.max_price)

    def spec(self) -> MarketSpec:
        return self._spec

    @cached_property
    def _spec(self) -> MarketSpec:
        base, quote = self.currencies
        return MarketSpec(
            id=self.symbol,
            base=base,
            quote=quote,
            tick=Decimal(self.tick),
            step=Decimal(self.lot),
            min_amount=Decimal(self.lot),
            max_amount=Decimal(self.max_amount),
            maker_fee=Decimal(self.fee),
            taker_fee=Decimal(self.fee),
            start_price=Decimal(self.start_price),
            typical_amount=Decimal(self.typical_amount),
            fee_on="quote",
            kind="linear",
            settle=SETTLE,
            settle_digits=9,
            tiers=tuple(
                Tier(Decimal(upper), Decimal(initial), Decimal(maintenance))
                for upper, initial, maintenance in self.tiers
            ),
            funding_interval_ms=FUNDING_MS,
            funding_rate=None if self.funding_rate is None else Decimal(self.funding_rate),
            active=not self.halted,
            profit_interval_ms=PROFIT_MS,
            profit_least=LEAST_PROFIT,
            wallet=FUTURES,
        )

    def changed(self, spec: MarketSpec) -> Listing:
        """The contract by other rules. The least amount is always a lot."""
        return replace(
            self,
            tick=decimal_text(spec.tick),
            lot=decimal_text(spec.step),
            max_amount=decimal_text(spec.max_amount),
            start_price=decimal_text(spec.start_price),
            fee=decimal_text(spec.taker_fee),
            funding_rate=None if spec.funding_rate is None else decimal_text(spec.funding_rate),
            halted=not spec.active,
        )

    def describe(self) -> dict[str, Any]:
        """The contract as the venue shows it."""
        lower = "0"
        brackets = []
        for upper, initial, maintenance in self.tiers:
            brackets.append(
                {
                    "positionNotionalLowerbound": lower,
                    "positionNotionalUpperbound": upper,
                    "initialMarginRate": initial,
                    "maintenanceMarginRate": maintenance,
                }
            )
            lower = upper
        return {
            "symbol": self.symbol,
            "status": "NoTrading" if self.halted else "Normal",
            "displayName": self.underlying.replace("/", ""),
            "settlementAsset": SETTLE,
            "underlying": self.underlying,
            "tradingStartTime": self.started,
            "priceFilter": {"minPrice": self.tick, "maxPrice": self.max_price, "tickSize": self.tick},
            "lotSizeFilter": {"minQty": self.lot, "maxQty": self.max_amount, "lotSize": self.lot},
            "marginRequirements": brackets,
        }


TIERS = (
    ("50000", "0.01", "0.006"),
    ("200000", "0.02", "0.012"),
    ("1000000", "0.04", "0.024"),
    ("5000000", "0.1", "0.06"),
)
LISTINGS = (
    # The documented contract.
    Listing(
        "BTC-PERP",
        "BTC/USDT",
        "0.25",
        "0.0001",
        "1000000",
        "1000000000",
        1579701600000,
        "50657.25",
        "0.05",
        TIERS,
    ),
    Listing(
        "ETH-PERP",
        "ETH/USDT",
        "0.05",
        "0.001",
        "100000",
        "1000000000",
        1585000000000,
        "1582.30",
        "1.5",
        TIERS,
    ),
    Listing(
        "XRP-PERP",
        "XRP/USDT",
        "0.0001",
        "1",
        "1000",
        "1000000000",
        1590000000000,
        "0.4521",
        "2000",
        (("20000", "0.02", "0.012"), ("100000", "0.04", "0.024"), ("1000000", "0.1", "0.06")),
    ),
)


def as_the_demo_reads_it(contract: Mapping[str, Any]) -> dict[str, Any]:
    """For the venue's own bot, which needs three more fields, and spells the bounds otherwise."""
    brackets = [
        {name.replace("bound", "Bound"): value for name, value in row.items()}
        for row in contract["marginRequirements"]
    ]
    return {
        **contract,
        "marginRequirements": brackets,
        "commissionType": "Quote",
        "commissionReserveRate": FEE,
        "marketOrderPriceMarkup": "0.03",
    }


def collaterals() -> list[Collateral]:
    """The assets as the engine has to know them."""
    return [
        Collateral(
            asset.code,
            Decimal(asset.discount),
            None if asset.price is None else Decimal(asset.price),
            f"{asset.code}-PERP" if asset.price is None else None,
        )
        for asset in COLLATERALS
    ]
