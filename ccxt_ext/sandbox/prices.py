"""The prices at which markets start: their venues' own, or such that an asset costs the same everywhere."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import Any

from ccxt_ext.sandbox.engine import MarketSpec
from ccxt_ext.sandbox.files import read_table
from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL

COMMON = "common"
PRICES = Context(prec=40, rounding=ROUND_HALF_EVEN)
LEAST_TICKS = 100
"""A market needs a few prices below that at which it starts."""

COMMON_PRICES: Mapping[str, str] = {
    "BTC": "63000",
    "ETH": "3120",
    "SOL": "145.5",
    "LTC": "84",
    "BMX": "0.31",
    "DOGE": "0.142",
    "EOS": "0.78",
    "MOBI": "0.29",
    "QTUM": "3.4",
    "REPO": "78.8",
    "RFR": "0.079",
    "WAVES": "2.45",
    "XLM": "0.115",
    "XRP": "0.585",
    "PAX": "1",
    "UAH": "0.0243",
    "USD": "1",
    "USDC": "1",
    "USDT": "1",
}
"""What each asset of our venues costs, in dollars."""


@dataclass(frozen=True)
class Prices:
    """Prices of assets in dollars, and of single markets."""

    assets: Mapping[str, Decimal] = field(default_factory=dict)
    markets: Mapping[str, Decimal] = field(default_factory=dict)
    """By venue and market, such as `btex:BTC_USDT`."""

    def of(self, venue: str) -> VenuePrices:
        return VenuePrices(self, venue)

    def check_venues(self, venues: Collection[str]) -> None:
        """Raise ValueError if there is a price for a market of a venue that is not among these."""
        for key in self.markets:
            venue = key.partition(":")[0]
            if venue not in venues:
                raise ValueError(f"prices: {key} is a market of {venue!r}, which is not served")

    def check(self, venue: str, specs: Iterable[MarketSpec]) -> None:
        """Raise ValueError if there is a price for a market that the venue does not have."""
        names = {name for spec in specs for name in (spec.id, spec.symbol)}
        for key in self.markets:
            its_venue, _, market = key.partition(":")
            if its_venue == venue and market not in names:
                raise ValueError(f"prices: {venue} has no market {market!r}")


@dataclass(frozen=True)
class VenuePrices:
    """The prices for the markets of one venue."""

    prices: Prices
    venue: str

    def __call__(self, spec: MarketSpec) -> Decimal | None:
        """The price at which a market starts; None for its own.

        Raises ValueError if it cannot start there.
        """
        named = [self.prices.markets.get(f"{self.venue}:{name}") for name in (spec.id, spec.symbol)]
        own = next((price for price in named if price is not None), None)
        if own is not None:
            if PRICES.remainder(own, spec.tick):
                raise ValueError(
                    f"prices: {own:f} is no multiple of the tick of {self.venue}:{spec.id}, {spec.tick:f}"
                )
            return self._checked(own, own, spec)
        base, quote = (self.prices.assets.get(currency) for currency in (spec.base, spec.quote))
        if base is None or quote is None:
            return None
        price = PRICES.divide(base, quote)
        ticks = PRICES.divide(price, spec.tick).to_integral_value(ROUND_HALF_EVEN)
        return self._checked(PRICES.multiply(ticks, spec.tick), price, spec)

    def _checked(self, rounded: Decimal, price: Decimal, spec: MarketSpec) -> Decimal:
        if rounded < PRICES.multiply(spec.tick, Decimal(LEAST_TICKS)):
            raise ValueError(
                f"prices: {self.venue}:{spec.id} cannot start at {price:.12g}, as its tick is {spec.tick:f}"
            )
        return rounded


def read_prices(given: str | os.PathLike[str] | Mapping[str, Any] | None) -> Prices | None:
    """The prices from what a sandbox is started with: nothing, the word "common", a file, or a table.

    A table has dollars for assets, and prices for markets: `{"BTC": 61000, "btex:BTC_USDT": "61010.5"}`.
    What it does not name has its common price. Raises ValueError if it makes no sense.
    """
    if given is None:
        return None
    assets = {asset: Decimal(price) for asset, price in COMMON_PRICES.items()}
    if given == COMMON:
        return Prices(assets)
    table = given if isinstance(given, Mapping) else read_table(given)
    markets: dict[str, Decimal] = {}
    for name, value in table.items():
        (markets if ":" in name else assets)[name] = _price(name, value)
    return Prices(assets, markets)


def _price(name: str, value: Any) -> Decimal:
    try:
        price = Decimal(str(value))
    except InvalidOperation:
        price = Decimal("NaN")
    plain = price.is_finite() and PLAIN_DECIMAL.fullmatch(format(price, "f"))
    if isinstance(value, bool) or not plain or price <= 0:
        raise ValueError(f"prices: {name} must cost a positive number, not {value}")
    return price
