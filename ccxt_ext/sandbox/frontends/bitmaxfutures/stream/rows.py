"""The short names under which BitMax's streams tell what its REST answers spell out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import Market
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.markets import contract_prices, level_rows

_PRICES = {
    "s": "symbol",
    "t": "time",
    "ip": "indexPrice",
    "mp": "markPrice",
    "r": "fundingRate",
    "oi": "openInterest",
    "f": "nextFundingTime",
}
_ORDER = {
    "a": "accountId",
    "ac": "ac",
    "t": "lastExecTime",
    "ct": "time",
    "orderId": "orderId",
    "sd": "side",
    "ot": "orderType",
    "q": "orderQty",
    "p": "price",
    "sp": "stopPrice",
    "spb": "stopBy",
    "s": "symbol",
    "st": "status",
    "lp": "lastPx",
    "lq": "lastQty",
    "ap": "avgFilledPx",
    "cfq": "cumFilledQty",
    "f": "fee",
    "cf": "cumFee",
    "fa": "feeAsset",
    "ei": "execInst",
    "err": "errorCode",
}
_COLLATERAL = {"a": "asset", "b": "balance", "f": "discountFactor"}
_POSITION = {
    "s": "symbol",
    "sd": "side",
    "pos": "position",
    "rc": "referenceCost",
    "up": "unrealizedPnl",
    "rp": "realizedPnl",
    "aop": "avgOpenPrice",
    "boon": "buyOpenOrderNotional",
    "soon": "sellOpenOrderNotional",
    "mt": "marginType",
    "iw": "isolatedMargin",
    "lev": "leverage",
    "tp": "takeProfitPrice",
    "tpt": "takeProfitTrigger",
    "sl": "stopLossPrice",
    "slt": "stopLossTrigger",
}

NO_BID, NO_ASK = ["0", "0"], ["9999999", "0"]
"""The text for a side without orders."""


def _short(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {short: row[name] for short, name in names.items()}


def price_row(market: Market, now: int) -> dict[str, Any]:
    return _short(contract_prices(market, now), _PRICES)


def report_row(full: Mapping[str, Any], number: int) -> dict[str, Any]:
    """An execution report, from what REST tells about the order."""
    return {"sn": number, "e": "ExecutionReport", **_short(full, _ORDER)}


def collateral_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return _short(row, _COLLATERAL)


def position_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return _short(row, _POSITION)


def change_rows(levels: Mapping[Decimal, Decimal], *, falling: bool) -> list[list[str]]:
    return [[decimal_text(price), decimal_text(levels[price])] for price in sorted(levels, reverse=falling)]


def best_rows(market: Market) -> tuple[list[str], list[str]]:
    bids, asks = market.book(1)
    return (level_rows(bids) or [NO_BID])[0], (level_rows(asks) or [NO_ASK])[0]
