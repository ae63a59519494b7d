"""The rows in which BTEX's contract API sends contracts, tickers, trades, orders and positions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend.engine import (
    ClosedPosition,
    Fill,
    Level,
    Market,
    MarketSpec,
    Order,
    Position,
    Trade,
    add,
    multiply,
    subtract,
)
from ccxt_ext.sandbox.frontends.btex.listings import Contract
from ccxt_ext.sandbox.frontends.btex.numbers import MONEY, fixed, plain_text, ratio

NO_DATE = "0000-00-00 00:00:00"


def contract_row(listing: Contract, spec: MarketSpec, open_orders: int) -> dict[str, Any]:
    base, quote = listing.currencies
    return {
        "contract_id": listing.id,
        "symbol": base,
        "settle_anchor": listing.settle,
        "quote_anchor": quote,
        "contract_anchor": quote if listing.inverse else base,
        "contract_value": fixed(Decimal(listing.value), MONEY),
        "pair": listing.pair,
        "type": "2" if listing.dated else "1",
        "expiry": NO_DATE if spec.expiry_ms is None else moment(spec.expiry_ms),
        "max_leverage": str(listing.max_leverage),
        "maintance_margin": listing.maintenance,
        "maker_fee": listing.maker_fee,
        "taker_fee": listing.taker_fee,
        "settle_fee": listing.settle_fee,
        "price_dec": str(listing.price_dec),
        "anchor_dec": str(MONEY),
        "status": listing.status,
        "isreverse": "1" if listing.inverse else "-1",
        "allow_cross": listing.allow_cross,
        "allow_leverages": listing.leverages,
        "max_order_num": str(open_orders),
        "max_amount": listing.max_amount,
        "min_amount": listing.min_amount,
        "max_position_amount": listing.max_position,
    }


def moment(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def contract_ticker(market: Market, listing: Contract) -> dict[str, str]:
    ticker, size = market.ticker(), Decimal(listing.value)
    turnover = multiply(size, ticker.quote_volume)
    if listing.inverse and ticker.quote_volume:
        turnover = ratio(
            multiply(size, multiply(ticker.base_volume, ticker.base_volume)), ticker.quote_volume
        )
    return {
        "contract_id": listing.id,
        "pair": listing.pair,
        "min": fixed(ticker.low, MONEY),
        "max": fixed(ticker.high, MONEY),
        "latest": fixed(ticker.last, MONEY),
        "change_24h": fixed(ticker.change, 4),
        "amount": fixed(ticker.base_volume, 0),
        "volumn": fixed(turnover, 7),
        "open_interest": fixed(market.open_interest, 0),
        "index_price": fixed(market.index_price, 10),
        "fair_price": fixed(market.mark_price, 9),
        "next_funding_rate": fixed(market.funding_rate or Decimal(0), 8),
    }


def number_book(market: Market, depth: int) -> dict[str, Any]:
    bids, asks = market.book(depth)
    return {"bids": number_levels(bids), "asks": number_levels(asks)}


def number_levels(levels: Sequence[Level]) -> list[dict[str, Any]]:
    return [{"price": float(level.price), "amount": int(level.amount)} for level in levels]


def contract_trade(trade: Trade) -> dict[str, Any]:
    return {
        "trade_id": str(trade.id),
        "time": trade.timestamp // 1000,
        "price": fixed(trade.price, MONEY),
        "num": fixed(trade.amount, 0),
        "type": trade.side,
    }


def side_number(order: Order) -> str:
    return "1" if order.side == "buy" else "-1"


def crossed(mode: str | None) -> str:
    return "1" if mode == "cross" else "-1"


def contract_order(order: Order, listing: Contract, price: Decimal, batch: bool) -> dict[str, Any]:
    """`price` is the one that the order came with.

    `batch`: for the call that looks up many orders. Its rows differ a little.
    """
    status = {"open": "0", "closed": "1", "canceled": "-1"}[order.status]
    row = {
        "order_id": str(order.id),
        "contract_id": order.market,
        "amount": fixed(order.amount, 0),
        "price": fixed(price, listing.price_dec if batch else MONEY),
        "type": order.type,
        "leverage": plain_text(order.leverage or Decimal(1)),
        "direction": side_number(order),
        "order_status": status,
        "available": fixed(order.remaining, 0),
        "time": order.created // 1000,
        "pair": listing.pair,
    }
    return row if batch else {**row, "is_cross": crossed(order.margin_mode)}


def own_contract_trade(fill: Fill, order: Order, listing: Contract) -> dict[str, Any]:
    return {
        "trade_id": str(fill.id),
        "contract_id": fill.market,
        "pair": listing.pair,
        "price": fixed(fill.price, MONEY),
        "num": fixed(fill.amount, 0),
        "order_id": str(fill.order_id),
        "type": fill.side,
        "trade_fee": fixed(fill.fee, MONEY),
        "leverage": plain_text(order.leverage or Decimal(1)),
        "is_cross": crossed(order.margin_mode),
        "time": fill.timestamp // 1000,
    }


def match_result(fill: Fill, order: Order, listing: Contract, price: Decimal) -> dict[str, Any]:
    row = own_contract_trade(fill, order, listing)
    row["trade_num"] = row.pop("num")
    return {**row, "order_price": fixed(price, MONEY)}


def position_row(position: Position, listing: Contract) -> dict[str, str]:
    return {
        "position_id": str(position.id),
        "contract_id": position.market,
        "price": fixed(position.entry_price, MONEY),
        "direction": "1" if position.side == "long" else "-1",
        "amount": fixed(position.amount, 0),
        "liquidation_price": fixed(position.liquidation_price or Decimal(0), MONEY),
        "rlz_pnl": fixed(subtract(position.realized, add(position.fees, position.funding)), MONEY),
        "unrlz_pnl": fixed(position.unrealized, MONEY),
        "margin": fixed(position.margin, MONEY),
        "leverage": fixed(position.leverage, MONEY),
        "is_cross": crossed(position.margin_mode),
        "pair": listing.pair,
    }


def closed_position_row(position: ClosedPosition, listing: Contract) -> dict[str, Any]:
    return {
        "position_id": str(position.id),
        "contract_id": position.market,
        "rlz_pnl": fixed(subtract(position.realized, add(position.fees, position.funding)), MONEY),
        "end_time": position.closed // 1000,
        "start_time": position.opened // 1000,
        "pair": listing.pair,
    }
