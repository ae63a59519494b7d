"""What a simulated venue answers with: the parts of ccxt's structures, with decimals as text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import (
    Balance,
    Candle,
    ClosedPosition,
    Fill,
    FundingPayment,
    Level,
    Market,
    Order,
    Position,
    Trade,
    add,
)
from ccxt_ext.sandbox.frontends.simulated.listings import Listing

Row = dict[str, Any]


def written(number: Decimal | None) -> str | None:
    return None if number is None else decimal_text(number)


def market_row(listing: Listing, market: Market) -> Row:
    spec = listing.spec
    return {
        "symbol": spec.id,
        "base": spec.base,
        "quote": spec.quote,
        "settle": spec.settle or None,
        "kind": spec.kind,
        "expiry": spec.expiry_ms,
        "active": market.active,
        "tick": written(spec.tick),
        "step": written(spec.step),
        "minAmount": written(spec.min_amount),
        "maxAmount": written(spec.max_amount),
        "minCost": written(spec.min_cost),
        "maker": written(spec.maker_fee),
        "taker": written(spec.taker_fee),
        "contractSize": written(spec.contract_size) if spec.is_contract else None,
        "maxLeverage": written(spec.max_leverage) if spec.is_contract else None,
        "maxNotional": written(spec.tiers[-1].max_notional) if spec.is_contract else None,
        "told": listing.told or None,
        "changed": list(listing.changed),
    }


def ticker_row(market: Market, now: int) -> Row:
    figures = market.ticker()
    row = {
        "symbol": market.spec.id,
        "timestamp": now,
        "last": written(figures.last),
        "open": written(figures.open),
        "high": written(figures.high),
        "low": written(figures.low),
        "bid": written(figures.bid),
        "bidVolume": written(figures.bid_amount),
        "ask": written(figures.ask),
        "askVolume": written(figures.ask_amount),
        "baseVolume": written(figures.base_volume),
        "quoteVolume": written(figures.quote_volume),
    }
    if market.spec.is_contract:
        row |= {"markPrice": written(market.mark_price), "indexPrice": written(market.index_price)}
    return row


def levels(side: list[Level]) -> list[list[str]]:
    return [[decimal_text(level.price), decimal_text(level.amount)] for level in side]


def trade_row(trade: Trade) -> Row:
    return {
        "id": str(trade.id),
        "symbol": trade.market,
        "timestamp": trade.timestamp,
        "side": trade.side,
        "price": written(trade.price),
        "amount": written(trade.amount),
    }


def candle_row(candle: Candle) -> list[Any]:
    prices = (candle.open, candle.high, candle.low, candle.close, candle.volume)
    return [candle.timestamp, *map(decimal_text, prices)]


def order_row(order: Order, last_trade: int | None) -> Row:
    return {
        "id": str(order.id),
        "clientOrderId": order.client_id,
        "symbol": order.market,
        "type": order.type,
        "side": order.side,
        "price": written(order.price),
        "amount": written(order.amount),
        "filled": written(order.filled),
        "remaining": written(order.remaining),
        "cost": written(order.cost),
        "average": written(order.average),
        "status": order.status,
        "timestamp": order.created,
        "updated": order.updated,
        "lastTrade": last_trade,
        "timeInForce": "PO" if order.post_only else order.time_in_force,
        "postOnly": order.post_only,
        "reduceOnly": order.reduce_only,
        "triggerPrice": written(order.trigger_price),
        "waits": order.waits,
        "stopLoss": written(order.stop_loss),
        "takeProfit": written(order.take_profit),
        "fees": [{"currency": currency, "cost": written(fee)} for currency, fee in order.fees.items()],
        "reason": order.reason or order.origin or None,
    }


def fill_row(fill: Fill, type: str | None) -> Row:
    return {
        "id": str(fill.id),
        "order": str(fill.order_id),
        "symbol": fill.market,
        "timestamp": fill.timestamp,
        "type": type,
        "side": fill.side,
        "takerOrMaker": "maker" if fill.maker else "taker",
        "price": written(fill.price),
        "amount": written(fill.amount),
        "cost": written(fill.cost),
        "fee": {"currency": fill.fee_currency, "cost": written(fill.fee)},
    }


def balance_rows(balances: Mapping[str, Balance]) -> dict[str, Row]:
    return {
        currency: {
            "free": written(balance.free),
            "used": written(balance.held),
            "total": written(add(balance.free, balance.held)),
        }
        for currency, balance in balances.items()
    }


def position_row(position: Position, last_price: Decimal) -> Row:
    return {
        "id": str(position.id),
        "symbol": position.market,
        "side": position.side,
        "contracts": written(position.amount),
        "entryPrice": written(position.entry_price),
        "markPrice": written(position.mark_price),
        "lastPrice": written(last_price),
        "notional": written(position.notional),
        "collateral": written(position.margin),
        "initialMargin": written(position.initial_margin),
        "maintenanceMargin": written(position.maintenance_margin),
        "leverage": written(position.leverage),
        "marginMode": position.margin_mode,
        "realizedPnl": written(position.realized),
        "unrealizedPnl": written(position.unrealized),
        "liquidationPrice": written(position.liquidation_price),
        "stopLossPrice": written(position.stop_loss),
        "takeProfitPrice": written(position.take_profit),
        "timestamp": position.opened,
        "updated": position.updated,
    }


def no_position_row(symbol: str, mark_price: Decimal | None, now: int) -> Row:
    """A position that is gone."""
    return {
        "symbol": symbol,
        "contracts": "0",
        "markPrice": written(mark_price),
        "timestamp": now,
        "updated": now,
    }


def closed_position_row(position: ClosedPosition) -> Row:
    return {
        "id": str(position.id),
        "symbol": position.market,
        "side": position.side,
        "contracts": written(position.amount),
        "entryPrice": written(position.entry_price),
        "lastPrice": written(position.close_price),
        "leverage": written(position.leverage),
        "marginMode": position.margin_mode,
        "realizedPnl": written(position.realized),
        "timestamp": position.opened,
        "updated": position.closed,
    }


def funding_row(market: Market, now: int) -> Row:
    return {
        "symbol": market.spec.id,
        "timestamp": now,
        "fundingRate": written(market.funding_rate),
        "fundingTimestamp": market.next_funding_time,
        "intervalMs": market.spec.funding_interval_ms,
        "markPrice": written(market.mark_price),
        "indexPrice": written(market.index_price),
    }


def payment_row(payment: FundingPayment) -> Row:
    return {
        "id": f"{payment.position}-{payment.timestamp}",
        "symbol": payment.market,
        "currency": payment.currency,
        "amount": written(payment.amount.copy_negate()),
        "timestamp": payment.timestamp,
    }
