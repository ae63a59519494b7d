"""BitMax's calls that are open to everyone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ccxt_ext.sandbox.frontend import BookRows, Json, Request, VenueClock, as_json, decimal_text
from ccxt_ext.sandbox.frontend.engine import Engine, Market
from ccxt_ext.sandbox.frontends.bitmaxfutures.bars import INTERVALS, bars
from ccxt_ext.sandbox.frontends.bitmaxfutures.listings import (
    COLLATERALS,
    FUTURES,
    Listing,
    as_the_demo_reads_it,
)
from ccxt_ext.sandbox.frontends.bitmaxfutures.parameters import integer
from ccxt_ext.sandbox.frontends.bitmaxfutures.refusals import Declined
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.markets import (
    bar_row,
    contract_prices,
    latest_trade_rows,
    level_rows,
    ticker_row,
)

SOME_TRADES = 20
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


class MarketCalls:
    """Contracts, prices, books, trades and bars."""

    def __init__(
        self,
        engine: Engine,
        listings: Mapping[str, Listing],
        clock: VenueClock,
        depth_number: Callable[[str], int],
        as_demo: bool,
    ) -> None:
        """`depth_number` gives the number of a book as it stands, where the stream of its changes goes on.
        `as_demo`: whether contracts have the fields that the venue's own bot reads."""
        self._engine = engine
        self._listings = listings
        self._clock = clock
        self._depth_number = depth_number
        self._as_demo = as_demo
        self._books: BookRows[dict[str, Json]] = BookRows()

    def _market(self, request: Request) -> Market:
        """The contract that a request names."""
        symbol = request.query.get("symbol")
        if symbol is None:
            raise Declined(100006, "Missing required parameter: symbol")
        market = self._engine.markets.get(symbol)
        if market is None:
            raise Declined(100008, "Invalid symbol")
        return market

    def contracts(self, request: Request) -> Any:
        described = [listing.describe() for listing in self._listings.values()]
        return [as_the_demo_reads_it(row) for row in described] if self._as_demo else described

    def collateral(self, request: Request) -> Any:
        return [
            {
                "asset": asset.code,
                "assetName": asset.name,
                "conversionFactor": asset.conversion,
                "discountFactor": asset.discount,
                "displayName": asset.code,
                "statusCode": asset.status,
            }
            for asset in COLLATERALS
        ]

    def pricing_data(self, request: Request) -> Any:
        now = self._clock.now()
        return {
            "contracts": [contract_prices(market, now) for market in self._engine.markets.values()],
            "collaterals": [
                {
                    "asset": asset.code,
                    "referencePrice": decimal_text(self._engine.reference_price(FUTURES, asset.code)),
                }
                for asset in COLLATERALS
            ],
        }

    def depth(self, request: Request) -> Any:
        market = self._market(request)
        number = self._depth_number(market.spec.id)
        rows = self._books.of(market, None, lambda: _sides(market))
        book = as_json({"seqnum": number, "ts": self._clock.now()}, **rows)
        return as_json({"m": "depth-snapshot", "symbol": market.spec.id}, data=book)

    def trades(self, request: Request) -> Any:
        market = self._market(request)
        rows = latest_trade_rows(market, integer(request, "n", SOME_TRADES))
        return {"m": "trades", "symbol": market.spec.id, "data": rows}

    def barhist(self, request: Request) -> Any:
        market = self._market(request)
        interval = request.query.get("interval")
        if interval not in INTERVALS:
            raise Declined(100006, "Invalid interval")
        end = integer(request, "to", self._clock.engine_clock.now())
        start = integer(request, "from", -1)
        count = min(integer(request, "n", MOST_BARS if start >= 0 else SOME_BARS), MOST_BARS)
        end = min(end, self._clock.engine_clock.now())
        made = bars(market, interval, start if start >= 0 else None, end, count)
        return [bar_row(market.spec.id, interval, bar) for bar in made]

    def barhist_info(self, request: Request) -> Any:
        return [{"name": name, "intervalInMillis": length} for name, length in INTERVALS.items()]

    def ticker(self, request: Request) -> Any:
        asked = request.query.get("symbol")
        if asked is not None and "," not in asked:
            return ticker_row(self._market(request))
        names = None if asked is None else asked.split(",")
        return [
            ticker_row(market) for id, market in self._engine.markets.items() if names is None or id in names
        ]

    def new_ticker(self, request: Request) -> Any:
        """A ticker in v2, where the volume has another name."""
        answer = self.ticker(request)
        for row in answer if isinstance(answer, list) else [answer]:
            row["baseVol"] = row.pop("volume")
        return answer

    def assets(self, request: Request) -> Any:
        return [
            {
                "assetCode": asset.code,
                "assetName": asset.name,
                "precisionScale": 9,
                "nativeScale": 8,
                "withdrawalFee": WITHDRAWAL_FEES.get(asset.code, "5"),
                "minWithdrawalAmt": "0.01",
                "status": asset.status,
            }
            for asset in COLLATERALS
        ]

    def products(self, request: Request) -> Any:
        return list(PRODUCTS)


def _sides(market: Market) -> dict[str, Json]:
    bids, asks = market.book()
    return {"asks": as_json(level_rows(asks)), "bids": as_json(level_rows(bids))}
