"""BitMax's calls that are open to everyone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ccxt_ext.sandbox.engine import Engine, Market
from ccxt_ext.sandbox.frontend import Request, VenueClock, decimal_text
from ccxt_ext.sandbox.frontends.bitmaxfutures.order_fields import Declined
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.orders import (
    COLLATERALS,
    FUTURES,
    INTERVALS,
    Listing,
    as_the_demo_reads_it,
    bar_row,
    bars,
    contract_prices,
    level_rows,
    ticker_row,
    trade_row,
)

if TYPE_CHECKING:
    from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.channels import Channels

MOST_TRADES, SOME_TRADES = 100, 20
MOST_BARS, SOME_BARS = 500, 10

# The spot list: contracts are not on it.
PRODUCTS = (
    {
        "symbol": "BTMX/USDT",
        "baseAsset": "BTMX",
        "quoteAsset": "USDT",
        "status": "Normal",
        "minNotional": "5",
        "maxNotional": "100000",
        "marginTradable": True,
        "commissionType": "Quote",
        "commissionReserveRate": "0.001",
        "tickSize": "0.000001",
        "lotSize": "0.001",
    },
)
WITHDRAWAL_FEES = {"BTC": "5.0E-4", "ETH": "0.01"}


class PublicCalls:
    engine: Engine
    listings: dict[str, Listing]
    clock: VenueClock
    channels: Channels
    option: Callable[..., Any]

    def market_of(self, request: Request) -> Market:
        symbol = request.query.get("symbol")
        if symbol is None:
            raise Declined(100006, "Missing required parameter: symbol")
        market = self.engine.markets.get(symbol)
        if market is None:
            raise Declined(100008, "Invalid symbol")
        return market

    def _contracts(self, request: Request) -> Any:
        described = [listing.describe() for listing in self.listings.values()]
        as_demo = self.option("contractFields") == "demo"
        return [as_the_demo_reads_it(row) for row in described] if as_demo else described

    def _collateral(self, request: Request) -> Any:
        return [
            {
                "asset": asset,
                "assetName": name,
                "conversionFactor": conversion,
                "discountFactor": discount,
                "displayName": asset,
                "statusCode": status,
            }
            for asset, name, conversion, discount, status, _ in COLLATERALS
        ]

    def _pricing_data(self, request: Request) -> Any:
        now = self.clock.now()
        return {
            "contracts": [contract_prices(market, now) for market in self.engine.markets.values()],
            "collaterals": [
                {"asset": asset, "referencePrice": decimal_text(self.engine.reference_price(FUTURES, asset))}
                for asset, *_ in COLLATERALS
            ],
        }

    def _depth(self, request: Request) -> Any:
        market = self.market_of(request)
        book = self.book_row(market, self.channels.number(market.spec.id))
        return {"m": "depth-snapshot", "symbol": market.spec.id, "data": book}

    def book_row(self, market: Market, number: int, depth: int | None = None) -> dict[str, Any]:
        bids, asks = market.book(depth)
        now = self.clock.now()
        return {"seqnum": number, "ts": now, "asks": level_rows(asks), "bids": level_rows(bids)}

    def _trades(self, request: Request) -> Any:
        market = self.market_of(request)
        rows = self.trade_rows(market, whole(request, "n", SOME_TRADES))
        return {"m": "trades", "symbol": market.spec.id, "data": rows}

    def trade_rows(self, market: Market, count: int) -> list[dict[str, Any]]:
        """The latest, oldest first."""
        return [trade_row(trade) for trade in reversed(market.trades(min(count, MOST_TRADES)))]

    def _barhist(self, request: Request) -> Any:
        market = self.market_of(request)
        interval = request.query.get("interval")
        if interval not in INTERVALS:
            raise Declined(100006, "Invalid interval")
        end = whole(request, "to", self.clock.engine_clock.now())
        start = whole(request, "from", -1)
        count = min(whole(request, "n", MOST_BARS if start >= 0 else SOME_BARS), MOST_BARS)
        end = min(end, self.clock.engine_clock.now())
        made = bars(market, interval, start if start >= 0 else None, end, count)
        return [bar_row(market.spec.id, interval, bar) for bar in made]

    def _barhist_info(self, request: Request) -> Any:
        return [{"name": name, "intervalInMillis": length} for name, length in INTERVALS.items()]

    def _ticker(self, request: Request) -> Any:
        asked = request.query.get("symbol")
        if asked is not None and "," not in asked:
            return ticker_row(self.market_of(request))
        names = None if asked is None else asked.split(",")
        return [
            ticker_row(market) for id, market in self.engine.markets.items() if names is None or id in names
        ]

    def _new_ticker(self, request: Request) -> Any:
        """As contracts' tickers moved to v2, where the volume has another name."""
        told = self._ticker(request)
        rows = told if isinstance(told, list) else [told]
        for row in rows:
            row["baseVol"] = row.pop("volume")
        return told

    def _assets(self, request: Request) -> Any:
        return [
            {
                "assetCode": asset,
                "assetName": name,
                "precisionScale": 9,
                "nativeScale": 8,
                "withdrawalFee": WITHDRAWAL_FEES.get(asset, "5"),
                "minWithdrawalAmt": "0.01",
                "status": status,
            }
            for asset, name, _, _, status, _ in COLLATERALS
        ]

    def _products(self, request: Request) -> Any:
        return list(PRODUCTS)


def whole(request: Request, name: str, default: int) -> int:
    text = request.query.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise Declined(100006, f"Invalid parameter {name}")
    return int(text)
